"""OpenAPI documents, for tools of any language."""

"""Write a body as JSON."""

from .write_body import json_body

__all__ = ["CONTENT_TYPE", "encode"]

CONTENT_TYPE = "application/json"
"""Without a charset: JSON is UTF-8, and its media type has no such parameter."""

encode = json_body

"""The pages that a served mock has for a person: what it is, what it knows, what it was asked."""

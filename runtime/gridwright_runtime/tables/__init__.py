"""Replies as tables. Imports pyarrow only where a table of it is wanted."""

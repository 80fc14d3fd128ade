"""A reply of lines: CSV, one record of JSON a line, or a text."""

"""A reply in JSON: fast where it is just as the document says, else as a tree."""

"""Place values in time by what a document says of their intervals; import from the modules."""

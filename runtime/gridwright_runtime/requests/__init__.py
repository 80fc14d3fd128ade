"""Arguments to a request: checked, built, written; the body among it by `encodings`."""

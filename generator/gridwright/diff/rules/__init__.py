"""The rules: for each kind of thing a table of verdicts, and the comparison that applies them."""

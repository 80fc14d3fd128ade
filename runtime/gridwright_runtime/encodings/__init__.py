"""How the body of a request is written: one module for each encoding."""

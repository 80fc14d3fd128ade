"""Write the body of a request: one module for each encoding."""

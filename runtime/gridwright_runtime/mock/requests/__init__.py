"""Read requests as the service does, from bytes to parts."""

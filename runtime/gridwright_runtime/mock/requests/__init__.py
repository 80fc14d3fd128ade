"""What came: bytes to the parts of a request, read as the service does."""

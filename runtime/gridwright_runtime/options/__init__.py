"""The options of clients and of calls."""

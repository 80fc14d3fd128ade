"""The worlds of mocks: those written by hand, and one invented from the models."""

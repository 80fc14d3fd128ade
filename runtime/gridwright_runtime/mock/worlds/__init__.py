"""The worlds that mocks answer from: those written by hand, and the one invented from the models."""

"""The worlds that mocks answer from: one written by hand, or one invented from the models."""

"""Semantic comparison of specs: what `gridwright diff` does."""

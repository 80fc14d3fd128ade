"""Trace the lines of a document: what a spec says of each, and what a new edition does to it."""

"""Walks over long answers: pages of one answer, and the answers to a question cut into parts."""

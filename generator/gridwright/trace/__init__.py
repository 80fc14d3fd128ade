"""What a spec says of each line of its document, and what a new edition does to it."""

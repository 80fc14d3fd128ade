"""Turn views into files: fill templates, escape and lay out text, write the tree."""

"""From views to files: templates filled, text escaped and laid out, the tree written."""

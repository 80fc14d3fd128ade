"""Reference pages in Markdown."""

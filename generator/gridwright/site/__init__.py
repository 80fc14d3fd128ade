"""`gridwright site`: pages in Markdown as one static site that can be searched."""

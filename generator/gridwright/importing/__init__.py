"""Turn foreign descriptions of interfaces into drafts of specs, and list what has no word."""

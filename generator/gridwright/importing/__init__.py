"""Foreign descriptions of interfaces become drafts of specs; what has no word is listed."""

"""Limits that a client keeps before a server has to refuse; import from the submodules."""

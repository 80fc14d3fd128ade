"""Tickets in two steps, as central authentication servers give them; import from the submodules."""

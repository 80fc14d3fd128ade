"""Logins in any number of steps, whose results requests carry; import from the submodules."""

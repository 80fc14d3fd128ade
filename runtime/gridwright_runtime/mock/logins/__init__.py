"""The steps of a login served, and who a request is from."""

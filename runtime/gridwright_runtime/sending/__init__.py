"""A request on its way: an attempt and the next, connections, what comes back."""

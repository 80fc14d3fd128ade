"""A call between the client and its conversation: what is sent, and what a reply means."""

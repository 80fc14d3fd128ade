"""Decode replies by format; `reader` gives what they hold its meaning."""

"""Data that nobody wrote: drawn from a seed, laid out by day and page."""

"""Limits as the server sees them: measured and watched, never waited for."""

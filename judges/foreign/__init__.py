"""What runs in the judges' own environments, and imports nothing of ours."""

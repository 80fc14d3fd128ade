"""What a client and a call were told."""

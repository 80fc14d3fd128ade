"""What targets make of parts that were never in one document together."""

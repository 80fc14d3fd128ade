"""Values of the wire to values of Python."""

"""JSON Schema 2020-12 of every message as it stands on the wire."""

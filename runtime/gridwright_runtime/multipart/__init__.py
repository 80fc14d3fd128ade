"""Files, attachments and messages of several parts: written and read."""

"""A file that travels beside the record of a message."""

from pathlib import Path

from msgspec import Struct

__all__ = ["Attachment"]


class Attachment(Struct, frozen=True, kw_only=True):
    """One further part of a message; its repr shows neither content nor names."""

    content: bytes | Path
    """What it holds, or the file that does."""
    content_type: str = "application/octet-stream"
    filename: str = ""
    content_id: str = ""
    """What the message may refer to it by; without angle brackets."""

    def read(self) -> bytes:
        """Return what it holds.

        Raises:
            OSError: the file cannot be read.
        """
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content

    def __repr__(self) -> str:
        return f"Attachment({self.content_type})"

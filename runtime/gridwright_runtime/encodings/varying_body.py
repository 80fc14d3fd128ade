"""What is known of a body only when it is sent, and the bodies that need it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from ..message import Stream
from ..multipart.upload import Progress

__all__ = ["VaryingBody", "WhenSent"]


class WhenSent(Struct, frozen=True, kw_only=True):
    """What is known of a body only when it is sent."""

    soap_header: Mapping[str, object]
    """The items of the SOAP header, by wire name; after their block, where that is not the first:
    ``block/item``."""
    security: str
    """The block of WS-Security, written; empty: there is none."""
    new_boundary: Callable[[], str]
    """A function that makes up a boundary between parts."""
    progress: Progress | None
    """A function that is called with how far the sending of a stream has come."""
    begin: Callable[[], object]
    """A function that is called when the first byte of a stream is asked for."""

    def __repr__(self) -> str:
        return "WhenSent(***)"  # it holds logins


class VaryingBody(Protocol):
    """A body that differs each time it is sent."""

    def write(self, at: WhenSent) -> tuple[list[tuple[str, str]], bytes | Stream]:
        """Return headers and body."""

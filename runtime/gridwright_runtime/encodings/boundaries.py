"""Boundaries between the parts of a body."""

from collections.abc import Callable, Iterable
from secrets import token_hex

__all__ = ["free_boundary", "random_boundary"]


def random_boundary() -> str:
    """Return a new boundary, which stands in no part."""
    return f"gridwright-{token_hex(16)}"


def free_boundary(contents: Iterable[bytes], new_boundary: Callable[[], str]) -> str:
    """Return a boundary that stands in no part; a random one does not."""
    contents = tuple(contents)
    for _ in range(_MOST_BOUNDARIES):
        boundary = new_boundary()
        if not any(boundary.encode() in content for content in contents):
            break
    return boundary


_MOST_BOUNDARIES = 10

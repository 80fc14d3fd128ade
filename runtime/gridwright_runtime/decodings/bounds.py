"""Keep what a reply costs within a small multiple of its size, whatever it holds."""

from collections.abc import Iterable
from itertools import islice

from ..body import MalformedBody
from ..problems import Problem
from .found import about

__all__ = [
    "MOST_PROBLEMS",
    "capped",
    "refuse_many_elements",
    "refuse_many_objects",
    "refuse_sparse_records",
]

MOST_PROBLEMS = 1000
"""So many problems of one reply are listed."""


def refuse_many_objects(body: bytes) -> None:
    """Refuse a JSON body that is little else than brackets.

    Each object and each list takes up to a hundred times the space of its brackets.

    Raises:
        MalformedBody: there are too many for its size.
    """
    if _is_dense(body, b"{", b"[") and body.count(b"{") + body.count(b"[") > _most(body):
        raise MalformedBody("the JSON body holds too many objects and lists for its size")


def refuse_many_elements(body: bytes) -> None:
    """Refuse an XML body that is little else than empty elements.

    Raises:
        MalformedBody: there are too many elements for its size.
    """
    if _is_dense(body, b"<") and body.count(b"<") - body.count(b"</") > _most(body):
        raise MalformedBody("the XML body holds too many elements for its size")


def refuse_sparse_records(count: int, fields: int, size: int) -> None:
    """Refuse records whose missing fields would take many times the space of their body.

    Args:
        count: how many records there are.
        fields: how many fields each of them has.
        size: the bytes of the body.

    Raises:
        MalformedBody: there are too many for its size.
    """
    if size > _SMALL and count * fields > size * _MOST_FIELDS_PER_BYTE:
        raise MalformedBody("the records have too few of their fields for their number")


def capped(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the first problems, and a last one that says how many more there are."""
    waiting = iter(problems)
    found = tuple(islice(waiting, MOST_PROBLEMS))
    more = sum(1 for _ in islice(waiting, _MOST_COUNTED))
    if not more:
        return found
    said = f"{more} more" if more < _MOST_COUNTED else f"more than {more} others"
    return (*found, about("", "not-listed", f"{said} are not listed"))


def _is_dense(body: bytes, *signs: bytes) -> bool:
    """Say whether a long body is full of some signs, by a look at a part of it.

    To count them in all of a body would take a tenth of the time in which it is read.
    """
    if len(body) <= _SMALL:
        return False
    step = len(body) // _LOOKS
    seen = b"".join(body[at : at + _LOOK] for at in range(0, len(body), step))
    return sum(map(seen.count, signs)) > _most(seen)


def _most(body: bytes) -> int:
    return len(body) // _FEWEST_BYTES


_SMALL = 1 << 20
_LOOKS, _LOOK = 64, 512
_FEWEST_BYTES = 8
"""On average, an element of a reply takes more: ``<v>1</v>`` has as many, ``{"a":1},`` too."""
_MOST_FIELDS_PER_BYTE = 4
"""The space of a field that is missing is eight bytes."""
_MOST_COUNTED = 20_000

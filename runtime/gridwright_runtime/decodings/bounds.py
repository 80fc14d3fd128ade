"""Keep what a reply costs within a small multiple of its size, whatever it holds."""

from collections.abc import Iterable
from itertools import islice

from ..codecs.body import MalformedBody
from ..problems import Problem
from .decoded_body import problem_at

__all__ = [
    "MOST_PROBLEMS",
    "capped",
    "may_be_sparse",
    "refuse_many_elements",
    "refuse_many_objects",
    "refuse_sparse_records",
]

MOST_PROBLEMS = 1000
"""So many problems of one reply are listed."""


def refuse_many_objects(body: bytes) -> None:
    """Refuse a JSON body that is little else than brackets.

    An object takes two hundred bytes or more, and counts twice; a list takes half as much.

    Raises:
        MalformedBody: there are too many for its size.
    """
    if _is_dense(body, _BYTES_OF_LIST, b"{", b"{", b"["):
        raise MalformedBody("the JSON body holds too many objects and lists for its size")


def refuse_many_elements(body: bytes) -> None:
    """Refuse an XML body that is little else than empty elements and attributes.

    Raises:
        MalformedBody: there are too many for its size.
    """
    if _is_dense(body, _BYTES_OF_MARKUP, b"<", b'="', b"='"):
        raise MalformedBody("the XML body holds too many elements for its size")


def may_be_sparse(body: bytes, fields: int) -> bool:
    """Say whether the records of a JSON body may have too few of their fields.

    Args:
        body: what came back.
        fields: how many fields the largest of its records has.
    """
    most = len(body) * _MOST_FIELDS_PER_BYTE
    return len(body) > _SMALL and body.count(b"{") * fields > most


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
    said = f"{more} more" if more < _MOST_COUNTED else f"{more} or more others"
    return (*found, problem_at("", "not-listed", f"{said} are not listed"))


def _is_dense(body: bytes, bytes_of_one: int, *signs: bytes) -> bool:
    """Say whether a long body has one of some signs, on average, in fewer than so many bytes.

    A look at a part of the body comes first: to count in all of it takes a tenth of the time in
    which it is read.
    """
    if len(body) <= _SMALL:
        return False
    step = len(body) // _LOOKS
    seen = b"".join(body[at : at + _LOOK] for at in range(0, len(body), step))
    return all(sum(map(part.count, signs)) > len(part) // bytes_of_one for part in (seen, body))


_SMALL = 1 << 16
"""A shorter body takes up to 300 times its size, which is 20 MB, whatever it holds."""
_LOOKS, _LOOK = 64, 512
_BYTES_OF_LIST = 12
"""The smallest records of a document, two short numbers, have more than 40; a pair of a time and
a number has more than 14."""
_BYTES_OF_MARKUP = 5
"""For each tag and attribute: ``<id>1</id>`` has ten for two."""
_MOST_FIELDS_PER_BYTE = 1.25
"""The space of a field that is missing is eight bytes. A day of quarter hours, of which but one
is there, has about one for each byte."""
_MOST_COUNTED = 4000
"""Checks of one record stop after 5000 problems, so that no more can be said for sure."""

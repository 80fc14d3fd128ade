"""Decode JSON bodies into plain data, and prepare them for fast decoding.

Numbers are exact: msgspec reads their digits straight into a Decimal.
"""

import json
import re
import types
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from ..record import Record
from .body import MalformedBody
from .charsets import charset_of, decode

__all__ = [
    "Repeating",
    "count_names",
    "decode_plain",
    "decode_repeats",
    "number_kind",
    "outside_list",
    "repeats_in",
    "with_nulls",
]


def decode_plain(body: bytes, content_type: str = "") -> object:
    """Decode a body into dicts, lists, text, int, Decimal, bool and None.

    Raises:
        MalformedBody: it is not JSON, or is cut off.
    """
    try:
        return _PLAIN.decode(_as_utf8(body, content_type))
    except msgspec.DecodeError as error:
        place = str(error).rpartition("(byte ")[2].rstrip(")")
        at = f" at byte {place}" if place.isdigit() else ""
        problem = "is cut off" if "truncated" in str(error) else f"is malformed{at}"
    except UnicodeDecodeError:
        problem = "is not UTF-8"
    except (InvalidOperation, ValueError):
        problem = "holds a number too large to read"
    except RecursionError:
        problem = "is nested too deeply"
    raise MalformedBody(f"the JSON body {problem}")


def count_names(tree: object) -> int:
    """Return how many names the objects of a tree have, those within them included."""
    count = 0
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            count += len(found)
            waiting += [inner for inner in found.values() if isinstance(inner, dict | list)]
        elif isinstance(found, list):
            waiting += [inner for inner in found if isinstance(inner, dict | list)]
    return count


class _Numbers(dict[str, Decimal]):
    """Exact numbers by their texts: the shortest, of which there are few thousands, are shared."""

    def __missing__(self, text: str) -> Decimal:
        number = Decimal(text)
        if len(text) <= _SHORT:
            self[text] = number
        return number


class Repeating(dict[str, object]):
    """An object of which the body gives some names more than once."""

    repeats: tuple[str, ...] = ()


def decode_repeats(body: bytes, content_type: str = "") -> object:
    """Decode a body that `decode_plain` could read, to be given to `repeats_in`; slow.

    Numbers are left out: msgspec reads them, but does not tell of names given twice.

    Returns:
        None where no object has a name more than once.

    Raises:
        MalformedBody: so many objects do that they would take a multiple of the body's space.
    """
    text = _as_utf8(body, content_type).decode("utf-8", "replace")
    count = 0

    def gathered(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal count
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        count += 1
        if count > _MOST_REPEATING:
            raise MalformedBody("the JSON body has names more than once in too many objects")
        return _repeating(found, pairs)

    try:
        tree = json.loads(
            text,
            object_pairs_hook=gathered,
            parse_float=_no_number,
            parse_int=_no_number,
            strict=False,
        )
    except MalformedBody:
        raise
    except (ValueError, RecursionError):
        return None
    return tree if count else None


def repeats_in(tree: object) -> Iterator[tuple[str, str]]:
    """Yield the names that objects of a tree have more than once, each after its object's path."""
    waiting = [("", tree)]
    while waiting:
        path, found = waiting.pop()
        if isinstance(found, Repeating):
            yield from ((path, name) for name in found.repeats)
        if isinstance(found, dict):
            dot = path and f"{path}."
            waiting += [
                (f"{dot}{name}", inner)
                for name, inner in reversed(found.items())
                if isinstance(inner, dict | list)
            ]
        elif isinstance(found, list):
            inners = reversed(list(enumerate(found)))
            waiting += [
                (f"{path}[{index}]", inner)
                for index, inner in inners
                if isinstance(inner, dict | list)
            ]


def _no_number(text: str) -> int:
    """Stand for every number, so that a long list of them takes little space."""
    return 0


def _repeating(found: dict[str, object], pairs: list[tuple[str, object]]) -> Repeating:
    repeating = Repeating(found)
    counts = Counter(name for name, _value in pairs)
    repeating.repeats = tuple(name for name, count in counts.items() if count > 1)
    return repeating


def _number_fields(fields: Iterable[tuple[str, str, Any]]) -> list[Any]:
    """Return fields for a struct, from Python names, wire names and types."""
    found = ((name, wire, number_kind(kind)) for name, wire, kind in fields)
    return [
        (name, kind | None, msgspec.field(name=wire, default=None))
        for name, wire, kind in found
        if kind is not None
    ]


def number_kind(kind: Any) -> Any:
    """Return a type that takes numbers alone where another takes decimals; None: it takes none."""
    if kind is Decimal:
        return float
    if get_origin(kind) is list:
        item = number_kind(get_args(kind)[0])
        return None if item is None else types.GenericAlias(list, (item | None,))
    if get_args(kind):  # one type, or None
        [kind] = (one for one in get_args(kind) if one is not NoneType)
        return number_kind(kind)
    if not issubclass(kind, Record):
        return None
    infos = msgspec.structs.fields(kind)
    fields = _number_fields((info.name, info.encode_name, info.type) for info in infos)
    return msgspec.defstruct(f"{kind.__name__}Numbers", fields, gc=False) if fields else None


def outside_list(body: bytes) -> bytes:
    """Return what stands around the only list of a body; all of it, where there may be others."""
    start, end = body.find(b"["), body.rfind(b"]")
    if start < 0 or body.find(b"[", start + 1) >= 0 or body.find(b"]", start) != end:
        return body
    return body[:start] + body[end:]


def with_nulls(body: bytes) -> tuple[bytes, bool]:
    """Write missing values as null, in the one way this body writes them.

    The bytes ``:""`` stand nowhere inside a JSON text, where a quote has a backslash before it.

    Returns:
        The body, and whether empty texts may be left in it, behind unusual blanks.
    """
    if not _EMPTY.search(body):
        return body, False
    head = body[:4096]
    if head.count(b": ") >= head.count(b':"'):
        body = body.replace(b': ""', b": null")
    else:
        body = body.replace(b':""', b":null")
    return body, _EMPTY.search(body) is not None


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """Return a body in UTF-8, without a byte order mark; as it is, where that cannot be."""
    body = body.removeprefix(_MARK)
    charset = "utf-16" if body.startswith(_UTF16_MARKS) else charset_of(body, content_type)
    text = None if charset == "utf-8" else decode(body, charset)
    return body if text is None else text.encode("utf-8", "replace")


_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SHORT = 4
_EMPTY = re.compile(rb'""')
_PLAIN = msgspec.json.Decoder(float_hook=_Numbers().__getitem__)
_MOST_REPEATING = 1000
"""More objects than this that give a name twice are an attack, or another format."""

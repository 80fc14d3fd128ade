"""Decode JSON bodies: fast into records, or slowly into plain data. Never judges.

Both ways are exact: msgspec reads a number's digits straight into a Decimal.
"""

import json
import re
import types
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct

from .body import MalformedBody
from .charsets import charset_of, decode
from .convert import shape_of
from .failure import notice_names
from .operation import Operation
from .record import Record
from .values import decode_hook

__all__ = [
    "FastReply",
    "decode_fast",
    "decode_plain",
    "decode_repeats",
    "may_hold_nan",
    "repeats_in",
    "with_nulls",
]


class FastReply(Struct, frozen=True):
    """What the fast way found."""

    records: list[Any]
    header: dict[str, Any] | None


def decode_fast(operation: Operation[Any], body: bytes) -> FastReply | None:
    """Decode a body that is just as the document says.

    Returns:
        The records, or None when the body needs a closer look: something is missing, repeated or
        unreadable, or it may hold an error, a NaN, or what could hide one.
    """
    plan = _plan(operation)
    body = body.removeprefix(_MARK)
    if plan.nested or any(body.count(name) > most for name, most in plan.signs_of_failure):
        return None
    if may_hold_nan(body) or (plan.numbers and _may_hold_odd_number(body)):
        return None
    try:
        # The rewritten copy lives no longer than the decoding.
        envelope = plan.decode(with_nulls(body))
    except (msgspec.DecodeError, ValueError, InvalidOperation, RecursionError):
        return None
    records: list[Record] = envelope.records
    _without_empty_texts(records, plan.texts)
    return FastReply(records, getattr(envelope, "header", None))


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


class _Repeating(dict[str, object]):
    """An object of which the body gives some names more than once."""

    repeats: tuple[str, ...] = ()


def decode_repeats(body: bytes, content_type: str = "") -> object:
    """Decode a body that `decode_plain` could read, to be given to `repeats_in`; slow.

    Numbers are left as texts: msgspec reads them, but does not tell of names given twice.
    """
    text = _as_utf8(body, content_type).decode("utf-8", "replace")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=str, parse_int=str, strict=False
        )
    except (ValueError, RecursionError):
        return None


def repeats_in(tree: object) -> Iterator[str]:
    """Yield the names that an object somewhere in a tree has more than once."""
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, _Repeating):
            yield from found.repeats
        if isinstance(found, dict):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeating = _Repeating(found)
    counts = Counter(name for name, _value in pairs)
    repeating.repeats = tuple(name for name, count in counts.items() if count > 1)
    return repeating


class _Plan(Struct, frozen=True):
    decode: Callable[[bytes], Any]
    signs_of_failure: tuple[tuple[bytes, int], ...]
    """Names that only an error carries or that a success has once, and how often it may."""
    texts: tuple[str, ...]
    nested: bool
    """Records hold records, in which empty texts could hide; or need not hold anything."""
    numbers: bool
    """Records hold decimals, in whose texts there may be more than Decimal should take."""


@cache
def _plan(operation: Operation[Any]) -> _Plan:
    envelope = operation.envelope
    model: type[Record] = operation.reply.model
    records: Any = types.GenericAlias(list, (model,))
    fields = [("records", records, msgspec.field(name=operation.reply.list_name))]
    has_header = "json" in envelope.header_formats
    if has_header:
        header = msgspec.field(name=envelope.header_element, default=None)
        fields.append(("header", dict[str, str | int | None] | None, header))
    # Anything else beside the list may be an error, so it is refused here and looked at there.
    shell = msgspec.defstruct("Shell", fields, forbid_unknown_fields=True)
    # A model that takes no unknown field does not take those of a refusal either.
    strict = model.__struct_config__.forbid_unknown_fields
    most = dict.fromkeys(() if strict else notice_names(envelope), int(has_header))
    most[operation.reply.list_name] = 1
    if has_header:
        most[envelope.header_element] = 1
    shape = shape_of(model)
    return _Plan(
        decode=msgspec.json.Decoder(shell, dec_hook=decode_hook).decode,
        signs_of_failure=tuple((f'"{name}"'.encode(), count) for name, count in most.items()),
        texts=shape.texts,
        nested=shape.nested or shape.loose,
        numbers=bool(shape.decimals),
    )


def with_nulls(body: bytes) -> bytes:
    """Write missing values as null, in the one way this body writes them.

    The bytes ``:""`` stand nowhere inside a JSON text, where a quote has a backslash before it.
    """
    head = body[:4096]
    if head.count(b": ") >= head.count(b':"'):
        return body.replace(b': ""', b": null")
    return body.replace(b':""', b":null")


def _without_empty_texts(records: Sequence[Record], names: tuple[str, ...]) -> None:
    # Those that stand behind unusual blanks, such as a line end.
    if not names:
        return
    # The first name twice, so that the getter returns a tuple even for one.
    read = attrgetter(names[0], *names)
    for record in records:
        if "" in read(record):
            for name in names:
                if getattr(record, name) == "":
                    msgspec.structs.force_setattr(record, name, None)


def may_hold_nan(body: bytes) -> bool:
    """Say whether some text may be NaN or Infinity, which Decimal would take for a number.

    Only the letters of the two words are kept, so that signs, blanks and the s of sNaN do not
    matter. Where names and texts happen to leave one of the words, it must also begin a text.
    """
    if b"\\" in body and b"\\u00" in body:
        return True  # a letter may be written as an escape
    letters = body[body.find(b"[") :].translate(_LOWER, _NO_LETTERS)
    if not any(word in letters for word in _WORDS):
        return False
    marked = body.translate(_MARKED, _DROPPED)
    return any(beginning in marked for beginning in _BEGINNINGS)


def _may_hold_odd_number(body: bytes) -> bool:
    """Say whether some text has an underscore or digits of another script.

    Decimal would take 1_5 for 15, and any script's digits for numbers.
    """
    # After a value comes the quote of the next name; after a name, a colon.
    marks = body.translate(None, _NO_MARKS)
    if b'_""' in marks or marks.endswith(b'_"'):
        return True
    if b"\\u" in body and re.search(_WIDE_DIGIT, body):
        return True
    if body.isascii():
        return False
    others = body.translate(None, _ASCII).decode("utf-8", "ignore")
    return any(character.isdecimal() for character in set(others))


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """Return a body in UTF-8, without a byte order mark; as it is, where that cannot be."""
    body = body.removeprefix(_MARK)
    charset = "utf-16" if body.startswith(_UTF16_MARKS) else charset_of(body, content_type)
    text = None if charset == "utf-8" else decode(body, charset)
    return body if text is None else text.encode("utf-8", "replace")


_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_MARKS = bytes(code for code in range(256) if code not in b'"_:')
_ASCII = bytes(range(128))
_WIDE_DIGIT = rb"\\u[fF][fF]1[0-9]"
_PLAIN = msgspec.json.Decoder(float_hook=Decimal)
_WORDS = (b"nan", b"inf")
_LOWER = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(256) if code not in b"naifNAIF")
# What is left: quotes, backslashes, the words' letters, and x for other letters and for digits.
_KEPT = b'"\\naifsNAIFS'
_OTHERS = bytes(code for code in range(128) if chr(code).isalnum() and code not in _KEPT)
_MARKED = bytes(ord("x") if code in _OTHERS else code for code in _LOWER)
_DROPPED = bytes(code for code in range(256) if code not in _KEPT + _OTHERS)
# A text that begins with an escape may go on in any way.
_BEGINNINGS = (b'"nan', b'"snan', b'"inf', b'"\\')

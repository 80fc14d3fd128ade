"""Decode JSON bodies: fast into records, or slowly into plain data. Never judges.

Both ways are exact: msgspec reads a number's digits straight into a Decimal.
"""

import types
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct

from .body import MalformedBody
from .charsets import charset_of, decode
from .convert import shape_of
from .operation import Operation
from .record import Record
from .values import decode_hook

__all__ = ["FastReply", "decode_fast", "decode_plain", "may_hold_nan", "with_nulls"]


class FastReply(Struct, frozen=True):
    """What the fast way found."""

    records: list[Any]
    header: dict[str, Any] | None


def decode_fast(operation: Operation[Any], body: bytes) -> FastReply | None:
    """Decode a body that is just as the document says.

    Returns:
        The records, or None when the body needs a closer look: something is missing or unreadable,
        or it may hold an error, a NaN, or what could hide one.
    """
    plan = _plan(operation)
    body = body.removeprefix(_MARK)
    if plan.nested or any(body.count(name) > most for name, most in plan.signs_of_failure):
        return None
    if may_hold_nan(body):
        return None
    try:
        # The rewritten copy lives no longer than the decoding.
        envelope = plan.decode(with_nulls(body))
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidOperation, RecursionError):
        return None
    records: list[Record] = envelope.records
    _without_empty_texts(records, plan.texts)
    return FastReply(records, getattr(envelope, "header", None))


def decode_plain(body: bytes, content_type: str = "") -> object:
    """Decode a body into dicts, lists, text, int, Decimal, bool and None.

    Raises:
        MalformedBody: it is not JSON, or is cut off.
    """
    body = body.removeprefix(_MARK)
    charset = charset_of(body, content_type)
    if charset != "utf-8":
        body = _as_utf8(body, charset)
    try:
        return _PLAIN.decode(body)
    except msgspec.DecodeError as error:
        place = str(error).rpartition("(byte ")[2].rstrip(")")
        at = f" at byte {place}" if place.isdigit() else ""
        problem = "is cut off" if "truncated" in str(error) else f"is malformed{at}"
    except UnicodeDecodeError:
        problem = "is not UTF-8"
    except InvalidOperation:
        problem = "holds a number too large to read"
    except RecursionError:
        problem = "is nested too deeply"
    raise MalformedBody(f"the JSON body {problem}")


class _Plan(Struct, frozen=True):
    decode: Callable[[bytes], Any]
    signs_of_failure: tuple[tuple[bytes, int], ...]
    """Names that only an error carries, and how often they may stand in a success."""
    texts: tuple[str, ...]
    nested: bool
    """Records hold records, in which empty texts could hide."""


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
    names = (envelope.code, envelope.message)
    return _Plan(
        decode=msgspec.json.Decoder(shell, dec_hook=decode_hook).decode,
        signs_of_failure=tuple((f'"{name}"'.encode(), int(has_header)) for name in names),
        texts=shape_of(model).texts,
        nested=shape_of(model).nested,
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


def _as_utf8(body: bytes, charset: str) -> bytes:
    text = decode(body, charset)
    return body if text is None else text.encode("utf-8", "replace")


_MARK = b"\xef\xbb\xbf"
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

"""Read a reply that is a text, or has one JSON record a line."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import structs

from ...codecs.body import MalformedBody
from ...codecs.charsets import charset_of, decode
from ...interface import Operation
from ...message import RawReply
from ...problems import Problem
from ..beside import list_beside_deviations
from ..decoded_body import DecodedBody
from ..deviations import tree_deviations
from ..echoes import Answers, other_than_asked
from ..json.message import json_deviations, json_repeats, json_tree, read_json
from ..trees import read_tree

__all__ = ["jsonl_deviations", "read_jsonl", "read_text", "text_deviations"]


def read_jsonl(operation: Operation[Any], raw: RawReply) -> DecodedBody:
    """Return the records of a body that has one a line.

    Raises:
        MalformedBody: a line is no JSON, or holds more than one value.
    """
    may_be_refused = bool(operation.verdicts or operation.partial)
    if may_be_refused and raw.body.strip().count(b"\n") == 0 and raw.body.strip():
        # One line may be a record, and may be a refusal.
        found = read_json(operation, raw.body, raw.content_type, raw.status_code)
        if found.judged.failure is not None or (found.failures and found.lack):
            return found
    body, lines = _as_one_list(raw.body)
    found = read_json(_bare(operation), body, raw.content_type, raw.status_code)
    if not found.lack and not found.unreadable and lines < len(found.payload):
        raise MalformedBody("the body has more than one value in a line")
    return structs.replace(found, around={})


def jsonl_deviations(
    operation: Operation[Any], raw: RawReply, answers: Answers
) -> Iterator[Problem]:
    """Yield how such a body departs from the document."""
    seen, (body, _lines) = _bare(operation), _as_one_list(raw.body)
    repeats = json_repeats(seen, body, raw.content_type)
    tree = json_tree(seen, body, raw.content_type)
    yield from json_deviations(seen, tree, repeats)
    yield from list_beside_deviations(seen, {}, raw, "json")
    yield from other_than_asked(seen, tree, "json", answers)


def read_text(operation: Operation[Any], raw: RawReply) -> DecodedBody:
    """Return the value that a whole body is.

    Raises:
        MalformedBody: it is not of the encoding that it names.
    """
    return read_tree(_bare(operation), _text(raw), "text")


def text_deviations(
    operation: Operation[Any], raw: RawReply, answers: Answers
) -> Iterator[Problem]:
    """Yield how such a body departs from the document."""
    seen, text = _bare(operation), _text(raw)
    yield from tree_deviations(seen, text, "text")
    yield from list_beside_deviations(seen, {}, raw, "text")
    yield from other_than_asked(seen, text, "text", answers)


def _text(raw: RawReply) -> str:
    text = decode(raw.body.removeprefix(_MARK), charset_of(raw.body, raw.content_type))
    if text is None:
        raise MalformedBody("the text is not of the encoding that it names")
    return text.removesuffix("\n").removesuffix("\r")


@cache
def _bare(operation: Operation[Any]) -> Operation[Any]:
    """Return an operation whose reply is its payload and nothing else, not even a verdict."""
    bare = structs.replace(
        operation.reply, payload=(), item="", item_in_json=False, root_in_json=False, json_lists=()
    )
    return structs.replace(operation, reply=bare, verdict=None, gateways=(), partial=())


def _as_one_list(body: bytes) -> tuple[bytes, int]:
    """Return lines of JSON as one list, and how many there are."""
    lines = [line for line in body.removeprefix(_MARK).splitlines() if line.strip()]
    return b"[" + b",".join(lines) + b"]", len(lines)


_MARK = b"\xef\xbb\xbf"

"""List how the body of a reply departs from the document, by its format."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import structs

from ..codecs.body import MalformedBody, sniff
from ..codecs.packing import is_packed
from ..interface import Format, Operation
from ..message import RawReply
from ..problems import Deviation, Problem
from .beside import list_beside_deviations
from .bodies import WITHOUT_MESSAGE, is_multipart, kind_of, members_of, typed_headers
from .bounds import capped
from .circumstances import Circumstances, scrubbed
from .decoded_body import problem_at
from .deviations import tree_deviations
from .echoes import Answers, other_than_asked
from .json.forms import json_view
from .json.message import json_deviations, json_repeats, json_tree
from .judging import JudgedReply
from .unplaced_readings import has_readings, list_unplaced_values

__all__ = ["list_deviations", "problem_of_whole"]


def list_deviations(
    operation: Operation[Any],
    raw: RawReply,
    *,
    format: Format,
    circumstances: Circumstances = Circumstances(),  # noqa: B008  # frozen
) -> tuple[Deviation, ...]:
    """Return how a reply that can be read departs from the document: the first, if many."""
    members = members_of(operation, raw, circumstances)
    if isinstance(members, str):
        return (problem_of_whole("unreadable", members),)
    found = capped(_deviations_of_members(operation, raw, members, format, circumstances))
    return tuple(scrubbed(problem, circumstances.hide) for problem in found)


def _deviations_of_members(
    operation: Operation[Any],
    raw: RawReply,
    members: Sequence[RawReply],
    format: Format,
    circumstances: Circumstances,
) -> Iterator[Deviation]:
    packing, answers = operation.reply.packing, Answers(circumstances.asked)
    if raw.status_code == _PARTIAL_CONTENT and operation.success_status != _PARTIAL_CONTENT:
        # Nobody has asked for a range: what is missing is missed by nobody.
        yield problem_of_whole("partial-content", "is a part of the whole by its HTTP status")
    if packing is not None and not is_packed(raw.body, packing):
        yield problem_of_whole("not-packed", f"is not packed as {packing.replace('_', ' ')}")
    for number, member in enumerate(members):
        for problem in _deviations(operation, member, format, circumstances, answers):
            if packing == "zip_of_many":
                where = f"members[{number}]"
                path = f"{where}.{problem.path}" if problem.path else where
                problem = structs.replace(problem, path=path)
            yield problem
    if circumstances.walked is not None:
        circumstances.walked.add(answers)
        return
    yield from answers.not_answered(operation.reply)


def problem_of_whole(rule: str, message: str) -> Problem:
    """Return a problem of a whole reply."""
    return problem_at("", rule, message)


def _deviations(
    operation: Operation[Any],
    raw: RawReply,
    format: Format,
    circumstances: Circumstances,
    answers: Answers,
) -> Iterator[Deviation]:
    if circumstances.download is not None:
        yield from list_beside_deviations(operation, {}, raw, "json")
        return
    kind = kind_of(operation, raw)
    if kind == "other" and is_multipart(raw):
        from .xml.soap import unpacked

        parts = unpacked(raw.body, raw.content_type)
        raw = structs.replace(raw, body=parts.body, headers=typed_headers(parts.content_type))
        kind = sniff(raw)
    if kind == "other" and operation.reply.shape == "value" and not operation.reply.payload:
        kind = "json"  # a value that is no object and no list
    if kind in _FORMATS and kind != (format if operation.soap is None else "xml"):
        said = format if operation.soap is None else "SOAP"
        yield problem_at("", "other-format", f"is {kind}, not {said}")
    try:
        if kind == "xml":
            yield from _xml_deviations(operation, raw, answers)
        elif kind == "csv":
            from .lines.csv_message import csv_deviations

            yield from csv_deviations(operation, raw, answers)
        elif kind in ("jsonl", "text"):
            from .lines.messages import jsonl_deviations, text_deviations

            deviations = jsonl_deviations if kind == "jsonl" else text_deviations
            yield from deviations(operation, raw, answers)
        elif kind == "json":
            seen = json_view(operation)
            repeats = json_repeats(seen, raw.body, raw.content_type)
            tree = json_tree(seen, raw.body, raw.content_type)
            yield from json_deviations(seen, tree, repeats)
            yield from list_beside_deviations(seen, tree, raw, "json")
            yield from other_than_asked(seen, tree, "json", answers)
        elif kind != "empty":
            yield problem_at("", "unknown-field", "is there, though the document has no body")
        if kind not in _FORMATS and operation.reply.shape in WITHOUT_MESSAGE:
            yield from list_beside_deviations(operation, {}, raw, "json")
    except MalformedBody as error:
        # The fast way reads past what no field takes: bytes of another encoding, for instance.
        yield problem_at("", "unreadable", str(error))
        return
    if kind in _OF_RECORDS and has_readings(operation.reply):
        found = JudgedReply(operation, raw, circumstances)
        if found.refusal() is None:
            yield from list_unplaced_values(operation.reply, found.found.payload)


def _xml_deviations(
    operation: Operation[Any], raw: RawReply, answers: Answers
) -> Iterator[Deviation]:
    from .xml.message import plain_message, xml_deviations

    body, content_type = raw.body, raw.content_type
    if operation.soap is not None or b"Envelope" in body[:1000]:
        from .xml.soap import read_envelope

        envelope = read_envelope(operation, body, content_type)
        if envelope is not None:
            yield from envelope.problems
            yield from tree_deviations(operation, envelope.tree, "xml")
            yield from list_beside_deviations(operation, envelope.tree, raw, "xml", envelope.blocks)
            yield from other_than_asked(operation, envelope.tree, "xml", answers)
            return
    yield from xml_deviations(operation, body, content_type)
    if answers.asked or operation.reply.beside is not None:
        tree = plain_message(operation, body, content_type)
        yield from list_beside_deviations(operation, tree, raw, "xml")
        yield from other_than_asked(operation, tree, "xml", answers)


_FORMATS = frozenset({"json", "xml", "csv", "jsonl", "text"})
_OF_RECORDS = frozenset({"json", "xml", "csv", "jsonl"})
_PARTIAL_CONTENT = 206

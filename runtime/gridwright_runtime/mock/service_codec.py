"""Read the requests of services as the service does, and write its replies. Never asks a world."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.types import Scope

from ..body import MalformedBody
from ..json_codec import decode_plain
from ..problems import Problem, refusals
from ..record import Record
from ..redact import MASK, printable
from ..service.operation import ServiceOperation
from ..write_body import json_body
from .inventing import fill, remove
from .service_world import ReceivedFile
from .soap_codec import Envelope, element_name, read_envelope, write_envelope, write_related
from .wire import WireTree, field_names, named_tree, read_arguments, shaped_tree

__all__ = [
    "Question",
    "Reply",
    "Sent",
    "complete_reply",
    "read_question",
    "reply_tree",
    "write_reply",
]


class Sent(NamedTuple):
    """A request as it came."""

    scope: Scope
    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, object] | None
    """Instead of a body, where the request is a form with files."""

    def __repr__(self) -> str:
        return "Sent(***)"  # it holds logins


class Question(NamedTuple):
    """A request that could be parsed."""

    problems: tuple[Problem, ...]
    """What is wrong with it."""
    arguments: Mapping[str, object]
    subject: str
    """What a spacing limit is about; empty where the request does not say it."""
    shown: Mapping[str, str]
    """What the journal may show of it."""
    attachments: tuple[ReceivedFile, ...] = ()
    envelope: Envelope | None = None

    def __repr__(self) -> str:
        return f"Question({len(self.problems)} problems)"


class Reply(NamedTuple):
    """A reply that can be sent."""

    body: bytes
    content_type: str


def read_question(operation: ServiceOperation[Any], sent: Sent) -> Question:
    """Read a request.

    Raises:
        MalformedBody: its body is not what the operation takes.
        SoapFault: its body is an envelope that SOAP 1.1 does not allow.
    """
    envelope: Envelope | None = None
    model = operation.request.model
    if operation.request.media == "soap11":
        envelope = read_envelope(sent.headers.get("content-type", ""), sent.body)
        tree = shaped_tree(envelope.tree, model)
    elif operation.request.media == "json":
        tree = decode_plain(sent.body)
    else:
        tree = sent.form or {}
    if not isinstance(tree, Mapping):
        raise MalformedBody("the JSON body is no object")
    whole = {**tree, **_placed(operation, sent)}
    problems = refusals(operation.request.check(whole, ""))
    attachments = envelope.attachments if envelope else ()
    if attachments and not operation.request.attachments:
        problems.append(_UNKNOWN_PART)
    unreadable: list[Problem] = []
    arguments = read_arguments(model, whole, ReceivedFile, unreadable)
    problems = problems or unreadable
    subject = whole.get(operation.same) if operation.same else None
    return Question(
        tuple(problems),
        arguments,
        subject if isinstance(subject, str) else "",
        _shown(model, whole, {problem.wire for problem in problems}),
        attachments,
        envelope,
    )


def reply_tree(operation: ServiceOperation[Any], payload: Mapping[str, object]) -> WireTree:
    """Name a world's reply as on the wire: in the first variant that its own codes make it."""
    return _named_reply(operation, payload)[1]


def complete_reply(operation: ServiceOperation[Any], payload: Mapping[str, object]) -> WireTree:
    """Name a world's reply, and invent what it lacks: a private amendment may know more fields."""
    model, tree = _named_reply(operation, payload)
    missing = [p.path for p in operation.reply.check(tree, "") if p.rule in _LACKING]
    if not missing:
        return tree
    filled = fill(model, payload, missing, (operation.system, operation.name))
    _, tree = _named_reply(operation, filled)
    for problem in operation.reply.check(tree, ""):
        if problem.path in missing:
            remove(filled, problem.path)
    return _named_reply(operation, filled)[1]


def write_reply(
    operation: ServiceOperation[Any], tree: WireTree, attachments: Sequence[ReceivedFile] = ()
) -> Reply:
    """Write a whole reply."""
    soap = operation.soap
    if soap is None:
        return Reply(json_body(tree), "application/json; charset=UTF-8")
    envelope = write_envelope(element_name(soap.reply), soap.namespace, tree)
    if attachments and operation.reply.attachments:
        return Reply(*write_related(envelope, attachments))
    return Reply(envelope, "text/xml; charset=UTF-8")


def _named_reply(
    operation: ServiceOperation[Any], payload: Mapping[str, object]
) -> tuple[type[Record], WireTree]:
    for variant in operation.reply.variants:
        tree = named_tree(variant.model, payload, is_lenient=True)
        if all(tree.get(wire) in values for wire, values in variant.when.items()):
            return variant.model, tree
    model: type[Record] = operation.reply.model
    return model, named_tree(model, payload, is_lenient=True)


def _placed(operation: ServiceOperation[Any], sent: Sent) -> dict[str, object]:
    """Return what stands in path, query and headers, by wire name."""
    query = dict(
        parse_qsl(
            sent.scope["query_string"].decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=200,
        )
    )
    sources: Mapping[str, Mapping[str, str]] = {
        "path": sent.scope.get("path_params", {}),
        "query": query,
        "header": sent.headers,
    }
    found: dict[str, object] = {}
    for wire, place in operation.request.places.items():
        value = sources[place].get(wire.lower() if place == "header" else wire)
        if value is not None:
            found[wire] = value
    return found


def _shown(model: type[Record], tree: Mapping[str, object], wrong: set[str]) -> Mapping[str, str]:
    """Return what the journal may show: no personal value, and none that is not as documented."""
    names = field_names(model)
    return {
        wire: _text(value) if name not in model.__personal__ and wire not in wrong else MASK
        for wire, name in names.items()
        if (value := tree.get(wire)) not in (None, "")
    }


def _text(value: object) -> str:
    if isinstance(value, ReceivedFile):
        return f"{value.size_bytes} bytes, SHA-256 {value.sha256}"
    return printable(str(value), 100) if isinstance(value, str | int) else MASK


_LACKING = ("missing-field", "required")
_UNKNOWN_PART = Problem(
    path="attachments", wire="attachments", rule="unknown-field", message="is not in the document"
)

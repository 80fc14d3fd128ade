"""Read a reply whose payload is one record: its body, or the error it stands for. Never sends."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct

from .body import Kind, MalformedBody, sniff
from .body_operation import BodyOperation
from .content import REPEATED
from .convert import Field, Shape, convert_record, hook_of, shape_of
from .errors import (
    AuthenticationError,
    DeviationError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    ProviderError,
    RejectedError,
    UnexpectedReplyError,
)
from .json_codec import (
    decode_plain,
    decode_repeats,
    number_test,
    outside_list,
    repeats_in,
    with_nulls,
)
from .message import RawReply
from .operation import Format
from .problems import Deviation, Problem
from .record import Record
from .redact import printable
from .result import Result
from .retry import retry_at
from .values import read_integer
from .xml_codec import flat, local_name, open_xml, plain, walk, whole

__all__ = ["list_result_deviations", "read_result"]

BodyT = TypeVar("BodyT", bound=Record)


class _Verdict(dict[str, str | None]):
    """What a reply says of itself; shows nothing of it where a tool prints variables."""

    def __repr__(self) -> str:
        return "<verdict>"


class _Read(Struct):
    """What a reply says: its verdict by documented name, and its payload."""

    verdict: Mapping[str, str | None]
    body: Any = None
    unreadable: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        return "<what was read>"


def read_result(
    operation: BodyOperation[BodyT],
    raw: RawReply,
    *,
    format: Format,
    transaction_id: str,
    strict: bool = False,
    hide: tuple[str, ...] = (),
) -> Result[BodyT]:
    """Read a reply.

    Args:
        operation: what was called.
        raw: what came back.
        format: what was asked for; a body of the other format is read too, and reported.
        transaction_id: what identifies the request.
        strict: refuse a reply that departs from the document.
        hide: values of the request that no message may show.

    Raises:
        ProviderError: the body, or failing that the HTTP status, says that the call failed.
        HtmlReplyError: it is an HTML page.
        HttpStatusError: the HTTP status is not one of success, and nothing says more.
        UnexpectedReplyError: it cannot be read; what was found is at hand as ``.raw``.
        DeviationError: it departs from the document, and ``strict`` is true.
    """
    kind = sniff(raw)
    read = _read(operation, raw, kind)
    if isinstance(read, _Read) and _is_failure(operation, read.verdict):
        raise _refusal(operation, read.verdict, raw, transaction_id, hide)
    if not 200 <= raw.status_code < 300:
        raise _status_error(operation, raw, kind, transaction_id, hide)
    if isinstance(read, str):
        raise _unexpected(operation, raw, kind, read)
    if not any(name in read.verdict for name in operation.envelope.success):
        raise _unexpected(operation, raw, kind, "the body does not say whether the call succeeded")
    if read.unreadable:
        raise UnexpectedReplyError(
            f"{operation.call}: the reply holds values that cannot be read",
            raw=raw,
            problems=read.unreadable,
        )
    envelope = operation.envelope
    result: Result[BodyT] = Result(
        read.body,
        raw=raw,
        code=read.verdict.get(envelope.code),
        description=read.verdict.get(envelope.message),
        transaction_id=transaction_id,
        look=lambda: list_result_deviations(operation, raw, format=format),
    )
    if strict and result.deviations:
        raise DeviationError(
            f"{operation.call}: the reply departs from the document",
            raw=raw,
            problems=result.deviations,
        )
    return result


def list_result_deviations(
    operation: BodyOperation[Any], raw: RawReply, *, format: Format
) -> tuple[Deviation, ...]:
    """Return how a reply that can be read departs from the document."""
    kind = sniff(raw)
    found: list[Problem] = []
    if kind != format:
        found.append(_problem("", "other-format", f"is {kind}, not {format}"))
    tree: object
    try:
        if kind == "json":
            tree = decode_plain(raw.body, raw.content_type)
        else:
            tree, repairs = _xml_tree(operation, raw)
            found += [_problem("", rule, message) for rule, message in repairs]
    except MalformedBody as error:
        # The fast way reads past what no field takes: bytes of another encoding, for instance.
        return (*found, _problem("", "unreadable", str(error)))
    if not isinstance(tree, Mapping):
        return (*found, _problem("", "wrong-type", "is no object"))
    found += operation.reply.check(tree, "")
    if kind == "json":
        for place, name in _repeats(raw):
            path = f"{place}.{name}" if place else name
            found.append(_problem(printable(path, 120), "repeated-field", REPEATED))
    return tuple(found)


def _read(operation: BodyOperation[Any], raw: RawReply, kind: Kind) -> _Read | str:
    """Return what the body says, or a sentence about why it says nothing."""
    if kind not in ("json", "xml"):
        return _SENTENCES[kind]
    try:
        if kind == "json":
            return _fast_json(operation, raw.body) or _slow_json(operation, raw)
        return _read_xml(operation, raw)
    except MalformedBody as error:
        return str(error)


def _fast_json(operation: BodyOperation[Any], body: bytes) -> _Read | None:
    """Decode a body that is just as the document says; None: a closer look is needed."""
    plan = _plan(operation)
    around = outside_list(body)
    if b"\\u" in around or any(around.count(sign) > 1 for sign in plan.once):
        return None
    body, has_empty_texts = with_nulls(body)
    if has_empty_texts:
        return None  # which mean missing values
    try:
        if plan.test_numbers is not None:
            plan.test_numbers(body)
        shell = plan.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError, RecursionError):
        return None
    names = _verdict_names(operation)
    said = {name: getattr(shell, f"v{index}") for index, name in enumerate(names)}
    return _Read(_verdict(operation, said), shell.payload)


def _slow_json(operation: BodyOperation[Any], raw: RawReply) -> _Read:
    tree = decode_plain(raw.body, raw.content_type)
    once = _once(operation)
    for path, name in _repeats(raw):
        if name in once and path in ("", operation.envelope.payload):
            raise MalformedBody(f"the JSON body has {name} more than once in an object")
    return _slow(operation, tree)


def _repeats(raw: RawReply) -> Iterator[tuple[str, str]]:
    return repeats_in(decode_repeats(raw.body, raw.content_type))


def _slow(operation: BodyOperation[Any], tree: object) -> _Read:
    if not isinstance(tree, Mapping):
        raise MalformedBody("the body is no object")
    verdict = _verdict(operation, tree)
    payload = tree.get(operation.envelope.payload)
    if payload is None or payload == "":
        return _Read(verdict)
    if isinstance(payload, list) and not _is_failure(operation, verdict):
        raise MalformedBody(f"{operation.envelope.payload} of the body is no record")
    if not isinstance(payload, Mapping):
        return _Read(verdict)  # the document has a success whose body is true
    unreadable: list[Problem] = []
    body = convert_record(payload, operation.reply.model, "body", unreadable)
    return _Read(verdict, body, tuple(unreadable))


def _read_xml(operation: BodyOperation[Any], raw: RawReply) -> _Read:
    try:
        fast = _fast_xml(operation, raw)
    except MalformedBody:
        fast = None  # control characters can be put right
    return fast or _slow(operation, _xml_tree(operation, raw)[0])


def _fast_xml(operation: BodyOperation[Any], raw: RawReply) -> _Read | None:
    """Read in one pass, so that long lists need little memory; None: a closer look is needed."""
    model: type[Record] = operation.reply.model
    shape = shape_of(model)
    values: dict[str, Any] = {}
    fields = {field.wire: field for field in shape.fields}
    readers = {field.name: _fast_reader(field) for field in shape.fields}
    root: Any = None
    for part, element in walk(open_xml(raw.body, raw.content_type), operation.envelope.payload):
        if part == "root":
            root = element
            continue
        field = fields.get(local_name(element))
        if field is None or part == "nested":
            return None
        if field.many and _is_empty(element):
            values.setdefault(field.name, [])
            continue
        value = readers[field.name](element)
        if value is None:
            return None
        if field.many:
            values.setdefault(field.name, []).append(value)
        elif field.name in values:
            return None
        else:
            values[field.name] = value
    top = plain(root, without={operation.envelope.payload})
    if set(top) - set(_verdict_names(operation)):
        return None
    payloads: list[Any] = list(root.iter(f"{{*}}{operation.envelope.payload}"))
    if len(payloads) > 1 or any(isinstance(value, list) for value in top.values()):
        return None
    if payloads and not _is_empty(payloads[0]):
        return None  # a text
    try:
        body = model(**values) if payloads else None
    except TypeError:
        return None
    return _Read(_verdict(operation, top), body)


def _is_empty(element: Any) -> bool:
    """Whether an element holds nothing: a list without items, as far as XML can say that."""
    return not len(element) and not (element.text or "").strip(" \t\r\n")


def _fast_text(field: Field, element: Any) -> object:
    try:
        return field.read(element.text) if element.text else None
    except ValueError:
        return None


def _fast_reader(field: Field) -> Callable[[Any], object]:
    """Return a reader of elements that are as the document says; it returns None for others."""
    if field.model is None:
        return partial(_fast_text, field)
    shape = shape_of(field.model)
    if shape.nested:
        return lambda element: None
    return partial(_fast_value, field.model, shape, hook_of(field.model))


def _fast_value(
    model: type[Record], shape: Shape, hook: Callable[[type, Any], object], element: Any
) -> Record | None:
    wire: dict[str, Any] = flat(element)
    if len(wire) != len(element):
        return None
    if not shape.wires.issuperset(wire) and any(
        name[:1] == "{" or name in model.__also__ for name in wire
    ):
        return None
    # Decimal takes NaN, 1_5 and digits of other scripts for numbers.
    decimals = "".join(filter(None, map(wire.get, shape.decimal_wires)))
    digits = decimals.replace(".", "")
    if digits and not (digits.isdigit() and digits.isascii()) and _ODD.search(decimals):
        return None
    try:
        for name in shape.integers:
            if (text := wire.get(name)) is not None:
                is_plain = text.isdigit() and text.isascii() and len(text) < 19
                wire[name] = int(text) if is_plain else read_integer(text)
        return msgspec.convert(wire, model, dec_hook=hook)
    except (msgspec.ValidationError, ValueError, ArithmeticError):
        return None


def _xml_tree(
    operation: BodyOperation[Any], raw: RawReply
) -> tuple[dict[str, object], tuple[tuple[str, str], ...]]:
    """Return the reply as a tree like that of JSON, lists where the model has lists."""
    source = open_xml(raw.body, raw.content_type)
    repairs = source.repairs
    try:
        tree = plain(whole(source))
    except MalformedBody:
        repaired = source.without_control_characters()
        if repaired is None:
            raise
        tree, repairs = plain(whole(repaired)), repaired.repairs
    for name in (operation.envelope.payload, *_verdict_names(operation)):
        if isinstance(tree.get(name), list):
            raise MalformedBody(f"the XML body has {name} more than once")
    payload = tree.get(operation.envelope.payload)
    if isinstance(payload, Mapping):
        tree[operation.envelope.payload] = _with_lists(payload, operation.reply.model)
    elif operation.envelope.payload in tree and payload is None:
        tree[operation.envelope.payload] = None
    return tree, repairs


def _with_lists(tree: Mapping[str, object], model: type[Record]) -> dict[str, object]:
    fields = {field.wire: field for field in shape_of(model).fields}
    shaped: dict[str, object] = {}
    for name, value in tree.items():
        field = fields.get(name)
        if field is not None and field.many:
            items = value if isinstance(value, list) else [value]
            shaped[name] = [_nested(item, field.model) for item in items if not _is_blank(item)]
        elif field is None or value is None:
            shaped[name] = value
        elif field.model is not None and _is_blank(value):
            shaped[name] = None
        else:
            shaped[name] = _nested(value, field.model)
    return shaped


def _nested(value: object, model: type[Record] | None) -> object:
    if model is None:
        return value
    return _with_lists(value, model) if isinstance(value, Mapping) else value


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n"))


class _Plan(Struct, frozen=True):
    """How to read a JSON reply fast."""

    decode: Callable[[bytes], Any]
    test_numbers: Callable[[bytes], object] | None
    once: tuple[bytes, ...]
    """Names around the records that a body may have once; which of two counts is a guess."""


@cache
def _plan(operation: BodyOperation[Any]) -> _Plan:
    model: type[Record] = operation.reply.model
    names = _verdict_names(operation)
    payload = operation.envelope.payload
    fields: list[Any] = [
        (f"v{index}", str | int | None, msgspec.field(name=name, default=None))
        for index, name in enumerate(names)
    ]
    fields.append(("payload", model | None, msgspec.field(name=payload, default=None)))
    shell = msgspec.defstruct("Shell", fields, forbid_unknown_fields=True)
    return _Plan(
        decode=msgspec.json.Decoder(shell, dec_hook=hook_of(model)).decode,
        test_numbers=number_test({payload: model}),
        once=tuple(f'"{name}"'.encode() for name in _once(operation)),
    )


def _once(operation: BodyOperation[Any]) -> tuple[str, ...]:
    """Return the names of a verdict, of the payload, and of what the payload has at its top."""
    model: type[Record] = operation.reply.model
    fields = shape_of(model).fields
    return (
        operation.envelope.payload,
        *_verdict_names(operation),
        *(field.wire for field in fields),
    )


@cache
def _verdict_names(operation: BodyOperation[Any]) -> tuple[str, ...]:
    envelope = operation.envelope
    names = (envelope.code, envelope.message, envelope.kind, *envelope.success)
    return tuple(dict.fromkeys(name for name in names if name))


def _verdict(operation: BodyOperation[Any], tree: Mapping[str, object]) -> Mapping[str, str | None]:
    said = ((name, tree.get(name)) for name in _verdict_names(operation))
    return _Verdict(
        (name, str(value).strip())
        for name, value in said
        if isinstance(value, str | int) and str(value).strip()
    )


def _is_failure(operation: BodyOperation[Any], verdict: Mapping[str, str | None]) -> bool:
    success = operation.envelope.success
    said = [name for name in success if verdict.get(name) is not None]
    return any(str(verdict[name]) not in success[name] for name in said)


def _refusal(
    operation: BodyOperation[Any],
    verdict: Mapping[str, str | None],
    raw: RawReply,
    transaction_id: str,
    hide: tuple[str, ...],
) -> ProviderError:
    envelope = operation.envelope
    error = envelope.kinds.get(verdict.get(envelope.kind) or "", RejectedError)
    return error(
        system=operation.system,
        operation=operation.name,
        code=verdict.get(envelope.code),
        text=verdict.get(envelope.message),
        http_status=raw.status_code,
        raw=raw,
        hide=hide,
        transaction_id=transaction_id,
    )


def _status_error(
    operation: BodyOperation[Any],
    raw: RawReply,
    kind: Kind,
    transaction_id: str,
    hide: tuple[str, ...],
) -> Exception:
    facts: dict[str, Any] = {
        "system": operation.system,
        "operation": operation.name,
        "http_status": raw.status_code,
        "raw": raw,
        "hide": hide,
        "transaction_id": transaction_id,
    }
    if raw.status_code in (401, 403):
        return AuthenticationError(gloss="the ticket is not accepted", **facts)
    if raw.status_code == 429:
        return LimitError(gloss="too many requests", retry_at=retry_at(raw), **facts)
    if kind == "html":
        return _unexpected(operation, raw, kind, _SENTENCES[kind])
    status = raw.status_code
    return HttpStatusError(f"{operation.call}: HTTP status {status}", status=status, raw=raw)


def _unexpected(
    operation: BodyOperation[Any], raw: RawReply, kind: Kind, sentence: str
) -> UnexpectedReplyError:
    message = f"{operation.call}: {sentence} (HTTP status {raw.status_code})"
    if kind == "html":
        return HtmlReplyError(message, status=raw.status_code, raw=raw)
    return UnexpectedReplyError(message, raw=raw)


def _problem(path: str, rule: str, message: str) -> Problem:
    return Problem(path=path, wire=path, rule=rule, message=message)


_ODD = re.compile(r"[^0-9.+\-eE \t\r\n]")
_SENTENCES: Mapping[Kind, str] = cast(
    Mapping[Kind, str],
    {
        "html": "an HTML page came instead of data",
        "empty": "the reply has no body",
        "other": "the body is neither JSON nor XML",
    },
)

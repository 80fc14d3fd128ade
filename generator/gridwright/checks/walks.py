"""Bodies, rules and searches have the shape that clients are made for."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from gridwright.analysis.naming import fields_on, request_record
from gridwright.analysis.reply_places import listed_record, page_arguments
from gridwright.analysis.type_words import describe_type
from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Envelope,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    RecordType,
    Rule,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.ir.words import RuleKind

__all__ = ["check"]

# Fewest and most fields of a rule, and the key that it needs beside them.
_NEEDS: Mapping[RuleKind, tuple[int, int, str]] = {
    "required_if": (1, 1, "when"),
    "forbidden": (1, 1, "values"),
    "one_of": (2, 99, ""),
    "exactly_one": (2, 99, ""),
    "at_most_one": (2, 99, ""),
    "together": (2, 99, ""),
    "needs": (2, 99, ""),
    "not_after": (2, 2, ""),
    "longest_period": (2, 2, "at_most"),
    "most_items": (1, 1, "values"),
}


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report requests, replies and searches that no client could be made for."""
    for operation in interface.operations:
        if operation.known_by_example:
            continue
        yield from _payload(interface, operation)
        if operation.envelope is not None:
            yield from _reply(operation, operation.envelope)
            yield from _pairs(interface, operation, operation.envelope)
        for rule in operation.rules:
            yield from _rule(rule)
            yield from _exclusive(interface, operation, rule)
        yield from _reconcile(interface, operation)


def _payload(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    body = operation.body
    if body is None:
        return
    for record in interface.reachable(body.record)[1:]:
        for inner in record.fields:
            if inner.credential is not None:
                yield _wrong(
                    inner.span,
                    f"{inner.wire!r} of {record.name} is filled by a credential, and {record.name} "
                    "is not a body itself",
                    "let a field of the body's own record have the credential",
                )
    field = _by_wire(body.record.fields).get(body.arguments)
    if field is not None and not isinstance(field.type, RecordType):
        yield _wrong(operation.span, f"{field.wire!r}, which holds the arguments, is no record")


def _reply(operation: Operation, envelope: Envelope) -> Iterator[Diagnostic]:
    if envelope.payload is None or not operation.reply.is_message or not operation.reply.payload:
        return
    known = _by_wire(operation.reply.record.fields)
    field = known.get(envelope.payload.wire)
    if field is None:
        yield Diagnostic(
            envelope.payload.span,
            "unknown-field",
            f"{operation.reply.record.name} has no field {envelope.payload.wire!r}",
            nearest(envelope.payload.wire, known),
        )
    elif not isinstance(field.type, RecordType):
        yield _wrong(envelope.payload.span, f"the payload {field.wire!r} is no record")


def _pairs(interface: Interface, operation: Operation, envelope: Envelope) -> Iterator[Diagnostic]:
    pairs, body = envelope.pairs, operation.body
    if pairs is None:
        return
    if body is None:
        yield Diagnostic(
            operation.span,
            "pairs-without-body",
            f"envelope {envelope.name!r} puts pairs into the body of each request, and "
            f"{operation.name!r} has none",
            "give it an envelope without pairs, or a body",
        )
        return
    for wire in (pairs.key, pairs.value):
        found = fields_on(interface, body.record, f"{pairs.field}.{wire}")
        is_list = bool(found) and isinstance(found[0].type, ListType)
        if len(found) != 2 or not is_list or not isinstance(found[1].type, TextType):
            yield Diagnostic(
                envelope.span,
                "unknown-field",
                f"{body.record.name} has no list {pairs.field!r} of records with a text {wire!r}",
                "name the list, and the fields of its records, by their wire names",
            )
    keys = [pair.key for pair in pairs.fill]
    if envelope.identity and envelope.identity not in keys:
        yield Diagnostic(
            envelope.span,
            "unknown-field",
            f"no pair is called {envelope.identity!r}",
            nearest(envelope.identity, keys),
        )


_EXAMPLES = {"when": "{FIELD: [VALUE]}", "values": "[VALUE]", "at_most": "P31D"}


def _rule(rule: Rule) -> Iterator[Diagnostic]:
    fewest, most, needed = _NEEDS[rule.kind]
    if not fewest <= len(rule.fields) <= most:
        message = f"rule {rule.kind!r} is about {len(rule.fields)} fields"
        wanted = "one rule for each field" if most == 1 else "the fields that it compares"
        yield _wrong(rule.span, message, f"write {wanted}")
    given = {
        "when": bool(rule.when),
        "values": bool(rule.values),
        # A length that cannot be read is given all the same, and reported where it stands.
        "at_most": rule.at_most is not None,
    }
    for key, is_given in given.items():
        if is_given != (key == needed):
            said = "means nothing in" if is_given else "is missing in"
            yield Diagnostic(
                rule.span,
                "misplaced-key" if is_given else "missing-key",
                f"{key!r} {said} rule {rule.kind!r}",
                f"remove `{key}:`" if is_given else f"add `{key}: {_EXAMPLES[key]}`",
            )


def _exclusive(interface: Interface, operation: Operation, rule: Rule) -> Iterator[Diagnostic]:
    """Report a rule that lets one field alone be given, and names one that always is."""
    if rule.kind not in ("exactly_one", "at_most_one"):
        return
    found = (fields_on(interface, request_record(operation), path) for path in rule.fields)
    needed = [fields[-1].wire for fields in found if fields and fields[-1].required]
    if needed:
        yield _wrong(
            rule.span,
            f"rule {rule.kind!r} names {needed[0]!r}, which is required: no other could be given",
            "leave the required field out of the rule, or forbid the others",
        )


def _reconcile(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    """Report a helper that could not search for what was sent."""
    reconcile = operation.reconcile
    if reconcile is None or not reconcile.name:
        return
    search = interface.operation_named(reconcile.search)
    if search is None:
        return
    sent = _sent_fields(interface, operation)
    criteria = _criteria(interface, search)
    stored = _stored_fields(interface, search)
    if sent is None or criteria is None or stored is None or not reconcile.by:
        yield _wrong(
            reconcile.span,
            f"{reconcile.search!r} cannot find what {operation.name} sent",
            "say `by:`, and search by an operation with paging, criteria and a range",
        )
        return
    for wire, field in criteria.items():
        if not field.optional and wire not in reconcile.by:
            yield _wrong(reconcile.span, f"the criteria need {wire!r}, which `by:` does not name")
    for wire in reconcile.by:
        if wire not in sent or wire not in criteria:
            message = f"{wire!r} is not a field of both what is sent and the criteria"
            both = set(sent) & set(criteria)
            yield Diagnostic(reconcile.span, "unknown-field", message, nearest(wire, both))
    for wire, _ in reconcile.standing:
        if wire not in stored:
            message = f"a stored record has no field {wire!r}"
            yield Diagnostic(reconcile.span, "unknown-field", message, nearest(wire, stored))
    for field, other in _never_alike(interface, sent, stored):
        yield _wrong(
            reconcile.span,
            f"what is sent as {field.wire!r} ({describe_type(field.type)}) is never what is stored "
            f"as {other.wire!r} ({describe_type(other.type)})",
            "give both the same type, or different names where they are different things",
        )


def _never_alike(
    interface: Interface, sent: Mapping[str, Field], stored: Mapping[str, Field]
) -> Iterator[tuple[Field, Field]]:
    """Yield fields of one name that are compared and cannot agree: all would seem unsaved."""
    by_name = {field.name: field for field in stored.values()}
    for field in sent.values():
        other = by_name.get(field.name)
        if other is None:
            continue
        sorts = {_sort_of(field.type), _sort_of(other.type)}
        if len(sorts) > 1 and "any" not in sorts:
            yield field, other
        yield from _never_alike(interface, _below(interface, field), _below(interface, other))


def _sort_of(type_: TypeRef) -> str:
    """Return a word for types whose values can be equal in Python."""
    match type_:
        case TextType() | CodeType():
            return "text"
        case IntegerType() | DecimalType():
            return "number"
        case TemporalType(kind=kind):
            return kind
        case ListType(item=item):
            return f"list of {_sort_of(item)}"
        case RecordType():
            return "record"
        case BooleanType():
            return "boolean"
        case BinaryType():
            return "bytes"
        case AnyType():
            return "any"
        case _:
            assert_never(type_)


def _sent_fields(interface: Interface, operation: Operation) -> Mapping[str, Field] | None:
    """Return the fields of the one list of records that the operation sends; None: no such."""
    lists = [
        field
        for field in _arguments(interface, operation)
        if isinstance(field.type, ListType) and isinstance(field.type.item, RecordType)
    ]
    if len(lists) != 1:
        return None
    return _below(interface, lists[0]) or None


def _criteria(interface: Interface, search: Operation) -> Mapping[str, Field] | None:
    """Return the fields of the criteria, which stand beside the range; None: no such."""
    if search.paging is None or search.known_by_example:
        return None
    filled = page_arguments(interface, search)
    others = [f for f in _arguments(interface, search) if f not in filled]
    if len(others) == 1 and isinstance(others[0].type, RecordType):
        return _below(interface, others[0]) or None
    if any(isinstance(field.type, RecordType) for field in others):
        return None
    return _by_wire(tuple(others)) or None


def _stored_fields(interface: Interface, search: Operation) -> Mapping[str, Field] | None:
    if search.paging is None:
        return None
    record = listed_record(interface, search)
    return _by_wire(record.fields) if record is not None else None


def _arguments(interface: Interface, operation: Operation) -> tuple[Field, ...]:
    """Return what the caller gives: parameters, and the body's fields or those of its payload."""
    fields = tuple(parameter.field for parameter in operation.arguments)
    body = operation.body
    if body is None or not body.arguments:
        return request_record(operation).fields
    field = _by_wire(body.record.fields).get(body.arguments)
    return (*fields, *_below(interface, field).values()) if field else fields


def _below(interface: Interface, field: Field) -> dict[str, Field]:
    record = interface.record_of(field)
    return _by_wire(record.fields) if record else {}


def _by_wire(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.wire: field for field in fields}


def _wrong(span: Span, message: str, help_text: str = "") -> Diagnostic:
    return Diagnostic(
        span, "wrong-field", message, help_text or "name the field that has the right type"
    )

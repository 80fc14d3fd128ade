"""Paths into a request body or its reply lead to fields that exist."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.ir import Field, Interface, ListType, Operation, Record, RecordType
from gridwright.naming import fields_on

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report paths of rules, paging and reconciling that lead nowhere."""
    names = {operation.name: operation for operation in interface.operations}
    for operation in interface.operations:
        for span, record, path in _paths(operation):
            if len(fields_on(interface, record, path)) != len(path.split(".")):
                yield Diagnostic(
                    span,
                    "unknown-field",
                    f"{path!r} leads to no field of {record.name}",
                    "join wire names with dots, from the body or the reply on",
                )
        yield from _reconcile(interface, operation)
        reconcile = operation.reconcile
        if reconcile is not None and reconcile.search not in names:
            yield Diagnostic(
                reconcile.span,
                "unknown-operation",
                f"{reconcile.search!r} is no operation",
                nearest(reconcile.search, names),
            )


def _reconcile(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    """Report a helper that could not search for what was sent."""
    reconcile, body = operation.reconcile, operation.body
    search = next(
        (o for o in interface.operations if reconcile and o.name == reconcile.search), None
    )
    if reconcile is None or not reconcile.name or search is None:
        return
    lists = [f for f in _payload_fields(interface, operation) if isinstance(f.type, ListType)]
    others = [f for f in _payload_fields(interface, search) if isinstance(f.type, RecordType)]
    sent = {f.wire for f in lists[:1] for f in _below(interface, f)}
    asked = {f.wire for f in others for f in _below(interface, f)}
    if body is None or search.paging is None or len(lists) != 1 or len(others) != 2:
        message = f"{reconcile.search!r} cannot find what {operation.name} sent"
        help_text = "search by an operation with paging, criteria and a range"
        yield Diagnostic(reconcile.span, "wrong-field", message, help_text)
        return
    for wire in reconcile.by:
        if wire not in sent or wire not in asked:
            message = f"{wire!r} is not a field of both what is sent and the criteria"
            yield Diagnostic(reconcile.span, "unknown-field", message, nearest(wire, _texts(sent)))


def _payload_fields(interface: Interface, operation: Operation) -> tuple[Field, ...]:
    if operation.body is None:
        return ()
    found = fields_on(interface, operation.body.record, operation.body.arguments)
    return _below(interface, found[-1]) if found else ()


def _below(interface: Interface, field: Field) -> tuple[Field, ...]:
    inner = field.type.item if isinstance(field.type, ListType) else field.type
    name = inner.record if isinstance(inner, RecordType) else ""
    return next((record.fields for record in interface.records if record.name == name), ())


def _texts(names: set[str | None]) -> list[str]:
    return [name for name in names if name]


def _paths(operation: Operation) -> Iterator[tuple[Span, Record, str]]:
    if operation.body is None:
        return
    request, reply = operation.body.record, operation.reply.record
    for rule in operation.rules:
        for path in (*rule.fields, *(name for name, _ in rule.when)):
            yield rule.span, request, path
    paging = operation.paging
    if paging is not None:
        yield paging.span, request, paging.begin
        yield paging.span, request, paging.end
        yield paging.span, reply, paging.total
        yield paging.span, reply, paging.records
        yield paging.span, reply, f"{paging.records}.{paging.key}"

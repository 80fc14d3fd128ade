"""Paths into a request or its reply lead to fields that exist."""

from collections.abc import Iterator

from gridwright.analysis.naming import fields_on, request_record
from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.ir import Interface, Operation, Record

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report paths of rules and reconciling that lead nowhere."""
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
        reconcile = operation.reconcile
        if reconcile is not None and reconcile.search not in names:
            yield Diagnostic(
                reconcile.span,
                "unknown-operation",
                f"{reconcile.search!r} is no operation",
                nearest(reconcile.search, names),
            )


def _paths(operation: Operation) -> Iterator[tuple[Span, Record, str]]:
    request = request_record(operation)
    for rule in operation.rules:
        for path in (*rule.fields, *(name for name, _ in rule.when)):
            yield rule.span, request, path

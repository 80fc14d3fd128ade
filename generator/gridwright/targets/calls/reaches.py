"""Bounds on how far back arguments may ask, as constants of the runtime's types."""

from gridwright.analysis.naming import arguments_path, fields_on
from gridwright.ir import Interface, Limit, Operation, TemporalType
from gridwright.targets.calls.cuts import length_of
from gridwright.targets.calls.requests import request_of
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import Call, Name, call
from gridwright.targets.python import source_of

__all__ = ["reaches_of"]


def reaches_of(interface: Interface, operation: Operation) -> tuple[Call, ...]:
    """Return how far back an operation may ask, by each limit that says so."""
    return tuple(
        _reach(interface, operation, limit)
        for limit in interface.limits
        if limit.kind == "history" and operation.name in limit.operations
    )


def _reach(interface: Interface, operation: Operation, limit: Limit) -> Call:
    record = request_of(interface, operation).record
    path = ".".join(arguments_path(operation, limit.from_field))
    fields = fields_on(interface, record, path)
    last = fields[-1]
    return call(
        Name("Reach", INTERFACE),
        path=tuple(field.name for field in fields),
        wire=limit.from_field.rpartition(".")[2],
    ).with_options(
        label=last.label,
        at_most=length_of(limit.at_most),
        zone=limit.zone,
        is_of_months=isinstance(last.type, TemporalType) and last.type.kind == "month",
        source=source_of(limit.cite),
    )

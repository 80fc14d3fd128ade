"""Names of operations and records stay clear of those that generated code needs."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface
from gridwright.vocabulary import is_reserved

__all__ = ["check"]

_METHODS = frozenset({"close", "aclose"})
_CLASSES = frozenset({"AsyncClient", "Client", "Decimal", "Record", "Reply", "Nothing"})


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report names that generated code has for something else."""
    for operation in interface.operations:
        if operation.name in _METHODS or is_reserved(operation.name):
            yield Diagnostic(
                operation.span,
                "reserved-name",
                f"{operation.name!r} is taken by generated code",
                "choose another name for the operation",
            )
    for record in interface.records:
        if record.name in _CLASSES:
            yield Diagnostic(
                record.span,
                "reserved-name",
                f"{record.name!r} is taken by generated code",
                "choose another name for the record",
            )

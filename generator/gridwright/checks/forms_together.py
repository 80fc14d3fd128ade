"""Forms of an operation go together, but for those that the table of laws names."""

from collections.abc import Iterator

from gridwright.analysis.forms import forms_of, leads_back
from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface, Operation
from gridwright.laws import LAWS

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report pairs of forms that mean nothing, and records that hold themselves."""
    for record in interface.records:
        for field in leads_back(interface, record):
            yield Diagnostic(
                field.span,
                "record-in-itself",
                f"{field.wire!r} leads back to {record.name!r}, which would hold itself",
                "write out as many levels as the document shows, each a record of its own",
            )
    for operation in interface.operations:
        if not operation.known_by_example:  # nothing is generated but its page, which says so
            yield from _of_operation(interface, operation)


def _of_operation(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    forms = tuple(dict.fromkeys(forms_of(interface, operation)))
    for law in LAWS:
        firsts = [f for f in forms if f.axis == law.first[0] and f.name in law.first[1]]
        seconds = [f for f in forms if f.axis == law.second[0] and f.name in law.second[1]]
        for first in firsts[:1]:
            for second in seconds:
                yield Diagnostic(
                    second.span,
                    law.code,
                    f"{operation.name!r}: {second.what} does not go with "
                    f"{first.what.rstrip(',')}: {law.why}",
                    f"write {law.instead}",
                )

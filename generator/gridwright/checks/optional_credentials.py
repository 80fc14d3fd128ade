"""A part that carries an optional credential can be left out."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Hole, Interface, Place, Text

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report places that are never empty, and marks that say that something is always there."""
    for operation in interface.operations:
        for parameter in operation.parameters:
            if not interface.may_be_left_out(parameter.source):
                continue
            if parameter.place is Place.PATH:
                yield _in_address(parameter.field.span, parameter.field.wire)
            elif parameter.field.required:
                yield _required(parameter.field.span, parameter.field.wire)
    for step in interface.auth_steps:
        for part in step.all_parts:
            if part.place is Place.PATH and interface.may_be_left_out(part.source):
                yield _in_address(step.span, part.wire)
    for record in interface.records:
        for field in record.fields:
            if field.credential and field.required and _is_optional(interface, field.credential):
                yield _required(field.span, field.wire)
    for item in interface.soap.all_fields if interface.soap else ():
        if (
            item.field.required
            and item.source == "credential"
            and _is_optional(interface, item.name)
        ):
            yield _required(item.field.span, item.field.wire)


def _is_optional(interface: Interface, credential: str) -> bool:
    return interface.may_be_left_out(Text((Hole("credential", credential),)))


def _in_address(span: Span, wire: str) -> Diagnostic:
    return Diagnostic(
        span,
        "optional-credential-needed",
        f"{wire!r} stands in an address, which has no gaps, and its credential is optional",
        "take `optional: yes` away from the credential",
    )


def _required(span: Span, wire: str) -> Diagnostic:
    return Diagnostic(
        span,
        "optional-credential-needed",
        f"{wire!r} is required, and is left out by clients without its credential",
        "take `optional: yes` away from the credential, or say that the field is not required",
    )

"""A field with a kind of value in JSON travels in JSON somewhere."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Interface, Operation, Place

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report fields with `json:` that travel in no JSON, or decide success as texts."""
    carried = {span for o in interface.operations for span in _in_json(interface, o)}
    fields = [field for record in interface.records for field in record.fields]
    for operation in interface.operations:
        fields += (parameter.field for parameter in operation.parameters)
        fields += (field for record in operation.reply.records for field in record.fields)
    reported: set[Span] = set()
    for field in fields:
        if field.json and field.span not in carried | reported:
            reported.add(field.span)
            yield Diagnostic(
                field.span,
                "json-kind-without-json",
                f"{field.wire!r} is a {field.json} in JSON, and travels in no JSON",
                "remove `json:`, or say `request_media: json`, or json among the `formats`",
            )
    for envelope in interface.envelopes:
        for field in envelope.fields:
            if field.json:
                yield Diagnostic(
                    field.span,
                    "json-kind-without-json",
                    f"{field.wire!r} tells success, which is compared as a text in every format",
                    "remove `json:`: a number, true and false are read as their texts",
                )


def _in_json(interface: Interface, operation: Operation) -> Iterator[Span]:
    """Yield where the fields are declared that an operation has in JSON."""
    is_sent = operation.request_media == "json" and operation.protocol == "http"
    if is_sent:
        for parameter in operation.parameters:
            if parameter.place is Place.BODY:
                yield parameter.field.span
    starts = [operation.body.record] if is_sent and operation.body is not None else []
    if {"json", "jsonl"} & {*operation.formats}:
        starts += operation.reply.records
    for start in starts:
        for record in interface.reachable(start):
            yield from (field.span for field in record.fields if not field.in_header)

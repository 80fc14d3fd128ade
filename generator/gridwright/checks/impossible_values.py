"""Values that a spec names are values that their fields can have; else a rule holds never."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from gridwright.analysis.example_values import sizes_of
from gridwright.analysis.naming import fields_on, request_record
from gridwright.analysis.readings import find_placed_readings
from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import (
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    Operation,
    Repeated,
    TemporalType,
    TextType,
    ValueInterval,
)
from gridwright.notation.patterns import PatternError, understand

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report defaults, and values of rules, that their fields cannot have."""
    yield from _defaults(interface)
    for operation in interface.operations:
        yield from _rules(interface, operation)
        yield from _variants(operation)
    yield from dict.fromkeys(_second_hours(interface))


def _defaults(interface: Interface) -> Iterator[Diagnostic]:
    fields = {
        field.span: field
        for operation in interface.operations
        for field in request_record(operation).fields
    }
    fields |= {field.span: field for record in interface.records for field in record.fields}
    for field in fields.values():
        why = _why_not(field, field.default) if field.default else None
        if why is not None:
            yield Diagnostic(
                field.span,
                "impossible-value",
                f"the default {field.default!r} of {field.name!r} {why[0]}",
                why[1] or "write a default that a caller could give, or say it in `note:`",
            )


def _rules(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    request = request_record(operation)
    for rule in operation.rules:
        asked = list(rule.when)
        if rule.values:
            asked += [(name, rule.values) for name in rule.fields]
        for path, values in asked:
            found = fields_on(interface, request, path)
            field = found[-1] if found else None
            for value in values:
                why = _why_not(field, value) if field is not None and value else None
                if why is not None and field is not None:
                    yield Diagnostic(
                        rule.span,
                        "impossible-value",
                        f"a rule never holds: {value!r} of {path!r} {why[0]}",
                        why[1] or "name values that the field can have",
                    )


def _variants(operation: Operation) -> Iterator[Diagnostic]:
    """Report a form of a reply that no reply ever has."""
    fields = {field.wire: field for field in operation.reply.record.fields}
    for variant in operation.reply.variants:
        for wire, values in variant.when:
            field = fields.get(wire)
            for value in values:
                why = _why_not(field, value) if field is not None and value else None
                if why is not None:
                    yield Diagnostic(
                        variant.span,
                        "impossible-value",
                        f"no reply is ever a {variant.record.name}: {value!r} of {wire!r} {why[0]}",
                        why[1] or "name values that the field can have",
                    )


def _second_hours(interface: Interface) -> Iterator[Diagnostic]:
    """Report what is to mean the second of two equal hours, and is never said: all were first."""
    for value, said, field in _said_of_hours(interface):
        codes = field.type.codes if isinstance(field.type, CodeType) else None
        known = {code.value.lower() for code in codes.values} if codes else set()
        for text in said.second:
            why = _why_not(field, text) if text.lower() not in known else None
            if why is not None:
                yield Diagnostic(
                    value.span,
                    "impossible-value",
                    f"no hour is ever the second: {text!r} of {field.wire!r} {why[0]}",
                    why[1] or "name values that the field can have",
                )


def _said_of_hours(interface: Interface) -> Iterator[tuple[Field, Repeated, Field]]:
    """Yield each field whose hour another field tells, with what that one says of it."""
    for record in interface.records:
        by_name = {field.name: field for field in record.fields}
        by_wire = {field.wire: field for field in record.fields}
        for field in record.fields:
            if isinstance(field.instant, ValueInterval):
                said, known = field.instant.repeated, by_name
            elif isinstance(field.type, TemporalType) and field.type.repeated is not None:
                said, known = field.type.repeated, by_wire
            else:
                continue
            if said.field in known:
                yield field, said, known[said.field]
    for placed in find_placed_readings(interface):
        source = placed.source("repeated")
        if source is not None:
            yield placed.field, placed.placement.repeated, source.fields[-1]


def _why_not(field: Field, value: str) -> tuple[str, str] | None:
    """Return why a field cannot have a value, and what may be meant; None: it can."""
    type_ = field.item_type
    if isinstance(type_, CodeType) and type_.codes is not None:
        known = [code.value for code in type_.codes.values]
        if value not in known:
            return f"is no code of {type_.codes.name!r}", nearest(value, known) or ""
    if isinstance(type_, BooleanType) and value not in ("true", "false"):
        meant = {"yes": "true", "no": "false"}.get(value.lower(), value.lower())
        return "is neither true nor false", nearest(meant, ("true", "false")) or ""
    if isinstance(type_, IntegerType | DecimalType):
        return _why_no_number(field, value, is_whole=isinstance(type_, IntegerType))
    if isinstance(type_, TextType):
        return _why_no_text(field, type_, value)
    if isinstance(type_, TemporalType) and not _is_written(type_.pattern, value):
        return f"is not written {type_.pattern}", ""
    return None


def _why_no_text(field: Field, type_: TextType, value: str) -> tuple[str, str] | None:
    if field.matches and re.fullmatch(field.matches, value) is None:
        return f"does not match {field.matches}", ""
    size = len(value.encode(type_.encoding, "replace") if type_.encoding else value)
    sizes = sizes_of(field.length, type_.size)
    if sizes and not any(least <= size and (most is None or size <= most) for least, most in sizes):
        unit = "bytes" if type_.encoding else "characters"
        return f"has {size} {unit}, which is not what the field may have", ""
    return None


def _why_no_number(field: Field, value: str, *, is_whole: bool) -> tuple[str, str] | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "is no number", ""
    if is_whole and number != number.to_integral_value():
        return "is no whole number", ""
    bounds = field.range
    if bounds is None:
        return None
    if bounds.least is not None and number < bounds.least:
        return f"is less than {bounds.least}", ""
    if bounds.most is not None and number > bounds.most:
        return f"is more than {bounds.most}", ""
    return None


def _is_written(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(understand(pattern).expression, value) is not None
    except PatternError:
        return True  # a pattern that is read in a way of its own

"""The validator of a request: its parameters, its body, and the rules over several fields."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from gridwright.analysis.naming import fields_on
from gridwright.ir import Field, Interface, Operation, Parameter, Record, Rule, TemporalType
from gridwright.ir.words import RuleKind
from gridwright.output.escape import python_choices, python_docstring, python_text
from gridwright.targets.calls.parts import is_checked
from gridwright.targets.calls.requests import RequestArguments, request_of
from gridwright.targets.package.check_views import CallView, CheckView, record_options
from gridwright.targets.package.field_checks import field_call, parameter_call
from gridwright.targets.python import source_of

__all__ = ["request_check"]


def request_check(interface: Interface, operation: Operation) -> CheckView:
    """Return the check of a request, with its rules."""
    request, body = request_of(interface, operation), operation.body
    fields = body.record.fields if body else ()
    calls = [c for p in operation.parameters for c in _parameter(operation, request, p)]
    calls += [field_call(field) for field in fields]
    keyed = (replace(parameter.field, wire=key) for parameter, key in request.keys)
    whole = replace(request.record, fields=(*keyed, *fields))
    calls += [_rule(interface, request, whole, rule) for rule in interface.rules_of(operation)]
    what = "body" if body else "parameters"
    if body and request.keys:
        what = "parameters and body"
    of_text = "" if body else ", all of them text"
    return CheckView(
        name=f"check_{operation.name}_request",
        argument="request",
        extra="",
        docstring=python_docstring(
            f"Find what is wrong with the {what} of {operation.wire_name}{of_text}.\n\n"
            f"Source: {source_of(operation.cite)}."
        ),
        calls=tuple(calls),
        options=record_options(body.record) if body else "",
    )


def _parameter(
    operation: Operation, request: RequestArguments, parameter: Parameter
) -> Iterator[CallView]:
    """Yield what is asked of a parameter; nothing where a login fills it."""
    field = parameter.field
    if parameter.is_argument:
        yield field_call(
            replace(field, wire=request.key_of(parameter), optional=not field.required)
        )
    elif is_checked(operation, request, parameter):
        yield parameter_call(parameter)


def _rule(interface: Interface, request: RequestArguments, whole: Record, rule: Rule) -> CallView:
    """Return the call that judges a rule; where it is of several fields, they come as a tuple."""
    keys = {parameter.field.wire: key for parameter, key in request.keys}
    places = [_place(interface, whole, keys.get(path, path)) for path in rule.fields]
    line = f"line={python_text(str(rule.cite))}"
    if _COMPARES[rule.kind]:
        compared = ", ".join(
            f"({', '.join(python_text(text) for text in texts)})" for _, texts in places
        )
        options = [f"({compared})"]
        type_ = places[0][0].type
        if rule.kind in ("not_after", "longest_period") and isinstance(type_, TemporalType):
            options.append(f"pattern={python_text(type_.pattern)}")
        if rule.at_most is not None:
            options += _longest(rule.at_most, rule.months, rule.days)
            if isinstance(type_, TemporalType) and type_.kind == "datetime" and type_.zone:
                options.append(f"zone={python_text(type_.zone)}")
        if rule.to_is == "included" and isinstance(type_, TemporalType) and _is_day(type_):
            options.append("is_last_included=True")
        return CallView(f"validator.{rule.kind}({', '.join([*options, line])})")
    ((_, texts), *_) = places
    options = [python_text(text) for text in texts]
    if rule.when:
        when = ((keys.get(wire, wire), values) for wire, values in rule.when)
        options.append(f"when={python_choices(when)}")
    if rule.kind == "most_items":
        options.append(f"at_most={int(rule.values[0])}")
    elif rule.values:
        options.append(f"values=({', '.join(map(python_text, rule.values))},)")
    return CallView(f"validator.{rule.kind}({', '.join([*options, line])})")


def _place(interface: Interface, whole: Record, path: str) -> tuple[Field, tuple[str, ...]]:
    """Return the field on a path of wire names, with the path in both names and its labels."""
    own = whole.field(path)
    fields = (own,) if own is not None else fields_on(interface, whole, path)
    names = ".".join(field.name for field in fields)
    return fields[-1], (path, names, fields[-1].label, fields[-1].en)


def _longest(at_most: timedelta, months: int, days: int) -> Iterator[str]:
    """Yield how long a period may be: months and days of the calendar, seconds that elapse."""
    elapses = int((at_most - timedelta(days=days)).total_seconds())
    for name, count in (("months", months), ("days", days), ("at_most_seconds", elapses)):
        if count:
            yield f"{name}={count}"


def _is_day(type_: TemporalType) -> bool:
    return type_.kind in ("date", "month")


# Whether a rule holds its fields against each other, and so gets them as a tuple.
_COMPARES: Mapping[RuleKind, bool] = {
    "required_if": False,
    "forbidden": False,
    "one_of": True,
    "exactly_one": True,
    "at_most_one": True,
    "together": True,
    "needs": True,
    "not_after": True,
    "longest_period": True,
    "most_items": False,
}

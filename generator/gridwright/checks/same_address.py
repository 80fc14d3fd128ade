"""Operations of one method and address can be told apart by what their requests hold."""

import re
from collections.abc import Iterator
from itertools import combinations

from gridwright.diagnostics import Diagnostic
from gridwright.ir import CodeType, Field, Interface, Operation, Parameter

__all__ = ["address_of", "check"]

_PLACE = re.compile(r"\{[^{}]*\}")
_Spot = tuple[str, tuple[str, ...], str]
"""Where a value travels: its place, the containers around it, its wire name."""


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report operations that a service could not tell apart."""
    for first, second in _pairs(interface):
        if _differ(first, second):
            continue
        yield Diagnostic(
            second.span,
            "operations-alike",
            f"{second.name!r} and {first.name!r} have one method and address, and nothing in "
            f"their requests tells them apart; {first.name!r} is declared at {first.span}",
            "give each the constant by which the service knows it, such as "
            "`documentType: {name: document_type, value: A65, at: …}`",
        )


def _pairs(interface: Interface) -> Iterator[tuple[Operation, Operation]]:
    """Yield every two operations of one method and address."""
    sharing: dict[tuple[str, str], list[Operation]] = {}
    for operation in interface.operations:
        if not operation.known_by_example:
            sharing.setdefault(address_of(operation), []).append(operation)
    for operations in sharing.values():
        yield from combinations(operations, 2)


def address_of(operation: Operation) -> tuple[str, str]:
    """Return method and path, whatever the places of the path are called."""
    return operation.method, _PLACE.sub("{}", operation.path)


def _differ(first: Operation, second: Operation) -> bool:
    """Say whether no request fits both, or one needs what the other does not have."""
    one, other = _values(first), _values(second)
    if any(one[spot].isdisjoint(other[spot]) for spot in one.keys() & other.keys()):
        return True
    if first.protocol != second.protocol or _root(first) != _root(second):
        return True
    return bool(_needed(first) - _spots(second)) or bool(_needed(second) - _spots(first))


def _values(operation: Operation) -> dict[_Spot, frozenset[str]]:
    """Return the values that a request may have, where they are few: constants and codes."""
    found = {}
    for parameter in operation.parameters:
        type_ = parameter.field.type
        if parameter.constant is not None:
            found[_spot(parameter)] = frozenset({parameter.constant})
        elif parameter.is_argument and isinstance(type_, CodeType) and type_.codes is not None:
            found[_spot(parameter)] = frozenset(code.value for code in type_.codes.values)
    return found


def _root(operation: Operation) -> str:
    body = operation.body
    return body.root.wire if body is not None and body.root is not None else ""


def _needed(operation: Operation) -> set[_Spot]:
    told = {
        _spot(parameter)
        for parameter in operation.parameters
        if parameter.constant is not None or (parameter.is_argument and parameter.field.required)
    }
    return told | {_of_body(field) for field in _fields(operation) if field.required}


def _spots(operation: Operation) -> set[_Spot]:
    return {_spot(p) for p in operation.parameters} | {_of_body(f) for f in _fields(operation)}


def _spot(parameter: Parameter) -> _Spot:
    # All places of a path are filled, whatever they are called.
    wire = "" if parameter.place.value == "path" else parameter.field.wire
    return (parameter.place.value, parameter.under, wire)


def _of_body(field: Field) -> _Spot:
    return ("body", (), field.wire)


def _fields(operation: Operation) -> tuple[Field, ...]:
    return operation.body.record.fields if operation.body is not None else ()

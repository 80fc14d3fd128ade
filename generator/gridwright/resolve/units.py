"""Resolve the units that a spec declares, and those that its fields name."""

import re
from decimal import Decimal

from gridwright.ir import DeclaredUnit, UnitOfData
from gridwright.notation.units import can_be_declared, factors, find_problem
from gridwright.resolve.context import Context, cite, path_of
from gridwright.source import Entry, Node

__all__ = ["checked_unit", "resolve_unit", "unit_of_data"]

# Units that names end in, as nothing else does.
_IN_NAMES = frozenset({"wh", "kwh", "mwh", "gwh", "kw", "mw", "gw", "kva", "kvar", "kvarh"})
_IS = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,12})?) (?P<unit>\S+)")


def resolve_unit(entry: Entry, context: Context) -> DeclaredUnit:
    """Resolve one unit that the spec declares."""
    node = entry.value
    if not can_be_declared(entry.key):
        context.report(
            entry.key_span,
            "unit-not-free",
            f"{entry.key!r} cannot be the name of a unit of this spec",
            "write letters that are no known unit in capital or small ones, such as MMBtu",
        )
    return DeclaredUnit(
        name=entry.key,
        same_as=_in_known_units(node, entry.key, context),
        en=node.string("en"),
        cite=cite(node, context, f"unit {entry.key!r}"),
        span=entry.key_span,
    )


def checked_unit(node: Node, key: str, name: str, context: Context) -> str | None:
    """Return the unit of a quantity, and report one that is none; None: it has no unit."""
    unit = node.get(key)
    if unit is None or not unit.text:
        return None
    _check(unit, name, context)
    _check_name(unit, name, context)
    return unit.text


def _check_name(unit: Node, name: str, context: Context) -> None:
    """Report a name that ends in another unit than the field has."""
    text, ending = unit.text or "", name.rpartition("_")[2]
    words = re.findall("[a-z0-9]+", text.lower())
    if ending not in _IN_NAMES or text in context.units or find_problem(text, context.units):
        return
    if ending not in words and "".join(words[-2:]) != ending:
        context.report(
            unit.span,
            "unit-contradicts-name",
            f"{name!r} ends in {ending!r}, and its unit is {text!r}",
            "name the field by its unit, or correct the unit by an erratum",
        )


def unit_of_data(node: Node, name: str, context: Context) -> UnitOfData | None:
    """Return how a reply says the unit of a quantity; None: the spec says it, or nobody."""
    unit = node.get("unit")
    if unit is None or unit.entries is None:
        return None
    if node.get("series") is None and node.get("instant") is None:
        context.report(
            unit.span,
            "misplaced-key",
            f"the data say the unit of readings, and {name!r} is a value without an interval",
            "remove `unit:`, since the field that names the unit is read as it is; or say by "
            "`instant:` or `series:` what the interval is",
        )
    values = unit.children("values")
    for entry in values:
        _check(entry.value, name, context)
    return UnitOfData(
        field=path_of(unit.get("field")),
        values=tuple((entry.key, entry.value.text or "") for entry in values),
        power_of_ten=path_of(unit.get("power_of_ten")),
    )


def _check(unit: Node, name: str, context: Context) -> None:
    """Report a unit that is none."""
    text = unit.text or ""
    problem = find_problem(text, context.units)
    if problem is not None:
        context.report(
            unit.span,
            "unknown-unit",
            f"{name!r} has unit {text!r}, {problem.message}",
            problem.help,
        )
    context.used.update(f"unit {factor}" for factor in factors(text, context.units))


def _in_known_units(node: Node, name: str, context: Context) -> str:
    same = node.get("is")
    if same is None or same.text is None:
        return ""
    found = _IS.fullmatch(same.text)
    problem = None if found is None else find_problem(found["unit"])
    if found is None or not Decimal(found["number"]):
        context.report(
            same.span,
            "unknown-unit",
            f"unit {name!r} is {same.text!r}, which is no amount of a known unit",
            "write a number, a blank and a unit, such as 1055.056 MJ",
        )
    elif problem is not None:
        context.report(
            same.span,
            "unknown-unit",
            f"unit {name!r} is {same.text!r}, {problem.message}",
            problem.help if "declare it" not in problem.help else "say it in units of the language",
        )
    return same.text

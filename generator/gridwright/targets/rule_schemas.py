"""What a request must be as a whole, as far as JSON Schema can say it.

Generators of clients pass over these keywords; validators do not.
"""

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Any, assert_never

from gridwright.ir import Operation, Rule

__all__ = ["with_rules"]

_Json = dict[str, Any]


def with_rules(schema: _Json, operation: Operation, names: Collection[str]) -> _Json:
    """Add to the schema of a request the rules across its fields.

    Args:
        schema: of a body, or of all parameters.
        operation: whose rules they are.
        names: what it may hold: a rule about anything else is left out.
    """
    held = (rule for rule in operation.rules if _is_near(rule, names))
    broken = [bad for rule in held for bad in _broken(rule)]
    return schema | {"not": _any_of(broken)} if broken else schema


def _steps(rule: Rule) -> list[str]:
    return rule.fields[0].split(".")


def _is_near(rule: Rule, names: Collection[str]) -> bool:
    """Whether all fields of a rule are of one record, and stand in what is described."""
    paths = [*rule.fields, *(path for path, _ in rule.when)]
    is_held = all(path.partition(".")[0] in names for path in paths)
    return is_held and len({path.rpartition(".")[0] for path in paths}) == 1


def _broken(rule: Rule) -> Iterator[_Json]:
    """Describe requests that break a rule, lists standing for any item; none: no schema can."""
    for bad in _broken_record(rule):
        for name in reversed(_steps(rule)[:-1]):
            # A name may lead to a record or to a list of records: what holds of neither holds of
            # both.
            listed = {"type": "array", "items": {}, "contains": bad}
            bad = {
                "type": "object",
                "required": [name],
                "properties": {name: {"anyOf": [bad, listed]}},
            }
        yield bad


def _broken_record(rule: Rule) -> Iterator[_Json]:
    names = [path.rpartition(".")[2] for path in rule.fields]
    match rule.kind:
        case "required_if":
            yield _lacks(rule, names)
        case "forbidden":
            yield _holds_forbidden(rule, names)
        case "one_of":
            yield _none_of(names)
        case "exactly_one":
            yield _none_of(names)
            yield from map(_all_of, combinations(names, 2))
        case "at_most_one":
            yield from map(_all_of, combinations(names, 2))
        case "together":
            around = zip(names, [*names[1:], names[0]], strict=True)
            yield from (_one_without(name, other) for name, other in around)
        case "needs":
            yield from (_one_without(names[0], other) for other in names[1:])
        case "not_after" | "longest_period" | "most_items":
            return
        case _:
            assert_never(rule.kind)


def _lacks(rule: Rule, names: list[str]) -> _Json:
    named = {path.rpartition(".")[2]: list(values) for path, values in rule.when}
    missing = [{"not": {"required": [name], "properties": {name: _SOMETHING}}} for name in names]
    return {
        "type": "object",
        "required": list(named),
        "properties": {name: {"enum": values} for name, values in named.items()},
        **_any_of(missing),
    }


def _holds_forbidden(rule: Rule, names: list[str]) -> _Json:
    values = {"enum": list(rule.values)}
    held = [{"required": [name], "properties": {name: values}} for name in names]
    return {"type": "object", **_any_of(held)}


def _none_of(names: list[str]) -> _Json:
    given = [{"required": [name], "properties": {name: _GIVEN}} for name in names]
    return {"type": "object", "not": _any_of(given)}


def _all_of(names: Collection[str]) -> _Json:
    given = dict.fromkeys(names, _GIVEN)
    return {"type": "object", "required": list(names), "properties": given}


def _one_without(name: str, other: str) -> _Json:
    return _all_of([name]) | {"not": {"required": [other], "properties": {other: _GIVEN}}}


def _any_of(schemas: list[_Json]) -> _Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


# Blanks alone are no description, and a value need not be a text. Said without `not`, over which
# generators of clients stumble.
_SOMETHING: _Json = {
    "anyOf": [
        {"type": "string", "pattern": "\\S"},
        {"type": "array", "items": {}},
        *({"type": kind} for kind in ("number", "boolean", "object")),
    ]
}
_GIVEN: _Json = {
    "anyOf": [
        {"type": "string", "pattern": "\\S"},
        {"type": "array", "items": {}, "minItems": 1},
        *({"type": kind} for kind in ("number", "boolean", "object")),
    ]
}

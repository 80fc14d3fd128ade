"""What a request body must be as a whole, as far as JSON Schema can say it.

Generators of clients pass over these keywords; validators do not.
"""

from typing import assert_never

from gridwright.ir import Operation, Rule
from gridwright.targets.openapi.facts import Json

__all__ = ["with_rules"]


def with_rules(schema: Json, operation: Operation) -> Json:
    """Add to the schema of a request body its rules across fields, and the pair that it needs."""
    near = (_broken(rule) for rule in operation.rules if _is_near(rule))
    broken = [bad for bad in near if bad is not None]
    if broken:
        schema = schema | {"not": _any_of(broken)}
    return _with_identity(schema, operation)


def _is_near(rule: Rule) -> bool:
    """Whether all fields of a rule are of one record."""
    paths = [*rule.fields, *(path for path, _ in rule.when)]
    return len({path.rpartition(".")[0] for path in paths}) == 1


def _broken(rule: Rule) -> Json | None:
    """Describe a body that breaks a rule, lists standing for any item; None: no schema can."""
    match rule.kind:
        case "required_if":
            bad = _lacks(rule)
        case "forbidden":
            bad = _holds_forbidden(rule)
        case "one_of" | "not_after" | "longest_period" | "most_items":
            return None
        case _:
            assert_never(rule.kind)
    for name in reversed(rule.fields[0].split(".")[:-1]):
        # A name may lead to a record or to a list of records: what holds of neither holds of both.
        bad = {
            "type": "object",
            "required": [name],
            "properties": {name: {"anyOf": [bad, {"type": "array", "items": {}, "contains": bad}]}},
        }
    return bad


def _lacks(rule: Rule) -> Json:
    named = {path.rpartition(".")[2]: list(values) for path, values in rule.when}
    missing = [
        {"not": {"required": [name], "properties": {name: _SOMETHING}}}
        for name in (path.rpartition(".")[2] for path in rule.fields)
    ]
    return {
        "type": "object",
        "required": list(named),
        "properties": {name: {"enum": values} for name, values in named.items()},
        **_any_of(missing),
    }


def _holds_forbidden(rule: Rule) -> Json:
    names = [path.rpartition(".")[2] for path in rule.fields]
    values = {"enum": list(rule.values)}
    held = [{"required": [name], "properties": {name: values}} for name in names]
    return {"type": "object", **_any_of(held)}


def _any_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _with_identity(schema: Json, operation: Operation) -> Json:
    """Ask for the pair that tells a request from all others."""
    envelope = operation.envelope
    if envelope is None or envelope.pairs is None or not envelope.identity:
        return schema
    pairs = envelope.pairs
    pair = {
        "type": "object",
        "properties": {
            pairs.key: {"const": envelope.identity},
            pairs.value: {"type": "string", "minLength": 1},
        },
        "required": [pairs.key, pairs.value],
    }
    known = schema["properties"][pairs.field]
    kept = {key: value for key, value in known.items() if key not in ("anyOf", "title")}
    forms = known.get("anyOf", [known])
    listed = next(form for form in forms if form.get("type") == "array")
    field = kept | {"type": "array", "items": listed["items"], "contains": pair}
    return schema | {
        "properties": schema["properties"] | {pairs.field: field},
        "required": [*schema["required"], pairs.field],
    }


# Blanks alone are no description, and a value need not be a text. Said without `not`, over which
# generators of clients stumble.
_SOMETHING = {
    "type": ["string", "number", "boolean", "object", "array"],
    "pattern": "\\S",
    "items": {},
}

"""Ask in the schema of a body for the pair that tells one request from all others."""

from gridwright.ir import Operation
from gridwright.targets.openapi.facts import Json

__all__ = ["with_identity"]


def with_identity(schema: Json, operation: Operation) -> Json:
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

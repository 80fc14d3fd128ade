"""Say as rules which fields of a body are given with which others."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gridwright.importing.description import Condition, Operation, Record
from gridwright.importing.read_file import Json
from gridwright.importing.unsaid import Unsaid

__all__ = ["WORDS", "alternatives", "conditions_of", "rules_of", "unsaid_conditions"]

WORDS = ("dependentRequired", "dependencies")
"""The latter is what older files call it."""


def conditions_of(schema: Mapping[str, Any], place: str, unsaid: Unsaid) -> tuple[Condition, ...]:
    """Return what a schema says of properties that need others."""
    found: list[Condition] = []
    for word in WORDS:
        said = schema.get(word)
        if said is None:
            continue
        where = f"{place}/{word}"
        if not isinstance(said, dict) or not all(map(_names, said.values())):
            unsaid.leave(where, word, said)
            continue
        for name, names in said.items():
            others = [other for other in _names(names) if other != name]
            if others:
                found.append(Condition("needs", (str(name), *others), where))
    return tuple(found)


def alternatives(word: str, forms: Iterable[Any], place: str) -> Condition | None:
    """Return what a choice says that asks for one property in each of its forms; None: no such."""
    names: dict[str, None] = {}
    for form in forms:
        needed = _names(form.get("required")) if isinstance(form, dict) else ()
        if len(needed) != 1 or not form.keys() <= _PLAIN:
            return None
        names[needed[0]] = None
    if len(names) < 2:
        return None
    return Condition("exactly_one" if word == "oneOf" else "one_of", tuple(names), place)


def rules_of(
    operation: Operation, records: Mapping[str, Record], drafted: Mapping[str, Json], of: str
) -> Iterator[tuple[Condition, Json]]:
    """Yield the rules across the fields of a body, each with a condition that it says.

    Args:
        operation: of the file.
        records: of the file, by place.
        drafted: the records of the draft, by name.
        of: which of them is the body.
    """
    body = operation.body
    if body is None or body.value.kind != "record":
        return
    for steps, record in _below(records, body.value.record, ()):
        needs = {frozenset(c.names) for c in record.conditions if c.kind == "needs"}
        firsts = {(c.names[0], frozenset(c.names)) for c in record.conditions if c.kind == "needs"}
        all_of = {group for group in needs if all((name, group) in firsts for name in group)}
        for condition in record.conditions:
            paths = [(*steps, name) for name in condition.names]
            if not all(_is_drafted(drafted, of, path, condition.kind) for path in paths):
                continue
            is_together = condition.kind == "needs" and frozenset(condition.names) in all_of
            kind = "together" if is_together else condition.kind
            yield (
                condition,
                {
                    "kind": kind,
                    "fields": sorted(map(".".join, paths))
                    if is_together
                    else [*map(".".join, paths)],
                    "en": _describe(kind, condition.names),
                    "inferred": condition.place,
                },
            )


def unsaid_conditions(records: Iterable[Record], said: Iterable[Condition], unsaid: Unsaid) -> None:
    """Note the conditions that no rule says: those of replies, for instance."""
    known = set(said)
    for record in records:
        for condition in record.conditions:
            if condition not in known:
                what = f"{condition.kind.replace('_', ' ')} of several properties"
                unsaid.leave(condition.place, what, list(condition.names))


def _below(
    records: Mapping[str, Record], place: str, steps: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Record]]:
    """Yield the records of a body after the wire names that lead to them."""
    record = records.get(place)
    if record is None or len(steps) > _DEEPEST:
        return
    yield steps, record
    for field in record.fields:
        held = field.value.item if field.value.kind == "list" else field.value
        if held is not None and held.kind == "record":
            yield from _below(records, held.record, (*steps, field.wire))


def _is_drafted(drafted: Mapping[str, Json], of: str, path: tuple[str, ...], kind: str) -> bool:
    """Say whether a path leads to a field of the draft, which a rule of a kind may be about."""
    field: Json = {"of": of}
    for step in path:
        fields = drafted.get(field.get("of", ""), {}).get("fields", {})
        if "." in step or step not in fields or field.get("layout") or field.get("keyed_by"):
            return False
        field = fields[step]
    return not (kind == "exactly_one" and field.get("required") == "required")


def _describe(kind: str, names: tuple[str, ...]) -> str:
    first, *others = names
    match kind:
        case "together":
            return f"{', '.join(sorted(names))}: all of them, or none"
        case "needs":
            return f"where {first} is given, so is {', '.join(others)}"
        case "exactly_one":
            return f"one of {', '.join(names)}, and no other"
        case _:
            return f"at least one of {', '.join(names)}"


def _names(value: Any) -> tuple[str, ...]:
    """Return names of a list, each once; none where it holds anything else."""
    listed = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(listed)) if all(isinstance(one, str) for one in listed) else ()


_DEEPEST = 8
_PLAIN = frozenset({"required", "type", "title", "description"})

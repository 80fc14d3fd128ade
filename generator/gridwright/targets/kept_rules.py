"""Let examples keep the rules across fields: say what they give, and what they leave out."""

from collections.abc import Callable, Set
from dataclasses import replace

from gridwright.analysis.naming import fields_on, request_record
from gridwright.ir import Field, Interface, Operation, Record, RecordType, Rule

__all__ = ["as_shown"]

_GROUPS = ("one_of", "exactly_one", "at_most_one", "together", "needs")
_EXCLUSIVE = ("exactly_one", "at_most_one")


def as_shown(interface: Interface, operation: Operation) -> tuple[Interface, Operation]:
    """Return an operation and its interface for examples.

    What the rules across its fields ask for beside what must be given anyway is required there,
    and what they do not allow beside it is not there. What it returns may be passed in again.
    """
    rules = [rule for rule in operation.rules if rule.kind in _GROUPS]
    if not rules:
        return interface, operation
    samples = interface.samples_of(operation)
    request = request_record(operation)

    def is_given(path: str) -> bool:
        fields = fields_on(interface, request, path)
        is_there = len(fields) == len(path.split("."))  # else it was left out before
        return is_there and (fields[-1].required or fields[-1].name in samples)

    given, left = _chosen(rules, is_given)
    return _changed(interface, operation, given, left)


def _chosen(rules: list[Rule], is_given: Callable[[str], bool]) -> tuple[set[str], set[str]]:
    """Return the paths that examples give, and those that they leave out."""
    paths = [path for rule in rules for path in rule.fields]
    given = {path for path in paths if is_given(path)}
    left: set[str] = set()
    for _ in paths:
        for rule in rules:
            there = [path for path in rule.fields if path in given]
            if rule.kind in ("one_of", "exactly_one") and not there:
                free = [path for path in rule.fields if path not in left]
                there = free[:1]
            elif (rule.kind == "together" and there) or (
                rule.kind == "needs" and rule.fields[0] in given
            ):
                there = list(rule.fields)
            if rule.kind in _EXCLUSIVE and there:
                left |= {path for path in rule.fields if path not in there[:1]}
                there = there[:1]
            given |= {*there}
            given -= left
    for rule in rules:
        if rule.kind in _EXCLUSIVE and not given & {*rule.fields}:
            left |= {*rule.fields}
    return given, left


def _changed(
    interface: Interface, operation: Operation, given: Set[str], left: Set[str]
) -> tuple[Interface, Operation]:
    parameters = tuple(
        replace(one, field=_needed(one.field)) if one.field.wire in given else one
        for one in operation.parameters
        if one.field.wire not in left
    )
    operation = replace(operation, parameters=parameters)
    body = operation.body
    if body is None:
        return interface, operation
    records = {record.name: record for record in interface.records}
    for path in sorted(given | left):
        *steps, last = path.split(".")
        holder = _holder(records, body.record.name, steps)
        if holder is None or all(field.wire != last for field in holder.fields):
            continue
        fields = tuple(
            _needed(field) if field.wire == last else field
            for field in holder.fields
            if field.wire != last or path not in left
        )
        records[holder.name] = replace(holder, fields=fields)
    record = records.get(body.record.name, body.record)
    interface = replace(interface, records=tuple(records.values()))
    return interface, replace(operation, body=replace(body, record=record))


def _needed(field: Field) -> Field:
    return replace(field, required=True)


def _holder(records: dict[str, Record], name: str, steps: list[str]) -> Record | None:
    """Return the record to which a path leads."""
    found = records.get(name)
    for step in steps:
        field = found.field(step) if found else None
        inner = field.item_type if field else None
        found = records.get(inner.record) if isinstance(inner, RecordType) else None
    return found

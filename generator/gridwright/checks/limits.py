"""A limit says all that its kind needs, and is about arguments that there are."""

import re
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gridwright.analysis.naming import argument_fields, fields_on, request_record, steps_of
from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import (
    EVERY_ARGUMENT,
    LOGINS,
    Interface,
    Limit,
    ListType,
    Operation,
    TemporalType,
)
from gridwright.ir.words import LimitKind
from gridwright.resolve.context import is_length

__all__ = ["check"]

# What each kind of limit cannot do without, by key of the language.
_NEEDS: Mapping[LimitKind, tuple[str, ...]] = {
    "rate": ("requests", "per"),
    "quota": ("requests", "each"),
    "concurrency": ("at_most",),
    "spacing": ("wait", "after", "same"),
    "closed_hours": ("weekly",),
    "lifetime": ("at_most",),
    "period": ("at_most", "from_field", "to_field", "operations"),
    "batch": ("at_most", "field", "operations"),
    "history": ("at_most", "from_field", "operations"),
}
_EXAMPLES = {
    "requests": "10",
    "per": "PT1M",
    "at_most": "P31D",
    "wait": "PT1S",
    "after": "reply",
    "weekly": '"sunday 01:00-03:00"',
}
_LONGEST = {"period": "the longest period", "history": "the reach"}
_BY_VALUES = ("rate", "quota", "spacing")
_KEYS = {"from_field": "from", "to_field": "to"}


def _instead(interface: Interface, limit: Limit, key: str) -> str:
    """Return what could stand at a key that is not there."""
    if key == "at_most" and limit.kind == "concurrency":
        return "8"
    if key != "operations":
        return _EXAMPLES.get(key, "…")
    ends = {limit.from_field, limit.to_field}
    names = [
        operation.name
        for operation in interface.operations
        if ends & {word for p in operation.arguments for word in (p.field.wire, p.field.name)}
    ]
    return f"[{', '.join(names or [operation.name for operation in interface.operations])}]"


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report limits that no client could keep."""
    by_name = {operation.name: operation for operation in interface.operations}
    for limit in interface.limits:
        for key in _NEEDS[limit.kind]:
            if getattr(limit, key) in (None, "", ()):
                yield Diagnostic(
                    limit.span,
                    "missing-key",
                    f"limit {limit.name!r} of kind {limit.kind!r} lacks the key "
                    f"{_KEYS.get(key, key)!r}",
                    f"add `{_KEYS.get(key, key)}: {_instead(interface, limit, key)}`",
                )
        counted = {"concurrency": ("requests", "write how many may run at once"),
                   "batch": ("items", "write how many items one call takes")}  # fmt: skip
        if limit.kind in counted and not re.fullmatch("[1-9][0-9]{0,5}", limit.at_most):
            what, help_text = counted[limit.kind]
            yield Diagnostic(
                limit.span, "not-a-size", f"{limit.at_most!r} is not a number of {what}", help_text
            )
        if limit.kind in _LONGEST and limit.at_most and not is_length(limit.at_most):
            yield Diagnostic(
                limit.span,
                "malformed-value",
                f"{limit.at_most!r}, {_LONGEST[limit.kind]} of limit {limit.name!r}, is no length",
                "write it as PT1H, P7D, P1M or P1Y",
            )
        if limit.kind in ("closed_hours", "quota", "history") and not _is_zone(limit.zone):
            yield Diagnostic(
                limit.span,
                "unknown-zone",
                f"{limit.zone!r} is not a time zone",
                "use an IANA name such as Asia/Seoul",
            )
        yield from _of_logins(interface, limit)
        yield from _check_same(interface, limit)
        yield from _penalty(interface, limit)
        for name in limit.operations if limit.kind == "period" else ():
            operation = by_name.get(name)
            for wire in (limit.from_field, limit.to_field) if operation and limit.to_field else ():
                record = request_record(operation) if operation else None
                if record and not fields_on(interface, record, wire):
                    yield Diagnostic(
                        limit.span,
                        "unknown-field",
                        f"operation {name!r} has no field {wire!r}",
                        nearest(wire, [field.wire for field in record.fields]),
                    )
        for name in limit.operations if limit.kind == "history" and limit.from_field else ():
            yield from _history(interface, limit, by_name.get(name))
        for name in limit.operations if limit.kind == "batch" and limit.field else ():
            yield from _batch(interface, limit, by_name.get(name))
        yield from _impossible(limit)


def _of_logins(interface: Interface, limit: Limit) -> Iterator[Diagnostic]:
    """Report limits of logins that nothing can break."""
    if LOGINS not in limit.operations:
        return
    if not interface.auth_steps:
        yield Diagnostic(
            limit.span,
            "limit-of-nothing",
            f"limit {limit.name!r} counts logins, and there is no login",
            "name the operations that it counts, or say by `auth` how one logs in",
        )
    if (
        limit.kind in ("period", "history", "batch", "lifetime")
        or limit.same
        or limit.each_operation
    ):
        yield Diagnostic(
            limit.span,
            "misplaced-key",
            f"limit {limit.name!r} goes by what is asked, and counts logins, which ask for nothing",
            "name the operations, or leave out `same` and `each_operation`",
        )


def _check_same(interface: Interface, limit: Limit) -> Iterator[Diagnostic]:
    """Report arguments that cannot say which calls are about the same."""
    if limit.same and limit.kind not in _BY_VALUES:
        yield Diagnostic(
            limit.span,
            "misplaced-key",
            f"limit {limit.name!r} of kind {limit.kind!r} goes by no values of arguments",
            f"`same` stands at limits of kind {', '.join(_BY_VALUES)}; leave it out",
        )
        return
    if EVERY_ARGUMENT in limit.same and len(limit.same) > 1:
        yield Diagnostic(
            limit.span,
            "unknown-word",
            f'limit {limit.name!r} names arguments beside "*", which is every argument',
            'write `same: "*"`, or the names alone',
        )
    for operation in interface.operations if limit.same else ():
        # A pause is kept by the operations that have the argument, where none are named.
        if operation.name not in limit.operations and (limit.operations or limit.kind == "spacing"):
            continue
        fields = {field.name: field for field in argument_fields(interface, operation).values()}
        for name in limit.same:
            if name not in fields and name != EVERY_ARGUMENT:
                yield Diagnostic(
                    limit.span,
                    "unknown-field",
                    f"operation {operation.name!r} has no argument {name!r}",
                    nearest(name, list(fields)),
                )


def _penalty(interface: Interface, limit: Limit) -> Iterator[Diagnostic]:
    """Report a penalty that could not be kept, since nothing tells that it has begun."""
    if limit.penalty is None:
        return
    if limit.kind != "rate":
        yield Diagnostic(
            limit.span,
            "misplaced-key",
            f"limit {limit.name!r} of kind {limit.kind!r} has a penalty",
            "`penalty` stands at limits of kind rate; leave it out",
        )
    elif limit.name not in _limits_with_refusals(interface):
        yield Diagnostic(
            limit.span,
            "penalty-not-told",
            f"no refusal says that limit {limit.name!r} is broken, and its penalty has begun",
            f"add `breaks: {limit.name}` to the status, the code or the case of that refusal",
        )


def _limits_with_refusals(interface: Interface) -> set[str]:
    """Return the limits of which a refusal says that they are broken."""
    statuses = [interface.statuses, *(operation.statuses for operation in interface.operations)]
    found = {status.breaks for some in statuses for status in some}
    for envelope in interface.envelopes:
        found |= {error.breaks for error in envelope.errors}
        found |= {case.breaks for case in envelope.cases}
    return found


def _batch(interface: Interface, limit: Limit, operation: Operation | None) -> Iterator[Diagnostic]:
    record = request_record(operation) if operation else None
    found = fields_on(interface, record, limit.field) if record else ()
    if record is not None and not found:
        yield Diagnostic(
            limit.span,
            "unknown-field",
            f"operation {operation.name if operation else ''!r} has no field {limit.field!r}",
            nearest(limit.field, [field.wire for field in record.fields]),
        )
    elif found and not isinstance(found[-1].type, ListType):
        yield Diagnostic(
            limit.span,
            "wrong-field",
            f"{limit.field!r} is no list, and limit {limit.name!r} counts its items",
            "name a field of type `list`",
        )


def _history(
    interface: Interface, limit: Limit, operation: Operation | None
) -> Iterator[Diagnostic]:
    record = request_record(operation) if operation else None
    if operation is None or record is None:
        return
    found = fields_on(interface, record, limit.from_field)
    if len(found) < len(steps_of(limit.from_field)):
        yield Diagnostic(
            limit.span,
            "unknown-field",
            f"operation {operation.name!r} has no field {limit.from_field!r}",
            nearest(limit.from_field, [field.wire for field in record.fields]),
        )
        return
    last = found[-1].type
    if not isinstance(last, TemporalType) or last.kind not in ("date", "datetime", "month"):
        yield Diagnostic(
            limit.span,
            "wrong-field",
            f"{limit.from_field!r} is no date, and limit {limit.name!r} asks how long ago it is",
            "name a field of type `date`, `datetime` or `month`",
        )


def _impossible(limit: Limit) -> Iterator[Diagnostic]:
    hours = limit.hours
    if hours is not None and (hours.start == hours.end or max(hours.start, hours.end) > "24:00"):
        yield Diagnostic(
            limit.span,
            "malformed-value",
            f"{limit.weekly!r} is no part of a week",
            "write a weekday and two different times, such as sunday 01:00-03:00",
        )
    lengths = (("per", limit.per), ("wait", limit.wait), ("penalty", limit.penalty))
    for key, duration in lengths:
        if duration is not None and not duration:
            yield Diagnostic(
                limit.span,
                "not-a-step",
                f"{key!r} of limit {limit.name!r} is no time at all",
                "write how long, such as PT1S",
            )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

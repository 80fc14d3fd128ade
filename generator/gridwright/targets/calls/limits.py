"""Limits as constants of the runtime's types."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from gridwright.ir import EVERY_ARGUMENT, Interface, Limit, Operation
from gridwright.ir.words import LimitKind
from gridwright.targets.calls.requests import request_of
from gridwright.targets.expressions import Call, Expression, Name, call
from gridwright.targets.python import source_of

__all__ = ["client_limits", "limit_expressions", "touched_fields"]

_MODULE = "gridwright_runtime.limits.kinds"
# Empty: no client waits for it. A lifetime is part of the login, a period and a batch are rules of
# the request.
_CLASSES: Mapping[LimitKind, str] = {
    "rate": "RateLimit",
    "concurrency": "ConcurrencyLimit",
    "spacing": "SpacingLimit",
    "closed_hours": "ClosedHours",
    "quota": "QuotaLimit",
    "lifetime": "",
    "period": "",
    "batch": "",
    "history": "",
}


def client_limits(interface: Interface) -> tuple[Limit, ...]:
    """Return the limits that a client keeps by itself, by waiting."""
    return tuple(limit for limit in interface.limits if _CLASSES[limit.kind])


def limit_expressions(interface: Interface) -> Call:
    """Return all limits of a system."""
    limits = tuple(
        _limit(one) for limit in client_limits(interface) for one in _counts(interface, limit)
    )
    return call(Name("Limits", _MODULE), limits)


def touched_fields(interface: Interface, operation: Operation) -> dict[str, str]:
    """Return the fields that tell what a call touches, by what limits call them."""
    arguments = {field.name for field in request_of(interface, operation).record.fields}
    return {
        name: name
        for limit in client_limits(interface)
        if not limit.operations or operation.name in limit.operations
        for name in limit.same
        if name in arguments or name == EVERY_ARGUMENT
    }


def _counts(interface: Interface, limit: Limit) -> Iterator[Limit]:
    """Yield the counts of a limit: one, or one for each operation."""
    if not limit.each_operation:
        yield limit
        return
    for operation in interface.operations:
        if not limit.operations or operation.name in limit.operations:
            name = f"{limit.name}_of_{operation.name}"
            yield replace(limit, name=name, operations=(operation.name,))


def _same_keyword(limit: Limit) -> dict[str, Expression]:
    if not limit.same:
        return {}
    return {"same": limit.same[0] if len(limit.same) == 1 else limit.same}


def _limit(limit: Limit) -> Call:
    keywords: dict[str, Expression] = {"name": limit.name}
    match limit.kind:
        case "rate":
            keywords["requests"] = limit.requests
            keywords["per_seconds"] = limit.per.total_seconds() if limit.per else 0.0
            keywords |= _same_keyword(limit)
            if limit.penalty:
                keywords["penalty_seconds"] = limit.penalty.total_seconds()
        case "quota":
            keywords |= {"requests": limit.requests, "each": limit.each}
            if limit.resets:
                keywords["resets"] = limit.resets
            keywords["zone"] = limit.zone
            keywords |= _same_keyword(limit)
        case "concurrency":
            keywords["at_most"] = int(limit.at_most)
        case "spacing":
            keywords["wait_seconds"] = limit.wait.total_seconds() if limit.wait else 0.0
            keywords |= {**_same_keyword(limit), "after": limit.after or "reply"}
        case "closed_hours":
            if limit.hours is None:
                raise TypeError("the grammar has reported hours that nobody understands")
            keywords |= limit.hours._asdict() | {"zone": limit.zone}
        case "lifetime" | "period" | "batch" | "history":
            raise TypeError(f"no client waits for a limit of kind {limit.kind}")
        case _:
            assert_never(limit.kind)
    if limit.operations:
        keywords["operations"] = limit.operations
    if limit.scope not in ("", "company") and limit.kind != "closed_hours":
        keywords["scope"] = limit.scope
    keywords |= {"label": limit.en, "source": source_of(limit.cite)}
    return call(Name(_CLASSES[limit.kind], _MODULE), **keywords)

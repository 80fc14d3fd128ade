"""Limits as constants of the runtime's classes. Never counts anything."""

from gridwright.escape import python_text
from gridwright.ir import Interface, Limit
from gridwright.targets.constants import ConstantView
from gridwright.targets.python import source_of

__all__ = ["GENERATED_LIMITS", "limit_constants", "same_fields"]

GENERATED_LIMITS = frozenset({"rate", "concurrency", "spacing", "closed_hours"})
"""The kinds that become constants; a lifetime is part of the login."""


def limit_constants(interface: Interface) -> list[ConstantView]:
    """Return the constant of all limits; none where the document has none."""
    limits = [limit for limit in interface.limits if limit.kind in GENERATED_LIMITS]
    if not limits:
        return []
    listed = ", ".join(_limit(limit) for limit in limits)
    return [ConstantView("LIMITS", "", "Limits", (f"({listed},)",))]


def same_fields(interface: Interface) -> dict[str, str]:
    """Return, by operation, the wire name of the field that tells what a pause is about."""
    found = {}
    for limit in interface.limits:
        for operation in interface.operations:
            if limit.kind != "spacing" or (
                limit.operations and operation.name not in limit.operations
            ):
                continue
            fields = operation.body.record.fields if operation.body else ()
            wire = next((f.wire for f in fields if f.name == limit.same), "")
            if wire:
                found[operation.name] = wire
    return found


def _limit(limit: Limit) -> str:
    about = [f"name={python_text(limit.name)}"]
    if limit.kind == "rate":
        seconds = limit.per.total_seconds() if limit.per else 0.0
        about += [f"requests={limit.requests}", f"per_seconds={seconds!r}"]
    elif limit.kind == "concurrency":
        about.append(f"at_most={int(limit.at_most)}")
    elif limit.kind == "spacing":
        wait = limit.wait.total_seconds() if limit.wait else 0.0
        about += [
            f"wait_seconds={wait!r}",
            f"same={python_text(limit.same)}",
            f"after={python_text(limit.after or 'reply')}",
        ]
    else:
        weekday, _, times = limit.weekly.partition(" ")
        start, _, end = times.partition("-")
        about += [
            f"weekday={python_text(weekday)}",
            f"start={python_text(start)}",
            f"end={python_text(end)}",
            f"zone={python_text(limit.zone)}",
        ]
    if limit.operations:
        about.append(f"operations=({', '.join(map(python_text, limit.operations))},)")
    about += [f"label={python_text(limit.en)}", f"source={python_text(source_of(limit.cite))}"]
    return f"{_CLASSES[limit.kind]}({', '.join(about)})"


_CLASSES = {
    "rate": "RateLimit",
    "concurrency": "ConcurrencyLimit",
    "spacing": "SpacingLimit",
    "closed_hours": "ClosedHours",
}

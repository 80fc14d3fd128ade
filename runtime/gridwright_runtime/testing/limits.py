"""Say which limits a test broke that it may not break."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["unexpected"]

_SHOWN = 10


def unexpected(applications: Sequence["Starlette"], allowed: Iterable[tuple[str, ...]]) -> str:
    """Return why a test fails; empty where it does not.

    Args:
        applications: the mocks of the test.
        allowed: names of limits that may be broken, marker by marker; an empty tuple allows all.

    Returns:
        A line for each broken limit, or the name of a limit that no mock has.
    """
    watches = [watch for application in applications if (watch := _watch(application)) is not None]
    allowed = list(allowed)
    named = {name for names in allowed for name in names}
    known = {name for watch in watches for name in watch.broken_counts}
    if unknown := sorted(named - known):
        there = ", ".join(sorted(known)) or "none"
        return f"gridwright_may_break: no limit is named {', '.join(unknown)}; there are: {there}"
    if () in allowed:
        return ""
    broken = [one for watch in watches for one in watch.broken if one.limit not in named]
    if not broken:
        return ""
    lines = [f"  {one}" for one in broken[:_SHOWN]]
    if len(broken) > _SHOWN:
        lines.append(f"  and {len(broken) - _SHOWN} more")
    head = f"{len(broken)} broken limit{'s' if len(broken) > 1 else ''}"
    return "\n".join((f"{head}; a test that means it has the marker gridwright_may_break", *lines))


def _watch(application: "Starlette") -> Any:
    """Return what measures the limits; None: a system without limits may have none."""
    return getattr(getattr(application.state, "mock", None), "watch", None)

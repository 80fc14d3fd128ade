"""The server's measure: whether the times of calls keep the limits. It knows no limiter."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limits,
    RateLimit,
    SpacingLimit,
)

__all__ = ["Served", "broken"]

# Sums of floats, on the way to the same instant.
_SLACK_SECONDS = 1e-6


@dataclass(frozen=True, kw_only=True)
class Served:
    """One call as the server saw it."""

    operation: str
    key: str | None
    began: float
    ended: float


def broken(
    limits: Limits, served: Sequence[Served], slack_seconds: float = _SLACK_SECONDS
) -> list[str]:
    """Return what was broken, and by how much, by more than a slack."""
    found: list[str] = []
    for limit in limits.limits:
        calls = sorted(
            (c for c in served if not limit.operations or c.operation in limit.operations),
            key=lambda call: (call.began, call.ended),
        )
        match limit:
            case RateLimit():
                found += _rate(limit, [call.began for call in calls], slack_seconds)
            case ConcurrencyLimit():
                found += _concurrency(limit, calls)
            case SpacingLimit():
                found += _spacing(limit, calls, slack_seconds)
    return found


def _rate(limit: RateLimit, began: list[float], slack_seconds: float) -> list[str]:
    apart = zip(began, began[limit.requests :], strict=False)
    return [
        f"{limit.name}: {late - early} s"
        for early, late in apart
        if late - early < limit.per_seconds - slack_seconds
    ]


def _concurrency(limit: ConcurrencyLimit, calls: list[Served]) -> list[str]:
    changes = sorted(
        [(call.began + _SLACK_SECONDS, 1) for call in calls] + [(call.ended, -1) for call in calls]
    )
    now, found = 0, []
    for _, change in changes:
        now += change
        if now > limit.at_most:
            found.append(f"{limit.name}: {now} at once")
    return found


def _spacing(limit: SpacingLimit, calls: list[Served], slack_seconds: float) -> list[str]:
    by_key: dict[str, list[Served]] = defaultdict(list)
    for call in calls:
        if call.key is not None:
            by_key[call.key].append(call)
    return [
        f"{limit.name}: {late.began - early.ended} s after the reply"
        for same in by_key.values()
        for early, late in pairwise(same)
        if late.began - early.ended < limit.wait_seconds - slack_seconds
    ]

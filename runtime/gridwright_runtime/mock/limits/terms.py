"""Turn the limits of a system, as generated packages hold them, into what measures them."""

from collections.abc import Iterable

from ...limits.kinds import (
    WEEKDAYS,
    ClosedHours,
    ConcurrencyLimit,
    Limit,
    QuotaLimit,
    RateLimit,
    SpacingLimit,
    names_of,
)
from .measures import (
    ClosedMeasure,
    ConcurrencyMeasure,
    Measure,
    QuotaMeasure,
    RateMeasure,
    SpacingMeasure,
)

__all__ = ["measures_of"]


def measures_of(limits: Iterable[Limit]) -> tuple[Measure, ...]:
    """Return one measure for each limit, in their order."""
    return tuple(map(_measure, limits))


def _measure(limit: Limit) -> Measure:
    match limit:
        case RateLimit():
            return RateMeasure(
                limit.name,
                requests=limit.requests,
                per_seconds=limit.per_seconds,
                operations=limit.operations,
                same=names_of(limit.same),
                penalty_seconds=limit.penalty_seconds,
            )
        case ConcurrencyLimit():
            return ConcurrencyMeasure(
                limit.name, at_most=limit.at_most, operations=limit.operations
            )
        case SpacingLimit():
            return SpacingMeasure(
                limit.name,
                wait_seconds=limit.wait_seconds,
                after=limit.after,
                operations=limit.operations,
                same=names_of(limit.same),
            )
        case QuotaLimit():
            return QuotaMeasure(
                limit.name,
                requests=limit.requests,
                each=limit.each,
                resets_minute=_minute(limit.resets),
                zone=limit.zone,
                operations=limit.operations,
                same=names_of(limit.same),
            )
        case ClosedHours():
            day = WEEKDAYS.index(limit.weekday) * _DAY
            closing, opening = day + _minute(limit.start), day + _minute(limit.end)
            if opening <= closing:
                opening += _DAY  # they last into the next day
            return ClosedMeasure(
                limit.name,
                closing_minute=closing,
                opening_minute=opening,
                zone=limit.zone,
                operations=limit.operations,
            )


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


_DAY = 24 * 60

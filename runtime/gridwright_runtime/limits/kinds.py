"""The limits of a system as data, as generated packages hold them."""

import math
from typing import Literal

from msgspec import Struct

__all__ = [
    "MOST_LIMITS",
    "ClosedHours",
    "ConcurrencyLimit",
    "Limit",
    "Limits",
    "QuotaLimit",
    "RateLimit",
    "Same",
    "Scope",
    "SpacingLimit",
    "Weekday",
    "closed_weekly",
    "minute_of_day",
    "names_of",
]

Scope = Literal["company", "account", "host"]
"""Whose calls a limit counts together: those of one company, as the user names it; those of one set
of credentials; all at one host."""
Same = str | tuple[str, ...]
"""The argument whose value says which calls are about the same, or several of them; ``*`` alone
stands for every argument."""
SCOPES: tuple[Scope, ...] = ("host", "company", "account")
"""The widest first."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    *("monday", "tuesday", "wednesday", "thursday", "friday"),
    *("saturday", "sunday"),
)
MOST_LIMITS = 64
"""Rates, concurrencies and spacings of one system, and closed hours; a call marks them in bits."""


class RateLimit(Struct, frozen=True, kw_only=True):
    """At most so many requests in any stretch of time of a given length."""

    name: str
    requests: int
    per_seconds: float
    operations: tuple[str, ...] = ()
    """Which operations count, all of them together; empty: all of the system."""
    label: str = ""
    """The document's own words."""
    source: str = ""
    """The document's line."""
    scope: Scope = "company"
    """Whose calls are counted together."""
    same: Same = ()
    """The arguments for each combination of whose values is counted by itself; empty: all calls
    are counted together."""
    penalty_seconds: float = 0.0
    """For how long the service shuts out who breaks it; it says so by a refusal."""

    def __post_init__(self) -> None:
        _require(self.name, self.requests >= 1, "requests must be at least 1")
        _require(self.name, _is_length(self.per_seconds), "per_seconds must be above 0")
        is_penalty = not self.penalty_seconds or _is_length(self.penalty_seconds)
        _require(self.name, is_penalty, "penalty_seconds must be 0 or more")


class ConcurrencyLimit(Struct, frozen=True, kw_only=True):
    """At most so many calls under way at once."""

    name: str
    at_most: int
    operations: tuple[str, ...] = ()
    """Which operations count, all of them together; empty: all of the system."""
    label: str = ""
    """The document's own words."""
    source: str = ""
    """The document's line."""
    scope: Scope = "company"
    """Whose calls are counted together."""

    def __post_init__(self) -> None:
        _require(self.name, self.at_most >= 1, "at_most must be at least 1")


class SpacingLimit(Struct, frozen=True, kw_only=True):
    """A pause before the same thing is touched again, such as the same application."""

    name: str
    wait_seconds: float
    same: Same
    """The arguments whose values say what is the same."""
    after: Literal["reply", "request"] = "reply"
    """What the pause is counted from; if from the reply, calls for the same follow each other."""
    operations: tuple[str, ...] = ()
    """Which operations touch it, all of them together; empty: all of the system."""
    label: str = ""
    """The document's own words."""
    source: str = ""
    """The document's line."""
    scope: Scope = "company"
    """Whose calls are counted together."""

    def __post_init__(self) -> None:
        _require(self.name, _is_length(self.wait_seconds), "wait_seconds must be above 0")
        _require(self.name, bool(self.same), "same must name a field")


class ClosedHours(Struct, frozen=True, kw_only=True):
    """Hours of each week in which the service does not answer."""

    name: str
    weekday: Weekday
    """The day on which they begin."""
    start: str
    """Local time ``HH:MM``, inclusive."""
    end: str
    """Local time ``HH:MM``, exclusive; up to the start it is of the next day. ``24:00`` is
    allowed."""
    zone: str
    """IANA name, such as ``Asia/Tokyo``."""
    operations: tuple[str, ...] = ()
    """Which operations are closed; empty: all of the system."""
    label: str = ""
    """The document's own words."""
    source: str = ""
    """The document's line."""

    def __post_init__(self) -> None:
        from zoneinfo import ZoneInfo  # most systems never close

        _require(self.name, self.weekday in WEEKDAYS, "weekday must be one such as sunday")
        start, end = minute_of_day(self.start), minute_of_day(self.end)
        _require(self.name, 0 <= start < 24 * 60, "start must be a time such as 01:00")
        _require(self.name, end >= 0, "end must be a time such as 03:00")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"limit {self.name}: zone must be one such as Asia/Tokyo") from None


class QuotaLimit(Struct, frozen=True, kw_only=True):
    """At most so many requests in each hour, day, week, month or year of a calendar."""

    name: str
    requests: int
    each: Literal["hour", "day", "week", "month", "year"]
    """A week begins on Monday."""
    resets: str = "00:00"
    """The local time ``HH:MM`` at which the count begins anew; of an hour its minute."""
    zone: str = "UTC"
    """IANA name, such as ``Asia/Seoul``."""
    operations: tuple[str, ...] = ()
    """Which operations count, all of them together; empty: all of the system."""
    label: str = ""
    """The document's own words."""
    source: str = ""
    """The document's line."""
    scope: Scope = "company"
    """Whose calls are counted together."""
    same: Same = ()
    """The arguments for each combination of whose values is counted by itself; empty: all calls
    are counted together."""

    def __post_init__(self) -> None:
        from zoneinfo import ZoneInfo  # most systems count by no calendar

        _require(self.name, self.requests >= 1, "requests must be at least 1")
        resets = minute_of_day(self.resets)
        _require(self.name, 0 <= resets < 24 * 60, "resets must be a time such as 09:00")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"limit {self.name}: zone must be one such as Asia/Seoul") from None


Limit = RateLimit | ConcurrencyLimit | SpacingLimit | ClosedHours | QuotaLimit


class Limits(Struct, frozen=True):
    """All limits of one system."""

    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        names = [limit.name for limit in self.limits]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two limits are named {', '.join(twice)}")
        if len(names) > MOST_LIMITS:
            raise ValueError(f"{len(names)} limits; there may be {MOST_LIMITS}")

    @property
    def scope(self) -> Scope:
        """The widest scope of them all; closed hours have none."""
        found = {limit.scope for limit in self.limits if not isinstance(limit, ClosedHours)}
        return next((scope for scope in SCOPES if scope in found), "company")

    def __bool__(self) -> bool:
        return bool(self.limits)


def closed_weekly(
    name: str, weekly: str, zone: str, operations: tuple[str, ...] = ()
) -> ClosedHours:
    """Read closed hours as specs have them, ``sunday 01:00-03:00``.

    Raises:
        ValueError: that is not how it is written, or there is no such zone.
    """
    weekday, _, times = weekly.partition(" ")
    start, dash, end = times.partition("-")
    _require(name, weekday in WEEKDAYS and bool(dash), "must read as sunday 01:00-03:00")
    return ClosedHours(
        name=name,
        weekday=next(day for day in WEEKDAYS if day == weekday),
        start=start,
        end=end,
        zone=zone,
        operations=operations,
    )


def names_of(same: Same) -> tuple[str, ...]:
    """Return the names of the arguments that say which calls are about the same."""
    if isinstance(same, str):
        return (same,) if same else ()
    return same


def minute_of_day(text: str) -> int:
    """Return the minutes since midnight of ``HH:MM``, ``24:00`` included; -1 for other text."""
    hours, _, minutes = text.partition(":")
    if not (len(hours) == len(minutes) == 2 and text.isascii() and (hours + minutes).isdigit()):
        return -1
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found <= 24 * 60 else -1


def _require(name: str, holds: bool, rule: str) -> None:
    if not holds:
        raise ValueError(f"limit {name}: {rule}")


def _is_length(seconds: float) -> bool:
    return math.isfinite(seconds) and seconds > 0

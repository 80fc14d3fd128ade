"""Measure by how much calls keep or break a limit, as the server sees it.

Knows nothing of how clients keep limits: what is measured here is when requests arrive and when
replies leave, by the mock's own clock. A client sees a reply later than the mock sends it, so
that what a client keeps by its own clock is kept here, too; but two requests may travel for
different times, and arrive closer together than they were sent.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal, Protocol

from ...texts.zones import load_zone

__all__ = [
    "Breach",
    "ClosedMeasure",
    "ConcurrencyMeasure",
    "Measure",
    "QuotaMeasure",
    "RateMeasure",
    "SpacingMeasure",
    "Visit",
]


@dataclass(slots=True, kw_only=True, eq=False)
class Visit:
    """One request, from its arrival until its reply leaves."""

    operation: str
    now: datetime
    """When it arrived, or leaves; aware."""
    seconds: float
    """The same on a clock that never runs backwards."""
    subjects: dict[str, str] = field(default_factory=dict)
    """What the request is about, such as the number of an application, by what limits call it."""
    issued: list[tuple[str, str]] = field(default_factory=list)
    """What the reply is about, where the request did not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """By how much one call broke one limit; what does not apply is 0."""

    seconds_too_early: float = 0.0
    seconds_too_long: float = 0.0
    """How long it went on after the limit ended it."""
    calls_too_many: int = 0

    def __str__(self) -> str:
        if self.calls_too_many:
            many = self.calls_too_many
            return f"{many} call{'s' if many > 1 else ''} too many"
        if self.seconds_too_long:
            return f"{self.seconds_too_long:.6g} s too long"
        return f"{self.seconds_too_early:.6g} s too early"


class Measure(Protocol):
    """Measures one limit; whoever calls it holds a lock."""

    name: str
    kind: str

    def arrive(self, visit: Visit) -> Breach | None:
        """Take note of an arrival."""

    def about(self, visit: Visit) -> Breach | None:
        """Take note of what a request turned out to be about."""

    def leave(self, visit: Visit) -> Breach | None:
        """Take note that the reply is leaving; the visit now tells of the present."""

    def figures(self) -> dict[str, float]:
        """Return what was seen so far, by name."""


class RateMeasure:
    """At most so many arrivals in any stretch of time of one length."""

    kind = "rate"

    def __init__(
        self,
        name: str,
        *,
        requests: int,
        per_seconds: float,
        operations: Collection[str] = (),
        same: Sequence[str] = (),
        penalty_seconds: float = 0.0,
    ) -> None:
        """Create the measure.

        Args:
            name: of the limit.
            requests: how many are allowed.
            per_seconds: in what time.
            operations: those that count; empty: all.
            same: what of a request says with which others it is counted; empty: with all.
            penalty_seconds: for how long who breaks it is shut out.
        """
        self.name = name
        self._requests = requests
        self._per_seconds = per_seconds
        self._operations = frozenset(operations)
        self._same = tuple(same)
        self._arrivals: OrderedDict[tuple[str, ...], deque[float]] = OrderedDict()
        self._penalty_seconds = penalty_seconds
        self._shut_out: dict[tuple[str, ...], float] = {}
        """Until when, by what they asked for."""
        self._count = 0
        self._last = 0.0
        self._first: float | None = None
        self._least: float | None = None

    def arrive(self, visit: Visit) -> Breach | None:
        """Compare the arrival with the one so many before it."""
        return None if self._same else self._compare(visit)

    def about(self, visit: Visit) -> Breach | None:
        """Compare the arrival with the one so many before it that was about the same."""
        return self._compare(visit) if self._same else None

    def leave(self, visit: Visit) -> Breach | None:
        """Take no note: it does not matter here."""

    def figures(self) -> dict[str, float]:
        """Return how many arrived, over how long, and the shortest stretch that counts."""
        found: dict[str, float] = {"requests": self._count}
        if self._first is not None:
            found["seconds_from_first_to_last"] = round(self._last - self._first, 6)
        if self._least is not None:
            found["least_seconds"] = round(self._least, 6)
        return found

    def _compare(self, visit: Visit) -> Breach | None:
        if not _concerns(self._operations, visit):
            return None
        values = tuple(visit.subjects.get(name, "") for name in self._same)
        if (until := self._shut_out.get(values, 0.0)) > visit.seconds:
            return _early(until - visit.seconds)  # and does not count, nor prolong it
        self._shut_out.pop(values, None)
        arrivals = self._arrivals.setdefault(values, deque(maxlen=self._requests))
        self._arrivals.move_to_end(values)
        before = arrivals[0] if len(arrivals) == self._requests else None
        arrivals.append(visit.seconds)
        self._forget(visit.seconds)
        self._count += 1
        self._last = visit.seconds
        if self._first is None:
            self._first = visit.seconds
        if before is None:
            return None
        passed = visit.seconds - before
        self._least = passed if self._least is None else min(self._least, passed)
        early = self._per_seconds - passed
        if round(early, 6) <= 0 or not self._penalty_seconds:
            return _early(early)
        self._shut_out[values] = visit.seconds + self._penalty_seconds
        return _early(max(early, self._penalty_seconds))

    def _forget(self, seconds: float) -> None:
        """Forget values that were asked about so long ago that they matter no more."""
        while next(iter(self._arrivals.values()))[-1] < seconds - self._per_seconds - 1:
            self._arrivals.popitem(last=False)


class QuotaMeasure:
    """At most so many arrivals in each hour, day, week, month or year of the wall's calendar."""

    kind = "quota"

    def __init__(
        self,
        name: str,
        *,
        requests: int,
        each: str,
        resets_minute: int,
        zone: str,
        operations: Collection[str] = (),
        same: Sequence[str] = (),
    ) -> None:
        """Create the measure; ``resets_minute`` counts from midnight, or from the full hour."""
        self.name = name
        self._requests = requests
        self._each = each
        self._resets = timedelta(minutes=resets_minute % 60 if each == "hour" else resets_minute)
        self._zone = zone
        self._operations = frozenset(operations)
        self._same = tuple(same)
        self._stretch: tuple[int, ...] = ()
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._most = 0

    def arrive(self, visit: Visit) -> Breach | None:
        """Count the arrival in its stretch of the calendar."""
        return None if self._same else self._counted(visit)

    def about(self, visit: Visit) -> Breach | None:
        """Count the arrival among those about the same."""
        return self._counted(visit) if self._same else None

    def leave(self, visit: Visit) -> Breach | None:
        """Take no note: it does not matter here."""

    def figures(self) -> dict[str, float]:
        """Return how many there are in this stretch, and at most in one about the same."""
        return {"requests": self._counts.total(), "most_in_one": self._most}

    def _counted(self, visit: Visit) -> Breach | None:
        if not _concerns(self._operations, visit):
            return None
        stretch = self._stretch_of(visit.now)
        if stretch != self._stretch:
            self._stretch = stretch
            self._counts.clear()
        values = tuple(visit.subjects.get(name, "") for name in self._same)
        self._counts[values] += 1
        self._most = max(self._most, self._counts[values])
        if self._counts[values] <= self._requests:
            return None
        return Breach(seconds_too_early=self._seconds_left(visit.now))

    def _stretch_of(self, now: datetime) -> tuple[int, ...]:
        zone = load_zone(self._zone)
        wall = now.astimezone(zone)
        shown = wall.replace(tzinfo=None) - self._resets
        offset = wall.utcoffset() or timedelta()
        tomorrow = datetime.combine(shown.date() + timedelta(days=1), time()) + self._resets
        if self._each != "hour" and tomorrow.replace(tzinfo=zone).timestamp() <= now.timestamp():
            shown += timedelta(days=1)  # the clocks were put back, and had shown it before
        match self._each:
            case "hour":  # an hour that the clocks repeat is two
                return (*shown.timetuple()[:4], int(offset.total_seconds()))
            case "day":
                return shown.timetuple()[:3]
            case "week":
                return shown.isocalendar()[:2]
            case "month":
                return shown.timetuple()[:2]
            case _:
                return (shown.year,)

    def _seconds_left(self, now: datetime) -> float:
        """Return when the next stretch begins, found by halving."""
        here, early, late = self._stretch_of(now), 0, 400 * 24 * 3600
        while late - early > 1:
            middle = (early + late) // 2
            is_here = self._stretch_of(now + timedelta(seconds=middle)) == here
            early, late = (middle, late) if is_here else (early, middle)
        return float(late)


class ConcurrencyMeasure:
    """At most so many requests of a group at once."""

    kind = "concurrency"

    def __init__(self, name: str, *, at_most: int, operations: Collection[str] = ()) -> None:
        self.name = name
        self._at_most = at_most
        self._operations = frozenset(operations)
        self._running = 0
        self._most = 0
        self._count = 0

    def arrive(self, visit: Visit) -> Breach | None:
        """Count the request as running."""
        if not _concerns(self._operations, visit):
            return None
        self._running += 1
        self._count += 1
        self._most = max(self._most, self._running)
        too_many = self._running - self._at_most
        return Breach(calls_too_many=too_many) if too_many > 0 else None

    def about(self, visit: Visit) -> Breach | None:
        """Take no note: it does not matter here."""

    def leave(self, visit: Visit) -> Breach | None:
        """Count the request as over."""
        if _concerns(self._operations, visit):
            self._running -= 1
        return None

    def figures(self) -> dict[str, float]:
        """Return how many arrived, and how many there were at once at most."""
        return {"requests": self._count, "most_at_once": self._most}


class SpacingMeasure:
    """A pause before the same thing is touched again, after the reply or after the request."""

    kind = "spacing"

    def __init__(
        self,
        name: str,
        *,
        wait_seconds: float,
        after: Literal["reply", "request"] = "reply",
        operations: Collection[str] = (),
        same: Sequence[str] = (),
    ) -> None:
        """Create the measure.

        Args:
            name: of the limit.
            wait_seconds: how long the pause is.
            after: what it is counted from.
            operations: those that touch it; empty: all.
            same: what of a request says which others are about the same.
        """
        self.name = name
        self._same = tuple(same)
        self._after_reply = after == "reply"
        self._wait_seconds = wait_seconds
        self._operations = frozenset(operations)
        self._running: dict[tuple[str, ...], int] = {}
        self._left: OrderedDict[tuple[str, ...], float] = OrderedDict()
        self._count = 0
        self._least: float | None = None

    def arrive(self, visit: Visit) -> Breach | None:
        """Take no note: what the request is about is not known yet."""

    def about(self, visit: Visit) -> Breach | None:
        """Compare the arrival with the last reply about the same."""
        subject = self._subject(visit)
        if subject is None:
            return None
        self._count += 1
        running = self._running.get(subject, 0)
        self._running[subject] = running + 1
        left = self._left.get(subject)
        if not self._after_reply:
            self._note(subject, visit.seconds)
        elif running:
            # The other's reply has not even left.
            return _early(self._wait_seconds)
        if left is None:
            return None
        passed = visit.seconds - left
        self._least = passed if self._least is None else min(self._least, passed)
        return _early(min(self._wait_seconds - passed, self._wait_seconds))

    def leave(self, visit: Visit) -> Breach | None:
        """Take note of when the reply left."""
        if not _concerns(self._operations, visit):
            return None
        issued = [(value,) for name, value in visit.issued if (name,) == self._same]
        subject = self._subject(visit)
        if subject is not None:
            self._running[subject] -= 1
            if not self._running[subject]:
                del self._running[subject]
        if self._after_reply:
            for one in (*issued, subject):
                if one is not None:
                    self._note(one, visit.seconds)
        return None

    def figures(self) -> dict[str, float]:
        """Return how many requests named what they are about, and the shortest pause."""
        found: dict[str, float] = {"requests": self._count}
        if self._least is not None:
            found["least_seconds"] = round(self._least, 6)
        return found

    def _subject(self, visit: Visit) -> tuple[str, ...] | None:
        """Return what a request is about; None: nothing that the pause is kept for."""
        if not _concerns(self._operations, visit):
            return None
        values = tuple(visit.subjects.get(name, "") for name in self._same)
        return values if any(values) else None

    def _note(self, subject: tuple[str, ...], seconds: float) -> None:
        self._left[subject] = seconds
        self._left.move_to_end(subject)
        while next(iter(self._left.values())) < seconds - self._wait_seconds - 1:
            self._left.popitem(last=False)


class ClosedMeasure:
    """Hours of a week in which nobody is served."""

    kind = "closed_hours"

    def __init__(
        self,
        name: str,
        *,
        opening_minute: int,
        closing_minute: int,
        zone: str,
        operations: Collection[str] = (),
    ) -> None:
        """Create the measure; minutes count from the beginning of Monday by the wall clock."""
        self.name = name
        self._closing = closing_minute * 60
        self._length = (opening_minute - closing_minute) * 60 % _WEEK
        self._zone = zone
        self._operations = frozenset(operations)
        self._count = 0
        self._open: set[Visit] = set()

    def arrive(self, visit: Visit) -> Breach | None:
        """Say how long it still is to the end of the closed hours."""
        if not _concerns(self._operations, visit):
            return None
        self._count += 1
        since = self._since_closing(visit.now)
        if since >= self._length:
            self._open.add(visit)
            return None
        return _early(self._length - since)

    def about(self, visit: Visit) -> Breach | None:
        """Take no note: it does not matter here."""

    def leave(self, visit: Visit) -> Breach | None:
        """Say how long a request that came in time went on after closing."""
        if visit not in self._open:
            return None
        self._open.discard(visit)
        since = self._since_closing(visit.now)
        if since >= self._length or round(since, 6) == 0:
            return None
        return Breach(seconds_too_long=round(since, 6))

    def figures(self) -> dict[str, float]:
        """Return how many arrived."""
        return {"requests": self._count}

    def _since_closing(self, now: datetime) -> float:
        local = now.astimezone(load_zone(self._zone)).replace(tzinfo=None)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        monday = midnight - timedelta(days=local.weekday())
        return ((local - monday).total_seconds() - self._closing) % _WEEK


def _concerns(operations: frozenset[str], visit: Visit) -> bool:
    return not operations or visit.operation in operations


def _early(seconds: float) -> Breach | None:
    # A clock's last digits are noise.
    seconds = round(seconds, 6)
    return Breach(seconds_too_early=seconds) if seconds > 0 else None


_WEEK = 7 * 24 * 3600

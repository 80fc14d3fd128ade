"""Watch over the limits of a service, and keep a journal of those that were broken.

Never decides what a broken limit is answered with.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from ...clock import Clock
from .measures import Breach, Measure, Visit

__all__ = ["BrokenLimit", "LimitsWatch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLimit:
    """One limit that one call broke."""

    time: datetime
    """By the mock's clock; aware, UTC."""
    operation: str
    """The Python name."""
    limit: str
    """The name of the limit in the spec."""
    kind: str
    """``rate``, ``concurrency``, ``spacing`` or ``closed_hours``."""
    breach: Breach
    """By how much."""

    def __str__(self) -> str:
        return f"{self.time.isoformat()} {self.operation}: {self.limit}: {self.breach}"


class LimitsWatch:
    """Measures all limits of one company; safe to share between threads.

    Args:
        measures: one for each limit.
        clock: what time it is.
        size: how many broken limits are kept in the journal; all are counted.
    """

    def __init__(self, measures: Sequence[Measure], *, clock: Clock, size: int = 10_000) -> None:
        self._measures = tuple(measures)
        self._clock = clock
        self._lock = Lock()
        self._journal: deque[BrokenLimit] = deque(maxlen=size)
        self._counts: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()

    @property
    def kinds(self) -> dict[str, str]:
        """The kinds of the limits, by name."""
        return {measure.name: measure.kind for measure in self._measures}

    @property
    def broken(self) -> Sequence[BrokenLimit]:
        """The last broken limits, oldest first."""
        with self._lock:
            return tuple(self._journal)

    @property
    def broken_counts(self) -> dict[str, int]:
        """How often each limit was broken, those never broken included."""
        with self._lock:
            return {measure.name: self._counts[measure.name] for measure in self._measures}

    @property
    def requests(self) -> dict[str, int]:
        """How many requests there were, by operation."""
        with self._lock:
            return dict(self._requests)

    def figures(self) -> dict[str, dict[str, float]]:
        """Return what was measured, by limit."""
        with self._lock:
            return {measure.name: measure.figures() for measure in self._measures}

    def clear(self) -> None:
        """Forget what was broken; what runs and what was measured stays."""
        with self._lock:
            self._journal.clear()
            self._counts.clear()

    def arrive(self, operation: str) -> tuple[Visit, tuple[BrokenLimit, ...]]:
        """Take note of a request the moment it arrives; `leave` must follow."""
        with self._lock:
            visit = Visit(
                operation=operation, now=self._clock.now(), seconds=self._clock.monotonic()
            )
            self._requests[operation] += 1
            return visit, self._noted(visit, [m.arrive(visit) for m in self._measures])

    def about(self, visit: Visit, subjects: Mapping[str, str]) -> tuple[BrokenLimit, ...]:
        """Take note of what a request is about, by what limits call it, once that has been read."""
        with self._lock:
            visit.subjects.update(subjects)
            return self._noted(visit, [m.about(visit) for m in self._measures])

    def leave(self, visit: Visit, *subjects: tuple[str, str]) -> tuple[BrokenLimit, ...]:
        """Take note of a reply just before the last of it leaves.

        Args:
            visit: what `arrive` returned.
            subjects: what the reply is about; of use where the request did not say it.
        """
        if not self._measures:
            return ()
        with self._lock:
            visit.now, visit.seconds = self._clock.now(), self._clock.monotonic()
            visit.issued += [one for one in subjects if one not in visit.subjects.items()]
            return self._noted(visit, [m.leave(visit) for m in self._measures])

    def _noted(self, visit: Visit, breaches: Sequence[Breach | None]) -> tuple[BrokenLimit, ...]:
        if not any(breaches):
            return ()
        found = tuple(
            BrokenLimit(
                time=visit.now,
                operation=visit.operation,
                limit=measure.name,
                kind=measure.kind,
                breach=breach,
            )
            for measure, breach in zip(self._measures, breaches, strict=True)
            if breach is not None
        )
        self._journal.extend(found)
        self._counts.update(broken.limit for broken in found)
        return found

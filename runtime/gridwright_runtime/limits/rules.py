"""Prepare limits to be looked up by operation."""

from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from .kinds import (
    ClosedHours,
    ConcurrencyLimit,
    Limit,
    Limits,
    QuotaLimit,
    RateLimit,
    SpacingLimit,
    names_of,
)
from .state import KEY_BITS, State
from .turns import LOGIN

if TYPE_CHECKING:
    from .hours import Timetable

__all__ = ["Needs", "Quota", "Rate", "RuleBook", "Rules", "Spacing", "digest_of"]


class Rate(NamedTuple):
    """A rate limit, margin included."""

    place: int
    bit: int
    requests: int
    seconds: float
    same: tuple[str, ...] = ()
    """The arguments by whose values it is counted; empty: all calls are counted together."""
    penalty_seconds: float = 0.0
    """For how long the service shuts out who breaks it; 0: it does not."""


class Spacing(NamedTuple):
    """A spacing limit, margin included."""

    place: int
    seconds: float
    same: tuple[str, ...]
    after_reply: bool


class Quota(NamedTuple):
    """A quota by what stands for it in a state: its place, or a key where it counts by values."""

    key: int
    limit: QuotaLimit


class Needs(NamedTuple):
    """What one operation needs."""

    mask: int
    spacings: tuple[Spacing, ...]
    quotas: tuple[Quota, ...] = ()
    by_values: tuple[Rate, ...] = ()
    """The rates that are counted by the values of arguments."""


class Rules(Struct, frozen=True):
    """Limits by their place in a state."""

    names: tuple[str, ...]
    slots: dict[int, int]
    """How many calls at once, by the bit of the concurrency limit."""
    rates: tuple[Rate, ...]
    spacings: dict[int, Spacing]
    """By place."""
    quotas: tuple[Quota, ...]
    mask: int
    """All of these."""
    by_values: dict[int, Rate]
    """The rates that are counted by the values of arguments, by place."""
    unanswered_seconds: float
    by_mask: dict[int, tuple[tuple[Rate, ...], tuple[int, ...]]]
    """Rates, and bits of concurrencies, of the masks seen so far."""
    needs: dict[str, Needs]
    """By operation, of those seen so far."""

    def parts(self, mask: int) -> tuple[tuple[Rate, ...], tuple[int, ...]]:
        """Return the rates of a mask, and the bits of its concurrencies."""
        found = self.by_mask.get(mask)
        if found is None:
            found = self.by_mask[mask] = (
                tuple(rate for rate in self.rates if rate.bit & mask),
                tuple(bit for bit in self.slots if bit & mask),
            )
        return found

    def labels(self, mask: int) -> list[str]:
        """Return the names of the limits of a mask."""
        return [name for index, name in enumerate(self.names) if mask >> index & 1]


class RuleBook:
    """The limits of a limiter; knows them by their place in any state."""

    __slots__ = (
        "_known",
        "_limited",
        "_limits",
        "_names",
        "_tables",
        "_unanswered_seconds",
        "margin_seconds",
    )

    def __init__(self, limits: Limits, margin_seconds: float, unanswered_seconds: float) -> None:
        self._limits = limits
        self.margin_seconds = margin_seconds
        """How much later than their turns requests may be, and still not be too close."""
        self._unanswered_seconds = unanswered_seconds
        self._names = [limit.name for limit in limits.limits if not isinstance(limit, ClosedHours)]
        self._known: dict[tuple[str, ...], Rules] = {}
        self._limited: dict[str, bool] = {}
        self._tables: dict[str, Timetable | None] = {}

    def rules(self, state: State) -> Rules:
        """Return the limits as a state numbers them; names that it lacks are added to it."""
        if state.names != self._names:
            state.names += [name for name in self._names if name not in state.names]
        names = tuple(state.names)
        rules = self._known.get(names)
        if rules is None:
            rules = self._known[names] = self._numbered(names)
        return rules

    def needs(self, rules: Rules, operation: str) -> Needs:
        """Return what an operation needs."""
        found = rules.needs.get(operation)
        if found is None:
            mask, spacings, quotas = 0, [], []
            for limit in self._limits.limits:
                if not _concerns(limit, operation):
                    continue
                if isinstance(limit, SpacingLimit):
                    spacings.append(rules.spacings[rules.names.index(limit.name)])
                elif isinstance(limit, QuotaLimit):
                    quotas.append(Quota(rules.names.index(limit.name), limit))
                elif not isinstance(limit, ClosedHours):
                    mask |= 1 << rules.names.index(limit.name)
            found = rules.needs[operation] = Needs(
                mask,
                tuple(spacings),
                tuple(quotas),
                tuple(rate for rate in rules.by_values.values() if rate.bit & mask),
            )
        return found

    def is_limited(self, operation: str) -> bool:
        """Say whether any limit is about an operation."""
        found = self._limited.get(operation)
        if found is None:
            found = self._limited[operation] = any(
                _concerns(limit, operation) for limit in self._limits.limits
            )
        return found

    def seconds_used_up(self, name: str, operation: str, wall: datetime) -> float | None:
        """Return for how long a limit stays used up, once it is; None: it is none of these.

        Args:
            name: of a rate or a quota, as the document has it.
            operation: the calls of which it counts.
            wall: the present, aware.
        """
        names = (name, f"{name}_of_{operation}")
        for limit in self._limits.limits:
            if limit.name not in names or not _concerns(limit, operation):
                continue
            if isinstance(limit, RateLimit):
                return max(limit.per_seconds, limit.penalty_seconds) + self.margin_seconds
            if isinstance(limit, QuotaLimit):
                from .quotas import window_of  # loads time zones, and most systems have no quota

                return (window_of(limit, wall)[1] - wall).total_seconds() + self.margin_seconds
        return None

    def timetable(self, operation: str) -> "Timetable | None":
        """Return when an operation is closed; None where it never is."""
        if operation not in self._tables:
            hours = tuple(
                limit
                for limit in self._limits.limits
                if isinstance(limit, ClosedHours)
                and (not limit.operations or operation in limit.operations)
            )
            self._tables[operation] = _timetable(hours) if hours else None
        return self._tables[operation]

    def _numbered(self, names: tuple[str, ...]) -> Rules:
        slots, rates, spacings, quotas = {}, [], {}, []
        for limit in self._limits.limits:
            if isinstance(limit, ClosedHours):
                continue
            index = names.index(limit.name)
            if isinstance(limit, ConcurrencyLimit):
                slots[1 << index] = limit.at_most
            elif isinstance(limit, RateLimit):
                seconds = limit.per_seconds + self.margin_seconds
                same = names_of(limit.same)
                penalty = limit.penalty_seconds
                penalty += self.margin_seconds if penalty else 0.0
                rates.append(Rate(index, 1 << index, limit.requests, seconds, same, penalty))
            elif isinstance(limit, QuotaLimit):
                quotas.append(Quota(index, limit))
            else:
                seconds = limit.wait_seconds + self.margin_seconds
                same = names_of(limit.same)
                spacings[index] = Spacing(index, seconds, same, limit.after == "reply")
        return Rules(
            names=names,
            slots=slots,
            rates=tuple(rates),
            spacings=spacings,
            quotas=tuple(quotas),
            mask=sum(1 << names.index(name) for name in self._names),
            by_values={rate.place: rate for rate in rates if rate.same},
            unanswered_seconds=self._unanswered_seconds,
            by_mask={},
            needs={},
        )


def _concerns(limit: Limit, operation: str) -> bool:
    """Say whether a limit is about an operation; a login has no arguments to be counted by."""
    if operation == LOGIN and isinstance(limit, RateLimit | QuotaLimit) and limit.same:
        return False
    return not limit.operations or operation in limit.operations


def _timetable(hours: tuple[ClosedHours, ...]) -> "Timetable":
    from .hours import Timetable  # loads time zones, and most systems never close

    return Timetable(hours)


def digest_of(value: str, secret: bytes) -> int:
    """Return what stands for a value in a state, `KEY_BITS` shorter than 64 bits."""
    digest = blake2b(value.encode(), key=secret, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> KEY_BITS

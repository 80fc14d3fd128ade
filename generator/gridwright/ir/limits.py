"""Limits: how often, and when, operations may be called."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.words import LimitKind, LimitScope, LimitStretch, SpacingStart

__all__ = ["EVERY_ARGUMENT", "LOGINS", "Limit", "WeeklyHours"]

LOGINS = "(login)"
"""In place of operations: the limit counts logins, and nothing else."""

_WEEKLY = re.compile("([a-z]+) ([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")


class WeeklyHours(NamedTuple):
    """Hours of each week; an end that is not after the start is of the next day."""

    weekday: str
    start: str
    end: str


EVERY_ARGUMENT = "*"
"""Stands for all arguments, where calls are the same that have them all alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a client must keep; which attributes are filled depends on ``kind``.

    Attributes:
        period: ``at_most`` as a length, where the limit is one of a period or a lifetime; what it
            says of the calendar's months stands in ``months``.
        days: how many days of the calendar ``period`` has; the rest of it elapses.
        to_is: whether the last moment of a period belongs to it: included, excluded or undecided;
            empty: nobody says.
        field: wire name of the list of which a batch limits the items.
        penalty: for how long the service shuts out who breaks it; None: nobody says that it does.
        each: stretch of the calendar in which a quota is counted; it begins at ``resets``.
        each_operation: each operation has a count of its own.
        same: Python names of the arguments whose values decide what is the same, or ``*`` alone
            for all of them; empty: all calls are counted together.
        from_field: wire name of the field with the first moment of a period; ``to_field`` has the
            last.
    """

    name: str
    kind: LimitKind
    requests: int | None
    per: timedelta | None
    penalty: timedelta | None
    each: LimitStretch
    resets: str
    at_most: str
    period: timedelta | None
    months: int
    days: int
    wait: timedelta | None
    after: SpacingStart
    same: tuple[str, ...]
    scope: LimitScope
    operations: tuple[str, ...]
    each_operation: bool
    weekly: str
    zone: str
    from_field: str
    to_field: str
    to_is: str
    field: str
    en: str
    cite: Citation
    span: Span

    @property
    def hours(self) -> WeeklyHours | None:
        """The closed hours of each week; None: there are none, or nobody understands them."""
        match = _WEEKLY.fullmatch(self.weekly)
        return WeeklyHours(*match.groups()) if match is not None else None

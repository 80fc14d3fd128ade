"""Plan a harvest: for each subject a period, cut at midnights of the service's zone."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct

from ..tables.flatten import without_none
from ..texts.zones import load_zone
from ..times.lengths import Length, added

__all__ = [
    "Plan",
    "PlanError",
    "Window",
    "arguments_for",
    "check_kinds",
    "length_of",
    "subject_text",
    "windows",
    "zone_midnight",
]


class PlanError(ValueError):
    """A plan that cannot be carried out; the message says what to say instead."""


class Window(Struct, frozen=True, kw_only=True):
    """Which arguments say the period of one call, and how long it is."""

    first: str
    """The argument with the first day, or with the only one."""
    last: str = ""
    """The argument with the end; empty: a call is about one day."""
    step: str = "P1D"
    """``P1D``, ``P7D`` or ``P1M``: how long one period is."""
    end: Literal["included", "excluded"] = "included"
    """Whether the last argument names the last day, or the first one after it."""


class Plan(Struct, frozen=True, kw_only=True):
    """What is read of one operation."""

    system: str
    operation: str
    subject: str
    """The argument that tells subjects apart; empty: there is one for all."""
    window: Window
    key: tuple[str, ...]
    """Columns that tell one reading from every other; the writer refuses two with one key."""
    since: date
    zone: str
    published_seconds: float = 0.0
    """How long after its end a window is complete."""
    corrected_seconds: float = 0.0
    """How long after that its values may still change."""
    label_marks: Literal["start", "end"] | None = None
    repeated: Literal["first", "second"] | None = None

    def published_at(self, end: date) -> datetime:
        """Return when a window that ends before this day is complete, aware."""
        return zone_midnight(end, self.zone) + timedelta(seconds=self.published_seconds)

    def settled_at(self, end: date) -> datetime:
        """Return from when on the values of such a window do not change any more."""
        return self.published_at(end) + timedelta(seconds=self.corrected_seconds)


def windows(
    plan: Plan, until: date, since: date | None = None, cuts: Sequence[date] = ()
) -> Iterator[tuple[date, date]]:
    """Yield half-open windows that end at this day or before; they join without a gap.

    Windows of months begin with the month, so that a later start of the harvest cuts them alike.

    Args:
        plan: the plan.
        until: the first day that is not read.
        since: the first day of a subject; the plan's, where it is None.
        cuts: days at which windows begin anew, sorted.
    """
    step = length_of(plan.window.step)
    start = plan.since if since is None else since
    while start < until:
        end = added(start, step)
        if step.months:
            end = added(start.replace(day=1), step)
        end = min(end, until, *(cut for cut in cuts if cut > start))
        yield start, end
        start = end


def check_kinds(plan: Plan, kinds: Mapping[str, Any]) -> None:
    """Make sure that the client takes what a harvest gives: days or their midnights, and subjects.

    Args:
        plan: the plan.
        kinds: by name, what the client takes for an argument.

    Raises:
        PlanError: it does not.
    """
    window = plan.window
    for name in filter(None, (window.first, window.last, plan.subject)):
        if name not in kinds:
            raise PlanError(f"the client takes no argument {name}: it takes {', '.join(kinds)}")
    for name in filter(None, (window.first, window.last)):
        if _inner_type(kinds[name]) not in (date, datetime):
            raise PlanError(f"{name} is no date and no time, and windows are cut by it")
    if window.last and window.end == "included" and _is_instant(kinds[window.last]):
        raise PlanError(f"{window.last} is an instant: the end of a window must be excluded")
    if plan.subject and _item_kind(kinds[plan.subject]) not in _OF_SUBJECTS:
        raise PlanError(
            f"{plan.subject} is no text and no number, and subjects are told apart by it"
        )


def subject_text(subject: str, kind: Any) -> str:
    """Return the text that stands for a subject: a number is written in one way.

    Raises:
        PlanError: the client takes a number, and it is none.
    """
    return str(_value_of(subject, _item_kind(kind)))


def arguments_for(
    plan: Plan, kinds: Mapping[str, Any], subject: str, start: date, end: date
) -> dict[str, Any]:
    """Return the arguments of the call for one window.

    Args:
        plan: the plan.
        kinds: by name, what the client takes for an argument.
        subject: its value; empty where there is none.
        start: the first day.
        end: the first day after the window.
    """
    window = plan.window
    found: dict[str, Any] = {}
    if plan.subject:
        kind = kinds.get(plan.subject, str)
        value = _value_of(subject, _item_kind(kind))
        found[plan.subject] = [value] if _is_list(kind) else value
    if not window.last and length_of(window.step).months:
        start = start.replace(day=1)  # a month is named by its first day
    found[window.first] = _moment(start, kinds[window.first], plan.zone)
    if not window.last:
        return found
    kind = kinds[window.last]
    if window.end == "excluded":
        found[window.last] = _moment(end, kind, plan.zone)
    elif _is_instant(kind):
        raise PlanError(f"{window.last} is an instant: the end of a window must be excluded")
    else:
        found[window.last] = end - timedelta(days=1)
    return found


def length_of(text: str) -> Length:
    """Return a length of whole days or months.

    Raises:
        PlanError: it is none.
    """
    found = _LENGTH.fullmatch(text)
    years, months, weeks, days = (int(part or 0) for part in found.groups()) if found else (0,) * 4
    length = Length(months=years * 12 + months, days=weeks * 7 + days)
    # Days and months together would depend on which are added first.
    if bool(length.months) == bool(length.days):
        raise PlanError("a length is one of days, weeks, months or years: P1D, P7D, P1M, P2Y")
    return length


def zone_midnight(day: date, zone: str) -> datetime:
    """Return the first instant of a day in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=load_zone(zone))


def _moment(day: date, kind: Any, zone: str) -> Any:
    return zone_midnight(day, zone) if _is_instant(kind) else day


def _is_instant(kind: Any) -> bool:
    return _inner_type(kind) is datetime


def _inner_type(kind: Any) -> Any:
    """Return what an argument holds that need not be given."""
    return without_none(kind)


def _is_list(kind: Any) -> bool:
    origin = get_origin(_inner_type(kind))
    return isinstance(origin, type) and issubclass(origin, Collection)


def _item_kind(kind: Any) -> Any:
    """Return the type of one subject: the type of the argument, or that of its items if a list.

    A harvest asks for one subject at a time, so such a list has one item.
    """
    held = _inner_type(kind)
    item = get_args(held)[0] if _is_list(kind) else held
    return str if get_origin(item) is Literal else item


def _value_of(subject: str, kind: Any) -> str | int | Decimal:
    if kind is int:
        if re.fullmatch("[+-]?[0-9]{1,100}", subject, re.ASCII) is None:
            raise PlanError("a subject is no whole number, and the client takes one")
        return int(subject)
    if kind is Decimal:
        if re.fullmatch(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?", subject, re.ASCII) is None:
            raise PlanError("a subject is no number, and the client takes one")
        return Decimal(subject)
    return subject


_OF_SUBJECTS = (str, int, Decimal)
_LENGTH = re.compile(
    "P(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?", re.ASCII
)

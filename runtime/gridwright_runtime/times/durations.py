"""Lengths of time: of the clock, and of the calendar, which are no number of seconds."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec import Struct

from ..texts.encoders import EncodingError
from ..texts.numerals import read_decimal

__all__ = ["UNITS", "Duration", "written_duration"]

UNITS = {"duration_s": 1, "duration_min": 60, "duration_h": 3600}
"""The patterns that are numbers, and how many seconds one of their units has."""


class Duration(Struct, frozen=True):
    """A length of time, as ISO 8601 knows it: months and days of the calendar, and elapsed time.

    A day of the calendar has 23 or 25 hours where the clocks are changed, and a month has 28 to 31
    days: neither is a number of seconds, and none is made of it.
    """

    months: int = 0
    """Months of the calendar; a year is twelve."""
    days: int = 0
    """Days of the calendar; a week is seven."""
    elapsed: timedelta = timedelta()
    """Hours, minutes and seconds, which always have the same length."""

    @property
    def is_exact(self) -> bool:
        """Whether it has the same length whenever it begins."""
        return not (self.months or self.days)

    def exact(self) -> timedelta:
        """Return the length.

        Raises:
            ValueError: it is a length of the calendar; ask `after` for what it leads to.
        """
        if not self.is_exact:
            raise ValueError("a length of the calendar depends on where it begins: use after()")
        return self.elapsed

    def after(self, start: datetime) -> datetime:
        """Return the end of what begins at an aware time.

        Months and days are counted by the calendar of the time's zone, and elapsed time as it
        passes. The last day of a month that is too short stands for the days that it lacks.

        Raises:
            ValueError: the time is naive, or the end lies outside the calendar.
        """
        if start.utcoffset() is None:
            raise ValueError("the start must be an aware datetime")
        try:
            moved = start
            if self.months:
                month = start.year * 12 + start.month - 1 + self.months
                year, month = divmod(month, 12)
                moved = start.replace(year=year, month=month + 1, day=1)
                last = (moved.replace(day=28) + timedelta(days=4)).replace(day=1).toordinal() - 1
                day = min(moved.toordinal() + start.day - 1, last)
                moved = moved + timedelta(days=day - moved.toordinal())
            moved += timedelta(days=self.days)  # by the wall clock of the zone
            return (moved.astimezone(UTC) + self.elapsed).astimezone(start.tzinfo)
        except (ValueError, OverflowError):
            pass
        raise ValueError("the end lies outside the calendar")

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read ``P1M``, ``PT15M``, ``P1DT12H`` and the like.

        Raises:
            ValueError: it is no duration of ISO 8601, or has fractions of months or days.
        """
        found = re.fullmatch(_ISO, text, re.ASCII)
        if found is None:
            raise ValueError("is not written as a duration, such as PT15M")
        sign = -1 if found["sign"] == "-" else 1
        years, months, weeks, days, hours, minutes = (
            sign * int(found[name] or 0)
            for name in ("years", "months", "weeks", "days", "hours", "minutes")
        )
        seconds = sign * Decimal((found["seconds"] or "0").replace(",", "."))
        return cls(
            years * 12 + months, weeks * 7 + days, _elapsed(seconds + 60 * (minutes + 60 * hours))
        )

    def __str__(self) -> str:
        """Write it as ISO 8601 does; no length at all is ``PT0S``."""
        signs = {value > 0 for value in (self.months, self.days, self.elapsed / _SECOND) if value}
        if len(signs) > 1:
            raise ValueError("a duration cannot be written that goes both forwards and back")
        sign = "" if signs != {False} else "-"
        years, months = divmod(abs(self.months), 12)
        seconds = Decimal(abs(self.elapsed) // _MICROSECOND).scaleb(-6)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        date = "".join(
            f"{n}{c}" for n, c in ((years, "Y"), (months, "M"), (abs(self.days), "D")) if n
        )
        time = "".join(f"{n:f}{c}" for n, c in ((hours, "H"), (minutes, "M")) if n)
        if seconds:
            time += f"{seconds.normalize():f}S"
        return f"{sign}P{date}T{time}" if time else f"{sign}P{date}" if date else "PT0S"


class _Written(type):
    """A class that stands for durations, so that msgspec asks our hook."""

    pattern: str
    rule: str
    means: tuple[tuple[str, str], ...]

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, Duration)

    def read_wire(cls, value: object) -> Duration:
        if cls.pattern not in UNITS:
            if not isinstance(value, str):
                raise ValueError("is not a text")
            text = value.strip(" \t\r\n")
            return Duration.parse(dict(cls.means).get(text, text))
        return Duration(elapsed=_elapsed(read_decimal(value) * UNITS[cls.pattern]))

    def write_wire(cls, value: object) -> str | Decimal:
        if isinstance(value, timedelta):
            value = Duration(elapsed=value)
        if not isinstance(value, Duration):
            kind = type(value).__name__
            raise EncodingError("wrong-type", f"must be a Duration or a timedelta, not {kind}")
        try:
            if cls.pattern not in UNITS:
                return _text_of(value, cls.means)
            return _in_units(value.exact(), UNITS[cls.pattern])
        except ValueError as error:
            message = str(error)
        raise EncodingError("not-a-duration", message)


@cache
def written_duration(pattern: str, means: tuple[tuple[str, str], ...] = ()) -> Any:
    """Return the type of a field that holds durations.

    Args:
        pattern: ``duration``, which is ISO 8601, or a number: one of `UNITS`.
        means: texts that stand for another length than they print, or print none, each with it.
    """
    about = {"pattern": pattern, "rule": "not-a-duration", "means": means}
    return _Written("WrittenDuration", (), about)


def _text_of(value: Duration, means: tuple[tuple[str, str], ...]) -> str:
    """Return the text that means a length.

    Raises:
        ValueError: its own text means another one here.
    """
    for said, length in means:
        if Duration.parse(length) == value:
            return said
    text = str(value)
    if any(said == text for said, _ in means):
        raise ValueError("cannot be written: its text means another length here")
    return text


def _elapsed(seconds: Decimal) -> timedelta:
    """Return a length; refuse what is no whole number of microseconds."""
    try:
        if seconds.adjusted() < 15 and (micro := seconds.scaleb(6)) == micro.to_integral_value():
            return timedelta(microseconds=int(micro))
    except ArithmeticError:
        pass
    raise ValueError("is a length that cannot be held exactly")


def _in_units(length: timedelta, seconds: int) -> Decimal:
    microseconds = length // _MICROSECOND
    # A unit has 2, 3 and 5 as its factors: only a third has no end in decimals.
    if microseconds * 10**10 % (seconds * 10**6):
        raise ValueError("cannot be written in this unit without loss")
    number = Decimal(microseconds * 10**10 // (seconds * 10**6)).scaleb(-10).normalize()
    return Decimal(f"{number:f}")


_SECOND, _MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
# Months and days are whole: half a month is no length.
_ISO = (
    r"(?P<sign>[+-]?)P(?=.)(?:(?P<years>[0-9]{1,6})Y)?(?:(?P<months>[0-9]{1,6})M)?"
    r"(?:(?P<weeks>[0-9]{1,6})W)?(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,12}(?:[.,][0-9]{1,9})?)S)?)?"
)

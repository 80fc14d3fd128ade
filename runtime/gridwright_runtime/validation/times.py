"""Check fields that hold dates, times and lengths of time, and the times that labels name."""

from datetime import date, datetime, timedelta
from typing import Literal, Unpack

from ..texts.zones import ZoneNames, zone_named
from ..times.instants import is_instant_text
from ..times.patterns import EPOCHS, YEARS, is_in_other_unit, is_plausible_year, parse
from ..times.wall_clock import is_shown, number_of_positions
from .findings import (
    IMPLAUSIBLE,
    NO_INSTANT,
    CheckOptions,
    FieldAt,
    Findings,
    is_blank,
    parse_decimal,
)

__all__ = ["TimeChecks"]


class TimeChecks(Findings):
    """Checks of one field that says when something is; a call each."""

    __slots__ = ()

    def date(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        pattern: str = "yyyymmdd",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a date or time written in one of the document's patterns; see `parse`."""
        found = self._record.get(wire)
        if _is_written(pattern, found):
            self._known.add(wire)
            return  # as most dates do
        at = FieldAt(wire, name, label, label_en, **options)
        if pattern in EPOCHS and type(found) is int:
            self._known.add(wire)
            self._pattern(at, pattern, str(found))
            return
        value = self._text(at)
        if value is not None:
            self._pattern(at, pattern, value)

    def local(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        pattern: str,
        zone: str,
        repeated: str = "undecided",
        zone_of: str = "",
        zone_names: ZoneNames = (),
        repeated_of: str = "",
        second: tuple[str, ...] = (),
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a date with a time of the clock on the wall: that it is one instant, and one alone.

        The names of other fields are wire names; see `written_instant` for the arguments.
        """
        from ..texts.local_instant import NotPlacedError
        from ..times.types import read_local

        before = len(self._found)
        self.date(wire, name, label, label_en, pattern=pattern, **options)
        value = self._record.get(wire)
        if len(self._found) > before or not isinstance(value, str) or not value:
            return
        told = (zone, repeated, zone_of, zone_names, repeated_of, second)
        try:
            read_local(value, pattern, *told, record=self._record)
        except NotPlacedError as error:
            rule, message = error.rule, str(error)
        except ValueError as error:
            rule, message = "not-a-date", str(error)
        else:
            return
        self._add(FieldAt(wire, name, label, label_en, **options), rule, message)

    def time(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        pattern: str = "hhmi",
        json: Literal["", "number"] = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a time of day: ``0000`` to ``2359``, and ``2400``; with ``json``, a number, too."""
        found = self._record.get(wire)
        if json and type(found) is int:
            self._known.add(wire)
            self._pattern(FieldAt(wire, name, label, label_en, **options), pattern, str(found))
            return
        self.date(wire, name, label, label_en, pattern=pattern, **options)

    def label(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        day: tuple[str, str],
        time: str = "",
        time_of: str = "",
        time_pattern: str,
        step_minutes: int = 0,
        marks: str = "end",
        midnight: str = "begins_day",
        zone: str,
        zone_of: str = "",
        zone_names: ZoneNames = (),
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check whether the label of a value names a time that the clocks of a zone show.

        Args:
            wire: wire name of the value.
            name: Python name of the value.
            label: the document's label.
            label_en: the same in English.
            day: wire name and pattern of the field that holds the day.
            time: the label; empty: it stands in a field.
            time_of: wire name of that field.
            time_pattern: its pattern.
            step_minutes: length of the interval; 0: the label names a moment.
            marks: start or end, whichever of its interval the label names; undecided: either.
            midnight: ends_day or begins_day, whichever 00:00 means at the end of an interval;
                undecided: nothing says it.
            zone: an IANA name.
            zone_of: wire name of the field that has another; empty: there is none.
            zone_names: what it may say, where it says no IANA names.
            about: see `CheckOptions`.
        """
        zone = self._zone(zone, zone_of, zone_names)
        value, day_text = self._record.get(wire), self._record.get(day[0])
        text = self._record.get(time_of) if time_of else time
        if type(text) is int:  # an hour, which JSON has as a number
            text = str(text)
        if not zone or is_blank(value):
            return
        if not isinstance(day_text, str) or not isinstance(text, str):
            return
        try:
            on, since_midnight = parse(day[1], day_text), parse(time_pattern, text)
        except ValueError:
            return  # reported at the fields that hold them
        if not isinstance(since_midnight, timedelta) or not isinstance(on, date):
            return
        if not since_midnight and marks == "end" and midnight == "undecided":
            at = FieldAt(wire, name, label, label_en, **options)
            said = "its interval ends at 00:00: the document does not say whether that ends its day"
            self._add(at, "unplaced-reading", said)
            return
        if not since_midnight and marks == "end" and midnight == "ends_day":
            since_midnight = timedelta(days=1)
        if not is_shown(on, since_midnight, step_minutes, marks, zone):
            at = FieldAt(wire, name, label, label_en, **options)
            self._add(
                at,
                "skipped-time",
                f"is of a time that the clocks of {zone} skip that day",
            )

    def position(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        day: tuple[str, str],
        index: int,
        step_minutes: int,
        zone: str,
        zone_of: str = "",
        zone_names: ZoneNames = (),
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check whether a day has the position of a value.

        Args:
            wire: wire name of the value.
            name: Python name of the value.
            label: the document's label.
            label_en: the same in English.
            day: wire name and pattern of the field that holds the day.
            index: which position, counted from 0.
            step_minutes: length of the interval.
            zone: an IANA name.
            zone_of: wire name of the field that has another; empty: there is none.
            zone_names: what it may say, where it says no IANA names.
            about: see `CheckOptions`.
        """
        zone = self._zone(zone, zone_of, zone_names)
        value, day_text = self._record.get(wire), self._record.get(day[0])
        if not zone or is_blank(value) or not isinstance(day_text, str):
            return
        try:
            on = parse(day[1], day_text)
        except ValueError:
            return  # reported at the field that holds it
        if not isinstance(on, date):
            return
        count = number_of_positions(on, timedelta(minutes=step_minutes), zone)
        if index >= count:
            at = FieldAt(wire, name, label, label_en, **options)
            self._add(
                at,
                "no-such-position",
                f"is position {index + 1} of a day that has {count}",
            )

    def _zone(self, zone: str, zone_of: str, zone_names: ZoneNames) -> str:
        """Return the zone that is told; empty: the field that names it names none."""
        if not zone_of:
            return zone
        try:
            return zone_named(self._record.get(zone_of), zone_names)
        except LookupError:
            return ""

    def day_of_month(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a day of month: ``12``, ``01`` or ``1``."""
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._text(at)
        if value is not None:
            self._pattern(at, "dd", value.zfill(2))

    def instant(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a date, or a date with a time and its offset, in the forms of ISO 8601."""
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._text(at)
        if value is None:
            return
        if not is_instant_text(value):
            self._add(at, "not-a-date", NO_INSTANT)
        elif not is_plausible_year(value):
            self._add(at, "implausible-date", IMPLAUSIBLE)

    def duration(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        pattern: str = "duration",
        means: tuple[tuple[str, str], ...] = (),
        **options: Unpack[CheckOptions],
    ) -> None:
        """Look at a length of time: a duration of ISO 8601, a text for one, or a number."""
        from ..times.durations import written_duration

        at = FieldAt(wire, name, label, label_en, **options)
        value = self._text(at) if pattern == "duration" else self._value(at)
        if value is None:
            return
        if pattern != "duration" and parse_decimal(value) is None:
            self._add(at, "not-number", "is not written as a number")
            return
        try:
            written_duration(pattern, means).read_wire(value)
        except ValueError as error:
            self._add(at, "not-a-duration", str(error))


def _is_written(pattern: str, value: object) -> bool:
    """Say whether a value is a date or time in a pattern, of a year that can be meant."""
    if type(value) is not str:
        return False
    try:
        found = parse(pattern, value)
    except ValueError:
        return False
    if isinstance(found, datetime) and is_in_other_unit(pattern, found):
        return False
    return not isinstance(found, date) or found.year in YEARS

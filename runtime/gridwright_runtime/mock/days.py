"""Lay out the days of an invented record: each value at its interval, in every form."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import structs

from ..intervals import FieldPath, Readings
from ..series import SingleReading
from ..times.durations import Duration
from .inventing.day_walk import Slot, days_of_all_lengths, elapsed_slots, length_of_step, wall_slots
from .inventing.draw import draw
from .texts.letters import tokens_of

__all__ = [
    "IntervalsByName",
    "day_for",
    "in_invented_zone",
    "lay_out",
    "lay_out_list",
    "lay_out_row",
    "number_of_records",
]

IntervalsByName: TypeAlias = Mapping[str, Sequence[Readings[Any] | SingleReading[Any]]]
"""What a record tells readings of, by the name of its class."""

Plain: TypeAlias = dict[str, Any]
"""A record by Python names."""
WriteTime: TypeAlias = Callable[[str, datetime], str]
"""Writes what the clocks show, or a time of day, in a pattern."""
Codes: TypeAlias = Mapping[str, object]
"""What the field may hold that says which of two hours is meant, by its text; empty: anything."""


def in_invented_zone(readings: Readings[Any]) -> Readings[Any]:
    """Return what says an interval in the zone that an invented record names.

    Where the document has names for zones, and one stands for a whole day, it is the first.
    """
    if readings.zone_field is None or not readings.zone_names or _names_own_zone(readings):
        return readings
    return structs.replace(readings, zone=readings.zone_names[0][1])


def lay_out(
    record: Plain,
    readings: Readings[Any],
    make: Callable[[Plain, int], Plain],
    write: WriteTime,
    day: date,
    *name: object,
    codes: Codes,
) -> None:
    """Put a day, whole, into an invented record.

    Where records inside of it each say when they are, their days follow one another.

    Args:
        record: the record that tells the readings of records inside of it.
        readings: where everything stands.
        make: makes one more record like one that is given, with the values of a number.
        write: writes times that are texts.
        day: the day.
        name: what decides about steps.
        codes: of the field that says which of two hours is meant.
    """
    depth = max((s.depth for s in _sources(readings) if s.depth < len(readings.steps)), default=0)
    for after, holders in enumerate(_below([record], readings.steps[:depth])):
        places = list(_below(holders, readings.steps[depth:-1]))
        if not places or not isinstance(places[0][-1].get(readings.steps[-1]), list | None):
            continue
        slots = _slots(readings, holders, day + timedelta(days=after), write, name)
        listed = places[0][-1]
        like = (listed.get(readings.steps[-1]) or [{}])[0]
        items = []
        for number, slot in enumerate(slots):
            item = make(like, number)
            _write_interval(
                readings, [*holders, *places[0][len(holders) :], item], slot, number, write, codes
            )
            items.append(item)
        listed[readings.steps[-1]] = [
            item for number, item in enumerate(items) if not _is_omitted(readings, holders, number)
        ]
        for other in places[1:]:
            other[-1][readings.steps[-1]] = []


def lay_out_list(
    records: Sequence[Plain],
    readings: Readings[Any],
    write: WriteTime,
    day: date,
    *name: object,
    codes: Codes,
) -> None:
    """Put the intervals of a day into records that each say their own; as many as there are."""
    if not records:
        return
    slots = _slots(readings, [records[0]], day, write, name)
    for number, record in enumerate(records):
        at = number % len(slots)
        _write_interval(readings, [record], slots[at], at, write, codes)


def lay_out_row(
    record: Plain,
    readings: Readings[Any],
    write: WriteTime,
    day: date,
    number: int,
    *name: object,
    codes: Codes,
) -> None:
    """Put the interval of a number, counted from the beginning of a day on, into a record."""
    slots = _slots(readings, [record], day, write, name)
    while number >= len(slots):
        number -= len(slots)
        day = max(slots[-1].end.date(), day + timedelta(days=1))
        slots = _slots(readings, [record], day, write, name)
    _write_interval(readings, [record], slots[number], number, write, codes)


def number_of_records(readings: Readings[Any], day: date) -> int:
    """Return how many records that each say their own interval make a day."""
    return len(_slots(readings, [{}], day, lambda _, __: "", ()))


def day_for(readings: Readings[Any], asked: Mapping[str, object], *name: object) -> date:
    """Return the day that a question is about or, where it names none, one that is drawn.

    A day on which clocks go back is drawn only where the document says which hour is meant.
    """
    for value in asked.values():
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(readings.zone)).date()
        if isinstance(value, date):
            return value
    days = days_of_all_lengths(readings.zone)
    is_open = (
        readings.repeated == "undecided"
        and readings.repeated_field is None
        and not _names_own_zone(readings)
    )
    if (readings.local and is_open and not _is_marked(readings)) or readings.until_local:
        days = days[:-1] or days
    return days[draw(0, len(days) - 1, *name)]


def _slots(
    readings: Readings[Any],
    holders: Sequence[Plain],
    day: date,
    write: WriteTime,
    name: Sequence[object],
) -> list[Slot]:
    """Return the intervals of a day, and write what the holders say of them all."""
    step = readings.step
    if readings.step_field is not None:
        # The last one leads to the end of a day of 24.5 hours, too.
        minutes = _STEPS[draw(0, len(_STEPS) - 1, *name, "step")]
        if elapsed_slots(day, f"PT{minutes}M", readings.zone)[-1].is_short(minutes):
            minutes = _STEPS[-1]
        step = f"PT{minutes}M"
        length = Duration(elapsed=timedelta(minutes=minutes))
        if readings.step_field.depth < len(holders):
            _set(holders, readings.step_field, length)
    step = step or _step_of(readings)
    counts = _counts_in_span(readings)
    months, days, time = length_of_step(step)
    if counts or not (readings.time or readings.local) or months:
        slots = list(elapsed_slots(day, step, readings.zone))
    else:
        slots = list(wall_slots(day, time or timedelta(days=days), readings.zone))
    if readings.repeated in ("first", "second"):
        # The document has no way to say the other one.
        twice = {slot.shown for slot in slots if slot.is_second}
        is_second = readings.repeated == "second"
        slots = [s for s in slots if s.shown not in twice or s.is_second is is_second]
    for source, moment in (
        (readings.start, slots[0].start),
        (readings.end, slots[-1].end),
    ):
        if source is not None and source.reach < len(holders):
            _set_time(holders, source, moment, moment.replace(tzinfo=None), write)
    if readings.until is not None and readings.until.reach < len(holders):
        _set_until(holders, readings, readings.until, slots[0].end, write)
    for source in (readings.start, readings.end, readings.until):
        if source is not None and source.depth < len(holders) <= source.reach:
            _set(holders, source, day)
    if readings.month is not None and readings.month.depth < len(holders):
        _set(holders, readings.month, slots[0].start.date())
        slots = slots[: 1 if readings.steps else None]
    if readings.day is not None and readings.day.depth < len(holders):
        _set(holders, readings.day, day)
    if readings.omitted_field is not None and readings.omitted_field.depth < len(holders):
        _set(holders, readings.omitted_field, readings.repeats[0])
    return slots


def _write_interval(
    readings: Readings[Any],
    chain: Sequence[Plain],
    slot: Slot,
    number: int,
    write: WriteTime,
    codes: Codes,
) -> None:
    """Write what the record of one value says of its interval."""
    depth = len(chain) - 1
    counts = _counts_in_span(readings)
    months, days, time = length_of_step(_step_of(readings))
    wall = time or timedelta(days=days)
    if readings.step_field is not None and not months:
        wall = slot.end.astimezone(UTC) - slot.start.astimezone(UTC)
    shown_end = slot.end.replace(tzinfo=None) if months else slot.shown + wall
    starts, ends = slot.shown, shown_end
    if readings.position is not None:
        if readings.time is not None:
            # The label is that of the hour, which the number divides.
            number = slot.shown.minute // max(int(wall / _MINUTE), 1)
            starts = slot.shown.replace(minute=0)
            ends = starts + timedelta(hours=1)
        _set(chain, readings.position, number + readings.counts_from)
    if readings.time is not None and readings.time.depth == depth:
        label = starts if readings.marks == "start" else ends
        text = write(_with_mark(readings.time.pattern, slot), label)
        if label.date() > slot.shown.date() and readings.midnight != "ends_day":
            # The midnight that ends a day is its hour 24.
            hour = "0" if ("hour", "H1") in tokens_of(readings.time.pattern) else "00"
            text = text.replace(hour, "24", 1)
        _set(chain, readings.time, text)
    if readings.month is not None and readings.month.depth == depth:
        _set(chain, readings.month, slot.start.date())
    if not counts:
        if readings.start is not None and readings.start.reach == depth:
            start = slot.start
            if readings.local:
                start = slot.shown.replace(tzinfo=slot.start.tzinfo)
            pattern = "" if readings.start.time is None else readings.start.time.pattern
            pattern = _marked_at(pattern, slot.start, is_second=slot.is_second)
            _set_time(chain, readings.start, start, slot.shown, write, pattern)
        if readings.end is not None and readings.end.reach == depth:
            end = slot.end if not readings.local else shown_end.replace(tzinfo=slot.end.tzinfo)
            pattern = "" if readings.end.time is None else readings.end.time.pattern
            at = shown_end.replace(tzinfo=slot.end.tzinfo)
            pattern = _marked_at(pattern, at, is_second=slot.is_second)
            _set_time(chain, readings.end, end, shown_end, write, pattern)
    if readings.until is not None and readings.until.reach == depth:
        _set_until(chain, readings, readings.until, slot.end, write)
    if readings.day is not None and readings.day.depth == depth:
        _set(chain, readings.day, slot.shown.date())
    if readings.repeated_field is not None and readings.repeated_field.depth == depth:
        _set(chain, readings.repeated_field, _which_of_two(readings, slot, codes))
    if readings.zone_field is not None and _names_own_zone(readings):
        _set_zone(chain, readings.zone_field, slot.start, readings)


def _counts_in_span(readings: Readings[Any]) -> bool:
    """Say whether a value has its position in a day or span, and no label of its own."""
    is_counted = readings.position is not None or readings.in_order
    return is_counted and readings.time is None


def _names_own_zone(readings: Readings[Any]) -> bool:
    """Say whether each value stands beside the document's name of its zone."""
    field = readings.zone_field
    return bool(readings.zone_names) and field is not None and field.depth == len(readings.steps)


def _which_of_two(readings: Readings[Any], slot: Slot, codes: Codes) -> object:
    """Return what the field says that tells the hours apart that the clocks show twice."""
    second = readings.second[0]
    zone = ZoneInfo(readings.zone)
    names = {datetime(slot.start.year, month, 1, tzinfo=zone).tzname() for month in (1, 7)}
    name = slot.start.tzname() or ""
    if second in names and (not codes or name in codes):
        return codes.get(name, name)
    if slot.is_second:
        return codes.get(second, second)
    known = {said.lower() for said in readings.second}
    word = "first" if "first" not in readings.second else "1"
    return next((code for said, code in codes.items() if said.lower() not in known), word)


def _is_marked(readings: Readings[Any]) -> bool:
    """Say whether a label of an hour that comes twice has a mark."""
    sources = [readings.time] + [
        source.time for source in (readings.start, readings.end) if source is not None
    ]
    return any(source is not None and "|" in source.pattern for source in sources)


def _with_mark(pattern: str, slot: Slot) -> str:
    """Return a pattern with the mark of an interval, as a text that stands for itself."""
    return _marked_at(pattern, slot.start, is_second=slot.is_second)


def _marked_at(pattern: str, moment: datetime, *, is_second: bool) -> str:
    """Return a pattern with the mark of a moment that the clocks show twice, as a text."""
    found = re.search(r"\{([^{}|]*)\|([^{}|]+)\}", pattern)
    if found is None:
        return pattern
    offsets = [moment.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1)]
    mark = found[2 if is_second else 1] if offsets[0] > offsets[1] else ""
    return pattern.replace(found[0], f"'{mark}'" if mark else "")


def _is_omitted(readings: Readings[Any], holders: Sequence[Plain], number: int) -> bool:
    """Say whether a position is left out: each third one where the spec says what that means."""
    is_said = readings.omitted != "unsaid" or readings.omitted_field is not None
    return is_said and readings.position is not None and number % 3 == 1


def _sources(readings: Readings[Any]) -> Iterator[FieldPath]:
    for source in (
        readings.start, readings.end, readings.month, readings.day, readings.time,
        readings.step_field, readings.repeated_field, readings.omitted_field, readings.until,
    ):  # fmt: skip
        if source is not None:
            yield source
            yield from [source.time] if source.time is not None else []


def _below(holders: Sequence[Plain], steps: Sequence[str]) -> Iterator[list[Plain]]:
    if not steps:
        yield list(holders)
        return
    inner = holders[-1].get(steps[0])
    for one in inner if isinstance(inner, list) else [inner] if inner is not None else []:
        yield from _below([*holders, one], steps[1:])


def _set_time(
    chain: Sequence[Plain],
    source: FieldPath,
    moment: datetime,
    shown: datetime,
    write: WriteTime,
    pattern: str = "",
) -> None:
    if source.time is not None:
        _set_day_and_time(chain, source, source.time, shown, write, pattern)
        return
    pattern = pattern or source.pattern
    value: object = write(pattern, shown) if pattern else moment
    _set(chain, source, value)


def _set_day_and_time(
    chain: Sequence[Plain],
    source: FieldPath,
    time: FieldPath,
    shown: datetime,
    write: WriteTime,
    pattern: str = "",
) -> None:
    """Write a moment into a field of its day and one of its time; the day may stand further out.

    A day further out is that of all values, so that the midnight which ends it is its hour 24.
    """
    text = write(pattern or time.pattern, shown)
    ends_day = shown.hour == shown.minute == 0 and "kk" in time.pattern
    if time.depth == source.depth:
        _set(chain, source, (shown - timedelta(days=int(ends_day))).date())
    elif shown.date() > _day_of(chain, source) and not ends_day:
        text = text.replace("00", "24", 1)
    _set(chain, time, text)


def _day_of(chain: Sequence[Plain], source: FieldPath) -> date:
    record: Any = chain[source.depth]
    for step in source.path:
        record = record.get(step) if isinstance(record, dict) else None
    return record if isinstance(record, date) else date.max


def _set_zone(
    chain: Sequence[Plain], source: FieldPath, moment: datetime, readings: Readings[Any]
) -> None:
    """Write the document's name of the zone whose offset a moment has, where it has one."""
    offset = moment.utcoffset()
    for said, zone in readings.zone_names:
        if moment.astimezone(ZoneInfo(zone)).utcoffset() == offset:
            _set(chain, source, said)
            break


def _set_until(
    chain: Sequence[Plain],
    readings: Readings[Any],
    source: FieldPath,
    end: datetime,
    write: WriteTime,
) -> None:
    """Write the end of an interval, as the clocks of the zone show it then."""
    written = source.pattern if source.time is None else source.time.pattern
    pattern = _marked_at(written, end, is_second=bool(end.fold))
    _set_time(chain, source, end, end.replace(tzinfo=None, fold=0), write, pattern)
    if readings.until_zone is not None:
        _set_zone(chain, readings.until_zone, end, readings)


def _set(chain: Sequence[Plain], source: FieldPath, value: object) -> None:
    record: Any = chain[source.depth]
    for step in source.path[:-1]:
        record = record.get(step) if isinstance(record, dict) else None
    if isinstance(record, dict):
        record[source.path[-1]] = value


def _step_of(readings: Readings[Any]) -> str:
    return readings.step or ("P1M" if readings.month is not None else _STEP)


# Where neither the spec nor a field says a step.
_STEP = "PT1H"
_MINUTE = timedelta(minutes=1)
_STEPS = (60, 15, 30)

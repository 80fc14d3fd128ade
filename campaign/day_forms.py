"""Write a day in each form that says intervals, read it, and compare with what the clocks show.

What is expected is taken from the minutes of a walk; texts are written here, by hand. Only the
reading is the runtime's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from campaign.minutes import Minute, Span, day_of, labelled, start_of, times_of, walk
from gridwright_runtime.errors import MissingDayError, UndecidedTimeError
from gridwright_runtime.intervals import (
    FieldPath,
    Readings,
    placed_reading,
    placed_readings,
    placed_readings_in_order,
)
from gridwright_runtime.mock.inventing.day_walk import elapsed_slots, wall_slots
from gridwright_runtime.record import Record
from gridwright_runtime.series import (
    RegisterSeries,
    Series,
    SingleReading,
    interval_readings,
    readings_in_order,
    register_readings,
    single_reading,
)
from gridwright_runtime.times.durations import Duration
from gridwright_runtime.times.types import written_instant

__all__ = ["FORMS", "Day", "Wrong", "look_at"]

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MOCKED = 0.1
_MINUTE = timedelta(minutes=1)

Told = tuple[datetime, datetime, Decimal | None]
"""Start, end and value of a reading, in UTC."""


class Wrong(Exception):
    """What was read is not what the clocks show."""


@dataclass(frozen=True)
class Day:
    """A day of a zone, cut into steps."""

    zone: str
    day: date
    step: timedelta
    minutes: Sequence[Minute]
    """A walk around it."""
    span: Span
    """When it begins, and when the next one does."""
    days: Sequence[datetime]
    """When it begins, and the three after it."""
    labels: Sequence[Sequence[Span]]
    """For each step of the clock on the wall, the times in which it is shown."""
    chance: Random

    @property
    def midnight(self) -> datetime:
        """What the clocks show, or would, when it begins."""
        return datetime(self.day.year, self.day.month, self.day.day)

    @property
    def shown(self) -> list[tuple[int, int, Span]]:
        """The intervals that labels name, oldest first: number of the label, which time, when."""
        found = [
            (number, again, span)
            for number, spans in enumerate(self.labels)
            for again, span in enumerate(spans)
        ]
        return sorted(found, key=lambda one: one[2])

    @property
    def edges(self) -> list[datetime]:
        """The moments that cut it into steps of elapsed time, in UTC."""
        start, end = self.span
        edges = []
        while start < end:
            edges.append(start)
            start += self.step
        return [*edges, end]

    @property
    def length(self) -> str:
        """The step as ISO 8601 writes it."""
        return f"PT{self.step // _MINUTE}M"


def look_at(zone: str, day: date, steps: Iterable[timedelta], chance: Random) -> Iterator[Day]:
    """Walk over a day and those after it, and cut it into each of some steps."""
    minutes = list(walk(day, zone, _grain(day, zone), hours=(-17, 90)))
    span = day_of(minutes, day)
    near = [(instant, wall) for instant, wall in minutes if instant < span[1] + _DAY]
    days = [start_of(minutes, day + number * _DAY) for number in range(4)]
    for step in steps:
        labels = labelled(near, day, step)
        yield Day(zone, day, step, near, span, days, labels, chance)


def _grain(day: date, zone: str) -> timedelta:
    """Return a minute; half of one where the offset has seconds, as that of Monrovia had."""
    offset = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).utcoffset()
    return _MINUTE / 2 if offset is not None and offset % _MINUTE else _MINUTE


# --- records ----------------------------------------------------------------------------------


class Item(Record, frozen=True):
    """One value, and all that may say its interval."""

    value: Decimal | None = None
    day: date | None = None
    label: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | str | None = None
    position: int | None = None
    clock: str | None = None
    zone: str | None = None


class Outer(Record, frozen=True):
    """A record around values."""

    items: list[Item]
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    step: Duration | None = None
    curve: str | None = None


def _told(start: datetime, end: datetime, value: Decimal | None) -> Told:
    return start.astimezone(UTC), end.astimezone(UTC), value


def _compare(found: Sequence[Any], expected: Sequence[Any]) -> int:
    """Return how many intervals were compared.

    Raises:
        Wrong: one is another.
    """
    if list(found) == list(expected):
        return len(expected)
    for number, (one, other) in enumerate(zip(found, expected, strict=False)):
        if one != other:
            raise Wrong(f"reading {number} is {_said(one)}, and the clocks show {_said(other)}")
    raise Wrong(f"there are {len(found)} readings, and the clocks show {len(expected)}")


def _said(told: Sequence[Any]) -> str:
    return " ".join(part.isoformat() if isinstance(part, datetime) else str(part) for part in told)


def _read(call: Callable[[], Any]) -> Any:
    """Return readings, or the class of what they were refused with."""
    try:
        return call()
    except (MissingDayError, UndecidedTimeError) as error:
        return type(error)


def _label(day: Day, number: int, marks: str) -> str:
    minutes = (number + (marks == "end")) * day.step // _MINUTE
    return f"{minutes // 60:02}{minutes % 60:02}"


# --- families of fields -----------------------------------------------------------------------


@cache
def _family(count: int) -> type[Record]:
    fields: list[Any] = [("day", date), *((f"v{n}", Decimal | None, None) for n in range(count))]
    family: Any = msgspec.defstruct("Family", fields, bases=(Record,), frozen=True, kw_only=True)
    return family  # type: ignore[no-any-return]


def _fields(day: Day) -> Any:
    values = {f"v{n}": Decimal(n) for n in range(len(day.labels)) if day.chance.random() < 0.9}
    return _family(len(day.labels))(day=day.day, **values)


def _of_labels(day: Day) -> int:
    marks, word = day.chance.choice(("start", "end")), day.chance.choice(_WORDS)
    record, count = _fields(day), len(day.labels)
    shift = day.step if marks == "end" else timedelta(0)
    series = Series(
        reading=_told,
        fields=tuple(f"v{n}" for n in range(count)),
        minutes=tuple((n * day.step + shift) // _MINUTE for n in range(count)),
        step=day.step,
        marks=marks,  # type: ignore[arg-type]
        day="day",
        zone=day.zone,
    )
    found = _read(lambda: interval_readings(record, series, repeated=word))
    values = [getattr(record, f"v{n}") for n in range(count)]
    return _as_shown(day, found, values, word)


def _of_numbers(day: Day) -> int:
    """Read fields with numbers, as many as the longest day has, and states at their ends."""
    plain = _DAY // day.step
    spans = _cut(day)
    # Few days are longer than 26 hours; Casey had one of 27 in March 2020.
    count = max(plain + (2 * _HOUR) // day.step + 1, len(spans))
    values = {f"v{n}": Decimal(n) for n in range(len(spans)) if day.chance.random() < 0.9}
    record: Any = _family(count)(day=day.day, **values)
    minutes = tuple(n * day.step // _MINUTE for n in range(count + 1))
    about: Any = {"fields": tuple(f"v{n}" for n in range(count)), "day": "day", "zone": day.zone}
    series = Series(
        reading=_told, minutes=minutes[:-1], step=day.step, marks="start", positions=plain, **about
    )
    expected = [(*span, values.get(f"v{n}")) for n, span in enumerate(spans)]
    compared = _compare(interval_readings(record, series), expected)
    states = RegisterSeries(
        reading=lambda moment, value: (moment.astimezone(UTC), value),
        minutes=minutes[1:],
        positions=plain,
        **about,
    )
    ends: list[Any] = [(end, value) for _, end, value in expected]
    return compared + _compare(register_readings(record, states), ends)


def _as_shown(day: Day, found: Any, values: Sequence[Decimal | None], word: str) -> int:
    expected: list[Told] = []
    for number, again, span in day.shown:
        value = values[number]
        if len(day.labels[number]) == 2 and value is not None:
            if word == "undecided":
                return _refused(found, UndecidedTimeError)
            value = value if again == (word == "second") else None
        expected.append((*span, value))
    if found is UndecidedTimeError:
        raise Wrong("nothing is undecided")
    return _compare(found, expected)


def _refused(found: Any, kind: type[Exception]) -> int:
    if found is kind:
        return 1
    raise Wrong(f"it should be refused with {kind.__name__}, and is {str(found)[:200]}")


def _of_registers(day: Day) -> int:
    word: Any = day.chance.choice(("first", "second"))
    record, count = _fields(day), len(day.labels)
    series = RegisterSeries(
        reading=lambda moment, value: (moment.astimezone(UTC), value),
        fields=tuple(f"v{n}" for n in range(count)),
        minutes=tuple((n + 1) * day.step // _MINUTE for n in range(count)),
        day="day",
        zone=day.zone,
    )
    expected: list[tuple[datetime, Decimal | None]] = []
    for number in range(count):
        shown = day.midnight + (number + 1) * day.step
        moments = times_of(day.minutes, shown)
        if not moments and number == count - 1:
            # The midnight that ends the day exists, even where the clocks jump over it.
            moments = [start_of(day.minutes, day.day + _DAY)]
        for again, moment in enumerate(moments):
            is_meant = len(moments) == 1 or again == (word == "second")
            expected.append((moment, getattr(record, f"v{number}") if is_meant else None))
    found = register_readings(record, series, repeated=word)
    return _compare(found, sorted(expected, key=lambda one: one[0]))


# --- a label of a day -------------------------------------------------------------------------


def _items(day: Day, marks: str) -> list[Item]:
    return [
        Item(
            value=Decimal(number),
            day=day.day,
            label=_label(day, number, marks),
            clock="W" if again else "S",
        )
        for number, again, _ in day.shown
    ]


def _spans(day: Day) -> list[Told]:
    return [(*span, Decimal(number)) for number, _, span in day.shown]


def _of_day_and_label(day: Day) -> int:
    marks: Any = day.chance.choice(("start", "end"))
    word = day.chance.choice(("field", *_WORDS))
    single = SingleReading(
        reading=_told,
        value="value",
        day="day",
        time="label",
        step=day.step,
        zone=day.zone,
        repeated_field="clock" if word == "field" else "",
        second=("W",),
    )
    compared = 0
    for item, (number, again, span) in zip(_items(day, marks), day.shown, strict=True):
        given: Any = None if word == "field" else word
        found = _read(lambda item=item, given=given: single_reading(  # type: ignore[misc]
            item, single, marks, repeated=given
        ))  # fmt: skip
        spans = day.labels[number]
        if word == "undecided" and len(spans) == 2:
            compared += _refused(found, UndecidedTimeError)
            continue
        wanted = again if word == "field" else min(word == "second", len(spans) - 1)
        span = spans[wanted]
        compared += _compare([found], [(*span, Decimal(number))])
    return compared + _skipped(day, single, marks)


def _skipped(day: Day, single: SingleReading[Any], marks: Any) -> int:
    """See that labels which the clocks skip name nothing."""
    found = 0
    for number, spans in enumerate(day.labels):
        if not spans:
            item = Item(value=Decimal(1), day=day.day, label=_label(day, number, marks))
            found += _refused(
                _read(lambda item=item: single_reading(item, single, marks)),  # type: ignore[misc]
                MissingDayError,
            )
    return found


def _of_labels_in_order(day: Day) -> int:
    marks: Any = day.chance.choice(("start", "end"))
    single = SingleReading(
        reading=_Placed, value="value", day="day", time="label", step=day.step, zone=day.zone
    )
    placed = readings_in_order(
        _items(day, marks), lambda one, word: single_reading(one, single, marks, repeated=word)
    )
    found = [_told(one.interval_start, one.interval_end, one.value) for one in placed]
    readings = _readings(
        day, day=FieldPath(0, ("day",)), time=FieldPath(0, ("label",), "hhmi"), step=day.length,
        marks=marks, local=True, repeated="in_order",
    )  # fmt: skip
    told = placed_readings_in_order(_items(day, marks), readings)
    return _compare(found, _spans(day)) + _compare(told, _spans(day))


@dataclass(frozen=True)
class _Placed:
    interval_start: datetime
    interval_end: datetime
    value: Decimal | None


def _of_labels_below_a_day(day: Day) -> int:
    marks: Any = day.chance.choice(("start", "end"))
    about: Any = day.chance.choice(
        ({"repeated": "in_order"}, {"repeated_field": FieldPath(1, ("clock",)), "second": ("W",)})
    )
    readings = _readings(
        day, steps=("items",), day=FieldPath(0, ("day",)), time=FieldPath(1, ("label",), "hhmi"),
        step=day.length, marks=marks, local=True, **about,
    )  # fmt: skip
    record = Outer(day=day.day, items=_items(day, marks))
    return _compare(placed_readings(record, readings), _spans(day))


def _of_marked_labels(day: Day) -> int:
    """Read labels that have a mark where the clocks show their interval twice."""
    marks: Any = day.chance.choice(("start", "end"))
    readings = _readings(
        day, day=FieldPath(0, ("day",)), time=FieldPath(0, ("label",), "HHmm{A|B}"),
        step=day.length,
        marks=marks, local=True,
    )  # fmt: skip
    items = [
        msgspec.structs.replace(item, label=f"{item.label}{'AB'[again]}")
        if len(day.labels[number]) == 2
        else item
        for item, (number, again, _) in zip(_items(day, marks), day.shown, strict=True)
    ]
    return _compare([placed_reading(item, readings) for item in items], _spans(day))


def _of_a_named_zone(day: Day) -> int:
    """Read labels of the zone that each record names, which is not that of the spec."""
    marks: Any = day.chance.choice(("start", "end"))
    readings = Readings(
        reading=_told, value="value", zone="Pacific/Kiritimati", zone_field=FieldPath(0, ("zone",)),
        day=FieldPath(0, ("day",)), time=FieldPath(0, ("label",), "hhmi"), step=day.length,
        marks=marks,
        local=True, repeated_field=FieldPath(0, ("clock",)), second=("W",),
    )  # fmt: skip
    items = [msgspec.structs.replace(item, zone=day.zone) for item in _items(day, marks)]
    return _compare([placed_reading(item, readings) for item in items], _spans(day))


def _readings(of: Day, /, **about: Any) -> Readings[Told]:
    return Readings(reading=_told, value="value", zone=of.zone, **about)


# --- positions --------------------------------------------------------------------------------


def _cut(day: Day) -> list[Span]:
    return list(pairwise(day.edges))


def _numbered(day: Day, first: int, count: int) -> tuple[list[Item], list[Decimal | None], bool]:
    """Return values of which some are omitted, and what each position has; and if it repeats."""
    does_repeat = day.chance.random() < 0.5
    items, values = [], []
    before: Decimal | None = None
    for number in range(count):
        is_there = day.chance.random() < 0.8
        if is_there:
            before = Decimal(number)
            items.append(Item(position=number + first, value=before))
        values.append(Decimal(number) if is_there else before if does_repeat else None)
    day.chance.shuffle(items)
    return items, values, does_repeat


def _of_day_and_position(day: Day) -> int:
    spans, first = _cut(day), day.chance.choice((0, 1))
    items, values, does_repeat = _numbered(day, first, len(spans))
    omitted: Any = "repeat" if does_repeat else "missing"
    about: Any = {"counts_from": first, "step": day.length}
    readings = _readings(
        day, steps=("items",), day=FieldPath(0, ("day",)), position=FieldPath(1, ("position",)),
        omitted=omitted, **about,
    )  # fmt: skip
    found = placed_readings(Outer(day=day.day, items=items), readings)
    compared = _compare(found, _with(spans, values))
    ordered = _readings(
        day, steps=("items",), day=FieldPath(0, ("day",)), in_order=True, step=day.length
    )
    every = [Decimal(number) for number in range(len(spans))]
    whole = Outer(day=day.day, items=[Item(value=value) for value in every])
    compared += _compare(placed_readings(whole, ordered), _with(spans, every))
    own = _readings(day, day=FieldPath(0, ("day",)), position=FieldPath(0, ("position",)), **about)
    for item in items[:8]:
        number = (item.position or 0) - first
        one = placed_reading(msgspec.structs.replace(item, day=day.day), own)
        compared += _compare([one], [(*spans[number], item.value)])
    over = Item(value=Decimal(1), day=day.day, position=len(spans) + first)
    return compared + _refused(_read(lambda: placed_reading(over, own)), MissingDayError)


def _with(spans: Sequence[Span], values: Sequence[Decimal | None]) -> list[Told]:
    return [(*span, value) for span, value in zip(spans, values, strict=True)]


def _of_start_and_position(day: Day) -> int:
    """Read positions in a span of whole steps that begins and ends where it likes."""
    start, end = day.span
    start += day.chance.randrange(-120, 120) * _MINUTE
    count = (end - start) // day.step
    if count < 1:
        return 0  # the clocks skip the day, so that the span would end before it starts
    spans = [(start + n * day.step, start + (n + 1) * day.step) for n in range(count)]
    items, values, does_repeat = _numbered(day, 1, count)
    readings = _readings(
        day, steps=("items",), start=FieldPath(0, ("starts_at",)), end=FieldPath(0, ("ends_at",)),
        position=FieldPath(1, ("position",)), step_field=FieldPath(0, ("step",)),
        omitted_field=FieldPath(0, ("curve",)), repeats=("A03",),
    )  # fmt: skip
    record = Outer(
        starts_at=_instant(day, start),
        ends_at=_instant(day, start + count * day.step),
        step=Duration(elapsed=day.step),
        curve="A03" if does_repeat else "A01",
        items=items,
    )
    return _compare(placed_readings(record, readings), _with(spans, values))


def _instant(day: Day, moment: datetime) -> datetime:
    """Read a moment that was written with some offset."""
    kind: Any = written_instant("rfc3339", day.zone)
    if day.chance.random() < 0.5:
        return kind.read_wire(f"{moment:%Y-%m-%dT%H:%M:%S}Z")  # type: ignore[no-any-return]
    shown = moment + timedelta(minutes=330)
    return kind.read_wire(f"{shown:%Y-%m-%dT%H:%M:%S}+05:30")  # type: ignore[no-any-return]


# --- starts and ends --------------------------------------------------------------------------


def _of_instants(day: Day) -> int:
    """Read starts and ends that carry their offset, and steps from either."""
    compared = 0
    both = _readings(day, start=FieldPath(0, ("starts_at",)), end=FieldPath(0, ("ends_at",)))
    start = _readings(day, start=FieldPath(0, ("starts_at",)), step=day.length)
    end = _readings(day, end=FieldPath(0, ("ends_at",)), step=day.length)
    for first, last in _cut(day):
        item = Item(starts_at=_instant(day, first), ends_at=_instant(day, last), value=Decimal(1))
        compared += _compare([placed_reading(item, both)], [(first, last, Decimal(1))])
        if last - first == day.step:
            found = [placed_reading(item, start), placed_reading(item, end)]
            compared += _compare(found, [(first, last, Decimal(1))] * 2)
    return compared


def _of_walls(day: Day) -> int:
    """Read starts and ends as the clocks show them, with a field that says which is meant."""
    compared = 0
    for form in ("both", "start", "end"):
        about: Any = {} if form == "both" else {"step": day.length}
        if form != "end":
            about["start"] = FieldPath(0, ("starts_at",))
        if form != "start":
            about["end"] = FieldPath(0, ("ends_at",))
        readings = _readings(
            day, local=True, repeated_field=FieldPath(0, ("clock",)), second=("W",), **about
        )
        for number, again, span in day.shown:
            first = day.midnight + number * day.step
            item, is_placed = _of_clocks(day, form, first, "W" if again else "S")
            if is_placed:
                compared += _compare([placed_reading(item, readings)], [(*span, Decimal(1))])
    return compared


def _of_clocks(day: Day, form: str, first: datetime, clock: str) -> tuple[Item, bool]:
    """Return a value whose start and end are read from texts, and whether both can be read."""
    item = Item(value=Decimal(1), clock=clock)
    kind: Any = written_instant("dd.MM.yyyy HH:mm", day.zone, repeated_of="w", second=("W",))
    is_placed = True
    for word, time in (("start", first), ("end", first + day.step)):
        if form in ("both", word):
            try:
                read = kind.read_beside(f"{time:%d.%m.%Y %H:%M}", {"w": clock})
            except ValueError:
                is_placed = False
                continue
            item = msgspec.structs.replace(item, **{f"{word}s_at": read})
    return item, is_placed


def _of_marked_walls(day: Day) -> int:
    """Read starts and ends of steps of elapsed time, each with a mark where it comes twice."""
    readings = _readings(
        day, start=FieldPath(0, ("starts_at",)), end=FieldPath(0, ("ends_at",)), local=True
    )
    kind: Any = written_instant("yyyy-MM-dd HH:mm{A|B}", day.zone)
    spans = [span for number, _, span in day.shown if len(day.labels[number]) == 2]
    for first, last in spans:
        texts = [_marked(day, moment) for moment in (first, last)]
        starts_at, ends_at = (kind.read_wire(text) for text in texts)
        item = Item(starts_at=starts_at, ends_at=ends_at, value=Decimal(1))
        _compare([placed_reading(item, readings)], [(first, last, Decimal(1))])
    return len(spans)


def _marked(day: Day, moment: datetime) -> str:
    """Write what the clocks show, and which of two times it is."""
    wall = dict(day.minutes)[moment]
    times = times_of(day.minutes, wall)
    mark = "AB"[times.index(moment)] if len(times) == 2 else ""
    return f"{wall:%Y-%m-%d %H:%M}{mark}"


def _of_open_ends(day: Day) -> int:
    """Read ends of which nobody says which of two is meant, as texts."""
    word: Any = day.chance.choice(_WORDS)
    readings = _readings(
        day, end=FieldPath(0, ("ends_at",), "yyyymmddhhmi"), step=day.length, local=True
    )
    compared = 0
    for number, spans in enumerate(day.labels):
        text = f"{day.midnight + (number + 1) * day.step:%Y%m%d%H%M}"
        item = Item(ends_at=text, value=Decimal(1))
        found = _read(lambda item=item: placed_reading(item, readings, repeated=word))  # type: ignore[misc]
        if not spans:
            compared += _refused(found, MissingDayError)
        elif len(spans) == 2 and word == "undecided":
            compared += _refused(found, UndecidedTimeError)
        else:
            span = spans[-1 if word == "second" else 0]
            compared += _compare([found], [(*span, Decimal(1))])
    return compared


def _of_days(day: Day) -> int:
    """Read positions and starts in steps of days of the calendar."""
    if not day.shown:
        return 0  # the clocks skip it, so that no day starts with it
    edges = day.days
    readings = _readings(
        day, steps=("items",), start=FieldPath(0, ("starts_at",)), end=FieldPath(0, ("ends_at",)),
        position=FieldPath(1, ("position",)), step="P1D",
    )  # fmt: skip
    record = Outer(
        starts_at=_instant(day, edges[0]),
        ends_at=_instant(day, edges[-1]),
        items=[Item(position=n + 1, value=Decimal(n)) for n in range(3)],
    )
    expected = [(*span, Decimal(n)) for n, span in enumerate(pairwise(edges))]
    return _compare(placed_readings(record, readings), expected)


def _of_mocks(day: Day) -> int:
    """Compare what mocks send, of one day in ten: their walk is slow, too.

    It knows no offsets with seconds, which no clock has had since 1972.
    """
    is_whole = day.minutes[1][0] - day.minutes[0][0] == _MINUTE
    if day.chance.random() > _MOCKED or not is_whole:
        return 0
    walls = wall_slots(day.day, day.step, day.zone)
    steps = elapsed_slots(day.day, day.length, day.zone)
    found = [[_told(slot.start, slot.end, None) for slot in slots] for slots in (walls, steps)]
    shown = [(*span, None) for _, _, span in day.shown]
    return _compare(found[0], shown) + _compare(found[1], [(*span, None) for span in _cut(day)])


_WORDS: Any = ("first", "second", "undecided")
FORMS: Mapping[str, Callable[[Day], int]] = {
    "labels in names": _of_labels,
    "registers": _of_registers,
    "numbers in names": _of_numbers,
    "day and label": _of_day_and_label,
    "labels in order": _of_labels_in_order,
    "labels below a day": _of_labels_below_a_day,
    "labels of a named zone": _of_a_named_zone,
    "marked labels": _of_marked_labels,
    "day and position": _of_day_and_position,
    "start and position": _of_start_and_position,
    "instants": _of_instants,
    "times of the wall": _of_walls,
    "marked times of the wall": _of_marked_walls,
    "open ends": _of_open_ends,
    "days": _of_days,
    "days of mocks": _of_mocks,
}
"""Each returns how many readings were compared, or raises `Wrong`."""

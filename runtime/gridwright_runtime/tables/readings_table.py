"""Readings as a tidy Arrow table: a row for each meter, interval and quantity.

What is missing is a row with null, never zero, and never left out.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ..intervals import placed_with_records
from ..record import Record
from ..series import LabelMarks, Repeated
from ..times.wall_clock import shows_every_time_once
from .arrow import array_of, decimals, instants, micros, numbers
from .column_metadata import field_metadata, table_metadata
from .reading_sources import Kind, ReadingSource, sources_of, tellers

__all__ = ["Dated", "readings_table"]

Dated = tuple[Record, datetime | None]
"""A record, and when its reply had come."""


class _Times(NamedTuple):
    """The intervals of one day, or the moments of registers, which have no ends."""

    starts: "array[int]"
    """In microseconds since 1970, in UTC; so are the ends."""
    ends: "array[int]"
    days: "array[int]"
    """Since 1970, of the local day on which each starts."""
    labels: "array[int]"
    """Numbers of the labels, counted over all sources; 0: none."""

    def at(self, place: int) -> "_Times":
        """Return one of them."""
        return _Times(*(numbers[place : place + 1] for numbers in self))


def readings_table(
    records: Iterable[Dated],
    model: type[Record],
    kind: Kind,
    *,
    label_marks: LabelMarks | None = None,
    repeated: Repeated | None = None,
) -> pa.Table:
    """Return a table of all readings, or of all states of registers, of the records.

    Args:
        records: of the model, or of models that extend it.
        model: the declared model.
        kind: which of the two.
        label_marks: which end of its interval a label names, where the document leaves it open.
        repeated: which of two intervals is meant, where the clocks go back.

    Raises:
        ValueError: the records tell no such readings, or ``label_marks`` must be given.
        MissingDayError: a record does not say which day it is of.
    """
    sources = sources_of(model, kind)
    if not sources:
        raise ValueError(f'{model.__name__} tells no {kind}: take of="records"')
    if any(source.asks_marks for source in sources) and label_marks is None:
        raise ValueError(
            f"the document does not say which end of its interval a label of {model.__name__} "
            'names: give label_marks="start" or "end"'
        )
    rows = _Rows(sources, label_marks, repeated)
    for record, fetched in records:
        rows.take(record, fetched)
    return rows.table(model, kind)


class _Rows:
    """What was taken so far, by column."""

    def __init__(
        self,
        sources: tuple[ReadingSource, ...],
        label_marks: LabelMarks | None,
        repeated: Repeated | None,
    ) -> None:
        self._sources = sources
        self._told: list[dict[str, Any]] = [
            ({"label_marks": label_marks} if source.asks_marks else {})
            | ({"repeated": repeated} if source.asks_repeated and repeated else {})
            for source in sources
        ]
        self._get = [
            attrgetter(*s.values)
            if len(s.values) > 1 and s.reading_facts is None and s.zone
            else None
            for s in sources
        ]
        self._times: dict[tuple[int, date], _Times] = {}
        self._values: list[Decimal | None] = []
        self._units: list[str | None] = []
        """By row, where readings know more than their interval and value; so are the qualities."""
        self._qualities: list[str | None] = []
        self._tells = any(source.reading_facts is not None for source in sources)
        self._known_labels: list[str | None] = [None]
        self._own_labels: dict[str, int] = {}
        """Numbers of labels that stand in the reply itself."""
        self._first_label = []
        for source in sources:
            self._first_label.append(len(self._known_labels))
            self._known_labels += source.labels
        # By run: the rows of one record, which have in common all but times and values.
        self._runs: list[_Times] = []
        self._ends = array("q")
        """Of all runs: how many rows there are up to there."""
        self._around: list[tuple[Record | None, ...]] = []
        """The records around its readings."""
        self._source: list[int] = []
        """The number of its source."""
        self._fetched: list[int | None] = []
        self._named_zones: set[str] = set()
        """Those of readings whose records name their zones; empty texts are none."""

    def take(self, record: Record, fetched: datetime | None) -> None:
        """Take the readings of a record, and of those inside of it."""
        at = None if fetched is None else micros(fetched)
        for number, source in enumerate(self._sources):
            for around in tellers(record, source.path) if source.path else ((record,),):
                self._take(number, source, around, at)

    def _take(
        self, number: int, source: ReadingSource, around: tuple[Record, ...], at: int | None
    ) -> None:
        teller = around[-1]
        if source.inner is not None:
            self._take_one_by_one(number, source, around, at)
            return
        day = getattr(teller, source.day) if source.day else None
        get = self._get[number]
        times = self._times.get((number, day)) if day is not None else None
        if times is not None and get is not None:
            values: Any = get(teller)
            if self._tells:
                self._units += [source.unit or None] * len(times.starts)
                self._qualities += [None] * len(times.starts)
        else:
            times, values = self._intervals_and_values(number, source, teller, day)
            if not values:
                return  # a run has rows
        self._values.extend(values)
        self._runs.append(times)
        self._ends.append(len(self._values))
        self._around.append(around)
        self._source.append(number)
        self._fetched.append(at)

    def _take_one_by_one(
        self, number: int, source: ReadingSource, around: tuple[Record, ...], at: int | None
    ) -> None:
        """Take readings whose values have other records around them, a run for each."""
        readings: Any = source.inner
        told = placed_with_records(around[-1], readings, **self._told[number])
        if not told:
            return
        found, chains = zip(*told, strict=True)
        times, values = self._intervals_and_values(number, source, around[-1], None, found)
        for place, chain in enumerate(chains):
            self._values.append(values[place])
            self._runs.append(times.at(place))
            self._ends.append(len(self._values))
            self._around.append((*around, *chain[1:]))
            self._source.append(number)
            self._fetched.append(at)

    def _intervals_and_values(
        self,
        number: int,
        source: ReadingSource,
        teller: Record,
        day: date | None,
        told: Sequence[Any] | None = None,
    ) -> tuple[_Times, Any]:
        """Return intervals and values as the record's own method tells them, or as was told."""
        found = getattr(teller, source.method)(**self._told[number]) if told is None else told
        readings = [found] if hasattr(found, "_fields") else found
        is_interval = source.kind == "readings"
        if not source.zone:
            self._named_zones |= {getattr(one[0].tzinfo, "key", "") for one in readings}
        # Where the clocks change, nothing says of which field a value is; elsewhere intervals and
        # their order depend on the day alone.
        is_usual = day is not None and source.zone != "" and shows_every_time_once(day, source.zone)
        if self._tells:
            self._units += [getattr(one, "unit", None) or None for one in readings]
            self._qualities += [_text(getattr(one, "quality", None)) for one in readings]
        first = self._first_label[number]
        labels = range(first, first + len(readings)) if is_usual else [0] * len(readings)
        if not source.labels:
            labels = [self._number_of(text) for text in _labels(source, teller, readings)]
        times = _Times(
            array("q", [micros(one[0]) for one in readings]),
            array("q", [micros(one[1]) for one in readings] if is_interval else []),
            array("i", [one[0].toordinal() - _EPOCH for one in readings]),
            array("i", labels),
        )
        if is_usual and day is not None:
            self._times[number, day] = times
        return times, [one[2 if is_interval else 1] for one in readings]

    def _number_of(self, label: str | None) -> int:
        """Return the number of a label of the document."""
        if not label:
            return 0
        number = self._own_labels.setdefault(label, len(self._known_labels))
        if number == len(self._known_labels):
            self._known_labels.append(label)
        return number

    def table(self, model: type[Record], kind: Kind) -> pa.Table:
        """Return the table."""
        zones = {one.zone for one in self._sources if one.zone} | self._named_zones
        zone = (zones.pop() if len(zones) == 1 else "") or "UTC"
        columns: list[tuple[pa.Field, pa.Array]] = []

        def add(name: str, values: pa.Array, about: dict[str, str] | None = None) -> None:
            columns.append((pa.field(name, values.type, metadata=about or None), values))

        if kind == "readings":
            add("interval_start", self._of_runs("starts", "q", pa.timestamp("us", tz=zone)))
            add("interval_end", self._of_runs("ends", "q", pa.timestamp("us", tz=zone)))
        else:
            add("read_at", self._of_runs("starts", "q", pa.timestamp("us", tz=zone)))
        for name, values, about in self._contexts():
            add(name, self._by_row(values), about)
        add("quantity", self._of_sources([one.quantity for one in self._sources]))
        values = decimals(self._values)
        add("value", values, self._about_value(model))
        units = (
            pa.array(self._units, pa.string())
            if self._tells
            else self._of_sources([one.unit or None for one in self._sources])
        )
        add("unit", units)
        known = pa.array(self._qualities, pa.string()) if self._tells else pa.scalar("unknown")
        known = pc.coalesce(known, pa.scalar("unknown"))
        if values.null_count:
            known = pc.if_else(values.is_null(), pa.scalar("missing"), known)
        add("quality", known if isinstance(known, pa.Array) else pa.repeat(known, len(values)))
        add("service_date", self._of_runs("days", "i", pa.date32()))
        labels = pa.array(self._known_labels, pa.string())
        add("source_label", labels.take(self._of_runs("labels", "i", pa.int32())))
        add("fetched_at", self._by_row(instants(self._fetched, "UTC")))
        contexts = [one for source in self._sources for one in source.contexts]
        told = tuple(sorted({one.name for one in contexts if one.tells_interval}))
        metadata = table_metadata(model, kind, told)
        schema = pa.schema([field for field, _ in columns], metadata=metadata)
        return pa.table([values for _, values in columns], schema=schema)

    def _of_runs(self, name: str, letter: str, kind: pa.DataType) -> pa.Array:
        """Return what each row has of its own, as numbers."""
        whole: array[int] = array(letter)
        whole.frombytes(b"".join(map(attrgetter(name), self._runs)))
        return numbers(whole, kind)

    def _by_row(self, values: pa.Array) -> pa.Array:
        """Return for each row what its run has."""
        if not self._runs:
            return values
        ends = numbers(self._ends, pa.int64())
        return pc.run_end_decode(pa.RunEndEncodedArray.from_arrays(ends, values))

    def _of_sources(self, texts: list[str | None]) -> pa.Array:
        """Return a text of each row's source."""
        if len(set(texts)) == 1:
            return pa.repeat(pa.scalar(texts[0], pa.string()), len(self._values))
        return self._by_row(pa.array([texts[number] for number in self._source], pa.string()))

    def _contexts(self) -> list[tuple[str, pa.Array, dict[str, str]]]:
        """Return name, value by run and metadata of what stands beside the readings."""
        named = {one.name: one for source in self._sources for one in source.contexts}
        found = []
        for name, context in named.items():
            by_source = [
                next((one for one in source.contexts if one.name == name), None)
                for source in self._sources
            ]
            values = [
                None if (one := by_source[number]) is None
                else getattr(around[one.depth], one.field, None)
                for number, around in zip(self._source, self._around, strict=True)
            ]  # fmt: skip
            about = field_metadata(context.model, context.field)
            found.append((name, array_of(values, context.kind), about))
        return found

    def _about_value(self, model: type[Record]) -> dict[str, str]:
        """Return what the document says of the quantity, where the table has one alone."""
        quantities = {(source.model, source.quantity) for source in self._sources}
        if len(quantities) != 1:
            return {}
        ((teller, quantity),) = quantities
        return field_metadata(teller, quantity)


def _labels(source: ReadingSource, teller: Record, readings: Sequence[Any]) -> Iterator[str | None]:
    """Yield the document's own label of each reading that no field of its own is named for."""
    if source.label is None:
        yield from (getattr(one, "label", None) for one in readings)
        return
    for chain in tellers(teller, source.steps):
        said: Any = chain[source.label.depth]
        for name in source.label.path:
            said = getattr(said, name, None)
        yield said if isinstance(said, str) else None


def _text(quality: object) -> str | None:
    """Return a quality as a text; None: nothing says it."""
    if isinstance(quality, bool):
        return "true" if quality else "false"
    return None if quality is None else str(quality)


_EPOCH = date(1970, 1, 1).toordinal()

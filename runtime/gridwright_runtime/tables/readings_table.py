"""Readings as a tidy Arrow table: a row for each meter, interval and quantity.

What is missing is a row with null, never zero, and never left out.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ..record import Record
from ..series import LabelMarks, Repeated
from ..times.walls import shows_every_time_once
from .about import about_field, about_table
from .arrow import array_of, decimals, instants, micros
from .sources import Kind, ReadingSource, sources_of, tellers

__all__ = ["Dated", "readings_table"]

Dated = tuple[Record, datetime | None]
"""A record, and when its reply had come."""


class _Times(NamedTuple):
    """The intervals of one day, or the moments of registers, which have no ends."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    days: tuple[date, ...]


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
        raise ValueError(f"{model.__name__} tells no {kind}")
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
        self._get = [attrgetter(*s.values) if len(s.values) > 1 else None for s in sources]
        self._times: dict[tuple[int, date], _Times] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._days: list[date] = []
        self._values: list[Decimal | None] = []
        self._labels: list[str | None] = []
        self._holders: list[int] = []
        """By row, the number of its holder."""
        self._around: list[tuple[Record, ...]] = []
        """By holder, the records around its readings."""
        self._source: list[int] = []
        """By holder, the number of its source."""
        self._fetched: list[int | None] = []

    def take(self, record: Record, fetched: datetime | None) -> None:
        """Take the readings of a record, and of those inside of it."""
        at = None if fetched is None else micros(fetched)
        for number, source in enumerate(self._sources):
            for around in tellers(record, source.path):
                self._take(number, source, around)
                self._fetched.append(at)

    def _take(self, number: int, source: ReadingSource, around: tuple[Record, ...]) -> None:
        teller = around[-1]
        day = getattr(teller, source.day) if source.day else None
        get = self._get[number]
        times = self._times.get((number, day)) if day is not None else None
        if times is not None and get is not None:
            values: Any = get(teller)
            labels: Any = source.labels
        else:
            times, values, labels = self._asked(number, source, teller, day)
        self._holders.extend([len(self._around)] * len(times.starts))
        self._around.append(around)
        self._source.append(number)
        self._starts.extend(times.starts)
        self._ends.extend(times.ends)
        self._days.extend(times.days)
        self._values.extend(values)
        self._labels.extend(labels)

    def _asked(
        self, number: int, source: ReadingSource, teller: Record, day: date | None
    ) -> tuple[_Times, Any, Any]:
        """Return intervals, values and labels as the record's own method tells them."""
        found = getattr(teller, source.method)(**self._told[number])
        readings = [found] if hasattr(found, "_fields") else found
        is_interval = source.kind == "readings"
        times = _Times(
            tuple(micros(one[0]) for one in readings),
            tuple(micros(one[1]) for one in readings) if is_interval else (),
            tuple(one[0].date() for one in readings),
        )
        labels: tuple[str | None, ...] = (None,) * len(readings)
        if day is not None and shows_every_time_once(day, source.zone):
            # Then intervals and their order depend on the day alone.
            labels = source.labels
            self._times[number, day] = times
        return times, [one[-1] for one in readings], labels

    def table(self, model: type[Record], kind: Kind) -> pa.Table:
        """Return the table."""
        holders = pa.array(self._holders, pa.int32())
        zones = {source.zone for source in self._sources}
        zone = zones.pop() if len(zones) == 1 else "UTC"
        columns: list[tuple[pa.Field, pa.Array]] = []

        def add(name: str, values: pa.Array, about: dict[str, str] | None = None) -> None:
            columns.append((pa.field(name, values.type, metadata=about or None), values))

        if kind == "readings":
            add("interval_start", instants(self._starts, zone))
            add("interval_end", instants(self._ends, zone))
        else:
            add("read_at", instants(self._starts, zone))
        for name, values, about in self._contexts():
            add(name, values.take(holders), about)
        quantities = [self._sources[number] for number in self._source]
        add("quantity", pa.array([s.quantity for s in quantities], pa.string()).take(holders))
        values = decimals(self._values)
        add("value", values, self._about_value(model))
        add("unit", pa.array([s.unit or None for s in quantities], pa.string()).take(holders))
        quality = pc.if_else(values.is_null(), pa.scalar("missing"), pa.scalar("unknown"))
        add("quality", quality)
        add("service_date", pa.array(self._days, pa.date32()))
        add("source_label", pa.array(self._labels, pa.string()))
        add("fetched_at", instants(self._fetched, "UTC").take(holders))
        schema = pa.schema([field for field, _ in columns], metadata=about_table(model, kind))
        return pa.table([values for _, values in columns], schema=schema)

    def _contexts(self) -> list[tuple[str, pa.Array, dict[str, str]]]:
        """Return name, value by holder and metadata of what stands beside the readings."""
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
            about = about_field(context.model, context.field)
            found.append((name, array_of(values, context.kind), about))
        return found

    def _about_value(self, model: type[Record]) -> dict[str, str]:
        """Return what the document says of the quantity, where the table has one alone."""
        quantities = {(source.model, source.quantity) for source in self._sources}
        if len(quantities) != 1:
            return {}
        ((teller, quantity),) = quantities
        return about_field(teller, quantity)

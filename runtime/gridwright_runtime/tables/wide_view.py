"""A tidy table of readings as a wide one: a row a day, a column for each interval."""

from datetime import datetime, time
from typing import Any

import pyarrow as pa

from .column_metadata import interval_columns_of
from .columns import OWN_COLUMNS

__all__ = ["scattered_by", "wide"]

_OF_READINGS = frozenset(name for name, per in OWN_COLUMNS.items() if per == "reading")


def wide(table: pa.Table) -> pa.Table:
    """Return a row for each day and quantity of a meter, as people paste it into a spreadsheet.

    The columns are named after the start of the interval on the clock of the wall, such as
    ``00:15``, with seconds where starts have them. Where the clocks show a time twice, the later
    one has its offset beside it: ``02:00+01:00``. An interval that a day does not have is null
    there, and so is a missing value. What says the interval of each reading, such as its start, is
    left out: it never says whose the reading is. A row has come when the last of its values had.

    Args:
        table: of readings, as `table` returns it.

    Raises:
        ValueError: it is none, has two values of one interval, or says the time of another zone
            than that of its days.
    """
    if "interval_start" not in table.column_names:
        raise ValueError("a table of readings has a column interval_start")
    left_out = _OF_READINGS | (interval_columns_of(table.schema.metadata) or frozenset())
    kept = [name for name in table.column_names if name not in left_out]
    starts = _starts(table)
    detail = _detail(starts)
    written = len(time(0).isoformat(detail))
    values = table.column("value").to_pylist()
    columns = {name: table.column(name).to_pylist() for name in kept}
    # Pages of one day come one after the other.
    fetched = columns.pop("fetched_at", [None] * len(values))
    if "unit" in columns:
        columns["unit"] = _known_units(columns, values)
    keys = list(zip(*columns.values(), strict=True))
    rows: dict[Any, dict[str, Any]] = {}
    latest: dict[Any, datetime | None] = {}
    seen: set[Any] = set()
    for key, start, value, came in sorted(
        zip(keys, starts, values, fetched, strict=True), key=lambda one: one[1].timestamp()
    ):
        if (key, start.timestamp()) in seen:
            raise ValueError("one interval has two values: take the newest ones first")
        seen.add((key, start.timestamp()))
        row, before = rows.setdefault(key, {}), latest.get(key)
        latest[key] = before if before and (came is None or came < before) else came
        name = start.time().isoformat(detail)
        if start.fold:
            name = start.isoformat(timespec=detail).partition("T")[2]
        row[name] = value
    names = {name for row in rows.values() for name in row}
    ordered = sorted(names, key=lambda name: (name[:written], len(name)))
    fields = [table.schema.field(name) for name in kept]
    by_name = {name: [key[place] for key in rows] for place, name in enumerate(columns)}
    by_name["fetched_at"] = [latest[key] for key in rows]
    arrays = [pa.array(by_name[field.name], field.type) for field in fields]
    value_type = table.schema.field("value").type
    arrays += [pa.array([row.get(name) for row in rows.values()], value_type) for name in ordered]
    fields += [pa.field(name, value_type) for name in ordered]
    return pa.table(arrays, schema=pa.schema(fields, metadata=table.schema.metadata))


def scattered_by(readings: pa.Table, view: pa.Table) -> list[str]:
    """Return the columns that differ in each interval, where every row of a view has one alone.

    Args:
        readings: of which the view was made.
        view: as `wide` returns it.
    """
    kept = [name for name in view.column_names if name in readings.column_names]
    intervals = view.num_columns - len(kept)
    if intervals < 2 or view.num_rows < readings.num_rows:
        return []
    return [
        name for name in kept
        if name not in ("service_date", "fetched_at") and len(readings.column(name).unique()) > 1
    ]  # fmt: skip


def _starts(table: pa.Table) -> list[datetime]:
    """Return the starts of all intervals, on the clock by which the days of the table are counted.

    Raises:
        ValueError: it is another clock.
    """
    starts: list[datetime] = table.column("interval_start").to_pylist()
    if "service_date" in table.column_names:
        for start, day in zip(starts, table.column("service_date").to_pylist(), strict=True):
            if start.date() != day:
                raise ValueError(
                    f"interval_start is of {table.schema.field('interval_start').type.tz}, and "
                    "service_date is the day in another zone: cast interval_start to that zone, "
                    "and take the rows of each zone for themselves"
                )
    return starts


def _known_units(columns: dict[str, list[Any]], values: list[Any]) -> list[str | None]:
    """Return the unit of each value; of a missing one, that of all others in its row."""
    beside = [column for name, column in columns.items() if name != "unit"]
    keys = list(zip(*beside, strict=True)) if beside else [()] * len(values)
    known: dict[Any, set[str]] = {}
    for key, unit in zip(keys, columns["unit"], strict=True):
        if unit is not None:
            known.setdefault(key, set()).add(unit)
    found: list[str | None] = []
    for key, unit, value in zip(keys, columns["unit"], values, strict=True):
        others = known.get(key, set())
        is_told = unit is None and value is None and len(others) == 1
        found.append(next(iter(others)) if is_told else unit)
    return found


def _detail(starts: list[datetime]) -> str:
    """Return how exactly times are to be written, so that none is cut off."""
    if any(start.microsecond for start in starts):
        return "microseconds"
    return "seconds" if any(start.second for start in starts) else "minutes"

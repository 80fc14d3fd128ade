"""Report what a lake holds, by DuckDB: newest values, gaps, changes; compact and export it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ..tables.arrow import micros
from ..tables.column_metadata import interval_columns_of
from .fetch import key_of
from .ledger import Ledger, has_ledger
from .part_files import (
    LostPartsError,
    find_changed,
    find_damaged,
    kind_of_part,
    metadata_of_part,
    month_of_part,
    remove_part,
    write_parts,
)
from .plan import Plan, zone_midnight
from .subjects import Subjects, masked

__all__ = ["Gap", "changes", "compact", "export", "gaps", "newest", "plan_of", "without_data"]


_DAY = 86_400_000_000
"""In microseconds."""


class Gap(NamedTuple):
    """Something that is missing, and why."""

    subject: str
    """Masked."""
    start: str
    end: str
    why: str
    """The state of its chunk, or ``missing``: the service had no value for these intervals."""
    code: str = ""
    said: str = ""
    """Beside that; where values are missing, of which series, masked as the subject is."""
    intervals: int = 0


class _Held(NamedTuple):
    """What a lake has of one series on one day."""

    covered: int
    """For how many microseconds there are values."""
    step: int
    """How long most of its intervals are, in microseconds."""


_Series = tuple[str, tuple[Any, ...]]
"""The hash of a subject, and what tells its series apart."""


def plan_of(folder: Path) -> Plan:
    """Return the plan of a lake.

    Raises:
        OSError: there is no lake.
    """
    told = ""
    if has_ledger(folder):
        with Ledger(folder) as ledger:
            told = ledger.fact("plan")
    if not told:
        raise FileNotFoundError(f"there is no lake in {folder}")
    return msgspec.convert(msgspec.json.decode(told)["plan"], Plan)


def newest(folder: Path, of: str = "readings") -> pa.Table:
    """Return the newest value of each reading, or of each record.

    Args:
        folder: of the lake.
        of: ``readings``, ``registers`` or ``records``.

    Raises:
        OSError: there is no lake, or part files are lost (`LostPartsError`).
        ValueError: it holds none of these.
    """
    plan = plan_of(folder)
    parts = _parts(folder, of)
    with _connected(folder, plan, of, parts) as read:
        query = _newest_of_lake(read, plan, of, _interval_columns(folder, parts))
        found: pa.Table = read.sql(query).to_arrow_table()
        metadata = metadata_of_part(folder, next(iter(parts)))
    place = found.schema.get_field_index("fetched_at")
    in_utc = found.column(place).cast(pa.timestamp("us", tz="UTC"))
    return found.set_column(place, "fetched_at", in_utc).replace_schema_metadata(metadata)


def changes(folder: Path, of: str = "readings") -> pa.Table:
    """Return readings whose value, or its unit, was another one when it was read before."""
    plan = plan_of(folder)
    key = _join_names(key_of(plan, of))
    with _connected(folder, plan, of, _parts(folder, of)) as read:
        return read.sql(
            "select * from (select *, lag(value) over w as value_before, "  # noqa: S608  # own names
            "lag(fetched_at) over w as fetched_before, lag(unit) over w as unit_before "
            f"from lake window w as (partition by {key} "
            "order by fetched_at)) where fetched_before is not null "
            "and (value is distinct from value_before or unit is distinct from unit_before)"
        ).to_arrow_table()


def gaps(folder: Path, step_seconds: int | None = None) -> list[Gap]:
    """Return all that is missing: chunks that are not complete, and intervals without a value.

    Args:
        folder: of the lake.
        step_seconds: length of one interval; by default the one that the lake's readings have.

    Raises:
        OSError: there is no lake, or part files are damaged (`LostPartsError`).
        ValueError: the key of its subjects is lost.
    """
    plan = plan_of(folder)
    with Ledger(folder) as ledger:
        stopped = ledger.fact("stopped")
        found = [_incomplete_gap(Gap(*row), stopped) for row in ledger.incomplete()]
        complete, parts = ledger.complete(), ledger.parts()
        lost, mark = _lost(folder, parts), ledger.fact("subjects")
    if not parts:
        return found + [
            Gap(mask, start, end, "missing", "", "the reply holds no record")
            for _, mask, start, end, state in complete
            if state == "done"
        ]
    return (
        found
        + [_lost_gap(name) for name in lost]
        + list(_missing(folder, plan, complete, step_seconds, mark))
    )


def without_data(folder: Path) -> list[Gap]:
    """Return the windows of which the service says that it has nothing: they are no gaps.

    Raises:
        OSError: the ledger cannot be used.
    """
    with Ledger(folder) as ledger:
        return [Gap(*row) for row in ledger.without_data()]


def _incomplete_gap(gap: Gap, stopped: str) -> Gap:
    """Say of what was not asked for why the last run ended before it."""
    if gap.why != "due" or gap.said or not stopped:
        return gap
    return gap._replace(said=f"the last run stopped: {stopped}")


def _lost_gap(name: str) -> Gap:
    month = month_of_part(name)
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return Gap("", str(first), str(following), "lost", "", name)


def _missing(
    folder: Path,
    plan: Plan,
    complete: list[tuple[str, str, str, str, str]],
    step_seconds: int | None,
    mark: str,
) -> Iterator[Gap]:
    """Yield days of meters on which intervals have no value.

    The series that is expected begins and ends at midnights of the zone, so that days of 23 and 25
    hours have as many intervals as they last.
    """
    parts = _there(folder, "readings")
    if not parts:
        return
    days: dict[str, list[date]] = {}
    shown: dict[str, str] = {}
    for hash, mask, start, end, state in complete:
        shown[hash] = mask
        if state == "done":
            days.setdefault(hash, []).extend(_days(start, end))
    there: dict[_Series, dict[date, _Held]] = {}
    with _connected(folder, plan, "readings", parts) as read:
        told = _interval_columns(folder, parts)
        series_names = [name for name in key_of(plan, "readings") if name not in told]
        query = _newest_of_lake(read, plan, "readings", told)
        read.execute(f"create temp table newest as {query}")
        whose = Subjects(folder)
        whose.require(mark)
        for series, day, held in _held(read, plan, whose, series_names):
            before = there.setdefault(series, {}).get(day, _Held(0, held.step))
            there[series][day] = _Held(before.covered + held.covered, before.step)
    usual = _usual_step(held for by_day in there.values() for held in by_day.values())
    for hash in days.keys() - {hash for hash, _ in there}:
        there[hash, ()] = {}
    for (hash, values), by_day in sorted(there.items(), key=str):
        said = _series_said(dict(zip(series_names, values, strict=False)), plan)
        usual_here = _usual_step(by_day.values()) or usual
        for day in sorted(days.get(hash, ())):
            held = by_day.get(day, _Held(0, 0))
            lasts = micros(_midnight(_day_after(day), plan)) - micros(_midnight(day, plan))
            if held.covered < lasts:
                step = (step_seconds or 0) * 1_000_000 or held.step or usual_here
                lacking = max(round((lasts - held.covered) / step), 1) if step else 1
                following = str(_day_after(day))
                yield Gap(shown[hash], str(day), following, "missing", "", said, lacking)


def _usual_step(held: Iterable[_Held]) -> int:
    """Return how long an interval of most days is; 0: there is none."""
    counted = Counter(one.step for one in held if one.step)
    return counted.most_common(1)[0][0] if counted else 0


def _series_said(series: dict[str, Any], plan: Plan) -> str:
    """Say which series of a subject it is; numbers of meters tell nobody who they are."""
    return ", ".join(
        f"{name} {value if name == 'quantity' else masked(str(value))}"
        for name, value in series.items()
        if name != plan.subject and value is not None
    )


def _interval_columns(folder: Path, names: Iterable[str]) -> frozenset[str]:
    """Return the columns of the key that say when a reading is, and not whose it is."""
    for name in names:
        found = interval_columns_of(metadata_of_part(folder, name))
        if found is not None:
            return found | {"interval_start"}
    return frozenset({"interval_start"})


def _held(
    read: duckdb.DuckDBPyConnection, plan: Plan, whose: Subjects, series: list[str]
) -> Iterator[tuple[_Series, date, _Held]]:
    """Yield of each series and day what there is of values.

    Intervals may be of several lengths, and longer than a day, so that time is counted, and no
    intervals are.
    """
    subject = _quoted(plan.subject) if plan.subject else "''"
    names = f"{_join_names(series)}, " if series else ""
    read.execute(
        f"create temp table spans as select {subject} as gridwright_subject, {names}value, "  # noqa: S608
        "interval_start, interval_end, cast(interval_start as date) as gridwright_first, "
        "cast(interval_end - interval 1 microsecond as date) as gridwright_last from newest"
    )
    whole = "epoch_us(interval_end) - epoch_us(interval_start)"
    there = (
        "epoch_us(least(interval_end, cast(gridwright_day + interval 1 day as timestamptz))) - "
        "epoch_us(greatest(interval_start, cast(gridwright_day as timestamptz)))"
    )
    for source, day, part in (
        ("spans where gridwright_first = gridwright_last", "gridwright_first", whole),
        (
            "(select *, unnest(generate_series(cast(gridwright_first as timestamp), "
            "cast(gridwright_last as timestamp), interval 1 day)) as gridwright_day from spans "
            "where gridwright_first < gridwright_last)",
            "cast(gridwright_day as date)",
            there,
        ),
    ):
        for row in read.execute(
            f"select gridwright_subject, {names}{day}, "  # noqa: S608
            f"sum(case when value is null then 0 else {part} end), mode({whole}) "
            f"from {source} group by all"
        ).fetchall():
            one = (whose.hashed(str(row[0])), tuple(row[1:-3]))
            yield one, row[-3], _Held(int(row[-2]), int(row[-1]))


def compact(folder: Path) -> int:
    """Put the newest values of each month into one file; returns how many files have gone.

    Older values, which `changes` lists, go too. No worker may be at work.

    Raises:
        ValueError: workers are at work.
    """
    plan = plan_of(folder)
    gone = 0
    with Ledger(folder) as ledger, ledger.alone() as is_alone:
        if not is_alone:
            raise ValueError("workers are at work: compact when they are through")
        by_group: dict[tuple[str, str], dict[str, int]] = {}
        for name, rows in ledger.parts().items():
            by_group.setdefault((month_of_part(name), kind_of_part(name)), {})[name] = rows
        for (month, of), parts in by_group.items():
            if len(parts) < 2:
                continue
            with _connected(folder, plan, of, parts) as read:
                query = _newest_of_lake(read, plan, of, _interval_columns(folder, parts))
                table: pa.Table = read.sql(query).to_arrow_table()
                metadata = metadata_of_part(folder, next(iter(parts)))
            made = write_parts(folder, month, {of: table.replace_schema_metadata(metadata)})
            ledger.replace_parts(parts, made, datetime.now(UTC))
            for name in parts:
                remove_part(folder, name)
            gone += len(parts)
    return gone


def export(folder: Path, to: Path, of: str = "readings") -> int:
    """Write the newest values as Parquet or CSV, by the name of the file; returns their number.

    Raises:
        OSError: it cannot be written, there is no lake, or part files are lost.
        ValueError: the name says neither, or the lake holds none of these.
    """
    if to.suffix not in (".csv", ".parquet"):
        raise ValueError("the name of the file is to end in .parquet or .csv")
    table = newest(folder, of)
    part = to.with_name(f".{to.name}.part")
    try:
        if to.suffix == ".csv":
            _write_csv(table, part, plan_of(folder).zone)
        else:
            pq.write_table(table, part, compression="zstd")
        part.replace(to)
    except duckdb.IOException as error:
        raise OSError(str(error)) from None
    finally:
        part.unlink(missing_ok=True)
    return int(table.num_rows)


def _write_csv(table: pa.Table, part: Path, zone: str) -> None:
    """Write a table, each number in full, instants in a zone, and when replies came in UTC."""
    write = duckdb.connect()
    write.execute("set timezone = ?", [zone])
    write.register("newest", table)
    path = str(part).replace("'", "''")
    # Arrow writes a zero of nine decimals as 0E-9.
    write.execute(
        "copy (select * replace (strftime(fetched_at at time zone 'UTC', "  # noqa: S608  # own names
        "'%Y-%m-%d %H:%M:%S.%f+00:00') as fetched_at) from newest) "
        f"to '{path}' (format csv, header)"
    )


def _newest_of_lake(
    read: duckdb.DuckDBPyConnection, plan: Plan, of: str, told: frozenset[str]
) -> str:
    """Return a query for the newest row of each key, of those that none newer overlaps in time.

    Args:
        read: has the view ``lake``.
        plan: of the lake.
        of: which kind of rows.
        told: the columns of the key that say when a reading is.
    """
    names = key_of(plan, of)
    key = _join_names(names)
    newest = (
        "select * exclude (gridwright_rank) from (select *, row_number() over "  # noqa: S608
        f"(partition by {key} order by fetched_at desc) as gridwright_rank from lake) "
        "where gridwright_rank = 1"
    )
    if of != "readings" or not _has_several_lengths(read):
        return f"{newest} order by {key}"
    # Hours that quarter hours took the place of, or the other way round, begin at other times.
    series = [name for name in names if name not in told]
    within = f"partition by {_join_names(series)} " if series else ""
    alike = "".join(
        f"older.{_quoted(name)} is not distinct from newer.{_quoted(name)} and " for name in series
    )
    read.execute(
        "create temp table ranked as select *, row_number() over () as gridwright_row "  # noqa: S608
        f"from ({newest})"
    )
    read.execute(
        "create temp table overlapping as select *, unnest(range(epoch_us(interval_start) "  # noqa: S608
        f"// {_DAY}, epoch_us(interval_end) // {_DAY} + 1)) as gridwright_day from (select *, "
        "max(interval_end) over (earlier rows between unbounded preceding and 1 preceding) "
        "as gridwright_before, lead(interval_start) over earlier as gridwright_after from ranked "
        f"window earlier as ({within}order by interval_start, gridwright_row)) "
        "where gridwright_before > interval_start or gridwright_after < interval_end"
    )
    return (
        "select * exclude (gridwright_row) from ranked where gridwright_row not in "  # noqa: S608
        "(select older.gridwright_row from overlapping as older join overlapping as newer on "
        f"{alike}older.gridwright_day = newer.gridwright_day and "
        "newer.fetched_at > older.fetched_at and "
        "newer.interval_start < older.interval_end and "
        f"newer.interval_end > older.interval_start) order by {key}"
    )


def _has_several_lengths(read: duckdb.DuckDBPyConnection) -> bool:
    """Say whether intervals of a lake are of several lengths: equal ones overlap no others."""
    lengths = read.execute(
        "select distinct epoch_us(interval_end) - epoch_us(interval_start) from lake limit 2"
    ).fetchall()
    return len(lengths) > 1


@contextmanager
def _connected(
    folder: Path, plan: Plan, of: str, parts: Mapping[str, int]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to a database in memory that has the parts of a kind as the view ``lake``.

    Raises:
        LostPartsError: parts are lost or damaged.
    """
    if not parts:
        raise ValueError(_nothing_of(folder, of))
    if bad := sorted([*_lost(folder, parts), *find_changed(folder, parts)]):
        raise LostPartsError(folder, bad)
    paths = [str(folder / name) for name in sorted(parts)]
    try:
        with duckdb.connect() as read:
            read.execute("set timezone = ?", [plan.zone])
            read.execute(f"create view lake as {_all_rows(read, paths)}")
            yield read
    except duckdb.Error as error:
        # Parts of earlier releases have no digest.
        if damaged := find_damaged(folder, parts):
            raise LostPartsError(folder, damaged) from None
        raise OSError(str(error).partition("\n")[0]) from None


def _all_rows(read: duckdb.DuckDBPyConnection, paths: list[str]) -> str:
    """Return a query for the rows of all parts, each number with all of its decimals.

    DuckDB reads numbers of several files by the type that one of them has, and cuts off what others
    have more.
    """
    differing = read.execute(
        f"select name from parquet_schema({_listed(paths)}) where scale is not null "  # noqa: S608
        "group by name having min(scale) <> max(scale)"
    ).fetchall()
    if not differing:
        return _rows_of(paths)
    by_types: dict[frozenset[tuple[str, str, int]], list[str]] = {}
    for path in paths:
        by_types.setdefault(frozenset(_decimal_columns(pq.read_schema(path))), []).append(path)
    scales: dict[str, int] = {}
    for types in by_types:
        for name, _, scale in types:
            scales[name] = max(scale, scales.get(name, 0))
    selected = []
    for types, alike in by_types.items():
        casts = [
            f"cast({_quoted(name)} as decimal(38, {scales[name]}){suffix}) as {_quoted(name)}"
            for name, suffix, scale in sorted(types)
            if scale < scales[name]
        ]
        selected.append(_rows_of(alike, f"* replace ({', '.join(casts)})" if casts else "*"))
    return " union all by name ".join(selected)


def _rows_of(paths: list[str], columns: str = "*") -> str:
    return f"select {columns} from read_parquet({_listed(paths)}, union_by_name = true)"  # noqa: S608  # own names


def _decimal_columns(schema: pa.Schema) -> Iterator[tuple[str, str, int]]:
    """Yield name, what makes its type a list in SQL, and scale of each column of decimals."""
    for field in schema:
        is_list = pa.types.is_list(field.type)
        kind = field.type.value_type if is_list else field.type
        if pa.types.is_decimal(kind):
            yield field.name, "[]" if is_list else "", kind.scale


def _listed(paths: list[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def _nothing_of(folder: Path, of: str) -> str:
    """Say that a lake holds nothing of a kind, and of which others it does."""
    with Ledger(folder) as ledger:
        others = sorted({kind_of_part(name) for name in ledger.parts()})
    held = f": it holds {' and '.join(others)}" if others else " yet"
    return f"the lake holds no {of}{held}"


def _parts(folder: Path, of: str) -> dict[str, int]:
    """Return the parts of a kind, with their rows."""
    with Ledger(folder) as ledger:
        return {name: rows for name, rows in ledger.parts().items() if kind_of_part(name) == of}


def _there(folder: Path, of: str) -> dict[str, int]:
    """Return the parts of a kind that are not lost."""
    parts = _parts(folder, of)
    lost = set(_lost(folder, parts))
    return {name: rows for name, rows in parts.items() if name not in lost}


def _lost(folder: Path, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not (folder / name).is_file())


def _days(start: str, end: str) -> Iterator[date]:
    day = date.fromisoformat(start)
    while day < date.fromisoformat(end):
        yield day
        day = _day_after(day)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _midnight(day: date, plan: Plan) -> datetime:
    return zone_midnight(day, plan.zone)


def _join_names(names: Any) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

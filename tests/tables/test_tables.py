"""Tables of replies: exact, in their zone, nothing filled; read by pandas, polars and DuckDB."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import httpx2
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.generated_packages import write_package

from gridwright_apis import epias_ecms, kepco_opm
from gridwright_apis.epias_ecms import mock as epias_mock
from gridwright_apis.kepco_opm import mock as kepco_mock
from gridwright_apis.kepco_opm import models
from gridwright_runtime import tables
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.tables.wide_view import scattered_by

SPEC = Path(__file__).parents[1] / "times" / "intervals.yaml"
DAYS = {date(2026, 10, 25): 25, date(2026, 3, 29): 23, date(2026, 7, 1): 24}
DAY = date(2024, 10, 1)


@pytest.fixture(scope="module")
def kepco() -> Iterator[Any]:
    transport = MockTransport(kepco_mock.application())
    with kepco_opm.Client(service_key="demo-service-key", transport=transport) as client:
        yield client


@pytest.fixture(scope="module")
def berlin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("tables")
    write_package(SPEC.read_bytes(), folder, "table_apis.berlin")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("table_apis.berlin")


def mocked(package: ModuleType) -> Any:
    application = importlib.import_module(f"{package.__name__}.mock").application()
    return package.Client(transport=MockTransport(application), format="json")


def rows(table: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def test_a_day_is_a_row_for_each_interval(kepco: Any) -> None:
    reply = kepco.get_day_load_profile(customer_number="0100000001", date=DAY)
    table = reply.table()
    readings = reply.records[0].readings()
    told = [(r.interval_start, r.interval_end, r.energy_kwh) for r in readings]
    assert rows(table, "interval_start", "interval_end", "value") == told
    first = table.slice(0, 1).to_pylist()[0]
    assert first["customer_number"] == "0100000001" and first["meter_number"]
    assert (first["quantity"], first["unit"], first["quality"]) == ("energy_kwh", "kWh", "unknown")
    assert (first["service_date"], first["source_label"]) == (DAY, "pwr_qty0015")
    assert first["fetched_at"] == reply.raw.received_at


def test_what_is_missing_is_null_and_has_its_row(kepco: Any) -> None:
    reply = kepco.get_day_load_profile(customer_number="0100000002", date=DAY)
    table = reply.table()
    assert (table.num_rows, table.column("value").null_count) == (96, 72)
    missing = [value for value, quality in rows(table, "value", "quality") if quality == "missing"]
    assert missing == [None] * 72
    registers = reply.table(of="registers")
    told = [(r.read_at, r.cumulative_kwh) for r in reply.records[0].cumulative_kwh_readings()]
    assert rows(registers, "read_at", "value") == told


def test_metadata_has_unit_label_wire_name_and_lines(kepco: Any) -> None:
    table = kepco.get_day_load_profile(customer_number="0100000001", date=DAY).table()
    about = table.schema.field("value").metadata
    assert about[b"unit"] == b"kWh" and about[b"lines"] == b"81, 153"
    assert table.schema.field("meter_number").metadata[b"label"].decode() == "계기번호"
    whole = json.loads(table.schema.metadata[b"gridwright"])
    assert (whole["system"], whole["table"]) == ("kepco_opm", "readings")
    bill = kepco.get_customer_bill(customer_number="0100000001", month=date(2024, 9, 1)).table()
    assert bill.schema.field("billed_amount_krw").metadata[b"unit"] == b"KRW"


def test_records_without_readings_are_a_table_of_their_own(kepco: Any) -> None:
    reply = kepco.list_customers()
    table = reply.table()
    assert table.num_rows == len(reply.records)
    for name in ("customer_number", "power_consumption"):
        assert table.column(name).to_pylist() == [getattr(one, name) for one in reply.records]
    assert table.schema.field("power_consumption").type == pa.decimal128(38, 9)


def test_an_empty_reply_has_the_columns_and_no_row() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"custNoInfoList": []}))
    with kepco_opm.Client(service_key="x", transport=transport) as client:
        table = client.list_customers().table()
    assert table.num_rows == 0 and "customer_number" in table.column_names


def test_many_replies_are_one_table(kepco: Any) -> None:
    replies = [
        kepco.get_day_load_profile(customer_number="0100000001", date=DAY + timedelta(days=n))
        for n in range(3)
    ]
    table = tables.table(replies)
    assert table.num_rows == 3 * 96
    assert table.equals(pa.concat_tables([reply.table() for reply in replies]))
    assert len(set(table.column("fetched_at").to_pylist())) == 3


def test_readings_that_a_label_places_have_it_as_it_came(kepco: Any, berlin: ModuleType) -> None:
    customer, moment = "0100000001", datetime(2024, 10, 1, 0, 15, tzinfo=ZoneInfo("Asia/Seoul"))
    reply = kepco.get_quarter_hour_reading(customer_number=customer, date_time=moment)
    table = tables.table(reply, label_marks="end")
    assert set(table.column("source_label").to_pylist()) == {"0015"}
    models = berlin.models
    hours = [models.Hour(hour=f"0{hour}:00", price_eur_per_mwh=None) for hour in (1, 2, 3)]
    day = models.Day(day=DAY, rows=[], loads=[], hours=hours)
    found = rows(tables.table(day), "quantity", "source_label")
    labels = [label for quantity, label in found if quantity == "price_eur_per_mwh"]
    assert labels == ["01:00", "02:00", "03:00"]
    one = models.Hours(day=DAY, hour="0400", energy_kwh=None)
    assert tables.table(one).column("source_label").to_pylist() == ["0400"]


def test_a_label_that_may_name_either_end_is_left_to_the_caller(kepco: Any) -> None:
    moment = datetime.fromisoformat("2024-10-01T05:00+00:00")
    reply = kepco.get_quarter_hour_reading(customer_number="0100000001", date_time=moment)
    with pytest.raises(ValueError, match="label_marks="):
        reply.table()
    end, start = reply.table(label_marks="end"), reply.table(label_marks="start")
    assert end.column("interval_end")[0].as_py() == start.column("interval_start")[0].as_py()
    assert reply.table(of="records").num_rows == 1


def test_records_that_tell_no_readings_say_so(kepco: Any) -> None:
    with pytest.raises(ValueError, match="Customer tells no readings"):
        kepco.list_customers().table(of="readings")


def test_a_walk_and_a_result_with_a_list_are_tables() -> None:
    transport = MockTransport(epias_mock.application())
    with epias_ecms.Client(
        username="demo-username", password="demo-password", transport=transport
    ) as client:
        criteria = epias_ecms.models.IndexSearchCriteria()
        walk = list(client.iter_index_readings(criteria=criteria))
        found = client.search_indexes(criteria=criteria)
    whole = tables.table(walk)
    assert whole.num_rows == len(walk)
    assert whole.column("last_t0").to_pylist() == [one.last_t0 for one in walk]
    page = found.table()
    assert found.body is not None and found.body.indexes is not None
    assert page.num_rows == len(found.body.indexes)
    assert page.column("index_id").to_pylist() == [one.index_id for one in found.body.indexes]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_days_of_all_lengths_are_those_of_the_readings(berlin: ModuleType, day: date) -> None:
    with mocked(berlin) as client:
        reply = client.get_day(day=day)
        listed = client.list_series(day=day)
    body = reply.body
    table = reply.table()
    told = [
        (utc(one.interval_start), utc(one.interval_end), one[2])
        for method in type(body).__readings__
        for one in getattr(body, method)()
    ]
    found = [
        (utc(start), utc(end), value)
        for start, end, value in rows(table, "interval_start", "interval_end", "value")
    ]
    assert sorted(found, key=str) == sorted(told, key=str)
    assert len(rows(table, "quantity")) == len(told)
    inside = [
        (utc(one.interval_start), one[2]) for record in listed.records for one in record.readings()
    ]
    placed = rows(listed.table(), "interval_start", "value")
    assert [(utc(start), value) for start, value in placed] == inside


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_wide_view_has_a_column_for_each_interval_of_the_day(
    berlin: ModuleType, day: date
) -> None:
    with mocked(berlin) as client:
        table = client.get_day(day=day).table()
    one = table.filter(pa.compute.equal(table.column("quantity"), table.column("quantity")[0]))
    wide = tables.wide(one)
    times = [name for name in wide.column_names if ":" in name]
    assert (wide.num_rows, len(times)) == (1, one.num_rows)
    assert ("02:00+01:00" in times) == (DAYS[day] == 25)
    assert ("02:00" in times) == (DAYS[day] != 23)
    if DAYS[day] != 25:
        assert [wide.column(name)[0].as_py() for name in times] == one.column("value").to_pylist()


def test_what_says_the_interval_of_each_row_is_no_row_of_its_own(berlin: ModuleType) -> None:
    with mocked(berlin) as client:
        table = client.list_start_step(day=date(2026, 7, 1)).table()
    wide = tables.wide(table)
    assert "starts_at" not in wide.column_names
    assert [name for name in wide.column_names if ":" in name][:2] == ["00:00", "00:15"]
    assert wide.num_rows == len(set(table.column("service_date").to_pylist()))


@pytest.mark.parametrize(
    ("numbers", "hours", "names"),
    [
        ([1, 2, 3], [0, 1, 2], ["row_number"]),
        ([1, 1, 2], [0, 1, 2], []),
        ([7, 7, 7], [0, 1, 2], []),
        ([1, 2, 3], [0, 0, 0], []),
    ],
)
def test_columns_that_scatter_a_wide_view_are_named(
    numbers: list[int], hours: list[int], names: list[str]
) -> None:
    readings = pa.table(
        {
            "interval_start": [datetime(2024, 10, 1, hour, tzinfo=UTC) for hour in hours],
            "service_date": [date(2024, 10, 1)] * 3,
            "row_number": numbers,
            "value": [1, 2, 3],
        }
    )
    assert scattered_by(readings, tables.wide(readings)) == names


def test_two_values_of_one_interval_are_no_wide_view(kepco: Any) -> None:
    table = kepco.get_day_load_profile(customer_number="0100000001", date=DAY).table()
    with pytest.raises(ValueError, match="two values"):
        tables.wide(pa.concat_tables([table, table]))


def test_readings_have_the_columns_of_their_own_and_those_of_their_records(kepco: Any) -> None:
    from gridwright_runtime.tables.columns import OWN_COLUMNS

    day = {"customer_number": "0100000001", "date": date(2024, 10, 1)}
    names = kepco.get_day_load_profile(**day).table().column_names
    assert [name for name in names if name in OWN_COLUMNS] == [
        name for name in OWN_COLUMNS if name != "read_at"
    ]
    fields = set(models.DayLoadProfile.__struct_fields__)
    assert {name.removeprefix("record_") for name in names} - set(OWN_COLUMNS) <= fields


def test_numbers_keep_all_their_digits() -> None:
    from gridwright_runtime.tables.arrow import decimals

    values = [Decimal("0.1"), None, Decimal("12345678901234567890.123456789")]
    assert decimals(values).to_pylist() == [Decimal("0.100000000"), None, values[2]]
    small = [Decimal("1E-15"), Decimal("5")]
    assert decimals(small).to_pylist() == small
    with pytest.raises(ValueError, match="38"):
        decimals([Decimal("1E-20"), Decimal("1E+30")])


@pytest.fixture(scope="module")
def long_day(berlin: ModuleType) -> pa.Table:
    with mocked(berlin) as client:
        return client.get_day(day=date(2026, 10, 25)).table()


def test_pandas_reads_it_without_loss(long_day: pa.Table) -> None:
    frame = long_day.to_pandas(types_mapper=pandas.ArrowDtype)
    assert pa.Table.from_pandas(frame, schema=long_day.schema).equals(long_day)
    values = long_day.to_pandas()["value"]
    assert [None if value is None else Decimal(value) for value in values] == long_day.column(
        "value"
    ).to_pylist()


def test_polars_reads_it_without_loss(long_day: pa.Table) -> None:
    frame = polars.from_arrow(long_day)
    assert isinstance(frame, polars.DataFrame)
    for name in ("value", "interval_start", "service_date", "quantity"):
        assert frame[name].to_list() == long_day.column(name).to_pylist()
    assert frame.schema["value"] == polars.Decimal(38, 9)
    assert frame.schema["interval_start"] == polars.Datetime("us", "Europe/Berlin")


def test_duckdb_reads_it_without_loss(long_day: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "day.parquet"
    pq.write_table(long_day, path)
    read = duckdb.connect()
    found = read.execute(
        "select epoch_us(interval_start), value::varchar from read_parquet(?)", [str(path)]
    ).fetchall()
    told = [
        (int(start.timestamp()) * 1_000_000, value)
        for start, value in rows(long_day, "interval_start", "value")
    ]
    assert [(start, None if value is None else Decimal(value)) for start, value in found] == told
    kinds = dict(
        read.execute(
            "select column_name, column_type from (describe select * from long_day)"
        ).fetchall()
    )
    assert kinds["value"] == "DECIMAL(38,9)"
    assert kinds["interval_start"] == "TIMESTAMP WITH TIME ZONE"


def test_parquet_keeps_zone_and_metadata(long_day: pa.Table, tmp_path: Path) -> None:
    pq.write_table(long_day, tmp_path / "day.parquet")
    assert pq.read_table(tmp_path / "day.parquet").equals(long_day, check_metadata=True)


def test_a_client_needs_no_pyarrow() -> None:
    code = (
        "import sys\nfrom gridwright_apis import kepco_opm\nfrom gridwright_apis.kepco_opm import "
        "models\nimport gridwright_runtime.decodings.reader\nassert 'pyarrow' not in sys.modules\n"
        "assert 'gridwright_runtime.tables' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_table_shows_no_more_than_its_records(kepco: Any) -> None:
    record = kepco.get_day_load_profile(customer_number="0100000001", date=DAY).records[0]
    assert isinstance(record, models.DayLoadProfile)
    assert "0100000001" not in str(tables.table(record).schema)

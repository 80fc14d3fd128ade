"""Starts and ends that a day and a time say in fields of their own, and months as intervals."""

import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import ContradictedEndError, MissingDayError, UndecidedTimeError
from gridwright_runtime.mock.transport import MockTransport

SPEC = Path(__file__).with_name("pairs.yaml")
Row: TypeAlias = dict[str, str]
KINDS = ("Both", "Summer", "Zoned", "Marked", "Length", "Last", "Month", "Hour", "Part")

SAID = ("summer", "zoned", "marked", "month")
"""Of these, nobody asks which is meant of two hours."""


def spec() -> bytes:
    own = "".join(
        f"  list_{kind.lower()}: {{en: values, kind: read, at: 5, method: GET, address: "
        f"{{text: /{kind}, at: 5}}, "
        f"formats: [{'json' if kind in ('Hour', 'Part') else 'json, csv'}], "
        f"request: {{on: {{name: on, type: date, format: yyyy-MM-dd, at: 5}}}}, "
        f"reply: {{of: {kind}{'Day' if kind in ('Hour', 'Part') else 'Value'}, "
        f'list: {{element: ".", at: 5}}}}}}\n'
        for kind in KINDS
    )
    return (SPEC.read_text() + "operations:\n" + own).encode()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("pairs")
    write_package(spec(), folder, "pair_apis.pairs")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("pair_apis.pairs")


def asked(package: ModuleType, kind: str, *rows: Any) -> Any:
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(
            200, content=json.dumps(rows), headers={"content-type": "application/json"}
        )
    )
    with package.Client(transport=transport) as client:
        return getattr(client, f"list_{kind}")()


def shown(reading: Any) -> tuple[str, str]:
    return reading.interval_start.isoformat(), reading.interval_end.isoformat()


def both(start: str, end: str, **more: str) -> Row:
    (d1, t1), (d2, t2) = start.split(), end.split()
    return {"d1": d1, "t1": t1, "d2": d2, "t2": t2, "value": "1.5", **more}


def test_an_interval_goes_from_a_day_and_a_time_to_a_day_and_a_time(package: ModuleType) -> None:
    reply = asked(
        package,
        "both",
        both("01.07.2024 23:45", "02.07.2024 00:00"),
        both("01.07.2024 23:45", "01.07.2024 24:00"),
        both("30.03.2024 12:00", "31.03.2024 12:00"),
    )
    assert reply.deviations == ()
    assert [shown(record.reading()) for record in reply.records] == [
        ("2024-07-01T23:45:00+02:00", "2024-07-02T00:00:00+02:00"),
        ("2024-07-01T23:45:00+02:00", "2024-07-02T00:00:00+02:00"),
        ("2024-03-30T12:00:00+01:00", "2024-03-31T12:00:00+02:00"),
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("01.07.2024 12:00", "01.07.2024 12:00"),
        ("01.07.2024 23:00", "01.07.2024 00:00"),
        ("31.03.2024 02:15", "31.03.2024 02:30"),
    ],
)
def test_what_names_no_interval_is_not_placed(package: ModuleType, start: str, end: str) -> None:
    reply = asked(package, "both", both(start, end))
    assert [problem.rule for problem in reply.deviations] in (
        ["unplaced-reading"],
        ["skipped-time"],
    )
    with pytest.raises(MissingDayError):
        reply.records[0].reading()


def test_a_time_that_is_missing_is_no_midnight(package: ModuleType) -> None:
    row = both("01.07.2024 12:00", "02.07.2024 12:00")
    del row["t1"]
    reply = asked(package, "both", row)
    assert "unplaced-reading" in [problem.rule for problem in reply.deviations]
    with pytest.raises(MissingDayError, match="start_time is missing"):
        reply.records[0].reading()


def test_an_hour_that_comes_twice_is_not_guessed(package: ModuleType) -> None:
    reply = asked(package, "both", both("27.10.2024 02:15", "27.10.2024 02:30"))
    with pytest.raises(UndecidedTimeError):
        reply.records[0].reading()
    second = reply.records[0].reading(repeated="second")
    assert shown(second) == ("2024-10-27T02:15:00+01:00", "2024-10-27T02:30:00+01:00")


def test_a_field_says_which_hour_is_meant(package: ModuleType) -> None:
    rows = [both("27.10.2024 02:45", "27.10.2024 03:00", dst=dst) for dst in ("S", "W")]
    assert [shown(record.reading()) for record in asked(package, "summer", *rows).records] == [
        ("2024-10-27T02:45:00+02:00", "2024-10-27T02:00:00+01:00"),
        ("2024-10-27T02:45:00+01:00", "2024-10-27T03:00:00+01:00"),
    ]


def test_the_zone_of_the_record_is_that_of_its_days_and_times(package: ModuleType) -> None:
    rows = [both("27.10.2024 02:15", "27.10.2024 02:30", zone=zone) for zone in ("CEST", "CET")]
    starts = [
        record.reading().interval_start.astimezone(UTC).isoformat()
        for record in asked(package, "zoned", *rows).records
    ]
    assert starts == ["2024-10-27T00:15:00+00:00", "2024-10-27T01:15:00+00:00"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("02:15A", "02:30A", ("2024-10-27T02:15:00+02:00", "2024-10-27T02:30:00+02:00")),
        ("02:15B", "02:30B", ("2024-10-27T02:15:00+01:00", "2024-10-27T02:30:00+01:00")),
        ("02:15A", "02:30B", ("2024-10-27T02:15:00+02:00", "2024-10-27T02:30:00+01:00")),
        ("01:45", "02:00A", ("2024-10-27T01:45:00+02:00", "2024-10-27T02:00:00+02:00")),
        ("02:45B", "03:00", ("2024-10-27T02:45:00+01:00", "2024-10-27T03:00:00+01:00")),
    ],
)
def test_each_time_says_by_its_mark_which_it_is(
    package: ModuleType, start: str, end: str, expected: tuple[str, str]
) -> None:
    reply = asked(package, "marked", both(f"20241027 {start}", f"20241027 {end}"))
    assert reply.deviations == ()
    assert shown(reply.records[0].reading()) == expected


def test_a_mark_of_an_hour_that_comes_once_names_no_moment(package: ModuleType) -> None:
    reply = asked(package, "marked", both("20241027 01:15A", "20241027 01:30"))
    with pytest.raises(MissingDayError):
        reply.records[0].reading()


def test_a_printed_end_may_be_a_day_and_a_time(package: ModuleType) -> None:
    right = both("20240701 23:45:00", "20240702 00:00")
    same = both("20240701 23:45:00", "20240701 24:00")
    wrong = both("20240701 23:45:00", "20240701 00:00")
    reply = asked(package, "length", right, same, wrong)
    expected = ("2024-07-01T23:45:00+02:00", "2024-07-02T00:00:00+02:00")
    assert [shown(record.reading()) for record in reply.records[:2]] == [expected] * 2
    assert [problem.rule for problem in reply.deviations] == ["interval-contradicts-end"]
    with pytest.raises(ContradictedEndError):
        reply.records[2].reading()


def test_no_second_of_a_time_is_lost(package: ModuleType) -> None:
    reply = asked(package, "length", both("20240701 12:00:30", "20240701 12:15"))
    with pytest.raises(ContradictedEndError):
        reply.records[0].reading()


def test_a_step_leads_back_from_a_day_and_a_time(package: ModuleType) -> None:
    reply = asked(package, "last", {"d2": "20240701", "t2": "24:00", "value": "1"})
    expected = ("2024-07-01T23:00:00+02:00", "2024-07-02T00:00:00+02:00")
    assert shown(reply.records[0].reading()) == expected


def test_a_month_is_the_interval_of_its_value(package: ModuleType) -> None:
    rows = [{"month": month, "value": "1"} for month in ("2024-03", "2024-12")]
    assert [shown(record.reading()) for record in asked(package, "month", *rows).records] == [
        ("2024-03-01T00:00:00+01:00", "2024-04-01T00:00:00+02:00"),
        ("2024-12-01T00:00:00+01:00", "2025-01-01T00:00:00+01:00"),
    ]


def test_the_day_may_stand_around_the_times(package: ModuleType) -> None:
    hours = [{"t1": "2300", "t2": "2400", "value": "1"}]
    reply = asked(package, "hour", {"day": "2024-07-01", "hours": hours})
    expected = ("2024-07-01T23:00:00+02:00", "2024-07-02T00:00:00+02:00")
    assert [shown(reading) for reading in reply.records[0].readings()] == [expected]


def test_positions_count_from_a_day_and_a_time(package: ModuleType) -> None:
    parts = [{"n": 1, "value": "1"}, {"n": 2, "value": "2"}]
    row = {"d1": "2024-10-27", "t1": "01:30", "d2": "2024-10-27", "t2": "03:30", "parts": parts}
    reply = asked(package, "part", row)
    readings = reply.records[0].readings()
    assert len(readings) == 6
    assert shown(readings[-1]) == ("2024-10-27T03:00:00+01:00", "2024-10-27T03:30:00+01:00")
    assert [problem.rule for problem in reply.deviations] == ["missing-position"]


@pytest.mark.parametrize("kind", [kind.lower() for kind in KINDS])
@pytest.mark.parametrize("day", ["2024-03-31", "2024-07-01", "2024-10-27", None])
def test_the_mock_writes_what_the_client_places(
    package: ModuleType, kind: str, day: str | None
) -> None:
    on = None if day is None else datetime.fromisoformat(day).date()
    mock = importlib.import_module("pair_apis.pairs.mock")
    formats = ["json"] if kind in ("hour", "part") else ["json", "csv"]
    for format in formats:
        with package.Client(transport=MockTransport(mock.application()), format=format) as client:
            reply = getattr(client, f"list_{kind}")(**({} if on is None else {"on": on}))
        assert reply.deviations == ()
        several = kind in ("hour", "part")
        asks = {} if kind in SAID else {"repeated": "first"}
        found = [
            reading
            for record in reply.records[: 1 if several else None]
            for reading in (record.readings(**asks) if several else (record.reading(**asks),))
        ]
        starts = [reading.interval_start.astimezone(UTC) for reading in found]
        if kind in SAID or day != "2024-10-27":
            assert len(found) > 1 and starts == sorted(set(starts))

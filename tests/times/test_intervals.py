"""Intervals in every form, on days of all lengths, from the spec to the reading."""

import importlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import DeviationError, MissingDayError, UndecidedTimeError
from gridwright_runtime.mock.transport import MockTransport

PACKAGE = "interval_apis"
SPEC = Path(__file__).with_name("intervals.yaml")
ZONES: dict[str, dict[date, float]] = {
    # A day of each length, and how many hours it has.
    "Europe/Berlin": {
        date(2026, 10, 25): 25, date(2026, 3, 29): 23, date(2026, 7, 1): 24,
    },
    "Australia/Lord_Howe": {
        date(2026, 4, 5): 24.5, date(2026, 10, 4): 23.5, date(2026, 7, 1): 24,
    },
    # The clocks change at midnight.
    "America/Havana": {date(2026, 11, 1): 25, date(2026, 3, 8): 23},
    "America/Santiago": {date(2026, 4, 4): 25, date(2026, 9, 6): 23},
}  # fmt: skip
DAYS = [(zone, day) for zone, days in ZONES.items() for day in days]
BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING, SUMMER = date(2026, 10, 25), date(2026, 3, 29), date(2026, 7, 1)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    folder = tmp_path_factory.mktemp("intervals")
    for number, zone in enumerate(ZONES):
        text = SPEC.read_text().replace("Europe/Berlin", zone)
        write_package(text.encode(), folder, f"{PACKAGE}.zone{number}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield {
            zone: importlib.import_module(f"{PACKAGE}.zone{number}")
            for number, zone in enumerate(ZONES)
        }


@pytest.fixture
def berlin(packages: dict[str, ModuleType]) -> ModuleType:
    return packages["Europe/Berlin"]


def mocked(package: ModuleType, format: str = "json", seed: int = 1) -> Any:
    application = importlib.import_module(f"{package.__name__}.mock").application(seed=seed)
    return package.Client(transport=MockTransport(application), format=format)


def answering(package: ModuleType, reply: object) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    return package.Client(transport=transport, format="json")


def length_of(readings: tuple[Any, ...]) -> timedelta:
    """Return the length of readings, each of which starts where the one before ends."""
    ends = [reading.interval_end.astimezone(UTC) for reading in readings]
    starts = [reading.interval_start.astimezone(UTC) for reading in readings]
    assert starts[1:] == ends[:-1]
    passed = [end - start for start, end in zip(starts, ends, strict=True)]
    assert [reading.elapsed for reading in readings] == passed
    return sum(passed, timedelta(0))


READ: dict[str, Callable[[ModuleType, tuple[Any, ...]], tuple[Any, ...]]] = {
    "list_start_end": lambda _, records: tuple(r.reading() for r in records),
    "list_start_step": lambda _, records: tuple(r.reading() for r in records),
    "list_end_step": lambda _, records: tuple(r.reading() for r in records),
    "list_local_start_end": lambda _, records: tuple(r.reading() for r in records),
    "list_local_start_step": lambda _, records: tuple(r.reading() for r in records),
    "list_hours": lambda m, records: m.Hours.readings_of(records),
    "list_local_end_step": lambda _, records: tuple(r.reading() for r in records),
    "list_day_position": lambda _, records: tuple(r.reading() for r in records),
    "list_start_position": lambda _, records: tuple(r.reading() for r in records),
}


# A local time that the clocks skip is none, so that what starts or ends there is not placed.
SKIPPED = {
    ("list_local_start_end", "Europe/Berlin", date(2026, 3, 29)),
    ("list_local_end_step", "Europe/Berlin", date(2026, 3, 29)),
    ("list_local_start_end", "Australia/Lord_Howe", date(2026, 10, 4)),
    ("list_local_start_step", "Australia/Lord_Howe", date(2026, 10, 4)),
    ("list_local_end_step", "Australia/Lord_Howe", date(2026, 10, 4)),
}


@pytest.mark.parametrize(("name", "zone", "day"), sorted(SKIPPED), ids=str)
def test_an_interval_at_a_local_time_that_the_clocks_skip_is_not_placed(
    packages: dict[str, ModuleType], name: str, zone: str, day: date
) -> None:
    with mocked(packages[zone]) as client:
        reply = getattr(client, name)(day=day)
    fields = ("starts_at", "ends_at")
    skipped = [r for r in reply.records if None in [getattr(r, f, r) for f in fields]]
    assert skipped
    for record in skipped:
        with pytest.raises(MissingDayError, match="is missing"):
            record.reading()


@pytest.mark.parametrize(
    ("name", "zone", "day"),
    [(name, zone, day) for name in READ for zone, day in DAYS if (name, zone, day) not in SKIPPED],
    ids=str,
)
def test_the_intervals_of_a_mocked_day_are_as_long_as_the_day(
    packages: dict[str, ModuleType], name: str, zone: str, day: date
) -> None:
    package = packages[zone]
    with mocked(package) as client:
        reply = getattr(client, name)(day=day)
    models = importlib.import_module(f"{package.__name__}.models")
    assert length_of(READ[name](models, reply.records)) == timedelta(hours=ZONES[zone][day])


@pytest.mark.parametrize(("zone", "day"), DAYS, ids=str)
def test_a_day_by_positions_by_order_and_by_labels_is_whole(
    packages: dict[str, ModuleType], zone: str, day: date
) -> None:
    with mocked(packages[zone]) as client:
        reply = client.get_day(day=day)
    assert reply.deviations == ()
    hours = ZONES[zone][day]
    assert len(reply.body.readings()) == hours * 4
    for method in ("readings", "load_kw_readings", "price_eur_per_mwh_readings"):
        assert length_of(getattr(reply.body, method)()) == timedelta(hours=hours)


@pytest.mark.parametrize(("zone", "day"), DAYS, ids=str)
@pytest.mark.parametrize("format", ["json", "xml"])
def test_positions_that_repeat_the_one_before_are_filled(
    packages: dict[str, ModuleType], zone: str, day: date, format: str
) -> None:
    with mocked(packages[zone], format) as client:
        reply = client.list_series(day=day)
    assert reply.deviations == ()
    for series in reply.records:
        period = series.periods[0]
        readings = series.readings()
        of_one = tuple(one for one in readings if one.interval_start < period.time_interval.ends_at)
        assert length_of(of_one) == timedelta(hours=ZONES[zone][day])
        assert len(period.points) < len(of_one)
        assert of_one[1].quantity_mw == of_one[0].quantity_mw == period.points[0].quantity_mw


def positions(curve: str | None, *points: tuple[int | None, int | None]) -> dict[str, object]:
    period = {
        "timeInterval": {"start": "2026-10-24T22:00Z", "end": "2026-10-25T02:00Z"},
        "resolution": "PT60M",
        "Point": [{"position": n, "quantity": value} for n, value in points],
    }
    return {"series": [{"curveType": curve, "Period": [period]}]}


def values_of(package: ModuleType, reply: object) -> list[Decimal | None]:
    with answering(package, reply) as client:
        (series,) = client.list_series(day=AUTUMN).records
    return [reading.quantity_mw for reading in series.readings()]


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("A03", [5, 5, 7, 7]),
        ("A01", [5, None, 7, None]),
        ("A99", [5, None, 7, None]),
        (None, [5, None, 7, None]),
    ],
)
def test_a_position_is_repeated_only_where_the_reply_says_so(
    berlin: ModuleType, curve: str | None, expected: list[int | None]
) -> None:
    assert values_of(berlin, positions(curve, (1, 5), (3, 7))) == expected


def test_a_position_that_is_there_without_a_value_has_none(berlin: ModuleType) -> None:
    assert values_of(berlin, positions("A03", (1, 5), (2, None))) == [5, None, None, None]


def test_before_the_first_position_nothing_is_repeated(berlin: ModuleType) -> None:
    assert values_of(berlin, positions("A03", (2, 5))) == [None, 5, 5, 5]


def test_positions_may_come_in_any_order(berlin: ModuleType) -> None:
    assert values_of(berlin, positions("A01", (4, 4), (1, 1), (3, 3), (2, 2))) == [1, 2, 3, 4]


@pytest.mark.parametrize("number", [0, 5, -1, 10**9])
def test_a_position_that_the_span_does_not_have_is_not_placed(
    berlin: ModuleType, number: int
) -> None:
    with pytest.raises(MissingDayError, match=f"no position {number} among 4"):
        values_of(berlin, positions("A01", (number, 5)))


def test_two_values_of_one_position_are_not_placed(berlin: ModuleType) -> None:
    with pytest.raises(UndecidedTimeError, match="two have one position"):
        values_of(berlin, positions("A01", (1, 5), (1, 6)))


def test_a_value_without_a_position_is_not_placed(berlin: ModuleType) -> None:
    with pytest.raises(MissingDayError, match="position is missing"):
        values_of(berlin, positions("A01", (None, 5)))


@pytest.mark.parametrize("step", ["PT45M", "PT0S", "-PT60M", "P1DT1H", "P1D"])
def test_a_step_that_does_not_lead_to_the_end_is_not_guessed(berlin: ModuleType, step: str) -> None:
    reply: Any = positions("A01", (1, 5))
    reply["series"][0]["Period"][0]["resolution"] = step
    with pytest.raises(MissingDayError):
        values_of(berlin, reply)


def test_days_of_the_calendar_are_steps_across_a_change(berlin: ModuleType) -> None:
    reply: Any = positions("A03", (1, 5), (3, 7))
    period = reply["series"][0]["Period"][0]
    period["resolution"] = "P1D"
    period["timeInterval"] = {"start": "2026-10-23T22:00Z", "end": "2026-10-26T23:00Z"}
    with answering(berlin, reply) as client:
        (series,) = client.list_series(day=AUTUMN).records
    readings = series.readings()
    hours = [reading.elapsed / timedelta(hours=1) for reading in readings]
    assert (hours, [r.quantity_mw for r in readings]) == ([24, 25, 24], [5, 5, 7])


def test_a_span_of_more_intervals_than_can_be_meant_is_refused(berlin: ModuleType) -> None:
    reply: Any = positions("A03", (1, 5))
    period = reply["series"][0]["Period"][0]
    period["resolution"] = "PT1S"
    period["timeInterval"]["start"] = "1926-10-23T22:00Z"
    with pytest.raises(MissingDayError, match="more than"):
        values_of(berlin, reply)


def local_end(*values: str) -> dict[str, object]:
    return {"values": [{"to": text, "v": number} for number, text in enumerate(values, 1)]}


def test_an_end_that_the_clocks_show_twice_is_undecided_until_the_caller_says(
    berlin: ModuleType,
) -> None:
    # The hours that end at three: there are two of them. That which ends at four comes once.
    with answering(berlin, local_end("202610250300", "202610250400")) as client:
        three, four = client.list_open_end_step(day=AUTUMN).records
    with pytest.raises(UndecidedTimeError, match="give `repeated`"):
        three.reading()
    told = (three.reading(repeated="first"), three.reading(repeated="second"), four.reading())
    starts = [reading.interval_start.astimezone(UTC).hour for reading in told]
    assert (starts, length_of(told)) == ([0, 1, 2], timedelta(hours=3))


def test_an_end_whose_interval_the_clocks_skip_is_not_placed(berlin: ModuleType) -> None:
    with answering(berlin, local_end("202603290300")) as client:
        (record,) = client.list_open_end_step(day=SPRING).records
    with pytest.raises(MissingDayError, match="skip"):
        record.reading()


@pytest.mark.parametrize("day", [AUTUMN, SPRING, SUMMER], ids=str)
def test_a_step_of_a_day_is_a_day_of_the_calendar(berlin: ModuleType, day: date) -> None:
    reply = {"values": [{"from": f"{day:%d.%m.%Y} 00:00", "v": 1}]}
    with answering(berlin, reply) as client:
        (record,) = client.list_days(day=day).records
    hours = ZONES["Europe/Berlin"][day]
    assert record.reading().elapsed == timedelta(hours=hours)


def test_a_step_of_a_month_is_a_month_of_the_calendar(berlin: ModuleType) -> None:
    reply = {"values": [{"from": "2026-10-01T00:00:00+02:00", "v": 1}]}
    with answering(berlin, reply) as client:
        (record,) = client.list_months(day=AUTUMN).records
    assert record.reading().interval_end == datetime(2026, 11, 1, tzinfo=BERLIN)
    assert record.reading().elapsed == timedelta(days=31, hours=1)


def test_a_month_that_the_calendar_does_not_have_is_not_guessed(berlin: ModuleType) -> None:
    reply = {"values": [{"from": "2026-01-31T00:00:00+01:00", "v": 1}]}
    with answering(berlin, reply) as client:
        (record,) = client.list_months(day=AUTUMN).records
    with pytest.raises(MissingDayError, match="calendar does not have the day"):
        record.reading()


def test_an_interval_that_ends_before_it_starts_is_not_placed(berlin: ModuleType) -> None:
    span = {"from": "2026-10-25T02:00:00+01:00", "to": "2026-10-25T02:30:00+02:00", "v": 1}
    with answering(berlin, {"values": [span]}) as client:
        (record,) = client.list_start_end(day=AUTUMN).records
    with pytest.raises(MissingDayError, match="ends before it starts"):
        record.reading()


def test_values_in_order_that_lack_one_of_two_are_undecided(berlin: ModuleType) -> None:
    reply = {"values": [{"day": "20261025", "time": f"0{n}00", "v": 1} for n in range(4)]}
    with answering(berlin, reply) as client:
        records = client.list_hours(day=AUTUMN).records
    models = importlib.import_module(f"{berlin.__name__}.models")
    with pytest.raises(UndecidedTimeError, match="not two records"):
        models.Hours.readings_of(records)


def test_values_of_several_meters_are_in_order_by_their_key(berlin: ModuleType) -> None:
    reply = {"values": [{"day": "20261025", "time": "0200", "v": n} for n in range(4)]}
    with answering(berlin, reply) as client:
        records = client.list_hours(day=AUTUMN).records
    models = importlib.import_module(f"{berlin.__name__}.models")
    readings = models.Hours.readings_of(records, key=lambda one: one.energy_kwh % 2)
    starts = [reading.interval_start.astimezone(UTC).hour for reading in readings]
    assert starts == [0, 0, 1, 1]


def test_a_day_that_lacks_positions_says_which(berlin: ModuleType) -> None:
    rows = [{"n": number, "v": 1} for number in range(100) if number != 50]
    reply = {"date": "2026-10-25", "rows": rows, "values": [{"v": 2}] * 24, "hours": []}
    with answering(berlin, reply) as client:
        day = client.get_day(day=AUTUMN).body
    assert [n for n, r in enumerate(day.readings()) if r.energy_kwh is None] == [50]
    assert [r.load_kw for r in day.load_kw_readings()][-1] is None
    assert len(day.load_kw_readings()) == 25
    assert day.price_eur_per_mwh_readings() == ()


def deviations_of(package: ModuleType, reply: object) -> list[tuple[str, str]]:
    with answering(package, reply) as client:
        found = client.list_series(day=AUTUMN).deviations
    return [(problem.path, problem.rule) for problem in found]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(1, 1), (2, 2), (3, 3), (4, 4)], []),
        ([(1, 1), (2, None), (3, 3), (4, 4)], []),
        ([(1, 1), (3, 3)], [("records[0].periods[0]", "missing-position")]),
        (
            [(1, 1), (2, 2), (2, 3), (3, 3), (4, 4)],
            [("records[0].periods[0].points[2].position", "repeated-position")],
        ),
        (
            [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)],
            [("records[0].periods[0].points[0].position", "no-such-position")],
        ),
    ],
)
def test_positions_that_are_missing_or_double_are_listed(
    berlin: ModuleType, points: list[tuple[int, int | None]], expected: list[tuple[str, str]]
) -> None:
    assert deviations_of(berlin, positions("A01", *points)) == expected


def test_positions_that_stand_for_the_one_before_are_not_missing(berlin: ModuleType) -> None:
    assert deviations_of(berlin, positions("A03", (1, 1), (3, 3))) == []
    # Nothing stands before the second one.
    expected = [("records[0].periods[0]", "missing-position")]
    assert deviations_of(berlin, positions("A03", (2, 2), (3, 3))) == expected


def test_a_span_that_its_steps_do_not_fill_is_listed(berlin: ModuleType) -> None:
    reply: Any = positions("A01", (1, 5))
    reply["series"][0]["Period"][0]["resolution"] = "PT45M"
    assert deviations_of(berlin, reply) == [("records[0].periods[0]", "unplaced-reading")]


def test_a_day_lists_positions_and_labels_that_it_does_not_have(berlin: ModuleType) -> None:
    rows = [{"n": number, "v": 1} for number in range(96)]
    hours = [{"hour": f"{number:02}:00", "v": 1} for number in range(1, 25)]
    reply = {"date": "2026-03-29", "rows": rows, "values": [{"v": 2}] * 24, "hours": hours}
    with answering(berlin, reply) as client:
        found = client.get_day(day=SPRING).deviations
    told = [(problem.path, problem.rule, problem.wire) for problem in found]
    assert told == [
        *((f"rows[{number}].number", "no-such-position", "n") for number in range(92, 96)),
        ("loads[23].load_kw", "no-such-position", "v"),
        ("hours[2].price_eur_per_mwh", "skipped-time", "v"),
    ]


def test_a_strict_client_refuses_a_day_that_lacks_a_position(berlin: ModuleType) -> None:
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(200, json=positions("A01", (1, 1), (2, 2), (3, 3)))
    )
    with (
        berlin.Client(transport=transport, format="json", strict=True) as client,
        pytest.raises(DeviationError, match="lacks 1 of 4 positions"),
    ):
        client.list_series(day=AUTUMN)


FIRST = {"from": "2026-07-01T00:00:00+02:00", "to": "2026-07-01T00:15:00+02:00", "v": 1}


@pytest.mark.parametrize("name", ["from", "to"])
def test_a_value_whose_interval_is_null_is_listed(berlin: ModuleType, name: str) -> None:
    with answering(berlin, {"values": [{**FIRST, name: None}]}) as client:
        reply = client.list_start_end(day=SUMMER)
    told = [(problem.path, problem.rule) for problem in reply.deviations]
    assert told == [("records[0].energy_kwh", "unplaced-reading")]
    with pytest.raises(MissingDayError):
        reply.records[0].reading()


def test_where_there_is_no_value_nothing_is_to_be_placed(berlin: ModuleType) -> None:
    with answering(berlin, {"values": [{**FIRST, "from": None, "v": None}]}) as client:
        assert list(client.list_start_end(day=SUMMER).deviations) == []


def test_positions_whose_span_is_null_are_listed(berlin: ModuleType) -> None:
    reply: Any = positions("A01", (1, 5))
    reply["series"][0]["Period"][0]["timeInterval"]["start"] = None
    assert deviations_of(berlin, reply) == [("records[0].periods[0]", "unplaced-reading")]


def test_a_null_where_the_record_of_spans_belongs_is_listed(berlin: ModuleType) -> None:
    reply: Any = positions("A01", (1, 5))
    reply["series"][0]["Period"] = None
    assert deviations_of(berlin, reply) == [("records[0].periods", "required")]


@pytest.mark.parametrize("value", [1, 2])
def test_an_interval_that_is_there_twice_is_listed(berlin: ModuleType, value: int) -> None:
    with answering(berlin, {"values": [FIRST, {**FIRST, "v": value}]}) as client:
        found = client.list_start_end(day=SUMMER).deviations
    assert [(problem.path, problem.rule) for problem in found] == [
        ("records[1].energy_kwh", "repeated-reading")
    ]


def test_a_label_that_comes_twice_is_listed_but_where_the_clocks_go_back(
    berlin: ModuleType,
) -> None:
    hours = [{"hour": "03:00", "v": 1}, {"hour": "03:00", "v": 1}]

    def told(day: date) -> list[tuple[str, str]]:
        reply = {"date": day.isoformat(), "rows": None, "values": None, "hours": hours}
        with answering(berlin, reply) as client:
            found = client.get_day(day=day).deviations
        return [(one.path, one.rule) for one in found if one.path.startswith("hours")]

    assert told(AUTUMN) == []
    assert told(SUMMER) == [("hours[1].price_eur_per_mwh", "repeated-reading")]

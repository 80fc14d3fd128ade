"""Days of 23 and 25 hours: what is expected of them is what they last."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from campaign.harvests import campaign

from gridwright_runtime.harvest.history import continue_lake
from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.part_files import write_parts
from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.report import gaps
from gridwright_runtime.harvest.subjects import Subjects

BERLIN = ZoneInfo("Europe/Berlin")
QUARTER = timedelta(minutes=15)
PLAN = Plan(
    system="demo", operation="read", subject="meter", window=Window(first="day"),
    key=("meter", "interval_start", "quantity"), since=date(2024, 3, 30), zone="Europe/Berlin",
)  # fmt: skip


def lake_of(lake: Path, day: date, without: int | None, service: tzinfo = BERLIN) -> None:
    """Make a lake of one day of one meter, without one of its quarters of an hour.

    Args:
        lake: its folder.
        day: from midnight to midnight in Berlin.
        without: which of its quarters, if any.
        service: the zone of the service.
    """
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=BERLIN).astimezone(UTC)
    starts = [start + number * QUARTER for number in range((end - start) // QUARTER)]
    if without is not None:
        del starts[without]
    zoned = pa.timestamp("us", tz="Europe/Berlin")
    table = pa.table({
        "interval_start": pa.array(starts, zoned),
        "interval_end": pa.array([one + QUARTER for one in starts], zoned),
        "meter": ["0001"] * len(starts),
        "quantity": ["energy_kwh"] * len(starts),
        "value": pa.array([Decimal(1)] * len(starts), pa.decimal128(38, 9)),
        "service_date": [one.astimezone(service).date() for one in starts],
        "fetched_at": pa.array([end] * len(starts), pa.timestamp("us", tz="UTC")),
    })  # fmt: skip
    with Ledger(lake) as ledger:
        continue_lake(ledger, PLAN, {"harvest": {}}, {}, end)
        ledger.add([(Subjects(lake).hashed("0001"), "***01", day, following)])
        ledger.work()
        chunk = ledger.claim()
        assert chunk is not None
        parts = write_parts(lake, f"{day:%Y-%m}", {"readings": table})
        ledger.finish(chunk, "done", fetched_at=end, parts=parts)


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2024, 3, 30), 96), (date(2024, 3, 31), 92), (date(2024, 10, 27), 100)],
)
def test_a_day_is_complete_when_it_has_as_many_intervals_as_it_lasts(
    lake: Path, day: date, count: int
) -> None:
    lake_of(lake, day, without=None)
    assert gaps(lake) == []


def test_days_of_a_harvest_in_a_zone_of_its_own_are_counted_in_it(lake: Path) -> None:
    """A service whose days are of UTC is asked for days of Berlin."""
    lake_of(lake, date(2024, 10, 27), without=None, service=UTC)
    assert gaps(lake) == []


@pytest.mark.parametrize("day", [date(2024, 3, 30), date(2024, 3, 31), date(2024, 10, 27)])
@pytest.mark.parametrize("without", [0, 9, -1])
def test_an_interval_that_is_not_there_is_a_gap(lake: Path, day: date, without: int) -> None:
    lake_of(lake, day, without)
    (found,) = gaps(lake)
    assert (found.start, found.why, found.intervals) == (str(day), "missing", 1)
    assert (found.subject, found.said) == ("***01", "quantity energy_kwh")


@pytest.mark.parametrize("ledger", ["", "postgres"])
def test_few_meters_over_the_end_of_summer_time_are_read_by_processes_that_are_killed(
    ledger: str, request: pytest.FixtureRequest
) -> None:
    """The large proof, ``python -m campaign.harvests``, with few of everything."""
    address = request.getfixturevalue("postgres") if ledger else ""
    (row,) = campaign(meters=4, kills=2, processes=2, ledger=address, seed=1)
    assert row.breaks == []
    assert row.seen["kills"] == 2 and row.seen["missing values"] > 0
    assert row.seen["values corrected"] > 0

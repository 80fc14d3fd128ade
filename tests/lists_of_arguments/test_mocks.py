"""A mock that is asked about given things answers about these, once each, and can be harvested."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.report import gaps, newest
from gridwright_runtime.harvest.run import harvest
from gridwright_runtime.mock.transport import MockTransport

DAY = date(2024, 3, 1)
ZONE = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize("count", [1, 3])
def test_every_point_that_is_asked_for_has_one_record(count: int, package: Any) -> None:
    asked = [f"57100{number}" for number in range(count)]
    transport = MockTransport(package.mock.application())
    with package.client(transport=transport, strict=True) as client:
        for records in (
            client.list_days(day=DAY, points=asked).records,
            list(client.iter_days(day=DAY, points=asked)),
            client.list_series(points=asked).records,
        ):
            assert [record.point for record in records] == asked


def test_the_pages_of_an_answer_are_about_all_that_was_asked_for(package: Any) -> None:
    with package.client(transport=MockTransport(package.mock.application())) as client:
        walk = client.iter_pages(day=DAY, points=["571001", "571002", "571003"])
        assert {record.point for record in walk} == {"571001", "571002", "571003"}
    assert walk.deviations == ()


def test_a_point_that_is_asked_for_twice_comes_once(package: Any) -> None:
    with package.client(transport=MockTransport(package.mock.application())) as client:
        assert len(client.list_days(day=DAY, points=["571001", "571001"]).records) == 1


def test_the_values_of_a_record_make_up_the_day(package: Any) -> None:
    start, end = datetime(2024, 3, 31, tzinfo=ZONE), datetime(2024, 4, 1, tzinfo=ZONE)
    with package.client(transport=MockTransport(package.mock.application())) as client:
        (series,) = client.list_series(start=start, end=end, points=["571001"]).records
    starts = [one.starts_at.astimezone(ZONE) for one in series.energy_values]
    assert [one.hour for one in starts] == [0, 1, *range(3, 24)]  # clocks are put forward
    assert {one.date() for one in starts} == {date(2024, 3, 31)}


def test_a_mock_is_harvested_by_subjects_of_a_list(package: Any, tmp_path: Path) -> None:
    plan = Plan(
        system="points", operation="list_series", subject="points", since=DAY,
        window=Window(first="start", last="end", end="excluded"), zone="Europe/Copenhagen",
        key=("points", "kind", "interval_start", "quantity"),
    )  # fmt: skip
    with package.client(transport=MockTransport(package.mock.application())) as client:
        kinds = client.list_series.__annotations__
        outcome = harvest(
            tmp_path, plan, client.list_series, kinds, ["571001", "571002"],
            until=date(2024, 3, 4), now=lambda: datetime(2024, 4, 1, tzinfo=UTC),
        )  # fmt: skip
    assert (outcome.exit_status, outcome.counts, outcome.told) == (0, {"done": 6}, 0)
    assert newest(tmp_path).num_rows == 2 * 3 * 24
    assert gaps(tmp_path) == []

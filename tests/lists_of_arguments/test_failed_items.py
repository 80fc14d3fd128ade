"""What came of a list is kept, and what failed is told and tried again: with a walk and without."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.meaning import model_of
from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.report import gaps, newest
from gridwright_runtime.harvest.run import Outcome, harvest
from gridwright_runtime.shell.harvest_command import whole_reply

from .conftest import Points

DAY = date(2024, 3, 1)
ASKED = ["571001", "571002", "571003"]
Harvest = Callable[..., Outcome]


@pytest.fixture(params=["list_days", "iter_days"])
def harvested(
    request: pytest.FixtureRequest, package: Any, points: Points, tmp_path: Path
) -> Harvest:
    """Return a function that harvests one day of some points into one lake."""

    def run(asked: list[str] = ASKED) -> Outcome:
        with package.client(transport=points) as client:
            method = getattr(client, request.param)
            plan = Plan(
                system="points", operation="list_days", subject="", window=Window(first="day"),
                key=("point", "day"), since=DAY, zone="Europe/Copenhagen",
            )  # fmt: skip
            return harvest(
                tmp_path,
                plan,
                whole_reply(method) if request.param.startswith("iter") else method,
                {"day": date},
                [""],
                until=date(2024, 3, 2),
                fixed={"points": asked},
                model=model_of(getattr(package.client, request.param)),
                now=lambda: datetime(2024, 4, 1, tzinfo=UTC),
            )

    return run


def points_in(lake: Path) -> list[str]:
    return sorted(newest(lake, "records").column("point").to_pylist())


def test_what_came_is_kept_and_what_failed_is_a_gap_until_it_comes(
    harvested: Harvest, points: Points, tmp_path: Path
) -> None:
    points.codes = {"571002": 10}
    outcome = harvested()
    assert (outcome.exit_status, outcome.counts) == (1, {"failed": 1})
    assert points_in(tmp_path) == ["571001", "571003"]
    (gap,) = gaps(tmp_path)
    assert (gap.why, gap.code) == ("failed", "10")
    assert gap.said.startswith("1 items failed, the first by NotSubscribedError")
    points.codes = {}
    again = harvested()
    assert (again.exit_status, again.counts) == (0, {"done": 1})
    assert points_in(tmp_path) == ASKED
    assert gaps(tmp_path) == []


def test_a_point_without_data_is_told_and_no_gap(
    harvested: Harvest, points: Points, tmp_path: Path
) -> None:
    points.codes = {"571002": 20}
    outcome = harvested()
    assert (outcome.exit_status, outcome.told) == (0, 1)
    assert points_in(tmp_path) == ["571001", "571003"]
    with Ledger(tmp_path) as ledger:
        ((_, start, _, said),) = ledger.told()
    assert (start, said) == ("2024-03-01", "of 1 items the service says that it has no data")


@pytest.mark.parametrize(
    ("codes", "state"),
    [((20, 20, 20), "nothing"), ((10, 10, 10), "failed"), ((20, 20, 10), "failed")],
)
def test_where_all_failed_the_run_goes_on_and_says_so(
    codes: tuple[int, ...], state: str, harvested: Harvest, points: Points
) -> None:
    points.codes = dict(zip(ASKED, codes, strict=True))
    outcome = harvested()
    assert (outcome.counts, outcome.stopped) == ({state: 1}, "")


def test_what_nobody_asked_for_is_told(harvested: Harvest, points: Points, tmp_path: Path) -> None:
    points.others = ["571009"]
    outcome = harvested()
    assert (outcome.counts, outcome.told) == ({"done": 1}, 1)
    with Ledger(tmp_path) as ledger:
        ((*_, said),) = ledger.told()
    assert "other-than-asked (1)" in said and "571009" not in said


def test_what_was_not_answered_is_a_gap_until_it_comes(
    harvested: Harvest, points: Points, tmp_path: Path
) -> None:
    points.dropped = {"571002"}
    outcome = harvested()
    assert (outcome.exit_status, outcome.counts) == (1, {"failed": 1})
    assert points_in(tmp_path) == ["571001", "571003"]
    (gap,) = gaps(tmp_path)
    assert gap.said == "not-answered: 1 of 3 that were asked for have no answer: ***02"
    points.dropped = set()
    assert harvested().exit_status == 0
    assert gaps(tmp_path) == []

"""A harvest: complete, or it says what is missing and why; nothing lost, nothing doubled."""

import errno
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import duckdb
import httpx2
import pyarrow as pa
import pytest

from gridwright_apis import kepco_opm
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.errors import ConsentError
from gridwright_runtime.harvest import fetch, part_files, run
from gridwright_runtime.harvest.databases.sqlite import SqliteDatabase
from gridwright_runtime.harvest.ledger import Ledger, LedgerError
from gridwright_runtime.harvest.part_files import (
    find_parts,
    kind_of_part,
    month_of_part,
    write_parts,
)
from gridwright_runtime.harvest.plan import (
    PlanError,
    Window,
    arguments_for,
    check_kinds,
    subject_text,
    windows,
)
from gridwright_runtime.harvest.report import (
    changes,
    compact,
    export,
    gaps,
    newest,
    without_data,
)
from gridwright_runtime.harvest.run import settled_days, sweep_parts
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport

from .world import CUSTOMERS, SINCE, UNTIL, harvested, plan

SEOUL = ZoneInfo("Asia/Seoul")
DAYS = [SINCE + timedelta(days=number) for number in range((UNTIL - SINCE).days)]
Truth = dict[tuple[str, str, datetime], Decimal | None]


@pytest.fixture(scope="module")
def truth() -> Truth:
    """Return what the mock's world holds, by customer, meter and start."""
    found: Truth = {}
    with kepco_opm.Client(
        service_key="demo-service-key", transport=MockTransport(mock.application())
    ) as client:
        for customer in CUSTOMERS:
            for day in DAYS:
                try:
                    reply = client.get_day_load_profile(customer_number=customer, date=day)
                except ConsentError:
                    continue
                for record in reply.records:
                    for one in record.readings():
                        meter = record.meter_number or ""
                        found[customer, meter, one.interval_start] = one.energy_kwh
    return found


def values_in(lake: Path) -> Truth:
    table = newest(lake)
    names = ("customer_number", "meter_number", "interval_start", "value")
    rows = list(zip(*(table.column(name).to_pylist() for name in names), strict=True))
    found = {
        (customer, meter, start.astimezone(SEOUL)): value for customer, meter, start, value in rows
    }
    assert len(found) == len(rows), "a reading is there twice"
    return found


def missing_in(truth: Truth) -> Counter[tuple[str, str]]:
    """Return how many intervals have no value, by the end of the customer's number and day."""
    return Counter(
        (f"***{customer[-2:]}", str(start.date()))
        for (customer, _, start), value in truth.items()
        if value is None
    )


def assert_complete(lake: Path, truth: Truth) -> None:
    assert values_in(lake) == truth
    found = Counter[tuple[str, str]]()
    for gap in gaps(lake):
        if gap.why == "missing":
            found[gap.subject, gap.start] += gap.intervals
    assert found == missing_in(truth)
    refused = {(gap.subject, gap.start) for gap in gaps(lake) if gap.why == "refused"}
    assert refused == {("***05", str(day)) for day in DAYS if day < date(2024, 3, 15)}
    assert {gap.why for gap in gaps(lake)} == {"missing", "refused"}


def test_a_lake_has_what_the_world_has_and_says_what_is_missing(lake: Path, truth: Truth) -> None:
    outcome = harvested(lake)
    assert (outcome.exit_status, outcome.counts) == (1, {"done": 65, "refused": 5})
    assert_complete(lake, truth)


def test_several_meters_of_one_customer_are_all_there(truth: Truth) -> None:
    meters = {(customer, meter) for customer, meter, _ in truth}
    assert len(meters) > len({customer for customer, _ in meters})


def test_a_second_run_reads_nothing_again(lake: Path) -> None:
    harvested(lake)
    assert harvested(lake).calls == 0


def test_days_before_consent_are_refused_without_a_call_each(lake: Path) -> None:
    outcome = harvested(lake, customers=("0100000005",))
    assert outcome.counts == {"done": 5, "refused": 5}
    assert outcome.calls == 6


def test_no_subject_stands_in_the_ledger_or_in_the_name_of_a_file(tmp_path: Path) -> None:
    harvested(tmp_path)
    for path in tmp_path.rglob("*"):
        assert not any(customer in path.as_posix() for customer in CUSTOMERS)
        if path.is_file() and path.suffix != ".parquet":
            assert not any(customer.encode() in path.read_bytes() for customer in CUSTOMERS)
    assert (tmp_path / "subjects.key").stat().st_mode & 0o077 == 0


def test_a_lake_whose_key_of_subjects_is_lost_reads_nothing_again(lake: Path) -> None:
    harvested(lake, customers=CUSTOMERS[:1])
    key = (lake / "subjects.key").read_bytes()
    (lake / "subjects.key").unlink()
    said = "subjects.key is not the key by which this lake knows its subjects"
    for read in (
        lambda: harvested(lake, customers=CUSTOMERS[:1]),
        lambda: gaps(lake),
        lambda: settled_days(lake, plan(), CUSTOMERS, datetime(2024, 4, 20, tzinfo=UTC)),
    ):
        with pytest.raises(ValueError, match=said):
            read()
    (lake / "subjects.key").write_bytes(key)
    assert harvested(lake, customers=CUSTOMERS[:1]).calls == 0 and gaps(lake) == []


def test_a_lake_of_an_older_release_learns_by_which_key_it_knows_its_subjects(lake: Path) -> None:
    harvested(lake, customers=CUSTOMERS[:1])
    with Ledger(lake) as ledger:
        ledger._database.execute("delete from facts where name = 'subjects'")
    assert harvested(lake, customers=CUSTOMERS[:1]).exit_status == 0
    with Ledger(lake) as ledger:
        assert re.fullmatch("[0-9a-f]{32}", ledger.fact("subjects"))


def test_a_key_that_loses_a_meter_is_refused(tmp_path: Path) -> None:
    outcome = harvested(tmp_path, key=("customer_number", "interval_start", "quantity"))
    assert outcome.counts["failed"] > 0
    failed = [gap for gap in gaps(tmp_path) if gap.why == "failed"]
    assert all("the key lacks what tells them apart" in gap.said for gap in failed)


def test_a_key_without_the_interval_has_it_all_the_same(tmp_path: Path) -> None:
    outcome = harvested(tmp_path, customers=CUSTOMERS[:1], key=("customer_number", "meter_number"))
    assert "failed" not in outcome.counts


def test_a_key_of_an_unknown_column_names_the_columns(tmp_path: Path) -> None:
    harvested(tmp_path, customers=CUSTOMERS[:1], key=("meter", "interval_start"))
    assert all("columns: interval_start" in gap.said for gap in gaps(tmp_path))


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_nothing_is_lost_and_nothing_doubled(
    lake: Path, tmp_path: Path, truth: Truth, seed: int
) -> None:
    log, kills = tmp_path / "calls", 4
    chance = random.Random(seed)
    command = [sys.executable, "-m", "tests.harvest.world", str(lake), str(log), "0.02"]
    log.touch()
    for _ in range(kills):
        before = log.read_bytes().count(b"\n")
        wanted = before + chance.randint(1, 12)
        with subprocess.Popen(command) as process:
            while process.poll() is None and log.read_bytes().count(b"\n") < wanted:
                pass
            process.kill()
    outcome = subprocess.run(command, check=False).returncode
    assert outcome == 1
    assert_complete(lake, truth)
    calls = Counter(log.read_text().splitlines())
    again = sum(calls.values()) - len(calls)
    assert again <= kills
    assert find_parts(lake) == set(_parts(lake))


def test_several_processes_share_the_work(lake: Path, tmp_path: Path, truth: Truth) -> None:
    log = tmp_path / "calls"
    command = [sys.executable, "-m", "tests.harvest.world", str(lake), str(log), "0.02"]
    log.touch()
    processes = [subprocess.Popen(command) for _ in range(3)]
    while log.read_bytes().count(b"\n") < 12:
        pass
    processes[0].kill()
    for process in processes:
        process.wait()
    subprocess.run(command, check=False)
    assert_complete(lake, truth)
    calls = Counter(log.read_text().splitlines())
    assert sum(calls.values()) - len(calls) <= 1


def _parts(lake: Path) -> dict[str, int]:
    with Ledger(lake) as ledger:
        return ledger.parts()


def test_late_values_are_read_again_until_they_are_settled(lake: Path) -> None:
    late = Answers({})
    told: dict[str, Any] = {
        "customers": ("0100000001",), "since": date(2024, 10, 1), "until": date(2024, 10, 2),
        "published_seconds": 172_800.0, "corrected_seconds": 432_000.0, "transport": late,
    }  # fmt: skip
    first = datetime(2024, 10, 2, tzinfo=SEOUL)
    assert harvested(lake, now=lambda: first, **told).calls == 0
    late.values = {"pwr_qty0015": "", "pwr_qty0030": "2"}
    assert harvested(lake, now=lambda: first + timedelta(days=3), **told).calls == 1
    late.values = {"pwr_qty0015": "1.5", "pwr_qty0030": "2"}
    assert harvested(lake, now=lambda: first + timedelta(days=4), **told).calls == 1
    assert newest(lake).column("value").to_pylist()[:2] == [Decimal("1.5"), Decimal(2)]
    (changed,) = [row for row in changes(lake).to_pylist() if row["source_label"] == "pwr_qty0015"]
    assert (changed["value_before"], changed["value"]) == (None, Decimal("1.5"))
    # What was read while it could change is read once more when it cannot.
    late.values = {"pwr_qty0015": "1.6", "pwr_qty0030": "2"}
    assert harvested(lake, now=lambda: first + timedelta(days=8), **told).calls == 1
    assert newest(lake).column("value").to_pylist()[:2] == [Decimal("1.6"), Decimal(2)]
    assert harvested(lake, now=lambda: first + timedelta(days=9), **told).calls == 0


class Answers(httpx2.BaseTransport):
    """Answers with one day of one meter; each reply is a second later than the one before."""

    def __init__(self, values: dict[str, str], customer: str = "0100000001") -> None:
        self.values = values
        self.customer = customer

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        record = {
            "custNo": self.customer, "meterNo": "1", "mr_ymd": request.url.params["date"],
            "multi_meter_yn": "N", **self.values,
        }  # fmt: skip
        return httpx2.Response(200, json={"dayLpDataInfoList": [record]})


def test_what_is_read_last_counts_though_the_clock_was_set_back(lake: Path) -> None:
    """A machine whose clock was years ahead once would never see a correction."""
    answers = Answers({"pwr_qty0015": "1"})
    told: dict[str, Any] = {
        "customers": ("0100000001",), "since": date(2024, 10, 1), "until": date(2024, 10, 2),
        "corrected_seconds": 432_000.0, "transport": answers,
    }  # fmt: skip
    ahead = datetime(2199, 1, 1, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fetch, "_time_of", lambda came, chunk: ahead)
        harvested(lake, now=lambda: datetime(2024, 10, 2, tzinfo=SEOUL), **told)
    answers.values = {"pwr_qty0015": "2"}
    harvested(lake, now=lambda: datetime(2024, 10, 3, tzinfo=SEOUL), **told)
    assert newest(lake).column("value")[0].as_py() == 2
    (changed,) = changes(lake).to_pylist()
    assert (changed["value_before"], changed["value"]) == (1, 2)


def test_a_subject_that_the_account_may_not_ask_about_holds_up_no_other(tmp_path: Path) -> None:
    outcome = harvested(tmp_path, customers=("0100000006", "0100000001"))
    assert (outcome.exit_status, outcome.counts) == (1, {"done": 10, "failed": 10})
    assert outcome.calls == 11, "one call tells it of all days"
    assert {(gap.why, gap.code) for gap in gaps(tmp_path)} == {("failed", "openapi-4001")}


def test_an_account_that_may_ask_about_nobody_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_MOST_REFUSED", 2)
    app = mock.application()
    app.state.mock.faults.add(None, Fault.refused("openapi-4001", "no"), times=9)
    outcome = harvested(tmp_path, transport=MockTransport(app), customers=CUSTOMERS[:3])
    assert outcome.stopped.startswith("2 subjects were refused, and none answered")
    assert outcome.counts == {"failed": 20, "due": 10}
    # Who was answered before goes on: others may be answered again.
    assert harvested(tmp_path, customers=CUSTOMERS[:1]).counts["done"] == 10
    app.state.mock.faults.add(None, Fault.refused("openapi-4001", "no"), times=9)
    again = harvested(tmp_path, transport=MockTransport(app), customers=CUSTOMERS[:4])
    assert not again.stopped


def test_what_was_not_asked_for_says_why_the_run_stopped(tmp_path: Path) -> None:
    app = mock.application()
    app.state.mock.faults.add("get_day_load_profile", Fault.status(401), times=9)
    harvested(tmp_path, transport=MockTransport(app), customers=CUSTOMERS[:1])
    said = [gap.said for gap in gaps(tmp_path)]
    assert len(said) == 10 and all("AuthenticationError" in one for one in said)
    assert said[1].startswith("the last run stopped: ")


def test_replies_that_hold_no_record_at_all_are_gaps(tmp_path: Path) -> None:
    empty = httpx2.MockTransport(
        lambda request: httpx2.Response(200, json={"dayLpDataInfoList": []})
    )
    outcome = harvested(tmp_path, transport=empty, customers=CUSTOMERS[:1])
    assert outcome.counts == {"done": 10}
    assert {(gap.why, gap.said) for gap in gaps(tmp_path)} == {
        ("missing", "the reply holds no record")
    }
    assert len(gaps(tmp_path)) == 10


@pytest.mark.parametrize("is_at_work", [False, True])
def test_who_may_not_write_to_a_lake_reads_it(
    is_at_work: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvested(tmp_path, customers=CUSTOMERS[:1])
    worker = Ledger(tmp_path)
    if is_at_work:
        worker.work()
        worker.set_fact("of", "a worker")
    else:
        worker.close()
    there = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with Ledger(tmp_path) as ledger:
        assert ledger.fact("of") == ("a worker" if is_at_work else "")
        assert ledger.living_others() == int(is_at_work)
    assert newest(tmp_path).num_rows == 10 * 96
    assert gaps(tmp_path) == []
    assert sorted(tmp_path.rglob("*")) == there
    with pytest.raises(LedgerError, match="must be allowed to write"):
        harvested(tmp_path, customers=CUSTOMERS[:1])
    worker.close()


def test_a_forecast_knows_what_the_next_run_reads(lake: Path) -> None:
    """Days before consent are asked for no more; what may still change is, unless a run goes on."""
    told: dict[str, Any] = {"published_seconds": 0, "corrected_seconds": 5 * 86400}
    soon = datetime(2024, 3, 22, tzinfo=UTC)
    for customers in (CUSTOMERS[:1], CUSTOMERS[4:5]):
        harvested(lake, customers=customers, now=lambda: soon, **told)
    found = settled_days(lake, plan(**told), [CUSTOMERS[0], CUSTOMERS[4], CUSTOMERS[1]], soon)
    # The last midnight of which five days have passed is that of the 17th in Seoul.
    assert found == {CUSTOMERS[0]: [(SINCE, date(2024, 3, 17))], CUSTOMERS[4]: found[CUSTOMERS[4]]}
    assert found[CUSTOMERS[4]][0][0] == SINCE
    again = harvested(lake, customers=CUSTOMERS[:1], now=lambda: soon, **told)
    assert again.calls == (UNTIL - date(2024, 3, 17)).days + 3
    with Ledger(lake) as ledger:
        ledger.set_fact("run", "open")
    assert settled_days(lake, plan(**told), CUSTOMERS[:1], soon) == {CUSTOMERS[0]: [(SINCE, UNTIL)]}


def test_a_reply_about_somebody_else_is_no_reading(tmp_path: Path) -> None:
    other = Answers({"pwr_qty0015": "1"}, customer="0100000009")
    outcome = harvested(tmp_path, customers=("0100000001",), transport=other)
    assert outcome.counts == {"failed": 10}
    assert "0100000009" not in str(gaps(tmp_path))


def test_what_failed_is_a_gap_and_is_tried_again_by_the_next_run(lake: Path) -> None:
    app = mock.application()
    app.state.mock.faults.add("get_day_load_profile", Fault.status(500), times=3)
    outcome = harvested(lake, transport=MockTransport(app), customers=CUSTOMERS[:1])
    assert (outcome.exit_status, outcome.counts) == (1, {"done": 7, "failed": 3})
    assert [gap.why for gap in gaps(lake)].count("failed") == 3
    again = harvested(lake, transport=MockTransport(app), customers=CUSTOMERS[:1])
    assert (again.exit_status, again.calls) == (0, 3)


def test_no_data_is_said_by_the_service_and_is_no_gap(tmp_path: Path) -> None:
    far = date(2100, 1, 1)
    outcome = harvested(
        tmp_path, customers=CUSTOMERS[:1], since=far, until=far + timedelta(days=2),
        now=lambda: datetime(2100, 2, 1, tzinfo=UTC),
    )  # fmt: skip
    assert (outcome.exit_status, outcome.counts) == (0, {"nothing": 2})
    assert gaps(tmp_path) == []
    assert [(one.subject, one.start, one.why, one.code) for one in without_data(tmp_path)] == [
        ("***01", "2100-01-01", "nothing", "openapi-9001"),
        ("***01", "2100-01-02", "nothing", "openapi-9001"),
    ]
    with Ledger(tmp_path) as ledger:
        codes = ledger._database.execute("select code from chunks").fetchall()
    assert codes == [("openapi-9001",)] * 2


def test_a_number_that_the_provider_repeats_stands_in_clear_nowhere(tmp_path: Path) -> None:
    customer = CUSTOMERS[0]
    said = [{"errMsg": f"no contract of custNo={customer}"}, {"returnCode": "openapi-1"}]
    service = httpx2.MockTransport(
        lambda request: httpx2.Response(200, json={"dayLpDataInfoList": said})
    )
    outcome = harvested(tmp_path, customers=(customer,), transport=service)
    assert outcome.counts == {"failed": 10}
    (told,) = {gap.said for gap in gaps(tmp_path)}
    assert "custNo=***" in told
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(customer.encode() in path.read_bytes() for path in files)


def test_a_limit_stops_the_run_and_the_chunk_is_due_again(tmp_path: Path) -> None:
    app = mock.application()
    app.state.mock.faults.add("get_day_load_profile", Fault.too_many(3600), times=9)
    outcome = harvested(tmp_path, transport=MockTransport(app), customers=CUSTOMERS[:1])
    assert (outcome.exit_status, outcome.counts) == (3, {"due": 10})
    assert outcome.retry_at is not None


def test_a_wrong_key_of_the_account_stops_the_run(tmp_path: Path) -> None:
    app = mock.application()
    app.state.mock.faults.add("get_day_load_profile", Fault.status(401), times=9)
    outcome = harvested(tmp_path, transport=MockTransport(app), customers=CUSTOMERS[:1])
    assert (outcome.exit_status, outcome.counts, outcome.calls) == (1, {"due": 10}, 0)


def test_a_full_disk_stops_the_run_and_loses_nothing(
    tmp_path: Path, truth: Truth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(fetch, "write_parts", full)
        outcome = harvested(tmp_path)
        assert outcome.stopped == "a part cannot be written: No space left on device"
        assert set(outcome.counts) == {"due"}
    harvested(tmp_path)
    assert_complete(tmp_path, truth)


def test_an_error_that_nobody_expects_gives_the_chunk_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(fetch, "write_parts", broken)
    with pytest.raises(ZeroDivisionError):
        harvested(tmp_path, customers=CUSTOMERS[:1])
    with Ledger(tmp_path) as ledger:
        assert ledger.counts() == {"due": 10}


def test_files_that_no_chunk_names_are_removed_if_nobody_is_at_work(lake: Path) -> None:
    harvested(lake, customers=CUSTOMERS[:1])
    for name in ("orphan.parquet", "half.part"):
        (lake / "parts" / "2024-03" / name).write_bytes(b"x")
    with Ledger(lake) as ledger, Ledger(lake) as worker:
        worker.work()
        assert sweep_parts(lake, ledger).removed == 0
    with Ledger(lake) as ledger:
        assert sweep_parts(lake, ledger).removed == 2
    assert find_parts(lake) == set(_parts(lake))


def test_compacted_a_lake_holds_the_same_values_in_fewer_files(lake: Path, truth: Truth) -> None:
    harvested(lake)
    before = newest(lake)
    with Ledger(lake) as ledger:
        parts, rows = ledger.stored()
        assert (parts, rows) == (130, sum(ledger.parts().values()))
    assert compact(lake) == 130
    assert len(find_parts(lake)) == 2
    with Ledger(lake) as ledger:
        assert ledger.stored() == (2, sum(ledger.parts().values()))
    assert newest(lake).equals(before)
    assert newest(lake, "registers").num_rows > 0
    assert_complete(lake, truth)


def test_no_lake_is_compacted_while_workers_are_at_work(lake: Path) -> None:
    harvested(lake, customers=CUSTOMERS[:1])
    before = find_parts(lake)
    with Ledger(lake) as worker:
        worker.work()
        with pytest.raises(ValueError, match="compact when they are through"):
            compact(lake)
    assert find_parts(lake) == before == set(_parts(lake))


def test_an_export_is_read_by_others(tmp_path: Path, truth: Truth) -> None:
    lake, to = tmp_path / "lake", tmp_path / "all.parquet"
    harvested(lake)
    assert export(lake, to) == len(truth)
    read = duckdb.connect()
    ((total,),) = read.execute("select sum(value) from read_parquet(?)", [str(to)]).fetchall()
    assert total == sum(value for value in truth.values() if value is not None)


@pytest.mark.parametrize("step", ["P1D", "P7D", "P1M"])
def test_windows_join_without_a_gap_and_months_end_with_the_month(step: str) -> None:
    made = plan(window=Window(first="start_date", last="end_date", step=step))
    since = date(2024, 1, 20)
    found = list(windows(plan(window=made.window, since=since), date(2024, 4, 10)))
    assert found[0][0] == since and found[-1][1] == date(2024, 4, 10)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    if step == "P1M":
        assert [start.day for start, _ in found] == [20, 1, 1, 1]


def test_the_end_of_a_window_is_the_services_own_midnight() -> None:
    window = Window(first="start", last="end", end="excluded")
    told = plan(window=window, zone="Europe/Berlin")
    kinds = {"start": datetime, "end": datetime, "customer_number": str}
    found = arguments_for(told, kinds, "1", date(2026, 3, 29), date(2026, 3, 30))
    assert found["start"].isoformat() == "2026-03-29T00:00:00+01:00"
    assert found["end"].isoformat() == "2026-03-30T00:00:00+02:00"
    days = plan(window=Window(first="start", last="end"), zone="Europe/Berlin")
    found = arguments_for(days, {"start": date, "end": date}, "1", SINCE, UNTIL)
    assert (found["start"], found["end"]) == (SINCE, UNTIL - timedelta(days=1))
    with pytest.raises(PlanError, match="excluded"):
        arguments_for(days, kinds, "1", SINCE, UNTIL)
    with pytest.raises(PlanError, match="excluded"):
        check_kinds(days, kinds)


@pytest.mark.parametrize(
    ("kind", "subject", "given"),
    [
        (str, "0124", "0124"),
        (int, "0124", 124),
        (Decimal | None, "1.50", Decimal("1.50")),
        (Sequence[str], "0124", ["0124"]),
        (Sequence[int] | None, "124", [124]),
        (Literal["A", "B"], "A", "A"),
    ],
)
def test_a_subject_is_given_as_the_client_takes_it(kind: Any, subject: str, given: object) -> None:
    told = plan(window=Window(first="start"), zone="Europe/Berlin")
    kinds = {"customer_number": kind, "start": datetime | None}
    check_kinds(told, kinds)
    found = arguments_for(told, kinds, subject, date(2026, 3, 29), date(2026, 3, 30))
    assert found["customer_number"] == given
    assert found["start"].isoformat() == "2026-03-29T00:00:00+01:00"


@pytest.mark.parametrize(
    "kinds",
    [{"customer_number": bool, "date": date}, {"customer_number": str, "date": str},
     {"customer_number": Sequence[date], "date": date}],
)  # fmt: skip
def test_what_a_client_cannot_take_is_said_before_anything_is_read(kinds: dict[str, Any]) -> None:
    with pytest.raises(PlanError, match="by it"):
        check_kinds(plan(), kinds)
    with pytest.raises(PlanError, match="no whole number"):
        subject_text("A1", int)


def test_what_is_not_published_yet_waits(lake: Path) -> None:
    outcome = harvested(
        lake, customers=CUSTOMERS[:1], published_seconds=172_800.0,
        now=lambda: datetime(2024, 3, 15, 12, tzinfo=SEOUL),
    )  # fmt: skip
    assert outcome.counts == {"done": 3}
    assert harvested(lake, customers=CUSTOMERS[:1], published_seconds=172_800.0).calls == 7


def test_what_consent_splits_grows_with_the_window_and_is_asked_for_once(lake: Path) -> None:
    first, consent = date(2024, 3, 1), date(2024, 3, 10)
    with Ledger(lake) as ledger:
        ledger.work()
        ledger.add([("a" * 32, "***", first, date(2024, 3, 15))])
        whole = ledger.claim()
        assert whole is not None
        ledger.refuse_before(whole, consent, "c")
        rest = ledger.claim()
        assert rest is not None and (rest.start, rest.end) == (consent, date(2024, 3, 15))
        ledger.finish(rest, "done")
        ledger.add([("a" * 32, "***", first, date(2024, 3, 15))])
        assert ledger.claim() is None
        ledger.add([("a" * 32, "***", first, date(2024, 3, 16))])
        grown = ledger.claim()
        assert grown is not None and (grown.start, grown.end) == (consent, date(2024, 3, 16))
        assert ledger.claim() is None


def test_a_window_before_consent_that_grows_beyond_it_is_asked_for(lake: Path) -> None:
    first = date(2024, 3, 1)
    with Ledger(lake) as ledger:
        ledger.work()
        ledger.add([("a" * 32, "***", first, date(2024, 3, 10))])
        whole = ledger.claim()
        assert whole is not None
        ledger.refuse_before(whole, date(2024, 3, 12), "c")
        assert ledger.counts() == {"refused": 1}
        ledger.add([("a" * 32, "***", first, date(2024, 3, 16))])
        rest = ledger.claim()
        assert rest is not None and (rest.start, rest.end) == (date(2024, 3, 10), date(2024, 3, 16))
        ledger.refuse_before(rest, date(2024, 3, 12), "c")
        last = ledger.claim()
        assert last is not None and (last.start, last.end) == (date(2024, 3, 12), date(2024, 3, 16))


def test_claims_and_counts_do_not_slow_down_with_the_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.work()
        ledger.add((f"{n:032}", "***", SINCE, UNTIL) for n in range(5000))
        plans = [
            row[-1] for row in ledger._database.execute(
                "explain query plan select id from chunks where state = 'due' order by id limit 1"
            ).fetchall()
        ]  # fmt: skip
        assert any("by_state" in text for text in plans)
        assert ledger.counts() == {"due": 5000}


def connection_of(ledger: Ledger) -> sqlite3.Connection:
    assert isinstance(ledger._database, SqliteDatabase)
    return ledger._database._connection


def test_what_status_says_needs_no_walk_through_the_ledger(tmp_path: Path) -> None:
    asked: list[str] = []
    with Ledger(tmp_path) as ledger:
        connection_of(ledger).set_trace_callback(asked.append)
        ledger.counts(), ledger.stored(), ledger.told()
        connection_of(ledger).set_trace_callback(None)
        steps = [
            row[-1] for text in asked
            for row in ledger._database.execute(f"explain query plan {text}").fetchall()
        ]  # fmt: skip
    assert steps and not [step for step in steps if re.match("SCAN (chunks|parts)$", step)]
    assert any("by_told" in step for step in steps)


def test_a_finished_chunk_outlives_a_loss_of_power_and_a_claim_need_not(tmp_path: Path) -> None:
    synced: list[int] = []
    with Ledger(tmp_path) as ledger:
        connection = connection_of(ledger)

        def note(text: str) -> None:
            if text.lower() == "commit":
                synced.extend(connection.execute("pragma synchronous").fetchone())

        ledger.add([("a" * 32, "***", SINCE, UNTIL)])
        ledger.work()
        connection.set_trace_callback(note)
        chunk = ledger.claim()
        assert chunk is not None
        ledger.finish(chunk, "done")
    assert synced == [1, 2]  # normal: with the next one that is synchronised; full: at once


def test_parts_and_their_folder_are_on_the_disk_before_a_chunk_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, finish = os.fsync, Ledger.finish

    def noted(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if tmp_path / "parts" in (path, *path.parents):
            there = len(list(path.glob("*.parquet")))
            steps.append(path.suffix or f"{path.name} with {there} parts")
        sync(descriptor)

    def finished(ledger: Ledger, *told: Any, **more: Any) -> None:
        steps.append("finish")
        finish(ledger, *told, **more)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Ledger, "finish", finished)
    harvested(tmp_path, customers=CUSTOMERS[:1], until=SINCE + timedelta(days=1))
    assert steps == ["parts with 0 parts", ".part", ".part", "2024-03 with 2 parts", "finish"]


def test_parts_of_a_chunk_come_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pa.table({"value": [1]})
    written = write_parts(tmp_path, "2024-03", {"readings": table, "registers": table})
    assert set(written) == find_parts(tmp_path) and sum(written.values()) == 2
    assert [kind_of_part(name) for name in written] == ["readings", "registers"]
    assert {month_of_part(name) for name in written} == {"2024-03"}
    # Lakes that were begun before had a folder for each kind.
    assert kind_of_part("parts/registers-2024-03/0a.parquet") == "registers"
    assert month_of_part("parts/registers-2024-03/0a.parquet") == "2024-03"

    def full(table: pa.Table, path: Path) -> None:
        if path.name.startswith("registers"):
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_bytes(b"x")

    monkeypatch.setattr(part_files, "_write_whole", full)
    with pytest.raises(OSError, match="No space"):
        write_parts(tmp_path, "2024-03", {"readings": table, "registers": table})
    assert find_parts(tmp_path) == set(written)


def test_every_claim_is_of_another_chunk(lake: Path) -> None:
    with Ledger(lake) as one, Ledger(lake) as other:
        one.add((f"{n:032}", "***", SINCE, UNTIL) for n in range(20))
        one.work()
        other.work()
        claimed = [ledger.claim() for _ in range(10) for ledger in (one, other)]
        assert len({chunk.id for chunk in claimed if chunk is not None}) == 20
        assert one.claim() is None

"""What ends a harvest in the middle, and what the next one makes of it."""

import itertools
import logging
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gridwright_apis import kepco_opm
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.errors import ClosedHoursError, ConnectError, RequestTimeoutError
from gridwright_runtime.harvest import run
from gridwright_runtime.harvest.databases.layout import LAYOUT, LayoutError
from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.part_files import LostPartsError, find_parts, month_of_part
from gridwright_runtime.harvest.report import changes, compact, export, gaps, newest
from gridwright_runtime.harvest.run import Outcome, Progress, harvest
from gridwright_runtime.mock.transport import MockTransport

from .world import CUSTOMERS, KINDS, NOW, SINCE, UNTIL, harvested, plan

ONE = CUSTOMERS[:1]
DAYS = (UNTIL - SINCE).days


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what a lake holds that nothing has interrupted."""
    lake = tmp_path_factory.mktemp("whole")
    harvested(lake, customers=ONE)
    return newest(lake).drop_columns(["fetched_at"])


def assert_whole(lake: Path, whole: Any) -> None:
    """Nothing is lost, nothing doubled, and no file is left over."""
    assert newest(lake).drop_columns(["fetched_at"]).equals(whole)
    with Ledger(lake) as ledger:
        parts = ledger.parts()
        assert ledger.counts() == {"done": DAYS}
    assert find_parts(lake) == set(parts)
    readings = sum(rows for name, rows in parts.items() if "readings" in name)
    assert readings == whole.num_rows
    assert not list(lake.glob("parts/*/*.part"))


@pytest.mark.parametrize(
    ("step", "again"),
    [
        ("a reply has come", 1),
        ("a part is half written", 1),
        ("one of two parts is in its place", 1),
        ("the parts are in their place", 1),
        ("the ledger is about to know", 1),
        ("the ledger knows", 0),
    ],
)
def test_a_process_that_is_killed_at_any_step_of_a_chunk_loses_that_chunk_alone(
    lake: Path, tmp_path: Path, whole: Any, step: str, again: int
) -> None:
    log = tmp_path / "calls"
    command = [sys.executable, "-m", "tests.harvest.dying", str(lake), str(log)]
    killed = subprocess.run([*command, step], check=False, stdout=subprocess.DEVNULL)
    assert killed.returncode == -signal.SIGKILL
    outcome = harvested(lake, customers=ONE)
    assert outcome.released == again
    assert_whole(lake, whole)
    calls = len(log.read_text().splitlines())
    assert calls + outcome.calls == DAYS + again


def test_ctrl_c_finishes_the_chunk_in_hand(tmp_path: Path, whole: Any) -> None:
    lake, log = tmp_path / "lake", tmp_path / "calls"
    log.touch()
    command = [sys.executable, "-m", "tests.harvest.world", str(lake), str(log), "0.3"]
    # A shell that starts processes in the background has them ignore it.
    with subprocess.Popen(
        command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
    ) as process:
        while process.poll() is None and log.read_bytes().count(b"\n") < 2:
            pass
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130
    calls = log.read_text().splitlines()
    with Ledger(lake) as ledger:
        counts = ledger.counts()
        assert ledger.fact("run") == "open"
    assert counts["done"] == len(calls) < DAYS and set(counts) == {"done", "due"}


def limited(size: int) -> Callable[[], None]:
    """Return what keeps the files of a process that small, as a disk does that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [2_000, 30_000, 300_000])
def test_a_disk_that_is_full_in_a_process_of_its_own_loses_nothing(
    tmp_path: Path, whole: Any, size: int
) -> None:
    """The smallest is full for each part, the others for the ledger."""
    lake, log = tmp_path / "lake", Path(os.devnull)
    harvested(lake, customers=ONE, until=date(2024, 3, 12))
    command = [sys.executable, "-m", "tests.harvest.dying", str(lake), str(log), ""]
    full = subprocess.run(
        command, check=False, capture_output=True, text=True, preexec_fn=limited(size)
    )
    assert full.returncode != 0
    with Ledger(lake) as ledger:
        assert set(ledger.counts()) <= {"done", "due", "running"}
    harvested(lake, customers=ONE)
    assert_whole(lake, whole)


class Unreachable:
    """A service that cannot be reached for some calls, from a given one on."""

    def __init__(self, first: int, last: float, error: Exception) -> None:
        self.calls = 0
        self._first, self._last, self._error = first, last, error
        self._client = kepco_opm.Client(
            service_key="demo-service-key", transport=MockTransport(mock.application())
        )

    def __call__(self, **arguments: Any) -> Any:
        self.calls += 1
        if self._first <= self.calls <= self._last:
            raise self._error
        return self._client.get_day_load_profile(**arguments)


def read_by(lake: Path, call: Callable[..., Any], **more: Any) -> Outcome:
    return harvest(lake, plan(), call, KINDS, ONE, until=UNTIL, now=lambda: NOW, **more)


AWAY = [ConnectError("refused"), RequestTimeoutError("no connection", phase="connect")]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_a_network_that_is_away_for_a_while_costs_no_chunk(
    tmp_path: Path, whole: Any, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_PAUSES", (0.0, 0.0, 0.0))
    told: list[Progress] = []
    outcome = read_by(tmp_path, Unreachable(4, 6, error), tell=told.append)
    assert (outcome.exit_status, outcome.calls) == (0, DAYS)
    waits = [one.done for one in told if one.waits_until is not None]
    assert waits and set(waits) == {3}
    assert_whole(tmp_path, whole)


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_a_network_that_stays_away_stops_the_run_and_fails_no_chunk(
    tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_PAUSES", (0.0, 0.0, 0.0))
    service = Unreachable(4, float("inf"), error)
    outcome = read_by(tmp_path, service)
    assert outcome.stopped.startswith("the service cannot be reached: ")
    assert (outcome.exit_status, outcome.counts) == (1, {"done": 3, "due": DAYS - 3})
    assert service.calls == 3 + 4


def test_who_waits_for_the_network_can_be_interrupted(tmp_path: Path) -> None:
    command = [
        sys.executable, "-c",
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.harvest.test_interruptions import AWAY, Unreachable, read_by\n"
        "service = Unreachable(1, float('inf'), AWAY[0])\n"
        "def call(**told):\n"
        "    print('called', flush=True)\n"
        "    return service(**told)\n"
        "print(read_by(Path(sys.argv[1]), call).stopped)\n",
        str(tmp_path / "lake"),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "called\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().splitlines()[-1] == "interrupted"


@pytest.mark.parametrize("started", [0, 1, 2])
def test_ctrl_c_while_workers_are_started_finishes_what_they_have_in_hand(
    lake: Path, whole: Any, started: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, count = Thread.start, itertools.count()

    def interrupted(thread: Any) -> None:
        if next(count) == started:
            raise KeyboardInterrupt
        start(thread)

    monkeypatch.setattr(Thread, "start", interrupted)
    service = Unreachable(0, 0, AWAY[0])
    outcome = read_by(lake, service, workers=3)
    assert (outcome.stopped, outcome.exit_status) == ("interrupted", 130)
    assert outcome.calls == service.calls and set(outcome.counts) <= {"done", "due"}
    monkeypatch.undo()
    read_by(lake, service)
    assert_whole(lake, whole)


def test_closed_hours_stop_the_run_and_say_when_it_may_go_on(tmp_path: Path, whole: Any) -> None:
    opens = datetime(2024, 4, 20, 22, tzinfo=UTC)
    closed = ClosedHoursError(opens_at=opens, system="kepco_opm", operation="x", kept="closed")
    outcome = read_by(tmp_path, Unreachable(4, 4, closed))
    assert (outcome.exit_status, outcome.retry_at) == (3, opens)
    assert outcome.counts == {"done": 3, "due": DAYS - 3}
    assert read_by(tmp_path, Unreachable(0, 0, closed)).calls == DAYS - 3
    assert_whole(tmp_path, whole)


def test_what_failed_in_a_run_that_was_killed_is_tried_again_by_the_next(lake: Path) -> None:
    with Ledger(lake) as ledger:
        ledger.add([("a" * 32, "***", SINCE, UNTIL)])
        ledger.work()
        ledger.begin_run(UNTIL)
        chunk = ledger.claim()
        assert chunk is not None
        ledger.finish(chunk, "failed", error="broken")
    with Ledger(lake) as ledger:  # it was killed: its run is open
        ledger.begin_run(UNTIL)
        assert ledger.counts() == {"due": 1}


def test_several_calls_at_once_lose_and_double_nothing(lake: Path, whole: Any) -> None:
    told: list[Progress] = []
    with kepco_opm.Client(
        service_key="demo-service-key", transport=MockTransport(mock.application())
    ) as client:
        outcome = read_by(lake, client.get_day_load_profile, workers=4, tell=told.append)
    assert (outcome.exit_status, outcome.calls) == (0, DAYS)
    assert_whole(lake, whole)
    assert [one.done for one in told] == list(range(1, DAYS + 1))
    assert [one.left for one in told] == list(range(DAYS - 1, -1, -1))
    assert told[-1].seconds_left == 0.0
    assert all(one.seconds_left for one in told[:-1])


def test_no_subject_stands_in_a_log_or_in_what_is_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    harvested(tmp_path / "lake", customers=CUSTOMERS[4:5])  # whose consent begins later
    harvested(tmp_path / "other", key=("customer_number",), customers=ONE)  # all fail
    texts = [caplog.text, *capfd.readouterr(), repr(gaps(tmp_path / "other"))]
    assert not any(customer in text for customer in CUSTOMERS for text in texts)


def test_days_that_are_not_complete_are_counted_by_what_is_missing(lake: Path) -> None:
    """A part file that is gone is no complete day."""
    harvested(lake, customers=ONE)
    with Ledger(lake) as ledger:
        (name, *_) = (one for one in ledger.parts() if "readings" in one)
        ledger.replace_parts([name], {}, NOW)
    found = Counter((gap.why, gap.intervals) for gap in gaps(lake))
    assert found == {("missing", 96): 1}


@pytest.mark.parametrize("is_compacted", [False, True])
def test_a_lake_whose_files_are_lost_is_not_complete_and_reads_them_again_when_told(
    lake: Path, whole: Any, is_compacted: bool
) -> None:
    harvested(lake, customers=ONE)
    if is_compacted:
        compact(lake)
    name = next(one for one in find_parts(lake) if "readings" in one)
    (lake / name).unlink()
    days = DAYS if is_compacted else 1
    outcome = harvested(lake, customers=ONE)
    assert (outcome.exit_status, outcome.calls, outcome.lost) == (1, 0, (name,))
    found = [(gap.why, gap.intervals) for gap in gaps(lake)]
    # Where no readings are left, nobody knows how many there should be.
    assert found == [("lost", 0)] + [("missing", 96)] * (0 if is_compacted else 1)
    reads: list[Callable[[Path], Any]] = [newest, changes]
    reads.append(lambda lake: export(lake, lake / "all.csv"))
    if not is_compacted:
        reads.append(compact)
    for read in reads:
        with pytest.raises(
            LostPartsError, match="1 part file is lost or damaged, such as parts/2024-03/"
        ):
            read(lake)
    with Ledger(lake) as ledger:
        assert ledger.read_again({name: month_of_part(name)}) == days
        assert ledger.counts()["due"] == days
    outcome = harvested(lake, customers=ONE)
    assert (outcome.exit_status, outcome.calls, outcome.lost) == (0, days, ())
    assert newest(lake).drop_columns(["fetched_at"]).equals(whole)
    assert gaps(lake) == []


def test_a_file_that_a_shared_disk_does_not_list_yet_is_not_lost(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvested(lake, customers=ONE)
    monkeypatch.setattr(run, "find_parts", lambda folder: set())
    outcome = harvested(lake, customers=ONE)
    assert (outcome.exit_status, outcome.lost) == (0, ())


def test_a_chunk_that_a_worker_has_in_hand_is_not_taken_from_it_where_files_are_lost(
    lake: Path,
) -> None:
    harvested(lake, customers=ONE)
    (name, *_) = find_parts(lake)
    with Ledger(lake) as ledger:
        ledger._database.execute("update chunks set state = 'running'")
        assert ledger.read_again({name: "2024-03"}) == 0
        assert ledger.counts() == {"running": DAYS}


@pytest.mark.parametrize(
    ("layout", "plan_fact", "said"),
    [
        (str(LAYOUT + 1), "", "install that version, which manifest.json names"),
        ("", '{"plan": {}, "interface": "a"}', "read into another folder"),
        ("0", "", "read into another folder"),
        ("what", "", "read into another folder"),
    ],
)
def test_a_lake_of_another_layout_says_what_to_do_and_is_left_as_it_is(
    lake: Path, layout: str, plan_fact: str, said: str
) -> None:
    harvested(lake, customers=ONE)
    with Ledger(lake) as ledger:
        if layout:
            ledger.set_fact("layout", layout)
        else:
            ledger._database.execute("delete from facts where name = 'layout'")
        ledger.set_fact("plan", plan_fact or ledger.fact("plan"))
    for read in (lambda: Ledger(lake), lambda: harvested(lake), lambda: gaps(lake)):
        with pytest.raises(LayoutError, match=said):
            read()


def test_a_lake_that_was_begun_before_layouts_had_numbers_goes_on(lake: Path, whole: Any) -> None:
    harvested(lake, customers=ONE, until=date(2024, 3, 12))
    with Ledger(lake) as ledger:
        ledger._database.execute("delete from facts where name = 'layout'")
    harvested(lake, customers=ONE)
    assert_whole(lake, whole)
    with Ledger(lake) as ledger:
        assert ledger.fact("layout") == str(LAYOUT)


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"something else" * 100)
    with pytest.raises(OSError, match="the ledger cannot be used: file is not a database"):
        Ledger(tmp_path)

"""Real processes on one machine: limits that all of them keep, and what a dead one gives back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import fmean

import pytest

from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits import files
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import Limits
from gridwright_runtime.limits.queue import RuleContext
from gridwright_runtime.limits.rules import RuleBook

from .judge import Served, broken
from .support import ACCOUNT
from .worker import CALLS, FOUR_AT_ONCE, ONE_AT_ONCE, RATE, STRESS, limiter

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 6

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="limits across processes need the locks of a Unix"
)


@contextmanager
def worker(place: Path | str, what: str, skew: str = "0") -> "Iterator[subprocess.Popen[str]]":
    """Start a worker at a folder or the address of a server."""
    place = place if isinstance(place, str) else str(place / "limits")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.limits.worker", place, what, skew],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def stress(place: Path | str, skews: Sequence[str] = ("0",)) -> tuple[list[Served], float]:
    """Return all calls, and how many were granted in a second."""
    served = []
    with ExitStack() as stack:
        workers = [
            stack.enter_context(worker(place, "stress", skews[number % len(skews)]))
            for number in range(PROCESSES)
        ]
        assert [line(process) for process in workers] == ["ready"] * PROCESSES
        for process in workers:
            tell(process)
        for process in workers:
            output, _ = process.communicate(timeout=60)
            assert process.returncode == 0
            for text in output.splitlines():
                operation, key, granted_at, replied_at = text.split()
                served.append(
                    Served(
                        operation=operation,
                        key=key,
                        began=float(granted_at),
                        ended=float(replied_at),
                    )
                )
    grants = sorted(call.began for call in served)
    # While all of them are at it: first calls load modules, and the last ones have no rivals.
    steady = grants[60:-20]
    waits = [late - early for early, late in zip(steady, steady[RATE.requests :], strict=False)]
    return served, RATE.requests / fmean(waits)


@pytest.mark.xdist_group("processes")
def test_six_processes_break_no_limit_and_reach_the_rate(tmp_path: Path) -> None:
    rates = []
    for attempt in range(3):  # a machine that is busy with other things may be late
        served, rate = stress(tmp_path / str(attempt))
        assert len(served) == PROCESSES * CALLS
        assert broken(Limits(STRESS), served) == []
        rates.append(rate)
        if rate >= 0.95 * RATE.requests / RATE.per_seconds:
            return
    raise AssertionError(f"calls a second: {rates}")


def test_a_process_that_is_killed_gives_back_its_turn(tmp_path: Path) -> None:
    mine = limiter(str(tmp_path / "limits"), ONE_AT_ONCE)
    with worker(tmp_path, "hold") as holder:
        assert line(holder) == "held"
        with pytest.raises(LimitError):
            mine.take("look", wait=False)
        os.kill(holder.pid, signal.SIGKILL)
        mine.take("look", within_seconds=20).done()


def test_a_process_that_is_killed_gives_back_its_place(tmp_path: Path) -> None:
    mine = limiter(str(tmp_path / "limits"), ONE_AT_ONCE)
    turn = mine.take("look")
    with worker(tmp_path, "wait") as waiter:
        assert line(waiter) == "waiting"
        wait_until_queued(tmp_path, 1)
        os.kill(waiter.pid, signal.SIGKILL)
        waiter.wait()
        turn.done()
        before = time.monotonic()
        mine.take("look", within_seconds=20).done()
        assert time.monotonic() - before < 5.0


def test_a_process_that_is_stopped_holds_up_nobody_and_keeps_its_place(tmp_path: Path) -> None:
    mine = limiter(str(tmp_path / "limits"), ONE_AT_ONCE)
    turn = mine.take("look")
    with worker(tmp_path, "wait") as waiter:
        assert line(waiter) == "waiting"
        wait_until_queued(tmp_path, 1)
        os.kill(waiter.pid, signal.SIGSTOP)
        turn.done()
        turn = mine.take("look", within_seconds=20)
        os.kill(waiter.pid, signal.SIGCONT)
        turn.done()
        assert line(waiter) == "done"


def test_a_process_that_is_stopped_keeps_the_turn_that_it_uses(tmp_path: Path) -> None:
    mine = limiter(str(tmp_path / "limits"), ONE_AT_ONCE)
    with worker(tmp_path, "hold") as holder:
        assert line(holder) == "held"
        os.kill(holder.pid, signal.SIGSTOP)
        with pytest.raises(LimitError):
            mine.take("look", within_seconds=0.3)
        os.kill(holder.pid, signal.SIGCONT)
        tell(holder)
        assert line(holder) == "done"
        mine.take("look", within_seconds=20).done()


def test_a_forked_child_has_no_part_in_what_its_parent_holds(tmp_path: Path) -> None:
    mine = limiter(str(tmp_path / "limits"), ONE_AT_ONCE)
    with worker(tmp_path, "fork") as parent:
        word, number, may_go = line(parent).split()
        child = int(number)
        try:
            # The child shares the limit, and its giving back does nothing.
            assert (word, may_go) == ("child", "False")
            with pytest.raises(LimitError):
                mine.take("look", wait=False)
            os.kill(parent.pid, signal.SIGKILL)
            mine.take("look", within_seconds=20).done()  # nor does its life keep anything
        finally:
            os.kill(child, signal.SIGKILL)


def lose(file: Path, how: str) -> None:
    if how == "deleted":
        file.unlink()
    elif how == "moved":
        file.rename(file.with_suffix(".away"))
    elif how == "cut":
        os.truncate(file, 0)
    else:
        with file.open("r+b") as opened:
            for slot in (0, 1):
                opened.seek(slot * files._SLOT_BYTES)
                opened.write(b"\xa5" * 40)


@pytest.mark.parametrize("how", ["deleted", "moved", "cut", "overwritten"])
def test_a_lost_file_lets_no_process_take_what_another_still_holds(
    tmp_path: Path, how: str
) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(tmp_path, "obey")) for _ in range(3)]
        assert [line(process) for process in workers] == ["ready"] * 3
        granted = [ask(process, "change 2") for process in workers]
        assert granted == [2, 2, 0]
        (file,) = (tmp_path / "limits").iterdir()
        lose(file, how)
        # Each process comes first once, and knows of nothing but its own.
        assert [ask(process, "change 4") for process in workers] == [0, 0, 0]


def test_a_lost_file_forgets_no_pause(tmp_path: Path) -> None:
    with worker(tmp_path, "obey") as one, worker(tmp_path, "obey") as other:
        assert [line(one), line(other)] == ["ready", "ready"]
        assert [ask(one, "touch A1"), ask(other, "touch A2")] == [1, 1]
        (file,) = (tmp_path / "limits").iterdir()
        file.unlink()
        assert [ask(other, "touch A1"), ask(one, "touch A2")] == [0, 0]


@pytest.mark.parametrize("how", ["deleted", "moved", "cut", "overwritten", "backup"])
def test_a_lost_file_gives_no_process_a_rate_or_a_quota_anew(tmp_path: Path, how: str) -> None:
    commands = ("ask 3", "count 3", "show A1")
    with ExitStack() as stack:
        first, second = (stack.enter_context(worker(tmp_path, "obey")) for _ in range(2))
        assert [line(first), line(second)] == ["ready", "ready"]
        assert [ask(first, "touch A1"), ask(second, "touch A2")] == [1, 1]
        (file,) = (tmp_path / "limits").iterdir()
        backup = file.read_bytes()
        assert [ask(first, command) for command in commands] == [3, 3, 1]
        assert [ask(second, command) for command in commands] == [0, 0, 0]
        if how == "backup":
            file.write_bytes(backup)
        else:
            lose(file, how)
        third = stack.enter_context(worker(tmp_path, "obey"))
        assert line(third) == "ready"
        for one in (second, third, first):
            assert [ask(one, command) for command in commands] == [0, 0, 0]
        # What is not counted with it is as free as it was.
        assert [ask(one, "change 2") for one in (first, second, third)] == [2, 2, 0]


def test_after_a_loss_nobody_waits_for_a_process_that_has_ended(tmp_path: Path) -> None:
    mine = limiter(str(tmp_path / "limits"), FOUR_AT_ONCE)
    with worker(tmp_path, "obey") as holder:
        assert line(holder) == "ready"
        assert ask(holder, "change 4") == 4
        with pytest.raises(LimitError):
            mine.take("change", wait=False)
        (file,) = (tmp_path / "limits").iterdir()
        file.unlink()
        with pytest.raises(LimitError):
            mine.take("change", wait=False)
        os.kill(holder.pid, signal.SIGKILL)
        mine.take("change", within_seconds=20).done()


def test_who_comes_after_a_loss_sees_that_those_who_are_awaited_have_ended(
    tmp_path: Path,
) -> None:
    with worker(tmp_path, "obey") as holder, worker(tmp_path, "obey") as witness:
        assert [line(holder), line(witness)] == ["ready", "ready"]
        assert [ask(holder, "change 4"), ask(witness, "change 1")] == [4, 0]
        (file,) = (tmp_path / "limits").iterdir()
        lose(file, "cut")
        assert ask(witness, "change 1") == 0
        for process in (holder, witness):
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        mine = limiter(str(tmp_path / "limits"), FOUR_AT_ONCE)
        mine.take("change", within_seconds=20).done()


def ask(process: "subprocess.Popen[str]", command: str) -> int:
    assert process.stdin is not None
    process.stdin.write(f"{command}\n")
    process.stdin.flush()
    return int(line(process))


def wait_until_queued(folder: Path, count: int) -> None:
    """Look at the file until so many wait."""
    clock = SystemClock()
    queue = FileLimitStore(folder / "limits").queue(ACCOUNT, clock)
    context = RuleContext(RuleBook(Limits((ONE_AT_ONCE,)), 0.0, 0.0), clock)
    until = time.monotonic() + 20
    while queue.run(context, lambda state, rules, now: len(state.queue)) != count:
        assert time.monotonic() < until
        time.sleep(0.005)

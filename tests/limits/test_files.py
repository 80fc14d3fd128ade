"""Where limits are kept on disk: who can read them, and what happens when files are odd."""

import errno
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from gridwright_runtime.clock import Clock
from gridwright_runtime.errors import ConfigurationError, LimitError
from gridwright_runtime.limits import files
from gridwright_runtime.limits.files import FileLedger, FileLimitStore
from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limit, Limits, RateLimit
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.state import CallUnderWay, Waiter
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.private_folder import PrivateFolder

from .clocks import START
from .support import ACCOUNT, COMPANY, ONE_A_SECOND, PAUSE, SERVER, limiter_of

ONE = ConcurrencyLimit(name="one", at_most=1)
NUMBER = "1234567890"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "limits"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def limiter(folder: Path, clock: Clock, *limits: Limit) -> Limiter:
    return limiter_of(*(limits or (ONE, PAUSE)), clock=clock, store=FileLimitStore(folder))


def file_of(folder: Path) -> Path:
    return folder / f"{ACCOUNT}.limits"


def other_process(folder: Path) -> FileLedger:
    """Return the ledger that another process would have."""
    return FileLedger(file_of(folder), PrivateFolder("limits", folder))


def test_the_owner_alone_can_read_and_nothing_names_anybody(
    folder: Path, clock: ManualClock
) -> None:
    before = os.umask(0)
    try:
        turn = limiter(folder, clock).take("change", NUMBER)
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    (found,) = folder.iterdir()
    assert found.stat().st_mode & 0o777 == 0o600
    for text in (NUMBER, COMPANY, SERVER):
        assert text.encode() not in found.read_bytes()
        assert text not in found.name
    turn.done()


def test_the_same_number_has_another_hash_for_another_company(
    folder: Path, clock: ManualClock
) -> None:
    kept = []
    for account in ("one company", "another company"):
        store = FileLimitStore(folder)
        mine = limiter_of(PAUSE, clock=clock, store=store, account=account)
        turn = mine.take("change", NUMBER)
        queue = mine._queue
        assert queue is not None
        (call,) = queue.calls.values()
        kept.append(call.keys)
        turn.done()
    assert kept[0] != kept[1]


def test_no_folder_is_made_before_the_first_call(folder: Path, clock: ManualClock) -> None:
    mine = limiter(folder, clock)
    assert not folder.exists()
    mine.take("change", wait=False).done()
    assert folder.exists()


def test_a_folder_open_to_others_is_refused_with_what_to_do(
    folder: Path, clock: ManualClock
) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with pytest.raises(ConfigurationError, match=f"to keep limits in: chmod 700 {folder}"):
        limiter(folder, clock).take("change")


def test_a_file_open_to_others_is_refused_with_what_to_do(folder: Path, clock: ManualClock) -> None:
    folder.mkdir(parents=True, mode=0o700)
    file_of(folder).touch()
    file_of(folder).chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600 "):
        limiter(folder, clock).take("change")


def test_a_link_is_not_followed(folder: Path, tmp_path: Path, clock: ManualClock) -> None:
    folder.mkdir(parents=True, mode=0o700)
    (tmp_path / "elsewhere").touch(mode=0o600)
    file_of(folder).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigurationError, match="limits cannot be kept in"):
        limiter(folder, clock).take("change")


@pytest.mark.parametrize("content", [b"\xff" * 400, b"", b"{}", b"\0" * 4000])
def test_a_file_that_cannot_be_read_is_written_anew(
    folder: Path, content: bytes, clock: ManualClock
) -> None:
    folder.mkdir(parents=True, mode=0o700)
    file_of(folder).write_bytes(content)
    file_of(folder).chmod(0o600)
    mine = limiter(folder, clock)
    turn = mine.take("change")
    with pytest.raises(LimitError):
        mine.take("change", wait=False)
    turn.done()


@pytest.mark.parametrize("damage", [b"\xa5" * 40, b"\0" * 16])
def test_a_damaged_file_of_processes_that_have_ended_counts_as_lost(
    folder: Path, clock: ManualClock, damage: bytes
) -> None:
    hourly = RateLimit(name="hourly", requests=9, per_seconds=3600.0)
    limiter(folder, clock, hourly).take("look").done()
    limiter(folder, clock, hourly).take("look").done()
    with file_of(folder).open("r+b") as file:
        for slot in (0, 1):
            file.seek(slot * files._SLOT_BYTES)
            file.write(damage)
    files._QUEUES.clear()  # as another process would begin
    with pytest.raises(LimitError, match="hourly"):
        limiter(folder, clock, hourly).take("look", within_seconds=3590.0)
    limiter(folder, clock, hourly).take("look", within_seconds=3610.0).done()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_in_place_of_the_file_is_told(
    folder: Path, clock: ManualClock, make: Callable[[Path], None]
) -> None:
    folder.mkdir(parents=True, mode=0o700)
    make(file_of(folder))
    with pytest.raises(ConfigurationError, match="limits cannot be kept in"):
        limiter(folder, clock).take("change", wait=False)


FAR = 1e18
FORGED: list[dict[str, Any]] = [
    {"times": {0: [FAR]}},
    {"times": {0: [math.nan]}},
    {"times": {-1: [0.0]}},
    {"free_at": {1: FAR}},
    {"free_at": {1: math.inf}},
    {"calls": [CallUnderWay(1, 1, 1, (), ends=FAR)]},
    {"calls": [CallUnderWay(1, -5, 1, ())]},
    {"calls": [CallUnderWay(1, 1 << 62, 1, ())]},
    {"calls": [CallUnderWay(1, 1, -1, ())]},
    {"queue": [Waiter(1, -5, 1, ())]},
    {"queue": [Waiter(1, 1, 1, (-7,), not_before=FAR)]},
    {"awaited": {1: FAR}},
    {"names": ["one", "one"]},
    {"names": [str(number) for number in range(65)]},
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_file_holds_nobody_up_for_ever(
    folder: Path, clock: ManualClock, forged: dict[str, Any]
) -> None:
    ledger = other_process(folder)
    held = ledger.hold(clock)
    assert held is not None
    held.state.names = ["one", "pause", "one_a_second"]
    for name, value in forged.items():
        setattr(held.state, name, value)
    ledger.save(held.state, frees=False)
    mine = limiter(folder, clock, ONE, PAUSE, ONE_A_SECOND)
    mine.take("change", NUMBER, within_seconds=120.0).done()


@pytest.mark.parametrize("place", [0, 8])
def test_a_count_of_saves_that_cannot_grow_is_no_state(
    folder: Path, clock: ManualClock, place: int
) -> None:
    mine = limiter(folder, clock)
    mine.take("change").done()
    for slot in (0, 1):
        with file_of(folder).open("r+b") as file:
            file.seek(slot * files._SLOT_BYTES)
            head = files._Head._make(files._HEAD.unpack(file.read(files._HEAD.size)))
            payload = file.read(head.length)
            head = head._replace(**{("version", "freed")[place // 8]: 2**64 - 1})
            head = head._replace(checksum=files._checksum(head, payload))
            file.seek(slot * files._SLOT_BYTES)
            file.write(files._HEAD.pack(*head))
    mine.take("change", NUMBER, within_seconds=60.0).done()


def test_what_a_killed_process_left_half_written_is_not_seen(
    folder: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = limiter(folder, clock)
    mine.take("change").done()
    turn = mine.take("change")
    whole = os.pwrite

    def half(descriptor: int, data: bytes, offset: int) -> int:
        whole(descriptor, data[: len(data) - 3], offset)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "pwrite", half)
    with pytest.raises(KeyboardInterrupt):
        mine.take("look")
    monkeypatch.setattr(os, "pwrite", whole)
    with pytest.raises(LimitError):
        mine.take("change", wait=False)
    turn.done()
    mine.take("change", wait=False).done()


def test_a_full_disk_is_told_and_no_turn_is_granted(
    folder: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = limiter(folder, clock)
    mine.take("change").done()

    def full(descriptor: int, data: bytes, offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        with pytest.raises(ConfigurationError, match="No space left"):
            mine.take("change")
    mine.take("change", wait=False).done()


def test_a_turn_can_be_given_back_while_the_disk_is_full(
    folder: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = limiter(folder, clock)
    turn = mine.take("change")

    def full(descriptor: int, data: bytes, offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        turn.done()  # the reply is here, and must not be lost by this
    held = mine.take("change", wait=False)
    with pytest.raises(LimitError):
        mine.take("change", wait=False)
    held.done()


def test_seconds_from_the_future_are_taken_for_those_of_now(
    folder: Path, clock: ManualClock
) -> None:
    mine = limiter(folder, clock, ONE_A_SECOND)
    mine.take("look").done()
    clock.advance(-1_000_000.0)
    mine.take("look").done()
    assert sum(clock.waits) == pytest.approx(1.0, abs=0.01)


def test_a_file_that_is_deleted_is_made_anew_with_what_its_processes_hold(
    folder: Path, clock: ManualClock
) -> None:
    limits = (ONE, PAUSE, ONE_A_SECOND)
    mine = limiter(folder, clock, *limits)
    turn = mine.take("change", NUMBER)
    clock.advance(1.0)
    file_of(folder).unlink()
    folder.rmdir()
    with pytest.raises(LimitError, match="one"):
        mine.take("look", wait=False)
    clock.advance(1.0)
    with pytest.raises(LimitError, match="one"):
        mine.take("look", wait=False)
    assert file_of(folder).exists()
    turn.done()
    mine.take("look", wait=False).done()
    with pytest.raises(LimitError, match="pause"):
        mine.take("change", NUMBER, wait=False)


def test_a_file_that_is_deleted_does_not_let_turns_come_sooner(
    folder: Path, clock: ManualClock
) -> None:
    mine = limiter(folder, clock, ONE_A_SECOND)
    mine.take("look").done()
    file_of(folder).unlink()
    mine.take("look").done()
    assert sum(clock.waits) == pytest.approx(1.0, abs=0.01)


def test_a_backup_that_is_put_back_does_not_let_turns_come_sooner(
    folder: Path, clock: ManualClock
) -> None:
    mine = limiter(folder, clock, ONE_A_SECOND)
    mine.take("look").done()
    backup = file_of(folder).read_bytes()
    clock.advance(1.0)
    mine.take("look", wait=False).done()
    file_of(folder).write_bytes(backup)
    mine.take("look").done()
    assert sum(clock.waits) == pytest.approx(1.0, abs=0.01)


def test_a_call_that_is_over_is_not_under_way_again_in_a_backup(
    folder: Path, clock: ManualClock
) -> None:
    mine = limiter(folder, clock, ONE)
    turn = mine.take("change")
    backup = file_of(folder).read_bytes()
    turn.done()
    file_of(folder).write_bytes(backup)
    held = mine.take("change", wait=False)
    with pytest.raises(LimitError):
        mine.take("change", wait=False)
    held.done()


@contextmanager
def state_held_elsewhere(folder: Path) -> Iterator[None]:
    """Have another process hold the state, as one that was stopped at that moment."""
    script = f"""
import fcntl, sys
file = open({str(file_of(folder))!r}, "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, 1, {files._STATE_LOCK})
print("held", flush=True)
sys.stdin.readline()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield
    finally:
        process.communicate("\n")


def test_a_process_that_was_stopped_while_it_held_the_state_is_told_of_in_time(
    folder: Path, clock: ManualClock
) -> None:
    mine = limiter(folder, clock)
    mine.take("change").done()
    with state_held_elsewhere(folder):
        for rest in ({"wait": False}, {"within_seconds": 0.5}):
            with pytest.raises(LimitError, match="another process holds the limits") as raised:
                mine.take("change", **rest)
            assert raised.value.retry_at is None
    mine.take("change", wait=False).done()


def test_what_is_given_back_meanwhile_is_given_back_later(folder: Path) -> None:
    class Counting(ManualClock):
        """Notes which threads wait."""

        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            threads.append(current_thread())
            waited.set()

    threads: list[Thread] = []
    waited = Event()
    clock = Counting(START)
    mine = limiter(folder, clock, ONE)
    turn = mine.take("look")
    with state_held_elsewhere(folder):
        turn.done()  # does not wait
        assert waited.wait(20)
    threads[-1].join(20)
    assert threads[-1].daemon
    ledger = other_process(folder)
    held = ledger.hold(clock)
    assert held is not None
    assert held.state.calls == []
    ledger.let_go()


def test_a_platform_without_fcntl_is_told_when_limits_are_kept(
    folder: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "fcntl", None)
    with pytest.raises(ConfigurationError, match=r"no fcntl.*MemoryLimitStore"):
        limiter(folder, clock).take("change")
    limiter_of(ONE, clock=clock, store=MemoryLimitStore()).take("change").done()


def test_the_folder_is_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    mine = Limiter(Limits((ONE,)), system="sample", server=SERVER, account=COMPANY)
    mine.take("look").done()
    assert (tmp_path / f"gridwright/limits/{ACCOUNT}.limits").exists()


def test_a_clock_of_a_test_touches_no_file_of_the_user(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    mine = Limiter(Limits((ONE,)), system="sample", server=SERVER, account=COMPANY, clock=clock)
    mine.take("look").done()
    assert list(tmp_path.iterdir()) == []


def test_everything_imports_without_fcntl_and_nothing_heavy() -> None:
    script = """
import sys
sys.modules["fcntl"] = None
from gridwright_runtime.limits import limiter, files, store
assert files.fcntl is None
assert not {"httpx2", "anyio", "asyncio", "zoneinfo", "sqlite3"} & set(sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_limits_as_data_load_nothing_else() -> None:
    script = """
import sys
from gridwright_runtime.limits.kinds import RateLimit
RateLimit(name="one", requests=1, per_seconds=1.0)
assert not {"threading", "zoneinfo", "gridwright_runtime.errors"} & set(sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0

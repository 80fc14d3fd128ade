"""Harvest thousands of meters by processes that are killed, and compare with what the world holds.

Run by hand: ``python -m campaign.harvests --meters 2000 --kills 20 --processes 4``; with
``--postgres ADDRESS`` the ledger is there.
"""

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from campaign.harvest_worker import PACKAGE
from campaign.harvest_world import SPEC, SYSTEM, BulkWorld, with_faults
from campaign.rows import Row
from gridwright.load import amend_text
from gridwright.output.render import render
from gridwright.pipeline import understand
from gridwright.targets import views
from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.part_files import find_parts
from gridwright_runtime.harvest.report import changes, gaps, newest
from gridwright_runtime.harvest.run import sweep_parts
from gridwright_runtime.mock.application import build_application
from gridwright_runtime.mock.serve import running

__all__ = ["campaign", "proven"]

_ROOT = Path(__file__).resolve().parents[1]
_FIRST_DAY, _LAST_DAY = "2024-11-14T12:00:00+01:00", "2024-11-24T12:00:00+01:00"
_SECONDS_OFF = 150.0
_MOST_GROWTH = 48 * 2**20
_WARM = 300


@dataclass
class _Fleet:
    """Processes at work on one lake."""

    lake: Path
    address: str
    generated: Path
    ledger: str
    day: str
    chance: random.Random
    number: int
    at_work: list["subprocess.Popen[str]"] = field(default_factory=list)
    ended: Counter[int] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    memory: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def start(self, *, goes_on: bool = False) -> None:
        """Start one more, on a machine of its own: its clock is early or late.

        Args:
            goes_on: it does nothing where the run is over when it comes: it would begin another.
        """
        off = _SECONDS_OFF * (1 if (len(self.at_work) + sum(self.ended.values())) % 2 else -1)
        path = os.pathsep.join([str(_ROOT), str(self.generated), *sys.path])
        worker = subprocess.Popen(  # noqa: S603  # this repository's own module
            [sys.executable, "-m", "campaign.harvest_worker", str(self.lake), self.address,
             str(off), self.day, self.ledger, "goes on" if goes_on else ""],
            cwd=_ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.at_work.append(worker)
        threading.Thread(target=self._read, args=(worker,), daemon=True).start()

    def kill(self) -> None:
        """Kill one, and start another in its place."""
        worker = self.at_work.pop(self.chance.randrange(len(self.at_work)))
        worker.kill()
        worker.wait()
        self.start(goes_on=True)

    def keep_up(self) -> bool:
        """Start others for those that a limit has stopped; False: all have ended."""
        for worker in [one for one in self.at_work if one.poll() is not None]:
            self.at_work.remove(worker)
            self.ended[worker.returncode] += 1
            if worker.returncode == 3:
                self.start(goes_on=True)
        return bool(self.at_work)

    def _read(self, worker: "subprocess.Popen[str]") -> None:
        if worker.stdout is None:
            return
        with worker.stdout as lines:
            for line in lines:
                word, _, rest = line.strip().partition(" ")
                if word == "memory":
                    done, size = map(int, rest.split())
                    self.memory.setdefault(worker.pid, []).append((done, size))
                elif word != "stopped":
                    self.said.append(line.rstrip())


def proven(row: Row, *, meters: int, kills: int, processes: int, ledger: str, seed: int) -> None:
    """Harvest by so many processes, kill so many of them, and judge the lake.

    Args:
        row: takes what breaks.
        meters: how many meters there are.
        kills: how many processes are killed, at random.
        processes: how many work at once.
        ledger: address of a PostgreSQL database; empty: SQLite.
        seed: of the chance.
    """
    started = time.monotonic()
    chance = random.Random(seed)  # noqa: S311
    world = BulkWorld(meters)
    with TemporaryDirectory() as folder, _served(world, Path(folder), chance) as address:
        lake = Path(folder) / "lake"
        calls = sum(1 for meter in world.meters for _ in world.windows(meter))
        fleet = _Fleet(lake, address, Path(folder), ledger, _FIRST_DAY, chance, processes)
        killed = _run(fleet, world, calls, kills)
        row.tried += calls
        row.seen["kills"] += killed
        _check_calls(row, world, calls, killed)
        _check_first(row, world, lake)
        world.is_final = True
        before = sum(world.asked.values())
        last = _Fleet(lake, address, Path(folder), ledger, _LAST_DAY, chance, processes)
        _run(last, world, 0, 0)
        _settle(last)
        row.seen["read again for corrections"] += sum(world.asked.values()) - before
        row.seen["seconds"] += round(time.monotonic() - started)
        for line in [*fleet.said, *last.said][-3:]:  # the end of a traceback says most
            row.broke(f"a process says: {line}")
        _check_memory(row, fleet)
        _check_last(row, world, lake)
    row.seconds = time.monotonic() - started


@contextmanager
def _served(world: BulkWorld, folder: Path, chance: random.Random) -> Iterator[str]:
    amended, found = amend_text(SPEC, "interface.yaml", ())
    interface, problems = understand(amended, found)
    if interface is None or amended is None or problems:
        raise RuntimeError(str(problems))
    for view in views(interface, f"{PACKAGE}.{SYSTEM}", amended.plain()):
        artifact = render(view, f"{PACKAGE}.{SYSTEM}")
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        from importlib import import_module

        mock = import_module(f"{PACKAGE}.{SYSTEM}.mock")
        app = build_application(
            mock.operations.SYSTEM, mock.OPERATIONS, credentials={}, world=world
        )
        with running(with_faults(app, chance)) as address:
            yield address
    finally:
        sys.path.remove(str(folder))


def _run(fleet: _Fleet, world: BulkWorld, calls: int, kills: int) -> int:
    """Let processes work to the end, and kill some on the way; returns how many."""
    for _ in range(fleet.number):
        fleet.start()
    at = sorted(fleet.chance.randrange(calls // 50, calls * 9 // 10) for _ in range(kills))
    killed = 0
    while fleet.keep_up():
        if killed < len(at) and len(world.asked) >= at[killed]:
            fleet.kill()
            killed += 1
        time.sleep(0.01)
    # One alone takes over what dead ones held, and reads what failed.
    _settle(fleet)
    return killed


def _settle(fleet: _Fleet) -> None:
    for _ in range(4):
        with Ledger(fleet.lake) as ledger:
            left = set(ledger.counts()) - {"done", "nothing"}
        if not left:
            return
        fleet.start()
        while fleet.keep_up():
            time.sleep(0.02)


def _check_calls(row: Row, world: BulkWorld, calls: int, kills: int) -> None:
    total = sum(world.asked.values())
    row.seen["answered"] += total
    row.seen["asked again"] += total - len(world.asked)
    if len(world.asked) != calls:
        row.broke(f"{len(world.asked)} windows were asked for, of {calls}")
    if total - len(world.asked) > kills:
        row.broke(f"{total - len(world.asked)} calls were repeated after {kills} kills")


def _check_first(row: Row, world: BulkWorld, lake: Path) -> None:
    """Before anything is corrected, the parts hold each reading once."""
    wanted = sum(1 for _ in world.truth())
    with Ledger(lake) as ledger:
        rows, counts = sum(ledger.parts().values()), ledger.counts()
        sweep_parts(lake, ledger)
        if find_parts(lake) != set(ledger.parts()):
            row.broke("files are there that no chunk names, or the reverse")
    row.seen["readings"] += wanted
    if rows != wanted:
        row.broke(f"the parts hold {rows} readings, of {wanted}")
    if set(counts) - {"done", "nothing"}:
        row.broke(f"chunks are left: {counts}")


def _check_last(row: Row, world: BulkWorld, lake: Path) -> None:
    """In the end, the lake is what the world is, and says what is missing."""
    meters, registers, starts, values = zip(*world.truth(), strict=True)
    zoned = pa.timestamp("us", tz="Europe/Berlin")
    truth = pa.table(
        {
            "meter": pa.array(meters), "register": pa.array(registers),
            "interval_start": pa.array(starts, zoned),
            "value": pa.array(values, pa.decimal128(38, 9)),
        }
    )  # fmt: skip
    table = newest(lake).select(["meter", "register", "interval_start", "value"])
    if table.num_rows != truth.num_rows:
        row.broke(f"the lake has {table.num_rows} readings, of {truth.num_rows}")
    read = duckdb.connect()
    read.register("lake", table)
    read.register("truth", truth)
    for one, other in (("lake", "truth"), ("truth", "lake")):
        found = read.execute(
            f"select count(*) from (select * from {one} except select * from {other})"  # noqa: S608
        ).fetchone()
        if found is None or found[0]:
            row.broke(f"{found} readings of {one} are not in {other}")
    missing = Counter(
        (f"***{meter[-2:]}", str(start.date()), register)
        for meter, register, start, value in zip(meters, registers, starts, values, strict=True)
        if value is None
    )
    wanted = Counter((mask, day, count) for (mask, day, _), count in _by_series(world).items())
    found_gaps = Counter((gap.subject, gap.start, gap.intervals) for gap in gaps(lake))
    row.seen["gaps"] += sum(found_gaps.values())
    if found_gaps != wanted:
        row.broke(f"the report has {found_gaps.total()} gaps, of {wanted.total()}")
    row.seen["missing values"] += missing.total()
    row.seen["values corrected"] += changes(lake).num_rows


def _by_series(world: BulkWorld) -> dict[tuple[str, str, str], int]:
    found: Counter[tuple[str, str, str]] = Counter()
    for meter, register, start, value in world.truth():
        if value is None:
            found[f"***{meter[-2:]}", str(start.date()), f"{meter}/{register}"] += 1
    return found


def _check_memory(row: Row, fleet: _Fleet) -> None:
    for sizes in fleet.memory.values():
        warm = [size for done, size in sizes if done >= _WARM]
        if len(warm) > 1:
            growth = warm[-1] - warm[0]
            name = "most growth of a process, MiB"
            row.seen[name] = max(row.seen[name], growth // 2**20)
            row.seen["largest process, MiB"] = max(
                row.seen["largest process, MiB"], max(warm) // 2**20
            )
            if growth > _MOST_GROWTH:
                row.broke(f"a process grew by {growth // 2**20} MiB over {sizes[-1][0]} chunks")


def campaign(*, meters: int, kills: int, processes: int, ledger: str, seed: int) -> list[Row]:
    """Prove one kind of ledger."""
    row = Row(
        "harvests",
        f"{processes} processes, {'PostgreSQL' if ledger else 'SQLite'}",
        "nothing is lost, nothing doubled, a call is repeated for a kill at most, values and gaps "
        "are those of the world, and memory does not grow",
    )
    proven(row, meters=meters, kills=kills, processes=processes, ledger=ledger, seed=seed)
    return [row]


def main() -> int:
    """Run it as it is asked for."""
    from campaign.report import breaks, table

    parser = argparse.ArgumentParser(prog="python -m campaign.harvests", description=__doc__)
    parser.add_argument("--meters", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--postgres", default="", metavar="ADDRESS")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = campaign(
        meters=options.meters, kills=options.kills, processes=options.processes,
        ledger=options.postgres, seed=options.seed,
    )  # fmt: skip
    sys.stdout.write(f"{table(rows)}\n{breaks(rows)}\n")
    for row in rows:
        sys.stdout.write(", ".join(f"{count} {what}" for what, count in row.seen.items()) + "\n")
    return 1 if any(row.broken for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

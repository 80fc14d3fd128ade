"""Clients that parents share with children: each call gets its own answer."""

import os
import subprocess
import sys
import time
from pathlib import Path

from campaign.fork_worker import calls_in_round
from campaign.measuring import MeasuringServer
from campaign.rows import Row

__all__ = ["campaign"]

_WAYS = ("os.fork", "thread before a fork", "fork", "forkserver", "spawn")
_ROOT = Path(__file__).resolve().parents[1]


def campaign(*, rounds: int) -> list[Row]:
    """Share a client with children in every way."""
    rows = []
    for way in _WAYS:
        row = Row("forks", way, "parent and children get their own answers, and all of them")
        started = time.monotonic()
        with MeasuringServer(seconds=0.02).running() as server:
            command = [sys.executable, "-m", "campaign.fork_worker", server.address, way]
            try:
                done = subprocess.run(  # noqa: S603  # this repository's own module
                    [*command, str(rounds)],
                    cwd=_ROOT,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
                    capture_output=True,
                    text=True,
                    timeout=60 + 20 * rounds,
                )
            except subprocess.TimeoutExpired:
                row.broke("hangs")
                rows.append(row)
                continue
        for line in done.stdout.splitlines():
            row.tried += 1
            asked, found = line.split(" ", 1)
            row.seen["right" if found == asked else found[:40]] += 1
            if found != asked:
                row.broke(f"asked for {asked}, got {found}")
        if row.tried != rounds * calls_in_round(way):
            row.broke(f"{row.tried} of {rounds * calls_in_round(way)} calls came to an end")
        if done.returncode:
            row.broke(f"ends with {done.returncode}: {done.stderr[-400:]}")
        row.seconds = time.monotonic() - started
        rows.append(row)
    return rows

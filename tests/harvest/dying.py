"""A harvest that is killed at a step of its third chunk: ``-m tests.harvest.dying LAKE LOG STEP``.

Without a step it goes to its end.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from gridwright_apis.kepco_opm import mock
from gridwright_runtime.harvest import fetch, part_files
from gridwright_runtime.harvest.ledger import Ledger

from .world import CUSTOMERS, Noting, harvested

_CHUNK = 3


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_chunk(before: Callable[..., Any], doing: Callable[..., Any]) -> Callable[..., Any]:
    """Do something else than before, for the third chunk and later ones."""
    numbers = count(1)
    return lambda *given, **named: (doing if next(numbers) >= _CHUNK else before)(*given, **named)


def half_a_part(table: pa.Table, path: Path) -> None:
    path.write_bytes(b"PAR1 and no more")
    die()


def killed_at(step: str) -> None:
    finish: Callable[..., Any] = Ledger.finish
    whole, replace = part_files._write_whole, Path.replace
    # A chunk has two parts: readings and registers.
    numbers = count(1)

    def written(table: pa.Table, path: Path) -> None:
        (half_a_part if next(numbers) == 2 * _CHUNK else whole)(table, path)

    def replaced(path: Path, target: Path) -> Path:
        if path.suffix == ".part" and next(numbers) == 2 * _CHUNK:
            die()
        return replace(path, target)

    def finished(*given: Any, **named: Any) -> None:
        finish(*given, **named)
        die()

    what, name, other = {
        "a reply has come": (fetch, "write_parts", at_chunk(part_files.write_parts, die)),
        "a part is half written": (part_files, "_write_whole", written),
        "one of two parts is in its place": (Path, "replace", replaced),
        "the parts are in their place": (part_files, "_sync", at_chunk(part_files._sync, die)),
        "the ledger is about to know": (Ledger, "finish", at_chunk(finish, die)),
        "the ledger knows": (Ledger, "finish", at_chunk(finish, finished)),
    }[step]
    patch.object(what, name, other).start()


if __name__ == "__main__":
    lake, log, wanted = sys.argv[1:]
    if wanted:
        killed_at(wanted)
    noting = Noting(mock.application(), Path(log), 0.0)
    outcome = harvested(Path(lake), transport=noting, customers=CUSTOMERS[:1])
    print(outcome.stopped)
    raise SystemExit(outcome.exit_status)

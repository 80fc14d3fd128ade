"""Twelve processes hammer one mock: by its own measure, the clients break no limit."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gridwright_runtime.mock.serving.journal_page import JOURNAL_PATH

ROOT = Path(__file__).parents[3]
PROCESSES = 12
CLIENT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gridwright_apis.kansai_takusou import Client
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.store import MemoryLimitStore

address, folder, number = sys.argv[1:]
store = FileLimitStore(Path(folder)) if folder else MemoryLimitStore()
with Client(base_url=address, limit_store=store) as client:
    sys.stdout.write("ready\\n")
    sys.stdout.flush()
    sys.stdin.readline()

    def hammer(thread: int) -> None:
        if thread == 0 and int(number) < 6:
            client.apply_regular(application_number="A0000000001")
        for _ in range(6):
            client.get_progress(application_number="A0000000001")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hammer, range(4)))
"""


@contextmanager
def served() -> Iterator[str]:
    """Run `gridwright mock kansai_takusou` on a free port."""
    command = [sys.executable, "-m", "gridwright", "mock", "kansai_takusou", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        try:
            yield run.stdout.readline().split()[2]
        finally:
            run.terminate()
            run.communicate(timeout=30)


def hammered(address: str, folder: str) -> dict[str, Any]:
    """Let all processes start at once, and return the mock's journal once they are done."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLIENT, address, folder, str(number)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    with httpx2.Client(trust_env=False) as client:
        found: dict[str, Any] = client.get(f"{address}{JOURNAL_PATH}").json()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="the files that are shared need a Unix lock")
def test_clients_that_share_their_limits_break_none(tmp_path: Path) -> None:
    with served() as address:
        found = hammered(address, str(tmp_path))
    assert found["broken_limits"] == []
    assert found["requests"] == {"apply_regular": 6, "get_progress": 6 * 4 * PROCESSES}
    assert 1 <= found["limits"]["eight_at_once"]["most_at_once"] <= 8


def test_clients_that_do_not_share_them_break_some() -> None:
    with served() as address:
        found = hammered(address, "")
    assert {broken["limit"] for broken in found["broken_limits"]} >= {"same_application"}

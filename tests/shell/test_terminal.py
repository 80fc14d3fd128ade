"""What a person at a terminal is asked and told beside the result."""

import csv
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from .conftest import Ran, Served


def at_terminal(words: Sequence[str], answers: Sequence[tuple[str, str]] = ()) -> tuple[int, str]:
    """Run a command whose input and errors are a terminal; returns its status and what it shows.

    Args:
        words: of the command.
        answers: what is typed, once the terminal shows a text.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "gridwright", *words],
        stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown, left = "", list(answers)
        while piece := _read(ours):
            shown += piece
            if left and left[0][0] in shown:
                os.write(ours, left.pop(0)[1].encode())
    os.close(ours)
    return process.returncode, shown.replace("\r\n", "\n")


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 4096).decode()
    except OSError:  # as Linux says that nobody writes there any more
        return ""


@pytest.mark.parametrize(("answer", "status", "sent"), [("y", 0, 1), ("n", 2, 0), ("", 2, 0)])
def test_a_write_shows_what_it_will_send_and_asks(
    answer: str, status: int, sent: int, epias: Served
) -> None:
    base = f"{epias.address}/ecms-index-metering-data/rest"
    words = ("call", "epias_ecms", "cancel_indexes", "--base-url", base, "--ticket-url",
             epias.address, "--index-ids", "1")  # fmt: skip
    found, shown = at_terminal(words, [("[y/N]", f"{answer}\n")])
    entries = [one for one in epias.app.state.mock.journal if one.operation == "cancel_indexes"]
    assert (found in (status, 6), len(entries)) == (True, sent)
    assert "a write" in shown and "nothing was sent" not in shown.partition("[y/N]")[0]
    assert "demo-password" not in shown


def test_a_harvest_says_how_far_it_is_and_when_it_will_be_through(
    kepco: Served, tmp_path: Path
) -> None:
    (numbers := tmp_path / "numbers").write_text("0100000001\n")
    words = (
        "harvest", "kepco_opm", "get_day_load_profile", "--base-url", kepco.address, "--each",
        f"@{numbers}", "--from", "2024-10-01", "--to", "2024-10-04", "--into",
    )  # fmt: skip
    status, shown = at_terminal((*words, str(tmp_path / "lake")))
    assert status == 0
    lines = [line for line in shown.split("\r\x1b[K") if line]
    assert [line.partition(", through at about")[0] for line in lines] == [
        "1 read, 2 left", "2 read, 1 left", "3 read, 0 left",
    ]  # fmt: skip
    assert ", through at about 20" in lines[0] and lines[-1] == "3 read, 0 left"
    assert at_terminal((*words, str(tmp_path / "other"), "--quiet")) == (0, "")


@pytest.fixture
def long_answer(epias: Served) -> tuple[str, ...]:
    """Return a call whose answer has 450 records, which come in pages of 150."""
    for world in epias.app.state.mock.world.servers.values():
        row = next(iter(world._indexes.rows.values()))
        while len(world._indexes.rows) < 450:
            world._indexes.add(row)
    return (
        "call", "epias_ecms", "search_indexes",
        "--base-url", f"{epias.address}/ecms-index-metering-data/rest",
        "--ticket-url", epias.address, "--criteria", "{}", "--page-size", "150",
    )  # fmt: skip


def test_a_walk_says_how_far_it_is_and_takes_it_back(long_answer: tuple[str, ...]) -> None:
    status, shown = at_terminal((*long_answer, "--output", "jsonl"))
    assert (status, shown.split("\r\x1b[K")) == (
        0, ["", "200 of 450 records", "400 of 450 records", ""],
    )  # fmt: skip
    assert at_terminal((*long_answer, "--quiet")) == (0, "")
    assert at_terminal((*long_answer, "--json")) == (0, "")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_a_walk_into_a_pipe_prints_its_result_and_nothing_else(
    form: str, long_answer: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    ran = run(*long_answer, "--output", form)
    assert (ran.status, ran.err) == (0, "")
    if form == "csv":
        rows: list[Any] = list(csv.DictReader(ran.out.splitlines()))
    elif form == "json":
        rows = json.loads(ran.out)
    else:
        rows = [json.loads(line) for line in ran.out.splitlines()]
    assert len(rows) == 450

"""docs/tutorial.md: who types what it shows gets what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"<!-- (file|more|run)(?:: (\S+))? -->\n```\w+\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int, str]]:
    """Do what the page says, from the top; return each command, its exit status and output."""
    folder = tmp_path_factory.mktemp("valley")
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PYTHONUTF8": "1", "PATH": f"{programs}:{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)
    found: list[tuple[str, int, str]] = []
    for kind, name, text in BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "run":
            for command in text.splitlines():
                run = subprocess.run(
                    ["sh", "-c", command],
                    cwd=folder,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                found.append((command, run.returncode, run.stdout))
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if kind == "more" else ""
        path.write_text(before + text, "utf-8")
    return found


def test_the_first_check_reports_the_headings_alone(outputs: list[tuple[str, int, str]]) -> None:
    command, status, said = outputs[0]
    assert command.startswith("gridwright check") and status == 1
    codes = re.findall(r"^(\S+?):\d+:\d+: error\[([\w-]+)\]", said, re.MULTILINE)
    assert sorted({code for _, code in codes}) == ["no-hashes", "uncited-line"]
    assert re.findall(r"example-valley\.txt:(\d+):", said) == ["3", "19"]


def test_what_follows_it_succeeds(outputs: list[tuple[str, int, str]]) -> None:
    assert len(outputs) == 5
    for command, status, said in outputs[1:]:
        assert status == 0, f"{command}: {said}"
    assert "1 operations, 1 records, 4 fields, 1 amendments" in outputs[3][2]


def test_the_client_prints_the_hours_of_the_day(outputs: list[tuple[str, int, str]]) -> None:
    rows = outputs[4][2].splitlines()
    assert rows
    assert all(re.fullmatch(r"2026-03-02 \S+ [\d.]+ [ME]", row) for row in rows)

"""The demo reads a day through the generated client over a real socket, and prints it."""

import importlib.util
import io
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

DEMO = Path(__file__).parents[3] / "examples" / "demo.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo", DEMO)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def output_of(*arguments: str, encoding: str = "utf-8") -> list[str]:
    raw = io.BytesIO()
    output = io.TextIOWrapper(raw, encoding=encoding)
    assert load().main(arguments, output) == 0
    output.flush()
    return raw.getvalue().decode(encoding).splitlines()


def test_a_day_is_a_row_an_hour_with_sum_quarters_and_bar() -> None:
    lines = output_of("--customer", "0100000001")
    assert lines[0] == "customer 0100000001, meter 99000000011, 2024-10-01"
    rows = [line for line in lines if " – " in line]
    assert len(rows) == 24
    assert rows[0].startswith("00:00 – 01:00")
    assert rows[-1].startswith("23:00 – 24:00")
    assert "█" in rows[10]
    assert "0 of 96 intervals missing" in lines


def test_gaps_are_shown_and_counted() -> None:
    lines = output_of()
    gaps = sum(line.count("×") for line in lines)
    assert gaps > 0
    assert f"{gaps} of 96 intervals missing" in lines
    assert any("of 4 missing)" in line for line in lines)


def test_every_interval_can_be_printed() -> None:
    lines = output_of("--intervals")
    rows = [line for line in lines if " – " in line]
    assert len(rows) == 96
    assert rows[0].startswith("00:00 – 00:15")
    assert sum(line.endswith("missing") for line in rows) > 0


def test_the_total_is_the_sum_of_the_intervals() -> None:
    lines = output_of("--intervals", "--customer", "0100000001")
    values = [float(line.split()[3]) for line in lines if " – " in line]
    total = next(line for line in lines if line.startswith("total "))
    assert total == f"total {sum(values):,.4f} kWh"


def test_several_meters_are_printed_one_after_the_other() -> None:
    assert sum(line.startswith("customer ") for line in output_of("--customer", "0100000003")) == 2


def test_a_terminal_without_blocks_gets_ascii() -> None:
    lines = output_of(encoding="ascii")
    assert any(line.startswith("00:00 - 01:00") and "#" in line for line in lines)


def test_a_refusal_is_printed_and_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert load().main(["--customer", "0100000006"], io.StringIO()) == 1
    assert "NotSubscribed" not in capsys.readouterr().out


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_demo_runs_in_a_pipe(locale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(DEMO)],
        env={**os.environ, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode == 0
    assert b"intervals missing" in done.stdout

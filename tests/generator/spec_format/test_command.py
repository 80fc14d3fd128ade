"""`gridwright format`: what it writes, what it says, and its exit status."""

import json
from pathlib import Path

import pytest

from gridwright.cli import main

from ..support import BASE


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    SPEC.parent.mkdir(parents=True)
    SPEC.write_text(BASE, "utf-8")


SPEC = Path("specs/demo/interface.yaml")


def test_format_writes_the_one_form_and_check_then_agrees(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["format", "--check"]) == 1
    assert SPEC.read_text("utf-8") == BASE
    assert "is not in the one form: run `gridwright format`" in capsys.readouterr().out
    assert main(["format"]) == 0
    assert SPEC.read_text("utf-8") != BASE
    assert capsys.readouterr().out == f"{SPEC}: laid out anew\n"
    assert main(["format", "--check"]) == 0
    assert main(["check"]) == 0


def test_format_generates_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--out", "one"]) == 0
    assert main(["format"]) == 0
    assert main(["generate", "--out", "two"]) == 0
    one, two = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.*")}
        for root in (Path("one"), Path("two"))
    )
    differing = {str(path) for path in one.keys() | two.keys() if one.get(path) != two.get(path)}
    # The manifest has a digest of the spec itself, which was laid out anew.
    assert differing <= {"manifest.json"}
    capsys.readouterr()


def test_a_file_that_cannot_be_read_is_named_and_left_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    SPEC.write_text("gridwright: [1\n", "utf-8")
    assert main(["format", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["files"] == [] and len(json.loads(out)["problems"]) == 1
    assert f"gridwright: {SPEC} cannot be read: `gridwright check` says why\n" == err
    assert SPEC.read_text("utf-8") == "gridwright: [1\n"

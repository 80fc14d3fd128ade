"""How the program of one judge ends: what is missing, or judges nothing, is no success."""

from pathlib import Path

import pytest
from judges import foreign_merges, foreign_versions, imports, oasdiff, outcome, python_client
from judges.tools import ToolMissing
from judges.verdict import Verdict, failed, passed


@pytest.mark.parametrize(
    ("verdict", "ci", "status"),
    [
        (passed(), "true", 0),
        (failed("a finding"), "", 1),
        (Verdict("not run"), "", 0),
        (Verdict("not run"), "true", 1),
    ],
)
def test_what_did_not_run_fails_in_ci_alone(
    monkeypatch: pytest.MonkeyPatch, verdict: Verdict, ci: str, status: int
) -> None:
    monkeypatch.setenv("CI", ci)
    assert outcome.exit_status([passed(), verdict]) == status


def test_a_missing_tool_is_told_as_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    def judge() -> Verdict:
        raise ToolMissing("no Java")

    assert outcome.printed("a judge", judge).word == "not run"
    assert capsys.readouterr().out == "a judge: not run: no Java\n"


def test_a_folder_that_is_named_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FILES", raising=False)
    assert outcome.foreign_folder("FILES") is None
    monkeypatch.setenv("FILES", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match="names no folder"):
        outcome.foreign_folder("FILES")


@pytest.mark.parametrize(
    ("main", "variable"),
    [
        (foreign_merges.main, foreign_versions.FOLDER),
        (foreign_versions.main, foreign_versions.FOLDER),
        (python_client.main, imports.FOLDER),
        (lambda: imports.main([]), imports.FOLDER),
    ],
)
def test_a_folder_without_a_known_file_is_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, main: object, variable: str
) -> None:
    monkeypatch.setattr(foreign_versions, "program", lambda: "oasdiff")
    monkeypatch.setattr(imports, "_type_check", lambda *_: None)
    monkeypatch.setenv(variable, str(tmp_path))
    assert callable(main)
    assert main() == 1


@pytest.mark.parametrize("said", [(102, "Error: failed to load"), (0, "")])
def test_a_comparison_that_failed_is_not_one_without_findings(
    monkeypatch: pytest.MonkeyPatch, said: tuple[int, str]
) -> None:
    monkeypatch.setattr(oasdiff, "run_tool", lambda command: said)
    with pytest.raises(RuntimeError, match="oasdiff ended"):
        oasdiff.findings("oasdiff", Path("old.yaml"), Path("new.yaml"))


def test_a_file_whose_name_begins_with_a_digit_is_type_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Done:
        returncode = 1
        stdout = "imported_apis/api_3_grid/client.py:1: error: wrong\n"
        stderr = ""

    monkeypatch.setattr("judges.imports.subprocess.run", lambda *_, **__: Done)
    row = imports.Row("3_grid.yaml", "", generated=1)
    imports._type_check([row], tmp_path)
    assert "error: wrong" in row.types


def test_a_type_checker_that_ended_early_is_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Done:
        returncode = 2
        stdout = ""
        stderr = "no such package"

    monkeypatch.setattr("judges.imports.subprocess.run", lambda *_, **__: Done)
    with pytest.raises(RuntimeError, match="mypy ended with 2"):
        imports._type_check([imports.Row("grid.yaml", "", generated=1)], tmp_path)

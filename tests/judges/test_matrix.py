"""The matrix: what judges said, and what counts as a failure."""

import pytest
from judges import __main__ as judges
from judges.calls import judged_calls
from judges.tools import ToolMissing
from judges.verdict import Judge, Mock, Verdict, failed, passed

from .support import mock_of


def run(
    monkeypatch: pytest.MonkeyPatch, verdict: Verdict | Exception, *arguments: str, ci: str = ""
) -> int:
    def judged(mock: Mock) -> Verdict:
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    monkeypatch.setattr(judges, "JUDGES", [Judge("judge", "everything", judged)])
    monkeypatch.setenv("CI", ci)
    return judges.main(["--system", "thai_moi_power", *arguments])


@pytest.mark.parametrize(
    ("verdict", "ci", "status"),
    [
        (passed("3 calls"), "", 0),
        (failed("a finding"), "", 1),
        (Verdict("-"), "true", 0),
        (ToolMissing("no Java"), "", 0),
        (ToolMissing("no Java"), "true", 1),
        (ValueError("an accident"), "", 1),
    ],
)
def test_a_failure_fails_and_so_does_a_missing_tool_in_ci(
    monkeypatch: pytest.MonkeyPatch, verdict: Verdict | Exception, ci: str, status: int
) -> None:
    assert run(monkeypatch, verdict, ci=ci) == status


def test_the_matrix_has_a_row_for_each_judge_and_says_what_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, failed("a finding"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["| judge | thai_moi_power |", "|---|---|", "| judge | failed |"]
    assert "judge, thai_moi_power: failed: a finding" in lines


@pytest.mark.parametrize("arguments", [("--only", "jugde"), ("--system", "nowhere")])
def test_a_name_that_nobody_has_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run(monkeypatch, passed(), *arguments)
    assert end.value.code == 2


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("get_power_usage ok PowerUsage", "ok"),
        ("get_power_usage status 500", "failed"),
        ("another ok Thing", "failed"),
        ("", "failed"),
    ],
)
def test_every_operation_must_be_called_and_answered(said: str, word: str) -> None:
    assert judged_calls(mock_of("thai_moi_power"), said).word == word

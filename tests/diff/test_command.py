"""`gridwright diff`: exit status, forms, what it says when a side cannot be read."""

import json
from pathlib import Path

import pytest

from gridwright.cli import main

from .support import acceptance, base, patched, yaml_of


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders of specs that differ in one limit."""
    for side, requests in (("old", "2"), ("new", "1")):
        path = tmp_path / side / "pairs" / "interface.yaml"
        path.parent.mkdir(parents=True)
        path.write_bytes(yaml_of(patched(base(), {"limits.rate.requests": requests})))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_break_gives_exit_status_1(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "old", "new"]) == 1
    printed = capsys.readouterr().out
    assert "rate-lowered" in printed and "new/pairs/interface.yaml:" in printed


def test_equal_sides_give_exit_status_0(folders: Path) -> None:
    assert main(["diff", "old", "old", "--fail-on", "none"]) == 0


def test_never_fails_never(folders: Path) -> None:
    assert main(["diff", "old", "new", "--fail-on", "never"]) == 0


def test_json_is_json(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["diff", "old", "new", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["changes"][0]["rule"] == "rate-lowered"


def test_an_accepted_change_passes(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["diff", "old", "new", "--format", "json"])
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    line = acceptance(change["fingerprint"], change["rule"], change["place"], "fine")
    (folders / "fine.yaml").write_text(line)
    assert main(["diff", "old", "new", "--accept", "fine.yaml"]) == 0
    # The same file in the folder of the specs needs no naming.
    (folders / "fine.yaml").rename(folders / "new" / "accepted.yaml")
    assert main(["diff", "old", "new", "--specs", "new"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff"], "name what to compare with"),
        (["diff", "nowhere", "new"], "neither a folder nor a revision"),
        (["diff", "old", "new", "--only", "other"], "no side has a spec of other; known: pairs"),
        (["diff", "old", "new", "--amend", "x.yaml"], "name it by --only"),
        (["diff", "old", "new", "--accept", "missing.yaml"], "missing.yaml"),
        (["diff", "--git-driver", "a"], "seven arguments"),
    ],
)
def test_wrong_use_gives_exit_status_2(
    folders: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_side_that_does_not_resolve_is_told_apart_from_a_change(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = patched(base(), {"limits.rate.kind": "fast"})
    (folders / "new" / "pairs" / "interface.yaml").write_bytes(yaml_of(wrong))
    assert main(["diff", "old", "new"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "new cannot be compared" in printed.err and "error[unknown-word]" in printed.err


def test_the_driver_shows_changes_of_a_spec_and_lines_of_what_is_none(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (f"{side}/pairs/interface.yaml" for side in ("old", "new"))
    about = ["a" * 40, "100644"]
    main(["diff", "--git-driver", "new/pairs/interface.yaml", old, *about, new, *about])
    assert "rate-lowered" in capsys.readouterr().out
    (folders / "broken.yaml").write_text("system: [\n")
    main(["diff", "--git-driver", "new/pairs/interface.yaml", old, *about, "broken.yaml", *about])
    assert "+system: [" in capsys.readouterr().out
    main(["diff", "--git-driver", "new/pairs/interface.yaml", "/dev/null", ".", ".", new, *about])
    assert "+{" in capsys.readouterr().out

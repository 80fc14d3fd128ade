"""gridwright trace: exit status, what is printed, what is written, and what never is."""

import json
from pathlib import Path

import pytest

from gridwright.cli import main

from .support import DOCUMENT, LINES, with_hashes, write_system


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_system(tmp_path)
    (tmp_path / "new.txt").write_text("Contents\n" + DOCUMENT, "utf-8")
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["trace", *arguments])
    return status, *capsys.readouterr()


UNDISMISSED = with_hashes(LINES.replace("- {like: 7, reason: heads of columns}\n", ""))


@pytest.mark.parametrize("documents", [[], ["--documents", "documents"]])
def test_the_summary_is_fine_where_every_line_is_somebodys(
    documents: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *documents)
    assert (status, err) == (0, "")
    assert out.startswith("demo: 100 % of demo.txt: 18 lines, 12 cited, 4 dismissed, 2 blank")
    assert "  dismissed: page number: 2, 10, 18\n" in out


def test_lines_that_are_left_are_listed_and_give_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_system(tmp_path, lines=UNDISMISSED)
    status, out, _ = run(capsys, "--uncited", "--documents", "documents")
    assert (status, out) == (1, "demo.txt:7: Field Meaning Size\ndemo: 93.7 %, 1 left\n")
    status, out, _ = run(capsys, "--uncited")
    assert (status, out) == (1, "demo.txt:7\ndemo: 93.7 %, 1 left\n")
    status, out, _ = run(capsys, "--in-ranges")
    shown = "demo.txt:4\ndemo.txt:6\ndemo.txt:7\ndemo: 93.7 %, 1 left, 2 in ranges alone\n"
    assert (status, out) == (1, shown)


def test_the_summary_for_a_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_system(tmp_path, lines=UNDISMISSED)
    status, out, _ = run(capsys, "--json")
    data = json.loads(out)
    (system,) = data["systems"]
    assert (status, system["left"], system["percent"], data["problems"]) == (1, [7], 93.7, [])
    assert {"kind": "parameter", "facts": 2, "lines": 2, "alone": 1} in system["kinds"]
    assert system["reasons"] == [{"reason": "page number", "lines": "2, 10, 18"}]


def test_check_tells_the_same_with_documents_and_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    write_system(tmp_path, lines=UNDISMISSED)
    assert main(["check"]) == 1
    assert "demo.txt:7:1: error[uncited-line]" in capsys.readouterr().out
    assert main(["check", "--documents", "documents"]) == 1
    assert "documents/demo.txt:7:1: error[uncited-line]" in capsys.readouterr().out


def test_a_changed_document_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_system(tmp_path, document=DOCUMENT.replace("14,4", "16,4"))
    assert run(capsys, "--documents", "documents")[0] == 1
    assert main(["check", "--documents", "documents"]) == 1
    assert "error[document-changed]: line 16" in capsys.readouterr().out


def test_hashes_are_recorded_once_and_never_over_those_of_another_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_system(tmp_path, lines=LINES)
    assert run(capsys)[0] == 1
    status, out, _ = run(capsys, "--record", "--documents", "documents")
    assert (status, out) == (0, "specs/demo/lines.yaml\n")
    path = tmp_path / "specs" / "demo" / "lines.yaml"
    assert path.read_text("utf-8") == with_hashes(LINES)
    assert run(capsys, "--record", "--documents", "documents") == (0, "", "")
    write_system(tmp_path, document=DOCUMENT.replace("14,4", "16,4"))
    status, out, _ = run(capsys, "--record", "--documents", "documents")
    assert status == 1 and "document-changed" in out
    assert path.read_text("utf-8") == with_hashes(LINES)


def test_a_line_that_is_withheld_later_loses_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = LINES + "withheld:\n- {at: 17, reason: sample of a password}\n"
    write_system(tmp_path, lines=with_hashes(rules))
    assert main(["check"]) == 1
    assert "withheld-hash" in capsys.readouterr().out
    assert run(capsys, "--record", "--documents", "documents")[0] == 0
    text = (tmp_path / "specs" / "demo" / "lines.yaml").read_text("utf-8")
    assert text == with_hashes(rules, withheld=[17])


def test_a_spec_without_lines_yaml_gets_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "specs" / "demo" / "lines.yaml"
    path.unlink()
    assert main(["check"]) == 0
    assert run(capsys, "--record", "--documents", "documents")[0] == 0
    assert "lines.schema.json" in path.read_text("utf-8")
    assert main(["check"]) == 1  # now it is known which lines are nobody's


def test_comments_alone_are_kept_when_hashes_are_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_system(tmp_path, lines="# Nothing to dismiss.\n\n")
    assert run(capsys, "--record", "--documents", "documents")[0] == 0
    path = tmp_path / "specs" / "demo" / "lines.yaml"
    assert path.read_text("utf-8") == with_hashes("# Nothing to dismiss.\n\n")


def test_the_page_is_written_where_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "--html", "page.html", "--documents", "documents")[0] == 0
    assert "day of the readings" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize("page", ["specs/page.html", "specs/../specs/demo/x"])
def test_the_page_never_lands_among_the_specs(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(capsys, "--html", page, "--documents", "documents")
    assert status == 2 and "must not come into the repository" in err
    assert not (tmp_path / page).exists()


def test_the_page_never_lands_in_the_repository_of_the_specs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").touch()
    assert run(capsys, "--html", "page.html", "--documents", "documents")[0] == 2
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dema"], "no spec of dema in specs; known: demo"),
        (["--documents", "nowhere"], "there is no folder nowhere"),
        (["--html", "x.html"], "--html needs --documents"),
        (["--record"], "--record needs --documents"),
        (["--move"], "--move needs --edition"),
        (["--edition", "nowhere.txt"], "there is no file nowhere.txt"),
        (["--edition", "new.txt", "--uncited"], "--edition goes with"),
        (["--html", "no/such/folder/x.html", "--documents", "documents"], "No such file"),
    ],
)
def test_wrong_use_gives_one_line_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "") and message in err and err.count("\n") == 1


def test_an_edition_belongs_to_one_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "specs" / "other"
    other.mkdir()
    (other / "interface.yaml").write_text("system: other\n", "utf-8")
    assert run(capsys, "--edition", "new.txt")[0] == 2
    assert run(capsys, "demo", "--edition", "new.txt")[0] == 1


def test_an_edition_that_is_the_same_is_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "new.txt").write_text(DOCUMENT, "utf-8")
    status, out, _ = run(capsys, "--edition", "new.txt")
    assert status == 0 and "lines: 16 same; 0 new" in out


def test_an_edition_is_moved_to_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "--edition", "new.txt")
    assert status == 1 and "--move rewrites their lines" in out
    status, out, _ = run(capsys, "--edition", "new.txt", "--move", "--json")
    written = [Path(path).name for path in json.loads(out)["written"]]
    assert (status, written) == (1, ["interface.yaml", "amendments.yaml", "lines.yaml"])
    (tmp_path / "documents" / "demo.txt").write_text("Contents\n" + DOCUMENT, "utf-8")
    status, out, _ = run(capsys, "--uncited", "--documents", "documents")
    assert (status, out) == (1, "demo.txt:1: Contents\ndemo: 94.1 %, 1 left\n")


def test_a_move_that_cannot_be_made_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "specs" / "demo"
    text = (own / "lines.yaml").read_text("utf-8")
    entry = "unsettled:\n- {file: interface.yaml, fact: title, was: 3}\n"
    (own / "lines.yaml").write_text(text.replace("hashes:", f"{entry}hashes:"), "utf-8")
    before = {path: path.read_bytes() for path in own.iterdir()}
    status, _, err = run(capsys, "--edition", "new.txt", "--move")
    assert status == 1 and "nothing is written" in err
    assert {path: path.read_bytes() for path in own.iterdir()} == before


@pytest.mark.parametrize("option", [["--uncited"], ["--html", "page.html"], ["--json"], []])
def test_of_another_document_nothing_is_shown_where_lines_are_withheld(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = DOCUMENT + "Sample password  open-sesame\n"
    rules = LINES + "withheld:\n- {at: 19, reason: sample of a password}\n"
    lines = with_hashes(rules, document, [19])
    write_system(tmp_path, document="Contents\n" + document, lines=lines)
    status, out, err = run(capsys, *option, "--documents", "documents")
    assert status in (1, 2)
    assert "open-sesame" not in out + err
    assert not (tmp_path / "page.html").exists()


def test_control_characters_of_a_document_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "new.txt").write_text(DOCUMENT + "\x1b[2Jnew\u202e\n", "utf-8")
    _, out, _ = run(capsys, "--edition", "new.txt")
    assert "\x1b" not in out and "\u202e" not in out and "\\x1b[2Jnew\\u202e" in out

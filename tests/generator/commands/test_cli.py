"""The command line: exit status, what is printed where, and never a traceback."""

import gc
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gridwright.cli import main

from ..support import BASE


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_spec("demo", BASE)


def write_spec(system: str, text: str) -> Path:
    path = Path("specs") / system / "interface.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("system: demo", f"system: {system}"), "utf-8")
    return path


def in_a_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gridwright", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_generate_prints_a_line_for_each_system(capsys: pytest.CaptureFixture[str]) -> None:
    write_spec("other", BASE)
    assert main(["generate"]) == 0
    out, err = capsys.readouterr()
    assert [line.split(":")[0] for line in out.splitlines()] == ["demo", "other"]
    assert "1 operations, 1 records, 1 fields, 0 amendments; " in out
    assert err == ""
    assert Path("generated/gridwright_apis/demo/client.py").is_file()


def test_only_a_process_that_ends_goes_without_looking_for_garbage() -> None:
    frozen = gc.get_freeze_count()
    assert main(["check"]) == 0
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_generate_prints_its_summary_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--json", "--out", "there", "--package", "company.apis"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["systems"]
    assert row["system"] == "demo" and row["written"] > 10 and row["removed"] == 0
    assert Path("there/company/apis/demo/client.py").is_file()


def test_problems_are_printed_and_give_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    write_spec("demo", BASE.replace("unit: kWh", "unit: kwh"))
    for command in ("generate", "check"):
        assert main([command]) == 1
        out, err = capsys.readouterr()
        assert out == (
            "specs/demo/interface.yaml:25:71: error[unknown-unit]: 'energy_kwh' has unit 'kwh', "
            "which is not a known unit\n  help: did you mean 'kWh'?\n"
        )
        assert err == "1 problem\n"
    assert not Path("generated").exists()


def test_problems_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    write_spec("demo", BASE.replace("unit: kWh", "unit: 킬로"))
    for command in ("generate", "check"):
        assert main([command, "--json"]) == 1
        out, err = capsys.readouterr()
        (problem,) = json.loads(out)["problems"]
        assert set(problem) == {"file", "line", "column", "code", "message", "help"}
        assert (problem["line"], problem["column"]) == (25, 71)
        assert "킬로" in out and err == ""


def test_check_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("1 spec checked: no problem\n", "")
    assert main(["check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert [path.name for path in Path().iterdir()] == ["specs"]


def test_check_compares_generated_files_and_writes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--generated", "generated"]) == 1
    assert "error[stale-output]: the file is missing" in capsys.readouterr().out
    assert [path.name for path in Path().iterdir()] == ["specs"]
    assert main(["generate"]) == 0
    assert main(["check", "--generated", "generated"]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--specs", "nowhere"], "there is no folder nowhere; name it by --specs"),
        (["check", "--specs", "specs/demo"], "no spec in specs/demo"),
        (["check", "--specs", "specs/demo/interface.yaml"], "there is no folder"),
        (["generate", "dema"], "no spec of dema in specs; known: demo"),
        (["generate", "../specs/demo"], "no spec of ../specs/demo"),
        (["check", "demo", "--amend", "nowhere.yaml"], "there is no file nowhere.yaml"),
        (["check", "demo", "--amend", "specs"], "there is no file specs"),
        (["new", "Demo"], "'Demo' cannot be a package's name"),
        (["new", "demo"], "specs/demo exists already"),
        (["generate", "--out", "specs/demo/interface.yaml/x"], "Not a directory"),
        (["generate", "--out", "specs/demo/interface.yaml"], "File exists"),
        (["mock", "demo", "--package", "no_such_package"], "there is no mock of 'demo'"),
        (["mock", "..", "--package", "no_such_package"], "there is no mock of '..'"),
    ],
)
def test_wrong_use_gives_one_line_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("gridwright: ") and err.count("\n") == 1
    assert message in err


def test_amendments_from_outside_belong_to_one_system(capsys: pytest.CaptureFixture[str]) -> None:
    write_spec("other", BASE)
    Path("private.yaml").write_text("[]", "utf-8")
    assert main(["check", "--amend", "private.yaml"]) == 2
    assert "--amend belongs to one system" in capsys.readouterr().err
    assert main(["check", "demo", "--amend", "private.yaml"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["generate", "--no-such-option"],
        ["new"],
        *(["generate", "--package", name] for name in ("", "a-b", "../x", "a..b", "class", "a/b")),
    ],
)
def test_arguments_that_make_no_sense_end_with_usage_and_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: gridwright" in capsys.readouterr().err


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied", "specs/x"), OSError(5)])
def test_a_file_that_cannot_be_read_gives_one_line_and_status_2(
    error: OSError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert main(["check"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("gridwright: ") and err.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_may_not_be_written_gives_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("generated").mkdir(mode=0o555)
    assert main(["generate"]) == 2
    assert "Permission denied" in capsys.readouterr().err


def test_a_file_system_that_refuses_gives_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mkdir = Path.mkdir

    def refuse(
        self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False
    ) -> None:
        if self.name == ".gridwright-staging":
            raise PermissionError(13, "Permission denied", str(self))
        mkdir(self, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert main(["generate"]) == 2
    assert capsys.readouterr().err == (
        "gridwright: generated/.gridwright-staging: Permission denied\n"
    )


def test_a_manifest_of_somebody_else_gives_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("generated").mkdir()
    Path("generated/manifest.json").write_text('{"name": "web"}', "utf-8")
    for arguments in (["generate"], ["check", "--generated", "generated"]):
        assert main(arguments) == 2
        assert "is no manifest of gridwright" in capsys.readouterr().err


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"", b"\x00", b"a: [", "한".encode("euc-kr"), b"- " * 10_000]
)
def test_a_file_that_is_no_spec_is_reported_without_a_traceback(
    data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("specs/demo/interface.yaml").write_bytes(data)
    assert main(["check"]) == 1
    assert "specs/demo/interface.yaml:1:" in capsys.readouterr().out


def test_nothing_is_drawn_in_a_pipe() -> None:
    done = in_a_process("generate")
    assert done.returncode == 0
    assert done.stderr == "" and "\x1b" not in done.stdout and "\r" not in done.stdout


def test_progress_is_drawn_on_a_terminal() -> None:
    driver, terminal = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "gridwright", "generate"],
        stdout=subprocess.PIPE,
        stderr=terminal,
        check=False,
    )
    os.close(terminal)
    shown = os.read(driver, 1000)
    os.close(driver)
    assert done.returncode == 0
    assert shown == b"\r\x1b[K[1/1] demo\r\x1b[K"


def test_a_terminal_without_korean_shows_code_points() -> None:
    write_spec("demo", BASE.replace("unit: kWh", "unit: 킬로"))
    done = in_a_process("check", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "\\ud0ac\\ub85c" in done.stdout and done.stderr == "1 problem\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    write_spec("demo", BASE.replace("at: 6}", "}"))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "gridwright", "check"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr


def test_the_command_is_installed() -> None:
    assert shutil.which("gridwright", path=str(Path(sys.executable).parent)) or in_a_process(
        "--help"
    ).stdout.startswith("usage: gridwright")

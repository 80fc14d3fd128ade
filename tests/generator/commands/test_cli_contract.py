"""What all commands have in common: JSON of a published form, quiet, colours, exit status, help."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from jsonschema import Draft202012Validator

from gridwright.cli import main
from gridwright.commands.arguments import EXITS, make_parser

from ..support import BASE

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "commands-1.schema.json").read_text("utf-8"))
DOCUMENT = "One line.\n"
OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Demo", "version": "1"},
    "paths": {"/things": {"get": {"responses": {"200": {"description": "fine"}}}}},
}


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    write_spec(BASE)
    Path("foreign.json").write_text(json.dumps(OPENAPI), "utf-8")


def write_spec(text: str) -> None:
    path = Path("specs/demo/interface.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def break_spec() -> None:
    write_spec(BASE.replace("unit: kWh", "unit: kw/h"))


def in_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    status = main([*arguments, "--json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(data)
    assert data["version"] == 1 and data["command"] == arguments[0]
    return status, data


def commands() -> dict[str, Any]:
    (action,) = (action for action in make_parser()._actions if action.dest == "command")
    assert isinstance(action.choices, dict)
    return action.choices


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_generate_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, data = in_json(capsys, "generate")
    assert (status, data["systems"][0]["system"], data["problems"]) == (0, "demo", [])
    break_spec()
    status, data = in_json(capsys, "generate")
    assert (status, data["systems"], data["problems"][0]["code"]) == (1, [], "unknown-unit")


def test_check_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert in_json(capsys, "check") == (
        0,
        {"version": 1, "command": "check", "systems": ["demo"], "problems": [], "notes": []},
    )
    break_spec()
    status, data = in_json(capsys, "check")
    assert (status, data["problems"][0]["code"]) == (1, "unknown-unit")


def test_diff_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree("specs", "old")
    assert main(["diff", "old", "--json"]) == 0
    as_option = capsys.readouterr().out
    assert main(["diff", "old", "--format", "json"]) == 0
    assert capsys.readouterr().out == as_option
    assert json.loads(as_option)["version"] == 1
    break_spec()
    status, data = in_json(capsys, "diff", "old")
    assert (status, data["problems"][0]["side"]) == (1, "specs")


def test_trace_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, data = in_json(capsys, "trace")
    assert status in (0, 1) and {"systems", "problems"} <= set(data)


def test_new_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, data = in_json(capsys, "new", "other")
    assert (status, len(data["files"])) == (0, 2)
    assert all(Path(file).is_file() for file in data["files"])


def test_import_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, data = in_json(capsys, "import", "foreign.json", "--system", "drafted")
    assert (status, data["file"]) == (int(bool(data["problems"])), "specs/drafted/interface.yaml")
    assert (data["not_said"], data["merged"]) == ([], False)
    _, data = in_json(capsys, "import", "foreign.json", "--system", "drafted")
    assert (data["merged"], data["kept"]) == (True, {})


def test_site_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, data = in_json(capsys, "site")
    assert (status, data["systems"], data["folder"]) == (0, ["demo"], "site")
    assert data["pages"] > 1 and Path("site/index.html").is_file()
    break_spec()
    status, data = in_json(capsys, "site")
    assert (status, data["pages"], data["problems"][0]["code"]) == (1, 0, "unknown-unit")


def test_completion_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, data = in_json(capsys, "completion", "bash")
    assert (status, data["shell"]) == (0, "bash") and "gridwright" in data["script"]


def test_mock_in_json() -> None:
    command = [sys.executable, "-m", "gridwright", "mock", "kepco_opm", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(12)]
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=60)
    data = json.loads(b"".join(lines) + rest)
    Draft202012Validator(SCHEMA).validate(data)
    assert data["address"].startswith("http://127.0.0.1:")
    assert (process.returncode, err) == (0, b"")


def test_several_mocks_are_served_at_once_and_know_of_each_other() -> None:
    names = ["kepco_opm", "thai_moi_power"]
    command = [sys.executable, "-m", "gridwright", "mock", *names, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        shown = b""
        while not shown.endswith(b"\n}\n"):
            shown += process.stdout.readline()
        data = json.loads(shown)
        first, second = data["mocks"]
        with urlopen(f"{first['address']}/.gridwright/about") as reply:
            about = json.load(reply)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    Draft202012Validator(SCHEMA).validate(data)
    assert [first["system"], second["system"]] == names
    assert about["others"] == {second["system"]: second["address"]}
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "nobody"),
        ("check", "--specs", "nowhere"),
        ("diff",),
        ("diff", "nowhere"),
        ("trace", "nobody"),
        ("site", "nobody"),
        ("new", "demo"),
        ("import", "nowhere.json", "--system", "drafted"),
        ("mock", "nobody", "--package", "no_such_package"),
        ("mock", "kepco_opm", "epias_ecms", "--port", "65535"),
    ],
)
def test_wrong_use_is_said_in_json_too(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*arguments, "--json"])
    out, err = capsys.readouterr()
    data = json.loads(out)
    Draft202012Validator(SCHEMA).validate(data)
    assert status == 2 and err == f"gridwright: {data['error']}\n"


def test_json_can_be_read_whatever_the_encoding_of_the_output() -> None:
    write_spec(BASE.replace("unit: kWh", "unit: 킬로𝕏"))
    done = subprocess.run(
        [sys.executable, "-m", "gridwright", "check", "--json"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    (problem,) = json.loads(done.stdout.decode("ascii"))["problems"]
    assert "킬로𝕏" in problem["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["check"],
        ["diff", "specs"],
        ["new", "other"],
        ["site"],
    ],
)
def test_quiet_prints_nothing_where_all_is_well(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_quiet_prints_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    break_spec()
    for command in ("generate", "check"):
        assert main([command, "--quiet"]) == 1
        assert "error[unknown-unit]" in capsys.readouterr().out
    assert main(["check", "nobody", "--quiet"]) == 2
    assert capsys.readouterr().err.startswith("gridwright: ")


def test_quiet_leaves_out_a_report_and_keeps_its_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree("specs", "old")
    write_spec(BASE.replace("unit: kWh", "unit: MWh").replace("energy_kwh", "energy_mwh"))
    assert main(["diff", "old", "--quiet"]) == 1
    assert capsys.readouterr() == ("", "")


def on_a_terminal(**environment: str) -> str:
    """Run a check whose standard output is a terminal."""
    import pty

    outer, inner = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "gridwright", "check"],
            env={**os.environ, **environment},
            stdout=inner,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        os.close(inner)
        shown = b""
        while True:
            try:
                piece = os.read(outer, 4096)
            except OSError:  # Linux says so where the other end is closed
                break
            if not piece:
                break
            shown += piece
    finally:
        os.close(outer)
    return shown.decode()


def test_mistakes_are_in_colour_on_a_terminal_alone(capsys: pytest.CaptureFixture[str]) -> None:
    break_spec()
    assert "\x1b[1;31merror[unknown-unit]\x1b[0m" in on_a_terminal()
    assert main(["check"]) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_turned_off(environment: dict[str, str]) -> None:
    break_spec()
    shown = on_a_terminal(**environment)
    assert "error[unknown-unit]" in shown and "\x1b" not in shown


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"gridwright {version('gridwright')}\n"


def test_an_interrupted_command_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gridwright.commands.check.check_all", interrupt)
    assert main(["check"]) == 130


def test_every_command_has_json_and_says_its_exit_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert set(commands()) == set(EXITS)
    for name, parser in commands().items():
        options = {text for action in parser._actions for text in action.option_strings}
        assert "--json" in options
        assert ("--quiet" in options) == (name != "completion")
        shown = parser.format_help()
        for status, meaning in EXITS[name].items():
            assert f"  {status}    {meaning}" in shown


def test_the_page_has_the_exit_status_of_every_command() -> None:
    for name, exits in EXITS.items():
        cells = [exits.get(status, "") for status in (0, 1, 2)]
        row = " | ".join((f"| `{name}`", *cells)).replace("|  |", "| |") + " |"
        assert row in PAGE, row


def test_the_page_names_every_command() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [^|]+ \| \[", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(commands())


def test_version_and_help_import_no_library() -> None:
    for option in ("--version", "--help"):
        code = (
            "import sys\nfrom gridwright.cli import main\n"
            f"try: main([{option!r}])\nexcept SystemExit: pass\n"
            "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        loaded = set(done.stderr.split())
        assert "gridwright" in loaded
        heavy = {"yaml", "jinja2", "jsonschema", "shtab", "lxml", "black", "httpx2", "dataclasses"}
        assert not loaded & heavy

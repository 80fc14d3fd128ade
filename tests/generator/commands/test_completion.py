"""Completion, in the shells themselves where they are installed."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from gridwright.cli import main
from gridwright.commands.arguments import make_parser
from gridwright.commands.completion import completion_script

COMMANDS = (
    "generate",
    "check",
    "format",
    "diff",
    "trace",
    "new",
    "import",
    "site",
    "mock",
    "call",
    "find",
    "doctor",
    "store",
    "harvest",
    "completion",
)


def has(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with specs, one of which has a name that a shell would run."""
    for name in ("specs/demo", "specs/other", "specs/$(touch run)", "specs/no_spec", "more/third"):
        (tmp_path / name).mkdir(parents=True)
        if name != "specs/no_spec":
            (tmp_path / name / "interface.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def in_bash(*words: str) -> list[str]:
    script = (
        "source /dev/stdin; "
        'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_gridwright; '
        "printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", "gridwright", *words],
        input=completion_script(make_parser(), "bash"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "syntax" not in done.stderr
    return done.stdout.split()


def in_fish(line: str, script: Path) -> list[str]:
    script.write_text(completion_script(make_parser(), "fish"), "utf-8")
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
        env={**os.environ, "HOME": str(script.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


def in_zsh(line: str, wanted: str, script: Path) -> str:
    """Type a line and a tabulator into an interactive zsh, and return what it shows."""
    script.write_text(completion_script(make_parser(), "zsh"), "utf-8")
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - another process
        os.environ |= {"TERM": "dumb", "HOME": str(script.parent), "PS1": ""}
        os.execlp("zsh", "zsh", "-f", "-i")
    try:
        setup = (
            f"autoload -Uz compinit; compinit -u -D; source {script}; "
            "compdef _shtab_gridwright gridwright; unsetopt automenu; setopt autolist; "
            "echo re''ady\n"
        )
        os.write(terminal, setup.encode())
        read_until(terminal, "ready")
        os.write(terminal, f"{line}\t\t".encode())
        return read_until(terminal, wanted)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)


def read_until(terminal: int, wanted: str) -> str:
    shown, end = "", time.monotonic() + 20
    while wanted not in shown:
        left = end - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            pytest.fail(f"{wanted!r} is not in {shown!r}")
        shown += os.read(terminal, 4096).decode("utf-8", "replace")
    return shown


@has("bash")
def test_bash_completes_commands_options_and_choices() -> None:
    assert in_bash("") == list(COMMANDS)
    assert in_bash("ge") == ["generate"]
    assert "--json" in in_bash("check", "--")
    assert in_bash("diff", "--fail-on", "r") == ["risky"]


@has("bash")
def test_bash_completes_systems_that_have_a_spec(folder: Path) -> None:
    assert in_bash("check", "") == ["demo", "other"]
    assert in_bash("check", "d") == ["demo"]
    assert in_bash("generate", "demo", "o") == ["other"]
    assert in_bash("check", "--specs", "more", "") == ["third"]
    assert in_bash("mock", "d") == ["demo"]
    assert not (folder / "run").exists()


@has("bash")
def test_bash_completes_folders_and_files() -> None:
    assert in_bash("check", "--specs", "mo") == ["more"]
    assert in_bash("import", "specs/d") == ["specs/demo"]


@has("zsh")
@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("gridwright gen", "gridwright generate"),
        ("gridwright check d", "gridwright check demo"),
        ("gridwright check --specs more ", "third"),
        ("gridwright diff --fail-on br", "breaking"),
    ],
)
def test_zsh_completes(line: str, shown: str, folder: Path) -> None:
    assert shown in in_zsh(line, shown, folder / "_gridwright")
    assert not (folder / "run").exists()


@has("fish")
def test_fish_completes(folder: Path) -> None:
    script = folder / "gridwright.fish"
    assert in_fish("gridwright ge", script) == ["generate"]
    assert in_fish("gridwright check d", script)[0] == "demo"
    assert "third" in in_fish("gridwright check --specs more t", script)
    assert in_fish("gridwright diff --fail-on br", script) == ["breaking"]
    assert not (folder / "run").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_command_prints_the_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert out.strip() == completion_script(make_parser(), shell).strip()
    assert err == ""
    assert set(COMMANDS) <= set(re.findall(r"\w+", out))


def test_a_script_names_no_folder_of_this_machine(folder: Path) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert str(folder) not in completion_script(make_parser(), shell)

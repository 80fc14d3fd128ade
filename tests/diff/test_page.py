"""docs/diff.md and the workflow: every argument is described, every command line is one."""

import re
import shlex
from typing import Any

import pytest

from gridwright.commands.arguments import make_parser
from gridwright.diff.accept import read_acceptances
from gridwright.diff.verdicts import DocumentReading, Level
from gridwright.source import read_yaml

from .support import ROOT

PAGE = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / "docs" / "workflows" / "spec-diff.yml"


def parser_of_diff() -> Any:
    (commands,) = [a for a in make_parser()._actions if a.dest == "command"]
    assert isinstance(commands.choices, dict)
    return commands.choices["diff"]


def test_every_argument_is_in_the_table() -> None:
    for action in parser_of_diff()._actions:
        name = action.option_strings[-1] if action.option_strings else action.metavar
        if name != "--help":
            assert re.search(rf"^\| `{name}[ `]", PAGE, re.MULTILINE), name


def test_every_level_reading_and_form_is_explained() -> None:
    for word in (*Level, *DocumentReading):
        assert re.search(rf"^\| {word.value} \|", PAGE, re.MULTILINE), word
    for form in ("text", "markdown", "json", "github"):
        assert f"- `{form}`" in PAGE


def command_lines() -> list[str]:
    workflow = WORKFLOW.read_text(encoding="utf-8")
    found = re.findall(
        r"^(?:.*run: )?(gridwright diff [^\n]*)$", f"{PAGE}\n{workflow}", re.MULTILINE
    )
    return [re.sub(r"(#|>>).*", "", line) for line in found]


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_is_one(line: str) -> None:
    options = make_parser().parse_args(shlex.split(line)[1:])
    assert options.old


def test_there_are_command_lines() -> None:
    assert len(command_lines()) >= 5


def test_the_example_of_an_acceptance_is_one() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    accepted, problems = read_acceptances(block.encode(), "accepted.yaml")
    assert problems == [] and accepted[0].rule == "rate-raised"


def test_the_workflow_is_yaml_and_takes_no_text_of_a_branch_into_a_script() -> None:
    data = WORKFLOW.read_bytes()
    root, problems = read_yaml(data, "spec-diff.yml")
    assert root is not None and problems == []
    for line in data.decode().splitlines():
        assert "${{" not in line or re.match(r"\s+BASE: ", line)

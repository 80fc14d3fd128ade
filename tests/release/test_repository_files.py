"""Files for hosts and other repositories: right by their schema, and doing what they say."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.generator.support import BASE

from gridwright.commands.arguments import make_parser

ROOT = Path(__file__).parents[2]
WORKFLOWS = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "docs").glob("workflows/*")]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
PAGE = (ROOT / "docs" / "releases.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS[:2]),
        ("vendor.github-actions", [ROOT / "action.yml"]),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"]),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_files_fit_the_schema_of_who_reads_them(schema: str, files: list[Path]) -> None:
    assert files
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_target_that_a_workflow_makes_is_there() -> None:
    there = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    texts = [path.read_text("utf-8") for path in WORKFLOWS]
    made = {target for text in texts for target in re.findall(r"\bmake (\w+)", text)}
    assert made >= {"test", "lowest", "coverage", "audit", "tag", "dist"}
    assert made <= there


def test_the_matrix_has_every_python_that_the_metadata_names() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == named


def test_no_step_pastes_an_expression_into_a_script() -> None:
    """Names of branches are chosen by strangers: they reach a script as variables alone."""
    texts = [path.read_text("utf-8") for path in WORKFLOWS]
    steps = [*ACTION["runs"]["steps"]]
    for text in texts:
        for job in yaml.safe_load(text)["jobs"].values():
            steps += job["steps"]
    assert len(steps) > 10
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_asks_for_nothing_private(form: Path) -> None:
    body = yaml.safe_load(form.read_text("utf-8"))["body"]
    (asked,) = [part for part in body if part.get("id") == "nothing-private"]
    assert asked["attributes"]["options"][0]["required"] is True


def test_no_file_names_a_package_index() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|index-url|find-links|registry\.npmjs")
    files = [*WORKFLOWS, *FORMS, ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"]
    files += [ROOT / "CITATION.cff", ROOT / "requirements.txt", ROOT / "docs" / "releases.md"]
    assert [file.name for file in files if hosts.search(file.read_text("utf-8"))] == []


def test_the_page_lists_hooks_inputs_and_outputs() -> None:
    for name in (*(hook["id"] for hook in HOOKS), *ACTION["inputs"], *ACTION["outputs"]):
        assert re.search(rf"^\| `{name}` \|", PAGE, re.MULTILINE), name


# A repository of somebody who has specs.


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    spec = folder / "specs" / "demo" / "interface.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_text(BASE, "utf-8")
    git(folder.parent, "init", "-q", "-b", "main", str(folder))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    git(folder, "branch", "origin/main")
    return folder


IN_MWH = (
    'energy_kwh, type: decimal, size: "14,4", unit: kWh',
    'energy_mwh, type: decimal, size: "14,4", unit: MWh',
)


def change(folder: Path, old: str, new: str) -> None:
    spec = folder / "specs" / "demo" / "interface.yaml"
    text = spec.read_text("utf-8")
    assert old in text
    spec.write_text(text.replace(old, new), "utf-8")
    git(folder, "commit", "-q", "-a", "-m", "two")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **more}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_passes_over_good_specs_and_fails_over_bad_ones(
    hook: dict[str, Any], repository: Path
) -> None:
    entry = shlex.split(hook["entry"])
    assert make_parser().parse_args(entry[1:]).quiet
    assert re.search(hook["files"], "specs/demo/interface.yaml")
    for is_good in (True, False):
        if not is_good:
            change(repository, "unit: kWh", "unit: kw/h")
        done = subprocess.run(
            entry, cwd=repository, env=environment(), capture_output=True, text=True
        )
        assert (done.returncode == 0) is is_good
        assert ("unknown-unit" in done.stdout) is not is_good


def run_action(
    folder: Path, tmp_path: Path, *, base_ref: str = "main", **inputs: str
) -> tuple[int, str, str, str]:
    """Run the step of the action as a runner would; status, annotations, summary, outputs."""
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "diff"]
    given = {name: str(value["default"]) for name, value in ACTION["inputs"].items()} | inputs
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], text)
        for name, text in step["env"].items()
    }
    summary, output = tmp_path / "summary", tmp_path / "output"
    script = tmp_path / "step.sh"
    script.write_text(step["run"], "utf-8")
    done = subprocess.run(
        # As the runner calls `shell: bash`.
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder,
        env=environment(
            **variables,
            GITHUB_BASE_REF=base_ref,
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_OUTPUT=str(output),
        ),
        capture_output=True,
        text=True,
    )
    written = summary.read_text() if summary.is_file() else ""
    outputs = output.read_text() if output.is_file() else ""
    return done.returncode, done.stdout + done.stderr, written, outputs


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


@needs_bash
def test_the_action_passes_where_nothing_changes(repository: Path, tmp_path: Path) -> None:
    status, _, _, output = run_action(repository, tmp_path)
    assert (status, output) == (0, "level=none\nsuggested-bump=none\n")


@needs_bash
def test_the_action_fails_at_a_break_and_says_so(repository: Path, tmp_path: Path) -> None:
    change(repository, *IN_MWH)
    status, annotations, summary, output = run_action(repository, tmp_path)
    assert status == 1
    assert "::error" in annotations and "interface.yaml" in annotations
    assert "kWh" in summary
    assert output.startswith("level=breaking\n")


@needs_bash
def test_the_action_can_be_told_to_report_alone(repository: Path, tmp_path: Path) -> None:
    change(repository, *IN_MWH)
    status, *_ = run_action(repository, tmp_path, **{"fail-on": "never", "base": "origin/main"})
    assert status == 0


@needs_bash
def test_the_action_asks_for_a_base_where_no_pull_request_has_one(
    repository: Path, tmp_path: Path
) -> None:
    status, said, *_ = run_action(repository, tmp_path, base_ref="")
    assert status != 0
    assert "give the input base" in said


def test_the_outputs_are_what_the_report_offers() -> None:
    text = (ROOT / "generator" / "gridwright" / "diff" / "report.schema.json").read_text("utf-8")
    there = {name.replace("_", "-") for name in json.loads(text)["properties"]}
    assert set(ACTION["outputs"]) <= there

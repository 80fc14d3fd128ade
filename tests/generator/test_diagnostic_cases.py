"""tests/diagnostics: for each code a spec that passes, and one that fails at an asserted place.

A case is a folder named after the code, with ``passes.yaml``, ``fails.yaml``, their amendments
where there are any (``fails.amendments.yaml``) and what the failing one reports. A case about the
lines of a document has also ``fails.lines.yaml``, and ``fails.txt`` where the text is at hand.
"""

from pathlib import Path

import pytest

from gridwright.catalogue import CATALOGUE
from gridwright.diagnostics import Diagnostic, sorted_diagnostics
from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright.source import read_yaml
from gridwright.trace.check import check_coverage
from gridwright.trace.facts import Spec, facts_of
from gridwright.trace.hashes import lines_of
from gridwright.trace.lines import understand_lines

from .support import ROOT, shown

CASES = sorted(path for path in (ROOT / "tests" / "diagnostics").iterdir() if path.is_dir())

# Codes of files and folders: they cannot be shown by one spec, and have tests of their own.
ELSEWHERE = {
    "credential-unused": "test_notes.py",
    "secret-in-address": "test_notes.py",
    "hour-undecided": "test_notes.py",
    "echo-unsaid": "test_notes.py",
    "paging-unsaid": "test_notes.py",
    "code-expected": "test_notes.py",
    "label-undecided": "test_notes.py",
    "no-such-system": "test_load.py",
    "wrong-folder": "test_load.py",
    "no-document": "../trace/test_literals.py",
    "literal-off-line": "../trace/test_literals.py",
    "dead-link": "../site/test_links.py",
    "page-html": "../site/test_markup.py",
    "foreign-file": "test_run.py",
    "stale-output": "test_run.py",
}


def problems_in(case: Path, name: str) -> tuple[Diagnostic, ...]:
    spec, amendments = case / f"{name}.yaml", case / f"{name}.amendments.yaml"
    files = [(amendments.read_bytes(), amendments.name)] if amendments.is_file() else []
    found = understand(*amend_text(spec.read_bytes(), spec.name, files))[1]
    return sorted_diagnostics([*found, *problems_of_lines(case, name)])


def problems_of_lines(case: Path, name: str) -> list[Diagnostic]:
    lines, document = case / f"{name}.lines.yaml", case / f"{name}.txt"
    if not lines.is_file():
        return []
    root, _ = read_yaml((case / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    assert root is not None
    spec = Spec("demo", "demo.txt", root, (), facts_of(root))
    known, problems = understand_lines(lines.read_bytes(), lines.name)
    text = lines_of(document.read_text("utf-8")) if document.is_file() else None
    return [*problems, *check_coverage(spec, known, text, spec.document)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_failing_spec_reports_its_code_at_the_expected_place(
    case: Path, update_golden: bool
) -> None:
    problems, expected = problems_in(case, "fails"), case / "expected.txt"
    assert case.name in {problem.code for problem in problems}
    actual = shown(problems)
    if update_golden and (not expected.is_file() or actual != expected.read_text("utf-8")):
        expected.write_text(actual, encoding="utf-8")
        pytest.fail(f"rewrote {case.name}: read the diff, then run without the flag")
    assert actual == expected.read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_passing_spec_reports_nothing(case: Path) -> None:
    assert shown(problems_in(case, "passes")) == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_diagnostic_of_a_case_says_what_to_do(case: Path) -> None:
    assert all(problem.help for problem in problems_in(case, "fails"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_and_help_are_lower_case_sentences_without_a_full_stop(case: Path) -> None:
    for problem in problems_in(case, "fails"):
        for text in (problem.message, problem.help):
            assert not text.endswith(".") or text.endswith(" …")
            assert text[0] == text[0].lower()


def test_every_code_has_a_case_or_a_test_of_its_own() -> None:
    assert sorted([case.name for case in CASES] + list(ELSEWHERE)) == sorted(CATALOGUE)


@pytest.mark.parametrize(("code", "file"), ELSEWHERE.items())
def test_a_code_without_a_case_is_asserted_in_the_file_named_for_it(code: str, file: str) -> None:
    assert f'"{code}"' in (Path(__file__).parent / file).read_text("utf-8")

"""The catalogue names every code that the source can report, and the page shows the catalogue."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rendered import assert_rendered

import gridwright
from gridwright.catalogue import CATALOGUE, catalogue_page
from gridwright.language.departures import CODES  # what the grammar's keywords are called
from gridwright.laws import LAWS

from .support import ROOT

SOURCE = Path(gridwright.__file__).parent
PAGE = ROOT / "docs" / "diagnostics.md"
REPORTERS = {"Diagnostic", "report", "_report"}
# These pass a code on that their callers, or the table of the grammar, have named.
PASSING_ON = {
    "checks/forms_together.py", "language/departures.py", "notes.py", "resolve/context.py",
    "source.py",
}  # fmt: skip


def reported_codes() -> Iterator[tuple[str, str | None]]:
    """Yield file and code of each place that reports; None where the code is no literal."""
    for path in sorted(SOURCE.rglob("*.py")):
        file = path.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in REPORTERS:
                codes = literals(node.args[1]) if len(node.args) > 1 else []
                yield from ((file, code) for code in codes)
                if not codes:
                    yield file, None
            elif isinstance(node, ast.Assign) and name_of(node.targets[0]) == "code":
                yield from ((file, code) for code in literals(node.value))


def literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def test_the_catalogue_holds_exactly_the_codes_that_the_source_can_report() -> None:
    found = {code for _, code in reported_codes() if code} | set(CODES.values())
    found |= {law.code for law in LAWS}
    assert found == set(CATALOGUE)


def test_codes_are_written_out_where_they_are_reported() -> None:
    assert {file for file, code in reported_codes() if code is None} == PASSING_ON


def test_entries_are_sentences() -> None:
    for entry in CATALOGUE.values():
        for text in (entry.means, entry.do):
            assert text[0].isupper() and text.endswith(".")


def test_the_page_is_rendered_from_the_catalogue(update_golden: bool) -> None:
    assert_rendered(PAGE, catalogue_page(), update_golden)

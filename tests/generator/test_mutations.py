"""Whatever is done to a spec, the generator reports or generates: it never fails itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridwright.catalogue import CATALOGUE
from gridwright.diagnostics import Diagnostic
from gridwright.output import render
from gridwright.source import read_yaml
from gridwright.targets.pages import snippets

from .importing import imported
from .output_files import check_files
from .plausible import plausible
from .support import (
    Place,
    Tree,
    at,
    bodies,
    files_of,
    full,
    full_amendments,
    places,
    put,
    rename,
    understood,
    without,
    yaml_of,
)

SPEC, AMENDMENTS, BODIES = full(), full_amendments(), bodies()
# Parts of the language that both specs leave out, because they are not generated yet.
LIMITS = {
    "pace": {
        "kind": "rate", "requests": "3", "per": "PT1S", "at_most": "1", "wait": "PT1S",
        "after": "reply", "same": "account", "scope": "host", "operations": ["list_readings"],
        "weekly": "sunday 01:00-02:00", "zone": "Asia/Seoul", "from": "x", "to": "x",
        "label": "x", "en": "x", "at": "1",
    }
}  # fmt: skip
WHOLE_LANGUAGE = put(put(SPEC, ("limits",), LIMITS), ("auth",), BODIES["auth"])


@dataclass(frozen=True)
class Case:
    """A changed spec, with the amendments that belong to it."""

    tree: Tree
    amendments: Tree


# Scalars that some place of a spec takes for a number, a name, a place, a pattern, a duration ...
WORDS = (
    "", " ", "0", "1", "-1", "01", "9" * 30, "1" * 5000, "٣", "1.5", "14,4", "4,14", "14,4,4", ",",
    "yes", "no", "true", "PT15M", "PT0S", "P", "PT", "P999999D", "PT99999999H", "0015", "2400",
    "2460", "yyyymmdd", "yyyymm", "dd", "hhmi", "yyyy-MM-dd", "Asia/Seoul", "../etc", "/", "//",
    "https://", "https://api.example.com:8443/v1", "http://a", "{a}", "<a>", "<meterNo>", "{hhmm}",
    "a{hhmm}b{hhmm}", "Decimal", "None", "class", "readings", "field", "meter_number", "a\n", "x\0",
    "\ud800", "\u202e", "한글", "a b", '"', "\\", "query", "header", "path", "body", "xml", "json",
    "date", "datetime", "month", "time", "day_of_month", "code", "record", "list", "boolean",
    "binary", "decimal", "integer", "text", "O", "X", "77", "61-72", "72-61", "0-0", "9999999",
    "99999999", "1-9999999", "euc-kr", "hex", "punycode", "idna", "kWh", "%", "2024-10-01",
    "2024-13-01", "undocumented", "soap11", "PUT", "E-401", "mr_ymd",
)  # fmt: skip


def trees(spec: Tree) -> st.SearchStrategy[Tree]:
    """Return specs to which one to four things were done."""
    known = list(places(spec))
    values = st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(known).map(lambda place: at(spec, place)),
        st.sampled_from([{}, [], [[]], [{}], {"": {}}, {"at": "1"}]),
        st.text(max_size=8),
    )
    change = st.tuples(
        st.sampled_from(["delete", "replace", "wrap", "rename", "add"]),
        st.sampled_from(known[1:]),
        values,
        st.sampled_from([*WORDS, "name", "type", "size", "at", "codes", "series", "instant"]),
    )
    return st.lists(change, min_size=1, max_size=4).map(lambda changes: mutated(spec, changes))


def mutated(tree: Tree, changes: list[tuple[str, Place, Tree, str]]) -> Tree:
    for kind, place, value, name in changes:
        try:
            tree = changed(tree, kind, place, value, name)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier change has taken the place away
    return tree


def changed(tree: Tree, kind: str, place: Place, value: Tree, name: str) -> Tree:
    if kind == "delete":
        return without(tree, place)
    if kind == "wrap":
        return put(tree, place, [at(tree, place)])
    if kind == "rename":
        return rename(tree, place, name)
    if kind == "add":
        return put(tree, (*place, name), value)
    at(tree, place)
    return put(tree, place, value)


def cases(
    change: Callable[[Tree], st.SearchStrategy[Tree]], spec: Tree, amendments: Tree
) -> st.SearchStrategy[Case]:
    return change(spec).map(lambda tree: Case(tree, amendments))


def check_diagnostics(problems: tuple[Diagnostic, ...]) -> None:
    assert list(problems) == sorted(set(problems))
    for problem in problems:
        assert problem.code in CATALOGUE
        assert problem.span.file in ("spec.yaml", "amendments.yaml")
        assert problem.span.line >= 1 and problem.span.column >= 1
        assert all(line.isprintable() for line in str(problem).splitlines())


quickly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", autouse=True)
def _unformatted() -> Any:
    """Leave out the slow last step of generating."""
    patch = pytest.MonkeyPatch()
    for module in (render, snippets):
        patch.setattr(module, "format_python", lambda text: text)
    yield
    patch.undo()


@quickly
@given(case=cases(trees, WHOLE_LANGUAGE, AMENDMENTS))
def test_a_spoilt_spec_of_the_whole_language_is_reported(case: Case) -> None:
    check_diagnostics(understood(yaml_of(case.tree), yaml_of(case.amendments))[1])


@quickly
@given(tree=trees(AMENDMENTS))
def test_spoilt_amendments_are_reported_or_applied(tree: Tree) -> None:
    check_diagnostics(understood(yaml_of(SPEC), yaml_of(tree))[1])


@quickly
@given(case=cases(trees, SPEC, AMENDMENTS) | cases(trees, BODIES, []))
def test_a_changed_spec_without_a_problem_generates_what_it_should(case: Case) -> None:
    interface, problems = understood(yaml_of(case.tree), yaml_of(case.amendments))
    check_diagnostics(problems)
    if not problems:
        assert interface is not None
        check_files(files_of(interface))


@settings(quickly, max_examples=30)
@given(case=cases(plausible, SPEC, AMENDMENTS[1:]) | cases(plausible, BODIES, []))
def test_a_plausible_spec_is_reported_or_becomes_a_package_that_can_be_imported(case: Case) -> None:
    interface, problems = understood(yaml_of(case.tree), yaml_of(case.amendments))
    check_diagnostics(problems)
    if not problems:
        assert interface is not None
        files = files_of(interface, package="plausible_apis")
        check_files(files)
        with imported(files, f"plausible_apis.{interface.system}") as modules:
            assert {"client", "codes", "mock", "models", "operations", "validators"} <= set(modules)


@quickly
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    check_diagnostics(understood(data)[1])


@quickly
@given(
    at_byte=st.integers(0, 4000),
    inserted=st.sampled_from([
        b"{", b"}", b"[", b"'", b'"', b"\t", b"\n", b": ", b"- ", b"#", b"&a ", b"*a ", b"!!x ",
        b"|", b"---\n", b"\xff", b"\x00", b"\xe2\x80\xae",
    ]),
)  # fmt: skip
def test_a_slip_of_the_keyboard_is_reported_or_harmless(at_byte: int, inserted: bytes) -> None:
    text = json.dumps(SPEC, ensure_ascii=False, indent=1).encode()
    check_diagnostics(understood(text[:at_byte] + inserted + text[at_byte:])[1])


@quickly
@given(text=st.text())
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    node, problems = read_yaml(yaml_of({"key": text}), "spec.yaml")
    assert node is not None and node.plain() == {"key": text}
    assert {problem.code for problem in problems} <= {"hidden-character"}

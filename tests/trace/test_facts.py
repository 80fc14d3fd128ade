"""Facts: every citation of a spec, with its path, kind and place."""

from pathlib import Path

import pytest

from gridwright.source import read_yaml
from gridwright.trace.facts import CitedFact, facts_of, join_path, numbers

from .support import spec_in, write_system


def facts(text: str) -> tuple[CitedFact, ...]:
    root, problems = read_yaml(text.encode(), "interface.yaml")
    assert root is not None and not problems
    return facts_of(root)


def test_a_fact_has_path_kind_place_and_lines(tmp_path: Path) -> None:
    found = {f"{f.file} {f.name}": f for f in spec_in(write_system(tmp_path)).facts}
    field = found["interface.yaml operations.list_readings.reply.fields.status"]
    assert (field.kind, field.span.line, field.lines) == ("field", 34, ((15, 15),))
    erratum = found["amendments.yaml energy-misspelled"]
    assert (erratum.kind, erratum.span.line, erratum.lines) == ("erratum", 1, ((16, 16), (17, 17)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("title", "document"),
        ("document", "document"),
        ("servers.production", "server"),
        ("codes.reading_status", "code list"),
        ("codes.reading_status.values.A", "code"),
        ("operations.list_readings", "operation"),
        ("operations.list_readings.address", "operation"),
        ("operations.list_readings.request.day", "parameter"),
        ("operations.list_readings.reply.list", "operation"),
    ],
)
def test_the_kind_follows_the_innermost_mapping_that_has_one(
    name: str, kind: str, tmp_path: Path
) -> None:
    assert {f.kind for f in spec_in(write_system(tmp_path)).facts if f.name == name} == {kind}


def test_a_wire_name_or_argument_called_at_is_no_citation() -> None:
    spec = "operations: {a: {request: {at: {name: x, at: 7}}}}\nsamples: {at: 3}\n"
    assert [(f.name, f.lines) for f in facts(spec)] == [("operations.a.request.at", ((7, 7),))]


def test_citations_inside_of_patches_count_too() -> None:
    text = (
        "- id: a\n  kind: erratum\n  at: 3\n  patch:\n"
        "    x.y: {absent: yes, use: {name: z, at: 4}}\n"
        "    x.w.at: {printed: 5, use: 6}\n"
    )
    root, _ = read_yaml(text.encode(), "amendments.yaml")
    interface, _ = read_yaml(b"x: {}", "interface.yaml")
    assert root is not None and interface is not None
    found = facts_of(interface, root.items or ())
    assert [f.lines[0][0] for f in found] == [3, 4, 5, 6]
    assert {f.kind for f in found} == {"erratum"}


def test_what_is_no_line_is_left_to_the_grammar() -> None:
    assert facts("a: {at: six}\nb: {at: [1, x]}\nc: {at: {d: 1}}\n")[0].lines == ((1, 1),)


def test_a_path_is_written_as_amendments_write_it() -> None:
    assert (
        join_path(("document", "revisions", "1.0", "a b", ""))
        == 'document.revisions."1.0"."a b".""'
    )


def test_an_endless_range_costs_little() -> None:
    assert sum(1 for _ in numbers(((1, 9_999_999),))) < 200_000

"""Literals: what a spec quotes stands on the line that it cites."""

import os
from pathlib import Path

import pytest
from tests.generator.support import BASE, ROOT

from gridwright.load import find_systems
from gridwright.source import read_yaml
from gridwright.trace.quotations import check_literals, literals_off_their_line

DOCUMENT = """\
1.0 Demo interface, 2019. 3.13, first
address | https://api.example.com/readings
meterNo | meter number | 10 | O
energy | energy | 14,4
Y: yes, N: no
"""


def off(spec: str) -> list[str]:
    node, problems = read_yaml(spec.encode(), "spec.yaml")
    assert node is not None and not problems
    found = literals_off_their_line(node, DOCUMENT.split("\n"))
    return [f"{p.span.line}:{p.span.column} {p.message}; {p.help}" for p in found]


def field(text: str, key: str = "meterNo") -> str:
    return f"operations: {{a: {{request: {{{key}: {{{text}}}}}}}}}"


def test_quotations_on_their_line_are_fine() -> None:
    assert off(field('label: meter number, size: "10", required: O, at: 3')) == []


@pytest.mark.parametrize(
    ("text", "quoted", "what"),
    [
        ("label: Meter number, at: 3", "Meter", "'Meter number' does not stand on line 3"),
        ('size: "11", at: 3', '"11"', "'11' does not stand on line 3"),
        (
            "label: energy, at: 3",
            "energy",
            "'energy' does not stand on line 3; it stands on line 4",
        ),
        ("label: x, at: 99", "x,", "line 99 is beyond the document's 6 lines"),
    ],
)
def test_a_quotation_off_its_line_is_reported_with_the_line_it_is_on(
    text: str, quoted: str, what: str
) -> None:
    place = f"1:{field(text).index(quoted) + 1} "
    assert [line for line in off(field(text)) if line.startswith(place) and what in line]


def test_a_wire_name_is_a_quotation_too() -> None:
    assert off(field("at: 4")) == ["1:28 'meterNo' does not stand on line 4; it stands on line 3"]


def test_an_attribute_is_looked_up_without_the_sign_that_is_ours() -> None:
    assert off(field("name: x, at: 3", '"@meterNo"')) == []
    assert off(field("name: x, at: 4", '"@meterNo"')) != []


def test_the_text_of_an_element_has_no_name_to_look_up() -> None:
    assert off(field("name: x, at: 3", '"."')) == []


def test_one_of_several_cited_lines_is_enough() -> None:
    assert off(field("label: energy, at: [3, 4]")) == []
    assert off(field("label: energy, at: 2-4")) == []
    assert len(off(field("label: energy, at: 1-3"))) == 1


def test_a_line_cited_above_holds_for_what_is_below() -> None:
    assert off("title: {at: 1, x: {text: Demo interface}}") == []
    assert len(off("title: {at: 2, x: {text: Demo interface}}")) == 1


def test_what_is_ours_is_never_looked_up() -> None:
    ours = "name: x, en: nowhere, inferred: nowhere, type: text, unit: kWh, at: 3"
    assert off(field(f"{ours}, series: {{wire: q, first: nowhere}}")) == []


def test_keys_that_the_document_prints_are_looked_up() -> None:
    assert off('document: {revisions: {"1.0": {date: "2019. 3.13", at: 1}}}') == []
    assert len(off('document: {revisions: {"2.0": {date: "2019. 3.13", at: 1}}}')) == 1
    assert off('codes: {a: {at: 5, values: {"Y": {label: "yes"}, "N": {label: "no"}}}}') == []
    assert off('codes: {a: {at: 5, values: {"X": {label: "yes"}}}}')[0].startswith("1:29 'X' ")


def test_an_endless_range_of_lines_costs_nothing() -> None:
    assert len(off(field("label: energy, at: 1-9999999"))) >= 1


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    (tmp_path / "specs" / "demo").mkdir(parents=True)
    (tmp_path / "specs" / "demo" / "interface.yaml").write_text(BASE, "utf-8")
    return tmp_path / "specs"


def codes(specs: Path, documents: Path) -> set[str]:
    return {problem.code for problem in check_literals(specs, "demo", documents)}


def test_a_document_that_is_not_there_is_reported_at_its_name(specs: Path) -> None:
    (problem,) = check_literals(specs, "demo", specs)
    assert (problem.code, problem.span.line, problem.span.column) == ("no-document", 4, 18)


@pytest.mark.parametrize("name", ["..", "../demo.txt", "/etc/passwd", '""', "."])
def test_a_document_is_sought_in_its_folder_and_nowhere_else(specs: Path, name: str) -> None:
    (specs.parent / "demo.txt").touch()
    spec = specs / "demo" / "interface.yaml"
    spec.write_text(BASE.replace("file: demo.txt", f"file: {name}"), "utf-8")
    assert codes(specs, specs) == {"no-document"}


def test_a_document_in_another_encoding_is_reported(specs: Path) -> None:
    (specs / "demo.txt").write_bytes("한글".encode("euc-kr"))
    assert codes(specs, specs) == {"not-utf8"}


def test_a_spec_is_compared_with_its_document(specs: Path) -> None:
    (specs / "demo.txt").write_text(
        "Demo\nhttps://api.example.com\nlistReadings https://api.example.com/readings\n"
        "meterNo O 10\nreadings\nenergy 14,4\n",
        "utf-8",
    )
    assert check_literals(specs, "demo", specs) == []
    (specs / "demo.txt").write_text("something else\n", "utf-8")
    assert codes(specs, specs) == {"literal-off-line"}


def test_lines_of_amendments_lie_within_the_document(specs: Path) -> None:
    (specs / "demo.txt").write_text("Demo\n" * 10, "utf-8")
    amendment = "- {id: a, kind: erratum, at: [3, 99], finding: x, ruling: y}\n"
    (specs / "demo" / "amendments.yaml").write_text(amendment, "utf-8")
    problems = check_literals(specs, "demo", specs)
    assert problems[-1].message == "line 99 is beyond the document's 10 lines"


def documents() -> Path:
    given = os.environ.get("GRIDWRIGHT_DOCUMENTS")
    return Path(given) if given else ROOT.parent / "shared" / "documents"


@pytest.mark.skipif(
    not documents().is_dir(),
    reason="the document is not at hand: its publisher keeps the copyright, so it is not in the "
    "repository",
)
@pytest.mark.parametrize("system", find_systems(ROOT / "specs"))
def test_a_committed_spec_quotes_its_document_line_by_line(system: str) -> None:
    assert check_literals(ROOT / "specs", system, documents()) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("設備項目区分", "※選択項目コード、設備項目区分によりレスポンス項目は異なる"),
        (
            "JSON (JavaScript Object Notation)",
            "文字列の送信はJSON (JavaScript Object Notation) ※JSONP",
        ),
        ("อำเภอ", "ชื่ออำเภอเขต"),
    ],
)
def test_scripts_without_blanks_between_words_have_no_word_boundaries(text: str, line: str) -> None:
    node, problems = read_yaml(f'a: {{label: "{text}", at: 1}}'.encode(), "spec.yaml")
    assert node is not None and not problems
    assert list(literals_off_their_line(node, [line])) == []


def test_what_nothing_prints_is_not_looked_up() -> None:
    assert off("address: {text: /elsewhere, inferred: base and name}") == []
    assert off("address: {text: /elsewhere, inferred: base and name, at: 2}") != []
    assert off("servers: {a: {address: undocumented, at: 2}}") == []


@pytest.mark.parametrize("key", ["fields", "values", "when", "format", "address", "series"])
def test_a_field_may_be_called_as_a_key_of_the_language_is(key: str) -> None:
    line = off(field("name: x, type: text, required: O, at: 3", key))
    assert line == [
        f"1:28 '{key}' does not stand on line 3; "
        + ("it stands on line 2" if key == "address" else "transcribe what is printed there; "
           "correct it by an amendment")
    ]  # fmt: skip


def test_a_field_that_nothing_prints_is_looked_up_on_no_line() -> None:
    spec = "operations: {a: {request: {extra: {name: extra, observed: N1}}, at: 3}}"
    assert off(spec) == []

"""The reference pages of KEPCO: nothing is missing from them."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.markdown import tables

from gridwright_apis.kepco_opm import codes, validators
from gridwright_runtime.interface import Operation
from gridwright_runtime.problems import Problem

from .support import OPERATIONS, PAGES, SPECS, model_of

every_operation = pytest.mark.parametrize("name", list(OPERATIONS))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows_of(name: str, part: str) -> dict[str, list[str]]:
    """Return the rows of one part of an operation's page, by first cell."""
    _, _, text = text_of(PAGES / f"{name}.md").partition(f"\n## {part}\n")
    text, _, _ = text.partition("\n## ")
    found = [table for table in tables(text) if table[0][0] == "Python"]
    return {row[0]: row for table in found for row in table[2:]}


def row_of(rows: dict[str, list[str]], name: str) -> list[str]:
    [row] = [row for first, row in rows.items() if first.startswith(f"`{name}`")]
    return row


@every_operation
def test_every_operation_has_a_page_with_a_call_of_it(name: str) -> None:
    assert f"= client.{name}(" in text_of(PAGES / f"{name}.md")
    assert f"[`{name}`]({name}.md)" in text_of(PAGES / "README.md")


@every_operation
def test_every_parameter_is_on_its_page_with_label_and_line(name: str) -> None:
    operation, rows = OPERATIONS[name], rows_of(name, "Request")
    problems = {problem.wire: problem for problem in operation.request.check({}, "")}
    arguments = msgspec.structs.fields(operation.request.model)
    named = [(item.name, item.encode_name) for item in arguments] + [("service_key", "serviceKey")]
    for python_name, wire in named:
        row = row_of(rows, python_name)
        assert_row_tells(row, problems[wire])
        assert row[1] == f"`{wire}`"
    assert_row_tells(row_of(rows, "format"), problems["returnType"])


@every_operation
def test_every_field_is_on_its_page_with_label_unit_and_line(name: str) -> None:
    operation, rows = OPERATIONS[name], rows_of(name, "Reply")
    assert operation.reply.check is not None
    problems = {problem.path: problem for problem in operation.reply.check({}, "")}
    for field in msgspec.structs.fields(model_of(operation)):
        if family := re.fullmatch("(.*)_([0-9]{4})", field.name):
            row = row_of_family(rows, family[1], family[2], operation)
        else:
            row = row_of(rows, field.name)
            assert f"`{field.encode_name}`" in row[1]
        for suffix, unit in UNITS.items():
            if re.search(f"_{suffix}(_[0-9]{{4}})?$", field.name):
                assert row[6] == unit, field.name
        if field.name in problems:
            assert_row_tells(row, problems[field.name])
        else:
            assert "may be absent" in row[4]


UNITS = {"kwh": "kWh", "kw": "kW", "krw": "KRW", "percent": "%"}


def row_of_family(
    rows: dict[str, list[str]], family: str, label: str, operation: Operation[Any]
) -> list[str]:
    [row] = [row for first, row in rows.items() if first.startswith(f"`{family}_")]
    first, last = re.findall(f"`{family}_([0-9]{{4}})`", row[0])
    labels = sorted(
        field[-4:]
        for field in model_of(operation).__struct_fields__
        if re.fullmatch(f"{family}_[0-9]{{4}}", field)
    )
    assert (first, last) == (labels[0], labels[-1])
    assert label in labels
    return row


def assert_row_tells(row: list[str], problem: Problem) -> None:
    label, lines = problem.label, problem.source.partition(":")[2]
    assert row[2] == label
    assert re.search(rf"lines? {re.escape(lines)}\b", row[-1]), problem


@every_operation
def test_other_names_of_a_field_are_on_its_page(name: str) -> None:
    text = text_of(PAGES / f"{name}.md")
    for alias, documented in model_of(OPERATIONS[name]).__also__.items():
        assert f"`{documented}`, also `{alias}`" in text


def test_the_header_and_its_fields_are_on_the_first_page() -> None:
    text = text_of(PAGES / "README.md")
    problems = validators.check_common_header({})
    assert [problem.wire for problem in problems] == [
        "errMsg",
        "responseTime",
        "returnCode",
        "successYn",
    ]
    for problem in problems:
        assert f"`{problem.wire}`" in text
        assert problem.source.partition(":")[2] in text


@pytest.mark.parametrize("names", [codes.YES_NO, codes.METER_KIND, codes.SUB_METER_KIND])
def test_every_code_is_on_the_page_of_codes(names: dict[str, str]) -> None:
    rows = {row[0] for table in tables(text_of(PAGES / "codes.md")) for row in table[2:]}
    assert {f"`{code}`" for code in names} <= rows
    for label in set(names.values()) - {"yes", "no"}:
        assert label in text_of(PAGES / "codes.md")


def test_every_amendment_is_on_the_page_of_amendments_once() -> None:
    amendments = yaml.safe_load((SPECS / "amendments.yaml").read_text(encoding="utf-8"))
    ids = [amendment["id"] for amendment in amendments]
    text = text_of(PAGES / "amendments.md")
    assert len(ids) == len(set(ids)) > 150
    assert re.findall('<a id="([^"]+)"></a>', text) == sorted(
        ids, key=re.findall("^### (.*)$", text, re.M).index
    )
    assert sorted(re.findall("^### (.*)$", text, re.M)) == sorted(ids)
    assert f"[Amendments](amendments.md): {len(ids)}," in text_of(PAGES / "README.md")


def test_every_observation_is_cited_by_its_number() -> None:
    amendments = yaml.safe_load((SPECS / "amendments.yaml").read_text(encoding="utf-8"))
    notes = {str(item["evidence"]) for item in amendments if item["kind"] == "observation"}
    assert notes == {f"F{number}" for number in range(1, 18)}
    text = text_of(PAGES / "amendments.md")
    for note in notes:
        assert re.search(rf"\b{note}\b", text)

"""`gridwright check --explain`: an operation as parts, as text and as JSON."""

import json
from pathlib import Path

import pytest

from gridwright.cli import main
from gridwright.explain import explained, text_of
from gridwright.new import start_spec

from .support import BASE, Tree, base, bodies, put, services, soap, understood, yaml_of


def test_the_example_of_new_is_explained_as_the_page_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    start_spec(Path("specs"), "demo")
    assert main(["check", "--explain", "demo"]) == 0
    out = capsys.readouterr().out
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0]
    assert [line.split() for line in shown.splitlines()] == [
        line.split() for line in out.partition("\n\n")[0].splitlines()
    ]


def test_a_machine_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    start_spec(Path("specs"), "demo")
    assert main(["check", "--explain", "--json", "demo"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["explained"]["demo"]
    assert [(one["name"], one["where"], one["from"]) for one in found["sends"]] == [
        ("meterNo", "query", "argument meter_number"),
        ("day", "query", "argument day"),
        ("X-Api-Key", "header", "credential api_key"),
    ]
    assert found["brings"]["path"] == ["readings"]


def test_no_system_is_explained_unless_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    start_spec(Path("specs"), "demo")
    assert main(["check", "--explain"]) == 2
    assert "--explain needs a SYSTEM" in capsys.readouterr().err


@pytest.mark.parametrize("tree", [bodies(), services(), soap()], ids=["bodies", "services", "soap"])
def test_every_operation_can_be_explained(tree: object) -> None:
    interface, problems = understood(yaml_of(tree))
    assert interface is not None and not problems
    for operation in interface.operations:
        found = explained(interface, operation)
        text = text_of(found)
        assert json.loads(json.dumps(found)) == found
        for rule in found["judged"]:
            assert rule in text
        names = [one["name"] for one in found["sends"]]
        assert len(names) >= len(operation.parameters)


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ({"under": ["body", "page"]}, "body > page"),
        ({}, "the root"),
        ({"in": "header"}, "a header"),
    ],
)
def test_what_stands_beside_a_list_is_told_with_its_place(place: Tree, where: str) -> None:
    count = {"name": "total", "en": "how many", "type": "integer", "at": "4", **place}
    listed = "      list: {element: readings, at: 5}\n"
    spec = BASE.replace(listed, f"{listed}      beside: {{count: {json.dumps(count)}}}\n")
    interface, problems = understood(spec)
    assert interface is not None and not problems
    [found] = [explained(interface, operation) for operation in interface.operations]
    assert found["brings"]["beside"][0]["where"] == where
    [line] = [line for line in text_of(found).splitlines() if "total" in line]
    assert line.split()[:2] == ["count", "total"]
    assert f"in {where}" in line


def test_a_wire_name_is_told_where_the_document_has_one() -> None:
    tree = put(base(), ("operations", "list_readings", "wire_name"), "listReadings")
    assert "  wire name listReadings (" in _first_text(tree)
    del tree["operations"]["list_readings"]["wire_name"]
    text = _first_text(tree)
    assert "wire name" not in text
    assert text.splitlines()[1].startswith("  from ")


def _first_text(tree: Tree) -> str:
    interface, _ = understood(yaml_of(tree))
    assert interface is not None
    return text_of(explained(interface, interface.operations[0]))


def test_each_part_of_what_a_login_gives_is_told_with_its_own_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "demo", "--oauth", "refresh", "--quiet"]) == 0
    assert main(["check", "--explain", "demo"]) == 0
    assert "result access in body access_token, refresh in body refresh_token; lives" in (
        capsys.readouterr().out
    )
    assert main(["new", "other", "--session", "--quiet"]) == 0
    assert main(["check", "--explain", "other"]) == 0
    assert "result in body token; lives" in capsys.readouterr().out

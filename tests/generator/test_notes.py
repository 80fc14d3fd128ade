"""Notes: what works and should be looked at; none of them fails a run."""

import json
from pathlib import Path

import pytest

from gridwright.cli import main
from gridwright.notes import notes_of

from .support import Tree, base, put, understood, yaml_of

KEY = {"en": "key", "secret": "yes", "environment": "DEMO_KEY", "at": "2"}


def notes(tree: Tree) -> list[tuple[str, str]]:
    interface, problems = understood(yaml_of(tree))
    assert interface is not None and not problems
    found = notes_of(interface)
    assert {one.severity for one in found} <= {"note"}
    return [(one.code, one.message) for one in found]


def carried(place: str, **more: str) -> Tree:
    tree = put(base(), ("credentials", "key"), {**KEY, **more})
    present = {"X-Key": {"in": place, "value": "credential.key", "at": "3"}}
    return put(tree, ("auth",), {"present": present})


def test_a_credential_that_nothing_carries_is_noted() -> None:
    tree = put(base(), ("credentials", "key"), KEY)
    assert notes(tree) == [("credential-unused", "nothing carries 'key'")]
    assert notes(carried("header")) == []


@pytest.mark.parametrize(
    ("asked", "received", "is_noted"),
    [
        ({"name": "meter", "type": "text"}, {"name": "meter", "type": "text"}, True),
        ({"name": "meters", "type": "list", "of": "text"}, {"name": "m", "type": "text"}, True),
        ({"name": "meter", "type": "text"}, {"name": "m", "type": "text", "echoes": "m"}, False),
        ({"name": "meter", "type": "text"}, {"name": "m", "type": "integer"}, False),
        ({"name": "page", "type": "decimal"}, {"name": "page", "type": "decimal"}, False),
    ],
)
def test_a_field_that_may_say_again_what_was_asked_is_noted(
    asked: Tree, received: Tree, is_noted: bool
) -> None:
    tree = base()
    (name, operation), *_ = tree["operations"].items()
    operation["request"]["m"] = {**asked, "required": "O", "at": "5"}
    operation["reply"]["fields"]["m"] = {**received, "at": "5"}
    message = f"{name!r} is asked for 'm', and nothing says that 'm' of its records says it again"
    found = [note for note in notes(tree) if note[0] == "echo-unsaid"]
    assert found == ([("echo-unsaid", message)] if is_noted else [])


@pytest.mark.parametrize(
    ("wire", "is_noted"), [("nextPage", True), ("total_count", True), ("status", False)]
)
def test_a_field_of_pages_that_no_paging_tells_of_is_noted(wire: str, is_noted: bool) -> None:
    beside = {wire: {"name": "said_beside", "type": "integer", "at": "5"}}
    tree = put(base(), ("operations", "list_readings", "reply", "beside"), beside)
    assert [code for code, _ in notes(tree)] == (["paging-unsaid"] if is_noted else [])


def test_a_secret_in_an_address_is_noted_once() -> None:
    message = "the secret 'key' travels in the query of requests"
    assert notes(carried("query")) == [("secret-in-address", message)]
    assert notes(carried("query", secret="no")) == []


def test_a_position_has_no_label_to_be_decided() -> None:
    fields = ("operations", "list_readings", "reply", "fields")
    instant = {"start": "start", "position": "number", "step": "PT1H"}
    tree = put(base(), (*fields, "start"), {
        "name": "start", "type": "datetime", "format": "rfc3339", "at": "6",
    })  # fmt: skip
    tree = put(tree, (*fields, "number"), {"name": "number", "type": "integer", "at": "6"})
    energy = {"name": "wh", "type": "decimal", "at": "6", "instant": instant}
    assert notes(put(tree, (*fields, "wh"), energy)) == []


def test_a_label_of_which_nobody_knows_what_it_marks_is_noted() -> None:
    fields = ("operations", "list_readings", "reply", "fields")
    instant = {"day": "day", "time": "time", "step": "PT1H", "label_marks": "undecided"}
    tree = put(base(), (*fields, "day"), {
        "name": "day", "type": "date", "format": "yyyymmdd", "at": "6",
    })  # fmt: skip
    tree = put(tree, (*fields, "time"), {
        "name": "time", "type": "time", "format": "hhmi", "at": "6",
    })  # fmt: skip
    undecided = put(tree, (*fields, "energy", "instant"), instant)
    assert [code for code, _ in notes(undecided)] == ["label-undecided"]
    decided = put(undecided, (*fields, "energy", "instant", "label_marks"), "end")
    assert notes(decided) == []


def test_a_note_is_printed_where_a_system_is_named_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "specs" / "demo"
    folder.mkdir(parents=True)
    (folder / "interface.yaml").write_bytes(yaml_of(carried("query")))
    assert main(["check", "demo"]) == 0
    first, *_, last = capsys.readouterr().out.splitlines()
    assert "note[secret-in-address]" in first
    assert last == "1 spec checked: no problem, 1 note"
    assert main(["check"]) == 0
    told = "1 spec checked: no problem, 1 note; name a system to read them\n"
    assert capsys.readouterr().out == told
    assert main(["check", "--quiet", "demo"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [note["code"] for note in found["notes"]] == ["secret-in-address"]
    assert found["problems"] == []


def test_a_local_time_of_which_nobody_says_which_hour_it_means_is_noted() -> None:
    stored = {
        "name": "stored_at", "type": "datetime", "format": "dd.MM.yyyy HH:mm", "at": "6",
        "zone": "Europe/Berlin",
    }  # fmt: skip
    field = ("operations", "list_readings", "reply", "fields", "stored")
    tree = put(base(), field, stored)
    assert [code for code, _ in notes(tree)] == ["hour-undecided"]
    for key, value in {
        "repeated": "first",
        "zone": "Asia/Seoul",
        "pattern": "dd.MM.yyyy HH:mm{A|B}",
        "format": "dd.MM.yyyy HH:mmXXX",
    }.items():
        assert notes(put(tree, field, {**stored, key: value})) == []


@pytest.mark.parametrize(
    ("header", "more", "is_noted"),
    [
        ({}, {}, True),
        ({"presence": "optional", "observed": "N1"}, {}, False),
        ({"element": "header"}, {}, False),
        ({}, {"success": {"code": ["0"]}}, False),
        ({}, {"cases": [{"when": {"code": ["0"]}, "error": "none", "en": "x", "at": "5"}]}, False),
    ],
)
def test_a_code_that_only_failures_have_is_noted_where_a_success_has_to_have_it(
    header: Tree, more: Tree, is_noted: bool
) -> None:
    code = {"name": "code", "type": "text", "at": "4"}
    envelope = {
        "header": {"element": ".", "at": "4", "fields": {"code": code}, **header},
        "code": "code",
        "errors": {"7": {"error": "busy", "en": "busy", "at": "5"}},
        "at": "4",
        **more,
    }
    tree = put(base(), ("envelopes",), {"common": envelope})
    (name, *_) = tree["operations"]
    tree = put(tree, ("operations", name, "envelope"), "common")
    message = (
        "nothing says that a success has 'code', and each without it is a deviation "
        "(`missing-field`)"
    )
    found = [note for note in notes(tree) if note[0] == "code-expected"]
    assert found == ([("code-expected", message)] if is_noted else [])

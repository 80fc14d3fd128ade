"""Validators judge what is around a payload and beside it: headers, failures, containers."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ..support import Tree, put, without
from .packages import OPERATION, Made, make, spec

FIELDS = {
    "code": {"name": "code", "en": "code", "type": "text", "at": "15"},
    "text": {"name": "message", "en": "text", "type": "text", "at": "16"},
}


def verdict(element: str, **about: Tree) -> Tree:
    header = {"element": element, "at": "14", "fields": FIELDS, **about}
    return {
        "header": header,
        "success": {"code": ["0"]},
        "code": "code",
        "message": "text",
        "at": "14",
    }


def listed(**about: Any) -> Tree:
    fields = {
        "id": {"name": "number", "en": "number", "type": "text", "at": "8"},
        "amount": {
            "name": "amount_kwh",
            "en": "amount",
            "type": "decimal",
            "unit": "kWh",
            "at": "9",
        },
    }
    known = {"element": "rows", "at": "5", **about.pop("list", {})}
    return {"record": "Thing", "list": known, "fields": fields, **about}


def failing(**about: Tree) -> Tree:
    fields = {
        "message": {"name": "words", "en": "words", "type": "text", "at": "15"},
        "code": {"name": "code", "en": "code", "type": "text", "under": ["more", "inner"],
                 "presence": "optional", "at": "16"},
        "kind": {"name": "kind", "en": "kind", "type": "text", "under": "about", "at": "17"},
    }  # fmt: skip
    return {
        "header": {"element": "errors", "at": "14", "fields": fields, **about},
        "partial": {"en": "a part that failed", "at": "14"},
        "message": "message",
        "at": "14",
    }


def with_verdict(envelope: Tree, reply: Tree) -> Tree:
    return spec(envelopes={"result": envelope}, envelope="result", reply=reply)


ROWS = [{"id": "1", "amount": 2}]
HEAD = {"code": "0", "text": ""}
ERROR = {"message": "x", "more": {"inner": {"code": "7"}}, "about": {"kind": "k"}}

BESIDE = {
    "count": {"name": "count", "en": "count", "type": "integer", "under": "meta", "at": "18"},
    "size": {"name": "size", "en": "size", "type": "integer", "under": ["meta", "page"],
             "presence": "optional", "at": "19"},
    "at": {"name": "at", "en": "next", "type": "text", "under": ["links", "next"],
           "presence": "optional", "at": "20"},
}  # fmt: skip

# Each with a message that is as the document says.
REPLIES: dict[str, tuple[Tree, Any]] = {
    "arrays": (
        spec(reply=listed(under="data", list={"layout": "arrays"})),
        {"data": {"rows": [["1", 2]]}},
    ),
    "columns": (
        spec(reply=listed(list={"element": ".", "layout": "columns"})),
        {"id": ["1", "2"], "amount": [2, 3]},
    ),
    "keyed": (spec(reply=listed(list={"keyed_by": "id"})), {"rows": {"1": {"amount": 2}}}),
    "apart": (with_verdict(verdict("head"), listed()), {"head": HEAD, "rows": ROWS}),
    "deep": (
        with_verdict(verdict("head", under=["a", "b"]), listed()),
        {"a": {"b": {"head": HEAD}}, "rows": ROWS},
    ),
    "open": (
        with_verdict(verdict("head", presence="optional"), listed()),
        {"head": HEAD, "rows": ROWS},
    ),
    "joined": (
        with_verdict(verdict("head", under=["data", "b"]), listed(under="data")),
        {"data": {"b": {"head": HEAD}, "rows": ROWS}},
    ),
    "around": (
        with_verdict(verdict("data"), listed(under="data")),
        {"data": {**HEAD, "rows": ROWS}},
    ),
    "root": (
        with_verdict(verdict("."), listed(under="data")),
        {**HEAD, "data": {"rows": ROWS}},
    ),
    "beside": (
        spec(reply=listed(beside=BESIDE)),
        {"rows": ROWS, "meta": {"count": 1, "page": {"size": 2}}, "links": {"next": {"at": "x"}}},
    ),
    "failing": (with_verdict(failing(), listed()), {"rows": ROWS, "errors": [ERROR]}),
    "within": (
        with_verdict(failing(under="b"), listed(under="data")),
        {"data": {"rows": ROWS}, "b": {"errors": [ERROR]}},
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    return {
        name: make(tree, tmp_path_factory.mktemp(name), name) for name, (tree, _) in REPLIES.items()
    }


def told(made: dict[str, Made], name: str, message: Any) -> list[str]:
    check = made[name].validators.check_list_readings_reply
    return [f"{one.path} {one.rule}" for one in check(message, format="json")]


@pytest.mark.parametrize("name", REPLIES)
def test_a_message_that_is_as_the_document_says_has_no_problem(
    made: dict[str, Made], name: str
) -> None:
    assert told(made, name, REPLIES[name][1]) == []


MISSING: list[tuple[str, tuple[str | int, ...], list[str]]] = [
    ("arrays", ("data",), ["payload required"]),
    ("arrays", ("data", "rows"), ["payload.records required"]),
    ("arrays", ("data", "rows", 0), []),
    ("arrays", ("data", "rows", 0, 1), ["payload.records[0].amount_kwh missing-field"]),
    ("keyed", ("rows",), ["records required"]),
    ("keyed", ("rows", "1"), []),
    ("keyed", ("rows", "1", "amount"), ["records[0].amount_kwh missing-field"]),
    ("apart", ("head",), ["header required"]),
    ("apart", ("head", "code"), ["header.code missing-field"]),
    ("apart", ("rows",), ["records required"]),
    ("open", ("head",), []),
    ("open", ("head", "code"), ["header.code missing-field"]),
    ("deep", ("a",), ["header required"]),
    ("deep", ("a", "b"), ["header.header required"]),
    ("deep", ("a", "b", "head"), ["header.header.header required"]),
    ("deep", ("a", "b", "head", "text"), ["header.header.header.message missing-field"]),
    ("deep", ("rows",), ["records required"]),
    ("joined", ("data",), ["payload required"]),
    ("joined", ("data", "b"), ["payload.header required"]),
    ("joined", ("data", "b", "head"), ["payload.header.header required"]),
    ("joined", ("data", "rows"), ["payload.records required"]),
    ("around", ("data", "code"), ["payload.code missing-field"]),
    ("around", ("data", "rows"), ["payload.records required"]),
    ("root", ("code",), ["code missing-field"]),
    ("root", ("data",), ["payload required"]),
    ("beside", ("meta",), ["beside required"]),
    ("beside", ("meta", "count"), ["beside.count missing-field"]),
    ("beside", ("meta", "page"), []),
    ("beside", ("links",), []),
    ("beside", ("links", "next"), []),
    ("failing", ("errors",), []),
    ("failing", ("errors", 0, "message"), ["failures[0].words missing-field"]),
    ("failing", ("errors", 0, "more"), []),
    ("failing", ("errors", 0, "more", "inner"), []),
    ("failing", ("errors", 0, "about"), ["failures[0].header required"]),
    ("failing", ("errors", 0, "about", "kind"), ["failures[0].header.kind missing-field"]),
    ("within", ("b",), []),
    ("within", ("b", "errors"), []),
    ("within", ("b", "errors", 0, "message"), ["beside.failures[0].words missing-field"]),
    ("within", ("data",), ["payload required"]),
]


@pytest.mark.parametrize(("name", "place", "problems"), MISSING)
def test_what_must_be_there_is_missed_in_its_place(
    made: dict[str, Made], name: str, place: tuple[str | int, ...], problems: list[str]
) -> None:
    assert told(made, name, without(REPLIES[name][1], place)) == problems


@pytest.mark.parametrize(("name", "place", "problems"), MISSING)
def test_schemas_miss_what_validators_miss(
    made: dict[str, Made], name: str, place: tuple[str | int, ...], problems: list[str]
) -> None:
    files = made[name].files
    schema = json.loads(files[f"schemas/{name}/list_readings.reply.schema.json"])
    assert Draft202012Validator(schema).is_valid(REPLIES[name][1])
    message = without(REPLIES[name][1], place)
    assert Draft202012Validator(schema).is_valid(message) is (problems == [])


def test_a_list_of_failures_may_be_one_element_in_xml_alone(tmp_path: Path) -> None:
    reply = listed(
        root={"element": "reply", "at": "5"}, item={"element": "row", "at": "5"}
    )  # fmt: skip
    tree = put(with_verdict(failing(), reply), (*OPERATION, "formats"), ["json", "xml"])
    check = make(tree, tmp_path, "single").validators.check_list_readings_reply
    failure = {"message": "x", "about": {"kind": "k"}}
    rows = {"row": ROWS}
    assert check({"rows": rows, "errors": failure}, format="xml") == []
    assert check({"rows": rows, "errors": [failure, failure]}, format="xml") == []
    found = check({"rows": rows, "errors": failure}, format="json")
    assert "failures wrong-type" in [f"{one.path} {one.rule}" for one in found]


@pytest.mark.parametrize("envelope", [verdict("head"), failing()], ids=["header", "failures"])
@pytest.mark.parametrize("formats", [["json"], ["xml"]], ids=lambda formats: formats[0])
def test_a_check_of_one_format_alone_compares_no_formats(
    tmp_path: Path, envelope: dict[str, Any], formats: list[str]
) -> None:
    reply = listed(
        under="data", root={"element": "reply", "at": "5"}, item={"element": "row", "at": "5"}
    )
    tree = put(with_verdict(envelope, reply), (*OPERATION, "formats"), list(formats))
    made = make(tree, tmp_path, f"alone_{formats[0]}")
    assert "if format ==" not in made.files["validators.py"]
    rows = ROWS if formats == ["json"] else {"row": ROWS}
    head = {} if "partial" in envelope else {"head": HEAD}
    assert (
        made.validators.check_list_readings_reply(
            {"data": {"rows": rows}, **head}, format=formats[0]
        )
        == []
    )

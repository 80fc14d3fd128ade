"""Every place with every source, every encoding and every format, read back with other tools."""

import json
from base64 import b64decode
from collections.abc import Mapping
from decimal import Decimal
from email import message_from_bytes, policy
from http.cookies import SimpleCookie
from itertools import product
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import etree
from msgspec import field
from msgspec.structs import replace
from tests.generated_packages import load_package

from gridwright_runtime.interface import (
    Argument,
    Basic,
    BodySpec,
    FormatWord,
    Hole,
    NewId,
    Now,
    Operation,
    Part,
    Serial,
    ServiceName,
    Text,
)
from gridwright_runtime.message import HttpRequest
from gridwright_runtime.record import Record

from .support import NOW, body_of, drafted

ENCODINGS = ("none", "form", "json", "xml", "multipart_form", "soap")
FORMATS: tuple[Literal["json", "xml"], ...] = ("json", "xml")
PLACES = ("path", "query", "header", "cookie", "body", "soap_header")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
CREDENTIALS = {"key": "K-1", "user": "u", "password": "p:w"}
OPTIONS = {"station": "S-1"}
RESULTS = {"login": {"token": "T-1"}}
SOURCES: Mapping[str, tuple[Any, str]] = {
    "argument": (Argument("extra"), "A-1"),
    "constant": (Text(("C-1",)), "C-1"),
    "credential": (Text((Hole("credential", "key"),)), "K-1"),
    "template": (Text(("Bearer-", Hole("credential", "key"))), "Bearer-K-1"),
    "option": (Text((Hole("option", "station"),)), "S-1"),
    "step": (Text((Hole("step", "login", "token"),)), "T-1"),
    "step template": (Text(("t=", Hole("step", "login", "token"))), "t=T-1"),
    "new id": (NewId(), "7f1c"),
    "serial": (Serial(), "41"),
    "now": (Now("yyyymmddhhmi", "Asia/Seoul"), "202410021204"),
    "service name": (ServiceName(), "ServiceOne"),
    "format word": (FormatWord({"json": "as-json", "xml": "as-xml"}), ""),
    "basic": (
        Basic(user=Text((Hole("credential", "user"),)), password=Text(("p:w",))),
        "Basic dTpwOnc=",
    ),
}


_SPEC = Path(__file__).with_name("combinations.yaml").read_bytes()
_models, _operations = load_package(_SPEC, "combining_apis.sample", "models", "operations")
Arguments, WithExtra = _models.Arguments, _models.WithExtra
OnlyExtra = _models.AskLittleRequest


def operation(
    encoding: str, parts: tuple[Part, ...], model: Any, method: str = "POST", under: Any = ()
) -> Operation[Any]:
    """Return the question, its parts, body and arguments varied."""
    is_soap = encoding == "soap"
    asked: Operation[Any] = _operations.ASK_IN_SOAP if is_soap else _operations.ASK
    body = asked.request.body if is_soap else None
    if encoding not in ("none", "soap"):
        encodings: Any = dict.fromkeys(FORMATS, encoding)
        body = BodySpec(encodings=encodings, root="root", under=under)
    request = replace(
        asked.request, model=model, check=lambda record, path: [], parts=parts, body=body
    )
    path = "/a/{part}" if any(part.place == "path" for part in parts) else "/a"
    return replace(
        asked, wire_name="ServiceOne", method=method, path=path, request=request,
        reply=_operations.ASK.reply,
    )  # fmt: skip


def sent(asked: Operation[Any], arguments: Record, format: str) -> HttpRequest:
    draft = drafted(asked, arguments, format=format, credentials=CREDENTIALS, options=OPTIONS)
    return draft.request(results=RESULTS, now=NOW, serial="41")


# Reading back, with nothing of ours


def decoded(encoding: str, request: HttpRequest) -> Any:
    body, content_type = body_of(request), dict(request.headers)["Content-Type"]
    match encoding:
        case "form":
            assert content_type == "application/x-www-form-urlencoded; charset=UTF-8"
            return {k: v if len(v) > 1 else v[0] for k, v in parse_qs(body.decode()).items()}
        case "json":
            assert content_type == "application/json"
            return json.loads(body, parse_float=Decimal)
        case "xml":
            assert content_type.startswith("application/xml")
            root = etree.fromstring(body)
            assert root.tag == "root"
            return _tree(root)
        case "multipart_form":
            return _form(content_type, body)
    return _tree(_envelope(request)[1][0])


def _tree(found: Any) -> Any:
    if not len(found):
        return found.text or ""
    tree: dict[str, Any] = {}
    for child in found:
        name = etree.QName(child).localname
        value = _tree(child)
        if name in tree:
            value = [*(tree[name] if isinstance(tree[name], list) else [tree[name]]), value]
        tree[name] = value
    return tree


def _message(content_type: str, body: bytes) -> Any:
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    return message_from_bytes(head + body, policy=policy.HTTP)


def _form(content_type: str, body: bytes) -> Any:
    found: dict[str, Any] = {}
    for part in _message(content_type, body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        text = part.get_payload(decode=True).decode()
        value = json.loads(text) if part.get_content_type() == "application/json" else text
        if name in found:
            value = [*(found[name] if isinstance(found[name], list) else [found[name]]), value]
        found[name] = value
    return found


def _envelope(request: HttpRequest) -> Any:
    content_type = dict(request.headers)["Content-Type"]
    [root] = _message(content_type, body_of(request)).iter_parts()
    return etree.fromstring(root.get_payload(decode=True))


def found_at(place: str, encoding: str, request: HttpRequest) -> Any:
    address = urlsplit(request.full_url)
    match place:
        case "path":
            return unquote(address.path.removeprefix("/a/"))
        case "query":
            [value] = parse_qs(address.query)["part"]
            return value
        case "header":
            return dict(request.headers)["part"]
        case "cookie":
            return SimpleCookie(dict(request.headers)["Cookie"])["part"].value
        case "soap_header":
            return _tree(_envelope(request)[0][0])["part"]
    tree = decoded(encoding, request)
    return tree["part"]


def _cells() -> list[Any]:
    cells = []
    for place, name, encoding, format in product(PLACES, SOURCES, ENCODINGS, FORMATS):
        if place == "soap_header" and encoding != "soap":
            continue  # there is no such header without an envelope
        if place == "body" and encoding == "none":
            continue  # there is no body
        if place == "cookie" and name == "basic":
            continue  # a cookie has no blanks
        cells.append(pytest.param(place, name, encoding, format))
    return cells


@pytest.mark.parametrize(("place", "source", "encoding", "format"), _cells())
def test_a_part_arrives_wherever_it_comes_from_and_goes_to(
    place: Any, source: str, encoding: str, format: Any
) -> None:
    what, expected = SOURCES[source]
    parts = [Part(wire="part", place=place, source=what)]
    is_argument = source == "argument"
    model: Any = WithExtra if is_argument else Arguments
    given: dict[str, Any] = {"name": "日本 <&> +%", "amount": Decimal("1E+2")}
    if encoding == "none":
        model, given = OnlyExtra, {}
    if is_argument:
        given["extra"] = "A-1"
    elif encoding == "none":
        parts.append(Part(wire="other", place="query", source=Argument("extra")))
    request = sent(operation(encoding, tuple(parts), model), model(**given), format)
    assert found_at(place, encoding, request) == (expected or f"as-{format}")
    if encoding == "none":
        assert request.body is None
        return
    tree = decoded(encoding, request)
    assert tree["name"] == "日本 <&> +%"
    assert Decimal(tree["amount"]) == 100
    assert ("part" in tree) == (place == "body")
    assert "extra" not in tree


@pytest.mark.parametrize("encoding", ["form", "json", "xml", "multipart_form"])
@pytest.mark.parametrize("method", METHODS)
def test_any_method_may_have_a_body(method: str, encoding: str) -> None:
    request = sent(operation(encoding, (), Arguments, method), Arguments(name="a"), "json")
    assert request.method == method
    assert decoded(encoding, request) == {"name": "a"}


@pytest.mark.parametrize("method", METHODS)
def test_any_method_may_have_none(method: str) -> None:
    parts = (Part(wire="part", place="query", source=Argument("extra")),)
    request = sent(operation("none", parts, OnlyExtra, method), OnlyExtra(extra="1"), "json")
    assert (request.method, request.body) == (method, None)
    assert "Content-Type" not in dict(request.headers)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("encoding", ["json", "xml"])
def test_a_part_may_stand_in_a_container_of_its_own_and_in_a_list_of_pairs(
    encoding: str, source: str
) -> None:
    what, expected = SOURCES[source]
    parts = (
        Part(wire="part", place="body", source=what, under=("auth", "inner")),
        Part(wire="A", place="body", source=Text(("1",)), under=("head",), pair=("k", "v")),
        Part(wire="B", place="body", source=Text(("2",)), under=("head",), pair=("k", "v")),
    )
    model: Any = WithExtra if source == "argument" else Arguments
    given = {"extra": "A-1"} if source == "argument" else {}
    asked = operation(encoding, parts, model, under=("data", "ask"))
    tree = decoded(encoding, sent(asked, model(name="a", **given), "json"))
    assert tree == {
        "auth": {"inner": {"part": expected or "as-json"}},
        "head": [{"k": "A", "v": "1"}, {"k": "B", "v": "2"}],
        "data": {"ask": {"name": "a"}},
    }
    assert list(tree) == ["auth", "head", "data"]


@pytest.mark.parametrize("encoding", ["form", "multipart_form"])
def test_a_container_in_a_form_is_a_text_in_json(encoding: str) -> None:
    parts = (Part(wire="key", place="body", source=Text(("1",)), under=("auth",)),)
    request = sent(operation(encoding, parts, Arguments), Arguments(name="a"), "json")
    tree = decoded(encoding, request)
    auth = json.loads(tree["auth"]) if encoding == "form" else tree["auth"]
    assert (auth, tree["name"]) == ({"key": "1"}, "a")


@pytest.mark.parametrize("encoding", ["json", "xml", "form", "multipart_form"])
def test_a_part_among_the_arguments_comes_behind_them(encoding: str) -> None:
    parts = (Part(wire="key", place="body", source=Text(("1",))),)
    request = sent(operation(encoding, parts, Arguments), Arguments(name="a"), "json")
    assert list(decoded(encoding, request)) == ["name", "key"]


@pytest.mark.parametrize("encoding", ["form", "json", "xml", "multipart_form"])
def test_a_list_repeats_its_name_or_is_a_list(encoding: str) -> None:
    request = sent(operation(encoding, (), Arguments), Arguments(name="a", numbers=[1, 2]), "json")
    found = decoded(encoding, request)["numbers"]
    assert [int(number) for number in found] == [1, 2]


@pytest.mark.parametrize(
    ("place", "expected"),
    [("query", ["1", "2"]), ("header", ["1", "2"]), ("cookie", ["part=1; part=2"])],
)
def test_a_list_of_arguments_repeats_its_name(place: Any, expected: list[str]) -> None:
    parts = (Part(wire="part", place=place, source=Argument("numbers")),)
    request = sent(operation("json", parts, Arguments), Arguments(name="a", numbers=[1, 2]), "json")
    if place == "query":
        found = parse_qs(urlsplit(request.full_url).query)["part"]
    else:
        name = "Cookie" if place == "cookie" else "part"
        found = [value for key, value in request.headers if key == name]
    assert found == expected
    assert decoded("json", request) == {"name": "a"}


def test_one_wire_name_may_stand_in_every_place_at_once() -> None:
    class Ids(Record, frozen=True, kw_only=True):
        in_path: int = field(name="id@path")
        in_query: int = field(name="id@query")
        in_header: int = field(name="id@header")
        in_cookie: int = field(name="id@cookie")
        in_body: int = field(name="id")

    places: tuple[Any, ...] = ("path", "query", "header", "cookie")
    parts = tuple(
        Part(wire="part", place=place, source=Argument(f"id@{place}")) for place in places
    )
    arguments = Ids(in_path=1, in_query=2, in_header=3, in_cookie=4, in_body=5)
    request = sent(operation("json", parts, Ids), arguments, "json")
    found = [found_at(part.place, "json", request) for part in parts]
    assert found == ["1", "2", "3", "4"]
    assert decoded("json", request) == {"id": 5}


def test_an_argument_may_be_called_otherwise_in_the_body() -> None:
    parts = (Part(wire="part", place="body", source=Argument("name")),)
    request = sent(
        operation("json", parts, Arguments), Arguments(name="a", amount=Decimal(1)), "json"
    )
    assert decoded("json", request) == {"amount": 1, "part": "a"}


@pytest.mark.parametrize(("format", "encoding"), [("json", "form"), ("xml", "xml")])
def test_the_encoding_may_follow_the_format(format: Any, encoding: str) -> None:
    body = BodySpec(encodings={"json": "form", "xml": "xml"}, root="root")
    asked = operation("json", (), Arguments)
    asked = replace(asked, request=replace(asked.request, body=body))
    request = sent(asked, Arguments(name="a"), format)
    assert decoded(encoding, request) == {"name": "a"}


def test_basic_authentication_is_read_back_and_hidden() -> None:
    what, _expected = SOURCES["basic"]
    parts = (Part(wire="Authorization", place="header", source=what),)
    request = sent(operation("json", parts, Arguments), Arguments(name="a"), "json")
    encoded = dict(request.headers)["Authorization"].removeprefix("Basic ")
    assert b64decode(encoded) == b"u:p:w"
    assert encoded in request.sensitive

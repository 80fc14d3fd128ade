"""Every form of one part goes with every form of every other: place, encoding, shape, verdict."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import httpx2
import pytest
from lxml import etree
from msgspec import field

from gridwright_runtime.interface import (
    BodySpec,
    Credential,
    Encoding,
    Format,
    Operation,
    Part,
    ReplySpec,
    RequestSpec,
    Shape,
    System,
    Verdict,
)
from gridwright_runtime.mock.world import Answer, Question, Refusal
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.validation import RecordValidator

from .support import FixedWorld, argument, credential, http, make, operation

PLACES = ("path", "query", "header", "cookie", "json", "xml", "form", "multipart_form", "none")
SHAPES: tuple[Shape, ...] = ("record", "list", "value", "none")
PATHS: tuple[tuple[str, ...], ...] = ((), ("data",), ("outer", "inner"))
VERDICTS: Mapping[str, Verdict | None] = {
    "none": None,
    "root": Verdict(code="code", message="text", success={"code": ("0",)}),
    "header": Verdict(
        under=("head", "result"), code="code", message="text", success={"code": ("0",)}
    ),
    "failure-alone": Verdict(formats=(), code="code", message="text", success={"code": ("0",)}),
    "in-list": Verdict(
        formats=(), code="code", message="text", success={"code": ("0",)}, in_list=True
    ),
}
FORMATS: tuple[Format, ...] = ("json", "xml")
KEYS = ("open", "header", "query")


class Asked(Record, frozen=True, kw_only=True):
    meter: str = field(name="meterNo")


class Found(Record, frozen=True, kw_only=True):
    meter: str | None = field(name="meterNo", default=None)


class Value(Record, frozen=True, kw_only=True):
    value: str | None = field(name=".")


class NothingAsked(Record, frozen=True, kw_only=True):
    pass


def check_asked(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.text("meterNo", "meter", "", "", max_characters=8, required=True)
    return validator.problems()


def check_nothing(record: Mapping[str, object], path: str = "") -> list[Problem]:
    return RecordValidator(record, path).problems()


def check_found(record: Mapping[str, object], path: str = "") -> list[Problem]:
    return []


def request_of(place: str, key: str) -> RequestSpec:
    parts: list[Part] = []
    if key != "open":
        parts.append(Part(wire="x-key", place=key, source=credential("api_key")))  # type: ignore[arg-type]  # a place
    if place in ("path", "query", "header", "cookie"):
        parts.append(argument("meterNo", place))  # type: ignore[arg-type]  # a place
        return RequestSpec(model=Asked, check=check_asked, parts=tuple(parts))
    if place == "none":
        return RequestSpec(model=NothingAsked, check=check_nothing, parts=tuple(parts))
    encoding: Encoding = place  # type: ignore[assignment]  # the rest are encodings
    body = BodySpec(encodings=dict.fromkeys(FORMATS, encoding), root="ask")
    return RequestSpec(model=Asked, check=check_asked, parts=tuple(parts), body=body)


def reply_of(shape: Shape, path: tuple[str, ...], format: Format) -> ReplySpec[Any]:
    model = {"none": None, "value": Value}.get(shape, Found)
    item = "row" if shape == "list" and format == "xml" else ""
    return ReplySpec(
        model=model,
        shape=shape,
        formats={format: ()},
        payload=() if shape == "none" else path,
        root="reply",
        item=item,
        check=check_found,
    )


PAYLOADS: Mapping[str, object] = {
    "record": {"meter": "M-1"},
    "list": [{"meter": "M-1"}, {"meter": "M-2"}],
    "value": "M-1",
    "none": None,
}


def built(
    place: str, key: str, shape: Shape, path: tuple[str, ...], verdict: str, format: Format
) -> Operation[Any]:
    in_body = place in ("json", "xml", "form", "multipart_form")
    return operation(
        "matrix",
        "ask",
        "POST" if in_body else "GET",
        "/ask/{meterNo}" if place == "path" else "/ask",
        kind="read",
        request=request_of(place, key),
        reply=reply_of(shape, path, format),
        verdict=VERDICTS[verdict],
    )


def send(app: Any, place: str, key: str) -> httpx2.Response:
    """Send a request by hand."""
    more: dict[str, Any] = {"headers": {}, "params": {}}
    if key == "header":
        more["headers"]["x-key"] = "demo-api-key"
    if key == "query":
        more["params"]["x-key"] = "demo-api-key"
    address, method = "/ask", "GET"
    match place:
        case "path":
            address = "/ask/M-1"
        case "query":
            more["params"]["meterNo"] = "M-1"
        case "header":
            more["headers"]["meterNo"] = "M-1"
        case "cookie":
            more["headers"]["cookie"] = "meterNo=M-1"
        case "json":
            method, more["json"] = "POST", {"meterNo": "M-1"}
        case "xml":
            method, more["content"] = "POST", b"<ask><meterNo>M-1</meterNo></ask>"
            more["headers"]["content-type"] = "application/xml"
        case "form":
            method, more["data"] = "POST", {"meterNo": "M-1"}
        case "multipart_form":
            method, more["content"] = "POST", _MULTIPART
            more["headers"]["content-type"] = "multipart/form-data; boundary=edge"
    with http(app) as client:
        return client.request(method, address, **more)


_MULTIPART = b'--edge\r\nContent-Disposition: form-data; name="meterNo"\r\n\r\nM-1\r\n--edge--\r\n'
SYSTEM = System(name="matrix", credentials=(Credential(name="api_key", environment="K"),))


class Echo(FixedWorld):
    """Answers with its payload, or says no."""

    def __init__(self, payload: object, *, refuses: bool) -> None:
        super().__init__(payload)
        if refuses:
            self.found = Refusal("rule", "E7", "mock: no")

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        return super().answer(operation, question)


def texts_at(body: bytes, format: Format, path: tuple[str, ...], shape: str) -> list[str]:
    """Return the numbers of meters that stand where the payload has to."""
    if format == "json":
        found: Any = httpx2.Response(200, content=body).json()
        for step in path:
            found = found[step]
        rows = found if shape == "list" else [found]
        return rows if shape == "value" else [row["meterNo"] for row in rows]
    root = etree.fromstring(body)
    assert root.tag == "reply"
    holder = root.find("/".join(path)) if path else root
    assert holder is not None
    if shape == "value":
        return [holder.text or ""]
    rows = holder.findall("row") if shape == "list" else [holder]
    return [row.findtext("meterNo") or "" for row in rows]


def said_by(body: bytes, format: Format, verdict: Verdict) -> dict[str, str]:
    """Return code and text of a verdict, where it is."""
    names = ("code", "text")
    if format == "json":
        found: Any = httpx2.Response(200, content=body).json()
        for step in verdict.under:
            found = found[step]
        return {name: found[name] for name in names if name in found}
    root = etree.fromstring(body)
    path = "/".join((*verdict.under, ""))
    return {name: text for name in names if (text := root.findtext(f"{path}{name}")) is not None}


def may_be(shape: str, path: tuple[str, ...], verdict: str) -> bool:
    """Say whether a combination means anything."""
    is_bare = not path and shape in ("list", "value")
    # Beside a list or a value that is the whole body nothing can stand.
    return not (is_bare and verdict in ("root", "header")) and (
        verdict != "in-list" or shape == "list"
    )


CELLS = [
    (shape, path, verdict, format)
    for shape, path, verdict, format in product(SHAPES, PATHS, VERDICTS, FORMATS)
    if may_be(shape, path, verdict)
]


@pytest.mark.parametrize(("shape", "path", "verdict", "format"), CELLS)
def test_every_answer_stands_in_its_place_whatever_the_request(
    shape: Shape, path: tuple[str, ...], verdict: str, format: Format
) -> None:
    for place, key in product(PLACES, KEYS):
        world = Echo(PAYLOADS[shape], refuses=False)
        app = make(SYSTEM, [built(place, key, shape, path, verdict, format)], world=world)
        response = send(app, place, key)
        assert response.is_success, (place, key, response.text)
        if place != "none":
            assert world.arguments == {"meter": "M-1"}
        known = VERDICTS[verdict]
        if known is not None and known.formats:
            assert said_by(response.content, format, known)["code"] == "0"
        if shape != "none":
            expected = ["M-1", "M-2"] if shape == "list" else ["M-1"]
            assert texts_at(response.content, format, path, shape) == expected


@pytest.mark.parametrize(("shape", "path", "verdict", "format"), CELLS)
def test_every_refusal_is_said_where_the_document_has_it(
    shape: Shape, path: tuple[str, ...], verdict: str, format: Format
) -> None:
    known = VERDICTS[verdict]
    for place in PLACES:
        world = Echo(PAYLOADS[shape], refuses=True)
        app = make(SYSTEM, [built(place, "open", shape, path, verdict, format)], world=world)
        response = send(app, place, "open")
        if known is None:
            assert (response.status_code, "E7: no" in response.text) == (400, True)
            continue
        assert response.status_code == 200
        if known.in_list:
            assert "E7" in response.text
            assert "M-1" not in response.text
            continue
        said = said_by(response.content, format, known)
        assert said == {"code": "E7", "text": "mock: no"}
        assert "M-1" not in response.text


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ("none", "path")])
def test_a_value_that_is_not_as_documented_is_refused_in_every_place(place: str) -> None:
    for verdict in ("none", "root"):
        app = make(SYSTEM, [built(place, "open", "record", ("data",), verdict, "json")])
        with http(app) as client:
            response = client.request(
                "GET" if place in ("query", "header", "cookie") else "POST", "/ask"
            )
        if place in ("json", "xml", "form", "multipart_form"):
            assert response.status_code == 415  # nothing came
            continue
        assert (response.status_code == 200) == (verdict == "root")
        assert "mock-2001" in response.text


@pytest.mark.parametrize(("key", "verdict"), list(product(("header", "query"), ("none", "root"))))
def test_a_request_without_its_key_is_refused_in_the_form_of_the_operation(
    key: str, verdict: str
) -> None:
    for shape, format in product(SHAPES, FORMATS):
        app = make(SYSTEM, [built("none", key, shape, ("data",), verdict, format)])
        response = send(app, "none", "open")
        assert response.status_code == (200 if verdict == "root" else 401)
        assert "mock-1001" in response.text

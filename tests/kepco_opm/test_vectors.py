"""The wire as data: what a call becomes, and what a body means. See tests/vectors/README.md."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette
from tests.vector_files import VectorFiles

from gridwright_apis.kepco_opm import Client, operations
from gridwright_runtime import errors
from gridwright_runtime.errors import GridwrightError, ProviderError
from gridwright_runtime.interface import Operation
from gridwright_runtime.mock.application import build_application
from gridwright_runtime.mock.world import Answer, Question, Refusal
from gridwright_runtime.values.types import DayOfMonth, Yyyymm, Yyyymmdd

from .support import CALLS, KEY, KINDS, OPERATIONS, Kind, brief, call, model_of, responding

VECTORS = VectorFiles("kepco_opm")
RESPONSE_TIME = "20241010:120700000"
Vector = dict[str, Any]
every_kind = pytest.mark.parametrize("kind", KINDS)


class Saying:
    """A world that always says the same."""

    def __init__(self, answer: Answer | Refusal) -> None:
        self._answer = answer

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        return self._answer

    def response_time(self) -> str:
        return RESPONSE_TIME


def answering(answer: Answer | Refusal) -> Starlette:
    return build_application(
        operations.SYSTEM,
        list(OPERATIONS.values()),
        credentials={"service_key": KEY},
        world=Saying(answer),
    )


def to_argument(name: str, text: str) -> object:
    if name in ("date", "month", "start_date", "end_date"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if name in ("date_time", "hour") else text


def to_values(operation: Operation[Any], record: Vector) -> dict[str, object]:
    """Return a record's values in Python: numbers and days are text in a vector."""
    types = {field.name: field.type for field in msgspec.structs.fields(model_of(operation))}
    return {name: _to_value(get_args(types[name])[0], value) for name, value in record.items()}


def _to_value(kind: object, value: Any) -> object:
    if value is None or kind in (str, int, DayOfMonth):
        return value
    assert kind in (Decimal, Yyyymmdd, Yyyymm)
    return Decimal(value) if kind is Decimal else date.fromisoformat(value)


def test_every_operation_has_vectors_of_both_formats() -> None:
    assert VECTORS.formats() == {
        (name, part, format)
        for name in OPERATIONS
        for part in ("requests", "replies")
        for format in ("json", "xml")
    }


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("requests"))
def test_a_call_becomes_the_request_line(name: str, vector: Vector) -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json={OPERATIONS[name].reply.payload[0]: []})

    arguments = {key: to_argument(key, text) for key, text in vector["arguments"].items()}
    key, format = vector["service_key"], vector["format"]
    with Client(service_key=key, format=format, transport=httpx2.MockTransport(answer)) as client:
        getattr(client, name)(**arguments)
    [request] = sent
    assert f"{request.method} {request.url.raw_path.decode()}" == vector["line"]
    assert request.url.host == "opm.kepco.co.kr"
    assert request.url.port == 11080
    assert request.content == b""


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("replies"))
@every_kind
def test_a_body_means_these_records(name: str, vector: Vector, kind: Kind) -> None:
    operation = OPERATIONS[name]
    asked = _asked(name, vector)
    reply = call(kind, responding(vector["body"]), name, format=vector["format"], **asked)
    assert len(reply.records) == len(vector["records"])
    for record, expected in zip(reply.records, vector["records"], strict=True):
        values = dict.fromkeys(record.__struct_fields__) | to_values(operation, expected)
        assert {name: getattr(record, name) for name in values} == values
    assert brief(reply.deviations) == [" ".join(item) for item in vector["deviations"]]
    for record, readings in zip(reply.records, vector.get("readings", ()), strict=False):
        assert [
            [start.isoformat(), end.isoformat(), value] for start, end, value in record.readings()
        ] == [[start, end, value and Decimal(value)] for start, end, value in readings]


def _asked(name: str, vector: Vector) -> dict[str, Any]:
    """Return the arguments by which a call asks for whom the records of a vector are about."""
    told = {key: text for record in vector["records"] for key, text in record.items() if text}
    return {
        key: told[key]
        for key in ("customer_number", "household_number")
        if key in CALLS[name] and key in told
    }


@pytest.mark.parametrize(
    ("name", "vector"), [p for p in VECTORS.of("replies") if p.values[1]["as_the_mock_writes_it"]]
)
def test_these_records_become_the_body_in_the_mock(name: str, vector: Vector) -> None:
    records = [
        # Missing values of this service are empty texts, in its world too.
        {field: "" if value is None else value for field, value in record.items()}
        for record in (to_values(OPERATIONS[name], record) for record in vector["records"])
    ]
    app = answering(Answer(payload=records))
    reply = call("sync", app, name, format=vector["format"])
    assert reply.raw.body.decode() == vector["body"]


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("failures"))
@every_kind
def test_a_body_means_this_error(name: str, vector: Vector, kind: Kind) -> None:
    expected = vector["error"]
    with pytest.raises(GridwrightError) as caught:
        call(kind, responding(vector["body"]), name, format=vector["format"])
    assert type(caught.value) is getattr(errors, expected["type"])
    found = {key: getattr(caught.value, key) for key in expected if key != "type"}
    if "consent_from" in found:
        found["consent_from"] = found["consent_from"].isoformat()
    assert found == {key: value for key, value in expected.items() if key != "type"}


@pytest.mark.parametrize(
    ("name", "vector"), [p for p in VECTORS.of("failures") if p.values[1]["as_the_mock_writes_it"]]
)
def test_a_refusal_becomes_the_body_in_the_mock(name: str, vector: Vector) -> None:
    app = answering(Refusal("fault", vector["error"]["code"], vector["error"]["text"]))
    with pytest.raises(ProviderError) as caught:
        call("sync", app, name, format=vector["format"])
    assert caught.value.raw is not None
    assert caught.value.raw.body.decode() == vector["body"]

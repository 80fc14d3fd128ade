"""The wire as data: what records become, and what a body means. See tests/vectors/README.md."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import httpx2
import msgspec
import pytest
from tests.vector_files import VectorFiles

from gridwright_apis.epias_ecms import Client
from gridwright_apis.epias_ecms.times import LocalInstant
from gridwright_runtime import errors
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.mock.inventing.values import Inventor
from gridwright_runtime.mock.replies.reply_writer import ReplyWriter
from gridwright_runtime.mock.world import Answer
from gridwright_runtime.record import Record

from .support import (
    FORMATS,
    OPERATIONS,
    PASSWORD,
    USERNAME,
    brief,
    model_of,
    read_body,
    received,
)

VECTORS = VectorFiles("epias_ecms")
Vector = dict[str, Any]


def to_value(kind: Any, value: Any) -> Any:
    """Return a value in Python: decimals and instants are text in a vector, records objects."""
    if value is None:
        return None
    if get_origin(kind) is list:
        return [to_value(get_args(kind)[0], item) for item in value]
    if NoneType in get_args(kind):
        return to_value(next(one for one in get_args(kind) if one is not NoneType), value)
    if issubclass(kind, Record):
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        given = {name: to_value(fields[name].type, item) for name, item in value.items()}
        return kind(**{name: None for name, f in fields.items() if f.required} | given)
    if kind is LocalInstant:
        return datetime.fromisoformat(value)
    assert kind in (str, int, Decimal)
    return Decimal(value) if kind is Decimal else value


def fields_of(record: Record) -> Mapping[str, object]:
    """Return a record as a mock's world gives it."""
    found = {name: getattr(record, name) for name in record.__struct_fields__}
    return {name: _plain(value) for name, value in found.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return fields_of(value) if isinstance(value, Record) else value


def test_every_operation_has_vectors_of_both_formats() -> None:
    assert VECTORS.formats() == {
        (name, part, format)
        for name in OPERATIONS
        for part in ("requests", "replies")
        for format in FORMATS
    }


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("requests"))
def test_arguments_become_the_body(name: str, vector: Vector) -> None:
    operation = OPERATIONS[name]
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.startswith("/cas/"):
            is_login = request.url.path.endswith("/tickets")
            return httpx2.Response(201 if is_login else 200, text="INVENTED-1")
        sent.append(request)
        return httpx2.Response(200, json={"resultCode": "0", "resultType": "SUCCESS", "body": {}})

    payload = to_value(operation.request.model, vector["arguments"])
    transport = httpx2.MockTransport(answer)
    options = {"username": USERNAME, "password": PASSWORD, **vector["options"]}
    with Client(transport=transport, **options) as client:
        arguments = {key: getattr(payload, key) for key in vector["arguments"]}
        how = {"transaction_id": vector["transaction_id"], "format": vector["format"]}
        getattr(client, name)(**arguments, **how)
    [request] = sent
    assert request.content.decode() == vector["body"]
    assert f"{request.method} {request.url.path}" == vector["line"]


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("requests"))
def test_the_body_means_these_arguments(name: str, vector: Vector) -> None:
    operation = OPERATIONS[name]
    found = received(name, vector["body"].encode(), vector["format"])
    assert found.problems == ()
    assert found.pairs["transactionId"] == vector["transaction_id"]
    payload = to_value(operation.request.model, vector["arguments"])
    assert _without_none(found.arguments) == fields_of(payload)


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("replies"))
def test_a_body_means_this_result(name: str, vector: Vector) -> None:
    result = read_body(name, vector["body"].encode(), vector["format"])
    assert result.body == to_value(model_of(name), vector["result"])
    assert (result.code, result.description) == ("0", "OK")
    assert brief(result.deviations) == [" ".join(item) for item in vector["deviations"]]


@pytest.mark.parametrize(
    ("name", "vector"), [p for p in VECTORS.of("replies") if p.values[1]["as_the_mock_writes_it"]]
)
def test_this_result_becomes_the_body_in_the_mock(name: str, vector: Vector) -> None:
    writer = ReplyWriter(OPERATIONS[name], Inventor())
    result = to_value(model_of(name), vector["result"])
    payload = writer.named(Answer(payload=fields_of(result)))
    written = writer.accepted(vector["format"], payload)
    assert written.body("").decode() == vector["body"]


@pytest.mark.parametrize(("name", "vector"), VECTORS.of("failures"))
def test_a_body_means_this_error(name: str, vector: Vector) -> None:
    with pytest.raises(GridwrightError) as caught:
        read_body(name, vector["body"].encode(), vector["format"])
    expected = vector["error"]
    assert type(caught.value) is getattr(errors, expected["type"])
    found = {key: getattr(caught.value, key) for key in expected if key != "type"}
    assert found == {key: value for key, value in expected.items() if key != "type"}

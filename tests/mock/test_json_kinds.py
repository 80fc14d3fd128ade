"""Mocks refuse a value that JSON has as another kind than the document prints."""

import json
from functools import cache
from typing import Any

import httpx2
import pytest
from tests.exchanges.files import EXCHANGES
from tests.generated_packages import load_package

from gridwright_runtime.mock.transport import MockTransport

METER: dict[str, Any] = {
    "meterNo": "7", "level": 1, "smart": True, "active": "true", "load": "1.5", "steps": ["2"],
    "version": 2, "final": True,
}  # fmt: skip


@cache
def mock() -> Any:
    [module] = load_package(EXCHANGES["kinds_in_json"].spec, "mocked_kinds", "mock")
    return module.application()


def status_of(path: str, body: Any) -> int:
    with httpx2.Client(transport=MockTransport(mock())) as sender:
        return sender.post(f"https://api.example.com{path}", json=body).status_code


def test_the_kinds_of_the_document_are_taken() -> None:
    assert status_of("/meters", METER) == 200
    assert status_of("/meters", {**METER, "smart": None, "load": None, "steps": []}) == 200
    assert status_of("/count", ["1", "20"]) == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("meterNo", 7),
        ("level", "1"),
        ("level", True),
        ("smart", "true"),
        ("smart", 1),
        ("active", True),
        ("load", 1.5),
        ("steps", [2]),
        ("version", "2"),
        ("version", 3),
        ("version", True),
        ("final", "true"),
        ("final", False),
    ],
)
def test_another_kind_is_refused(name: str, value: object) -> None:
    assert status_of("/meters", {**METER, name: value}) == 400, json.dumps(value)


def test_another_kind_in_a_list_that_is_the_body_is_refused() -> None:
    assert status_of("/count", ["1", 20]) == 400

"""A code that a mock refuses with arrives as what it means, with the status of the document."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gridwright_runtime.errors import (
    ConfigurationError,
    NoDataError,
    ProviderError,
    RejectedError,
    SystemFailureError,
)
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.retry import RetryPolicy

DAY = date(2024, 3, 13)


class Pair:
    """A client and the mock that it talks to."""

    def __init__(self, api: ModuleType, mock: ModuleType) -> None:
        self.app = mock.application()
        self.client = api.Client(
            client_id="demo-client-id",
            client_secret="demo-client-secret",
            transport=MockTransport(self.app),
            retry=RetryPolicy(attempts=1),
        )

    def call(self, operation: str) -> Any:
        if operation == "report_correction":
            return self.client.report_correction(market_location="51234567890", position=1)
        return getattr(self.client, operation)(market_location="51234567890", day=DAY)

    def error_of(self, operation: str, fault: Fault) -> ProviderError:
        self.app.state.mock.faults.add(operation, fault)
        with pytest.raises(ProviderError) as caught:
            self.call(operation)
        return caught.value


@pytest.fixture
def pair(api: ModuleType, mock: ModuleType) -> Iterator[Pair]:
    found = Pair(api, mock)
    with found.client:
        yield found


@pytest.mark.parametrize(
    ("operation", "code", "error", "status"),
    [
        ("report_correction", "E-1001", RejectedError, 400),
        ("report_correction", "E-2001", SystemFailureError, 500),
        ("report_correction", "E-9999", RejectedError, 400),
        ("get_energy", "E-1001", RejectedError, 404),
        ("get_energy", "E-1007", RejectedError, 400),
        ("get_energy", "E-2001", SystemFailureError, 500),
        ("get_energy", "E-9999", RejectedError, 400),
    ],
)
def test_a_code_arrives_as_what_it_means(
    pair: Pair, operation: str, code: str, error: type[ProviderError], status: int
) -> None:
    found = pair.error_of(operation, Fault.refused(code, "words"))
    assert (type(found), found.http_status) == (error, status)
    assert found.code in (code, None) and (code == "E-9999" or found.code == code)


def test_each_case_is_sent_as_numbered(pair: Pair) -> None:
    first = pair.error_of("get_energy", Fault.case(1))
    assert (type(first), first.code, first.http_status) == (RejectedError, "E-1001", 404)
    second = pair.error_of("get_energy", Fault.case(2))
    assert (type(second), second.http_status) == (NoDataError, 404)


def test_a_case_that_an_earlier_one_hides_is_refused_with_the_reason(pair: Pair) -> None:
    pair.app.state.mock.faults.add("get_energy", Fault.case(2, code="E-1001"))
    with pytest.raises(ConfigurationError, match=r"case 1 of .* comes first"):
        pair.call("get_energy")


def test_cases_are_numbered_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        Fault.case(0)


def test_a_success_has_the_status_of_the_document(pair: Pair, folder: Path) -> None:
    assert pair.call("report_correction").body.ticket
    [entry] = pair.app.state.mock.journal.of("report_correction")
    assert entry.status == 201
    pair.call("get_energy")
    [entry] = pair.app.state.mock.journal.of("get_energy")
    assert entry.status == 200
    whole = json.loads((folder / "schemas/example_metering/openapi.json").read_text("utf-8"))
    assert {"201", "400"} <= whole["paths"]["/corrections"]["post"]["responses"].keys()
    assert "200" not in whole["paths"]["/corrections"]["post"]["responses"]

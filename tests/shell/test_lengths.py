"""Lengths of time as they are typed: a day is a day of the calendar, and never 24 hours."""

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package

from gridwright_runtime.errors import InvalidRequestError
from gridwright_runtime.shell.inputs import Inputs
from gridwright_runtime.shell.operation_options import add_arguments, gathered
from gridwright_runtime.shell.parse_values import TypingContext
from gridwright_runtime.shell.usage_error import UsageError
from gridwright_runtime.times.durations import Duration

SPEC = Path(__file__).parents[1] / "times" / "times.yaml"


def _gathered(*options: str) -> tuple[Any, dict[str, Any]]:
    client, operations = load_package(SPEC.read_bytes(), "lengths", "client", "operations")
    operation, method = operations.LIST_READINGS, client.Client.list_readings
    parser = argparse.ArgumentParser()
    add_arguments(parser, operation, method)
    asked = ("--day", "2024-10-01", "--at-time", "2024-10-01T14:05:00+02:00")
    found = parser.parse_args([*asked, *options])
    about = TypingContext(lambda: "Europe/Berlin")
    return client, gathered(found, operation, method, about, Inputs(), {})


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1D", Duration(days=1)),
        ("P1M", Duration(months=1)),
        ("PT15M", Duration(elapsed=timedelta(minutes=15))),
        ("P1DT12H", Duration(days=1, elapsed=timedelta(hours=12))),
        ("PT24H", Duration(elapsed=timedelta(hours=24))),
    ],
)
def test_a_length_is_typed_as_it_is_sent(text: str, length: Duration) -> None:
    sent: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.url.params["step"])
        return httpx2.Response(200, json={"readings": []})

    client, found = _gathered("--step", text)
    assert found["step"] == length
    with client.Client(transport=httpx2.MockTransport(answer), format="json") as one:
        one.list_readings(**found)
    assert sent == [text]


def test_a_day_is_refused_where_seconds_are_sent() -> None:
    client, found = _gathered("--wait", "P1D")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(500))
    with (
        client.Client(transport=transport, format="json") as one,
        pytest.raises(InvalidRequestError, match="length of the calendar"),
    ):
        one.list_readings(**found)


@pytest.mark.parametrize("text", ["15", "1D", "PT", "P1.5D", "a day"])
def test_what_is_no_length_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="write a length of time as PT15M, PT1H, P1D or P1M"):
        _gathered("--step", text)

"""Texts of durations that mean another length than they print, or are codes."""

import json
import re
from datetime import timedelta
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE, understood

from gridwright.ir import TemporalType
from gridwright.targets.wire_patterns import temporal_expression
from gridwright_runtime.errors import InvalidRequestError, UnexpectedReplyError
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.times.durations import Duration

MEANS = '{PT1D: P1D, HOURLY: PT1H, "1.5$ (h)": PT90M, PT30M: P1M}'
FIELDS = (
    "        begins: {name: begins_at, type: datetime, pattern: rfc3339, at: 6}\n"
    f"        step: {{name: step, type: duration, means: {MEANS}, at: 6}}\n"
)
SPEC = (
    BASE.replace(
        "    reply:\n",
        f"      every: {{name: every, type: duration, means: {MEANS}, at: 4}}\n    reply:\n",
    ).replace("unit: kWh, at: 6}", "unit: kWh, at: 6, instant: {start: begins, step: step}}")
    + FIELDS
)


@pytest.fixture(scope="module")
def package() -> tuple[ModuleType, ModuleType]:
    client, mock = load_package(SPEC.encode(), "meant_lengths.demo", "client", "mock")
    return client, mock


def asked(package: tuple[ModuleType, ModuleType], step: str = "PT15M", **more: Any) -> Any:
    sent: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.url.params.get("every", ""))
        row = {"energy": 1, "begins": "2024-03-30T00:00:00+01:00", "step": step}
        return httpx2.Response(200, content=json.dumps({"readings": [row]}))

    with package[0].Client(transport=httpx2.MockTransport(answer)) as client:
        reply = client.list_readings(meter_number="1", **more)
    return sent[0], reply


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT1D", "P1D"),
        (" HOURLY ", "PT1H"),
        ("1.5$ (h)", "PT90M"),
        ("PT15M", "PT15M"),
        ("PT30M", "P1M"),
    ],
)
def test_a_text_is_read_as_what_it_means(
    package: tuple[ModuleType, ModuleType], text: str, length: str
) -> None:
    _, reply = asked(package, text)
    assert reply.records[0].step == Duration.parse(length)
    assert not [one for one in reply.deviations if one.wire == "step" and text == text.strip()]


@pytest.mark.parametrize("text", ["DAILY", "hourly"])
def test_a_text_that_means_nothing_is_no_length(
    package: tuple[ModuleType, ModuleType], text: str
) -> None:
    with pytest.raises(UnexpectedReplyError, match="not-a-duration"):
        asked(package, text)


def test_a_step_is_the_length_that_is_meant(package: tuple[ModuleType, ModuleType]) -> None:
    _, reply = asked(package, "PT1D")
    reading = reply.records[0].reading()
    assert (reading.interval_end - reading.interval_start) == timedelta(days=1)


@pytest.mark.parametrize(
    ("length", "text"),
    [("P1D", "PT1D"), ("PT1H", "HOURLY"), ("PT15M", "PT15M"), ("P1M", "PT30M"), ("PT24H", "PT24H")],
)
def test_a_length_is_sent_as_the_text_that_means_it(
    package: tuple[ModuleType, ModuleType], length: str, text: str
) -> None:
    sent, _ = asked(package, every=Duration.parse(length))
    assert sent == text


def test_a_length_whose_text_means_another_is_not_sent(
    package: tuple[ModuleType, ModuleType],
) -> None:
    with pytest.raises(InvalidRequestError, match="means another length"):
        asked(package, every=Duration.parse("PT30M"))


def test_the_mock_writes_and_reads_the_texts(package: tuple[ModuleType, ModuleType]) -> None:
    client, mock = package
    with client.Client(transport=MockTransport(mock.application())) as calls:
        reply = calls.list_readings(meter_number="1", every=Duration(days=1), strict=True)
    assert reply.records


@pytest.mark.parametrize(
    ("text", "fits"),
    [("PT1D", True), ("HOURLY", True), ("1.5$ (h)", True), ("1x5$ (h)", False), ("P1D", True)],
)
def test_schemas_know_the_texts(text: str, fits: bool) -> None:
    interface, problems = understood(SPEC)
    assert interface is not None and not problems
    [step] = [f for r in interface.records for f in r.fields if f.wire == "step"]
    assert isinstance(step.type, TemporalType)
    assert bool(re.fullmatch(temporal_expression(step.type), text)) is fits


def test_only_durations_have_such_texts() -> None:
    _, problems = understood(SPEC.replace("type: datetime, ", f"type: datetime, means: {MEANS}, "))
    assert [problem.code for problem in problems] == ["misplaced-key"]

"""`gridwright doctor`: each thing that a client needs, wrong and right."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gridwright_runtime.message import RawReply
from gridwright_runtime.shell.doctor import clock_finding

from .conftest import Ran, Served

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "commands-1.schema.json").read_text("utf-8"))
Run = Callable[..., Ran]


def states(ran: Ran) -> dict[str, str]:
    data = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(data)
    for one in data["findings"]:
        assert one["state"] != "problem" or one["help"], one
    return {one["what"]: one["state"] for one in data["findings"]}


def test_where_all_is_well_it_says_so(run: Run, kepco: Served) -> None:
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address, "--json")
    assert ran.status == 0
    assert states(ran) == {
        "address": "ok",
        "tls": "skipped",
        "credentials": "ok",
        "limit store": "skipped",
        "login": "skipped",
        "read": "ok",
        "clock": "ok",
    }
    assert len(kepco.app.state.mock.journal) == 1
    assert "demo-service-key" not in ran.out + ran.err


def test_a_missing_credential_is_named_and_nothing_is_sent(
    run: Run, kepco: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEPCO_OPM_SERVICE_KEY")
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address)
    assert ran.status == 1 and "do: set KEPCO_OPM_SERVICE_KEY" in ran.out
    assert len(kepco.app.state.mock.journal) == 0


def test_a_wrong_key_is_a_problem_of_the_read(
    run: Run, kepco: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "a-wrong-key-of-ours")
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address, "--json")
    assert (ran.status, states(ran)["read"]) == (1, "problem")
    assert "a-wrong-key-of-ours" not in ran.out + ran.err


def test_an_address_that_nobody_serves_ends_the_examination(run: Run, kepco: Served) -> None:
    ran = run("doctor", "kepco_opm", "--base-url", "http://127.0.0.1:1", "--json")
    found = states(ran)
    assert (ran.status, found["address"], found["read"]) == (1, "problem", "skipped")


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("Tue, 01 Oct 2024 00:00:30 GMT", "ok"),
        ("Tue, 01 Oct 2024 00:05:00 GMT", "problem"),
        ("yesterday", "skipped"),
        (None, "skipped"),
    ],
)
def test_the_clock_is_compared_with_the_services(date: str | None, state: str) -> None:
    raw = RawReply(
        status_code=200,
        headers=() if date is None else (("Date", date),),
        received_at=datetime(2024, 10, 1, tzinfo=UTC),
    )
    assert clock_finding(raw).state == state


def test_a_system_without_an_address_says_so(run: Run) -> None:
    ran = run("doctor", "kansai_takusou")
    assert ran.status == 1 and "base_url" in ran.out


def test_there_must_be_such_a_system(run: Run) -> None:
    assert run("doctor", "nobody").status == 2
    assert run("doctor").status == 2

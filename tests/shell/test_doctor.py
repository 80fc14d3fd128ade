"""`gridwright doctor`: each thing that a client needs, wrong and right."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gridwright_apis.kansai_takusou import mock as takusou_mock
from gridwright_apis.thai_moi_power import mock as thai_mock
from gridwright_runtime.message import RawReply
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.serve import running
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


def test_addresses_that_belong_together_are_named_as_options(run: Run, kepco: Served) -> None:
    ran = run("doctor", "epias_ecms", "--base-url", kepco.address)
    assert "do: give --base-url https://… and --ticket-url https://…" in ran.out


def test_a_login_is_tried_where_every_read_needs_arguments(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("CLIENT_ID", "CLIENT_SECRET", "AGENT_ID")
    for name in names:
        value = f"demo-{name.lower().replace('_', '-')}"
        monkeypatch.setenv(f"THAI_MOI_POWER_{name}", value)
    with running(thai_mock.application()) as address:
        words = ("doctor", "thai_moi_power", "--base-url", address)
        assert states(run(*words, "--json"))["login"] == "ok"
        monkeypatch.setenv("THAI_MOI_POWER_CLIENT_SECRET", "another")
        ran = run(*words)
    assert ran.status == 1 and "do: check THAI_MOI_POWER_CLIENT_ID" in ran.out


def test_a_question_that_is_refused_for_want_of_arguments_is_an_answer(run: Run) -> None:
    with running(takusou_mock.application()) as address:
        ran = run("doctor", "kansai_takusou", "--base-url", address)
    assert ran.status == 0 and "warning  read: the service answers" in ran.out
    assert "do: ask with arguments: gridwright call kansai_takusou" in ran.out


def test_a_page_in_place_of_data_says_where_it_may_come_from(run: Run, kepco: Served) -> None:
    kepco.app.state.mock.faults.add("list_customers", Fault.html())
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address)
    assert ran.status == 1 and "do: open the address in a browser" in ran.out


def test_there_must_be_such_a_system(run: Run) -> None:
    assert run("doctor", "nobody").status == 2
    assert run("doctor").status == 2

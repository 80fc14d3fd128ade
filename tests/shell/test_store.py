"""`gridwright store`, and what `gridwright doctor` says of it: begun, forgotten, not there."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.shared_server.servers import OwnServer, own_server

from gridwright_runtime.shared_server.encryption import new_key, sealer_of

from .conftest import Ran, Served
from .test_doctor import SCHEMA, states

Run = Callable[..., Ran]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnServer]:
    with own_server(tmp_path) as found:
        monkeypatch.setenv("GRIDWRIGHT_STORE", found.url)
        monkeypatch.setenv("GRIDWRIGHT_STORE_KEY", new_key())
        yield found


def test_a_new_server_is_a_problem_until_it_begins(run: Run, server: OwnServer) -> None:
    new = run("store", "status", "--json")
    assert (new.status, states(new)["memory of limits"]) == (1, "problem")
    began = run("store", "begin", "--json")
    assert began.status == 0
    Draft202012Validator(SCHEMA).validate(json.loads(began.out))
    ran = run("store", "status", "--json")
    assert ran.status == 0
    assert states(ran) == {
        "shared store": "ok",
        "memory of limits": "ok",
        "key of logins": "ok",
        "full memory": "ok",
        "round trip": "ok",
        "its clock": "ok",
    }


def test_a_server_that_throws_away_what_it_knows_is_a_warning(run: Run, server: OwnServer) -> None:
    server.server.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    found = run("store", "status", "--json")
    assert states(found)["full memory"] == "warning"


def test_a_server_that_takes_nothing_is_a_problem(run: Run, server: OwnServer) -> None:
    assert run("store", "begin").status == 0
    server.server.ask("CONFIG", "SET", "maxmemory", "1")
    full = run("store", "status", "--json")
    assert (full.status, states(full)["full memory"]) == (1, "problem")
    server.server.ask("CONFIG", "SET", "maxmemory", "0")
    server.server.ask("REPLICAOF", "127.0.0.1", "1")
    replica = run("store", "status", "--json")
    assert (replica.status, states(replica)["shared store"]) == (1, "problem")


def test_a_call_that_the_server_refuses_advises_no_password_on_the_command_line(
    run: Run, server: OwnServer, epias: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWRIGHT_STORE", server.url.replace("://", "://:not-the-word@"))
    where = ("--base-url", epias.address, "--ticket-url", epias.address)
    ran = run("call", "epias_ecms", "find_indexes", "--index-ids", "700001", *where)
    assert ran.status == 2 and "refuses (" in ran.err
    assert "--password" not in ran.err and "not-the-word" not in ran.err


def test_a_server_that_is_not_there_is_a_problem(run: Run, server: OwnServer) -> None:
    server.kill()
    status, begun = run("store", "status", "--json"), run("store", "begin")
    assert (status.status, states(status)) == (1, {"shared store": "problem"})
    assert begun.status == 1
    assert "does not answer" in begun.err


def test_without_a_server_it_says_where_to_name_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRIDWRIGHT_STORE", raising=False)
    ran = run("store", "status")
    assert ran.status == 2
    assert "set GRIDWRIGHT_STORE" in ran.err


def test_what_is_no_address_is_a_problem_that_repeats_no_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWRIGHT_STORE", "http://user:INVENTED-password@host")
    ran = run("store", "status", "--json")
    assert states(ran) == {"shared store": "problem"}
    assert "INVENTED" not in ran.out + ran.err


def test_doctor_looks_at_the_server_in_place_of_the_folder(
    run: Run, server: OwnServer, kepco: Served
) -> None:
    run("store", "begin")
    found = states(run("doctor", "kepco_opm", "--base-url", kepco.address, "--json"))
    assert found["memory of limits"] == "ok"
    assert "limit store" not in found


def test_a_key_is_printed_that_encrypts_logins(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = run("store", "key")
    monkeypatch.setenv("GRIDWRIGHT_STORE_KEY", printed.out.strip())
    assert repr(sealer_of(None)) == "<key>"
    found = json.loads(run("store", "key", "--json").out)
    Draft202012Validator(SCHEMA).validate(found)
    assert found["key"] != printed.out.strip()


def test_a_missing_key_is_a_warning(
    run: Run, server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("store", "begin")
    monkeypatch.delenv("GRIDWRIGHT_STORE_KEY")
    ran = run("store", "status", "--json")
    assert (ran.status, states(ran)["key of logins"]) == (0, "warning")

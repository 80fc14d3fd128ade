"""What a client is told works alike in every system that has it."""

import inspect
import math
import ssl
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gridwright_runtime import errors
from gridwright_runtime.errors import ConfigurationError, LimitError, OutcomeUnknownError
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault

from .support import KINDS, Kind, Wire, call, outcome, replying
from .systems import NOW, SYSTEMS, Call, System

every_kind = pytest.mark.parametrize("kind", KINDS)
every_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)
every_writer = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.write], ids=lambda system: system.id
)
every_login = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.kept_in], ids=lambda system: system.id
)
every_limited = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.has_limits], ids=lambda system: system.id
)
OF_EVERY_CLIENT = {
    *("base_url", "ssl_context", "timeout_seconds", "retry", "transport", "clock"),
    *("strict", "max_connections", "max_body_bytes"),
}
OF_LIMITS = {"company", "wait_for_turn", "longest_wait_seconds", "limit_store"}


@every_system
def test_both_clients_take_the_options_of_every_system(system: System) -> None:
    package = system.module()
    found = [
        {
            name: parameter.default
            for name, parameter in inspect.signature(made).parameters.items()
            if name in OF_EVERY_CLIENT | OF_LIMITS
        }
        for made in (package.Client, package.AsyncClient)
    ]
    assert found[0] == found[1]
    assert found[0].keys() >= OF_EVERY_CLIENT
    assert found[0].keys() - OF_EVERY_CLIENT == (OF_LIMITS if system.has_limits else set())


@every_kind
@every_system
def test_a_wait_that_is_none_is_refused(system: System, kind: Kind) -> None:
    wire = Wire(system)
    for seconds in (0, -1.0, math.nan, math.inf, "30"):
        with pytest.raises(ConfigurationError, match="timeout_seconds"):
            call(kind, wire, system, system.read, {"timeout_seconds": seconds})
        with pytest.raises(ConfigurationError, match="timeout_seconds"):
            call(kind, wire, system, system.read, timeout_seconds=seconds)
    assert wire.sent == []


@every_kind
@every_system
def test_a_wait_of_a_call_goes_before_that_of_its_client(system: System, kind: Kind) -> None:
    wire = Wire(system)
    call(kind, wire, system, system.read)
    call(kind, wire, system, system.read, {"timeout_seconds": 7.5})
    call(kind, wire, system, system.read, {"timeout_seconds": 7.5}, timeout_seconds=3)
    assert [request.extensions["timeout"]["read"] for request in wire.sent] == [30.0, 7.5, 3]


@every_kind
@every_system
def test_a_read_that_takes_longer_is_a_timeout(system: System, kind: Kind) -> None:
    wire = Wire(system)
    wire.app.state.mock.faults.add(system.read.operation, Fault.slow(31))
    found = outcome(kind, wire, system, system.read)
    assert isinstance(found, errors.RequestTimeoutError)
    assert found.phase == "read"


@every_kind
@every_writer
def test_a_write_that_takes_longer_is_in_doubt(system: System, kind: Kind) -> None:
    assert system.write
    wire = Wire(system)
    wire.app.state.mock.faults.add(system.write.operation, Fault.slow(31))
    assert type(outcome(kind, wire, system, system.write)) is OutcomeUnknownError


@every_kind
@every_system
def test_a_reply_that_is_too_long_is_not_read(system: System, kind: Kind) -> None:
    size = len(_reply(kind, system).content)
    assert not isinstance(_with_most(kind, system, system.read, size), Exception)
    found = _with_most(kind, system, system.read, size - 1)
    assert type(found) is errors.UnexpectedReplyError
    if system.write:
        # Long enough for logins.
        wire = Wire(system, replying(200, b" " * 10_000))
        found = outcome(kind, wire, system, system.write, max_body_bytes=9_999)
        assert type(found) is OutcomeUnknownError


def _reply(kind: Kind, system: System) -> httpx2.Response:
    seen: list[httpx2.Response] = []
    wire = Wire(system)

    def keep(response: httpx2.Response) -> httpx2.Response:
        seen.append(response)
        return response

    wire.change = keep
    call(kind, wire, system, system.read)
    return seen[0]


def _with_most(kind: Kind, system: System, asked: Call, most: int) -> Any:
    return outcome(kind, Wire(system), system, asked, max_body_bytes=most)


def _noted(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> list[dict[str, Any]]:
    """Return a list to which is added what each client of httpx2 is made with."""
    made: list[dict[str, Any]] = []
    name = "Client" if kind == "sync" else "AsyncClient"
    true = getattr(httpx2, name)

    def make(**given: Any) -> Any:
        made.append(given)
        return true(**given)

    monkeypatch.setattr(httpx2, name, make)
    return made


@every_kind
@every_system
def test_certificates_are_those_of_the_context(
    system: System, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _noted(monkeypatch, kind)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    call(kind, Wire(system), system, system.read, {"ssl_context": context})
    assert {given["verify"] for given in made} == {context}
    assert not any(given["follow_redirects"] for given in made)


@every_kind
@every_system
def test_a_proxy_is_asked_for_what_is_not_on_this_machine(
    system: System, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _noted(monkeypatch, kind)
    outcome(kind, Wire(system), system, system.read, base_url="http://127.0.0.1:8080")
    assert {given["trust_env"] for given in made} == {False}
    made.clear()
    # What the document does not name goes to no other machine, whatever the proxy.
    away = {"agent_id": "0000000000013"} if "agent_id" in system.client else {}
    outcome(kind, Wire(system), system, system.read, base_url="https://service.example", **away)
    assert {given["trust_env"] for given in made} <= {True}
    assert made or system.name.startswith("kansai_")


@every_kind
@every_limited
def test_clients_of_one_store_take_turns(system: System, kind: Kind) -> None:
    asked, most = _limited(system)
    store, clock, wire = MemoryLimitStore(), ManualClock(NOW), Wire(system)
    options = {"limit_store": store, "clock": clock}
    for _ in range(most):
        call(kind, wire, system, asked, options)
    assert clock.waits == []
    with pytest.raises(LimitError) as caught:
        call(kind, wire, system, asked, {**options, "wait_for_turn": False})
    assert not caught.value.sent
    assert caught.value.retry_at is not None
    assert len(wire.sent) == most
    call(kind, wire, system, asked, {**options, "company": "another"})
    assert clock.waits == []
    call(kind, wire, system, asked, options)
    assert sum(clock.waits) > 0
    assert len(wire.sent) == most + 2


def _limited(system: System) -> tuple[Call, int]:
    """Return a call and how many of it may leave at once."""
    if system.name == "kansai_takusou":
        assert system.write
        return system.write, 1
    return system.read, 1 if system.name == "kansai_kakusyu" else 30


@every_kind
@every_login
def test_clients_of_one_folder_share_a_login(system: System, kind: Kind, tmp_path: Path) -> None:
    wire = Wire(system)
    for _ in range(2):
        call(kind, wire, system, system.read, {system.kept_in: tmp_path / "one"})
    assert wire.app.state.mock.server.logins == 1
    call(kind, wire, system, system.read, {system.kept_in: tmp_path / "another"})
    assert wire.app.state.mock.server.logins == 2
    secret = str(system.client[system.secret])
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(secret in path.name or secret.encode() in path.read_bytes() for path in kept)
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}


@every_kind
@every_login
def test_a_service_elsewhere_needs_a_login_elsewhere(system: System, kind: Kind) -> None:
    package = system.module()
    make = package.Client if kind == "sync" else package.AsyncClient
    make(**system.client)  # the document's addresses will do
    if system.name == "thai_moi_power":
        return  # its login is below the address of the service
    with pytest.raises(ConfigurationError, match="must be given together"):
        make(**system.client, base_url="https://service.example")

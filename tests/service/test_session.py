import asyncio
import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from gridwright_runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    HttpStatusError,
    LimitError,
    NoSessionError,
    SessionExpiredError,
    UnexpectedReplyError,
)
from gridwright_runtime.access.store import MemoryTicketStore

from . import sample
from .sample import SESSION
from .support import (
    AGENT,
    CITIZEN,
    CLIENT_ID,
    HERE,
    KINDS,
    SECRET,
    SECRETS,
    Caller,
    FakeClock,
    Kind,
    Service,
    caller,
    shown,
)

pytestmark = pytest.mark.parametrize("kind", KINDS)

ASK: tuple[str, dict[str, Any]] = ("get_power_usage", {"citizen_id": CITIZEN})


def with_session(kind: Kind, **options: Any) -> Caller:
    one = caller(kind, session=SESSION, **options)
    one.service.alive = set()
    return one


def tokens(one: Caller) -> list[str]:
    return [request.headers["Token"] for request in one.service.seen]


def test_a_login_brings_the_session_of_all_calls(kind: Kind) -> None:
    one = with_session(kind)
    one.calls(ASK, ASK, ASK)
    [login] = one.service.logins
    assert login.method == "POST"
    assert str(login.url) == f"{HERE}/api/v1/Authenticate/{AGENT}"
    assert json.loads(one.service.bodies[0]) == {"ClientID": CLIENT_ID, "ClientSecret": SECRET}
    assert tokens(one) == ["session-1/+="] * 3


def test_a_form_may_carry_the_credentials(kind: Kind) -> None:
    one = with_session(kind)
    one.options["session"] = msgspec.structs.replace(SESSION, body="form")
    one.call(*ASK[:1], **ASK[1])
    assert one.service.bodies[0] == (
        b"ClientID=INVENTED-client&ClientSecret=INVENTED-secret%2Fwith%2Bsigns"
    )


@pytest.mark.parametrize("agent", [".", ".."])
def test_an_agent_cannot_lead_the_login_to_another_address(kind: Kind, agent: str) -> None:
    one = with_session(kind, agent_id=agent)
    with pytest.raises(ConfigurationError, match="agent_id"):
        one.call(ASK[0], **ASK[1])
    assert one.service.logins == []


def test_nobody_logs_in_for_a_request_that_breaks_a_rule(kind: Kind) -> None:
    one = with_session(kind)
    one.calls(("get_power_usage", {"citizen_id": "12345678901234"}))
    assert one.service.logins == []


# Where the session stands


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, headers={"Token": "abc+/="}, json="Authorized"),
        httpx2.Response(200, json={"Token": "abc+/="}),
        httpx2.Response(200, json={"Token": "", "data": {"token": " abc+/= "}}),
        httpx2.Response(200, json="abc+/="),
        httpx2.Response(200, text="abc+/=\n"),
        httpx2.Response(200, headers={"Token": "authorized"}, text="abc+/="),
        httpx2.Response(200, headers={"Token": "null"}, text="abc+/="),
    ],
)
def test_the_session_is_taken_from_the_first_place_that_has_one(
    kind: Kind, answer: httpx2.Response
) -> None:
    one = caller(kind, session=SESSION)
    one.service.login_answers = [answer]
    one.call(ASK[0], **ASK[1])
    assert tokens(one) == ["abc+/="]


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, json="Authorized"),
        httpx2.Response(200, text="AUTHORIZED"),
        httpx2.Response(200, text="Authorized."),
        httpx2.Response(200, text="Unauthorized"),
        httpx2.Response(200, json="OK"),
        httpx2.Response(200, json={"Token": "Failed!"}),
        httpx2.Response(200, text=""),
        httpx2.Response(200, text="<html>INVENTED</html>"),
        httpx2.Response(200, text="Welcome, INVENTED person"),
        httpx2.Response(200, json={"token": "INVENTED-other-case"}),
        httpx2.Response(200, json={"Token": {"value": "INVENTED"}, "data": "INVENTED"}),
        httpx2.Response(200, json={"Token": "INVENTED\u0000"}),
        httpx2.Response(200, json=["INVENTED"]),
    ],
)
def test_what_is_no_session_is_not_taken_for_one(kind: Kind, answer: httpx2.Response) -> None:
    one = caller(kind, session=SESSION)
    one.service.login_answers = [answer]
    with pytest.raises(NoSessionError) as caught:
        one.call(ASK[0], **ASK[1])
    assert one.service.seen == []
    for place in SESSION.read:
        assert place in str(caught.value)
    assert "INVENTED" not in shown(caught.value)
    assert caught.value.raw is not None
    assert caught.value.raw.body == b""


def test_the_scheme_of_an_authorization_is_no_part_of_the_session(kind: Kind) -> None:
    flow = msgspec.structs.replace(SESSION, read=("header Authorization",))
    one = caller(kind, session=flow)
    one.service.login_answers = [httpx2.Response(200, headers={"Authorization": "Bearer abc+/="})]
    one.call(ASK[0], **ASK[1])
    assert tokens(one) == ["abc+/="]


def test_any_success_will_do_where_the_document_names_no_status(kind: Kind) -> None:
    one = with_session(kind)
    one.options["session"] = msgspec.structs.replace(SESSION, success_status=None)
    one.service.login_answers = [httpx2.Response(201, json={"Token": "abc"})]
    one.service.alive = {"abc"}
    one.call(ASK[0], **ASK[1])


# Refusals


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_login_says_so(kind: Kind, status: int) -> None:
    one = with_session(kind)
    one.service.login_answers = [httpx2.Response(status, text=f"{SECRET} of {AGENT}")] * 2
    with pytest.raises(AuthenticationError, match="the login is not accepted") as caught:
        one.call(ASK[0], **ASK[1])
    assert len(one.service.logins) == 1
    assert not any(secret in shown(caught.value) for secret in SECRETS)
    assert caught.value.raw is not None
    assert SECRET.encode() not in caught.value.raw.body


@pytest.mark.parametrize(
    ("answer", "error", "logins"),
    [
        (httpx2.Response(503), HttpStatusError, 3),
        (httpx2.Response(429), LimitError, 3),
        (httpx2.Response(404), HttpStatusError, 1),
        (httpx2.Response(202, json={"Token": "x"}), UnexpectedReplyError, 1),
        (httpx2.ConnectError(f"no way to {AGENT}"), ConnectError, 3),
    ],
)
def test_a_login_that_fails_otherwise_is_tried_again_where_that_may_help(
    kind: Kind, answer: object, error: type[Exception], logins: int
) -> None:
    one = with_session(kind)
    one.service.login_answers = [answer] * 3
    with pytest.raises(error, match="the login") as caught:
        one.call(ASK[0], **ASK[1])
    assert len(one.service.logins) == logins
    assert not any(secret in shown(caught.value) for secret in SECRETS)


def test_a_refused_session_is_renewed_once(kind: Kind) -> None:
    one = with_session(kind)
    store = one.options["session_store"] = MemoryTicketStore()
    one.calls(ASK)
    one.service.alive = set()
    one.calls(ASK, ASK)
    assert len(one.service.logins) == 2
    assert tokens(one) == ["session-1/+=", "session-1/+=", "session-2/+=", "session-2/+="]
    assert "session" not in repr(store)


@pytest.mark.parametrize("body", [b"", b"no", b"<html>no</html>", b'{"error": "token expired"}'])
def test_a_refused_session_is_renewed_whatever_the_body_says(kind: Kind, body: bytes) -> None:
    one = with_session(kind)
    one.options["session_store"] = MemoryTicketStore()
    one.calls(ASK)
    one.service.answers = [httpx2.Response(401, content=body)]
    one.call(ASK[0], **ASK[1])
    assert len(one.service.logins) == 2


def test_a_refused_write_is_sent_again_with_a_new_session(kind: Kind) -> None:
    one = with_session(kind)
    one.options["session_store"] = MemoryTicketStore()
    one.calls(ASK)
    one.service.alive = set()
    one.call("apply", applicant_name="a")
    assert len(one.service.logins) == 2


def test_a_service_that_refuses_everything_is_asked_for_no_more_sessions(kind: Kind) -> None:
    one = with_session(kind)
    one.service.answers = [httpx2.Response(401)] * 9
    found = one.calls(ASK, ASK, ASK)
    assert [type(error) for error in found] == [SessionExpiredError] * 3
    assert len(one.service.logins) == 1
    for error in found:
        assert not any(secret in shown(error) for secret in SECRETS)


def test_after_some_minutes_another_login_is_worth_it(kind: Kind) -> None:
    one = with_session(kind)
    one.options["session_store"] = MemoryTicketStore()
    one.service.answers = [httpx2.Response(401)]
    one.calls(ASK)
    one.clock.seconds += 301
    one.service.answers = [httpx2.Response(401)]
    one.call(ASK[0], **ASK[1])
    assert len(one.service.logins) == 2


# Lifetime


def test_a_session_is_used_until_shortly_before_its_end(kind: Kind) -> None:
    one = with_session(kind)
    one.options["session_store"] = MemoryTicketStore()
    for seconds, logins in ((0, 1), (28700, 1), (28741, 2)):
        one.clock.seconds = seconds
        one.calls(ASK)
        assert len(one.service.logins) == logins


def test_a_session_may_live_from_its_last_use(kind: Kind) -> None:
    one = with_session(kind)
    one.options |= {
        "session_store": MemoryTicketStore(),
        "session": msgspec.structs.replace(SESSION, counts_from="last_use"),
    }
    for seconds in (0, 20000, 40000, 60000):
        one.clock.seconds = seconds
        one.calls(ASK)
    assert len(one.service.logins) == 1


def test_a_session_may_have_no_end(kind: Kind) -> None:
    one = with_session(kind)
    one.options |= {
        "session_store": MemoryTicketStore(),
        "session": msgspec.structs.replace(SESSION, lifetime_seconds=0),
    }
    one.calls(ASK)
    one.clock.seconds = 1e9
    one.calls(ASK)
    assert len(one.service.logins) == 1


# Sharing


def test_clients_of_one_agent_share_a_session_through_a_private_file(
    kind: Kind, tmp_path: Path
) -> None:
    folder = tmp_path / "sessions"
    one = with_session(kind, session_folder=folder)
    one.calls(ASK)
    again = Caller(kind, one.service, one.options)
    again.calls(ASK)
    assert len(one.service.logins) == 1
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert not any(secret in path.name for secret in SECRETS)
        assert AGENT not in path.read_text()


@pytest.mark.parametrize("name", ["client_id", "client_secret", "agent_id"])
def test_other_credentials_have_another_session(kind: Kind, name: str, tmp_path: Path) -> None:
    one = with_session(kind, session_folder=tmp_path / "sessions")
    one.calls(ASK)
    Caller(kind, one.service, one.options | {name: "INVENTED-other"}).calls(ASK)
    assert len(one.service.logins) == 2


def test_many_calls_at_once_log_in_once(kind: Kind, tmp_path: Path) -> None:
    service = Service(alive=set())
    facts = Caller(
        kind, service, {"session": SESSION, "session_folder": tmp_path / "sessions"}
    ).facts()
    if kind == "sync":
        with sample.Client(**facts) as client:
            threads = [
                threading.Thread(target=client.get_power_usage, kwargs=ASK[1]) for _ in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    else:

        async def main() -> None:
            async with sample.AsyncClient(**facts) as client:
                await asyncio.gather(*(client.get_power_usage(**ASK[1]) for _ in range(8)))

        asyncio.run(main())
    assert len(service.logins) == 1
    assert len(service.seen) == 8


def test_a_login_that_failed_has_failed_for_those_who_waited(kind: Kind) -> None:
    store = MemoryTicketStore()
    one = with_session(kind, session_store=store)
    one.service.login_answers = [httpx2.Response(400)]
    with pytest.raises(AuthenticationError):
        one.call(ASK[0], **ASK[1])
    one.call(ASK[0], **ASK[1])  # later calls do try


def test_no_session_and_no_agent_in_logs_and_reprs(
    kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    one = with_session(kind)
    client: Any = sample.Client if kind == "sync" else sample.AsyncClient
    assert not any(secret in repr(client(**one.facts())) for secret in SECRETS)
    [found] = one.calls(ASK)
    assert not any(secret in repr(found) for secret in SECRETS)
    assert not any(secret in caplog.text for secret in SECRETS)
    assert "Authenticate/{AgentID}" in caplog.text


def test_a_clock_that_was_wrong_costs_one_login(kind: Kind) -> None:
    one = with_session(kind, session_store=MemoryTicketStore())
    one.calls(ASK)
    one.clock = FakeClock(datetime(2020, 1, 1, tzinfo=UTC))
    one.calls(ASK)
    assert len(one.service.logins) == 2

"""A session below the service's own address: opened once, kept, renewed, refused."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from tests.sending.support import (
    HERE,
    KINDS,
    Arguments,
    FakeClock,
    Kind,
    credential,
    shown,
    text,
)

from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    GridwrightError,
    HttpStatusError,
    InvalidRequestError,
    LimitError,
    NoSessionError,
    OutcomeUnknownError,
    SessionExpiredError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Credential, Part

from .support import (
    AGENT,
    ASK,
    CHANGE,
    CLIENT_ID,
    OPEN_TO_ALL,
    SECRET,
    SESSION,
    SESSION_CREDENTIALS,
    fields,
    session_caller,
    with_session,
)

pytestmark = pytest.mark.parametrize("kind", KINDS)

SECRETS = (AGENT, CLIENT_ID, SECRET, "session-")
change = msgspec.structs.replace


def test_a_login_brings_the_session_of_all_calls(kind: Kind) -> None:
    one = session_caller(kind)
    one.calls(ASK, ASK, ASK)
    [login] = one.service.logins
    assert str(login.url) == f"{HERE}/Authenticate/{AGENT}"
    assert fields(login) == {"ClientID": CLIENT_ID, "ClientSecret": SECRET}
    assert login.headers["Accept"] == "application/json, text/plain, */*"
    assert one.service.tokens == ["session-1/+="] * 3


def test_a_call_that_carries_no_result_needs_no_login(kind: Kind) -> None:
    one = session_caller(kind)
    one.service.alive = None
    one.call(OPEN_TO_ALL)
    assert one.service.logins == []


def test_a_form_may_carry_the_credentials(kind: Kind) -> None:
    one = session_caller(kind, change(SESSION, encoding="form"))
    one.call(ASK)
    assert one.service.logins[0].content == (
        b"ClientID=INVENTED-client&ClientSecret=INVENTED-secret%2Fwith%2Bsigns"
    )


def test_a_login_by_get_keeps_its_secret_where_the_spec_puts_it(kind: Kind) -> None:
    parts = list(SESSION.parts[""])
    parts[2] = change(parts[2], place="header", wire="X-Secret")
    parts[1] = change(parts[1], place="query")
    step = change(SESSION, method="GET", encoding="none", parts={"": tuple(parts)})
    one = session_caller(kind, step)
    one.call(ASK)
    [login] = one.service.logins
    assert dict(login.url.params) == {"ClientID": CLIENT_ID}
    assert login.headers["X-Secret"] == SECRET
    assert SECRET not in str(login.url)
    assert login.content == b""


@pytest.mark.parametrize("agent", [".", ".."])
def test_a_credential_cannot_lead_the_login_to_another_address(kind: Kind, agent: str) -> None:
    one = session_caller(kind)
    one.options["credentials"] |= {"agent_id": agent}
    with pytest.raises(ConfigurationError, match="agent_id"):
        one.client()


def test_nobody_logs_in_for_a_request_that_breaks_a_rule(kind: Kind) -> None:
    one = session_caller(kind)
    with pytest.raises(InvalidRequestError):
        one.call((ASK, Arguments("bad")))
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
        httpx2.Response(200, headers={"Authorization": "Bearer abc+/="}),
    ],
)
def test_the_session_is_taken_from_the_first_place_that_has_one(
    kind: Kind, answer: httpx2.Response
) -> None:
    one = session_caller(kind)
    one.service.alive = None
    one.service.login_answers = [answer]
    one.call(ASK)
    assert one.service.tokens == ["abc+/="]


def test_a_cookie_may_be_the_session(kind: Kind) -> None:
    one = session_caller(kind, change(SESSION, read={"": ("cookie SID",)}))
    one.service.alive = None
    answer = httpx2.Response(
        200, headers=[("Set-Cookie", "a=b"), ("Set-Cookie", "SID=xyz; Path=/")]
    )
    one.service.login_answers = [lambda request: answer]
    one.call(ASK)
    assert one.service.tokens == ["xyz"]


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
        httpx2.Response(200, json={"Token": ".."}),
    ],
)
def test_what_is_no_session_is_not_taken_for_one(kind: Kind, answer: httpx2.Response) -> None:
    one = session_caller(kind)
    one.service.login_answers = [answer]
    with pytest.raises(NoSessionError) as caught:
        one.call(ASK)
    assert one.service.seen == []
    for place in SESSION.read[""]:
        assert place in str(caught.value)
    assert "INVENTED" not in shown(caught.value)
    assert caught.value.raw is not None
    assert caught.value.raw.body == b""


def test_any_success_will_do_where_the_document_names_no_status(kind: Kind) -> None:
    one = session_caller(kind, change(SESSION, success_status=None))
    one.service.login_answers = [httpx2.Response(201, json={"Token": "abc"})]
    one.service.alive = {"abc"}
    assert one.call(ASK)
    assert len(one.service.logins) == 1


# Refusals


@pytest.mark.parametrize("status", [400, 401, 403, 423])
def test_a_refused_login_says_so(kind: Kind, status: int) -> None:
    one = session_caller(kind)
    one.service.login_answers = [httpx2.Response(status, text=f"{SECRET} of {AGENT}")] * 2
    with pytest.raises(AuthenticationError, match="the login is not accepted") as caught:
        one.call(ASK)
    assert len(one.service.logins) == 1
    assert not any(secret in shown(caught.value) for secret in SECRETS)
    assert caught.value.raw is not None
    assert SECRET.encode() not in caught.value.raw.body


@pytest.mark.parametrize(
    ("answer", "error", "logins"),
    [
        (503, HttpStatusError, 3),
        (429, LimitError, 3),
        (404, HttpStatusError, 1),
        (httpx2.Response(202, json={"Token": "x"}), UnexpectedReplyError, 1),
        (httpx2.ConnectError(f"no way to {AGENT}"), ConnectError, 3),
    ],
    ids=repr,
)
@pytest.mark.parametrize("asked", [ASK, CHANGE])
def test_a_login_that_fails_otherwise_is_tried_again_where_that_may_help(
    kind: Kind, asked: Any, answer: object, error: type[GridwrightError], logins: int
) -> None:
    one = session_caller(kind)
    one.service.login_answers = [answer] * 3
    with pytest.raises(error, match="the login") as caught:
        one.call(asked)
    assert type(caught.value) is error
    assert len(one.service.logins) == logins
    assert one.service.seen == []
    assert not any(secret in shown(caught.value) for secret in SECRETS)


def test_a_refused_session_is_renewed_once(kind: Kind) -> None:
    one = session_caller(kind)
    one.call(ASK)
    one.service.alive = set()
    one.calls(ASK, ASK)
    assert len(one.service.logins) == 2
    assert one.service.tokens == ["session-1/+="] * 2 + ["session-2/+="] * 2
    assert "session" not in repr(one.options["login_store"])


@pytest.mark.parametrize("body", [b"", b"no", b"<html>no</html>", b'{"error": "token expired"}'])
@pytest.mark.parametrize("status", [401, 403])
def test_a_read_renews_a_refused_session_whatever_the_reply_says(
    kind: Kind, status: int, body: bytes
) -> None:
    one = session_caller(kind)
    one.call(ASK)
    one.service.answers = [httpx2.Response(status, content=body)]
    one.call(ASK)
    assert len(one.service.logins) == 2


def test_a_write_is_sent_again_after_the_services_own_word(kind: Kind) -> None:
    one = session_caller(kind)
    one.call(ASK)
    one.service.alive = set()
    one.call(CHANGE)
    assert len(one.service.logins) == 2
    assert len(one.service.seen) == 3


@pytest.mark.parametrize(
    "answer", [httpx2.Response(403), httpx2.Response(401, text="<html>firewall</html>")], ids=repr
)
def test_a_write_is_not_sent_again_after_a_bare_status(kind: Kind, answer: httpx2.Response) -> None:
    one = session_caller(kind)
    one.call(ASK)
    one.service.answers = [answer]
    with pytest.raises(OutcomeUnknownError) as caught:
        one.call(CHANGE)
    assert caught.value.http_status == answer.status_code
    assert len(one.service.seen) == 2
    # but the session may be at its end all the same, so the next call opens another
    one.call(ASK)
    assert len(one.service.logins) == 2


def test_what_cannot_be_sent_twice_lets_the_next_call_log_in(kind: Kind) -> None:
    one = session_caller(kind)
    one.call(ASK)
    one.service.alive = set()
    with pytest.raises(SessionExpiredError):
        one.call(CHANGE, attachments=["a stream"])
    assert len(one.service.seen) == 2
    one.call(ASK)
    assert len(one.service.logins) == 2


def test_a_service_that_refuses_everything_is_asked_for_no_more_sessions(kind: Kind) -> None:
    one = session_caller(kind)
    one.service.answers = [httpx2.Response(401)] * 9
    found = one.calls(ASK, ASK, ASK)
    assert [type(error) for error in found] == [SessionExpiredError] * 3
    assert len(one.service.logins) == 1
    for error in found:
        assert not any(secret in shown(error) for secret in SECRETS)


def test_after_some_minutes_another_login_is_worth_it(kind: Kind) -> None:
    one = session_caller(kind)
    one.service.answers = [httpx2.Response(401)]
    one.calls(ASK)
    one.clock.seconds += 301
    one.service.answers = [httpx2.Response(401)]
    one.call(ASK)
    assert len(one.service.logins) == 2


# Lifetime


def test_a_session_is_used_until_shortly_before_its_end(kind: Kind) -> None:
    one = session_caller(kind)
    for seconds, logins in ((0, 1), (28700, 1), (28741, 2)):
        one.clock.seconds = seconds
        one.calls(ASK)
        assert len(one.service.logins) == logins


def test_a_session_may_live_from_its_last_use(kind: Kind) -> None:
    one = session_caller(kind, change(SESSION, counts_from="last_use"))
    for seconds in (0, 20000, 40000, 60000):
        one.clock.seconds = seconds
        one.calls(ASK)
    assert len(one.service.logins) == 1


@pytest.mark.parametrize("seconds", [None, 0])
def test_a_session_may_have_no_end(kind: Kind, seconds: float | None) -> None:
    one = session_caller(kind, change(SESSION, lifetime_seconds=seconds))
    one.calls(ASK)
    one.clock.seconds = 1e9
    one.calls(ASK)
    assert len(one.service.logins) == 1


@pytest.mark.parametrize(
    ("said", "lives"), [(100, 100), ("100", 100), (100.5, 100), (0, 28800), ("soon", 28800)]
)
def test_a_reply_may_say_how_long_its_session_lives(kind: Kind, said: object, lives: int) -> None:
    one = session_caller(kind, change(SESSION, lifetime_read="body expires_in"))
    one.service.alive = None
    one.service.login_answers = [{"Token": "a", "expires_in": said}, {"Token": "b"}]
    one.call(ASK)
    one.clock.seconds = lives * 0.8  # from another client, by what is kept
    one.call(ASK)
    one.clock.seconds = lives
    one.call(ASK)
    assert one.service.tokens == ["a", "a", "b"]


def test_a_clock_that_was_wrong_costs_one_login(kind: Kind) -> None:
    one = session_caller(kind)
    one.calls(ASK)
    one.clock = FakeClock(one.clock.started.replace(year=2020))
    one.calls(ASK)
    assert len(one.service.logins) == 2


# Sharing


def test_the_account_has_the_name_that_earlier_releases_gave_it(kind: Kind) -> None:
    facts = [
        f"{HERE}/Authenticate/{{AgentID}}",
        f"agent_id={AGENT}",
        f"client_id={CLIENT_ID}",
        f"client_secret={SECRET}",
    ]
    expected = sha256("\n".join(facts).encode()).hexdigest()[:32]
    one = session_caller(kind)
    one.call(ASK)
    assert list(one.options["login_store"]._kept) == [expected]


def test_clients_of_one_account_share_a_session_through_a_private_file(
    kind: Kind, tmp_path: Path
) -> None:
    folder = tmp_path / "logins"
    one = session_caller(kind, login_store=None, login_folder=folder)
    one.call(ASK)
    one.call(ASK)
    assert len(one.service.logins) == 1
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert not any(secret in path.name for secret in SECRETS)
        assert AGENT not in path.read_text()
    [kept] = folder.glob("*.json")
    assert set(json.loads(kept.read_text())) == {
        *("ticket", "issuer", "issued_at", "last_used_at", "login", "address", "proof", "vain_at")
    }


@pytest.mark.parametrize("name", ["client_id", "client_secret", "agent_id"])
def test_other_credentials_have_another_session(kind: Kind, name: str) -> None:
    one = session_caller(kind)
    one.call(ASK)
    one.options["credentials"] = one.options["credentials"] | {name: "INVENTED-other"}
    one.call(ASK)
    assert len(one.service.logins) == 2


def test_a_login_that_failed_is_tried_by_later_calls(kind: Kind) -> None:
    one = session_caller(kind)
    one.service.login_answers = [400]
    failed, found = one.calls(ASK, ASK)
    assert isinstance(failed, AuthenticationError)
    assert found.body.value == "good"


def test_no_session_and_no_credential_in_logs_and_reprs(
    kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    one = session_caller(kind)
    client = one.client()
    shown_things = (client, client._settings.access, vars(client._settings), *one.calls(ASK))
    for thing in shown_things:
        assert not any(secret in repr(thing) for secret in SECRETS)
    assert not any(secret in caplog.text for secret in SECRETS)
    assert "Authenticate/{AgentID}" in caplog.text


def test_an_optional_credential_that_nobody_gave_leaves_its_part_out(kind: Kind) -> None:
    extra = Part(wire="Scope", place="body", source=text(credential("scope")), optional=True)
    step = change(SESSION, parts={"": (*SESSION.parts[""], extra)})
    one = session_caller(kind)
    scope = Credential(name="scope", environment="SAMPLE_SCOPE", optional=True)
    one.system = with_session(step, credentials=(*SESSION_CREDENTIALS, scope))
    one.call(ASK)
    assert "Scope" not in fields(one.service.logins[0])


def test_the_store_is_one_of_the_client_where_a_transport_is_given(kind: Kind) -> None:
    one = session_caller(kind, login_store=None)
    one.calls(ASK, ASK)
    one.calls(ASK)
    assert len(one.service.logins) == 2
    assert isinstance(one.client()._settings.access.accounts["session"].store, MemoryLoginStore)

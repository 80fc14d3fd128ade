"""Two steps: a login that is kept, and a ticket for each call, at a server of their own."""

import logging
import pickle
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest
from tests.sending.support import KINDS, NUMBER, Arguments, FakeClock, Kind, shown

from gridwright_runtime.access.kept_result import KeptResult
from gridwright_runtime.access.proof import prove
from gridwright_runtime.access.store import MemoryLoginStore, account_of
from gridwright_runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    GridwrightError,
    HttpStatusError,
    LimitError,
    NoSessionError,
    OutcomeUnknownError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from gridwright_runtime.retry import RetryPolicy

from .support import (
    CAS,
    GET_TICKETED,
    GRANT,
    PASSWORD,
    SAVE_TICKETED,
    TICKET,
    URL,
    USER,
    TicketService,
    ticket_caller,
    with_tickets,
)

both = pytest.mark.parametrize("kind", KINDS)
change = msgspec.structs.replace
MINUTE = 60
ISSUER = f"{CAS}/cas/v1/tickets?format=text"
ACCOUNT = account_of(ISSUER, USER)
PROOF = prove(PASSWORD, cost=2)
ONCE = RetryPolicy(attempts=1)


def is_served(found: Any) -> bool:
    return getattr(getattr(found, "body", None), "value", "") == "served"


def error_of(one: Any, asked: Any = GET_TICKETED) -> Any:
    [found] = one.calls(asked)
    assert isinstance(found, GridwrightError)
    return found


@both
def test_one_login_serves_all_calls_and_each_call_has_its_own_ticket(kind: Kind) -> None:
    one = ticket_caller(kind)
    assert all(is_served(found) for found in one.calls(*[GET_TICKETED] * 5))
    server = one.service.server
    assert (server.logins, server.consumed) == (1, 5)
    assert len({request.headers["X-Ticket"] for request in one.service.seen}) == 5


@both
def test_what_is_sent_is_what_the_document_says(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.call(GET_TICKETED)
    login, ticket, call = one.service.exchanges
    assert str(login.url) == ISSUER
    assert login.content == (
        b"username=INVENTED-user%2B1&password=INVENTED+p%C3%A4ss%26word%2F%3D%2541"
    )
    assert login.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert login.headers["Accept"] == "text/plain, */*"
    assert str(ticket.url).startswith(f"{CAS}/cas/v1/tickets/TGT-1-")
    assert ticket.content == b"service=https%3A%2F%2Fservice.invalid"
    assert str(call.url) == f"{URL}/get_ticketed?number={NUMBER}"


@both
def test_users_and_servers_share_nothing(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.server._users["OTHER"] = PASSWORD
    one.service.server._services |= {"https://testservice.invalid"}
    assert is_served(one.call(GET_TICKETED))
    credentials = one.options["credentials"]
    one.options["credentials"] = credentials | {"username": "OTHER"}
    assert is_served(one.call(GET_TICKETED))
    one.options |= {"credentials": credentials, "server": "test"}
    one.calls(GET_TICKETED)
    logins = [one for one in one.service.exchanges if one.url.path.endswith("/tickets")]
    hosts = [login.url.host for login in logins]
    assert hosts[:3] == ["cas.invalid", "cas.invalid", "testcas.invalid"]
    ticket = one.service.exchanges[7]
    assert ticket.url.host == "testcas.invalid"
    assert ticket.content == b"service=https%3A%2F%2Ftestservice.invalid"


@both
def test_a_login_url_takes_the_place_of_the_documents_server(kind: Kind) -> None:
    one = ticket_caller(kind, login_url="http://127.0.0.1:8080/")
    assert is_served(one.call(GET_TICKETED))
    login, ticket, _call = one.service.exchanges
    assert str(login.url) == "http://127.0.0.1:8080/cas/v1/tickets?format=text"
    assert str(ticket.url).startswith("http://127.0.0.1:8080/cas/v1/tickets/TGT-1-")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"server": "staging"}, "environment must be one of production, test"),
        ({"login_url": "ftp://x"}, "login_url is no http"),
        ({"base_url": "https://x.example", "transport": None}, "must be given together"),
        ({"login_url": "https://x.example", "transport": None}, "must be given together"),
        (
            {"base_url": "https://x.example", "login_url": "http://x.example", "transport": None},
            "login_url must be https",
        ),
        ({"credentials": {"username": "u", "password": ""}}, "no password"),
    ],
)
def test_a_client_that_is_set_up_wrongly_is_not_made(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        ticket_caller("sync", **options).client()


# Lifetimes


@both
def test_a_login_lives_from_its_last_use(kind: Kind) -> None:
    one = ticket_caller(kind)
    for _ in range(6):  # three hours
        assert is_served(one.call(GET_TICKETED))
        one.clock.seconds += 40 * MINUTE
    assert one.service.server.logins == 1
    one.clock.seconds += 6 * MINUTE
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 2
    # nothing was ever refused: the second login was in time
    assert one.service.calls == [None] * 7
    assert len(one.service.exchanges) == 2 + 2 * 7


@both
def test_uses_within_a_minute_are_noted_together_and_never_late(kind: Kind) -> None:
    one = ticket_caller(kind)
    noted = []
    for _ in range(5):
        assert is_served(one.call(GET_TICKETED))
        kept_result = one.options["login_store"].load(ACCOUNT)
        noted.append((one.clock.now() - kept_result.last_used_at).total_seconds())
        one.clock.seconds += 40
    assert noted == [0, 40, 0, 40, 0]


@both
def test_a_lifetime_from_issue_does_not_slide(kind: Kind) -> None:
    one = ticket_caller(kind, made=with_tickets(change(GRANT, counts_from="issue")))
    for minutes in (0, 30, 15):
        one.clock.seconds += minutes * MINUTE
        assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 2


@both
@pytest.mark.parametrize("days", [400, -400])
def test_a_login_of_a_wrong_clock_is_not_used(kind: Kind, days: int) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    one.clock.set_back = timedelta(days=days)
    one.calls(GET_TICKETED)
    assert one.service.server.logins == 2


@both
def test_clocks_that_differ_by_seconds_do_no_harm(kind: Kind) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    one.clock.set_back = timedelta(seconds=20)
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 1


class Slow:
    """Makes the server slow in giving tickets."""

    def __init__(self, clock: FakeClock, times: int, seconds: float, asleep: bool = False) -> None:
        self.clock, self.times, self.seconds, self.asleep = clock, times, seconds, asleep

    def __call__(self, request: httpx2.Request) -> None:
        if "/TGT-" in request.url.path and self.times:
            self.times -= 1
            if self.asleep:  # the monotonic clock of the machine stands meanwhile
                self.clock.set_back -= timedelta(seconds=self.seconds)
            else:
                self.clock.seconds += self.seconds


def slow(kind: Kind, *facts: Any) -> Any:
    service = TicketService()
    service.edit = Slow(service.clock, *facts)
    return ticket_caller(kind, service)


@both
@pytest.mark.parametrize(("seconds", "tickets"), [(24, 1), (25, 2), (29, 2)])
@pytest.mark.parametrize("asleep", [False, True])
def test_a_ticket_that_came_late_is_replaced(
    kind: Kind, seconds: float, tickets: int, asleep: bool
) -> None:
    one = slow(kind, 1, seconds, asleep)
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.tickets == tickets
    assert one.service.calls == [None]


@both
def test_tickets_that_always_come_late_are_given_up(kind: Kind) -> None:
    one = slow(kind, 9, 29)
    error = error_of(one)
    assert isinstance(error, RequestTimeoutError)
    assert error.phase == "login"
    assert one.service.calls == []
    assert one.service.server.tickets == 2


# Refused results


@both
def test_a_forgotten_login_is_renewed_once(kind: Kind) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    one.service.server.forget()
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 2
    assert one.service.calls == [None, None]


@both
@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_every_refusal_of_a_login_renews_it(kind: Kind, status: int) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    old = str(one.service.exchanges[1].url).rpartition("/")[2]
    one.service.edit = lambda request: (
        httpx2.Response(status, text="no") if old in str(request.url) else None
    )
    assert all(is_served(found) for found in one.calls(GET_TICKETED, SAVE_TICKETED))
    assert one.service.server.logins == 2


@both
def test_a_login_renewed_by_somebody_else_is_used(kind: Kind) -> None:
    one = ticket_caller(kind)
    store = one.options["login_store"]
    assert is_served(one.call(GET_TICKETED))
    stale = store.load(ACCOUNT)
    one.service.server.forget()
    assert is_served(one.call(GET_TICKETED))
    assert store.load(ACCOUNT).login == 2
    # this client read the stale one just before
    reads, load = [stale], store.load
    store.load = lambda account: reads.pop() if reads else load(account)
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 2


@both
def test_no_ticket_for_a_new_login_is_an_error_and_not_a_loop(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.server._services = frozenset()
    for _ in range(20):
        error = error_of(one)
        assert isinstance(error, AuthenticationError)
        assert "mock: no such service" in str(error)
    assert one.service.server.logins == 1
    assert (error.http_status, error.operation) == (400, "get_ticketed")
    one.clock.seconds += 6 * MINUTE
    for _ in range(20):
        assert isinstance(error_of(one), AuthenticationError)
    assert one.service.server.logins == 2


class Forgetful(MemoryLoginStore):
    """Loses what it is given, and always has an old login."""

    loads = 0

    def load(self, account: str) -> KeptResult:
        now = FakeClock().now()
        self.loads += 1
        return KeptResult(
            value=f"TGT-0-old-{self.loads}",
            issuer=ISSUER,
            issued_at=now,
            last_used_at=now,
            proof=PROOF,
        )


@both
def test_a_store_with_one_bad_login_after_the_other_is_no_loop(kind: Kind) -> None:
    one = ticket_caller(kind, login_store=Forgetful())
    assert isinstance(error_of(one), AuthenticationError)
    assert len(one.service.exchanges) == 3


@both
def test_a_service_that_is_forbidden_costs_no_login(kind: Kind) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    one.service.server.fail(403)
    assert isinstance(error_of(one), AuthenticationError)
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 1


@both
@pytest.mark.parametrize("asked", [GET_TICKETED, SAVE_TICKETED])
@pytest.mark.parametrize(
    ("refusals", "logins", "is_good"), [(1, 1, True), (2, 2, True), (3, 2, False)]
)
def test_a_service_that_refuses_gets_a_new_ticket_then_a_new_login(
    kind: Kind, asked: Any, refusals: int, logins: int, is_good: bool
) -> None:
    one = ticket_caller(kind)
    one.service.refusals = refusals
    [found] = one.calls(asked)
    assert is_served(found) is is_good
    assert one.service.server.logins == logins
    assert len(one.service.calls) == min(refusals + 1, 3)
    tickets = [request.headers["X-Ticket"] for request in one.service.seen]
    assert len(set(tickets)) == len(tickets)


@both
def test_a_service_that_refuses_everything_does_not_cause_a_login_per_call(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.refusals = 10_000
    for _ in range(20):
        assert isinstance(error_of(one), AuthenticationError)
    assert one.service.server.logins == 2
    one.clock.seconds += 6 * MINUTE
    error_of(one)
    assert one.service.server.logins == 3


# Writes


@both
def test_a_write_after_a_bare_status_is_not_sent_again(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.answers = [401]
    assert isinstance(error_of(one, SAVE_TICKETED), OutcomeUnknownError)
    assert len(one.service.seen) == 1


@both
@pytest.mark.parametrize("answer", [503, httpx2.ConnectError("refused"), httpx2.ReadError("lost")])
@pytest.mark.parametrize("at", ["login", "ticket"])
def test_a_write_waits_for_the_server_of_the_login_and_is_sent_once(
    kind: Kind, answer: Any, at: str
) -> None:
    one, answers = ticket_caller(kind), [answer]

    def fail(request: httpx2.Request) -> httpx2.Response | None:
        is_there = ("/TGT-" in request.url.path) is (at == "ticket")
        if "/cas/" not in request.url.path or not is_there or not answers:
            return None
        found = answers.pop()
        if isinstance(found, Exception):
            raise found
        return httpx2.Response(found)

    one.service.edit = fail
    assert is_served(one.call(SAVE_TICKETED))
    assert len(one.service.seen) == 1
    assert one.clock.slept == [0.25]


@both
def test_a_write_that_had_to_wait_for_its_ticket_is_still_sent_once(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.server.fail(503)
    one.service.answers = [503]
    assert isinstance(error_of(one, SAVE_TICKETED), OutcomeUnknownError)
    assert len(one.service.seen) == 1


@both
def test_a_write_without_a_ticket_is_known_not_to_have_happened(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.server.fail(503, times=9)
    assert isinstance(error_of(one, SAVE_TICKETED), HttpStatusError)
    assert one.service.seen == []


@both
def test_a_read_is_repeated_with_a_new_ticket(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.answers = [httpx2.ReadError("lost"), 503]
    assert is_served(one.call(GET_TICKETED))
    assert one.service.calls == [None] * 3
    assert one.service.server.logins == 1
    assert one.clock.slept == [0.25, 0.5]


# The server of the login refuses, fails, or makes no sense


@both
@pytest.mark.parametrize("status", [400, 401, 403, 423])
def test_a_wrong_password_is_an_authentication_error(kind: Kind, status: int) -> None:
    one = ticket_caller(kind)
    said = f"no {USER}, not with {PASSWORD}"
    one.service.edit = lambda request: httpx2.Response(status, text=said)
    error = error_of(one)
    assert isinstance(error, AuthenticationError)
    assert len(one.service.exchanges) == 1
    assert error.text == "no ***, not with ***"
    assert error.http_status == status
    assert "the login, step grant, is not accepted" in str(error)


@both
def test_a_wrong_password_does_not_use_the_login_of_the_right_one(kind: Kind) -> None:
    one = ticket_caller(kind)
    right = one.options["credentials"]
    assert is_served(one.call(GET_TICKETED))
    one.options["credentials"] = right | {"password": "INVENTED-other"}
    assert "wrong user name or password" in str(error_of(one))
    one.options["credentials"] = right
    assert is_served(one.call(GET_TICKETED))
    server = one.service.server
    assert (server.logins, server.refused_logins) == (1, 1)


@both
def test_a_changed_password_logs_in_anew_and_serves_all_who_know_it(kind: Kind) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    one.service = TicketService(one.clock, password="INVENTED-other")
    one.options["credentials"] = {"username": USER, "password": "INVENTED-other"}
    for _ in range(2):
        assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 1
    one.options["credentials"] = {"username": USER, "password": PASSWORD}
    assert isinstance(error_of(one), AuthenticationError)


@both
@pytest.mark.parametrize("status", [500, 502, 503, 504, 302])
def test_a_server_of_the_login_that_fails_is_no_refusal(kind: Kind, status: int) -> None:
    one = ticket_caller(kind, retry=ONCE)
    for _ in range(2):  # at the login, then at the ticket
        one.service.server.fail(status, retry_after_seconds=7)
        error = error_of(one)
        assert isinstance(error, HttpStatusError)
        assert error.status == status
        assert error.raw is not None
        assert error.raw.header("retry-after") == "7"
        assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 1


@both
def test_a_retry_waits_as_long_as_the_server_of_the_login_asks(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.server.fail(503, retry_after_seconds=7)
    assert is_served(one.call(GET_TICKETED))
    assert one.clock.slept == [7.0]


@both
def test_a_server_of_the_login_that_is_too_busy_is_a_limit(kind: Kind) -> None:
    one = ticket_caller(kind, retry=ONCE)
    one.service.server.fail(429, retry_after_seconds=7)
    error = error_of(one)
    assert isinstance(error, LimitError)
    assert error.retry_at == one.clock.now() + timedelta(seconds=7)


@both
@pytest.mark.parametrize(
    ("raised", "expected", "phase"),
    [
        (httpx2.ConnectError("refused"), ConnectError, ""),
        (httpx2.ConnectTimeout("slow"), RequestTimeoutError, "connect"),
        (httpx2.ReadTimeout("slow"), RequestTimeoutError, "read"),
        (httpx2.RemoteProtocolError("broken"), TransportError, ""),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)),
)
def test_a_server_of_the_login_that_does_not_answer_is_a_transport_error(
    kind: Kind, raised: Exception, expected: type[Exception], phase: str
) -> None:
    one = ticket_caller(kind, retry=ONCE)

    def fail(request: httpx2.Request) -> httpx2.Response:
        raise raised

    one.service.edit = fail
    error = error_of(one)
    assert type(error) is expected
    assert getattr(error, "phase", "") == phase
    assert str(error).startswith("sample.get_ticketed: no answer from the login, step grant: ")


@both
@pytest.mark.parametrize(
    "body", ["", "<html>TGT-1-abcdefgh</html>", "two words", "ok", "TGT-1-" + "x" * 20_000]
)
def test_a_login_reply_without_a_ticket_is_no_session(kind: Kind, body: str) -> None:
    one = ticket_caller(kind)
    one.service.edit = lambda request: httpx2.Response(201, text=body)
    error = error_of(one)
    assert isinstance(error, NoSessionError)
    assert error.raw is not None
    assert error.raw.body == b""  # whatever it is, it may hold a ticket


@both
def test_a_status_that_is_not_that_of_a_login_is_unexpected(kind: Kind) -> None:
    one = ticket_caller(kind)
    one.service.edit = lambda request: httpx2.Response(200, text="TGT-1-abcdefghijkl")
    assert isinstance(error_of(one), UnexpectedReplyError)


# Location


def located(location: str, body: str = "TGT-1-of-the-body") -> Any:
    """Answer logins with a Location header."""

    def reply(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path.endswith("/tickets"):
            return httpx2.Response(201, text=body, headers={"Location": location})
        return httpx2.Response(200, text="ST-1-abcdefghijkl") if "/ST" in location else None

    return reply


@both
@pytest.mark.parametrize(
    "location",
    [
        f"{CAS}/cas/v1/tickets/TGT-1-of-the-header",
        f"{CAS}:443/cas/v1/tickets/TGT-1-of-the-header",
        f"{CAS}/elsewhere/TGT-1-of-the-header",
    ],
)
def test_the_location_of_a_login_is_where_tickets_are_asked_for(kind: Kind, location: str) -> None:
    one = ticket_caller(kind)
    one.service.edit = located(location)
    one.calls(GET_TICKETED)
    assert one.service.exchanges[1].url == httpx2.URL(location)


@both
@pytest.mark.parametrize(
    "location",
    [
        "",
        "/cas/v1/tickets/TGT-1-of-the-header",
        "http://cas.invalid/cas/v1/tickets/TGT-1-of-the-header",
        "https://cas.invalid:8443/cas/v1/tickets/TGT-1-of-the-header",
        "https://evil.invalid/cas/v1/tickets/TGT-1-of-the-header",
        "https://cas.invalid@evil.invalid/cas/v1/tickets/TGT-1-of-the-header",
        "https://user@cas.invalid/cas/v1/tickets/TGT-1-of-the-header",
        "https://cas.invalid:port/cas/v1/tickets/TGT-1-of-the-header",
        f"{CAS}/cas/v1/tickets/",
        f"{CAS}/cas/v1/tickets/TGT-1?x=1",
    ],
)
def test_a_location_elsewhere_is_not_followed(kind: Kind, location: str) -> None:
    one = ticket_caller(kind)
    one.service.edit = located(location)
    one.calls(GET_TICKETED)
    assert str(one.service.exchanges[1].url) == f"{CAS}/cas/v1/tickets/TGT-1-of-the-body"


@both
def test_a_location_is_not_followed_where_the_address_goes_on_behind_it(kind: Kind) -> None:
    ticket = change(TICKET, address={"production": f"{CAS}/cas/v1/tickets/{{tgt}}/services"})
    one = ticket_caller(kind, made=with_tickets(ticket=ticket))
    one.service.edit = located(f"{CAS}/elsewhere/TGT-1-of-the-header")
    one.calls(GET_TICKETED)
    expected = f"{CAS}/cas/v1/tickets/TGT-1-of-the-body/services"
    assert str(one.service.exchanges[1].url) == expected


@both
def test_a_page_with_a_location_is_a_login(kind: Kind) -> None:
    kept_result = change(GRANT, address={"production": f"{CAS}/cas/v1/tickets"})
    one = ticket_caller(kind, made=with_tickets(kept_result))
    assert is_served(one.call(GET_TICKETED))
    assert str(one.service.exchanges[1].url).startswith(f"{CAS}/cas/v1/tickets/TGT-1-")


# Somebody else logs in


@both
def test_another_login_that_does_not_end_is_a_timeout(kind: Kind) -> None:
    one = ticket_caller(kind, timeout_seconds=5, retry=ONCE)
    release = one.options["login_store"].try_hold(ACCOUNT)
    assert release is not None
    error = error_of(one)
    assert isinstance(error, RequestTimeoutError)
    assert error.phase == "login"
    assert 5 <= one.clock.seconds < 6
    release()
    assert is_served(one.call(GET_TICKETED))


@both
def test_a_login_kept_for_another_server_is_not_used(kind: Kind) -> None:
    one = ticket_caller(kind)
    now = one.clock.now()
    kept = KeptResult(
        value="TGT-1-of-another-server",
        issuer="https://other.invalid",
        issued_at=now,
        last_used_at=now,
        proof=PROOF,
    )
    one.options["login_store"].save(ACCOUNT, kept)
    assert is_served(one.call(GET_TICKETED))
    assert not any(
        "TGT-1-of-another-server" in str(request.url) for request in one.service.exchanges
    )


@both
def test_a_login_that_an_earlier_release_kept_is_used(kind: Kind) -> None:
    one = ticket_caller(kind)
    assert is_served(one.call(GET_TICKETED))
    store = one.options["login_store"]
    assert list(store._kept) == [ACCOUNT]
    kept = store.load(ACCOUNT)
    assert (kept.issuer, kept.address.rpartition("/")[2]) == (ISSUER, kept.value)
    fresh = MemoryLoginStore()
    old = msgspec.json.decode(msgspec.json.encode(kept), type=KeptResult)
    fresh.save(ACCOUNT, old)
    one.options["login_store"] = fresh
    assert is_served(one.call(GET_TICKETED))
    assert one.service.server.logins == 1


# Secrets

FORMS = (USER, PASSWORD, "INVENTED-user", "INVENTED p", "INVENTED+p", "INVENTED%20p", "word%2F")


def assert_clean(said: str, service: TicketService) -> None:
    tickets = (*service.server._grants, *service.server._tickets)
    for secret in (*FORMS, *tickets, "TGT-1-", "ST-1-", "ST-9-"):
        assert secret not in said


@both
@pytest.mark.parametrize("status", [201, 302, 400, 401, 404, 423, 429, 500, 503])
@pytest.mark.parametrize("only", ["/tickets", "/TGT-"])
def test_no_error_shows_a_secret(
    kind: Kind, status: int, only: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def quote(request: httpx2.Request) -> httpx2.Response | None:
        if only not in request.url.path:
            return None
        said = f"{request.url} {USER} {PASSWORD} {request.content.decode()} ST-9-abcdefgh"
        headers = {"Set-Cookie": f"TGC={request.url}", "X-User": USER}
        return httpx2.Response(status, text=said, headers=headers)

    one = ticket_caller(kind, retry=ONCE)
    one.service.edit = quote
    error = error_of(one)
    texts = [shown(error), caplog.text, str(error.raw.headers), error.raw.body.decode()]
    texts.append(shown(pickle.loads(pickle.dumps(error))))
    assert_clean("\n".join(texts), one.service)


@both
def test_no_error_of_the_transport_shows_a_secret(kind: Kind) -> None:
    one = ticket_caller(kind, retry=ONCE)

    def fail(request: httpx2.Request) -> httpx2.Response | None:
        if "/TGT-" not in request.url.path:
            return None
        raise httpx2.ReadError(f"cannot read {request.url}", request=request)

    one.service.edit = fail
    assert_clean(shown(error_of(one)), one.service)


@both
def test_no_message_about_a_call_shows_its_ticket(kind: Kind) -> None:
    one = ticket_caller(kind, retry=ONCE)

    def quote(request: httpx2.Request) -> httpx2.Response:
        said = f"bad ticket {request.headers['X-Ticket']} of {USER} for {NUMBER}"
        return httpx2.Response(200, json={"code": "no", "text": said})

    one.service.answers = [quote]
    error = error_of(one)
    assert "bad ticket *** of *** for ***" in str(error)


def test_arguments_are_never_shown_by_a_client() -> None:
    one = ticket_caller("sync")
    assert NUMBER not in repr(one.client())
    assert repr(one.client()) == f"<BaseClient of sample at {URL}>"
    assert Arguments(NUMBER).number == NUMBER

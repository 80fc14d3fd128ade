"""Tickets for calls: reuse, lifetimes, renewal, refusals. Clocks are injected; nothing waits."""

from datetime import timedelta

import httpx2
import msgspec
import pytest
from gridwright_runtime.call import Failed
from gridwright_runtime.tickets.office import NoTicket
from gridwright_runtime.tickets.ticket import ServiceTicket

from gridwright_runtime.access.grant import Grant
from gridwright_runtime.access.proof import prove
from gridwright_runtime.access.store import MemoryTicketStore, account_of
from gridwright_runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    HttpStatusError,
    LimitError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from gridwright_runtime.message import RawReply

from .account import CAS, FLOW, HEADER, PASSWORD, USERNAME
from .support import (
    KINDS,
    REQUEST,
    Desk,
    FakeClock,
    Kind,
    Place,
    error_of,
    is_served,
)

both = pytest.mark.parametrize("kind", KINDS)
MINUTE = 60
ACCOUNT = account_of(f"{CAS}/cas/v1/tickets?format=text", USERNAME)


@both
def test_one_login_serves_all_calls_and_each_call_has_its_own_ticket(kind: Kind) -> None:
    place = Place()
    desk = Desk(kind, place)
    for _ in range(5):
        assert is_served(desk.send())
    assert place.server.logins == 1
    assert place.server.consumed == 5
    assert len(set(place.seen)) == 5


@both
def test_what_is_sent_is_what_the_document_says(kind: Kind) -> None:
    place = Place()
    desk = Desk(kind, place)
    assert is_served(desk.send())
    login, ticket, call = desk.exchanges
    assert login.full_url == "https://cas.invalid/cas/v1/tickets?format=text"
    assert login.body == (
        b"username=INVENTED-user%2B1&password=INVENTED+p%C3%A4ss%26word%2F%3D%2541"
    )
    assert dict(login.headers)["Content-Type"] == "application/x-www-form-urlencoded"
    assert ticket.url.startswith("https://cas.invalid/cas/v1/tickets/TGT-1-")
    assert ticket.safe_url == "https://cas.invalid/cas/v1/tickets/{tgt}"
    assert ticket.body == b"service=https%3A%2F%2Fservice.invalid"
    assert dict(call.headers)[HEADER] == place.seen[0]
    assert (call.url, call.body) == (REQUEST.url, REQUEST.body)


@both
def test_clients_that_share_a_store_share_the_login(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    for _ in range(3):
        assert is_served(Desk(kind, place, store=store).send())
    assert place.server.logins == 1


@both
def test_users_and_environments_share_nothing(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    place.server._users["OTHER"] = PASSWORD
    place.server._services |= {"https://testservice.invalid"}
    assert is_served(Desk(kind, place, store=store).send())
    assert is_served(Desk(kind, place, store=store, username="OTHER").send())
    test = Desk(kind, place, store=store, environment="test")
    test.send()
    assert place.server.logins == 3
    assert [request.url.split("/")[2] for request in test.exchanges[:2]] == ["testcas.invalid"] * 2
    assert test.exchanges[1].body == b"service=https%3A%2F%2Ftestservice.invalid"


@both
def test_a_ticket_url_takes_the_place_of_the_documents_server(kind: Kind) -> None:
    desk = Desk(kind, Place(), ticket_url="http://127.0.0.1:8080/")
    assert is_served(desk.send())
    assert desk.exchanges[0].url == "http://127.0.0.1:8080/cas/v1/tickets?format=text"
    assert desk.exchanges[1].url.startswith("http://127.0.0.1:8080/cas/v1/tickets/TGT-1-")
    assert desk.exchanges[1].safe_url == "http://127.0.0.1:8080/cas/v1/tickets/{tgt}"


def test_an_unknown_environment_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="one of production, test"):
        Desk("sync", Place(), environment="staging")


# lifetimes


@both
def test_a_login_lives_from_its_last_use(kind: Kind) -> None:
    place = Place()
    desk = Desk(kind, place)
    for _ in range(6):  # three hours
        assert is_served(desk.send())
        place.fake.seconds += 40 * MINUTE
    assert place.server.logins == 1
    place.fake.seconds += 6 * MINUTE
    assert is_served(desk.send())
    assert place.server.logins == 2
    # nothing was ever refused: the second login was in time
    assert place.calls == [None] * 7
    assert len(desk.exchanges) == 2 + 2 * 7


@both
def test_uses_within_a_minute_are_noted_together_and_never_late(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    desk = Desk(kind, place, store=store)
    noted = []
    for _ in range(5):
        assert is_served(desk.send())
        grant = store.load(ACCOUNT)
        assert grant is not None
        noted.append((place.clock.now() - grant.last_used_at).total_seconds())
        place.fake.seconds += 40
    assert noted == [0, 40, 0, 40, 0]


@both
def test_a_lifetime_from_issue_does_not_slide(kind: Kind) -> None:
    place = Place()
    step = msgspec.structs.replace(FLOW.grant, counts_from="issue")
    desk = Desk(kind, place, flow=msgspec.structs.replace(FLOW, grant=step))
    assert is_served(desk.send())
    place.fake.seconds += 30 * MINUTE
    assert is_served(desk.send())
    place.fake.seconds += 15 * MINUTE
    assert is_served(desk.send())
    assert place.server.logins == 2


@both
@pytest.mark.parametrize("days", [400, -400])
def test_a_login_of_a_wrong_clock_is_not_used(kind: Kind, days: int) -> None:
    place, store = Place(), MemoryTicketStore()
    desk = Desk(kind, place, store=store)
    assert is_served(desk.send())
    place.fake.set_back = timedelta(days=days)
    assert is_served(desk.send())
    assert place.server.logins == 2


@both
def test_clocks_that_differ_by_seconds_do_no_harm(kind: Kind) -> None:
    place = Place()
    desk = Desk(kind, place)
    assert is_served(desk.send())
    place.fake.set_back = timedelta(seconds=20)
    assert is_served(desk.send())
    assert place.server.logins == 1


def test_a_service_ticket_is_spent_once() -> None:
    place = Place()
    ticket = Desk("sync", place).office.begin("x", timeout_seconds=1).service_ticket()
    assert isinstance(ticket, ServiceTicket)
    header = ticket.spend()
    assert header is not None
    assert header[0] == HEADER
    assert ticket.spend() is None


@pytest.mark.parametrize(("seconds", "is_good"), [(24, True), (25, False), (31, False)])
def test_a_service_ticket_is_not_sent_when_it_is_old(seconds: float, is_good: bool) -> None:
    place = Place()
    ticket = Desk("sync", place).office.begin("x", timeout_seconds=1).service_ticket()
    assert isinstance(ticket, ServiceTicket)
    place.fake.seconds += seconds
    assert (ticket.spend() is not None) is is_good


def test_a_service_ticket_ages_while_the_machine_sleeps() -> None:
    place = Place()
    ticket = Desk("sync", place).office.begin("x", timeout_seconds=1).service_ticket()
    assert isinstance(ticket, ServiceTicket)
    place.fake.set_back = timedelta(minutes=-10)  # the monotonic clock stood still
    assert ticket.spend() is None


class Slow:
    """Makes the ticket server slow in giving STs."""

    def __init__(self, clock: FakeClock, times: int, seconds: float) -> None:
        self.clock, self.times, self.seconds = clock, times, seconds

    def __call__(self, request: httpx2.Request) -> None:
        if "/TGT-" in request.url.path and self.times:
            self.times -= 1
            self.clock.seconds += self.seconds


@both
def test_a_ticket_that_came_late_is_replaced(kind: Kind) -> None:
    place = Place()
    assert is_served(Desk(kind, place, edit=Slow(place.fake, 1, 29)).send())
    assert place.server.tickets == 2
    assert place.calls == [None]


@both
def test_tickets_that_always_come_late_are_given_up(kind: Kind) -> None:
    place = Place()
    outcome = Desk(kind, place, edit=Slow(place.fake, 9, 29)).send()
    error = error_of(outcome)
    assert isinstance(error, RequestTimeoutError)
    assert error.phase == "ticket"
    assert place.calls == []


# refused tickets


@both
def test_a_forgotten_login_is_renewed_once(kind: Kind) -> None:
    place = Place()
    desk = Desk(kind, place)
    assert is_served(desk.send())
    place.server.forget()
    assert is_served(desk.send())
    assert place.server.logins == 2
    assert place.calls == [None, None]


@both
@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_every_refusal_of_a_login_renews_it(kind: Kind, status: int) -> None:
    place = Place()
    old: list[str] = []

    def refuse_old(request: httpx2.Request) -> httpx2.Response | None:
        is_old = bool(old) and old[0] in str(request.url)
        return httpx2.Response(status, text="no") if is_old else None

    desk = Desk(kind, place, edit=refuse_old)
    assert is_served(desk.send())
    old.append(desk.exchanges[1].url.rpartition("/")[2])
    assert is_served(desk.send())
    assert is_served(desk.send())
    assert place.server.logins == 2


@both
def test_a_login_renewed_by_somebody_else_is_used(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    desk, other = Desk(kind, place, store=store), Desk(kind, place, store=store)
    assert is_served(desk.send())
    stale = store.load(ACCOUNT)
    assert stale is not None
    place.server.forget()
    assert is_served(other.send())
    current = store.load(ACCOUNT)
    assert current is not None
    assert current.login == 2
    # the desk read the stale one just before
    reads = [stale]
    load = store.load
    store.load = lambda account: reads.pop() if reads else load(account)  # type: ignore[method-assign]
    assert is_served(desk.send())
    assert place.server.logins == 2


@both
def test_no_ticket_for_a_new_login_is_an_error_and_not_a_loop(kind: Kind) -> None:
    place = Place()
    place.server._services = frozenset()
    desk = Desk(kind, place)
    for _ in range(20):
        with pytest.raises(AuthenticationError, match="mock: no such service") as caught:
            desk.send()
    assert place.server.logins == 1
    assert caught.value.http_status == 400
    assert caught.value.operation == "get_things"
    place.fake.seconds += 6 * MINUTE
    for _ in range(20):
        with pytest.raises(AuthenticationError):
            desk.send()
    assert place.server.logins == 2


PROOF = prove(PASSWORD, cost=2)


class Forgetful(MemoryTicketStore):
    """Loses what it is given, and always has an old login."""

    def load(self, account: str) -> Grant:
        now = FakeClock().now()
        self.loads = getattr(self, "loads", 0) + 1
        return Grant(
            ticket=f"TGT-0-old-{self.loads}",
            issuer=f"{CAS}/cas/v1/tickets?format=text",
            issued_at=now,
            last_used_at=now,
            proof=PROOF,
        )


@both
def test_a_store_with_one_bad_login_after_the_other_is_no_loop(kind: Kind) -> None:
    desk = Desk(kind, Place(), store=Forgetful())
    with pytest.raises(AuthenticationError):
        desk.send()
    assert len(desk.exchanges) == 3


@both
def test_a_service_that_is_forbidden_costs_no_login(kind: Kind) -> None:
    place = Place()
    desk = Desk(kind, place)
    assert is_served(desk.send())
    place.server.fail(403)
    with pytest.raises(AuthenticationError):
        desk.send()
    assert is_served(desk.send())
    assert place.server.logins == 1


@both
@pytest.mark.parametrize(("refusals", "logins", "is_good"), [(1, 1, True), (2, 2, True), (3, 2, 0)])
def test_a_service_that_refuses_gets_a_new_ticket_then_a_new_login(
    kind: Kind, refusals: int, logins: int, is_good: bool
) -> None:
    place = Place()
    place.refusals = refusals
    assert is_served(Desk(kind, place).send(renewals=9)) is bool(is_good)
    assert place.server.logins == logins
    assert len(place.calls) == min(refusals + 1, 3)
    assert len(set(place.seen)) == len(place.seen)


@both
def test_a_service_that_refuses_everything_does_not_cause_a_login_per_call(kind: Kind) -> None:
    place = Place()
    place.refusals = 10_000
    desk = Desk(kind, place)
    for _ in range(20):
        assert not is_served(desk.send(renewals=9))
    assert place.server.logins == 2
    place.fake.seconds += 6 * MINUTE
    assert not is_served(desk.send(renewals=9))
    assert place.server.logins == 3


def test_renewal_ends_even_where_nobody_looks() -> None:
    call = Desk("sync", Place()).office.begin("x", timeout_seconds=1)
    assert call.renew() is False  # nothing was sent
    call = Desk("sync", Place()).office.begin("x", timeout_seconds=1)
    call.send(REQUEST)
    assert [call.renew() for _ in range(5)] == [True, True, False, False, False]


# the ticket server refuses, fails, or makes no sense


@both
@pytest.mark.parametrize("status", [400, 401, 403, 423])
def test_a_wrong_password_is_an_authentication_error(kind: Kind, status: int) -> None:
    place = Place()
    calls = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        calls.append(request)
        return httpx2.Response(status, text=f"no {USERNAME}, not with {PASSWORD}")

    with pytest.raises(AuthenticationError) as caught:
        Desk(kind, place, edit=refuse).send()
    assert len(calls) == 1
    assert caught.value.text == "no ***, not with ***"
    assert caught.value.http_status == status
    assert "does not accept user name and password" in str(caught.value)


@both
def test_the_mock_refuses_a_wrong_password_as_the_real_one_does(kind: Kind) -> None:
    place = Place()
    with pytest.raises(AuthenticationError, match="mock: wrong user name or password"):
        Desk(kind, place, password="INVENTED-other").send()
    assert (place.server.logins, place.server.refused_logins) == (0, 1)


@both
def test_a_failed_login_is_not_remembered(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    with pytest.raises(AuthenticationError):
        Desk(kind, place, store=store, password="INVENTED-other").send()
    assert is_served(Desk(kind, place, store=store).send())


@both
@pytest.mark.parametrize("status", [500, 502, 503, 504, 302])
def test_a_ticket_server_that_fails_says_what_a_retry_needs(kind: Kind, status: int) -> None:
    place = Place()
    desk = Desk(kind, place)
    for _ in range(2):  # at the login, then at the ticket
        place.server.fail(status, retry_after_seconds=7)
        outcome = desk.send()
        error = error_of(outcome)
        assert isinstance(error, HttpStatusError)
        assert error.status == status
        assert isinstance(outcome, NoTicket)
        assert isinstance(outcome.outcome, RawReply)
        assert outcome.outcome.status_code == status
        assert outcome.outcome.header("retry-after") == "7"
        assert is_served(desk.send())
    assert place.server.logins == 1


@both
def test_a_ticket_server_that_is_too_busy_is_a_limit(kind: Kind) -> None:
    place = Place()
    place.server.fail(429, retry_after_seconds=7)
    error = error_of(Desk(kind, place).send())
    assert isinstance(error, LimitError)
    assert error.retry_at == place.clock.now() + timedelta(seconds=7)


@both
@pytest.mark.parametrize(
    ("raised", "expected", "phase"),
    [
        (httpx2.ConnectError("refused"), ConnectError, ""),
        (httpx2.ConnectTimeout("slow"), RequestTimeoutError, "connect"),
        (httpx2.ReadTimeout("slow"), RequestTimeoutError, "read"),
        (httpx2.RemoteProtocolError("broken"), TransportError, ""),
    ],
)
def test_a_ticket_server_that_does_not_answer_is_a_transport_error(
    kind: Kind, raised: Exception, expected: type[Exception], phase: str
) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise raised

    outcome = Desk(kind, Place(), edit=fail).send()
    error = error_of(outcome)
    assert type(error) is expected
    assert isinstance(outcome, NoTicket)
    assert isinstance(outcome.outcome, Failed)
    assert getattr(error, "phase", "") == phase
    assert str(error).startswith("sample.get_things: no answer from the ticket server: ")


@both
@pytest.mark.parametrize(
    "body", ["", "<html>TGT-1-abcdefgh</html>", "two words", "short", "TGT-1-" + "x" * 20_000]
)
def test_a_login_reply_without_a_ticket_is_unexpected(kind: Kind, body: str) -> None:
    def reply(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(201, text=body)

    outcome = Desk(kind, Place(), edit=reply).send()
    error = error_of(outcome)
    assert isinstance(error, UnexpectedReplyError)
    assert error.raw is not None
    assert error.raw.body == b""  # whatever it is, it may hold a ticket


@both
def test_a_200_is_no_login(kind: Kind) -> None:
    def reply(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text="TGT-1-abcdefghijkl")

    assert isinstance(error_of(Desk(kind, Place(), edit=reply).send()), UnexpectedReplyError)


@both
def test_an_html_page_instead_of_a_service_ticket_is_unexpected(kind: Kind) -> None:
    def reply(request: httpx2.Request) -> httpx2.Response | None:
        is_ticket = "/TGT-" in request.url.path
        return httpx2.Response(200, html="<html>hello</html>") if is_ticket else None

    assert isinstance(error_of(Desk(kind, Place(), edit=reply).send()), UnexpectedReplyError)


# Location (F19)


class Located:
    """Answers logins with a Location header."""

    def __init__(self, location: str, body: str = "TGT-1-of-the-body") -> None:
        self.location, self.body = location, body

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/tickets"):
            return httpx2.Response(201, text=self.body, headers={"Location": self.location})
        return httpx2.Response(200, text="ST-1-abcdefghijkl")


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
    desk = Desk(kind, Place(), edit=Located(location))
    desk.send()
    assert desk.exchanges[1].url == location
    assert desk.exchanges[1].safe_url == f"{CAS}/cas/v1/tickets/{{tgt}}"


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
        "https://cas.invalid:port/cas/v1/tickets/TGT-1-of-the-header",
        f"{CAS}/cas/v1/tickets/",
        f"{CAS}/cas/v1/tickets/TGT-1?x=1",
    ],
)
def test_a_location_elsewhere_is_not_followed(kind: Kind, location: str) -> None:
    desk = Desk(kind, Place(), edit=Located(location))
    desk.send()
    assert desk.exchanges[1].url == f"{CAS}/cas/v1/tickets/TGT-1-of-the-body"


@both
def test_a_page_with_a_location_is_a_login(kind: Kind) -> None:
    place = Place()
    step = msgspec.structs.replace(
        FLOW.grant, address={"production": "https://cas.invalid/cas/v1/tickets"}
    )
    desk = Desk(kind, place, flow=msgspec.structs.replace(FLOW, grant=step))
    assert is_served(desk.send())
    assert desk.exchanges[1].url.startswith(f"{CAS}/cas/v1/tickets/TGT-1-")


# somebody else logs in


@both
def test_another_login_that_does_not_end_is_a_timeout(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    release = store.try_hold(ACCOUNT)
    assert release is not None
    outcome = Desk(kind, place, store=store, timeout_seconds=5).send()
    error = error_of(outcome)
    assert isinstance(error, RequestTimeoutError)
    assert error.phase == "ticket"
    assert isinstance(outcome, NoTicket)
    assert isinstance(outcome.outcome, Failed)
    assert not outcome.outcome.sent
    assert 5 <= place.fake.seconds < 6
    release()
    assert is_served(Desk(kind, place, store=store).send())


@both
def test_a_login_kept_for_another_server_is_not_used(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    now = place.clock.now()
    store.save(
        ACCOUNT,
        Grant(
            ticket="TGT-1-x",
            issuer="https://other.invalid",
            issued_at=now,
            last_used_at=now,
            proof=PROOF,
        ),
    )
    desk = Desk(kind, place, store=store)
    assert is_served(desk.send())
    assert not any("TGT-1-x" in request.url for request in desk.exchanges)

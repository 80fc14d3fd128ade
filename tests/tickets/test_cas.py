"""The ticket server of mocks, as its callers see it."""

from typing import Any

import httpx2
import pytest
from tests.access.ticket_server import TicketServer

from gridwright_runtime.mock.transport import MockTransport, _run_straight

from .support import FakeClock

LOGIN = "https://cas.invalid/cas/v1/tickets?format=text"
GOOD = {"username": "u", "password": "p"}
SERVICE = "https://service.invalid"


class Cas:
    """A ticket server and an HTTP client of it."""

    def __init__(self, **options: Any) -> None:
        self.clock = FakeClock()
        self.server = TicketServer(
            users={"u": "p"}, services=[SERVICE, "other"], clock=self.clock, **options
        )
        transport = MockTransport(self.server.application())
        self.http = httpx2.Client(transport=transport)

    def log_in(self, url: str = LOGIN, **changes: str) -> httpx2.Response:
        return self.http.post(url, data={**GOOD, **changes})

    def ticket(self, grant: str, service: str = SERVICE) -> httpx2.Response:
        url = f"https://cas.invalid/cas/v1/tickets/{grant}"
        return self.http.post(url, data={"service": service})

    def tickets(self, count: int) -> list[str]:
        grant = self.log_in().text
        return [self.ticket(grant).text for _ in range(count)]


def test_a_login_is_201_with_the_ticket_as_text_and_its_address() -> None:
    cas = Cas()
    reply = cas.log_in()
    assert reply.status_code == 201
    assert reply.text.startswith("TGT-1-")
    assert reply.headers["location"] == f"https://cas.invalid/cas/v1/tickets/{reply.text}"
    assert reply.headers["content-type"].startswith("text/plain")
    assert cas.server.logins == 1


def test_without_format_text_a_login_is_a_page() -> None:
    reply = Cas().log_in("https://cas.invalid/cas/v1/tickets")
    assert reply.status_code == 201
    assert reply.headers["location"] in reply.text
    assert reply.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    "changes", [{"password": "x"}, {"username": "x"}, {"password": ""}, {"username": ""}]
)
def test_a_wrong_login_is_400(changes: dict[str, str]) -> None:
    cas = Cas()
    reply = cas.log_in(**changes)
    assert reply.status_code == 400
    assert (cas.server.logins, cas.server.refused_logins) == (0, 1)


def test_a_login_takes_a_post() -> None:
    assert Cas().http.get(LOGIN).status_code == 405


def test_a_service_ticket_is_spent_once() -> None:
    cas = Cas()
    one, other = cas.tickets(2)
    assert one.startswith("ST-1-")
    assert one != other
    assert cas.server.consume(one, SERVICE) is None
    assert cas.server.consume(one, SERVICE) == "used"
    assert cas.server.consume(other, SERVICE) is None
    assert (cas.server.tickets, cas.server.consumed) == (2, 2)


@pytest.mark.parametrize(("seconds", "expected"), [(30, None), (31, "expired")])
def test_a_service_ticket_lives_30_seconds(seconds: float, expected: str | None) -> None:
    cas = Cas()
    [ticket] = cas.tickets(1)
    cas.clock.seconds += seconds
    assert cas.server.consume(ticket, SERVICE) == expected


def test_a_service_ticket_is_for_its_service() -> None:
    cas = Cas()
    one, other = cas.tickets(2)
    assert cas.server.consume(one, "other") == "other-service"
    assert cas.server.consume(one, SERVICE) == "used"
    assert cas.server.consume(other + "x", SERVICE) == "unknown"
    assert cas.server.consume("", SERVICE) == "missing"
    assert cas.server.consume(None, SERVICE) == "missing"


def test_an_unknown_service_is_400() -> None:
    cas = Cas()
    grant = cas.log_in().text
    assert cas.ticket(grant, "https://wrong.invalid").status_code == 400
    assert cas.ticket(grant, "").status_code == 400
    assert cas.server.tickets == 0


def test_an_unknown_grant_is_404() -> None:
    reply = Cas().ticket("TGT-9-nobody")
    assert reply.status_code == 404
    assert "TGT-9-nobody" in reply.text


def test_a_grant_lives_from_its_last_use() -> None:
    cas = Cas()
    grant = cas.log_in().text
    for _ in range(4):
        cas.clock.seconds += 2700
        assert cas.ticket(grant).status_code == 200
    cas.clock.seconds += 2701
    assert cas.ticket(grant).status_code == 404


def test_a_grant_can_live_from_its_issue() -> None:
    cas = Cas(counts_from="issue", grant_seconds=100)
    grant = cas.log_in().text
    cas.clock.seconds += 90
    assert cas.ticket(grant).status_code == 200
    cas.clock.seconds += 11
    assert cas.ticket(grant).status_code == 404


def test_failures_are_played_and_pass() -> None:
    cas = Cas()
    cas.server.fail(503, times=2, retry_after_seconds=3)
    replies = [cas.log_in() for _ in range(3)]
    assert [reply.status_code for reply in replies] == [503, 503, 201]
    assert replies[0].headers["retry-after"] == "3"


def test_what_is_forgotten_is_unknown() -> None:
    cas = Cas()
    grant = cas.log_in().text
    ticket = cas.ticket(grant).text
    cas.server.forget()
    assert cas.ticket(grant).status_code == 404
    assert cas.server.consume(ticket, SERVICE) == "unknown"
    assert cas.server.logins == 1


def test_two_runs_never_give_the_same_tickets() -> None:
    assert Cas().log_in().text != Cas().log_in().text


def test_it_remembers_a_bounded_number_of_tickets() -> None:
    cas = Cas()
    for _ in range(10_001):
        cas.server._new_ticket(SERVICE)
    assert len(cas.server._tickets) == 10_000


def test_a_login_can_take_long_and_waits_for_nothing_but_its_clock() -> None:
    cas = Cas()
    cas.server.login_seconds = 5
    transport = MockTransport(cas.server.application())
    transport._run = _run_straight
    with httpx2.Client(transport=transport) as http:
        assert http.post(LOGIN, data=GOOD).status_code == 201
    assert cas.clock.seconds == 5


def test_garbage_is_refused_and_not_a_crash() -> None:
    cas = Cas()
    reply = cas.http.post(LOGIN, content=b"\xff&" * 5000)
    assert reply.status_code == 400


def test_no_repr_shows_a_ticket() -> None:
    cas = Cas()
    cas.tickets(2)
    assert repr(cas.server) == "<TicketServer: 1 logins, 2 tickets>"

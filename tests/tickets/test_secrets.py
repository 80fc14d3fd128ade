"""Tickets, user names and passwords are in no log, error, repr or file name."""

import pickle
from pathlib import Path

import httpx2
import pytest
from gridwright_runtime.tickets.office import NoTicket

from gridwright_runtime.access.files import FileTicketStore
from gridwright_runtime.access.store import MemoryTicketStore
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import AuthenticationError, GridwrightError
from gridwright_runtime.mock.serve import running

from .account import PASSWORD, USERNAME
from .support import (
    KINDS,
    REQUEST,
    Desk,
    Edit,
    Kind,
    Place,
    all_logs,
    is_served,
    shown,
    workers,
)

both = pytest.mark.parametrize("kind", KINDS)
FORMS = (USERNAME, PASSWORD, "INVENTED-user", "INVENTED p", "INVENTED+p", "INVENTED%20p", "word%2F")


def assert_clean(text: str, place: Place) -> None:
    tickets = (*place.server._grants, *place.server._tickets)
    for secret in (*FORMS, *tickets, "TGT-1-", "ST-1-", "ST-9-"):
        assert secret not in text


@both
def test_no_repr_shows_a_secret(kind: Kind) -> None:
    place, store = Place(), MemoryTicketStore()
    desk = Desk(kind, place, store=store)
    assert is_served(desk.send())
    call = desk.office.begin("x", timeout_seconds=1)
    ticket = call.service_ticket()
    grants = list(store._grants.values())
    login = desk.office._account.login
    objects = [desk.office, desk.async_office, desk.office._account, call, call._counter, ticket]
    more = [store, grants, login, call.sensitive, desk.exchanges, vars(call._counter)]
    text = "\n".join(f"{thing!r} {thing}" for thing in (*objects, *more, FileTicketStore()))
    # what a spent ticket was is nobody's business either, but its list is private
    assert_clean(text.replace(repr(call._counter._spent), ""), place)


@both
def test_no_log_shows_a_secret(kind: Kind, tmp_path: Path) -> None:
    place = Place()
    with all_logs() as logs:
        desk = Desk(kind, place, store=FileTicketStore(tmp_path / "tickets"))
        assert is_served(desk.send())
        place.server.forget()
        assert is_served(desk.send())
    text = logs.getvalue()
    assert "POST https://cas.invalid/cas/v1/tickets/{tgt}" in text
    assert_clean(text, place)


def test_no_log_of_a_real_connection_shows_a_secret() -> None:
    from gridwright_runtime.driver import BaseClient
    from gridwright_runtime.tickets.office import TicketOffice

    from .account import FLOW
    from .worker import request

    place = Place(SystemClock())
    with (
        running(place.app) as url,
        all_logs() as logs,
        BaseClient(system="sample", credentials=[], base_url=url) as client,
    ):
        office = TicketOffice(
            FLOW,
            system="sample",
            environment="production",
            username=USERNAME,
            password=PASSWORD,
            exchange=client._exchange,
            clock=SystemClock(),
            ticket_url=url,
            store=MemoryTicketStore(),
        )
        assert is_served(office.begin("x", timeout_seconds=5).send(request(url)))
    assert "httpcore2" in logs.getvalue()
    assert "/cas/v1/tickets/{tgt}" in logs.getvalue()
    assert_clean(logs.getvalue(), place)


def quoting(status: int, only: str = "/tickets") -> Edit:
    """Answer with everything that the request held, as careless servers do."""

    def reply(request: httpx2.Request) -> httpx2.Response | None:
        if only not in request.url.path:
            return None
        said = f"{request.url} {USERNAME} {PASSWORD} {request.content.decode()} ST-9-abcdefgh"
        headers = {"Set-Cookie": f"TGC={request.url}", "X-User": USERNAME}
        return httpx2.Response(status, text=said, headers=headers)

    return reply


@both
@pytest.mark.parametrize("status", [201, 302, 400, 401, 404, 423, 429, 500, 503])
@pytest.mark.parametrize("only", ["/tickets", "/TGT-"])
def test_no_error_shows_a_secret(kind: Kind, status: int, only: str) -> None:
    place = Place()
    with all_logs() as logs:
        try:
            outcome = Desk(kind, place, edit=quoting(status, only)).send()
        except GridwrightError as error:
            caught = error
        else:
            assert isinstance(outcome, NoTicket)
            assert_clean(repr(outcome), place)
            caught = outcome.error
    texts = [shown(caught), logs.getvalue()]
    raw = getattr(caught, "raw", None)
    if raw is not None:
        texts += [str(raw.headers), raw.body.decode()]
    assert_clean("\n".join(texts), place)
    assert_clean(shown(pickle.loads(pickle.dumps(caught))), place)


@both
def test_no_error_of_the_transport_shows_a_secret(kind: Kind) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response | None:
        if "/TGT-" not in request.url.path:
            return None
        raise httpx2.ReadError(f"cannot read {request.url}", request=request)

    place = Place()
    outcome = Desk(kind, place, edit=fail).send()
    assert isinstance(outcome, NoTicket)
    assert "cannot read" in str(outcome.error)
    assert_clean(shown(outcome.error), place)


@both
def test_the_words_of_an_unknown_ticket_are_kept_but_for_the_ticket(kind: Kind) -> None:
    place = Place()
    forgets = True

    def forget(request: httpx2.Request) -> None:
        if forgets and "/TGT-" in request.url.path:
            place.server.forget()

    with pytest.raises(AuthenticationError) as caught:
        Desk(kind, place, edit=forget).send()
    assert caught.value.text == "*** could not be found or is considered invalid"


def test_what_is_sensitive_is_told_to_whoever_reads_the_reply() -> None:
    place = Place()
    call = Desk("sync", place).office.begin("x", timeout_seconds=1)
    assert set(call.sensitive) >= {USERNAME, PASSWORD}
    call.send(REQUEST)
    call.send(REQUEST)
    assert set(call.sensitive) >= {USERNAME, PASSWORD, *place.seen, *place.server._grants}
    assert repr(call.sensitive) == f"<{len(call.sensitive)} hidden values>"


def test_a_process_says_nothing_of_its_tickets(tmp_path: Path) -> None:
    place = Place(SystemClock())
    with running(place.app) as url, workers(1, url, tmp_path / "t") as started:
        started[0].start()
        said = started[0].results()
    assert_clean(str(said), place)
    for path in (tmp_path / "t").iterdir():
        assert_clean(path.name, place)

"""Two steps, and a ticket for each request: JSON and XML in and out, environments, refusals."""

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from lxml import etree

from gridwright_runtime.mock.faults import Fault, lost

from .support import (
    BOLTS,
    CAS,
    ORDERS,
    PRODUCTION,
    TEST,
    FixedWorld,
    Refusing,
    clock_of,
    http,
    make,
    mock_of,
    play,
)

RECEIPT: Mapping[str, object] = {"bolts": [{"number": 7}]}
HEAD = [{"k": "id", "v": "1"}, {"k": "app", "v": "tests"}]
BODY: dict[str, Any] = {"head": HEAD, "order": {"bolts": [{"boltNo": 3, "len": 1.50}]}}
XML_BODY = (
    b"<orderRequest><head><k>id</k><v>1</v></head>"
    b"<order><bolts><boltNo>3</boltNo></bolts></order></orderRequest>"
)


def bolts(world: FixedWorld | None = None, **options: Any) -> Any:
    return make(BOLTS, ORDERS, world=world or FixedWorld(RECEIPT), **options)


class Caller:
    """Calls the mock as any HTTP client would, without anything of ours but the transport."""

    def __init__(self, app: Any, host: str = PRODUCTION) -> None:
        self.http = http(app)
        self.host = host

    def grant(self, **changes: str) -> httpx2.Response:
        login = {"user": "demo-username", "pass": "demo-password", **changes}
        return self.http.post(f"{CAS}?format=text", data=login)

    def give(self, grant: str, service: str = PRODUCTION) -> httpx2.Response:
        return self.http.post(f"{CAS}/{grant}", data={"service": service})

    def ticket(self, service: str = PRODUCTION) -> str:
        return self.give(self.grant().text, service).text

    def post(self, body: object = BODY, **headers: str) -> httpx2.Response:
        sent = {"bolt-ticket": "new", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if sent["bolt-ticket"] == "new":
            sent["bolt-ticket"] = self.ticket()
        sent = {name: value for name, value in sent.items() if value}
        more = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.http.post(f"{self.host}/api/order_bolts", headers=sent, **more)


def code_of(reply: httpx2.Response) -> str:
    assert reply.status_code == 401
    assert reply.json()["kind"] == "LOCKED"
    return str(reply.json()["code"])


def test_an_order_in_json_is_answered_behind_its_verdict() -> None:
    world = FixedWorld(RECEIPT)
    reply = Caller(bolts(world)).post()
    assert list(reply.json()) == ["code", "words", "kind", "result"]
    assert reply.json() == {
        "code": "00",
        "words": "OK",
        "kind": "FINE",
        "result": {"bolts": [{"boltNo": 7}]},
    }
    assert str(world.arguments["bolts"][0]["length_mm"]) == "1.5"  # type: ignore[index]
    assert (world.asked[0][1].account, world.asked[0][1].server) == ("demo-username", "production")


def test_an_order_in_xml_is_answered_in_xml() -> None:
    reply = Caller(bolts()).post(XML_BODY, content_type="application/xml")
    assert reply.text == (
        '<?xml version="1.0" encoding="UTF-8"?><orderReply><code>00</code><words>OK</words>'
        "<kind>FINE</kind><result><bolts><boltNo>7</boltNo></bolts></result></orderReply>"
    )


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("text/html, application/xml", "application/xml"),
        ("application/json;q=0.5, application/xml", "application/xml"),
        ("application/xml;q=0, application/*;q=0.1", "application/json"),
    ],
)
def test_the_reply_has_the_best_form_accepted(accept: str, content_type: str) -> None:
    reply = Caller(bolts()).post(accept=accept)
    assert reply.headers["content-type"] == f"{content_type};charset=UTF-8"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_type": "text/plain"}, 415),
        ({"content_type": ""}, 415),
        ({"accept": "text/html"}, 406),
    ],
)
def test_other_forms_are_refused(headers: dict[str, Any], status: int) -> None:
    app = bolts()
    reply = Caller(app).post(b"{}", **{"content_type": "application/json", **headers})
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/html")
    assert mock_of(app).journal[-1].status == status


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("json", b"{"),
        ("json", b"[]"),
        ("json", b""),
        ("json", b'"text"'),
        ("json", b"\xff"),
        ("json", b"[" * 100_000),
        ("json", b'{"order": NaN}'),
        ("xml", b"<orderRequest>"),
        ("xml", b"<another/>"),
        ("xml", b'{"order": {"bolts": [{"boltNo": 3}]}}'),
        ("xml", b"<!DOCTYPE x><orderRequest/>"),
        ("xml", b'<!DOCTYPE x [<!ENTITY a "b">]><orderRequest>&a;</orderRequest>'),
    ],
)
def test_what_cannot_be_parsed_is_400(kind: str, body: bytes) -> None:
    reply = Caller(bolts()).post(body, content_type=f"application/{kind}")
    assert (reply.status_code, "mock:" in reply.text) == (400, True)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("mock-2001", {"boltNo": None}),
        ("mock-2003", {"len": "many"}),
        ("mock-2003", {"made": "2024-05-01T00:00:00"}),
        ("mock-2004", {"grade": "Q"}),
        ("mock-2005", {"colour": "red"}),
    ],
)
def test_a_broken_rule_is_refused_inside_http_200(code: str, changes: dict[str, object]) -> None:
    body = {"head": HEAD, "order": {"bolts": [{"boltNo": 3, **changes}]}}
    reply = Caller(bolts()).post(body)
    assert reply.status_code == 200
    assert (reply.json()["kind"], reply.json()["code"]) == ("BAD", code)
    assert "result" not in reply.json()
    assert "order.bolts[0]" in reply.json()["words"]


def test_an_instant_that_no_reply_could_tell_is_refused() -> None:
    # Istanbul had no whole minutes before 1910, and the form of the document no seconds.
    body = {"head": HEAD, "order": {"bolts": [{"boltNo": 3, "made": "0001-01-09T00:00:25Z"}]}}
    assert Caller(bolts()).post(body).json()["code"] == "mock-2003"


@pytest.mark.parametrize("head", [[], None, [{"k": "app", "v": "tests"}]])
def test_a_request_needs_its_identity(head: object) -> None:
    reply = Caller(bolts()).post({**BODY, "head": head})
    assert reply.json()["code"] == "mock-2001"
    assert "id is missing" in reply.json()["words"]


def test_a_refusal_of_the_world_keeps_its_code() -> None:
    reply = Caller(bolts(Refusing("rule", "B-1", "mock: no"))).post()
    assert (reply.json()["code"], reply.json()["kind"]) == ("B-1", "BAD")


# Tickets.


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_without_a_ticket_it_is_401_in_the_form_of_the_operation(kind: str) -> None:
    app = bolts()
    reply = Caller(app).post(XML_BODY, bolt_ticket="", content_type=f"application/{kind}")
    assert (reply.status_code, reply.headers["content-type"]) == (
        401,
        f"application/{kind};charset=UTF-8",
    )
    assert ("LOCKED" in reply.text, "mock-1001" in reply.text) == (True, True)
    assert mock_of(app).journal[-1].outcome == "missing-ticket"


def test_a_ticket_serves_once_for_thirty_seconds() -> None:
    app = bolts()
    caller = Caller(app)
    ticket = caller.ticket()
    clock_of(app).advance(30)
    assert caller.post(bolt_ticket=ticket).status_code == 200
    assert code_of(caller.post(bolt_ticket=ticket)) == "mock-1003"
    ticket = caller.ticket()
    clock_of(app).advance(30.1)
    assert code_of(caller.post(bolt_ticket=ticket)) == "mock-1004"
    assert code_of(caller.post(bolt_ticket="invented")) == "mock-1002"


def test_a_grant_lives_from_its_last_use() -> None:
    app = bolts()
    caller = Caller(app)
    grant = caller.grant().text
    for _ in range(3):
        assert caller.give(grant).status_code == 200
        clock_of(app).advance(44 * 60)
    clock_of(app).advance(2 * 60)
    assert caller.give(grant).status_code == 404


def test_a_login_that_is_not_known_is_400_where_it_is_a_form() -> None:
    app = bolts()
    caller = Caller(app)
    assert caller.grant(**{"pass": "wrong"}).status_code == 400
    assert caller.grant().status_code == 201
    assert caller.give("TGT-invented").status_code == 404
    assert caller.give(caller.grant().text, "https://other.invalid").status_code == 400
    assert caller.http.post(CAS, data={}).status_code == 400
    logins = mock_of(app).server
    assert logins is not None
    assert logins is mock_of(app).sessions
    assert (logins.logins, logins.refused_logins, logins.tickets) == (2, 2, 0)


def test_logins_tickets_and_their_use_are_counted() -> None:
    app = bolts()
    caller = Caller(app)
    grant = caller.grant().text
    for _ in range(3):
        caller.post(bolt_ticket=caller.give(grant).text)
    caller.give(grant)
    caller.post(bolt_ticket="invented")
    logins = mock_of(app).server
    assert logins is not None
    assert (logins.logins, logins.tickets, logins.consumed) == (1, 4, 3)
    assert logins.refused_sessions == 1
    assert repr(logins) == "<LoginServer: 1 logins, 4 tickets>"
    logins.forget()
    assert caller.give(grant).status_code == 404


@pytest.mark.parametrize(("host", "service"), [(PRODUCTION, TEST), (TEST, PRODUCTION)])
def test_a_host_takes_only_tickets_that_were_given_for_it(host: str, service: str) -> None:
    caller = Caller(bolts(), host)
    assert code_of(caller.post(bolt_ticket=caller.ticket(service))) == "mock-1005"


def test_the_host_or_else_the_ticket_tells_the_environment() -> None:
    world = FixedWorld(RECEIPT)
    app = bolts(world)
    for host, service, expected in (
        (TEST, TEST, "test"),
        ("http://127.0.0.1:8080", TEST, "test"),
        ("http://127.0.0.1:8080", PRODUCTION, "production"),
    ):
        caller = Caller(app, host)
        assert caller.post(bolt_ticket=caller.ticket(service)).status_code == 200
        assert world.asked[-1][1].server == expected


def test_logins_fail_on_demand_and_may_take_their_time() -> None:
    app = bolts()
    logins = mock_of(app).server
    assert logins is not None
    logins.fail(503, retry_after_seconds=3)
    reply = Caller(app).grant()
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "3")
    logins.login_seconds = 2.0
    assert Caller(app).grant().status_code == 201
    assert clock_of(app).waits == [2.0]


# Faults and the journal.


def test_faults_before_the_work_leave_no_trace_and_spend_no_ticket() -> None:
    world = FixedWorld(RECEIPT)
    app = bolts(world)
    caller = Caller(app)
    ticket = caller.ticket()
    for fault in (Fault.status(503), Fault.html(), Fault.too_many(3)):
        play(app, fault)
        caller.post(bolt_ticket=ticket)
    assert world.asked == []
    assert caller.post(bolt_ticket=ticket).status_code == 200


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_reply_is_lost_with_or_without_the_work_being_done(carried_out: bool) -> None:
    world = FixedWorld(RECEIPT)
    app = bolts(world)
    play(app, lost(carried_out=carried_out), "order_bolts")
    with pytest.raises(httpx2.RemoteProtocolError):
        Caller(app).post()
    assert bool(world.asked) == carried_out


def test_a_slow_reply_takes_no_longer_than_the_client_waits() -> None:
    app = bolts()
    play(app, Fault.slow(7))
    with pytest.raises(httpx2.ReadTimeout):
        Caller(app).post()
    assert clock_of(app).waits == [5.0]


def test_records_inside_a_reply_are_changed_as_they_go_out() -> None:
    app = bolts()
    play(app, Fault.extra_fields({"mockExtra": 1}))
    assert Caller(app).post().json()["result"]["bolts"] == [{"boltNo": 7, "mockExtra": 1}]


def test_the_journal_shows_identities_and_hides_what_may_be_personal() -> None:
    app = bolts()
    Caller(app).post()
    (entry,) = mock_of(app).journal
    assert entry.parameters == {"id": "1", "app": "***"}
    assert (entry.format, entry.status, entry.outcome, entry.records) == (
        "json",
        200,
        "answered",
        1,
    )


def test_tickets_and_passwords_are_in_no_repr() -> None:
    app = bolts()
    caller = Caller(app)
    ticket = caller.ticket()
    caller.post(bolt_ticket=ticket)
    shown = repr(mock_of(app)) + repr(list(mock_of(app).journal)) + repr(mock_of(app).server)
    for secret in ("demo-password", ticket):
        assert secret not in shown


def test_the_messages_of_the_invented_world_are_as_documented() -> None:
    from .support import check_order_reply

    app = make(BOLTS, ORDERS)
    found = Caller(app).post().json()
    assert check_order_reply(found) == []
    assert found["result"]["bolts"][0]["boltNo"] == 3
    etree.fromstring(Caller(app).post(XML_BODY, content_type="application/xml").content)
    assert etree

"""Whom clients trust over TLS, and that those who talk to nobody over TLS load no certificates."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import trustme

from gridwright_runtime.call import Failed
from gridwright_runtime.driver import BaseClient
from gridwright_runtime.errors import HttpStatusError
from gridwright_runtime.message import HttpRequest, RawReply
from gridwright_runtime.operation import Credential
from gridwright_runtime.ticket_driver import AsyncTicketClient, TicketClient
from gridwright_runtime.tickets.flow import ServiceTicketStep, TicketFlow, TicketStep
from gridwright_runtime.access.store import MemoryTicketStore

from .sample_api import AsyncClient, Client
from .support import CUSTOMER, DAY, KEY

HERE = "http://127.0.0.1:1"
FLOW = TicketFlow(
    grant=TicketStep(
        address={"production": "https://cas.invalid/tickets"},
        success_status=201,
        lifetime_seconds=2700,
        counts_from="last_use",
    ),
    service=ServiceTicketStep(
        address={"production": "https://cas.invalid/tickets/{tgt}"},
        service={"production": "https://service.invalid"},
        success_status=200,
        lifetime_seconds=30,
    ),
    header="invented-ticket",
)
USER = Credential("username", "username", place="header", environment="SAMPLE_USERNAME")
SECRET = Credential("password", "password", place="header", environment="SAMPLE_PASSWORD")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"

clients = pytest.mark.parametrize("client", [Client, AsyncClient])
ticket_clients = pytest.mark.parametrize("client", [TicketClient, AsyncTicketClient])


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to learn whom to trust."""
    found: list[str] = []

    def spy(name: str) -> None:
        real = getattr(ssl.SSLContext, name)

        def noted(context: ssl.SSLContext, *arguments: object, **named: object) -> object:
            found.append(name)
            return real(context, *arguments, **named)

        monkeypatch.setattr(ssl.SSLContext, name, noted)

    for name in ("load_verify_locations", "load_default_certs", "set_default_verify_paths"):
        spy(name)
    return found


@clients
@pytest.mark.parametrize("address", [HERE, "HTTP://localhost:1/api", "http://[::1]:1"])
def test_a_client_of_this_machine_without_tls_loads_no_certificates(
    client: type[Client] | type[AsyncClient], address: str, loaded: list[str]
) -> None:
    client(service_key=KEY, base_url=address)
    assert loaded == []


@clients
@pytest.mark.parametrize("address", ["https://sample.example", "https://127.0.0.1:1"])
def test_a_client_with_tls_loads_certificates(
    client: type[Client] | type[AsyncClient], address: str, loaded: list[str]
) -> None:
    client(service_key=KEY, base_url=address)
    assert loaded


@ticket_clients
@pytest.mark.parametrize(
    ("base_url", "ticket_url", "loads"),
    [
        (None, None, True),
        (HERE, HERE, False),
        (HERE, "https://cas.example", True),
        ("https://api.example", HERE, True),
    ],
)
def test_a_client_with_tickets_loads_certificates_if_one_of_its_servers_has_tls(
    client: type[TicketClient] | type[AsyncTicketClient],
    base_url: str | None,
    ticket_url: str | None,
    loads: bool,
    loaded: list[str],
) -> None:
    client(
        system="sample",
        tickets=FLOW,
        credentials=[(USER, "invented-user"), (SECRET, "invented-password")],
        environment="production",
        addresses={"production": "https://api.invalid"},
        base_url=base_url,
        ticket_url=ticket_url,
        ticket_store=MemoryTicketStore(),
    )
    assert bool(loaded) is loads


class Server:
    """Answers on this machine, and notes who got as far as asking it something."""

    def __init__(self, reply: bytes, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[bytes] = []
        self.connections = 0
        self._reply = reply
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if context else "http"
        self.address = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            self.connections += 1
            try:
                self._answer(connection)
            except OSError:  # refused by the client, as it should be
                connection.close()

    def _answer(self, connection: socket.socket) -> None:
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection:
            self.asked.append(connection.recv(65536))
            connection.sendall(self._reply)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whoever signs the certificate of a server, and is trusted by nobody who is not told to."""
    return trustme.CA()


@pytest.fixture
def untrusted(authority: trustme.CA) -> Iterator[Server]:
    """A server with TLS whose certificate nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with closing(Server(OK, context)) as server:
        yield server


def asking(address: str) -> HttpRequest:
    return HttpRequest(method="GET", url=address, safe_url=address)


def test_a_client_without_certificates_trusts_no_server(untrusted: Server) -> None:
    with Client(service_key=KEY, base_url=HERE) as client:
        outcome = client._exchange(asking(untrusted.address), 10.0)
    assert isinstance(outcome, Failed)
    assert outcome.kind == "connect"
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert untrusted.asked == []


def test_an_async_client_without_certificates_trusts_no_server(untrusted: Server) -> None:
    async def run() -> RawReply | Failed:
        async with AsyncClient(service_key=KEY, base_url=HERE) as client:
            return await client._exchange(asking(untrusted.address), 10.0)

    outcome = asyncio.run(run())
    assert isinstance(outcome, Failed)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert untrusted.asked == []


def test_a_server_is_asked_by_those_who_are_told_to_trust_it(
    untrusted: Server, authority: trustme.CA
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    credentials = [(SECRET, KEY)]
    with BaseClient(
        system="sample", credentials=credentials, base_url=HERE, ssl_context=trusting
    ) as client:
        outcome = client._exchange(asking(untrusted.address), 10.0)
    assert isinstance(outcome, RawReply)
    assert len(untrusted.asked) == 1


def test_a_client_that_is_sent_to_tls_does_not_go(untrusted: Server) -> None:
    moved = f"HTTP/1.1 302 Found\r\nLocation: {untrusted.address}/\r\nContent-Length: 0\r\n\r\n"
    with (
        closing(Server(moved.encode())) as server,
        Client(service_key=KEY, base_url=server.address) as client,
        pytest.raises(HttpStatusError),
    ):
        client.get_day_profile(customer_number=CUSTOMER, date=DAY)
    assert len(server.asked) == 1
    assert untrusted.connections == 0

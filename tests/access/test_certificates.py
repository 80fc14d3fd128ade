"""Whom clients trust over TLS, and that those who talk to nobody over TLS load no certificates."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import trustme
from tests.sending.support import GET, OPEN, Arguments

from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.client import BaseAsyncClient, BaseClient
from gridwright_runtime.errors import (
    ConfigurationError,
    ConnectError,
    HttpStatusError,
    TransportError,
)
from gridwright_runtime.interface import System
from gridwright_runtime.retry import RetryPolicy

from .support import PASSWORD, USER, with_tickets

HERE = "http://127.0.0.1:1"
ONCE = RetryPolicy(attempts=1)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
clients = pytest.mark.parametrize("client", [BaseClient, BaseAsyncClient])


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
    client: Any, address: str, loaded: list[str]
) -> None:
    client(OPEN, credentials={}, base_url=address)
    assert loaded == []


@clients
@pytest.mark.parametrize("address", ["https://sample.example", "https://127.0.0.1:1"])
def test_a_client_with_tls_loads_certificates(client: Any, address: str, loaded: list[str]) -> None:
    client(OPEN, credentials={}, base_url=address)
    assert loaded


@clients
@pytest.mark.parametrize(
    ("base_url", "login_url", "loads"),
    [
        (None, None, True),
        (HERE, HERE, False),
        (HERE, "https://cas.example", True),
        ("https://api.example", HERE, True),
    ],
)
def test_a_client_loads_certificates_if_one_of_its_servers_has_tls(
    client: Any, base_url: str | None, login_url: str | None, loads: bool, loaded: list[str]
) -> None:
    client(
        with_tickets(),
        credentials={"username": USER, "password": PASSWORD},
        base_url=base_url,
        login_url=login_url,
        login_store=MemoryLoginStore(),
    )
    assert bool(loaded) is loads


class Server:
    """Answers on this machine, and notes who got as far as asking it something."""

    def __init__(self, reply: bytes, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[bytes] = []
        self._reply = reply
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            try:
                if self._context is not None:
                    connection = self._context.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                continue
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


def test_a_server_that_nobody_vouches_for_is_not_asked(untrusted: Server) -> None:
    with (
        BaseClient(OPEN, credentials={}, base_url=untrusted.address, retry=ONCE) as client,
        pytest.raises(ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client._record(GET, Arguments("1"))
    assert untrusted.asked == []


def test_an_async_client_asks_no_such_server_either(untrusted: Server) -> None:
    async def main() -> None:
        async with BaseAsyncClient(
            OPEN, credentials={}, base_url=untrusted.address, retry=ONCE
        ) as client:
            with pytest.raises(ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client._record(GET, Arguments("1"))

    asyncio.run(main())
    assert untrusted.asked == []


def test_a_server_is_asked_by_those_who_are_told_to_trust_it(
    untrusted: Server, authority: trustme.CA
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with BaseClient(
        OPEN, credentials={}, base_url=untrusted.address, ssl_context=trusting
    ) as client:
        client._record(GET, Arguments("1"))
    assert len(untrusted.asked) == 1


def test_a_client_that_is_sent_to_tls_does_not_go(untrusted: Server) -> None:
    moved = f"HTTP/1.1 302 Found\r\nLocation: {untrusted.address}/\r\nContent-Length: 0\r\n\r\n"
    with closing(Server(moved.encode())) as here:
        address = here.address.replace("https", "http")
        with (
            BaseClient(OPEN, credentials={}, base_url=address, retry=ONCE) as client,
            pytest.raises(HttpStatusError),
        ):
            client._record(GET, Arguments("1"))
    assert untrusted.asked == []


CERTIFIED = System(name="sample", certificate="the certificate of the company")


@pytest.fixture
def asking(authority: trustme.CA) -> Iterator[Server]:
    """A server with TLS that lets nobody in who shows no certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with closing(Server(OK, context)) as server:
        yield server


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@clients
def test_a_client_that_is_to_show_a_certificate_is_not_made_without_one(client: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"the certificate of the company.*ssl_context"):
        client(CERTIFIED, credentials={}, base_url="HTTPS://sample.example")


@clients
def test_a_mock_without_tls_is_called_without_the_certificate(client: Any) -> None:
    assert client(CERTIFIED, credentials={}, base_url=HERE)


def test_a_server_that_asks_for_a_certificate_answers_who_shows_it(
    asking: Server, authority: trustme.CA
) -> None:
    context = trusting(authority)
    authority.issue_cert("company@example.com").configure_cert(context)
    with BaseClient(
        CERTIFIED, credentials={}, base_url=asking.address, ssl_context=context
    ) as client:
        client._record(GET, Arguments("1"))
    assert len(asking.asked) == 1


def test_a_server_that_asks_for_a_certificate_answers_tasks_that_show_it(
    asking: Server, authority: trustme.CA
) -> None:
    context = trusting(authority)
    authority.issue_cert("company@example.com").configure_cert(context)

    async def main() -> None:
        async with BaseAsyncClient(
            CERTIFIED, credentials={}, base_url=asking.address, ssl_context=context
        ) as client:
            await client._record(GET, Arguments("1"))

    asyncio.run(main())
    assert len(asking.asked) == 1


def test_a_server_that_asks_for_a_certificate_is_not_asked_by_who_shows_none(
    asking: Server, authority: trustme.CA
) -> None:
    with (
        BaseClient(
            CERTIFIED, credentials={}, base_url=asking.address, ssl_context=trusting(authority),
            retry=ONCE,
        ) as client,
        pytest.raises(TransportError),
    ):  # fmt: skip
        client._record(GET, Arguments("1"))
    assert asking.asked == []

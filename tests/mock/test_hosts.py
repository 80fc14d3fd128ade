"""Over a socket: who may ask, and what becomes of requests that stop halfway."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from gridwright_runtime.mock.serve import running
from gridwright_runtime.mock.serving import slow_requests

from .support import BOLTS, ORDERS, FixedWorld, make, mock_of, tiny


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(slow_requests, "REQUEST_SECONDS", 0.2)
    with running(make(BOLTS, ORDERS, world=FixedWorld({}))) as address:
        yield urlsplit(address).port or 0


def send(port: int, request: bytes) -> bytes:
    """Send bytes, and return what comes until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(4096):
            received += piece
    return received


def status(port: int, *headers: str, path: str = "/nothing") -> int:
    lines = [f"GET {path} HTTP/1.1", *headers, "Connection: close", "", ""]
    return int(send(port, "\r\n".join(lines).encode()).split(b" ")[1])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8080", "localhost", "[::1]:80", "bolts.invalid", "cas.invalid:443"],
)
def test_this_machine_and_the_systems_own_hosts_may_be_named(port: int, host: str) -> None:
    assert status(port, f"Host: {host}") == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.0.2.1", "["])
def test_other_hosts_are_refused_on_every_path(port: int, host: str) -> None:
    assert status(port, f"Host: {host}") == 403
    assert status(port, f"Host: {host}", path="/.gridwright/journal") == 403


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://localhost:3000", 404),
        ("https://bolts.invalid", 404),
    ],
)
def test_pages_of_other_origins_are_refused(port: int, origin: str, expected: int) -> None:
    assert status(port, "Host: localhost", f"Origin: {origin}") == expected


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"GET / HT",
        b"POST /api/order_bolts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{",
    ],
)
def test_a_request_that_stops_halfway_ends(port: int, request_: bytes) -> None:
    assert b" 200 " not in send(port, request_)


def test_whoever_opens_a_mock_to_others_lets_them_name_it_as_they_like() -> None:
    app = tiny()
    mock_of(app).takes_any_host = True
    with running(app) as address:
        assert status(urlsplit(address).port or 0, "Host: machine.example") == 404


def test_a_refusal_stands_in_the_journal_without_the_name() -> None:
    app = tiny()
    with running(app) as address:
        status(urlsplit(address).port or 0, "Host: evil.example")
    (entry,) = mock_of(app).journal
    assert (entry.outcome, entry.status) == ("foreign-host", 403)
    assert "evil" not in repr(entry)

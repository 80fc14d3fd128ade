"""A server on loopback that leads to a mock, and breaks an exchange where it is told to."""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx2

from gridwright_runtime.clock import SystemClock
from gridwright_runtime.mock.transport import MockTransport

__all__ = ["Fault", "Gateway", "ShiftedClock"]

What = Literal[
    "none", "cut request", "cut after request", "cut reply", "answer", "slow", "trickle", "raw"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to an exchange."""

    what: What = "none"
    at: int = 0
    """After how many bytes it is cut."""
    is_reset: bool = False
    """The connection is reset, and not ended."""
    framing: Literal["length", "chunks", "end"] = "length"
    """How the reply says where it ends."""
    status: int = 200
    body: bytes | None = None
    """In place of the mock's; None: that one."""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    is_packed: bool = False
    """The body is compressed."""


class ShiftedClock(SystemClock):
    """The clock of this machine, moved to an hour at which nothing is closed."""

    def __init__(self, start: datetime) -> None:
        self._shift: timedelta = start - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the present, moved."""
        return datetime.now(UTC) + self._shift


class Gateway:
    """Serves one fault at a time.

    Args:
        app: the mock.
    """

    def __init__(self, app: Any) -> None:
        self._transport = MockTransport(app)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.fault = Fault()
        self.left = 0
        """How many requests have come, whole or not, since the fault was set."""
        self.request_size = self.reply_size = 0
        """Of the last exchange that was whole."""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def set(self, fault: Fault) -> None:
        """Break what comes next like this."""
        self.fault, self.left = fault, 0

    @contextmanager
    def running(self) -> Iterator["Gateway"]:
        """Serve for as long as the context lasts."""
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(10)
            self._exchange(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def _exchange(self, connection: socket.socket) -> None:
        fault = self.fault
        most = fault.at if fault.what == "cut request" else None
        received = _received(connection, most)
        if received or fault.what == "cut request":
            with self._lock:
                self.left += 1
        if fault.what == "cut request":
            if fault.is_reset:
                _reset(connection)
            return
        if not received:
            return
        if fault.what == "raw":
            connection.sendall(fault.body or b"")
            return
        with self._lock:
            reply = self._answer(received, fault)
        self.request_size, self.reply_size = len(received), len(reply)
        if fault.what == "cut after request":
            if fault.is_reset:
                _reset(connection)
            return
        if fault.what == "slow":
            time.sleep(fault.seconds)
        if fault.what == "trickle":
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, len(reply), 16):
                connection.sendall(reply[at : at + 16])
                time.sleep(fault.seconds)
            return
        connection.sendall(reply[: fault.at] if fault.what == "cut reply" else reply)
        if fault.what == "cut reply" and fault.is_reset:
            _reset(connection)

    def _answer(self, received: bytes, fault: Fault) -> bytes:
        """Let the mock carry the request out, and write its reply or another."""
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = [
            (name.strip(), value.strip())
            for name, _, value in (line.partition(":") for line in lines)
        ]
        if any(name.lower() == "transfer-encoding" for name, _ in headers):
            body = _unchunked(body)
        request = httpx2.Request(method, self.address + target, headers=headers, content=body)
        response = self._transport.handle_request(request)
        content = b"".join(response.stream)  # type: ignore[arg-type]
        status, kept = (
            response.status_code,
            [
                (name, value)
                for name, value in response.headers.multi_items()
                if name.lower() not in ("content-length", "connection", "transfer-encoding")
            ],
        )
        if fault.what == "answer":
            status = fault.status
            if fault.body is not None:
                content, kept = fault.body, []
            kept += fault.headers
        if fault.is_packed:
            content = gzip.compress(content)
            kept.append(("Content-Encoding", "gzip"))
        if status in (204, 304):
            content = b""
        return _written(status, kept, content, fault.framing)


def _received(connection: socket.socket, most: int | None) -> bytes:
    """Read a request to its end, or so many bytes of it."""
    found = b""
    while most is None or len(found) < most:
        piece = connection.recv(65536 if most is None else min(65536, most - len(found)))
        if not piece:
            break
        found += piece
        if most is None and _is_whole(found):
            break
    return found


def _is_whole(found: bytes) -> bool:
    head, end, body = found.partition(b"\r\n\r\n")
    if not end:
        return False
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return body.endswith(b"0\r\n\r\n")
    _, has_length, rest = lowered.partition(b"content-length:")
    return len(body) >= (int(rest.split(b"\r\n")[0]) if has_length else 0)


def _unchunked(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        found, body = found + body[:length], body[length + 2 :]
        if not length:
            break
    return found


def _written(status: int, headers: list[tuple[str, str]], body: bytes, framing: str) -> bytes:
    lines = [f"HTTP/1.1 {status} S", *(f"{name}: {value}" for name, value in headers)]
    if framing == "chunks":
        lines.append("Transfer-Encoding: chunked")
        body = (
            b"".join(
                b"%x\r\n%b\r\n" % (len(body[at : at + 50]), body[at : at + 50])
                for at in range(0, len(body), 50)
            )
            + b"0\r\n\r\n"
        )
    elif framing == "length":
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

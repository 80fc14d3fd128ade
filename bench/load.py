"""A plain HTTP/1.1 load generator: a few open connections, as little work as possible."""

import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Self

__all__ = ["Connections"]


class Connections:
    """Open connections to one port of this machine."""

    def __init__(self, port: int, count: int) -> None:
        self._sockets: list[socket.socket] = []
        for _ in range(count):
            opened = socket.create_connection(("127.0.0.1", port), timeout=30)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for opened in self._sockets:
            opened.close()

    def exchange(self, requests: Sequence[bytes]) -> list[bytes]:
        """Send requests, as many at a time as there are connections, and return the bodies.

        Raises:
            RuntimeError: a reply is not HTTP 200, or has no length.
        """
        bodies = []
        for at in range(0, len(requests), len(self._sockets)):
            some = requests[at : at + len(self._sockets)]
            for request, opened in zip(some, self._sockets, strict=False):
                opened.sendall(request)
            bodies += [_read(opened) for opened in self._sockets[: len(some)]]
        return bodies


def _read(opened: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(opened)
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.lower().split(b"\r\n")
    if b" 200 " not in status + b" ":
        raise RuntimeError(f"a server answered {status!r}")
    lengths = [line.partition(b":")[2] for line in lines if line.startswith(b"content-length:")]
    if not lengths:
        raise RuntimeError("a reply does not say how long it is")
    while len(body) < int(lengths[0]):
        body += _some(opened)
    return body


def _some(opened: socket.socket) -> bytes:
    received = opened.recv(65536)
    if not received:
        raise RuntimeError("a server closed the connection")
    return received

"""A server on loopback that measures how it is called: at once, in a time, and by whom."""

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

__all__ = ["MeasuringServer"]


class MeasuringServer:
    """Answers `look`, `touch` and `login`, and notes what it saw.

    Args:
        seconds: how long an answer takes.
        login_seconds: how long a login takes.
    """

    def __init__(self, seconds: float = 0.03, login_seconds: float = 0.1) -> None:
        self._seconds, self._login_seconds = seconds, login_seconds
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._lock = threading.Lock()
        self._under_way: dict[str, set[socket.socket]] = {"touch": set(), "login": set()}
        self.most = {"touch": 0, "login": 0}
        """How many were under way at once, of those whose caller still waits."""
        self.touched: list[float] = []
        """When calls with a session came, by the clock's `monotonic`."""
        self.late: list[tuple[float, float]] = []
        """When a thread was woken late that slept a little, and by how much: on a busy machine
        calls are seen as late as that."""
        self._is_over = threading.Event()
        self.logins = 0
        self.refused = 0
        self._sessions: set[str] = set()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def forget(self) -> None:
        """Let all sessions have ended."""
        self._sessions.clear()

    @contextmanager
    def running(self) -> Iterator["MeasuringServer"]:
        """Serve for as long as the context lasts."""
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            yield self
        finally:
            self._is_over.set()
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join(5)

    def latest(self, first: float, last: float) -> float:
        """Return by how much anybody was woken late between two moments."""
        near = (late for at, late in self.late if first - 0.5 <= at - late and at - 0.5 <= last)
        return max(near, default=0.0)

    def _watch(self) -> None:
        before = time.monotonic()
        while not self._is_over.wait(_NAP_SECONDS):
            now = time.monotonic()
            if (late := now - before - _NAP_SECONDS) > _NAP_SECONDS:
                self.late.append((now, late))
            before = now

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            waiting = b""
            try:
                while True:
                    while b"\r\n\r\n" not in waiting:
                        piece = connection.recv(65536)
                        if not piece:
                            return
                        waiting += piece
                    head, _, waiting = waiting.partition(b"\r\n\r\n")
                    length = _length(head)
                    while len(waiting) < length:
                        piece = connection.recv(65536)
                        if not piece:
                            return
                        waiting += piece
                    waiting = waiting[length:]
                    self._answer(connection, head.decode("latin-1"))
            except OSError:
                return

    def _answer(self, connection: socket.socket, head: str) -> None:
        first, *lines = head.split("\r\n")
        target = urlsplit(first.split(" ")[1])
        number = "".join(parse_qs(target.query).get("number", ()))
        name = target.path.strip("/")
        if name == "look":
            time.sleep(self._seconds)
            _send(connection, 200, {"value": number})
            return
        with self._lock:
            if name == "touch":
                self.touched.append(time.monotonic())
            here = self._under_way[name]
            here.add(connection)
            if len(here) > self.most[name]:
                # Whoever was killed has left, and is under way no more.
                here.difference_update({one for one in here if _is_gone(one)})
                self.most[name] = max(self.most[name], len(here))
        try:
            if name == "login":
                time.sleep(self._login_seconds)
                with self._lock:
                    self.logins += 1
                    session = f"session-{self.logins}"
                    self._sessions.add(session)
                answer: tuple[int, dict[str, str]] = (200, {"session": session})
            else:
                time.sleep(self._seconds)
                given = next((line for line in lines if line.lower().startswith("x-session")), "")
                is_known = given.partition(":")[2].strip() in self._sessions
                answer = (200, {"value": number}) if is_known else (401, {"error": "session"})
        finally:
            # Before the answer leaves: who has it may let the next one go at once.
            with self._lock:
                here.discard(connection)
                self.refused += answer[0] == 401 if name == "touch" else 0
        _send(connection, *answer)


def _is_gone(connection: socket.socket) -> bool:
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n")[0]) if found else 0


def _send(connection: socket.socket, status: int, said: dict[str, str]) -> None:
    body = json.dumps(said).encode()
    connection.sendall(
        b"HTTP/1.1 %d S\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (status, len(body), body)
    )


_NAP_SECONDS = 0.005

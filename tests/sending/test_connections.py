"""Connections, on sockets of this machine: pools, forks, event loops."""

import asyncio
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from gridwright_runtime.client import BaseAsyncClient, BaseClient
from gridwright_runtime.errors import ConfigurationError, OutcomeUnknownError
from gridwright_runtime.limits.kinds import Limits, RateLimit
from gridwright_runtime.limits.store import MemoryLimitStore

from .support import APPLY, GET, KINDS, OPEN, Arguments, Kind, caller, system


class Echo(BaseHTTPRequestHandler):
    """Answers each request with the number that it asks for, after a moment."""

    protocol_version = "HTTP/1.1"
    seconds = 0.05
    connections: set[tuple[str, int]]

    def do_GET(self) -> None:
        self.connections.add(self.client_address)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        [number] = parse_qs(urlsplit(self.path).query)["number"]
        time.sleep(self.seconds)  # so that those who share a connection meet
        body = f'{{"value": "{number}"}}'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client may go at any time."""


@pytest.fixture
def address() -> Iterator[str]:
    Echo.connections = set()
    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def forked(address: str, kind: str) -> list[tuple[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sending.fork_worker", address, kind],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [tuple(line.split(" ")) for line in done.stdout.splitlines()]  # type: ignore[misc]


def test_parent_and_children_of_a_fork_never_get_each_others_replies(address: str) -> None:
    found = forked(address, "sync")
    assert len(found) == 3 * 6
    assert all(asked == got for asked, got in found)


def test_a_given_transport_with_connections_of_the_parent_is_not_used_by_a_child(
    address: str,
) -> None:
    found = forked(address, "transport")
    assert {got for asked, got in found if asked[0] in "012"} == {"ConfigurationError"}
    assert all(asked == got for asked, got in found if asked[0] not in "012")


def test_an_async_client_survives_a_fork(address: str) -> None:
    found = forked(address, "async")
    assert len(found) == 3
    assert all(asked == got for asked, got in found)


# What is of a loop that was closed warns as it goes, which is what it should do.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_each_event_loop_has_connections_of_its_own(address: str) -> None:
    client: Any = BaseAsyncClient(OPEN, credentials={}, base_url=address)

    async def call(number: str) -> str:
        return str((await client._record(APPLY, Arguments(number))).body.value)

    assert [asyncio.run(call(number)) for number in "abc"] == list("abc")
    assert len(Echo.connections) == 3
    assert client._connections._others == ()  # nothing is kept of loops that are closed

    async def last() -> None:
        async with client:
            assert [await call("x"), await call("y")] == ["x", "y"]

    asyncio.run(last())
    assert len(Echo.connections) == 4
    gc.collect()  # else they would warn in some other test


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_given_transport_with_connections_of_another_loop_is_not_used(address: str) -> None:
    def call_in_two_loops() -> None:
        transport = httpx2.AsyncHTTPTransport()
        client = BaseAsyncClient(OPEN, credentials={}, base_url=address, transport=transport)

        async def call() -> None:
            await client._record(APPLY, Arguments("1"))

        asyncio.run(call())
        with pytest.raises(ConfigurationError, match="another event loop"):
            asyncio.run(call())

    call_in_two_loops()
    assert len(Echo.connections) == 1
    gc.collect()  # as above


@pytest.mark.parametrize("kind", KINDS)
def test_more_calls_than_connections_wait_for_a_free_one(kind: Kind, address: str) -> None:
    options: dict[str, Any] = {
        "credentials": {},
        "base_url": address,
        "max_connections": 2,
        "timeout_seconds": 0.3,
    }
    numbers = [str(number) for number in range(20)]  # together longer than the timeout
    if kind == "sync":
        from concurrent.futures import ThreadPoolExecutor

        with BaseClient(OPEN, **options) as client, ThreadPoolExecutor(20) as pool:
            results: list[Any] = list(
                pool.map(lambda one: client._record(GET, Arguments(one)), numbers)
            )
    else:

        async def main() -> list[Any]:
            async with BaseAsyncClient(OPEN, **options) as client:
                calls = (client._record(GET, Arguments(number)) for number in numbers)
                return await asyncio.gather(*calls)

        results = asyncio.run(main())
    assert [result.body.value for result in results] == numbers
    assert len(Echo.connections) <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_has_its_turn_does_not_wait_for_a_connection(kind: Kind, address: str) -> None:
    limits = Limits((RateLimit(name="many", requests=1000, per_seconds=1),))
    made = system(credentials=(), limits=limits)
    options: dict[str, Any] = {
        "credentials": {},
        "base_url": address,
        "limit_store": MemoryLimitStore(),
        "max_connections": 1,
    }
    if kind == "sync":
        with BaseClient(made, **options) as client:
            threads = [
                threading.Thread(target=client._record, args=(GET, Arguments("1")))
                for _ in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    else:

        async def main() -> None:
            async with BaseAsyncClient(made, **options) as client:
                await asyncio.gather(*(client._record(GET, Arguments("1")) for _ in range(4)))

        asyncio.run(main())
    assert len(Echo.connections) == 4


def test_a_cancelled_write_is_cancelled_and_says_no_more() -> None:
    one = caller("async")

    async def main() -> None:
        async def never(request: httpx2.Request) -> httpx2.Response:
            await asyncio.sleep(3600)
            raise AssertionError

        one.options["transport"] = httpx2.MockTransport(never)
        async with one.client() as client:
            call = asyncio.create_task(client._record(APPLY, Arguments("1")))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    asyncio.run(main())


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_that_an_unforeseen_failure_cut_off_is_unknown(kind: Kind) -> None:
    with pytest.raises(OutcomeUnknownError, match="RuntimeError: Event loop is closed"):
        caller(kind, RuntimeError("Event loop is closed")).call(APPLY)


@pytest.mark.parametrize("kind", KINDS)
def test_a_read_that_an_unforeseen_failure_cut_off_raises_what_it_was(kind: Kind) -> None:
    with pytest.raises(RuntimeError, match="Event loop is closed"):
        caller(kind, RuntimeError("Event loop is closed")).call(GET)

"""Calls that have their turn leave at once, whatever the pool: shown on sockets of this machine."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from gridwright_runtime.limits.kinds import Limits, RateLimit
from gridwright_runtime.limits.store import MemoryLimitStore

from . import sample
from .support import KINDS, Kind

PATIENCE_SECONDS = 20.0
MANY = Limits((RateLimit(name="many", requests=1000, per_seconds=1),))


@pytest.fixture
def address() -> Iterator[str]:
    """A server that answers two requests when it has both."""
    both = threading.Barrier(2)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            try:
                both.wait(PATIENCE_SECONDS)
            except threading.BrokenBarrierError:
                return self.send_error(500)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"kind": "99"}')

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_has_its_turn_does_not_wait_for_a_connection(kind: Kind, address: str) -> None:
    facts: dict[str, Any] = {
        "base_url": address,
        "limits": MANY,
        "limit_store": MemoryLimitStore(),
        "max_connections": 1,
        "timeout_seconds": PATIENCE_SECONDS,
    }
    bodies: list[object] = []
    if kind == "sync":
        with sample.Client(**facts) as client:
            threads = [
                threading.Thread(target=lambda: bodies.append(client.apply().body))
                for _ in range(2)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    else:

        async def main() -> None:
            async with sample.AsyncClient(**facts) as client:
                results = await asyncio.gather(client.apply(), client.apply())
                bodies.extend(result.body for result in results)

        asyncio.run(main())
    assert bodies == [sample.ApplicationStatus(kind="99")] * 2

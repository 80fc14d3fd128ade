import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .support import KINDS


class Service(BaseHTTPRequestHandler):
    """Opens sessions and counts them; each is good."""

    protocol_version = "HTTP/1.1"
    logins: list[str]
    tokens: list[str | None]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.logins.append(self.path)
        self._answer(f'{{"Token": "session-{len(self.logins)}"}}'.encode())

    def do_GET(self) -> None:
        self.tokens.append(self.headers["Token"])
        self._answer(b'{"rowCount": 1}')

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Service.logins, Service.tokens = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_processes_log_in_once_sync_and_async_together(address: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "sessions")
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.service.session_worker", kind, address, folder],
            stderr=subprocess.PIPE,
            text=True,
        )
        for kind in KINDS * 2
    ]
    for worker in workers:
        _out, said = worker.communicate(timeout=60)
        assert worker.returncode == 0, said
    assert len(Service.logins) == 1
    assert Service.tokens == ["session-1"] * 12

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .support import KINDS, Kind

LARGE = 200 * 1024 * 1024


class Sink(BaseHTTPRequestHandler):
    """Reads what it is sent, keeps nothing but the sizes, and answers."""

    protocol_version = "HTTP/1.1"
    sizes: list[int]

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        size = 0
        while left:
            piece = self.rfile.read(min(left, 1 << 20))
            left -= len(piece)
            size += len(piece)
        self.sizes.append(size)
        body = b'{"fileNumber": "1"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def sink() -> Iterator[ThreadingHTTPServer]:
    Sink.sizes = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", KINDS)
def test_200_megabytes_cost_no_more_than_a_few(
    kind: Kind, sink: ThreadingHTTPServer, tmp_path: Path
) -> None:
    path = tmp_path / "図面.bin"
    with path.open("wb") as file:
        file.truncate(LARGE)  # a hole, which costs no disk
    address = f"http://127.0.0.1:{sink.server_address[1]}"
    command = [sys.executable, "-m", "tests.service.upload_worker", kind, address, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Sink.sizes[1] > LARGE
    assert int(done.stdout) < 8 * 1024  # KiB

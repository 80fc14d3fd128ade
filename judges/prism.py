"""Serve a description by Prism, a mock that nobody here wrote."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from judges.tools import ToolMissing, node_tool

__all__ = ["prism"]

_SECONDS = 60.0


@contextmanager
def prism(path: Path) -> Iterator[str]:
    """Serve an OpenAPI file on a free port of this machine while the block runs.

    Raises:
        ToolMissing: Prism cannot be had, or does not take the file.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(node_tool("prism")), "mock", str(path), "-p", str(port), "-h", "127.0.0.1"]
    process = subprocess.Popen(  # noqa: S603  # a fixed command
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CI": "true"},
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    while time.monotonic() - started < _SECONDS and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise ToolMissing("Prism does not serve the file")

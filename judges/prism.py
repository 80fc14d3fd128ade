"""Serve a description by Prism, a mock that nobody here wrote, and keep what it says of itself."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from gridwright.importing.read_file import read_foreign
from judges.tools import ToolMissing, node_tool

__all__ = ["REASONS", "Answer", "PrismTransport", "prism", "reason_of"]

_NO_WRITER = "it has no writer for the media type of the reply, such as application/octet-stream"
REASONS = {
    "NO_COMPLEX_OBJECT_TEXT": _NO_WRITER,
    "UNKNOWN": f"it fails inside: {_NO_WRITER}",
    "NOT_ACCEPTABLE": "it makes no XML of a schema",
    "No supported content types": "it loses the media type of a body in Swagger 2 that is a form",
    "Request header must have required property 'content-type'":
        "it asks for a parameter named Content-Type, which OpenAPI says to ignore",
    "Request path must have required property":
        "the file declares a parameter in the path that its path does not have",
    "Response": "its reply breaks the file's own schema, the one that it invents as well",
}  # fmt: skip
"""Why Prism, or the file that it serves, is to blame, by the first words that Prism says of it."""

_SECONDS = 60.0
_VIOLATIONS = "sl-violations"
_PROBLEMS = "https://stoplight.io/prism/errors#"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Prism said last.

    Attributes:
        status: of HTTP.
        request: what it finds wrong with the request, by the file.
        reply: what it finds wrong with its own reply, by the file.
        problem: why it has no reply at all; "" where it has one.
    """

    status: int = 0
    request: tuple[str, ...] = ()
    reply: tuple[str, ...] = ()
    problem: str = ""


def reason_of(answer: Answer) -> str:
    """Return why Prism itself does not serve what its file says; "" where nothing says so."""
    said_of_reply = () if answer.request else answer.reply[:1]
    for said in (answer.problem, *answer.request[:1], *said_of_reply):
        for start, reason in REASONS.items():
            if said.startswith(start):
                return reason
    return ""


class PrismTransport(httpx2.BaseTransport):
    """Sends requests to Prism, and keeps what it says beside its reply."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.last = Answer()
        self.is_invented = False
        """Let Prism invent replies of the schemas, and leave the examples of the file aside."""
        self._inner = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and read the reply whole."""
        request.headers["Prefer"] = f"dynamic={str(self.is_invented).lower()}"
        self.last = Answer()
        response = self._inner.handle_request(request)
        body = b"".join(response.stream)  # type: ignore[arg-type]  # a sync stream
        response.close()
        self.last = _answer(response.status_code, response.headers.get(_VIOLATIONS, ""), body)
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name.lower() not in ("transfer-encoding", "content-encoding", "connection")
        ]
        return httpx2.Response(response.status_code, headers=headers, content=body)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _answer(status: int, violations: str, body: bytes) -> Answer:
    said: dict[str, list[str]] = {"request": [], "response": []}
    for one in _json(violations) or []:
        place = [str(key) for key in one.get("location") or ["request"]]
        said.setdefault(place[0], []).append(str(one.get("message") or one.get("code")))
    found = _json(body)
    kind = str(found.get("type") or "") if isinstance(found, dict) else ""
    problem = kind.removeprefix(_PROBLEMS) if kind.startswith(_PROBLEMS) else ""
    problem += f": {found['detail']}" if problem and found.get("detail") else ""
    for one in found.get("validation") or [] if problem else []:
        place = [str(key) for key in one.get("location") or ["request"]]
        said.setdefault(place[0], []).append(str(one.get("message")))
    return Answer(status, tuple(said["request"]), tuple(said["response"]), problem)


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


@contextmanager
def prism(path: Path) -> Iterator[str]:
    """Serve an OpenAPI file on a free port of this machine while the block runs.

    Raises:
        ToolMissing: Prism cannot be had, or does not take the file.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        command = [str(node_tool("prism")), "mock", str(_servable(path, Path(folder)))]
        command += ["-p", str(port), "-h", "127.0.0.1", "--seed", "gridwright"]
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


def _servable(path: Path, folder: Path) -> Path:
    """Return a file that offers JSON where it says `*/*`, as which Prism cannot write an object."""
    if b"*/*" not in path.read_bytes():
        return path
    written = folder / "served.json"
    written.write_text(json.dumps(_with_json(read_foreign(path)), default=str), encoding="utf-8")
    return written


def _with_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {"application/json" if k == "*/*" else k: _with_json(v) for k, v in value.items()}


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    while time.monotonic() - started < _SECONDS and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise ToolMissing("Prism does not serve the file")

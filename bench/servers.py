"""The two servers of `mock_rate`, each a process: ``python -m bench.servers KIND FILE``.

The mock is served by its own `serve`; the bare route by uvicorn as it comes, with the settings that
`serve` uses, so that what `serve` does besides is part of the comparison.
"""

import json
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.children import ROOT
from gridwright_apis.kepco_opm import mock, operations
from gridwright_runtime.mock.serve import serve

__all__ = ["PATH", "Server"]

PATH = operations.GET_QUARTER_HOUR_READING.path


class Server:
    """A server in a process of its own, while the block lasts."""

    def __init__(self, kind: str, answers: Path) -> None:
        """Start it.

        Args:
            kind: mock or bare.
            answers: a JSON file of bodies by query, for the bare one.
        """
        command = [sys.executable, "-m", "bench.servers", kind, str(answers)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.port = 0

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            self.port = int(line.split()[2].rpartition(":")[2])
        except (IndexError, ValueError):
            self._stop()
            raise RuntimeError(f"a server did not start: {line!r}") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _bare(answers: Path) -> Starlette:
    bodies = {
        query.encode(): body.encode() for query, body in json.loads(answers.read_text()).items()
    }

    async def answer(request: Request) -> Response:
        return Response(bodies[request.scope["query_string"]], media_type="application/json")

    return Starlette(routes=[Route(PATH, answer)])


class _Announced(uvicorn.Server):
    """Says on standard output where it listens, in the words of `serve`."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()
        print(f"serving on http://{host}:{port}", flush=True)


def _serve_bare(app: Starlette) -> None:
    _Announced(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
        )
    ).run()


if __name__ == "__main__":
    if sys.argv[1] == "mock":
        serve(mock.application())
    else:
        _serve_bare(_bare(Path(sys.argv[2])))

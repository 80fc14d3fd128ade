"""Run the mock of each system on a free port of this machine, and keep all that is said to it."""

import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridwright_runtime.mock.serve import running as serving
from judges.tools import ROOT
from judges.verdict import Exchange, Mock

__all__ = ["application_of", "running"]


@contextmanager
def running(system: str, exchanges: list[Exchange]) -> Iterator[Mock]:
    """Serve a new mock of a system while the block runs; what is said is added to ``exchanges``."""
    schemas = ROOT / "generated" / "schemas" / system
    interface = json.loads((schemas / "interface.json").read_text("utf-8"))

    def fresh() -> ASGIApp:
        return _recorded(application_of(system, interface), mock)

    mock = Mock(system, "", fresh, interface, schemas, exchanges)
    with serving(fresh()) as address:
        mock.url = address
        yield mock


def application_of(system: str, interface: dict[str, Any]) -> Starlette:
    """Make a new mock that answers whatever limits are broken."""
    make: Callable[..., Starlette]
    make = importlib.import_module(f"gridwright_apis.{system}.mock").application
    if "when_broken" not in inspect.signature(make).parameters:
        return make()
    # Judges know no limits, and may come in closed hours: what they break stands in the journal.
    return make(when_broken={limit["name"]: "journal" for limit in interface["limits"]})


def _recorded(app: ASGIApp, mock: Mock) -> ASGIApp:
    """Pass everything on, and keep it."""

    async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
        sent, said = bytearray(), bytearray()
        head: dict[str, Any] = {"status": 500, "headers": []}

        async def receive_noted() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
            said.extend(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive_noted, send_noted)
        finally:
            mock.exchanges.append(
                Exchange(
                    judge=mock.judge,
                    method=scope["method"],
                    path=scope["path"],
                    request_type=_content_type(scope["headers"]),
                    request=bytes(sent),
                    status=head["status"],
                    reply_type=_content_type(head["headers"]),
                    reply=bytes(said),
                )
            )

    return recorded


def _content_type(headers: Any) -> str:
    found = (value.decode("latin-1") for name, value in headers if name.lower() == b"content-type")
    return str(next(found, ""))

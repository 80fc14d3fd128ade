"""One helper for each boundary: replies, an invented service with its login, clients."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import httpx2

from gridwright_runtime.message import RawReply
from gridwright_runtime.record import Record
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.service.operation import ServiceOperation
from gridwright_runtime.service.read import read_service
from gridwright_runtime.service.request import build_service_request

from . import sample

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")

HERE = "http://127.0.0.1:8000"
ELSEWHERE = "https://api.sample.example/base"
CITIZEN = "1000000000009"
AGENT = "2000000000018"
CLIENT_ID = "INVENTED-client"
SECRET = "INVENTED-secret/with+signs"
SECRETS = (CITIZEN, AGENT, CLIENT_ID, SECRET, "session-")


class FakeClock:
    """A clock that only sleeping moves."""

    def __init__(self, at: datetime = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)) -> None:
        self.started = at
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def raw(
    tree: object, status: int = 200, content_type: str = "application/json; charset=UTF-8"
) -> RawReply:
    body = tree if isinstance(tree, bytes) else json.dumps(tree, ensure_ascii=False).encode()
    return RawReply(status_code=status, headers=(("content-type", content_type),), body=body)


def read(operation: ServiceOperation[Any], tree: object, status: int = 200, **how: Any) -> Any:
    reply = tree if isinstance(tree, RawReply) else raw(tree, status)
    return read_service(operation, reply, **how)


def built(
    operation: ServiceOperation[Any], payload: Record, base_url: str = HERE, **how: Any
) -> Any:
    facts: dict[str, Any] = {"new_boundary": lambda: "frontier"} | how
    return build_service_request(operation, payload, base_url=base_url, **facts)


@dataclass
class Service:
    """An invented service, as a transport for both kinds of client."""

    answers: list[object] = field(default_factory=list)
    """What the next requests are answered; then comes a success."""
    logins: list[httpx2.Request] = field(default_factory=list)
    login_answers: list[object] = field(default_factory=list)
    seen: list[httpx2.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    alive: set[str] | None = None
    """The sessions that are accepted; None: all are."""

    @property
    def transport(self) -> "Transport":
        return Transport(self)

    def handle(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        if "/Authenticate/" in request.url.path:
            self.logins.append(request)
            self.bodies.append(body)
            return self._next(self.login_answers, self._session)
        self.seen.append(request)
        if self.alive is not None and request.headers.get("Token") not in self.alive:
            return httpx2.Response(401, json={"status": "no"})
        self.bodies.append(body)
        return self._next(self.answers, lambda: {"kind": "99", "rowCount": 0, "fileNumber": "7"})

    def _session(self) -> object:
        token = f"session-{len(self.logins)}/+="
        if self.alive is not None:
            self.alive.add(token)
        return {"Token": token}

    def _next(self, answers: list[object], usual: Callable[[], object]) -> httpx2.Response:
        answer = answers.pop(0) if answers else usual()
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, httpx2.Response):
            return httpx2.Response(200, json=answer)
        # A response is read once, and tests share them.
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


class Transport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    def __init__(self, service: Service) -> None:
        self._service = service

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._service.handle(request, request.read())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._service.handle(request, await request.aread())


@dataclass
class Caller:
    """One client, sync or async, that is called in the same way; its calls share a client."""

    kind: Kind
    service: Service
    options: dict[str, Any]
    clock: FakeClock = field(default_factory=FakeClock)

    def facts(self) -> dict[str, Any]:
        known: dict[str, Any] = {
            "base_url": HERE,
            "transport": self.service.transport,
            "clock": self.clock,
            "retry": RetryPolicy(random=lambda: 0.0),
            "new_boundary": lambda: "frontier",
        }
        if "session" in self.options:
            known |= {"client_id": CLIENT_ID, "client_secret": SECRET, "agent_id": AGENT}
        return known | self.options

    def calls(self, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
        """Make several calls with one client; what they raise is among what they return."""
        if self.kind == "sync":
            with sample.Client(**self.facts()) as client:
                return [_outcome(partial(getattr(client, name), **facts)) for name, facts in calls]

        async def main() -> list[Any]:
            found: list[Any] = []
            async with sample.AsyncClient(**self.facts()) as client:
                for name, arguments in calls:
                    try:
                        found.append(await getattr(client, name)(**arguments))
                    except Exception as error:
                        found.append(error)
            return found

        return asyncio.run(main())

    def call(self, name: str, **arguments: Any) -> Any:
        [found] = self.calls((name, arguments))
        if isinstance(found, Exception):
            raise found
        return found


def _outcome(call: Callable[[], object]) -> object:
    try:
        return call()
    except Exception as error:
        return error


def caller(kind: Kind, *answers: object, **options: Any) -> Caller:
    return Caller(kind, Service(answers=list(answers)), options)


def shown(error: BaseException) -> str:
    """Return all that a log could show of an error."""
    import traceback

    return f"{error!r}\n{error}\n" + "".join(traceback.format_exception(error))

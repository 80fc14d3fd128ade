"""One helper for each boundary: replies, an invented service with its ticket server, clients."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx2

from gridwright_runtime.body_operation import BodyOperation
from gridwright_runtime.message import RawReply
from gridwright_runtime.operation import Format
from gridwright_runtime.read_result import read_result
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.write_body import xml_body

from . import sample

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
FORMATS: tuple[Format, ...] = ("json", "xml")

USER = "INVENTED-user"
PASSWORD = "INVENTED-password/with+signs"
IDENTITY = "6d553b3c-1ffc-44cc-bed6-1dce4d5b48ac"
ISTANBUL = ZoneInfo("Europe/Istanbul")
PERIOD = datetime(2016, 10, 1, tzinfo=ISTANBUL)
POINT = 40012345

OK = {"resultCode": "0", "resultDescription": "OK", "resultType": "SUCCESS"}
ROOTS = {
    "/rest/index/save": "indexSaveResponse",
    "/rest/index/search": "indexSearchResponse",
    "/rest/index/cancel": "indexCancelResponse",
}


class FakeClock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def json_raw(tree: object, status: int = 200) -> RawReply:
    body = tree if isinstance(tree, bytes) else json.dumps(tree, ensure_ascii=False).encode()
    return RawReply(status_code=status, headers=(("content-type", "application/json"),), body=body)


def xml_raw(body: str | bytes, status: int = 200) -> RawReply:
    return RawReply(
        status_code=status,
        headers=(("content-type", "application/xml"),),
        body=body if isinstance(body, bytes) else body.encode(),
    )


def read(operation: BodyOperation[Any], raw: RawReply, **how: Any) -> Any:
    facts: dict[str, Any] = {"format": "json", "transaction_id": IDENTITY} | how
    return read_result(operation, raw, **facts)


def request(**values: Any) -> sample.IndexRequest:
    facts: dict[str, Any] = {
        "period": PERIOD,
        "metering_point_id": POINT,
        "power_type": "ACTIVE",
        "factor": 1,
    }
    return sample.IndexRequest(**(facts | values))


Answer = Callable[[str, Mapping[str, Any]], object]
"""From a path and the tree of the request to a tree, a response, or an exception to raise."""


@dataclass
class Service:
    """An invented service and its ticket server, as a transport for both kinds of client."""

    answers: list[object] = field(default_factory=list)
    """What the next requests are answered; then comes a success that is empty."""
    answer: Answer | None = None
    logins: int = 0
    tickets: int = 0
    seen: list[httpx2.Request] = field(default_factory=list)
    """Requests to the service."""
    cas: list[httpx2.Request] = field(default_factory=list)
    """Requests to the ticket server."""
    cas_answers: list[object] = field(default_factory=list)

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._handle)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (USER, PASSWORD, "TGT-", "ST-")

    def trees(self) -> list[Any]:
        return [json.loads(request.content) for request in self.seen]

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        if "cas" in request.url.host.partition(".")[0]:
            return self._ticket(request)
        self.seen.append(request)
        if self.answers:
            answer = self.answers.pop(0)
        elif self.answer is not None:
            answer = self.answer(request.url.path, json.loads(request.content))
        else:
            answer = {**OK, "body": {}}
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx2.Response):
            return httpx2.Response(answer.status_code, content=answer.content)
        return self._response(request, answer)

    def _response(self, request: httpx2.Request, tree: Any) -> httpx2.Response:
        if request.headers["accept"] == "application/json":
            content = json.dumps(tree, ensure_ascii=False).encode()
        else:
            content = xml_body(tree, ROOTS[request.url.path])
        headers = {"content-type": request.headers["accept"]}
        return httpx2.Response(200, headers=headers, content=content)

    def _ticket(self, request: httpx2.Request) -> httpx2.Response:
        self.cas.append(request)
        if self.cas_answers:
            answer = self.cas_answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            assert isinstance(answer, httpx2.Response)
            return answer
        form = parse_qs(request.content.decode())
        if request.url.path.endswith("/tickets"):
            if form != {"username": [USER], "password": [PASSWORD]}:
                return httpx2.Response(400, text=f"no {USER} with {PASSWORD}")
            self.logins += 1
            return httpx2.Response(201, text=f"TGT-{self.logins}-secret")
        self.tickets += 1
        return httpx2.Response(200, text=f"ST-{self.tickets}-secret")


@dataclass
class Caller:
    """One client, sync or async, that is called in the same way."""

    kind: Kind
    service: Service
    options: dict[str, Any]
    clock: FakeClock = field(default_factory=FakeClock)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*values: Any, **arguments: Any) -> Any:
            return self.run(name, *values, **arguments)

        return call

    def run(self, name: str, *values: Any, **arguments: Any) -> Any:
        facts: dict[str, Any] = {
            "username": USER,
            "password": PASSWORD,
            "transport": self.service.transport,
            "clock": self.clock,
            "new_id": lambda: IDENTITY,
            "retry": RetryPolicy(random=lambda: 0.0),
        } | self.options
        if self.kind == "sync":
            with sample.Client(**facts) as client:
                found = getattr(client, name)(*values, **arguments)
                return list(found) if name.startswith("iter_") else found

        async def main() -> Any:
            async with sample.AsyncClient(**facts) as client:
                if name.startswith("iter_"):
                    return [row async for row in getattr(client, name)(*values, **arguments)]
                return await getattr(client, name)(*values, **arguments)

        return asyncio.run(main())


def caller(kind: Kind, *answers: object, **options: Any) -> Caller:
    return Caller(kind, Service(answers=list(answers)), options)


def rows(ids: Sequence[int], count: int | None = None, begin: int = 1) -> dict[str, Any]:
    body: dict[str, Any] = {"indexes": [{"indexId": number} for number in ids]}
    if count is not None:
        end = begin + len(ids) - 1
        body["queryInformation"] = {"begin": begin, "count": count, "end": end}
    return {**OK, "body": body}


def instant(*parts: int) -> datetime:
    # The checker cannot see that the parts end before the time zone's place.
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]

"""One helper for each boundary: operations, builder and reader, an invented service, clients."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any, Literal

import httpx2
from msgspec import Struct, structs

from gridwright_runtime.client import BaseAsyncClient, BaseClient
from gridwright_runtime.errors import (
    AuthenticationError,
    ClosedHoursError,
    DeviationError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    InvalidRequestError,
    LimitError,
    RejectedError,
    SessionExpiredError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import (
    Argument,
    Credential,
    Hole,
    NewId,
    Operation,
    Part,
    ReplySpec,
    RequestSpec,
    Serial,
    System,
    Text,
)
from gridwright_runtime.message import Hidden, HttpRequest, RawReply
from gridwright_runtime.record import Record
from gridwright_runtime.requests.build_body import Sending
from gridwright_runtime.result import Result
from gridwright_runtime.retry import RetryPolicy, retry_at
from gridwright_runtime.sources import Values, fill_source, steps_in

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")

HERE = "http://127.0.0.1:8000"
ELSEWHERE = "https://api.sample.example/base"
NUMBER = "9000000000012"
KEY = "INVENTED-key/with+signs"
START = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)
SECRETS: tuple[str, ...] = (NUMBER, KEY)


class Arguments(Record, frozen=True):
    """What a call asks for."""

    number: str = ""
    application: str = ""


class Thing(Record, frozen=True):
    """What comes back."""

    value: str = ""
    application: str = ""


def text(*pieces: str | Hole) -> Text:
    """Return a text with holes."""
    return Text(pieces)


def credential(name: str) -> Hole:
    """Return a hole for a credential."""
    return Hole("credential", name)


def result(step: str, part: str = "") -> Hole:
    """Return a hole for the result of a step."""
    return Hole("step", step, part)


KEY_PART = Part(wire="X-Key", place="header", source=text(credential("key")))


def operation(
    name: str = "get_thing",
    *parts: Part,
    kind: Literal["read", "write"] = "read",
    same: Mapping[str, str] | None = None,
) -> Operation[Thing]:
    """Return an operation that sends a number and brings a thing."""
    return Operation(
        system="sample",
        name=name,
        wire_name=name,
        kind=kind,
        method="GET" if kind == "read" else "POST",
        path=f"/{name}",
        request=RequestSpec(
            model=Arguments,
            check=lambda *_: [],
            parts=(Part(wire="number", place="query", source=Argument("number")), *parts),
        ),
        reply=ReplySpec(model=Thing, shape="record", formats={"json": ("application/json",)}),
        same=same or {},
    )


def system(**facts: Any) -> System:
    """Return a system with one server and a key."""
    known: dict[str, Any] = {
        "name": "sample",
        "servers": {"production": ELSEWHERE},
        "default_server": "production",
        "credentials": (Credential(name="key", environment="SAMPLE_KEY"),),
    }
    return System(**(known | facts))


OPEN = system(credentials=())
GET = operation()
APPLY = operation("apply", kind="write")
NAMED = operation("named", Part(wire="X-Id", place="header", source=NewId()))
COUNTED = operation("counted", Part(wire="X-Serial", place="header", source=Serial()))
KEYED = operation("keyed", KEY_PART)


# A builder and a reader that say what they are told to.


class Refused(Struct, frozen=True):
    """A reply by which a call has failed."""

    error: GridwrightError
    is_own_word: bool
    is_access: bool
    breaks: str = ""


class Circumstances(Struct, frozen=True):
    """What is known of a call beside its reply."""

    hide: Sequence[str] = ()
    identity: str = ""
    opens_at: datetime | None = None
    refused: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ()
    download: object = None
    asked: object = ()
    walked: object = None
    most_bytes: int = 0
    keeps_failures: bool = False


class Draft:
    """A request that was built."""

    def __init__(
        self, made: Operation[Any], arguments: Arguments, given: Values, sending: Sending
    ) -> None:
        self._operation = made
        self._arguments = arguments
        self._given = given
        self._sending = sending
        self.identity = given.identity
        self.sensitive = Hidden((arguments.number, *given.credentials.values()))
        found = [steps_in(part.source) for part in made.request.parts]
        self.steps: frozenset[str] = frozenset().union(*found)
        self.can_be_repeated = not sending.attachments

    def request(
        self, *, results: Mapping[str, Mapping[str, str]], now: datetime, serial: str = ""
    ) -> HttpRequest:
        made = self._operation
        values = structs.replace(self._given, results=results, serial=serial, now=now)
        headers = [("X-Now", now.isoformat())]
        for part in made.request.parts:
            value = fill_source(part.source, values)
            if part.place == "header" and value is not None:
                headers.append((part.wire, value))
        url = self._sending.base_url + made.path
        return HttpRequest(
            method=made.method,
            url=url,
            safe_url=url,
            query=(("number", self._arguments.number),),
            headers=tuple(headers),
            body=b"{}" if made.kind == "write" else None,
            sensitive=self.sensitive,
        )


def prepare(
    made: Operation[Any], arguments: Arguments, given: Values, sending: Sending, **_: Any
) -> Draft:
    """Build a request; the number ``bad`` breaks a rule."""
    if arguments.number == "bad":
        raise InvalidRequestError(made.call, [])
    return Draft(made, arguments, given, sending)


def read_reply(
    made: Operation[Any],
    raw: RawReply,
    *,
    format: str,
    strict: bool = False,
    circumstances: Circumstances,
) -> Any:
    """Read a reply as the seam says: a failure is a value."""
    facts: dict[str, Any] = {
        "system": made.system,
        "operation": made.name,
        "http_status": raw.status_code,
    }
    try:
        tree = json.loads(raw.body)
    except ValueError:
        tree = None
    is_page = b"<html" in raw.body
    status = raw.status_code
    if isinstance(tree, dict) and "code" in tree:
        kinds: dict[str, Any] = {"access": AuthenticationError, "limit": LimitError}
        kind = kinds.get(tree["code"], RejectedError)
        said = tree.get("text")
        error = kind(**facts, code=tree["code"], text=said, hide=circumstances.hide)
        return Refused(error, True, tree["code"] == "access")
    if status in (401, 403):
        is_named = status in circumstances.refused
        expired = SessionExpiredError if is_named else AuthenticationError
        return Refused(expired(**facts), is_named and not is_page, True)
    if status == 429:
        return Refused(LimitError(**facts, retry_at=retry_at(raw)), False, False)
    if status == 503 and circumstances.opens_at is not None:
        return Refused(ClosedHoursError(**facts, opens_at=circumstances.opens_at), False, False)
    if is_page:
        return Refused(HtmlReplyError(f"{made.call}: a page", status=status, raw=raw), False, False)
    if status != 200:
        bare = HttpStatusError(f"{made.call}: HTTP status {status}", status=status, raw=raw)
        return Refused(bare, False, False)
    if not isinstance(tree, dict):
        return Refused(UnexpectedReplyError(f"{made.call}: no JSON", raw=raw), False, False)
    if strict and "more" in tree:
        return Refused(DeviationError(f"{made.call}: departs", raw=raw), False, False)
    if "explode" in tree:
        raise RuntimeError(f"a fault of the reader with {NUMBER}")
    return Result(
        Thing(value=tree.get("value", ""), application=tree.get("application", "")),
        raw=raw,
        code=None,
        description=None,
        transaction_id=circumstances.identity,
    )


def fakes() -> dict[str, ModuleType]:
    """Return the modules of a builder and a reader, by name."""
    build = ModuleType("gridwright_runtime.requests.build")
    build.prepare = prepare  # type: ignore[attr-defined]
    reader = ModuleType("gridwright_runtime.decodings.reader")
    reader.read_reply = read_reply  # type: ignore[attr-defined]
    reader.Circumstances = Circumstances  # type: ignore[attr-defined]
    reader.Refused = Refused  # type: ignore[attr-defined]
    return {module.__name__: module for module in (build, reader)}


# Clocks, services, clients.


class FakeClock:
    """A clock that only sleeping, and the test, moves."""

    def __init__(self, at: datetime = START) -> None:
        self.started = at
        self.seconds = 0.0
        self.slept: list[float] = []
        self.set_back = timedelta(0)

    def now(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds) - self.set_back

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


Answer = object
"""A status, a tree, an exception, a response, or what makes one of a request."""


@dataclass
class Service:
    """An invented service, as a transport for both kinds of client."""

    answers: list[Answer] = field(default_factory=list)
    """What the next requests are answered; then comes a success."""
    seen: list[httpx2.Request] = field(default_factory=list)

    @property
    def transport(self) -> "Transport":
        return Transport(self)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        return answered(self.answers.pop(0) if self.answers else {"value": "good"}, request)


def answered(answer: Answer, request: httpx2.Request) -> httpx2.Response:
    """Return an answer as a response of its own, or raise it."""
    if callable(answer):
        made: httpx2.Response = answer(request)
        return made
    if isinstance(answer, BaseException):
        raise answer
    if isinstance(answer, int):
        return httpx2.Response(answer)
    if isinstance(answer, httpx2.Response):
        # A response is read once, and tests share them.
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)
    return httpx2.Response(200, json=answer)


class Transport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    def __init__(self, service: Any) -> None:
        self._service = service

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        found: httpx2.Response = self._service.handle(request)
        return found

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        found: httpx2.Response = self._service.handle(request)
        return found


Asked = tuple[Operation[Any], Arguments]


@dataclass
class Caller:
    """One client, sync or async, that is called in the same way."""

    kind: Kind
    service: Any
    system: System = OPEN
    options: dict[str, Any] = field(default_factory=dict)
    clock: Any = field(default_factory=FakeClock)

    def facts(self) -> dict[str, Any]:
        known: dict[str, Any] = {
            "credentials": {item.name: KEY for item in self.system.credentials},
            "transport": self.service.transport,
            "clock": self.clock,
            "retry": RetryPolicy(random=lambda: 0.0),
        }
        return known | self.options

    def client(self) -> Any:
        kind: Callable[..., Any] = BaseClient if self.kind == "sync" else BaseAsyncClient
        return kind(self.system, **self.facts())

    def calls(self, *asked: Operation[Any] | Asked, **how: Any) -> list[Any]:
        """Make several calls with one client; what they raise is among what they return."""
        pairs = [one if isinstance(one, tuple) else (one, Arguments(NUMBER)) for one in asked]
        if self.kind == "sync":
            with self.client() as client:
                return [_outcome(partial(client._record, *pair, **how)) for pair in pairs]

        async def main() -> list[Any]:
            found: list[Any] = []
            async with self.client() as client:
                for pair in pairs:
                    try:
                        found.append(await client._record(*pair, **how))
                    except Exception as error:
                        found.append(error)
            return found

        return asyncio.run(main())

    def call(self, asked: Operation[Any] | Asked = GET, **how: Any) -> Any:
        [found] = self.calls(asked, **how)
        if isinstance(found, Exception):
            raise found
        return found


def _outcome(call: Callable[[], object]) -> object:
    try:
        return call()
    except Exception as error:
        return error


def caller(kind: Kind, *answers: Answer, made: System = OPEN, **options: Any) -> Caller:
    """Return a client of a service that gives these answers."""
    return Caller(kind, Service(answers=list(answers)), made, options)


def response(status: int, body: bytes = b"", **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, content=body, headers=named)


def value_of(found: Result[Thing]) -> str:
    """Return what a thing holds."""
    assert found.body is not None
    return found.body.value


def shown(error: BaseException) -> str:
    """Return all that a log could show of an error."""
    import traceback

    return f"{error!r}\n{error}\n{vars(error)}\n" + "".join(traceback.format_exception(error))

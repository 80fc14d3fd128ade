"""Serve the operations of a system from a world: an ASGI application for each.

For every request: the credential, then the document's own check of the whole request, then the
world. What fails is refused in the service's own form. Never invents data, never opens a socket.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..operation import Credential, Format, Operation, Parameter
from ..problems import Problem
from ..redact import MASK, printable
from .arguments import Reader, reader_of
from .cache import VersionedCache
from .encoding import Codec, WireRecord
from .faults import Fault, Faults
from .journal import Journal, JournalEntry
from .refusals import MALFORMED, bad_parameter, missing_credential, wrong_credential
from .world import Refusal, World

__all__ = ["Mock", "build_application"]

MOCK_EXTENSION = "gridwright.mock"
"""The ASGI extension by which our own transports say how to wait; see `transport`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """The mock behind an application: ``app.state.mock``."""

    system: str
    operations: tuple[Operation[Any], ...]
    world: World
    clock: Clock
    faults: Faults
    journal: Journal


def build_application(
    *,
    system: str,
    operations: Sequence[Operation[Any]],
    world: World,
    credentials: Mapping[str, str],
    clock: Clock | None = None,
    methods: Sequence[str] = ("GET", "POST"),
    journal_size: int = 1000,
    cache_bytes: int = 33_554_432,
) -> Starlette:
    """Build the mock of a system as an ASGI application.

    Args:
        system: the system's id, for the journal's readers.
        operations: what it serves, each at its own path.
        world: where the data come from.
        credentials: the secrets that it accepts, by Python name.
        clock: what time it is; the machine's clock unless given.
        methods: what reads answer to, with a query string or a form body; KEPCO takes both (F15).
            Writes answer to their own method only.
        journal_size: how many requests the journal keeps.
        cache_bytes: how many bytes of encoded replies are kept.

    Returns:
        The application; ``app.state.mock`` holds its `Faults` and its `Journal`.

    Raises:
        ConfigurationError: two operations share a path, or a credential has no value.
    """
    clock = clock or SystemClock()
    mock = Mock(
        system=system,
        operations=tuple(operations),
        world=world,
        clock=clock,
        faults=Faults([operation.name for operation in operations]),
        journal=Journal(journal_size),
    )
    cache: VersionedCache[_Prepared] = VersionedCache(cache_bytes)
    routes = [
        Route(
            operation.path,
            _Endpoint(mock, operation, _expected(operation, credentials), cache),
            methods=methods if operation.kind == "read" else [operation.method],
            name=operation.name,
        )
        for operation in operations
    ]
    _refuse_shared_paths(operations)
    handler = _page_for(mock)
    application = Starlette(routes=routes, exception_handlers={404: handler, 405: handler})
    application.router.redirect_slashes = False
    application.state.mock = mock
    return application


class _Prepared(NamedTuple):
    """A reply but for the time in its header."""

    format: Format
    payload: bytes
    refusal: Refusal | None
    record_count: int
    shown: Mapping[str, str]


class _Question(NamedTuple):
    """A request, understood."""

    format: Format
    shown: Mapping[str, str]
    arguments: Mapping[str, object]
    refusal: Refusal | None


class _Endpoint:
    """One operation as an ASGI application."""

    __slots__ = ("_cache", "_codec", "_headers", "_mock", "_operation", "_placed", "_reading")

    def __init__(
        self,
        mock: Mock,
        operation: Operation[Any],
        credentials: tuple[tuple[Credential, str], ...],
        cache: VersionedCache[_Prepared],
    ) -> None:
        self._mock = mock
        self._operation = operation
        self._cache = cache
        self._codec = Codec(operation)
        self._reading = _Reading(operation, credentials)
        self._placed = _Placed(operation)
        self._headers = {
            format: (b"content-type", _content_type(format, choice.media_types))
            for format, choice in operation.formats.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        form = await _read_form(scope, receive) if scope["method"] == "POST" else b""
        if form is None:
            response = _page(413, "the body is too large for a form")
            await response(scope, receive, send)
            return
        fault = self._mock.faults.take(self._operation.name)
        prepared = self._prepare(scope, form, fault)
        entry = self._entry(scope["method"], prepared, fault)
        self._mock.journal.write(entry)
        if fault is None:
            body = self._body(prepared)
            await _send(send, 200, [self._headers[prepared.format]], body)
        else:
            await self._play(fault, prepared, scope, send)

    def _prepare(self, scope: Scope, form: bytes, fault: Fault | None) -> _Prepared:
        placed = self._placed.values(scope)
        if fault is not None:
            return self._answered(scope["query_string"], form, placed, fault)
        # Credentials are in the key, so that a reply is only found by a request just like the
        # one that was checked.
        key = (self._operation, scope["query_string"], form, placed)
        version = self._mock.world.version()
        prepared = self._cache.get(key, version)
        if prepared is None:
            prepared = self._answered(scope["query_string"], form, placed, None)
            size = len(prepared.payload) + len(scope["query_string"]) + len(form) + 1000
            self._cache.put(key, version, prepared, size)
        return prepared

    def _answered(
        self, query: bytes, form: bytes, placed: tuple[tuple[str, str], ...], fault: Fault | None
    ) -> _Prepared:
        question = self._reading.question(query, form, placed)
        answer = question.refusal or self._mock.world.reply(
            self._operation.name, question.arguments
        )
        if fault is not None and fault.instead is not None:
            answer = fault.instead
        refusal = answer if isinstance(answer, Refusal) else None
        repeat = fault.repeat_refusal if fault else 1
        records: list[WireRecord]
        if not isinstance(answer, Refusal):
            records = self._codec.records(answer)
            if fault is not None and fault.edit is not None:
                records = fault.edit(records)
        elif self._codec.has_header(question.format):
            records = []
        else:
            records = self._codec.refusal_records(answer, repeat)
        payload = self._codec.payload(question.format, records)
        count = 0 if refusal else len(records)
        return _Prepared(question.format, payload, refusal, count, question.shown)

    def _body(self, prepared: _Prepared) -> bytes:
        if prepared.format == "json":
            return prepared.payload
        time = self._mock.world.response_time()
        return self._codec.body(prepared.format, prepared.payload, time, prepared.refusal)

    def _entry(self, method: str, prepared: _Prepared, fault: Fault | None) -> JournalEntry:
        return JournalEntry(
            time=self._mock.clock.now(),
            operation=self._operation.name,
            method=method,
            format=prepared.format,
            parameters=prepared.shown,
            status=fault.http_status if fault else 200,
            outcome=prepared.refusal.kind if prepared.refusal else "answered",
            code=prepared.refusal.code if prepared.refusal else None,
            records=prepared.record_count,
            fault=fault.name if fault else None,
        )

    async def _play(self, fault: Fault, prepared: _Prepared, scope: Scope, send: Send) -> None:
        if fault.delay_seconds:
            await _wait(self._mock.clock, scope, fault.delay_seconds)
        headers = [(name.encode(), value.encode()) for name, value in fault.headers]
        if fault.page is None:
            body = self._body(prepared)
            headers.append(self._headers[prepared.format])
        else:
            body = fault.page.encode()
            headers.append((b"content-type", b"text/html;charset=UTF-8"))
        if fault.rewrite is not None:
            body = fault.rewrite(body)
        await _send(send, fault.http_status, headers, body, is_cut_off=fault.is_cut_off)


class _Reading:
    """Understands the requests of one operation."""

    __slots__ = ("_credentials", "_formats", "_hidden", "_operation", "_readers", "_wires")

    def __init__(
        self, operation: Operation[Any], credentials: tuple[tuple[Credential, str], ...]
    ) -> None:
        self._operation = operation
        self._credentials = [(item.wire, value.encode()) for item, value in credentials]
        self._formats = list(operation.formats.items())
        self._readers: list[tuple[str, str, Reader]] = [
            (parameter.name, parameter.wire, reader_of(parameter.encode))
            for parameter in operation.parameters
        ]
        self._hidden = {item.wire for item in operation.credentials} | {
            item.wire for item in operation.parameters if item.personal or item.secret
        }
        self._wires = {wire for _, wire, _ in self._readers} | self._hidden
        for _, choice in self._formats:
            self._wires.update(choice.parameters)

    def question(self, query: bytes, form: bytes, placed: tuple[tuple[str, str], ...]) -> _Question:
        given: dict[str, str] = {}
        for name, value in (*_pairs(query), *_pairs(form), *placed):
            given.setdefault(name, value)  # of two values of one name the first counts
        problems = self._problems(given)
        arguments, unreadable = self._arguments(given)
        return _Question(
            self._format(given),
            self._shown(given, {problem.wire for problem in problems} | unreadable),
            arguments,
            self._refusal(given, problems, unreadable),
        )

    def _format(self, given: Mapping[str, str]) -> Format:
        for format, choice in self._formats:
            if all(given.get(name) == value for name, value in choice.parameters.items()):
                return format
        return self._formats[0][0]

    def _problems(self, given: Mapping[str, str]) -> list[Problem]:
        # What the service does not know it ignores.
        known = {name: value for name, value in given.items() if name in self._wires}
        return self._operation.check_request(known, "")

    def _arguments(self, given: Mapping[str, str]) -> tuple[dict[str, object], set[str]]:
        arguments: dict[str, object] = {}
        unreadable = set()
        for name, wire, read in self._readers:
            text = given.get(wire)
            try:
                arguments[name] = read(text) if text else None
            except ValueError:
                unreadable.add(wire)
        return arguments, unreadable

    def _shown(self, given: Mapping[str, str], wrong: set[str]) -> Mapping[str, str]:
        # A value that is not what it should be may be anything, a customer's number included.
        hidden = self._hidden | wrong
        return {
            name: MASK if name in hidden else printable(value, 100)
            for name, value in given.items()
            if name in self._wires
        }

    def _refusal(
        self, given: Mapping[str, str], problems: list[Problem], unreadable: set[str]
    ) -> Refusal | None:
        envelope = self._operation.envelope
        for wire, expected in self._credentials:
            value = given.get(wire)
            if not value:
                return missing_credential(envelope, wire)
            if not hmac.compare_digest(value.encode("utf-8", "replace"), expected):
                return wrong_credential(envelope, wire)
        if problems:
            return bad_parameter(problems[0])
        for wire in sorted(unreadable):
            return Refusal(MALFORMED, "mock-2003", f"mock: {wire}: is not written as documented")
        return None


class _Placed:
    """Finds what an operation takes from the path and from headers."""

    __slots__ = ("_headers", "_path")

    def __init__(self, operation: Operation[Any]) -> None:
        items: tuple[Parameter | Credential, ...] = (
            *operation.parameters,
            *operation.credentials,
        )
        self._path = [item.wire for item in items if item.place == "path"]
        self._headers = {
            item.wire.lower().encode("latin-1"): item.wire
            for item in items
            if item.place == "header"
        }

    def values(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        if not self._path and not self._headers:
            return ()
        found = [(wire, scope["path_params"][wire]) for wire in self._path]
        for name, value in scope["headers"] if self._headers else ():
            if wire := self._headers.get(name):
                found.append((wire, value.decode("latin-1")))
        return tuple(found)


def _expected(
    operation: Operation[Any], credentials: Mapping[str, str]
) -> tuple[tuple[Credential, str], ...]:
    missing = [item.name for item in operation.credentials if not credentials.get(item.name)]
    if missing:
        raise ConfigurationError(
            f"the mock needs a value of {', '.join(missing)} for {operation.call}"
        )
    return tuple((item, credentials[item.name]) for item in operation.credentials)


def _refuse_shared_paths(operations: Sequence[Operation[Any]]) -> None:
    seen: dict[str, Operation[Any]] = {}
    for operation in operations:
        other = seen.setdefault(operation.path, operation)
        if other is not operation:
            raise ConfigurationError(f"{other.call} and {operation.call} have the same path")


def _pairs(text: bytes) -> list[tuple[str, str]]:
    if not text:
        return []
    try:
        return parse_qsl(
            text.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # more fields than any operation has
        return []


async def _read_form(scope: Scope, receive: Receive) -> bytes | None:
    """Return the form of a request, empty when it has none, None when it is too large."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if len(body) > _LARGEST_FORM:
            return None
        more = message.get("more_body", False)
    is_form = kind.split(b";")[0].strip().lower() == b"application/x-www-form-urlencoded"
    return body if is_form else b""


async def _send(
    send: Send,
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    *,
    is_cut_off: bool = False,
) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers, (b"content-length", b"%d" % len(body))],
    }
    await send(start)
    sent = body[: len(body) // 2] if is_cut_off else body
    await send({"type": "http.response.body", "body": sent, "more_body": is_cut_off})


async def _wait(clock: Clock, scope: Scope, seconds: float) -> None:
    """Wait as the caller's transport can: in its event loop, or blocking where there is none."""
    how = scope.get("extensions", {}).get(MOCK_EXTENSION, {})
    patience = how.get("read_timeout")
    shortened = seconds if patience is None else min(seconds, patience)
    if how.get("is_blocking"):
        clock.sleep(shortened)
    else:
        await clock.async_sleep(shortened)
    if shortened < seconds:
        raise TimeoutError("the reply takes longer than the client waits")


def _page_for(mock: Mock) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        outcome = "not-found" if status == 404 else "wrong-method"
        mock.journal.write(
            JournalEntry(
                time=mock.clock.now(),
                operation=None,
                method=request.method if request.method in _METHODS else "other",
                status=status,
                outcome=outcome,
            )
        )
        response = _page(status, outcome.replace("-", " "))
        allowed = (error.headers or {}).get("Allow") if isinstance(error, HTTPException) else None
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed.split(", ")))
        return response

    return handle


def _page(status: int, text: str) -> Response:
    title = f"HTTP {status}: {text}"
    return HTMLResponse(
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>",
        status_code=status,
    )


def _content_type(format: Format, media_types: tuple[str, ...]) -> bytes:
    media_type = media_types[0] if media_types else f"application/{format}"
    return f"{media_type};charset=UTF-8".encode()


_LARGEST_FORM = 1_048_576
_MOST_FIELDS = 200
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

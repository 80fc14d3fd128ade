"""Serve the operations of a system from a world: an ASGI application for each.

For every request: the credential, then the document's own check of the whole request, then the
world. What fails is refused in the service's own form. Never invents data, never opens a socket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..operation import Credential, Format, Operation
from .cache import VersionedCache
from .encoding import Codec
from .faults import Fault, Faults
from .journal import Journal, JournalEntry
from .list_world import ListAnswer as Answer
from .list_world import ListWorld as World
from .questions import Given, Questions
from .routing import page_for, refuse_shared_paths
from .sending import page, send_reply, wait
from .world import Refusal

__all__ = ["Mock", "build_application"]


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
    refuse_shared_paths(operations)
    handler = page_for(mock)
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


class _Endpoint:
    """One operation as an ASGI application."""

    __slots__ = ("_cache", "_codec", "_headers", "_mock", "_operation", "_questions")

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
        self._questions = Questions(operation, credentials)
        self._headers = {
            format: (b"content-type", _content_type(format, choice.media_types))
            for format, choice in operation.formats.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = await self._questions.receive(scope, receive)
        if given is None:
            self._mock.journal.write(
                JournalEntry(
                    time=self._mock.clock.now(),
                    operation=self._operation.name,
                    method=scope["method"],
                    status=413,
                    outcome="too-large",
                )
            )
            await page(413, "too large")(scope, receive, send)
            return
        fault = self._mock.faults.take(self._operation.name)
        prepared = self._prepare(given, fault)
        self._mock.journal.write(self._entry(scope["method"], prepared, fault))
        if fault is None:
            await send_reply(send, 200, [self._headers[prepared.format]], self._body(prepared))
        else:
            await self._play(fault, prepared, scope, send)

    def _prepare(self, given: Given, fault: Fault | None) -> _Prepared:
        """Answer anew, or from the cache what was answered to a request just like it.

        The key is part of what makes requests alike. A write is never like another.
        """
        if fault is not None or self._operation.kind == "write":
            return self._answer(given, fault or _NO_FAULT)
        key = (self._operation, given)
        version = self._mock.world.version()
        prepared = self._cache.get(key, version)
        if prepared is None:
            prepared = self._answer(given, _NO_FAULT)
            size = len(prepared.payload) + len(given.query) + len(given.form) + 1000
            self._cache.put(key, version, prepared, size)
        return prepared

    def _answer(self, given: Given, fault: Fault) -> _Prepared:
        question = self._questions.understand(given)
        answer: Answer = (
            fault.instead
            or question.refusal
            or self._mock.world.reply(self._operation.name, question.arguments)
        )
        if not isinstance(answer, Refusal):
            records = self._codec.records(answer)
            records = fault.edit(records) if fault.edit else records
            payload = self._codec.payload(question.format, records)
            return _Prepared(question.format, payload, None, len(records), question.shown)
        # A header says the refusal; where there is none, the list does.
        records = (
            []
            if self._codec.has_header(question.format)
            else self._codec.refusal_records(answer, fault.repeat_refusal)
        )
        payload = self._codec.payload(question.format, records)
        return _Prepared(question.format, payload, answer, 0, question.shown)

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
            await wait(self._mock.clock, scope, fault.delay_seconds)
        headers = [(name.encode(), value.encode()) for name, value in fault.headers]
        if fault.page is None:
            body = self._body(prepared)
            headers.append(self._headers[prepared.format])
        else:
            body = fault.page.encode()
            headers.append((b"content-type", b"text/html;charset=UTF-8"))
        if fault.rewrite is not None:
            body = fault.rewrite(body)
        await send_reply(send, fault.http_status, headers, body, is_cut_off=fault.is_cut_off)


def _expected(
    operation: Operation[Any], credentials: Mapping[str, str]
) -> tuple[tuple[Credential, str], ...]:
    missing = [item.name for item in operation.credentials if not credentials.get(item.name)]
    if missing:
        raise ConfigurationError(
            f"the mock needs a value of {', '.join(missing)} for {operation.call}"
        )
    return tuple((item, credentials[item.name]) for item in operation.credentials)


def _content_type(format: Format, media_types: tuple[str, ...]) -> bytes:
    media_type = media_types[0] if media_types else f"application/{format}"
    return f"{media_type};charset=UTF-8".encode()


_NO_FAULT = Fault(name="none")

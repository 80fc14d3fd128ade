"""The two clients that generated clients extend: one for threads, one for tasks.

What both know is in `settings`, what a call does in `conversation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

import httpx2

from .errors import ConfigurationError, GridwrightError
from .interface import Format, Operation, System
from .options.call_options import CallOptions
from .options.client_options import MAX_BODY_BYTES, ClientOptions
from .options.settings import Settings
from .record import Record
from .reply import Reply, ReplyBeside
from .result import Result
from .sending.addresses import checked_address
from .sending.connections import TaskConnections, ThreadConnections
from .sending.conversation import Conversation, converse, run
from .sending.io import TaskIO, ThreadIO

if TYPE_CHECKING:
    from .reconcile import Found
    from .walks.cuts import Cuts
    from .walks.pages import Ask, Page, Pages
    from .walks.walk import AsyncWalk, Walk

__all__ = ["MAX_BODY_BYTES", "BaseAsyncClient", "BaseClient", "Format", "checked_address"]

RecordT = TypeVar("RecordT", bound=Record)
BesideT = TypeVar("BesideT", bound=Record)
SentT = TypeVar("SentT", bound=Record)

MakeArguments = Callable[..., Record]
"""Makes the arguments that ask for one page, from what the form of the pages says; where the
question is cut, then from first and last moment, and the part of the list."""
FindArguments = Callable[..., Record]
"""Makes the arguments that search for a record, and ask for one page of what is found."""


class _Client:
    """What both clients do alike."""

    _settings: Settings
    _is_closed: bool = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if (made := cls.__dict__.get("__init__")) is not None:
            cls.__init__ = _without_arguments(made)  # type: ignore[method-assign]

    def __repr__(self) -> str:
        settings = getattr(self, "_settings", None)
        if settings is None:
            return f"<{type(self).__name__} that could not be made>"
        return f"<{type(self).__name__} of {settings.system.name} at {settings.base_url}>"

    def _begin(
        self, operation: Operation[RecordT], arguments: Record, options: CallOptions
    ) -> Conversation[Any]:
        if self._is_closed:
            raise ConfigurationError(f"{operation.call}: the client is closed")
        return self._settings.begin(operation, arguments, options)


def _without_arguments(made: Callable[..., None]) -> Callable[..., None]:
    """Keep what a client is made with, credentials too, out of the traces of what goes wrong."""

    @wraps(made)
    def init(self: object, *arguments: object, **named: object) -> None:
        try:
            made(self, *arguments, **named)
            return
        except Exception as error:
            failed = error
        # Tools that print the variables of a traceback find none here.
        del arguments, named
        if isinstance(failed, GridwrightError):
            raise failed.with_traceback(None)
        raise failed

    return init


class BaseClient(_Client):
    """The sync client that generated clients extend; safe to share between threads.

    After a fork, parent and child have connections of their own.

    Args:
        system: whose client it is.
        transport: carries the requests.
        options: what else it is told; see `ClientOptions`.

    Raises:
        ConfigurationError: it cannot work like this.
    """

    def __init__(
        self,
        system: System,
        *,
        transport: httpx2.BaseTransport | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        settings = self._settings = Settings(system, transport, options)
        self._connections = ThreadConnections(
            system.name,
            lambda: ThreadIO(
                settings.opened(httpx2.Client, transport), settings.clock, settings.max_body_bytes
            ),
            transport,
        )

    def close(self) -> None:
        """Close the connections; a closed client makes no more calls."""
        self._is_closed = True
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _list(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> Reply[RecordT]:
        call = self._begin(operation, arguments, options)
        found: Reply[RecordT] = run(converse(self._connections.own(), call))
        return found

    def _list_beside(
        self,
        operation: Operation[RecordT],
        beside: type[BesideT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> ReplyBeside[RecordT, BesideT]:
        found: ReplyBeside[RecordT, BesideT]
        found = self._list(operation, arguments, **options)  # type: ignore[assignment]
        return found

    def _record(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> Result[RecordT]:
        call = self._begin(operation, arguments, options)
        found: Result[RecordT] = run(converse(self._connections.own(), call))
        return found

    def _walk(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: MakeArguments,
        begin: Any,
        page_size: int,
        *,
        cuts: Cuts | None = None,
        period: tuple[Any, Any] | None = None,
        items: Sequence[Any] | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Walk[Any]:
        from .walks.course import course_of
        from .walks.read_page import page_of
        from .walks.walk import Walk

        course = course_of(
            operation, pages, begin, page_size, cuts=cuts, period=period, items=items
        )
        options = CallOptions(format=format, strict=strict, timeout_seconds=timeout_seconds)

        def fetch(wanted: Ask) -> Page:
            asked = CallOptions(**options, link=wanted.link, keeps_failures=True)
            arguments = make_arguments(*wanted.values)
            if operation.reply.shape == "list":
                return page_of(operation, pages, self._list(operation, arguments, **asked))
            return page_of(operation, pages, self._record(operation, arguments, **asked))

        return Walk(course, fetch)

    def _find_saved(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: FindArguments,
        sent: Sequence[SentT],
        *,
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]] | None = None,
        format: Format | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Found[SentT, Any]]:
        from .reconcile import Reconciliation
        from .walks.pages import first_position

        work = Reconciliation(sent, by, standing or {})
        for example in work.examples():
            search = _search(make_arguments, example)
            walk = self._walk(
                operation,
                pages,
                search,
                first_position(pages),
                pages.page_size,
                format=format,
                timeout_seconds=timeout_seconds,
            )
            for stored in walk:
                work.see(stored)
            _raise_failures(walk)
        return work.found()


class BaseAsyncClient(_Client):
    """The async client that generated clients extend; safe to share between tasks.

    Each event loop has connections of its own, and so has each process after a fork. The arguments
    are those of `BaseClient`.
    """

    def __init__(
        self,
        system: System,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        settings = self._settings = Settings(system, transport, options)
        self._connections = TaskConnections(
            system.name,
            lambda: TaskIO(
                settings.opened(httpx2.AsyncClient, transport),
                settings.clock,
                settings.max_body_bytes,
            ),
            transport,
        )

    async def aclose(self) -> None:
        """Close the connections; a closed client makes no more calls."""
        self._is_closed = True
        await self._connections.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _list(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> Reply[RecordT]:
        call = self._begin(operation, arguments, options)
        found: Reply[RecordT] = await converse(self._connections.own(), call)
        return found

    async def _list_beside(
        self,
        operation: Operation[RecordT],
        beside: type[BesideT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> ReplyBeside[RecordT, BesideT]:
        found: ReplyBeside[RecordT, BesideT]
        found = await self._list(operation, arguments, **options)  # type: ignore[assignment]
        return found

    async def _record(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> Result[RecordT]:
        call = self._begin(operation, arguments, options)
        found: Result[RecordT] = await converse(self._connections.own(), call)
        return found

    def _walk(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: MakeArguments,
        begin: Any,
        page_size: int,
        *,
        cuts: Cuts | None = None,
        period: tuple[Any, Any] | None = None,
        items: Sequence[Any] | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> AsyncWalk[Any]:
        from .walks.course import course_of
        from .walks.read_page import page_of
        from .walks.walk import AsyncWalk

        course = course_of(
            operation, pages, begin, page_size, cuts=cuts, period=period, items=items
        )
        options = CallOptions(format=format, strict=strict, timeout_seconds=timeout_seconds)

        async def fetch(wanted: Ask) -> Page:
            asked = CallOptions(**options, link=wanted.link, keeps_failures=True)
            arguments = make_arguments(*wanted.values)
            if operation.reply.shape == "list":
                return page_of(operation, pages, await self._list(operation, arguments, **asked))
            return page_of(operation, pages, await self._record(operation, arguments, **asked))

        return AsyncWalk(course, fetch)

    async def _find_saved(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: FindArguments,
        sent: Sequence[SentT],
        *,
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]] | None = None,
        format: Format | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Found[SentT, Any]]:
        from .reconcile import Reconciliation
        from .walks.pages import first_position

        work = Reconciliation(sent, by, standing or {})
        for example in work.examples():
            search = _search(make_arguments, example)
            walk = self._walk(
                operation,
                pages,
                search,
                first_position(pages),
                pages.page_size,
                format=format,
                timeout_seconds=timeout_seconds,
            )
            async for stored in walk:
                work.see(stored)
            _raise_failures(walk)
        return work.found()


def _search(make_arguments: FindArguments, example: Record) -> MakeArguments:
    return lambda *page: make_arguments(example, *page)


def _raise_failures(walk: Walk[Any] | AsyncWalk[Any]) -> None:
    """Raise what failed of a search: what it did not find might be stored all the same."""
    for failure in walk.failures:
        raise failure.error

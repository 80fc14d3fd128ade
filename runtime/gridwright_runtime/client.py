"""The two clients that generated clients extend: one for threads, one for tasks.

What both know is in `settings`, how a call begins in `begin`, what it does in `conversation`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack

import httpx2

from .calls.begin import begin_call
from .errors import ConfigurationError, GridwrightError
from .interface import Format, Operation, System
from .options.call_options import CallOptions
from .options.client_options import MAX_BODY_BYTES, ClientOptions
from .options.settings import Settings
from .record import Record
from .reply import Reply, ReplyBeside
from .result import Result, ResultBeside
from .sending.addresses import checked_address
from .sending.connections import TaskConnections, ThreadConnections
from .sending.conversation import Conversation, converse, run
from .sending.io import TaskIO, ThreadIO

if TYPE_CHECKING:
    from .reconcile import Found, Reconciliation
    from .walks.at_end import AtEnd
    from .walks.cuts import Cuts
    from .walks.pages import Ask, Page, Pages
    from .walks.walk import AsyncWalk, RequestSequence, Walk

__all__ = ["MAX_BODY_BYTES", "BaseAsyncClient", "BaseClient", "Format", "checked_address"]

RecordT = TypeVar("RecordT", bound=Record)
BesideT = TypeVar("BesideT", bound=Record)
SentT = TypeVar("SentT", bound=Record)
WalkT = TypeVar("WalkT", bound="Walk[Any] | AsyncWalk[Any]")

MakeArguments = Callable[..., Record]
"""Makes the arguments that ask for one page, from what the form of the pages says; where the
question is cut, then from first and last moment, and the part of the list."""
FindArguments = Callable[..., Record]
"""Makes the arguments that search for a record, and ask for one page of what is found."""


class _WalkOptions(TypedDict, total=False):
    """The options of a walk beside its pages: how its question is cut, and how calls are made."""

    cuts: Cuts | None
    period: tuple[Any, Any] | None
    items: Sequence[Any] | None
    format: Format | None
    strict: bool | None
    timeout_seconds: float | None


class _Client:
    """What the clients for threads and for tasks have in common."""

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
        return begin_call(self._settings, operation, arguments, options)

    def _at_end(
        self, operation: Operation[Any], pages: Pages, begin: Any, options: _WalkOptions
    ) -> AtEnd | None:
        if not operation.reply.echoes and not pages.says_total:
            return None
        from .walks.at_end import at_end_of  # few replies tell something of the whole

        strict = self._settings.is_strict(options.get("strict"))
        return at_end_of(operation, pages, begin, is_strict=strict)


def _without_arguments(made: Callable[..., None]) -> Callable[..., None]:
    """Keep the arguments of a client, credentials too, out of tracebacks."""

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

    def _send(self, operation: Operation[Any], arguments: Record, options: CallOptions) -> Any:
        """Make a call, and return the reply that its operation has."""
        call = self._begin(operation, arguments, options)
        return run(converse(self._connections.own(), call))

    def _list(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> Reply[RecordT]:
        found: Reply[RecordT] = self._send(operation, arguments, options)
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
        found: Result[RecordT] = self._send(operation, arguments, options)
        return found

    def _record_beside(
        self,
        operation: Operation[RecordT],
        beside: type[BesideT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> ResultBeside[RecordT, BesideT]:
        found: ResultBeside[RecordT, BesideT]
        found = self._record(operation, arguments, **options)  # type: ignore[assignment]
        return found

    def _walk(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: MakeArguments,
        begin: Any,
        page_size: int,
        **options: Unpack[_WalkOptions],
    ) -> Walk[Any]:
        from .walks.read_page import page_of
        from .walks.walk import Walk

        at_end = self._at_end(operation, pages, begin, options)

        def fetch(wanted: Ask) -> Page:
            arguments = make_arguments(*wanted.values)
            reply = self._send(operation, arguments, _page_options(options, wanted, at_end))
            return page_of(operation, pages, reply)

        return Walk(_sequence(operation, pages, begin, page_size, options), fetch, at_end)

    def _find_saved(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: FindArguments,
        sent: Sequence[SentT],
        *,
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]] | None = None,
        **options: Unpack[_WalkOptions],
    ) -> list[Found[SentT, Any]]:
        from .reconcile import Reconciliation

        work = Reconciliation(sent, by, standing or {})
        walk = partial(self._walk, operation, pages, **options)
        for example, found in _searches(operation, work, pages, make_arguments, walk):
            for stored in found:
                work.see(stored, example)
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

    async def _send(
        self, operation: Operation[Any], arguments: Record, options: CallOptions
    ) -> Any:
        call = self._begin(operation, arguments, options)
        return await converse(self._connections.own(), call)

    async def _list(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> Reply[RecordT]:
        found: Reply[RecordT] = await self._send(operation, arguments, options)
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
        found: Result[RecordT] = await self._send(operation, arguments, options)
        return found

    async def _record_beside(
        self,
        operation: Operation[RecordT],
        beside: type[BesideT],
        arguments: Record,
        **options: Unpack[CallOptions],
    ) -> ResultBeside[RecordT, BesideT]:
        found: ResultBeside[RecordT, BesideT]
        found = await self._record(operation, arguments, **options)  # type: ignore[assignment]
        return found

    def _walk(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: MakeArguments,
        begin: Any,
        page_size: int,
        **options: Unpack[_WalkOptions],
    ) -> AsyncWalk[Any]:
        from .walks.read_page import page_of
        from .walks.walk import AsyncWalk

        at_end = self._at_end(operation, pages, begin, options)

        async def fetch(wanted: Ask) -> Page:
            arguments = make_arguments(*wanted.values)
            reply = await self._send(operation, arguments, _page_options(options, wanted, at_end))
            return page_of(operation, pages, reply)

        return AsyncWalk(_sequence(operation, pages, begin, page_size, options), fetch, at_end)

    async def _find_saved(
        self,
        operation: Operation[Any],
        pages: Pages,
        make_arguments: FindArguments,
        sent: Sequence[SentT],
        *,
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]] | None = None,
        **options: Unpack[_WalkOptions],
    ) -> list[Found[SentT, Any]]:
        from .reconcile import Reconciliation

        work = Reconciliation(sent, by, standing or {})
        walk = partial(self._walk, operation, pages, **options)
        for example, found in _searches(operation, work, pages, make_arguments, walk):
            async for stored in found:
                work.see(stored, example)
        return work.found()


def _sequence(
    operation: Operation[Any], pages: Pages, begin: Any, page_size: int, options: _WalkOptions
) -> RequestSequence:
    """Return what a walk asks for, part by part and page by page."""
    from .walks.request_sequence import choose_sequence

    return choose_sequence(
        operation,
        pages,
        begin,
        page_size,
        cuts=options.get("cuts"),
        period=options.get("period"),
        items=options.get("items"),
    )


def _page_options(options: _WalkOptions, wanted: Ask, at_end: AtEnd | None) -> CallOptions:
    """Return the options of the call that asks for one page."""
    return CallOptions(
        walked=None if at_end is None else at_end.answers,
        format=options.get("format"),
        strict=options.get("strict"),
        timeout_seconds=options.get("timeout_seconds"),
        link=wanted.link,
        keeps_failures=True,
    )


def _searches(
    operation: Operation[Any],
    work: Reconciliation[Any],
    pages: Pages,
    make_arguments: FindArguments,
    walk: Callable[[MakeArguments, Any, int], WalkT],
) -> Iterator[tuple[Any, WalkT]]:
    """Yield each record that is searched for, and the walk from its first page.

    Raises:
        GridwrightError: a part of a search failed, or never came: what it did not find might be
            stored all the same.
    """
    from .walks.at_end import refuse_partial
    from .walks.pages import first_position

    for example in work.examples():
        found = walk(partial(make_arguments, example), first_position(pages), pages.page_size)
        yield example, found
        for failure in found.failures:
            raise failure.error
        refuse_partial(operation.call, found.deviations)

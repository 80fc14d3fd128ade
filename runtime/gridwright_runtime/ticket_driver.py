"""The two drivers of systems with tickets: they get a ticket for every request that they send.

Never judges a reply.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx2

from .body_call import BodyCall
from .body_operation import BodyOperation
from .body_request import build_body_request
from .clock import Clock
from .driver import MAX_BODY_BYTES, BaseAsyncClient, BaseClient, checked_address
from .errors import AuthenticationError, ConfigurationError, GridwrightError
from .operation import Credential, Format
from .paging import AsyncWalk, Pager, Pages, Walk
from .reconcile import Found, Reconciliation
from .record import Record
from .result import Result
from .retry import RetryPolicy
from .tickets.files import FileTicketStore
from .tickets.flow import TicketFlow
from .tickets.office import AsyncTicketOffice, NoTicket, TicketOffice
from .tickets.store import MemoryTicketStore, TicketStore

__all__ = ["AsyncTicketClient", "TicketClient"]

BodyT = TypeVar("BodyT", bound=Record)
SentT = TypeVar("SentT", bound=Record)

MakeBody = Callable[[int, int], Record]
"""Makes the payload that asks for the records of a range, first and last included."""
FindBody = Callable[[Any, int, int], Record]
"""Makes the payload that searches for a record, and asks for a range of what is found."""


class TicketClient(BaseClient):
    """The sync client that generated clients extend; safe to share between threads.

    Args:
        system: the system's id, for messages.
        tickets: how tickets are got.
        credentials: two of them, the user and then the password; they go to the ticket server
            alone.
        environment: which addresses and which tickets to use.
        addresses: of the service, by environment.
        base_url: the address of the service, in place of the document's.
        ticket_url: scheme, host, port and perhaps a path of the ticket server, likewise.
        ticket_folder: where tickets are kept for all processes of this user.
        ticket_store: where they are kept instead; a given transport has one of its own.
        options: what goes into the pairs of every request, by Python name.
        language: what is sent as Accept-Language; nothing if empty.
        new_id: makes the id of a request; a random UUID unless given.
    """

    def __init__(
        self,
        *,
        system: str,
        tickets: TicketFlow,
        credentials: Sequence[tuple[Credential, str | None]],
        environment: str,
        addresses: Mapping[str, str],
        base_url: str | None = None,
        ticket_url: str | None = None,
        ticket_folder: str | Path | None = None,
        ticket_store: TicketStore | None = None,
        options: Mapping[str, str | None] | None = None,
        language: str = "",
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.BaseTransport | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
        format: Format = "json",
        strict: bool = False,
        max_connections: int = 10,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        any_address = transport is not None
        super().__init__(
            system=system,
            credentials=credentials,
            base_url=_service_address(system, environment, addresses, base_url, tickets),
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            format=format,
            strict=strict,
            max_connections=max_connections,
            max_body_bytes=max_body_bytes,
            other_addresses=(ticket_url,),
        )
        self._caller = _Caller(system, self._base_url, options, language, new_id)
        user, secret = (item.name for item, _value in credentials)
        self._office = TicketOffice(
            tickets,
            system=system,
            environment=environment,
            username=self._credentials[user],
            password=self._credentials[secret],
            exchange=self._exchange,
            clock=self._clock,
            ticket_url=_ticket_address(system, base_url, ticket_url, any_address),
            store=_store(ticket_folder, ticket_store, any_address),
        )

    def _send(
        self,
        operation: BodyOperation[BodyT],
        payload: Record,
        transaction_id: str | None,
        format: Format | None,
        strict: bool | None,
        timeout_seconds: float | None,
    ) -> Result[BodyT]:
        call = self._begin_body(operation, payload, transaction_id, format, strict)
        tickets = self._office.begin(
            operation.name, timeout_seconds=self._seconds(operation.call, timeout_seconds)
        )
        try:
            while True:
                outcome = tickets.send(call.request)
                if isinstance(outcome, NoTicket):
                    pause = call.pause(outcome.outcome, nothing_left=True)
                    if pause is None:
                        raise outcome.error
                elif (pause := call.pause(outcome)) is None:
                    try:
                        return call.finish(outcome, tickets.sensitive)
                    except AuthenticationError:
                        # A refused ticket means that nothing was done, so that a write may be
                        # sent again, as far as there is a point in trying another ticket.
                        if not tickets.renew():
                            raise
                        pause = 0.0
                if pause:
                    self._clock.sleep(pause)
        except GridwrightError as error:
            call.identified(error)
            raise

    def _begin_body(
        self,
        operation: BodyOperation[BodyT],
        payload: Record,
        transaction_id: str | None,
        format: Format | None,
        strict: bool | None,
    ) -> BodyCall[BodyT]:
        if self._closed:
            raise ConfigurationError(f"{operation.call}: the client is closed")
        return self._caller.begin(
            operation,
            payload,
            transaction_id,
            format=format or self._format,
            strict=self._strict if strict is None else strict,
            policy=self._retry,
            clock=self._clock,
        )

    def _walk(
        self,
        operation: BodyOperation[Any],
        pages: Pages,
        make_body: MakeBody,
        begin: int,
        page_size: int,
        format: Format | None,
        strict: bool | None,
        timeout_seconds: float | None,
    ) -> Walk[Any]:
        def fetch(first: int, last: int) -> Record | None:
            payload = make_body(first, last)
            return self._send(operation, payload, None, format, strict, timeout_seconds).body

        return Walk(Pager(operation.call, pages, begin, page_size), fetch)

    def _find_saved(
        self,
        operation: BodyOperation[Any],
        pages: Pages,
        make_body: FindBody,
        sent: Sequence[SentT],
        *,
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]] | None = None,
        format: Format | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Found[SentT, Any]]:
        work = Reconciliation(sent, by, standing or {})
        for example in work.examples():
            body = _search_body(make_body, example)
            walk = self._walk(operation, pages, body, 1, _PAGE_SIZE, format, None, timeout_seconds)
            for stored in walk:
                work.see(stored)
        return work.found()


class AsyncTicketClient(BaseAsyncClient):
    """The async twin of `TicketClient`; safe to share between tasks of one loop."""

    def __init__(
        self,
        *,
        system: str,
        tickets: TicketFlow,
        credentials: Sequence[tuple[Credential, str | None]],
        environment: str,
        addresses: Mapping[str, str],
        base_url: str | None = None,
        ticket_url: str | None = None,
        ticket_folder: str | Path | None = None,
        ticket_store: TicketStore | None = None,
        options: Mapping[str, str | None] | None = None,
        language: str = "",
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
        format: Format = "json",
        strict: bool = False,
        max_connections: int = 10,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        any_address = transport is not None
        super().__init__(
            system=system,
            credentials=credentials,
            base_url=_service_address(system, environment, addresses, base_url, tickets),
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            format=format,
            strict=strict,
            max_connections=max_connections,
            max_body_bytes=max_body_bytes,
            other_addresses=(ticket_url,),
        )
        self._caller = _Caller(system, self._base_url, options, language, new_id)
        user, secret = (item.name for item, _value in credentials)
        self._office = AsyncTicketOffice(
            tickets,
            system=system,
            environment=environment,
            username=self._credentials[user],
            password=self._credentials[secret],
            exchange=self._exchange,
            clock=self._clock,
            ticket_url=_ticket_address(system, base_url, ticket_url, any_address),
            store=_store(ticket_folder, ticket_store, any_address),
        )

    async def _send(
        self,
        operation: BodyOperation[BodyT],
        payload: Record,
        transaction_id: str | None,
        format: Format | None,
        strict: bool | None,
        timeout_seconds: float | None,
    ) -> Result[BodyT]:
        call = self._begin_body(operation, payload, transaction_id, format, strict)
        tickets = self._office.begin(
            operation.name, timeout_seconds=self._seconds(operation.call, timeout_seconds)
        )
        try:
            while True:
                outcome = await tickets.send(call.request)
                if isinstance(outcome, NoTicket):
                    pause = call.pause(outcome.outcome, nothing_left=True)
                    if pause is None:
                        raise outcome.error
                elif (pause := call.pause(outcome)) is None:
                    try:
                        return call.finish(outcome, tickets.sensitive)
                    except AuthenticationError:
                        # As in the sync client: a refused ticket means that nothing was done.
                        if not tickets.renew():
                            raise
                        pause = 0.0
                if pause:
                    await self._clock.async_sleep(pause)
        except GridwrightError as error:
            call.identified(error)
            raise

    def _begin_body(
        self,
        operation: BodyOperation[BodyT],
        payload: Record,
        transaction_id: str | None,
        format: Format | None,
        strict: bool | None,
    ) -> BodyCall[BodyT]:
        if self._closed:
            raise ConfigurationError(f"{operation.call}: the client is closed")
        return self._caller.begin(
            operation,
            payload,
            transaction_id,
            format=format or self._format,
            strict=self._strict if strict is None else strict,
            policy=self._retry,
            clock=self._clock,
        )

    def _walk(
        self,
        operation: BodyOperation[Any],
        pages: Pages,
        make_body: MakeBody,
        begin: int,
        page_size: int,
        format: Format | None,
        strict: bool | None,
        timeout_seconds: float | None,
    ) -> AsyncWalk[Any]:
        async def fetch(first: int, last: int) -> Record | None:
            payload = make_body(first, last)
            result = await self._send(operation, payload, None, format, strict, timeout_seconds)
            body: Record | None = result.body
            return body

        return AsyncWalk(Pager(operation.call, pages, begin, page_size), fetch)

    async def _find_saved(
        self,
        operation: BodyOperation[Any],
        pages: Pages,
        make_body: FindBody,
        sent: Sequence[SentT],
        *,
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]] | None = None,
        format: Format | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Found[SentT, Any]]:
        work = Reconciliation(sent, by, standing or {})
        for example in work.examples():
            body = _search_body(make_body, example)
            walk = self._walk(operation, pages, body, 1, _PAGE_SIZE, format, None, timeout_seconds)
            async for stored in walk:
                work.see(stored)
        return work.found()


class _Caller:
    """What both clients put into every request."""

    def __init__(
        self,
        system: str,
        base_url: str,
        options: Mapping[str, str | None] | None,
        language: str,
        new_id: Callable[[], str] | None,
    ) -> None:
        self._base_url = base_url
        self._options = {name: value for name, value in (options or {}).items() if value}
        self._language = language
        self._new_id = new_id or _uuid
        for name, value in (*self._options.items(), ("language", language)):
            if not isinstance(value, str) or not value.isprintable():
                raise ConfigurationError(f"{system}: {name} is no text on one line")

    def begin(
        self,
        operation: BodyOperation[BodyT],
        payload: Record,
        transaction_id: str | None,
        *,
        format: Format,
        strict: bool,
        policy: RetryPolicy,
        clock: Clock,
    ) -> BodyCall[BodyT]:
        if format not in ("json", "xml"):
            raise ConfigurationError(f"{operation.call} is offered as json, xml, not as {format}")
        identity = self._new_id() if transaction_id is None else transaction_id
        request = build_body_request(
            operation,
            payload,
            transaction_id=identity,
            options=self._options,
            format=format,
            base_url=self._base_url,
            language=self._language,
        )
        return BodyCall(
            operation,
            request,
            transaction_id=identity,
            format=format,
            strict=strict,
            policy=policy,
            clock=clock,
        )


def _service_address(
    system: str,
    environment: str,
    addresses: Mapping[str, str],
    base_url: str | None,
    tickets: TicketFlow,
) -> str:
    if environment not in addresses or environment not in tickets.grant.address:
        known = ", ".join(addresses)
        raise ConfigurationError(f"{system}: environment must be one of {known}")
    return addresses[environment] if base_url is None else base_url


def _ticket_address(
    system: str, base_url: str | None, ticket_url: str | None, any_address: bool
) -> str | None:
    if not any_address and (base_url is None) != (ticket_url is None):
        # Else a password meant for a mock would go to the real ticket server, or a real ticket
        # to some other service.
        raise ConfigurationError(f"{system}: base_url and ticket_url must be given together")
    if ticket_url is None:
        return None
    return checked_address(system, ticket_url, any_address, "ticket_url")


def _store(
    folder: str | Path | None, store: TicketStore | None, any_address: bool
) -> TicketStore | None:
    if store is not None:
        return store
    if folder is not None:
        return FileTicketStore(Path(folder))
    # The tickets of an invented server must not stay behind in the user's folder.
    return MemoryTicketStore() if any_address else None


def _search_body(make_body: FindBody, example: Record) -> MakeBody:
    return lambda first, last: make_body(example, first, last)


def _uuid() -> str:
    return str(uuid4())


_PAGE_SIZE = 1000

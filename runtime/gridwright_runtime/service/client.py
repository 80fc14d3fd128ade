"""The two clients of services, sync and async: a session, a turn, a request. Never judge a reply.

Order of an attempt: the session that is kept, or a login; a turn, where the service has limits;
the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import msgspec

from ..call import Failed
from ..clock import Clock
from ..driver import MAX_BODY_BYTES, BaseAsyncClient, BaseClient
from ..errors import AuthenticationError, ConfigurationError, GridwrightError
from ..loopback import is_loopback
from ..message import Hidden, HttpRequest, RawReply
from ..operation import Credential
from ..record import Record
from ..result import Result
from ..retry import RetryPolicy
from ..serial import next_serial
from ..tickets.exchanges import NoTicket
from ..tickets.keeper import AsyncExchange, Exchange
from ..tickets.store import MemoryTicketStore, TicketStore
from .attachment import Attachment
from .call import ServiceCall
from .operation import ServiceOperation
from .request import build_service_request
from .session import AsyncDoor, AsyncOpenDoor, AsyncSessionCall, Door, OpenDoor, SessionCall
from .session_desk import SessionAccount, SessionDesk
from .session_flow import SessionFlow
from .soap_header import header_values
from .turns import Turns, turns_of
from .upload import Progress

if TYPE_CHECKING:
    import ssl

    import anyio

    from ..limits.kinds import Limits
    from ..limits.store import LimitStore

__all__ = ["AsyncServiceClient", "ServiceClient"]

RecordT = TypeVar("RecordT", bound=Record)


class ServiceClient(BaseClient):
    """The sync client that generated clients extend; safe to share between threads.

    Args:
        system: the system's id, for messages.
        base_url: the address of the service; None where the caller gave none.
        no_address: why there is no address by default, for the message that asks for one.
        credentials: what the account holder was given, with the values.
        session: how a session is opened; None where the service knows its callers otherwise.
        session_folder: where sessions are kept for all processes of this user.
        session_store: where they are kept instead; a given transport has one of its own.
        options: fields of the SOAP header that the client was told, by Python name.
        limits: of the service; none unless given.
        company: whose limits these are, where a machine serves several.
        limit_store: where turns are counted; by default in files, for all processes of this user.
        wait_for_turn: False: raise where a call would have to wait.
        longest_wait_seconds: how long a call waits for its turn; None: as long as need be.
        ssl_context: certificates, where the service asks for one of the client's.
        new_id: makes the identifier of a request; a random UUID, or a number that only grows where
            the document asks for one, unless given.
        max_connections: size of the connection pool; with limits, how many are kept open.
        new_boundary: makes what stands between the parts of a body; random unless given.
    """

    def __init__(
        self,
        *,
        system: str,
        base_url: str | None,
        no_address: str = "",
        credentials: Sequence[tuple[Credential, str | None]] = (),
        session: SessionFlow | None = None,
        session_folder: str | Path | None = None,
        session_store: TicketStore | None = None,
        options: Mapping[str, str | None] | None = None,
        limits: Limits | None = None,
        company: str = "",
        limit_store: LimitStore | None = None,
        wait_for_turn: bool = True,
        longest_wait_seconds: float | None = None,
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.BaseTransport | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
        new_boundary: Callable[[], str] | None = None,
        strict: bool = False,
        max_connections: int = 10,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        super().__init__(
            system=system,
            credentials=credentials,
            base_url=_address(system, base_url, no_address),
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            strict=strict,
            max_connections=max_connections,
            max_body_bytes=max_body_bytes,
            ssl_context=ssl_context,
            # Who has a turn sends at once: calls that queued here would leave all together.
            waits_for_connection=not limits,
        )
        self._caller = _Caller(
            system=system,
            base_url=self._base_url,
            credentials=self._credentials,
            options=options,
            session=session,
            store=_store(session_folder, session_store, transport is not None),
            limits=limits,
            turns=turns_of(
                limits,
                system=system,
                base_url=self._base_url,
                company=company,
                store=limit_store,
                clock=clock,
                is_invented=transport is not None and _is_here(self._base_url),
            ),
            wait_for_turn=wait_for_turn,
            longest_wait_seconds=longest_wait_seconds,
            clock=self._clock,
            new_id=new_id,
            new_boundary=new_boundary,
        )

    def _send(
        self,
        operation: ServiceOperation[RecordT],
        payload: Record,
        *,
        attachments: Sequence[Attachment] = (),
        progress: Progress | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[RecordT]:
        if self._closed:
            raise ConfigurationError(f"{operation.call}: the client is closed")
        seconds = self._seconds(operation.call, timeout_seconds)
        strict = self._strict if strict is None else strict
        call = self._caller.begin(operation, payload, attachments, progress, strict, self._retry)
        exchange = self._in_turn(operation.name, self._caller.key(operation, payload), call.fresh)
        door = self._door(operation.name, exchange, seconds)
        try:
            while True:
                outcome = door.send(call.request)
                if isinstance(outcome, NoTicket):
                    pause = call.pause(outcome.outcome, nothing_left=True)
                    if pause is None:
                        raise outcome.error
                elif (pause := call.pause(outcome)) is None:
                    try:
                        result = call.finish(outcome, door.sensitive)
                    except AuthenticationError:
                        # A refused session means that nothing was done, so that a write may be
                        # sent again, as far as there is a point in trying another session.
                        if not door.renew(can_repeat=call.can_be_repeated):
                            raise
                        pause = 0.0
                    else:
                        self._caller.note_reply(operation, payload, result.body)
                        return result
                if pause:
                    self._clock.sleep(pause)
        except GridwrightError as error:
            call.identified(error)
            raise

    def _door(self, operation: str, exchange: Exchange, timeout_seconds: float) -> Door:
        caller = self._caller
        if caller.account is None:
            return OpenDoor(exchange, timeout_seconds, caller.secrets)
        desk = SessionDesk(caller.account, operation, timeout_seconds)
        return SessionCall(desk, self._in_turn(_LOGIN, None, _as_it_is), exchange)

    def _in_turn(
        self, name: str, key: str | None, fresh: Callable[[HttpRequest], HttpRequest]
    ) -> Exchange:
        """Return what sends a request when it is its turn, as it then has to be."""
        caller = self._caller

        def exchange(request: HttpRequest, timeout_seconds: float) -> RawReply | Failed:
            turn = caller.turns.take(
                name,
                key,
                timeout_seconds=timeout_seconds,
                within_seconds=caller.longest_wait_seconds,
                wait=caller.wait_for_turn,
            )
            is_answered = True  # nothing has left yet
            try:
                request = fresh(request)
                is_answered = False
                outcome = self._exchange(request, timeout_seconds)
                is_answered = _is_answered(outcome)
            finally:
                turn.done(answered=is_answered)
            return outcome

        return exchange


class AsyncServiceClient(BaseAsyncClient):
    """The async twin of `ServiceClient`; safe to share between tasks of one loop."""

    def __init__(
        self,
        *,
        system: str,
        base_url: str | None,
        no_address: str = "",
        credentials: Sequence[tuple[Credential, str | None]] = (),
        session: SessionFlow | None = None,
        session_folder: str | Path | None = None,
        session_store: TicketStore | None = None,
        options: Mapping[str, str | None] | None = None,
        limits: Limits | None = None,
        company: str = "",
        limit_store: LimitStore | None = None,
        wait_for_turn: bool = True,
        longest_wait_seconds: float | None = None,
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.AsyncBaseTransport | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
        new_boundary: Callable[[], str] | None = None,
        strict: bool = False,
        max_connections: int = 10,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        super().__init__(
            system=system,
            credentials=credentials,
            base_url=_address(system, base_url, no_address),
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            strict=strict,
            max_connections=max_connections,
            max_body_bytes=max_body_bytes,
            ssl_context=ssl_context,
            waits_for_connection=not limits,
        )
        self._caller = _Caller(
            system=system,
            base_url=self._base_url,
            credentials=self._credentials,
            options=options,
            session=session,
            store=_store(session_folder, session_store, transport is not None),
            limits=limits,
            turns=turns_of(
                limits,
                system=system,
                base_url=self._base_url,
                company=company,
                store=limit_store,
                clock=clock,
                is_invented=transport is not None and _is_here(self._base_url),
            ),
            wait_for_turn=wait_for_turn,
            longest_wait_seconds=longest_wait_seconds,
            clock=self._clock,
            new_id=new_id,
            new_boundary=new_boundary,
        )
        self._queue: anyio.Lock | None = None

    async def _send(
        self,
        operation: ServiceOperation[RecordT],
        payload: Record,
        *,
        attachments: Sequence[Attachment] = (),
        progress: Progress | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[RecordT]:
        if self._closed:
            raise ConfigurationError(f"{operation.call}: the client is closed")
        seconds = self._seconds(operation.call, timeout_seconds)
        strict = self._strict if strict is None else strict
        call = self._caller.begin(operation, payload, attachments, progress, strict, self._retry)
        exchange = self._in_turn(operation.name, self._caller.key(operation, payload), call.fresh)
        door = self._door(operation.name, exchange, seconds)
        try:
            while True:
                outcome = await door.send(call.request)
                if isinstance(outcome, NoTicket):
                    pause = call.pause(outcome.outcome, nothing_left=True)
                    if pause is None:
                        raise outcome.error
                elif (pause := call.pause(outcome)) is None:
                    try:
                        result = call.finish(outcome, door.sensitive)
                    except AuthenticationError:
                        # As in the sync client: a refused session means that nothing was done.
                        if not door.renew(can_repeat=call.can_be_repeated):
                            raise
                        pause = 0.0
                    else:
                        self._caller.note_reply(operation, payload, result.body)
                        return result
                if pause:
                    await self._clock.async_sleep(pause)
        except GridwrightError as error:
            call.identified(error)
            raise

    def _door(self, operation: str, exchange: AsyncExchange, timeout_seconds: float) -> AsyncDoor:
        caller = self._caller
        if caller.account is None:
            return AsyncOpenDoor(exchange, timeout_seconds, caller.secrets)
        if self._queue is None:
            import anyio  # comes with httpx2

            self._queue = anyio.Lock()
        desk = SessionDesk(caller.account, operation, timeout_seconds)
        return AsyncSessionCall(desk, self._in_turn(_LOGIN, None, _as_it_is), exchange, self._queue)

    def _in_turn(
        self, name: str, key: str | None, fresh: Callable[[HttpRequest], HttpRequest]
    ) -> AsyncExchange:
        """Return what sends a request when it is its turn, as it then has to be."""
        caller = self._caller

        async def exchange(request: HttpRequest, timeout_seconds: float) -> RawReply | Failed:
            turn = await caller.turns.take_async(
                name,
                key,
                timeout_seconds=timeout_seconds,
                within_seconds=caller.longest_wait_seconds,
                wait=caller.wait_for_turn,
            )
            is_answered = True  # nothing has left yet
            try:
                request = fresh(request)
                is_answered = False
                outcome = await self._exchange(request, timeout_seconds)
                is_answered = _is_answered(outcome)
            finally:
                turn.done(answered=is_answered)
            return outcome

        return exchange


class _Caller:
    """What both clients put into every call."""

    def __init__(
        self,
        *,
        system: str,
        base_url: str,
        credentials: Mapping[str, str],
        options: Mapping[str, str | None] | None,
        session: SessionFlow | None,
        store: TicketStore | None,
        limits: Limits | None,
        turns: Turns,
        wait_for_turn: bool,
        longest_wait_seconds: float | None,
        clock: Clock,
        new_id: Callable[[], str] | None,
        new_boundary: Callable[[], str] | None,
    ) -> None:
        self._base_url = base_url
        self._credentials = credentials
        self._options = {name: value for name, value in (options or {}).items() if value}
        self._clock = clock
        self._new_id = new_id
        self._new_boundary = new_boundary or _boundary
        self.secrets = Hidden(credentials.values())
        self._limits = limits
        self.turns = turns
        self.wait_for_turn = wait_for_turn
        self.longest_wait_seconds = longest_wait_seconds
        self.account: SessionAccount | None = None
        if session is not None:
            self.account = SessionAccount(
                session,
                system=system,
                base_url=base_url,
                credentials=credentials,
                clock=clock,
                store=store,
            )
        longest = longest_wait_seconds
        if longest is not None and not (isinstance(longest, int | float) and longest >= 0):
            raise ConfigurationError(f"{system}: longest_wait_seconds must be 0 or more seconds")
        for name, value in self._options.items():
            if not isinstance(value, str) or not value.isprintable():
                raise ConfigurationError(f"{system}: {name} is no text on one line")

    def begin(
        self,
        operation: ServiceOperation[RecordT],
        payload: Record,
        attachments: Sequence[Attachment],
        progress: Progress | None,
        strict: bool,
        policy: RetryPolicy,
    ) -> ServiceCall[RecordT]:
        fields = operation.soap.header_fields if operation.soap else ()
        filled = {name: self._credentials[key] for name, key in operation.request.filled.items()}
        if filled and isinstance(payload, operation.request.model):
            payload = msgspec.structs.replace(payload, **filled)
        sources = {field.source for field in fields}
        identity = ""
        if sources & {"uuid", "serial"}:
            identity = (self._new_id or (next_serial if "serial" in sources else _uuid))()
        if isinstance(attachments, Iterable):
            attachments = tuple(attachments)  # a generator yields them once
        build = partial(self._request, operation, payload, attachments, progress, identity)
        return ServiceCall(
            operation,
            build(),
            build if any(field.source == "now" for field in fields) else None,
            transaction_id=identity,
            strict=strict,
            refused=self.account.flow.refused if self.account else (),
            opens_at=lambda now: self._opens_at(operation.name, now),
            policy=policy,
            clock=self._clock,
        )

    def _request(
        self,
        operation: ServiceOperation[Any],
        payload: Record,
        attachments: Sequence[Attachment],
        progress: Progress | None,
        identity: str,
    ) -> HttpRequest:
        return build_service_request(
            operation,
            payload,
            base_url=self._base_url,
            header=header_values(
                operation,
                credentials=self._credentials,
                options=self._options,
                clock=self._clock,
                identity=identity,
            ),
            attachments=attachments,
            progress=progress,
            new_boundary=self._new_boundary,
            secrets=self.secrets,
        )

    def key(self, operation: ServiceOperation[RecordT], payload: Record) -> str | None:
        """Return what stands for the thing that a call touches; None where it is a new one."""
        name = _same_field(operation)
        value = getattr(payload, name, None) if name else None
        if value:
            return str(value)
        # Where no argument can name it, any call may be about any of them.
        is_unnamed = any(item.path == name for item in operation.request.provisional)
        return _NOT_NAMED if name and is_unnamed and not _is_here(self._base_url) else None

    def note_reply(
        self, operation: ServiceOperation[RecordT], payload: Record, record: Record | None
    ) -> None:
        """Let limits know of the thing that a reply names and its request did not."""
        name = _same_field(operation)
        value = getattr(record, name, None) if name else None
        if value and value != getattr(payload, name, None):
            self.turns.note_reply(operation.name, str(value))

    def _opens_at(self, operation: str, now: datetime) -> datetime | None:
        if not self._limits:
            return None
        from .closing import opening_after  # most replies say that the service is open

        return opening_after(self._limits, operation, now)


def _same_field(operation: ServiceOperation[Any]) -> str:
    """Return the Python name of the field by which spacings go; empty where none do."""
    if not operation.same:
        return ""
    model = operation.request.model
    names = zip(model.__struct_encode_fields__, model.__struct_fields__, strict=True)
    return next((name for wire, name in names if wire == operation.same), "")


def _address(system: str, base_url: str | None, note: str) -> str:
    if base_url is None:
        because = f": {note}" if note else ""
        raise ConfigurationError(f"{system}: no base_url; pass base_url=…{because}")
    return base_url


def _store(
    folder: str | Path | None, store: TicketStore | None, is_given_transport: bool
) -> TicketStore | None:
    if store is not None:
        return store
    if folder is not None:
        from ..tickets.files import FileTicketStore  # needs a Unix

        return FileTicketStore(Path(folder))
    # The sessions of an invented server must not stay behind in the user's folder.
    return MemoryTicketStore() if is_given_transport else None


def _is_here(base_url: str) -> bool:
    return is_loopback(urlsplit(base_url).hostname or "")


def _is_answered(outcome: RawReply | Failed) -> bool:
    """Whether the service is done with a request for certain."""
    return isinstance(outcome, RawReply) or not outcome.sent


def _as_it_is(request: HttpRequest) -> HttpRequest:
    return request


def _uuid() -> str:
    return str(uuid4())


def _boundary() -> str:
    return f"gridwright-{token_hex(16)}"


_LOGIN = "(login)"
_NOT_NAMED = "(not named)"

"""All input and output of a conversation, once for threads and once for tasks.

A conversation is a coroutine. With the `ThreadIO` it never suspends, and with the `TaskIO` it waits
on asyncio or trio.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from threading import TIMEOUT_MAX, Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

import httpx2

from ..clock import Clock
from ..message import HttpRequest, RawReply
from ..redact import Shield
from .decompression import async_pieces, pieces
from .outcome import Failed
from .outgoing import HTTPX_ERRORS, NO_AUTH, NotSendable, failed, outgoing

if TYPE_CHECKING:
    import anyio

    from ..limits.turns import Touched, Turn, Turns
    from .download import Sink

__all__ = ["IO", "TaskIO", "ThreadIO"]

T = TypeVar("T")


class IO(Protocol):
    """The input and output of a conversation."""

    clock: Clock

    async def send(
        self,
        request: HttpRequest,
        timeout_seconds: float,
        until: float | None,
        sink: Sink | None = None,
    ) -> RawReply | Failed:
        """Send a request and take its reply.

        Args:
            request: what to send.
            timeout_seconds: longest single wait.
            until: when to give up in any case, by the clock's `monotonic`; None: never.
            sink: where the body of the reply goes that it takes; None: into the reply.
        """

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def take(
        self,
        turns: Turns,
        operation: str,
        key: Touched,
        *,
        timeout_seconds: float,
        until: float | None,
        wait: bool,
        again: bool,
    ) -> Turn:
        """Wait for the turn of one request, at most until a time; see `Limiter.take`."""

    def alone(self, lock: Lock, seconds: float) -> AbstractAsyncContextManager[bool]:
        """Hold a lock that other threads and tasks take as well, and say whether it was got."""

    async def run_in_thread(
        self, work: Callable[[], T], undo: Callable[[T], None] | None = None
    ) -> T:
        """Do what may wait for a server, to its end, and return its result."""

    async def to_the_end(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do what must not be given up halfway, and return its result."""


class _Common:
    """What both know of the connections of a process."""

    def __init__(self, clock: Clock, max_body_bytes: int) -> None:
        self.clock = clock
        self._max_body_bytes = max_body_bytes
        self.was_used = False
        """A request may have been sent, so that there may be connections."""

    def _seconds(self, timeout_seconds: float, until: float | None) -> float:
        if until is None:
            return timeout_seconds
        return max(min(timeout_seconds, until - self.clock.monotonic()), _LEAST_SECONDS)

    def _is_late(self, until: float | None) -> bool:
        return until is not None and self.clock.monotonic() >= until

    def _seconds_until(self, until: float | None) -> float | None:
        return None if until is None else max(until - self.clock.monotonic(), 0.0)

    def _raw(self, response: httpx2.Response, body: bytes, started: float) -> RawReply:
        return RawReply(
            status_code=response.status_code,
            headers=tuple(response.headers.multi_items()),
            body=body,
            elapsed_seconds=self.clock.monotonic() - started,
            received_at=self.clock.now(),
        )

    def _too_large(self) -> Failed:
        return Failed("unreadable", f"the body has more than {self._max_body_bytes} bytes")


class ThreadIO(_Common):
    """Sends and waits in a thread."""

    def __init__(self, http: httpx2.Client, clock: Clock, max_body_bytes: int) -> None:
        super().__init__(clock, max_body_bytes)
        self.http = http

    async def send(
        self,
        request: HttpRequest,
        timeout_seconds: float,
        until: float | None,
        sink: Sink | None = None,
    ) -> RawReply | Failed:
        """Send a request and take its reply; see `IO`."""
        started = self.clock.monotonic()
        self.was_used = True
        try:
            with Shield(request):
                sent = outgoing(self.http, request, self._seconds(timeout_seconds, until))
                response = self.http.send(sent, stream=True, auth=NO_AUTH)
                try:
                    if sink is not None and _is_for(sink, response):
                        return self._saved(response, sink, until, started)
                    chunks, size = [], 0
                    for chunk in pieces(response):
                        size += len(chunk)
                        if size > self._max_body_bytes:
                            return self._too_large()
                        if until is not None and self._is_late(until):
                            return TOO_LONG
                        chunks.append(chunk)
                finally:
                    response.close()
        except NotSendable as error:
            return Failed("setup", str(error), sent=False)
        except HTTPX_ERRORS as error:
            return failed(error, request)
        return self._raw(response, b"".join(chunks), started)

    def _saved(
        self, response: httpx2.Response, sink: Sink, until: float | None, started: float
    ) -> RawReply | Failed:
        is_whole = False
        try:
            for chunk in pieces(response):
                if until is not None and self._is_late(until):
                    return TOO_LONG
                sink.write(chunk)
            is_whole = True
        finally:
            if not is_whole:
                sink.discard()
        sink.finish(response.headers)
        return self._raw(response, b"", started)

    async def sleep(self, seconds: float) -> None:
        """Wait, blocking the thread."""
        self.clock.sleep(seconds)

    async def take(
        self,
        turns: Turns,
        operation: str,
        key: Touched,
        *,
        timeout_seconds: float,
        until: float | None,
        wait: bool,
        again: bool,
    ) -> Turn:
        """Wait for the turn of one request; see `IO`."""
        return turns.take(
            operation,
            key,
            timeout_seconds=timeout_seconds,
            within_seconds=self._seconds_until(until),
            wait=wait,
            again=again,
        )

    @asynccontextmanager
    async def alone(self, lock: Lock, seconds: float) -> AsyncIterator[bool]:
        """Hold a lock; see `IO`."""
        is_got = lock.acquire(timeout=min(seconds, TIMEOUT_MAX))
        try:
            yield is_got
        finally:
            if is_got:
                lock.release()

    async def run_in_thread(
        self, work: Callable[[], T], undo: Callable[[T], None] | None = None
    ) -> T:
        """Do it, blocking the thread."""
        return work()

    async def to_the_end(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it: nobody can cancel a thread."""
        return await work()


class TaskIO(_Common):
    """Sends and waits in a task of one event loop."""

    def __init__(self, http: httpx2.AsyncClient, clock: Clock, max_body_bytes: int) -> None:
        super().__init__(clock, max_body_bytes)
        self.http = http
        self._queues: dict[int, anyio.Lock] = {}
        """For the tasks of this loop, by lock: one of them at a time looks for the lock itself."""

    async def send(
        self,
        request: HttpRequest,
        timeout_seconds: float,
        until: float | None,
        sink: Sink | None = None,
    ) -> RawReply | Failed:
        """Send a request and take its reply; see `IO`."""
        started = self.clock.monotonic()
        self.was_used = True
        try:
            with Shield(request):
                sent = outgoing(self.http, request, self._seconds(timeout_seconds, until))
                response = await self.http.send(sent, stream=True, auth=NO_AUTH)
                try:
                    if sink is not None and _is_for(sink, response):
                        return await self._saved(response, sink, until, started)
                    chunks, size = [], 0
                    async with aclosing(async_pieces(response)) as came:
                        async for chunk in came:
                            size += len(chunk)
                            if size > self._max_body_bytes:
                                return self._too_large()
                            if until is not None and self._is_late(until):
                                return TOO_LONG
                            chunks.append(chunk)
                finally:
                    await response.aclose()
        except NotSendable as error:
            return Failed("setup", str(error), sent=False)
        except HTTPX_ERRORS as error:
            return failed(error, request)
        return self._raw(response, b"".join(chunks), started)

    async def _saved(
        self, response: httpx2.Response, sink: Sink, until: float | None, started: float
    ) -> RawReply | Failed:
        from anyio.to_thread import run_sync  # comes with httpx2; few calls write files

        is_whole = False
        try:
            async with aclosing(async_pieces(response)) as came:
                async for chunk in came:
                    if until is not None and self._is_late(until):
                        return TOO_LONG
                    await run_sync(sink.write, chunk)
            is_whole = True
        finally:
            if not is_whole:
                sink.discard()
        await run_sync(sink.finish, response.headers)
        return self._raw(response, b"", started)

    async def sleep(self, seconds: float) -> None:
        """Wait, leaving the event loop free."""
        from anyio.lowlevel import checkpoint  # comes with httpx2; most calls never wait

        await checkpoint()  # an injected clock need not leave the loop
        await self.clock.async_sleep(seconds)

    async def take(
        self,
        turns: Turns,
        operation: str,
        key: Touched,
        *,
        timeout_seconds: float,
        until: float | None,
        wait: bool,
        again: bool,
    ) -> Turn:
        """Wait for the turn of one request; see `IO`."""
        return await turns.take_async(
            operation,
            key,
            timeout_seconds=timeout_seconds,
            within_seconds=self._seconds_until(until),
            wait=wait,
            again=again,
        )

    @asynccontextmanager
    async def alone(self, lock: Lock, seconds: float) -> AsyncIterator[bool]:
        """Hold a lock; see `IO`. Waiting for another thread never blocks the loop."""
        queue = self._queues.get(id(lock))
        if queue is None:
            import anyio

            queue = self._queues[id(lock)] = anyio.Lock()
        async with queue:
            deadline, pause = self.clock.monotonic() + seconds, _SHORTEST_PAUSE
            while not (is_got := lock.acquire(blocking=False)):
                if self.clock.monotonic() >= deadline:
                    break
                await self.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                yield is_got
            finally:
                if is_got:
                    lock.release()

    async def run_in_thread(
        self, work: Callable[[], T], undo: Callable[[T], None] | None = None
    ) -> T:
        """Do it in a thread, leaving the event loop free."""
        from .run_in_thread import run_in_thread  # few logins are kept at a server

        return await run_in_thread(work, undo)

    async def to_the_end(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it in a task of its own, which who is cancelled waits for."""
        from .to_the_end import to_the_end  # few logins are renewed

        return await to_the_end(work)


def _is_for(sink: Sink, response: httpx2.Response) -> bool:
    return sink.takes(response.status_code, response.headers.get("content-type", ""))


TOO_LONG = Failed("timeout", "the call took longer than it may in all", "total")
_LEAST_SECONDS = 0.001
_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.1

"""The connections of a client, by process and by event loop.

A connection belongs to the process and to the loop that opened it. After a fork, parent and child
would read each other's replies from it, and in another loop it cannot be waited for: both get
connections of their own, and what is somebody else's is neither used nor closed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

import httpx2

from ..errors import ConfigurationError
from .io import TaskIO, ThreadIO

__all__ = ["TaskConnections", "ThreadConnections"]


class ThreadConnections:
    """The connections of a client for threads.

    Args:
        system: for messages.
        open_one: opens those of a process.
        transport: what the caller gave; None where nothing was given.
    """

    def __init__(
        self, system: str, open_one: Callable[[], ThreadIO], transport: object | None
    ) -> None:
        self._system = system
        self._open_one = open_one
        self._holds_connections = isinstance(transport, httpx2.HTTPTransport)
        self._by_process = {os.getpid(): open_one()}

    def own(self) -> ThreadIO:
        """Return those of this process.

        Raises:
            ConfigurationError: the transport that was given has connections of the parent.
        """
        found = self._by_process.get(os.getpid())
        if found is None:
            if self._holds_connections and any(one.was_used for one in self._by_process.values()):
                raise ConfigurationError(
                    f"{self._system}: the transport of this client has connections of the process "
                    "that forked this one; make a client in each process"
                )
            # setdefault is atomic; a lock might be held by another thread during a fork.
            found = self._by_process.setdefault(os.getpid(), self._open_one())
        return found

    def close(self) -> None:
        """Close those of this process."""
        found = self._by_process.get(os.getpid())
        if found is not None:
            found.http.close()


class _Owned(NamedTuple):
    process: int
    loop: object | None
    """None: opened before any loop ran."""
    io: TaskIO


class TaskConnections:
    """The connections of a client for tasks.

    Args:
        system: for messages.
        open_one: opens those of a loop.
        transport: what the caller gave; None where nothing was given.
    """

    def __init__(
        self, system: str, open_one: Callable[[], TaskIO], transport: object | None
    ) -> None:
        self._system = system
        self._open_one = open_one
        self._holds_connections = isinstance(transport, httpx2.AsyncHTTPTransport)
        self._last = _Owned(os.getpid(), None, open_one())
        self._others: tuple[_Owned, ...] = ()

    def own(self) -> TaskIO:
        """Return those of this process and the loop that runs.

        Raises:
            ConfigurationError: the transport that was given has connections of another loop or of
                the parent process.
        """
        process, loop = os.getpid(), _running_loop()
        last = self._last
        if last.process == process and last.loop is loop:
            return last.io
        return self._other(process, loop)

    async def close(self) -> None:
        """Close those of the loop that runs; others cannot be waited for, and are let go of."""
        process, loop = os.getpid(), _running_loop()
        known = (self._last, *self._others)
        self._others = tuple(one for one in known if one.process != process)
        for one in known:
            if one.process == process and one.loop in (loop, None):
                await one.io.http.aclose()

    def _other(self, process: int, loop: object) -> TaskIO:
        known = (self._last, *self._others)
        found = _owned_by(known, process, loop)
        if found is None:
            unbound = _owned_by(known, process, None)
            is_used = any(one.io.was_used for one in known)
            if unbound is None and self._holds_connections and is_used:
                raise ConfigurationError(
                    f"{self._system}: the transport of this client has connections of another "
                    "event loop or process; make a client in each of them"
                )
            io = self._open_one() if unbound is None else unbound.io
            found = _Owned(process, loop, io)
            known = tuple(one for one in known if one is not unbound)
        # What the parent of a fork has is kept, so that it is not closed; what is of a loop that
        # was closed is let go of.
        self._others = tuple(
            one
            for one in known
            if one is not found and (one.process != process or not _is_closed(one.loop))
        )
        self._last = found
        return found.io


def _owned_by(known: tuple[_Owned, ...], process: int, loop: object | None) -> _Owned | None:
    return next((one for one in known if one.process == process and one.loop is loop), None)


def _running_loop() -> object:
    """Return what stands for the event loop that runs, of asyncio or trio."""
    import asyncio  # whoever has no loop does not need it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        from anyio.lowlevel import current_token

        return current_token().native_token


def _is_closed(loop: object | None) -> bool:
    is_closed = getattr(loop, "is_closed", None)
    return bool(is_closed()) if callable(is_closed) else False

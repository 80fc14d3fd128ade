"""Faults at every point of every write: it leaves once at most, and ends in the right error."""

import asyncio
import importlib
import inspect
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

from campaign.corpus import NOW, known_arguments
from campaign.gateway import Fault, Gateway, ShiftedClock
from campaign.rows import Row
from gridwright_runtime.errors import (
    ConnectError,
    GridwrightError,
    OutcomeUnknownError,
    RequestTimeoutError,
)
from gridwright_runtime.interface import Operation
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.multipart.attachment import Attachment
from gridwright_runtime.multipart.upload import Upload
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.testing.arguments import client_arguments

__all__ = ["campaign"]

_SYSTEMS = ("epias_ecms", "kansai_takusou", "kansai_kakusyu")
_PROMISE = "a write leaves once at most, and ends in the error that docs/clients.md says"
_PATIENT = RetryPolicy(attempts=3, base_seconds=0.001, max_seconds=0.002)
_SECONDS = 0.5
_PAGE = b"<!DOCTYPE html><html><body>Bad gateway</body></html>"


@dataclass(frozen=True, slots=True)
class _Write:
    """One write of a system, and what it goes through."""

    operation: Operation[Any]
    call: Callable[[str, bool], Any]
    """Calls at an address; told whether as a task."""
    gateway: Gateway


def campaign(*, is_short: bool, seed: int) -> list[Row]:
    """Break writes everywhere."""
    rows = []
    for system in _SYSTEMS:
        row = Row("writes", system, _PROMISE)
        started = time.monotonic()
        with ExitStack() as stack:
            writes = list(_writes(system, stack))
            if is_short:
                writes = Random(seed).sample(writes, min(2, len(writes)))  # noqa: S311
            for number, write in enumerate(writes):
                _break(write, row, Random(f"{seed}/{system}/{number}"), is_short=is_short)  # noqa: S311
        row.seconds = time.monotonic() - started
        rows.append(row)
    return rows


def _writes(system: str, stack: ExitStack) -> Iterator[_Write]:
    package = importlib.import_module(f"gridwright_apis.{system}")
    mock = importlib.import_module(f"gridwright_apis.{system}.mock")
    clock = ShiftedClock(NOW)
    app = mock.application(clock=clock)
    gateway = stack.enter_context(Gateway(app).running())
    logins = stack.enter_context(Gateway(app).running())
    servers = package.operations.SYSTEM.servers
    # Where the service lies below a path, so does its mock.
    below = urlsplit(next(iter(servers.values()), "")).path
    options = client_arguments(package.Client, mock.application, {})
    options |= {"clock": clock, "retry": _PATIENT, "timeout_seconds": _SECONDS}
    names = inspect.signature(package.Client).parameters
    if "ticket_url" in names:
        options["ticket_url"] = logins.address
        options["ticket_folder"] = stack.enter_context(_folder())

    def call(name: str, arguments: dict[str, Any], address: str, is_task: bool) -> Any:
        here = options | {"base_url": address + below}
        if "limit_store" in names:
            here["limit_store"] = MemoryLimitStore()
        if not is_task:
            with package.Client(**here) as client:
                return getattr(client, name)(**arguments)

        async def run() -> Any:
            async with package.AsyncClient(**here) as client:
                return await getattr(client, name)(**arguments)

        return asyncio.run(run())

    known: dict[str, object] = {"file": Upload(b"%PDF-1.4" * 40, filename="a.pdf")}
    if system == "kansai_takusou":
        said = call("apply_regular", {}, gateway.address, False)
        known["application_number"] = said.body.application_number
    for operation in mock.OPERATIONS:
        if operation.kind != "write":
            continue
        method = getattr(package.Client, operation.name)
        arguments = known_arguments(method, package, **known)
        if arguments is None:
            continue
        if "attachments" in inspect.signature(method).parameters:
            arguments["attachments"] = [Attachment(content=b"%PDF-1.4")]

        def begun(
            address: str, is_task: bool, name: str = operation.name, given: Any = arguments
        ) -> Any:
            return call(name, given, address, is_task)

        yield _Write(operation, begun, gateway)


def _folder() -> Any:
    from tempfile import TemporaryDirectory

    return TemporaryDirectory()


def _break(write: _Write, row: Row, chance: Random, *, is_short: bool) -> None:
    gateway = write.gateway
    gateway.set(Fault())
    try:
        write.call(gateway.address, False)
        is_served = True
    except GridwrightError:
        is_served = False  # the mock refuses: its refusal is what is then cut
    sizes = gateway.request_size, gateway.reply_size
    _refused_connection(write, row)
    for number, (fault, expected) in enumerate(
        _faults(write.operation, sizes, chance, is_short=is_short, is_served=is_served)
    ):
        gateway.set(fault)
        _try(write, row, fault, expected, is_task=number % 5 == 4)


def _try(
    write: _Write, row: Row, fault: Fault, expected: tuple[str, ...], *, is_task: bool
) -> None:
    row.tried += 1
    started = time.monotonic()
    try:
        write.call(write.gateway.address, is_task)
        end = "success"
    except GridwrightError as error:
        end = type(error).__name__
        if isinstance(error, RequestTimeoutError) and error.phase in _BEFORE_SENDING:
            end = _NO_CONNECTION
    except Exception as error:
        end = f"raised {error!r:.200}"
    row.seen[end] += 1
    took = time.monotonic() - started
    shown = f"{write.operation.call}: {_shown(fault)}"
    if write.gateway.left > 1:
        row.broke(f"{shown}: left {write.gateway.left} times, ended in {end}")
    elif end == _NO_CONNECTION:
        pass  # a busy machine: nothing has left
    elif (
        fault.what == "cut reply"
        and fault.at >= write.gateway.reply_size
        and end in (*_WHOLE, *expected)
    ):
        pass  # this reply was shorter than the one before, and so was whole
    elif end not in expected:
        row.broke(f"{shown}: ended in {end}, not in {' or '.join(expected)}")
    elif took > _MOST_SECONDS:
        row.broke(f"{shown}: took {took:.1f} s")


def _refused_connection(write: _Write, row: Row) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    write.gateway.set(Fault())
    row.tried += 1
    try:
        write.call(f"http://127.0.0.1:{port}", False)
        row.broke(f"{write.operation.call}: succeeds at a closed port")
    except ConnectError:
        row.seen["ConnectError"] += 1
    except Exception as error:
        row.broke(f"{write.operation.call}: a closed port ends in {error!r:.200}")


def _faults(
    operation: Operation[Any],
    sizes: tuple[int, int],
    chance: Random,
    *,
    is_short: bool,
    is_served: bool,
) -> Iterator[tuple[Fault, tuple[str, ...]]]:
    """Yield faults, each with what it may end in."""
    unknown = (OutcomeUnknownError.__name__,)
    request_size, reply_size = sizes
    points = 4 if is_short else 40
    for at in _points(request_size, points, chance):
        for is_reset in (False, True):
            # A connection that is reset at once may never have been one.
            early = (ConnectError.__name__,) if is_reset and not at else ()
            yield Fault(what="cut request", at=at, is_reset=is_reset), (*unknown, *early)
    yield Fault(what="cut after request"), unknown
    yield Fault(what="cut after request", is_reset=True), unknown
    for at in _points(reply_size, points, chance):
        for is_reset in (False, True):
            yield Fault(what="cut reply", at=at, is_reset=is_reset), unknown
        yield Fault(what="cut reply", at=at, framing="chunks"), unknown
    statuses = chance.sample(range(200, 600), 12) if is_short else range(200, 600)
    for status in sorted({*statuses, *_STATUSES}):
        for body in (b"", _PAGE):
            kind = "text/html" if body else "text/plain"
            fault = Fault(
                what="answer", status=status, body=body, headers=(("Content-Type", kind),)
            )
            yield fault, _expected(operation, status, body)
    for status in (301, 302, 303, 307, 308):
        head = (("Location", "/elsewhere"),)
        yield Fault(what="answer", status=status, body=b"", headers=head), unknown
    yield Fault(what="slow", seconds=2 * _SECONDS), unknown
    good = _WHOLE if is_served else _WHOLE[1:]
    yield Fault(what="trickle", seconds=0.002), good
    yield Fault(what="none", is_packed=True), good
    yield Fault(what="none", framing="chunks"), good
    yield Fault(what="trickle", seconds=2 * _SECONDS), unknown
    for raw in _RAW:
        yield Fault(what="raw", body=raw), unknown


def _expected(operation: Operation[Any], status: int, body: bytes) -> tuple[str, ...]:
    """Return what a status of somebody may end in: the service's own words count alone."""
    if 200 <= status < 300 and operation.reply.shape == "none" and not body:
        return ("success",)
    meaning = operation.statuses.get(status)
    if meaning is not None and not body:
        return (meaning.error.__name__, OutcomeUnknownError.__name__)
    return (OutcomeUnknownError.__name__,)


def _points(size: int, count: int, chance: Random) -> list[int]:
    ends = {0, 1, size - 1, size // 2}
    return sorted({*ends, *(chance.randrange(size) for _ in range(count))} & {*range(size)})


def _shown(fault: Fault) -> str:
    facts = {
        name: value
        for name in ("at", "is_reset", "framing", "status", "body", "seconds", "is_packed")
        if (value := getattr(fault, name)) != getattr(Fault(), name)
    }
    return f"{fault.what} {facts}"


_MOST_SECONDS = 8.0
_BEFORE_SENDING = ("connect", "pool")
_NO_CONNECTION = "no connection in time"
_WHOLE = ("success", "RejectedError")
"""What a reply that comes whole may be: the mock refuses to carry out some things twice."""
_STATUSES = (
    200, 201, 202, 204, 206, 302, 303, 304, 400, 401, 403, 404, 407, 408, 409, 413, 421, 425, 429,
    500, 502, 503, 504, 511, 599,
)  # fmt: skip
_RAW = (
    b"", b"\r\n\r\n", b"garbage", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\n", b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 xyz\r\n\r\n", b"\x00" * 1000,
    b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",  # noqa: E501
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    b"HTTP/1.1 200 OK\r\nA: " + b"b" * 200_000 + b"\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x28",
)  # fmt: skip

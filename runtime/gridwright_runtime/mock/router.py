"""Find the operation or the login step that a request is for.

Several operations may have one path: fixed segments come before places, and then constants and
required values decide, wherever they travel.
"""

import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from ..errors import ConfigurationError
from .endpoint import Endpoint
from .journal import JournalEntry
from .logins.server import LoginServer
from .requests.incoming import IncomingRequest, receive_whole
from .serving.sending import page
from .state import Mock

__all__ = ["LoginTarget", "OperationTarget", "Router", "Target"]


class Target(Protocol):
    """What a request may be for."""

    @property
    def call(self) -> str:
        """The name for messages."""

    @property
    def decisive(self) -> tuple[object, ...]:
        """What tells it from others of its address."""

    @property
    def needs(self) -> int:
        """How many constants and required values a request must hold."""

    @property
    def takes_files(self) -> bool:
        """Whether it takes forms with files."""

    def fits(self, incoming: IncomingRequest, path: Mapping[str, str]) -> bool:
        """Say whether a request is meant for it."""

    def nearness(self, incoming: IncomingRequest, path: Mapping[str, str]) -> int:
        """Say how much of what decides is there, where a request is meant for none."""

    def serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        path: Mapping[str, str],
        incoming: IncomingRequest | None,
    ) -> Awaitable[None]:
        """Answer a request."""


class OperationTarget:
    """An operation below one path."""

    __slots__ = ("_endpoint", "_servers", "takes_files")

    def __init__(self, endpoint: Endpoint, servers: frozenset[str]) -> None:
        self._endpoint = endpoint
        self._servers = servers
        self.takes_files = endpoint.reader.media.takes_files

    @property
    def call(self) -> str:
        """The name for messages."""
        return self._endpoint.operation.call

    @property
    def decisive(self) -> tuple[object, ...]:
        """What tells it from others of its address."""
        return self._endpoint.reader.decisive

    @property
    def needs(self) -> int:
        """How many constants and required values a request must hold."""
        return self._endpoint.reader.needs

    def fits(self, incoming: IncomingRequest, path: Mapping[str, str]) -> bool:
        """Say whether a request is meant for it."""
        return self._endpoint.fits(incoming, path)

    def nearness(self, incoming: IncomingRequest, path: Mapping[str, str]) -> int:
        """Say how much of what decides is there, where a request is meant for none."""
        return self._endpoint.nearness(incoming, path)

    def serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        path: Mapping[str, str],
        incoming: IncomingRequest | None,
    ) -> Awaitable[None]:
        """Answer a request."""
        return self._endpoint.serve(
            scope, receive, send, path=path, servers=self._servers, incoming=incoming
        )


class LoginTarget:
    """A step of a login."""

    __slots__ = ("_logins", "_step", "call", "takes_files")

    def __init__(self, logins: LoginServer, step: int, call: str) -> None:
        self._logins = logins
        self._step = step
        self.call = call
        self.takes_files = False

    @property
    def decisive(self) -> tuple[object, ...]:
        """What tells it from others of its address."""
        return ("step", self._step)

    @property
    def needs(self) -> int:
        """How many constants a request must hold: more than that is for the step to say."""
        return 1

    def fits(self, incoming: IncomingRequest, path: Mapping[str, str]) -> bool:
        """Say whether a request is meant for it."""
        return self._logins.fits(self._step, incoming, path)

    def nearness(self, incoming: IncomingRequest, path: Mapping[str, str]) -> int:
        """Say that a step is no better than others at refusing what is meant for none."""
        return 0

    def serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        path: Mapping[str, str],
        incoming: IncomingRequest | None,
    ) -> Awaitable[None]:
        """Answer a request."""
        return self._logins.serve(self._step, scope, receive, send, path, incoming)


class _Route(NamedTuple):
    method: str
    pattern: re.Pattern[str] | None
    """None: the path has no places."""
    names: tuple[str, ...]
    order: tuple[bool, ...]
    """By segment, whether it has a place; fixed ones come first."""
    target: Target


class Router:
    """Finds targets by method and path."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._fixed: dict[str, list[_Route]] = {}
        self._placed: dict[int, list[_Route]] = {}

    def add(self, method: str, path: str, target: Target) -> None:
        """Serve a target at a path.

        Raises:
            ConfigurationError: another has this method and path, and nothing tells them apart.
        """
        segments = path.split("/")
        order = tuple("{" in segment for segment in segments)
        if not any(order):
            rows = self._fixed.setdefault(path, [])
            route = _Route(method, None, (), order, target)
        else:
            rows = self._placed.setdefault(len(segments), [])
            route = _Route(method, _pattern(path), tuple(_PLACE.findall(path)), order, target)
        for other in rows:
            is_same = other.method == method and _alike(other.pattern) == _alike(route.pattern)
            if is_same and other.target.decisive == target.decisive:
                raise ConfigurationError(
                    f"{other.target.call} and {target.call} have the same path, "
                    "and nothing else tells them apart"
                )
        rows.append(route)
        rows.sort(key=lambda row: row.order)

    def has(self, path: str) -> bool:
        """Say whether anything is served at a path without places."""
        return path in self._fixed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = scope["method"]
        if not self._placed:
            fixed = self._fixed.get(scope["path"], ())
            alone = [route for route in fixed if route.method == method]
            if len(alone) == 1:
                await alone[0].target.serve(scope, receive, send, {}, None)
                return
        routes = self._routes(scope)
        wanted = "GET" if method == "HEAD" else method
        fitting = [(route, path) for route, path in routes if route.method == wanted]
        if not fitting:
            await self._refuse(scope, receive, send, [route.method for route, _ in routes])
            return
        best = fitting[0][0].order
        fitting = [(route, path) for route, path in fitting if route.order == best]
        route, path = fitting[0]
        if len(fitting) == 1:
            await route.target.serve(scope, receive, send, path, None)
            return
        incoming = await receive_whole(
            scope,
            receive,
            largest=_LARGEST_BODY,
            takes_files=any(route.target.takes_files for route, _ in fitting),
        )
        # Who needs most to be meant, is asked first.
        fitting.sort(key=lambda one: -one[0].target.needs)
        meant = ((route, path) for route, path in fitting if route.target.fits(incoming, path))
        found = next(meant, None)
        if found is None:
            # The one that is nearly meant says best what is wrong; it refuses in its own form.
            fitting.reverse()
            found = max(fitting, key=lambda one: one[0].target.nearness(incoming, one[1]))
        route, path = found
        await route.target.serve(scope, receive, send, path, incoming)

    def _routes(self, scope: Scope) -> list[tuple[_Route, Mapping[str, str]]]:
        """Return what has the path of a request, the most fixed first."""
        fixed = self._fixed.get(scope["path"])
        found: list[tuple[_Route, Mapping[str, str]]] = [(route, {}) for route in fixed or ()]
        if not self._placed:
            return found
        raw = scope.get("raw_path")
        path = raw.decode("latin-1").partition("?")[0] if raw else scope["path"]
        for route in self._placed.get(path.count("/") + 1, ()):
            match = route.pattern.fullmatch(path) if route.pattern is not None else None
            if match is not None:
                values = (unquote(text) for text in match.groups())
                found.append((route, dict(zip(route.names, values, strict=True))))
        return found

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, allowed: Sequence[str]
    ) -> None:
        status, outcome = (405, "wrong-method") if allowed else (404, "not-found")
        method = scope["method"]
        self._mock.journal.write(
            JournalEntry(
                time=self._mock.clock.now(),
                operation=None,
                method=method if method in _METHODS else "other",
                status=status,
                outcome=outcome,
            )
        )
        response = page(status, outcome.replace("-", " "))
        if allowed:
            known = {*allowed, "HEAD"} if "GET" in allowed else set(allowed)
            response.headers["Allow"] = ", ".join(sorted(known))
        await response(scope, receive, send)


def _pattern(path: str) -> re.Pattern[str]:
    pieces = _PLACE.split(path)
    texts = [
        re.escape(piece) if number % 2 == 0 else "([^/]+)" for number, piece in enumerate(pieces)
    ]
    return re.compile("".join(texts))


def _alike(pattern: re.Pattern[str] | None) -> str:
    return "" if pattern is None else pattern.pattern


_PLACE = re.compile(r"\{([^{}/]+)\}")
_LARGEST_BODY = 67_108_864
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

"""The login of a mock whose sessions live for hours, and the door that they open.

Documents say what a login sends, and not always where the session comes back; so the mock is told
where to put it. Sessions are random even where other data come from a seed: one that a client kept
from an earlier run must not be good in this one.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..body import MalformedBody
from ..clock import Clock
from ..errors import ConfigurationError
from ..json_codec import decode_plain
from ..service.session_flow import SessionFlow
from .limits_watch import LimitsWatch
from .sending import wait
from .world import Refusal

__all__ = ["LOG_IN", "SessionServer"]

LOG_IN = "log_in"
"""What logins are called where requests are counted."""


@dataclass(slots=True)
class _Session:
    account: str
    since: datetime


class SessionServer:
    """Gives sessions and knows them again; safe to share between threads.

    Args:
        flow: the login.
        accounts: the values of the credentials by their Python names, once for each account.
        clock: what time it is.
        watch: is told of every login.
        place: where the session is put: ``header NAME``, ``body`` (a JSON string), ``text`` (a bare
            text), ``body KEY`` with dots between the names of objects, or ``nowhere``; the first
            place in which the flow looks unless given.

    Raises:
        ConfigurationError: an account lacks a credential, or there is no such place.
    """

    def __init__(
        self,
        flow: SessionFlow,
        accounts: Sequence[Mapping[str, str]],
        *,
        clock: Clock,
        watch: LimitsWatch,
        place: str = "",
    ) -> None:
        self._flow = flow
        self._clock = clock
        self._watch = watch
        self._accounts = tuple(dict(account) for account in accounts)
        needed = {*flow.send.values(), *flow.places.values()}
        for account in self._accounts:
            if missing := sorted(name for name in needed if not account.get(name)):
                raise ConfigurationError(f"the mock needs a value of {', '.join(missing)}")
        self.place = place or flow.read[0]
        """Where the next session is put."""
        if self.place.split(" ")[0] not in ("header", "body", "text", "nowhere"):
            raise ConfigurationError(f"{self.place!r} is no place for a session")
        self._lock = Lock()
        self._sessions: dict[str, _Session] = {}
        self._failures: list[tuple[int, dict[str, str]]] = []
        self.logins = 0
        """How many sessions were given."""
        self.refused_logins = 0
        self.refused_sessions = 0
        """How many calls came with a session that is not good, or with none."""
        self.login_seconds = 0.0
        """How long a login takes."""

    def route(self, path: str) -> Route:
        """Return the route of the login, to stand beside those of the services."""
        return Route(path + self._flow.path, self._log_in, methods=[self._flow.method], name=LOG_IN)

    def open(self, headers: Mapping[str, str]) -> str | Refusal:
        """Return whose session a request carries, or why it is refused."""
        header = self._flow.header
        token = headers.get(header.lower(), "").strip()
        with self._lock:
            session = self._sessions.get(token)
            if session is not None and self._age(session) <= self._flow.lifetime_seconds:
                if self._flow.counts_from == "last_use":
                    session.since = self._clock.now()
                return session.account
            self.refused_sessions += 1
            if session is not None:
                del self._sessions[token]
        if not token:
            return Refusal("missing-session", "mock-1001", f"mock: {header} is missing")
        if session is None:
            return Refusal("unknown-session", "mock-1002", f"mock: {header} is not known")
        return Refusal("expired-session", "mock-1004", f"mock: {header} is too old")

    @property
    def refused_status(self) -> int:
        """The HTTP status of a session or a login that is not good."""
        return self._flow.refused[0] if self._flow.refused else 401

    def fail(self, status: int, *, times: int = 1, retry_after_seconds: int | None = None) -> None:
        """Answer the next logins with a status of failure, whatever they say."""
        headers = {} if retry_after_seconds is None else {"Retry-After": str(retry_after_seconds)}
        self._failures.extend([(status, headers)] * times)

    def forget(self) -> None:
        """Forget all sessions, as after a restart; the counts stay."""
        with self._lock:
            self._sessions.clear()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.logins} logins>"

    async def _log_in(self, request: Request) -> Response:
        visit, _broken = self._watch.arrive(LOG_IN)
        try:
            return await self._answer(request)
        finally:
            self._watch.leave(visit)

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        with self._lock:
            failure = self._failures.pop(0) if self._failures else None
        if failure is not None:
            return _said(f"mock: failure {failure[0]}", failure[0], failure[1])
        if self.login_seconds:
            await wait(self._clock, request.scope, self.login_seconds)
        given = {**self._sent(body), **self._placed(request.path_params)}
        account = next((known for known in self._accounts if _fits(known, given)), None)
        if account is None:
            with self._lock:
                self.refused_logins += 1
            return _said("mock: this login is not known", self.refused_status)
        token = base64.b64encode(secrets.token_bytes(48)).decode("ascii")
        name = next(iter(self._flow.places.values()), "")
        with self._lock:
            self.logins += 1
            self._sessions[token] = _Session(account.get(name, ""), self._clock.now())
        return self._given(token)

    def _given(self, token: str) -> Response:
        status = self._flow.success_status or 200
        kind, _, key = self.place.partition(" ")
        otherwise = self._flow.never[0] if self._flow.never else "OK"
        if kind == "header":
            return _said(otherwise, status, {key: token})
        if kind == "text":
            return Response(token, status, media_type="text/plain")
        if kind == "nowhere":
            return _said(otherwise, status)
        found: object = token
        for name in reversed(key.split(".")) if key else ():
            found = {name: found}
        return _said(found, status)

    def _sent(self, body: bytes) -> dict[str, object]:
        """Return what the body says, by the names of the credentials."""
        fields: Mapping[str, object]
        if self._flow.body == "form":
            fields = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=20))
        else:
            try:
                tree = decode_plain(body)
            except MalformedBody:
                tree = None
            fields = tree if isinstance(tree, dict) else {}
        return {name: fields.get(wire) for wire, name in self._flow.send.items()}

    def _placed(self, path: Mapping[str, str]) -> dict[str, object]:
        return {name: path.get(wire) for wire, name in self._flow.places.items()}

    def _age(self, session: _Session) -> float:
        return (self._clock.now() - session.since).total_seconds()


def _fits(account: Mapping[str, str], given: Mapping[str, object]) -> bool:
    return all(
        isinstance(value, str)
        and hmac.compare_digest(value.encode("utf-8", "replace"), account[name].encode())
        for name, value in given.items()
    )


def _said(body: object, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(body),
        status,
        headers=dict(headers or {}),
        media_type="application/json; charset=utf-8",
    )

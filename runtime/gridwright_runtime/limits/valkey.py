"""Keep the state of limits at a server of Valkey or Redis, for all machines that use it.

Nobody holds the state there: who takes it gets a copy, with the server's time, and what is saved is
only taken where nobody has saved since; else all is done again with what is there by then. So a
machine that stops or ends in between holds up nobody.

A process shows by a mark that it lives, which it renews; one whose mark was not renewed for
the length of its lease counts as ended, once the calls that it had under way must be over.

A server that was restarted, or whose state is missing though the account was known, may have
forgotten turns: then all are taken for just used, and places stay taken until every process that
lives has entered again what it holds. One that has forgotten everything is not used at all, see
`shared_server.start_mark`.
"""

import atexit
import os
import weakref
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from secrets import randbits, token_bytes
from time import monotonic, sleep
from typing import NamedTuple

import msgspec

from ..clock import Clock
from ..errors import ConfigurationError, StoreError
from ..shared_server.server import Script, SharedServer, Unreachable, server_at
from ..shared_server.start_mark import MARK, forgotten_error
from .ledger import Held
from .queue import AccountQueue
from .scheduling import is_sound, rebase
from .state import State

__all__ = ["LEASE_SECONDS", "ValkeyLedger", "ValkeyLimitStore"]

LEASE_SECONDS = 15.0
"""How long a process is taken to live after it was last heard of, unless a store says otherwise."""


class ValkeyLimitStore:
    """Keeps limits at a server of Valkey or Redis, for all machines that are given it.

    Before the first use, somebody says once that the server begins: ``gridwright store begin``.

    Args:
        url: such as ``valkey://user:password@host:6379/0``; ``valkeys`` for TLS.
        lease_seconds: how long a process of this store is taken to live after it was last heard
            of, and how long it waits for the others after a loss.

    Raises:
        ConfigurationError: it is no address.
    """

    def __init__(self, url: str, *, lease_seconds: float = LEASE_SECONDS) -> None:
        if not 0.5 <= lease_seconds <= 600:
            raise ConfigurationError("lease_seconds must be from 0.5 to 600")
        self._url = url
        self._lease_seconds = lease_seconds
        self._server = server_at(url)

    def queue(self, account: str, clock: Clock) -> AccountQueue:
        """Return where calls wait for an account; stores of one server have the same."""
        key = (os.getpid(), self._url, account)
        found = _QUEUES.get(key)
        if found is None:
            found = _QUEUES.setdefault(key, AccountQueue(self._ledger(account)))
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._server.address.shown}>"

    def _ledger(self, account: str) -> "ValkeyLedger":
        return ValkeyLedger(self._server, account, self._lease_seconds)


class ValkeyLedger:
    """The state of one account at a server."""

    is_shared = True
    is_remote = True
    ends_by_time = True
    busy = "the server that keeps the limits does not answer"

    def __init__(self, server: SharedServer, account: str, lease_seconds: float) -> None:
        self.owner = randbits(60)
        self.unseen_seconds = lease_seconds
        self.beat_seconds = lease_seconds / 5
        self._server = server
        self._account = account
        self._key = f"{{gridwright}}:limits:{account}"
        self._living_key = f"{self._key}:living"
        self._living: frozenset[int] = frozenset()
        self.freed_when_held = -2
        self._asked_at = 0.0
        self._ahead = 0.0
        """How much the server's clock is ahead of this process's, at most."""
        self._silent_since: float | None = None
        self._before = _Before(b"", b"", b"", b"")
        self._saved = b""
        """What this process has saved last, which needs no check when it comes back."""
        self._now = 0.0
        atexit.register(_leave_at_exit, weakref.ref(self), os.getpid())

    def hold(self, clock: Clock) -> Held | None:
        """Take the state; see `Ledger`."""
        asked_at = clock.monotonic()
        try:
            found = _Found(
                *self._server.run(
                    _TAKE, self._key, self._living_key, MARK,
                    self._account, self.owner, int(self.unseen_seconds * 1e6),
                )
            )  # fmt: skip
        except Unreachable as error:
            self._raise_in_time(str(error))
            return None
        self._silent_since = None
        if not found.begun:
            raise forgotten_error(self._server)
        self._asked_at = asked_at
        now = self._now = self.present(clock, int(found.microseconds) / 1e6)
        self._ahead = now - asked_at
        self.freed_when_held = int(found.freed or -2)
        self._living = frozenset(int(owner) for owner in found.living)
        return self._read(found, now)

    def save(self, state: State, *, frees: bool) -> bool:
        """Save where anything has changed and nobody else has saved."""
        payload = _ENCODER.encode(state)
        before = self._before
        if payload == before.payload:
            return True
        token = token_bytes(12)
        until = monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                is_saved = self._server.run(
                    _SAVE, self._key, MARK,
                    before.version, token, payload, int(frees), repr(self._now),
                    before.run, before.begun, self._account,
                )  # fmt: skip
            except Unreachable as error:
                # It may have been saved; asking again tells, since the token stands there then.
                if monotonic() >= until:
                    raise self._server.unreached("limits", str(error)) from None
                sleep(_PAUSE_SECONDS)
            else:
                break
        if not is_saved:
            return False
        self._saved = payload
        return True

    def let_go(self) -> None:
        """Nobody waits for it."""

    def freed(self) -> int:
        """Return how many saves have freed anything; -2 when it cannot be told."""
        try:
            return int(self._server.ask("HGET", self._key, "freed") or -2)
        except (Unreachable, StoreError):
            return -2

    def mark(self, *, holds: bool) -> None:
        """Its mark says that it lives, whether it holds anything or not."""

    def holders(self) -> set[int]:
        """Nobody sees what others hold, where the state is lost; see ``unseen_seconds``."""
        return set()

    def common_place(self, owners: Collection[int]) -> int:
        """Nor is there a place in which to see it."""
        return 0

    def ended(self, owners: Collection[int]) -> set[int]:
        """Return those whose mark was not renewed, by when the state was taken."""
        return {owner for owner in owners if owner not in self._living}

    def seconds(self, clock: Clock) -> float:
        """Return the server's time, as far as it is known; never less than it is."""
        return clock.monotonic() + self._ahead

    def since(self, clock: Clock) -> float:
        """Return when the state was asked for: its present is not older than that."""
        return self._asked_at

    def wall(self, clock: Clock, now: float) -> datetime:
        """Return what the server's clock says: those of the machines may differ by minutes."""
        return datetime.fromtimestamp(now, UTC)

    def present(self, clock: Clock, seconds: float) -> float:
        """Return the present: what the server says it is."""
        return seconds

    @property
    def was_held(self) -> bool:
        """Whether the server knows of this process."""
        return self._now > 0

    def leave(self) -> None:
        """Say that this process ends, so that nobody waits for it."""
        with suppress(Unreachable, StoreError):  # then the others see by its mark
            self._server.ask("ZREM", self._living_key, self.owner)

    def _read(self, found: "_Found", now: float) -> Held:
        version, begun = found.version or b"", found.begun or b""
        self._before = _Before(version, found.run, begun, found.payload or b"")
        is_lost, state = bool(found.is_known), None
        if found.payload is not None and found.state_begun == begun:
            is_lost = True
            state = _state(found.payload) if found.state_run == found.run else None
        if state is not None:
            saved_at = float(found.saved_at or 0.0)
            if saved_at > now:  # the server's clock was set back
                rebase(state, now - saved_at)
            if found.payload == self._saved or is_sound(state, now):
                return Held(state, now, False)
        # What stands there is of no use, and whatever follows it counts as a change.
        self._before = self._before._replace(payload=b"")
        left = self.unseen_seconds - int(found.begun_ago) / 1e6
        return Held(State(), now, True, is_lost, now + left if left > 0 else 0.0)

    def _raise_in_time(self, why: str) -> None:
        now = monotonic()
        if self._silent_since is None:
            self._silent_since = now
        if now - self._silent_since >= _PATIENCE_SECONDS:
            raise self._server.unreached("limits", why)


class _Found(NamedTuple):
    """What the server says."""

    microseconds: bytes
    run: bytes
    """Which start of the server it is; empty where it does not say."""
    begun: bytes | None
    begun_ago: bytes
    """For how many microseconds it has kept limits."""
    is_known: int
    """Whether it has kept limits of the account since it began."""
    version: bytes | None
    payload: bytes | None
    freed: bytes | None
    saved_at: bytes | None
    state_run: bytes | None
    state_begun: bytes | None
    living: list[bytes]


class _Before(NamedTuple):
    """What stood there when the state was taken."""

    version: bytes
    run: bytes
    begun: bytes
    payload: bytes


def _state(payload: bytes) -> State | None:
    try:
        return _DECODER.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _leave_at_exit(ledger: "weakref.ref[ValkeyLedger]", pid: int) -> None:
    found = ledger()
    if found is not None and found.was_held and pid == os.getpid():
        found.leave()


_QUEUES: dict[tuple[int, str, str], AccountQueue] = {}
_DECODER = msgspec.msgpack.Decoder(State)
_ENCODER = msgspec.msgpack.Encoder()
_PATIENCE_SECONDS = 10.0
"""How long a server that does not answer is asked again, such as one that is being restarted."""
_PAUSE_SECONDS = 0.05
_RUN = "local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''\n"
# Marks are renewed before they are half over, so that most takes write nothing.
_TAKE = Script(
    _RUN
    + """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local lease = tonumber(ARGV[3])
local alive = redis.call('ZSCORE', KEYS[2], ARGV[2])
if not alive or tonumber(alive) < now + lease * 0.8 then
  redis.call('ZADD', KEYS[2], now + lease, ARGV[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
end
local mark = redis.call('HMGET', KEYS[3], 'id', 'since')
local state = redis.call('HMGET', KEYS[1], 'version', 'state', 'freed', 'saved_at',
  'run', 'begun')
return {
  string.format('%.0f', now), run,
  mark[1], string.format('%.0f', now - (mark[2] or 0)),
  redis.call('HEXISTS', KEYS[3], ARGV[1]),
  state[1], state[2], state[3], state[4], state[5], state[6],
  redis.call('ZRANGEBYSCORE', KEYS[2], now, '+inf'),
}
""",
    keys=3,
)
# What has been saved by this very attempt, whose answer was lost, is said to be saved.
_SAVE = Script(
    _RUN
    + """
local version = redis.call('HGET', KEYS[1], 'version') or ''
if version == ARGV[2] then return 1 end
if version ~= ARGV[1] or run ~= ARGV[6] then return 0 end
if redis.call('HGET', KEYS[2], 'id') ~= ARGV[7] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'state', ARGV[3], 'saved_at', ARGV[5],
  'run', ARGV[6], 'begun', ARGV[7])
redis.call('HINCRBY', KEYS[1], 'freed', ARGV[4])
redis.call('HSETNX', KEYS[2], ARGV[8], 1)
return 1
""",
    keys=2,
)

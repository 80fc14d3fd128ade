"""Keep logins at a server of Valkey or Redis, encrypted, for all machines of an account.

One machine at a time logs in: it holds a key that expires, and renews it while it is at work. What
it saves is taken only as long as nobody else has saved since, so that a machine that was stopped
meanwhile, and comes back, undoes no later login.

Times are kept by the server's clock, since those of the machines may differ by minutes.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from time import monotonic, sleep
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from ..clock import Clock, SystemClock
from ..errors import StoreError
from ..shared_server.encryption import KEY_VARIABLE, sealer_of
from ..shared_server.server import Script, Unreachable, server_at
from .kept_result import KeptResult, is_sound
from .login_lock import LoginLock, LoginLocks

__all__ = ["ValkeyLoginStore"]


class ValkeyLoginStore:
    """Keeps logins at a server of Valkey or Redis, for all machines that have its key.

    Args:
        url: such as ``valkey://user:password@host:6379/0``; ``valkeys`` for TLS.
        key: encrypts what is kept, as ``gridwright store key`` makes it; several are separated by
            commas, and the first encrypts. By default that of ``GRIDWRIGHT_STORE_KEY``.
        clock: the time by which this process judges how old a login is.

    Raises:
        ConfigurationError: it is no address, or no key.
    """

    proof_cost = 16384  # as in files

    def __init__(self, url: str, *, key: str | None = None, clock: Clock | None = None) -> None:
        self._url = url
        self._server = server_at(url)
        self._sealer = sealer_of(key)
        self._clock = clock or SystemClock()
        self._holds: dict[tuple[int, str], _Hold] = {}
        self._recent: dict[tuple[int, str], _Recent] = {}

    def login_lock(self, account: str) -> LoginLock:
        """Return the lock of an account; stores of one server have the same."""
        return _LOCKS[f"{self._url}\n{account}"]

    def may_wait(self, account: str, *, is_load: bool) -> bool:
        """Say that all waits for the server, but for what was read from it a moment ago."""
        recent = self._recent.get((os.getpid(), account)) if is_load else None
        return recent is None or monotonic() - recent.asked_at >= _RECENT_SECONDS

    def try_hold(self, account: str) -> Callable[[], None] | None:
        """Take an account without waiting; see `LoginStore`."""
        token = token_bytes(16)
        found = _Held(*self._run(_HOLD, account, token, _LEASE_MILLISECONDS))
        if not found.is_held:
            return None
        hold = _Hold(token, found.version or b"", self._ahead(found.microseconds))
        key = (os.getpid(), account)
        self._recent.pop(key, None)  # what is kept is looked at anew
        self._holds[key] = hold
        timer = threading.Timer(_RENEW_SECONDS, self._renew, (account, hold))
        timer.daemon = True
        timer.start()

        def release() -> None:
            hold.is_over.set()
            timer.cancel()
            if self._holds.get(key) is hold:  # in a forked child it is the parent's
                del self._holds[key]
                with suppress(StoreError):  # it ends by itself
                    self._run(_RELEASE, account, token)

        return release

    def is_held(self, account: str) -> bool:
        """Say whether this process holds an account still; one that was stopped for long may not.

        Raises:
            StoreError: the server does not answer.
        """
        hold = self._holds.get((os.getpid(), account))
        return hold is not None and self._holds_on(account, hold)

    def load(self, account: str) -> KeptResult | None:
        """Return what was saved last; None where nothing is kept.

        While the server does not answer, a login that was read from it not long ago is used on.

        Raises:
            StoreError: the server does not answer, or has what no key at hand opens.
        """
        key, now = (os.getpid(), account), monotonic()
        recent = self._recent.get(key)
        if recent is not None and now - recent.asked_at < _RECENT_SECONDS:
            return recent.kept_result
        try:
            sealed, microseconds = self._ask(_LOAD, account)
        except Unreachable as error:
            if (
                recent is None
                or recent.kept_result is None
                or now - recent.read_at > _SILENT_SECONDS
            ):
                raise self._server.unreached("logins", str(error)) from None
            self._recent[key] = recent._replace(asked_at=now)
            return recent.kept_result
        kept_result = None if sealed is None else self._opened(account, sealed)
        if kept_result is not None:
            kept_result = _moved(kept_result, -self._ahead(microseconds))
        self._recent[key] = _Recent(now, now, kept_result)
        return kept_result

    def save(self, account: str, kept_result: KeptResult) -> None:
        """Save; the account must be held.

        Raises:
            StoreError: the server does not answer, or another machine has logged in meanwhile.
        """
        key = (os.getpid(), account)
        hold = self._holds.get(key)
        self._recent.pop(key, None)
        if hold is not None:
            version = token_bytes(16)
            plain = msgspec.json.encode(_moved(kept_result, hold.ahead))
            sealed = self._sealer.seal(account, plain)
            seconds = _RENEWABLE_SECONDS if kept_result.renewal else _UNUSED_SECONDS
            values = (hold.token, hold.version, version, sealed, seconds)
            # Nobody could get anew what renews a login: a restart of the server is waited for.
            run = self._run_in_the_end if kept_result.value and kept_result.renewal else self._run
            if run(_SAVE, account, *values):
                hold.version = version
                return
        raise StoreError(
            f"another machine has logged in meanwhile, by {self._server.address.shown}, since "
            "this one was silent for long: what this login gave was not kept. Call again"
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._server.address.shown}>"

    def _run(self, script: Script, account: str, *arguments: bytes | int) -> Any:
        try:
            return self._ask(script, account, *arguments)
        except Unreachable as error:
            raise self._server.unreached("logins", str(error)) from None

    def _ask(self, script: Script, account: str, *arguments: bytes | int) -> Any:
        name = f"{{gridwright}}:login:{account}"
        keys = (name, f"{name}:held")
        try:
            return self._server.run(script, *keys, *arguments)
        except Unreachable:  # a kept connection may be closed by now
            return self._server.run(script, *keys, *arguments)

    def _run_in_the_end(self, script: Script, account: str, *arguments: bytes | int) -> Any:
        """Run a script, if need be again and again for some time until the server answers."""
        until = monotonic() + _SAVE_SECONDS
        while True:
            try:
                return self._run(script, account, *arguments)
            except StoreError:
                if monotonic() >= until:
                    raise
            sleep(_SAVE_PAUSE_SECONDS)

    def _renew(self, account: str, hold: "_Hold") -> None:
        """Hold on, while a login takes long or waits for its turn."""
        while not hold.is_over.is_set():
            with suppress(StoreError):  # a server that is silent for a moment has not forgotten
                if not self._holds_on(account, hold):
                    return
            hold.is_over.wait(_RENEW_SECONDS)

    def _holds_on(self, account: str, hold: "_Hold") -> bool:
        return bool(self._run(_RENEW, account, hold.token, _LEASE_MILLISECONDS))

    def _ahead(self, microseconds: bytes) -> timedelta:
        """Return how much the server's clock is ahead of this process's."""
        there = datetime.fromtimestamp(int(microseconds) / 1e6, UTC)
        return there - self._clock.now()

    def _opened(self, account: str, sealed: bytes) -> KeptResult | None:
        plain = self._sealer.open(account, sealed)
        if plain is None:
            raise StoreError(
                f"the login that is kept at {self._server.address.shown} is encrypted with another "
                f"key: nothing was sent. Give all machines the same {KEY_VARIABLE}, the former "
                "one behind the new one after a comma"
            )
        try:
            kept_result = _DECODER.decode(plain)
        except ValueError:
            return None  # of a later release, say
        return kept_result if is_sound(kept_result) else None


class _Hold:
    """An account that this process holds."""

    __slots__ = ("ahead", "is_over", "token", "version")

    def __init__(self, token: bytes, version: bytes, ahead: timedelta) -> None:
        self.token = token
        self.version = version
        """Of what is kept, as this process knows it."""
        self.ahead = ahead
        self.is_over = threading.Event()


class _Held(NamedTuple):
    """What the server says to who wants to hold an account."""

    is_held: int
    version: bytes | None
    microseconds: bytes


class _Recent(NamedTuple):
    """What was read a moment ago; the repr of a kept result shows nothing of it."""

    read_at: float
    asked_at: float
    kept_result: KeptResult | None


def _moved(kept_result: KeptResult, by: timedelta) -> KeptResult:
    """Return a login as another clock would have noted it."""
    vain_at = kept_result.vain_at
    return structs.replace(
        kept_result,
        issued_at=kept_result.issued_at + by,
        last_used_at=kept_result.last_used_at + by,
        vain_at=vain_at + by if vain_at is not None else None,
    )


_LOCKS = LoginLocks()
_DECODER = msgspec.json.Decoder(KeptResult)
_UNUSED_SECONDS = 2_592_000
"""How long a login is kept that nobody uses: a month."""
_RENEWABLE_SECONDS = 94_608_000
"""The same of one that can be renewed, perhaps by what nobody could get anew: three years."""
_RECENT_SECONDS = 1.0
"""How long what was read is used again, so that not each call asks the server."""
_SILENT_SECONDS = 60.0
_LEASE_MILLISECONDS = 30_000
_RENEW_SECONDS = 8.0
_SAVE_SECONDS = 30.0
"""For how long to try to save what renews a login, where the server does not answer."""
_SAVE_PAUSE_SECONDS = 0.2
_NOW = """
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
"""
_HOLD = Script(
    _NOW
    + """
local is_held = redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
  or redis.call('GET', KEYS[2]) == ARGV[1]
return {is_held and 1 or 0, redis.call('HGET', KEYS[1], 'version'), now}
""",
    keys=2,
)
_RENEW = Script(
    """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[2], ARGV[2])
""",
    keys=2,
)
_RELEASE = Script(
    """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[2])
""",
    keys=2,
)
_LOAD = Script(_NOW + "return {redis.call('HGET', KEYS[1], 'grant'), now}", keys=2)
# Whoever holds the account saves, and who held it last, as long as nobody has saved since. What
# has been saved by this very attempt, whose answer was lost, is said to be saved.
_SAVE = Script(
    """
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 0 end
local version = redis.call('HGET', KEYS[1], 'version') or ''
if version == ARGV[3] then return 1 end
if version ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'grant', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
""",
    keys=2,
)

"""Let one thread or task of this process log in at a time."""

import os
import threading
from typing import NamedTuple

from msgspec import Struct

from ..message import RawReply
from ..sending.outcome import Failed

__all__ = ["Login", "LoginLock", "LoginLocks"]


class Login(Struct, frozen=True):
    """User name and password; the repr shows neither."""

    username: str
    password: str

    def __repr__(self) -> str:
        return "<login>"


class _Failure(NamedTuple):
    login: Login
    outcome: RawReply | Failed


class LoginLock:
    """Lets one login of an account through at a time.

    A login that failed has failed for all who were waiting for it: each of them trying again
    would only get the account locked, or wait as long for a server that does not answer.
    """

    __slots__ = ("_failure", "lock", "rounds")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rounds = 0
        """How many logins have failed."""
        self._failure: _Failure | None = None

    def note_failure(self, login: Login, outcome: RawReply | Failed) -> None:
        """Remember how a login failed; the lock must be held."""
        self._failure = _Failure(login, outcome)
        self.rounds += 1

    def failure_since(self, rounds: int, login: Login) -> RawReply | Failed | None:
        """Return how the same login has failed since there were so many rounds, if it has."""
        failure = self._failure
        if self.rounds == rounds or failure is None or failure.login != login:
            return None
        return failure.outcome


class LoginLocks:
    """The locks of all accounts, made when first asked for."""

    __slots__ = ("_locks",)

    def __init__(self) -> None:
        self._locks: dict[tuple[int, str], LoginLock] = {}

    def __getitem__(self, name: str) -> LoginLock:
        # By process: after a fork, a lock that another thread held would never be released.
        # setdefault is atomic; a lock around it would have that very problem.
        return self._locks.setdefault((os.getpid(), name), LoginLock())

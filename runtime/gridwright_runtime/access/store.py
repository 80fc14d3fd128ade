"""The interface of stores for login results, and a store in memory."""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from .kept_result import KeptResult
from .login_lock import LoginLock, LoginLocks

__all__ = ["LoginStore", "MemoryLoginStore", "account_of"]


class LoginStore(Protocol):
    """Keeps one result for each account; an account is a hash, see `account_of`."""

    @property
    def proof_cost(self) -> int:
        """How hard it is to guess the password from what is kept, see `proof.prove`."""

    def login_lock(self, account: str) -> LoginLock:
        """Return what lets one login of the account through at a time in this process."""

    def try_hold(self, account: str) -> Callable[[], None] | None:
        """Take the account from all other threads and processes, without waiting.

        Returns:
            What gives it back; None while somebody else has it. The end of a process gives it
            back as well.

        Raises:
            ConfigurationError: there is nowhere to keep logins.
        """

    def load(self, account: str) -> KeptResult | None:
        """Return what was saved last; None when there is nothing, or nothing that can be read."""

    def save(self, account: str, kept_result: KeptResult) -> None:
        """Save; the account must be held.

        Raises:
            ConfigurationError: there is nowhere to keep logins.
        """


class MemoryLoginStore:
    """Keeps results for as long as it lives, for the clients that are given it."""

    proof_cost = 2  # who reads this memory finds the password itself in it

    def __init__(self) -> None:
        self._locks = LoginLocks()
        self._holds = LoginLocks()
        self._kept: dict[str, KeptResult] = {}

    def login_lock(self, account: str) -> LoginLock:
        """Return the lock of an account."""
        return self._locks[account]

    def try_hold(self, account: str) -> Callable[[], None] | None:
        """Take an account without waiting; see `LoginStore`."""
        lock = self._holds[account].lock
        return lock.release if lock.acquire(blocking=False) else None

    def load(self, account: str) -> KeptResult | None:
        """Return what was saved last."""
        return self._kept.get(account)

    def save(self, account: str, kept_result: KeptResult) -> None:
        """Save; the account must be held."""
        self._kept[account] = kept_result

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def account_of(issuer: str, username: str) -> str:
    """Return the name of an account: the same for all clients of one user at one login server."""
    return sha256(f"{issuer}\n{username}".encode()).hexdigest()[:32]

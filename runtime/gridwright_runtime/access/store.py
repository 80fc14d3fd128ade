"""Where ticket-granting tickets are kept between calls: the interface, and one in memory."""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from .grant import Grant
from .login_lock import LoginLock, LoginLocks

__all__ = ["MemoryTicketStore", "TicketStore", "account_of"]


class TicketStore(Protocol):
    """Keeps one ticket-granting ticket for each account; an account is a hash, see `account_of`."""

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
            ConfigurationError: there is nowhere to keep tickets.
        """

    def load(self, account: str) -> Grant | None:
        """Return what was saved last; None when there is nothing, or nothing that can be read."""

    def save(self, account: str, grant: Grant) -> None:
        """Save; the account must be held.

        Raises:
            ConfigurationError: there is nowhere to keep tickets.
        """


class MemoryTicketStore:
    """Keeps tickets for as long as it lives, for the clients that are given it."""

    proof_cost = 2  # who reads this memory finds the password itself in it

    def __init__(self) -> None:
        self._locks = LoginLocks()
        self._holds = LoginLocks()
        self._grants: dict[str, Grant] = {}

    def login_lock(self, account: str) -> LoginLock:
        """Return the lock of an account."""
        return self._locks[account]

    def try_hold(self, account: str) -> Callable[[], None] | None:
        """Take an account without waiting; see `TicketStore`."""
        lock = self._holds[account].lock
        return lock.release if lock.acquire(blocking=False) else None

    def load(self, account: str) -> Grant | None:
        """Return what was saved last."""
        return self._grants.get(account)

    def save(self, account: str, grant: Grant) -> None:
        """Save; the account must be held."""
        self._grants[account] = grant

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def account_of(issuer: str, username: str) -> str:
    """Return the name of an account: the same for all clients of one user at one ticket server."""
    return sha256(f"{issuer}\n{username}".encode()).hexdigest()[:32]

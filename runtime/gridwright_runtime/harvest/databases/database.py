"""The interface that a ledger needs of a database."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

__all__ = ["Cursor", "Database", "LedgerError"]


class LedgerError(OSError):
    """The ledger cannot be reached, or another worker has the chunk now."""


class Cursor(Protocol):
    """What a statement brought."""

    @property
    def rowcount(self) -> int:
        """How many rows it concerned."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""

    def fetchall(self) -> list[Any]:
        """Return all that are left."""


class Database(Protocol):
    """One connection; each thread has its own."""

    skip_locked: str
    """What a claim adds to its search, so that nobody waits for the claims of others."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        """Carry out one statement."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each row."""

    def writing(
        self, *, exclusively: bool = False, durably: bool = True
    ) -> AbstractContextManager[None]:
        """Change something as a whole or not at all.

        Args:
            exclusively: one such change at a time.
            durably: it outlives a loss of power. What is not may be undone by one, but for itself
                alone: a later change that is durable takes all before it along.
        """

    def work(self) -> str:
        """Become a worker whose life others can see, and return its name."""

    def dead(self, workers: Collection[str]) -> set[str]:
        """Return those that do not live any more, of all that are named."""

    def living_others(self) -> int:
        """Return how many workers live, but for this one."""

    def alone(self) -> AbstractContextManager[bool]:
        """Keep all workers out, and say whether that was possible."""

    def close(self) -> None:
        """Close it, and give up being a worker."""

"""What a store must offer for each account: its state, held by one at a time."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from ..clock import Clock
from .state import State

__all__ = ["Held", "Ledger"]


class Held(NamedTuple):
    """A state that nobody else reads or changes until it is given back."""

    state: State
    now: float
    """The present, in seconds of the store's clock, which all share and which never runs
    backwards."""
    is_new: bool
    """Whether nothing was known before, or what was known is lost."""


class Ledger(Protocol):
    """The state of one account, as one process sees it.

    One for Redis would hold the state by a key that expires, take the present from the server, and
    know processes that have ended by keys that they no longer renew.
    """

    owner: int
    """Stands for this process: no other has it, has had it or will have it; below 2 to the 60."""
    is_shared: bool
    """Whether other processes may change the state, so that one that waits must look at it."""

    def hold(self, clock: Clock) -> Held | None:
        """Take the state, without waiting; None while another process has it.

        Only ever called by one thread of a process at a time.

        Raises:
            ConfigurationError: there is nowhere to keep limits.
        """

    def save(self, state: State, *, frees: bool) -> None:
        """Save the state and let go of it. What is not saved whole must not be seen by anybody.

        Args:
            state: as it is now.
            frees: whether others may go sooner by what has changed.

        Raises:
            ConfigurationError: there is nowhere to keep limits; the state is let go of.
        """

    def let_go(self) -> None:
        """Let go of the state as it was."""

    def freed(self) -> int:
        """Return what changes with each save by which others may go sooner.

        Cheap, and needs no hold: one that waits asks for it many times a second.
        """

    def mark(self, *, holds: bool) -> None:
        """Say to the other processes whether this one holds anything; the state is held."""

    def holders(self) -> set[int]:
        """Return the other processes that hold something, seen without the state, as far as they
        are known; the state is held.
        """

    def seen_in(self, owners: Collection[int]) -> int:
        """Return what stands for the place in which all these are seen to hold something, by all
        who look there; 0: by no such place. The state is held.
        """

    def ended(self, owners: Collection[int]) -> set[int]:
        """Return those that have ended, and will not touch the state again; the state is held."""

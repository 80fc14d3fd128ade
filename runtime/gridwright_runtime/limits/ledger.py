"""The interface of a store for one account: its state, held by one process at a time."""

from collections.abc import Collection
from datetime import datetime
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
    is_lost: bool = False
    """Whether it is known to be lost, though this process may have had no part in it."""
    unseen_until: float = 0.0
    """Until when others may enter again what they hold, where it is new; 0: nobody does."""


class Ledger(Protocol):
    """The state of one account, as one process sees it."""

    owner: int
    """The number of this process: no other ever has it; below 2 to the 60."""
    is_shared: bool
    """Whether other processes may change the state, so that one that waits must look at it."""
    is_remote: bool
    """Whether taking the state waits for another machine, so that no event loop may do it."""
    ends_by_time: bool
    """Whether a process counts as ended that was not heard of for long, and may yet come back."""
    unseen_seconds: float
    """How long to wait, after a loss, for what others hold who cannot be seen; 0: all can be."""
    freed_when_held: int
    """What `freed` was when the state was taken, where taking it tells; else 0."""
    beat_seconds: float
    """How often to show that this process lives; 0: others see it without."""
    busy: str
    """The error message for a state that could not be had for long."""

    def hold(self, clock: Clock) -> Held | None:
        """Take the state, without waiting; None while another process has it.

        Only ever called by one thread of a process at a time.

        Raises:
            ConfigurationError: there is nowhere to keep limits.
        """

    def save(self, state: State, *, frees: bool) -> bool:
        """Save the state and let go of it. What is not saved whole must not be seen by anybody.

        Args:
            state: as it is now.
            frees: whether others may go sooner by what has changed.

        Returns:
            Whether it was saved: where nobody keeps the others out, one may have been faster, and
            all must be done again.

        Raises:
            ConfigurationError: there is nowhere to keep limits; the state is let go of.
        """

    def let_go(self) -> None:
        """Release the state, unchanged."""

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

    def common_place(self, owners: Collection[int]) -> int:
        """Return the number of the one file in which each of these processes has marked that it
        holds something; 0 where no single file has all the marks. The state is held.

        Two processes that get the same number look at the same marks.
        """

    def ended(self, owners: Collection[int]) -> set[int]:
        """Return those that have ended, and will not touch the state again; the state is held."""

    def seconds(self, clock: Clock) -> float:
        """Return the present in seconds of the store's clock, as far as it is known unasked.

        Never less than it is.
        """

    def since(self, clock: Clock) -> float:
        """Return a time by this machine's clock that is no later than the state's present.

        A store on a server says what its present is, and the answer takes a while: the time is that
        at which the state was asked for.
        """

    def wall(self, clock: Clock, now: float) -> datetime:
        """Return what the clock on the wall says that all share, at the present of the state."""

"""The state of the limits of one account. It holds no names of customers, only hashes.

Limits are named once, in ``names``; all else refers to them by their place there: as a bit of a
mask, or as the low bits of a key.
"""

from msgspec import Struct, field

__all__ = ["KEY_BITS", "UNKNOWN", "UNSEEN", "CallUnderWay", "State", "Waiter"]

KEY_BITS = 6
"""The low bits of a key are the place of its limit; the others are a hash."""

UNKNOWN = -1.0
"""Since when a quota is counted whose count was lost, as an older release has saved it."""


UNSEEN = 0
"""Stands among the awaited for all those whom nobody sees; no process is called so."""


class Waiter(Struct, array_like=True):
    """A call that waits for its turn; mutable, as long as the state is held."""

    id: int
    owner: int
    mask: int
    """The rates and concurrencies that it needs."""
    keys: tuple[int, ...]
    """What it touches, for spacings, and what it is counted by, for rates by values."""
    not_before: float = 0.0
    """When the closed hours end that it waits for, in seconds of the store's clock."""
    ready_since: float = -1.0
    """Since when it could go, in seconds of the store's clock; negative while it cannot."""
    reserved: int = 0
    """The limits that have held it up while it was first in line for all that it needs."""


class CallUnderWay(Struct, array_like=True):
    """A call under way that holds something; mutable, as long as the state is held."""

    id: int
    owner: int
    mask: int
    """The concurrencies of which it has a place."""
    keys: tuple[int, ...]
    """What it touches until it is answered."""
    ends: float = -1.0
    """When a call that nobody waits for any more is taken to be over; negative for all others."""
    over_by: float = 0.0
    """When it must be over though its process was not heard of any more, where that may live."""


class State(Struct, array_like=True):
    """All that is known about the calls of one account; mutable, as long as it is held."""

    boot: str = ""
    """Which start of the machine the seconds are counted from."""
    names: list[str] = field(default_factory=list)
    """The limits; only ever added to, so that clients of different releases can share."""
    times: dict[int, list[float]] = field(default_factory=dict)
    """When the last turns were granted, oldest first, by rate limit, or by key where it counts by
    the values of arguments."""
    free_at: dict[int, float] = field(default_factory=dict)
    """When a key may be touched again, after its last call is over."""
    calls: list[CallUnderWay] = field(default_factory=list)
    queue: list[Waiter] = field(default_factory=list)
    """In the order of arrival."""
    id: int = 0
    """Tells this state from the one before it that was lost; 0: an older release wrote it."""
    is_restored: bool = False
    """Whether it is known that another was lost before it, and what follows from that is done."""
    awaited: dict[int, float] = field(default_factory=dict)
    """The processes that held something when the state was lost and have not yet entered it again,
    and until when they are waited for at the most, in seconds of the store's clock."""
    common_place: int = 0
    """Where every process can see which of the awaited still hold something, as the ledger has it;
    0: those alone can who were there before."""
    spent: dict[int, list[float]] = field(default_factory=dict)
    """By quota, or key: since when is counted, in seconds of the epoch, and how many requests there
    were; negative seconds where that was lost."""
    barred: dict[int, float] = field(default_factory=dict)
    """By rate or quota, or key, of which the service said that it is used up: until when, in
    seconds of the store's clock."""
    restored_at: float = 0.0
    """When that was noticed, in seconds of the store's clock; 0: an older release did."""
    covered: int = 0
    """The limits, as a mask, of which that is taken into account: a process may know others."""
    epoch: float = 0.0
    """What the clock on the wall said when the store's began to count, in seconds of the epoch, so
    that a later start of the machine can go on; 0: nobody knows, an older release wrote it."""

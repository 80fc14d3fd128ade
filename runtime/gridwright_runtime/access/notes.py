"""Facts about a ticket that is kept, noted without waiting for anybody."""

from contextlib import suppress
from datetime import datetime
from typing import Protocol

from msgspec import UNSET, structs

from ..clock import Clock
from ..errors import ConfigurationError
from .grant import Grant, is_same
from .store import TicketStore

__all__ = ["KeptAccount", "discard", "is_vain", "mark_vain", "note"]


class KeptAccount(Protocol):
    """Who logs in, and where what the login gives is kept."""

    @property
    def name(self) -> str:
        """What the store knows it by."""

    @property
    def clock(self) -> Clock:
        """What time it is."""

    @property
    def store(self) -> TicketStore:
        """Where it is kept."""


def is_vain(account: KeptAccount, grant: Grant) -> bool:
    """Say whether a ticket was refused, minutes ago, although it was new.

    A service that refuses everything must not lead to a login for every call.
    """
    kept = account.store.load(account.name)
    if kept is None or kept.vain_at is None or not is_same(kept, grant):
        return False
    age = (account.clock.now() - kept.vain_at).total_seconds()
    return 0 <= age < _VAIN_SECONDS


def mark_vain(account: KeptAccount, grant: Grant) -> None:
    """Note that a ticket was refused although it was new."""
    note(account, grant, "vain_at", account.clock.now())


def discard(account: KeptAccount, grant: Grant) -> None:
    """Forget a ticket, so that the next call logs in."""
    _replace(account, grant, ticket="", parts=UNSET)


def note(account: KeptAccount, grant: Grant, fact: str, when: datetime) -> None:
    """Note a fact about a ticket; where that would mean waiting, the next call will."""
    _replace(account, grant, **{fact: when})


def _replace(account: KeptAccount, grant: Grant, **facts: object) -> None:
    store, name = account.store, account.name
    with suppress(ConfigurationError):
        release = store.try_hold(name)
        if release is None:
            return
        try:
            kept = store.load(name)
            if kept is not None and is_same(kept, grant):
                store.save(name, structs.replace(kept, **facts))
        finally:
            release()


_VAIN_SECONDS = 300.0

"""Facts about a ticket that is kept, noted without waiting for anybody."""

from contextlib import suppress
from datetime import datetime

from msgspec import structs

from ..errors import ConfigurationError
from .grant import Grant, is_same
from .keeper import KeptAccount

__all__ = ["discard", "is_vain", "mark_vain", "note"]


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
    _replace(account, grant, ticket="")


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

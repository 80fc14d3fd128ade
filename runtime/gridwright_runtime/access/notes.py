"""Facts about a result that is kept, noted without waiting for anybody."""

from contextlib import suppress
from datetime import datetime
from typing import Protocol

from msgspec import UNSET, structs

from ..clock import Clock
from ..errors import ConfigurationError
from .kept_result import KeptResult, is_same
from .store import LoginStore

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
    def store(self) -> LoginStore:
        """Where it is kept."""


def is_vain(account: KeptAccount, kept_result: KeptResult) -> bool:
    """Say whether a result was refused, minutes ago, although it was new.

    A service that refuses everything must not lead to a login for every call.
    """
    kept = account.store.load(account.name)
    if kept is None or kept.vain_at is None or not is_same(kept, kept_result):
        return False
    age = (account.clock.now() - kept.vain_at).total_seconds()
    return 0 <= age < _VAIN_SECONDS


def mark_vain(account: KeptAccount, kept_result: KeptResult) -> None:
    """Note that a result was refused although it was new."""
    note(account, kept_result, "vain_at", account.clock.now())


def discard(account: KeptAccount, kept_result: KeptResult) -> None:
    """Forget a result, so that the next call logs in."""
    _replace(account, kept_result, value="", parts=UNSET)


def note(account: KeptAccount, kept_result: KeptResult, fact: str, when: datetime) -> None:
    """Note a fact about a result; where that would mean waiting, the next call will."""
    _replace(account, kept_result, **{fact: when})


def _replace(account: KeptAccount, kept_result: KeptResult, **facts: object) -> None:
    store, name = account.store, account.name
    with suppress(ConfigurationError):
        release = store.try_hold(name)
        if release is None:
            return
        try:
            kept = store.load(name)
            if kept is not None and is_same(kept, kept_result):
                store.save(name, structs.replace(kept, **facts))
        finally:
            release()


_VAIN_SECONDS = 300.0

"""A ticket-granting ticket and its age. Never asks for one, never keeps one."""

from datetime import datetime
from typing import Annotated, Literal, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType

__all__ = ["Grant", "is_alive", "is_same", "is_sound", "is_touch_due"]

Instant = Annotated[datetime, Meta(tz=True)]


class Life(Protocol):
    """How long something lives that a login gave."""

    @property
    def lifetime_seconds(self) -> float:
        """In seconds."""

    @property
    def counts_from(self) -> Literal["issue", "last_use"]:
        """From when."""


class Grant(Struct, frozen=True, kw_only=True):
    """A ticket-granting ticket (TGT); the repr shows nothing of it."""

    ticket: str
    """The TGT; empty once the ticket server has refused it."""
    issuer: str
    """The address of the login that gave it."""
    issued_at: Instant
    last_used_at: Instant
    """When its life began anew: never after its last use, and its issue where uses do not count."""
    login: int = 1
    """Counts the logins of the account; a refused TGT is only discarded where this still fits."""
    address: str = ""
    """Where it makes service tickets, if the ticket server said so; holds the TGT."""
    proof: str = ""
    """What tells of which password it came, see `proof`; empty: of none that is known."""
    vain_at: Instant | None = None
    """When it was refused although it was new: another login would not help either."""
    # Files of logins without these read as they always did.
    parts: dict[str, str] | UnsetType = UNSET
    """All that the login gave, by name, where that is more than one thing."""
    lifetime_seconds: float | UnsetType = UNSET
    """How long it lives, where the login said so."""

    def __repr__(self) -> str:
        return f"<ticket of login {self.login}>"


def is_alive(grant: Grant, step: Life, now: datetime) -> bool:
    """Say whether a TGT may be used; one from the future comes of a wrong clock and may not."""
    age = (now - grant.last_used_at).total_seconds()
    margin = min(_MARGIN_SECONDS, step.lifetime_seconds / 10)
    return bool(grant.ticket) and -_SLACK_SECONDS <= age < step.lifetime_seconds - margin


def is_sound(grant: Grant) -> bool:
    """Say whether a login can have given this: it fits into a request, and leads to its server."""
    texts = (grant.ticket, grant.issuer, grant.address)
    return (
        all(text.isascii() and text.isprintable() and " " not in text for text in texts)
        and 0 <= grant.login < _MOST_LOGINS
        and (not grant.address or _server(grant.address) == _server(grant.issuer))
    )


def _server(address: str) -> str:
    return "/".join(address.split("/", 3)[:3])


def is_same(one: Grant, other: Grant) -> bool:
    """Say whether two are of the same login; files may be deleted, so the count alone won't do."""
    return (one.login, one.ticket) == (other.login, other.ticket)


def is_touch_due(grant: Grant, step: Life, used_at: datetime) -> bool:
    """Say whether a use is worth noting: once a minute is enough for 45 minutes of life."""
    if step.counts_from == "issue":
        return False
    return (used_at - grant.last_used_at).total_seconds() >= step.lifetime_seconds / 45


_MOST_LOGINS = 1 << 53
_MARGIN_SECONDS = 60.0
# Machines that share a home differ by seconds, and clocks are set back by as much.
_SLACK_SECONDS = 60.0

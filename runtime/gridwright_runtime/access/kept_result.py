"""A kept result of a login, and its age."""

from datetime import datetime
from typing import Annotated, Literal, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType

__all__ = ["KeptResult", "is_alive", "is_same", "is_sound", "is_touch_due"]

UtcTime = Annotated[datetime, Meta(tz=True)]


class Life(Protocol):
    """How long something lives that a login gave."""

    @property
    def lifetime_seconds(self) -> float:
        """In seconds."""

    @property
    def counts_from(self) -> Literal["issue", "last_use"]:
        """From when."""


class KeptResult(Struct, frozen=True, kw_only=True, rename={"value": "ticket"}):
    """What a step of a login gave, such as a session; the repr shows nothing of it.

    What is kept says `ticket` for ``value``, as it always did.
    """

    value: str
    """What it gave, the first thing of several; empty once the service has refused it."""
    issuer: str
    """The address of the login that gave it."""
    issued_at: UtcTime
    last_used_at: UtcTime
    """When its life began anew: never after its last use, and its issue where uses do not count."""
    login: int = 1
    """Counts the logins of the account; a refused one is only discarded where this fits."""
    address: str = ""
    """Where the next step is sent, if the login server said so; holds the result."""
    proof: str = ""
    """What tells of which password it came, see `proof`; empty: of none that is known."""
    vain_at: UtcTime | None = None
    """When it was refused although it was new: another login would not help either."""
    # Files of logins without these read as they always did.
    parts: dict[str, str] | UnsetType = UNSET
    """All that the login gave, by name, where that is more than one thing."""
    lifetime_seconds: float | UnsetType = UNSET
    """How long it lives, where the login said so."""
    renewal: dict[str, str] | UnsetType = UNSET
    """The parts that the request sends which renews it, by name; they outlive it."""

    def __repr__(self) -> str:
        return f"<result of login {self.login}>"


def is_alive(kept_result: KeptResult, step: Life, now: datetime) -> bool:
    """Say whether a result may be used; one from the future comes of a wrong clock and may not."""
    age = (now - kept_result.last_used_at).total_seconds()
    margin = min(_MARGIN_SECONDS, step.lifetime_seconds / 10)
    return bool(kept_result.value) and -_SLACK_SECONDS <= age < step.lifetime_seconds - margin


def is_sound(kept_result: KeptResult) -> bool:
    """Say whether a login can have given this: it fits into a request, and leads to its server."""
    renewal = kept_result.renewal or {}
    texts = (kept_result.value, kept_result.issuer, kept_result.address, *renewal.values())
    return (
        all(text.isascii() and text.isprintable() and " " not in text for text in texts)
        and 0 <= kept_result.login < _MOST_LOGINS
        and (not kept_result.address or _server(kept_result.address) == _server(kept_result.issuer))
    )


def _server(address: str) -> str:
    return "/".join(address.split("/", 3)[:3])


def is_same(one: KeptResult, other: KeptResult) -> bool:
    """Say whether two are of the same login; files may be deleted, so the count alone won't do."""
    return (one.login, one.value) == (other.login, other.value)


def is_touch_due(kept_result: KeptResult, step: Life, used_at: datetime) -> bool:
    """Say whether a use is worth noting: once a minute is enough for 45 minutes of life."""
    if step.counts_from == "issue":
        return False
    return (used_at - kept_result.last_used_at).total_seconds() >= step.lifetime_seconds / 45


_MOST_LOGINS = 1 << 53
_MARGIN_SECONDS = 60.0
# Machines that share a home differ by seconds, and clocks are set back by as much.
_SLACK_SECONDS = 60.0

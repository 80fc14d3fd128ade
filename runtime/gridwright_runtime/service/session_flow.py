"""How a session is opened, as data. Never opens one."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

__all__ = ["SessionFlow"]


class SessionFlow(Struct, frozen=True, kw_only=True):
    """The login of a system, and the header that takes the session to every other call."""

    path: str
    """Below the server's address, with ``{wire}`` for what travels there."""
    header: str
    """The header of a request that carries the session."""
    read: tuple[str, ...]
    """Where to look for the session, in order: ``header NAME``, ``body`` (the whole of it is a JSON
    string or a bare text), or ``body KEY``, where dots lead into objects."""
    lifetime_seconds: float
    send: Mapping[str, str] = field(default_factory=dict)
    """Names of credentials by wire name, for the body."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Names of credentials by what they fill in the path."""
    method: Literal["POST", "PUT", "GET"] = "POST"
    body: Literal["json", "form"] = "json"
    success_status: int | None = 200
    """None: any from 200 to 299."""
    counts_from: Literal["issue", "last_use"] = "issue"
    """Whether each call makes the session live on."""
    refused: tuple[int, ...] = (401, 403)
    """The statuses by which a call is told that its session is no longer valid."""
    never: tuple[str, ...] = ()
    """Texts that are not a session, wherever they stand."""

"""The ticket procedure of a system as data. Never asks for a ticket."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

__all__ = ["ServiceTicketStep", "TicketFlow", "TicketStep"]


class TicketStep(Struct, frozen=True, kw_only=True):
    """The login: user name and password for a ticket-granting ticket, which is kept."""

    address: Mapping[str, str]
    """Where to post, with its query, by environment."""
    success_status: int
    lifetime_seconds: float
    counts_from: Literal["issue", "last_use"] = "issue"
    """Whether each service ticket makes the ticket-granting ticket live on."""
    username_field: str = "username"
    password_field: str = "password"  # noqa: S105  # the name of a field


class ServiceTicketStep(Struct, frozen=True, kw_only=True):
    """The ticket of one call: asked for with the ticket-granting ticket, and used once."""

    address: Mapping[str, str]
    """Where to post, by environment; ``{tgt}`` stands for the ticket-granting ticket."""
    service: Mapping[str, str]
    """What the ticket is for, by environment."""
    success_status: int
    lifetime_seconds: float
    service_field: str = "service"


class TicketFlow(Struct, frozen=True, kw_only=True):
    """Both steps, and the header that takes the service ticket to the service."""

    grant: TicketStep
    service: ServiceTicketStep
    header: str

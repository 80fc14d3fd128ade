"""The outcomes of an exchange that brought no reply which can be read."""

from typing import Literal

from msgspec import Struct

from ..errors import GridwrightError
from ..message import RawReply

__all__ = ["Failed", "NotAdmitted", "identify"]


class Failed(Struct, frozen=True):
    """An exchange that brought no whole reply."""

    kind: Literal["setup", "connect", "timeout", "broken", "unreadable"]
    reason: str
    """The reason, for the message; it holds no value of the request."""
    phase: str = ""
    """The phase that took too long, where the kind is timeout."""
    sent: bool = True
    """Whether the request may have left."""


class NotAdmitted(Struct, frozen=True):
    """A login could not be used; nothing was sent to the service."""

    outcome: RawReply | Failed
    """The outcome of the exchange with the login server, for the policy of retries."""
    error: GridwrightError
    """The error to raise when there is no other attempt."""


def identify(error: GridwrightError, transaction_id: str) -> None:
    """Add the transaction id to an error and its message."""
    if not error.transaction_id and error.args and isinstance(error.args[0], str):
        headline, line_end, rest = error.args[0].partition("\n")
        headline = f"{headline} (transaction {transaction_id})"
        error.args = (headline + line_end + rest, *error.args[1:])
    error.transaction_id = transaction_id

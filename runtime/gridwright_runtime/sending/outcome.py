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
    """For the message; holds no value of the request."""
    phase: str = ""
    """What took too long, where the kind is timeout."""
    sent: bool = True
    """The request may have left."""


class NotAdmitted(Struct, frozen=True):
    """A login could not be used; nothing was sent to the service."""

    outcome: RawReply | Failed
    """What became of the exchange with the login: for the policy of retries."""
    error: GridwrightError
    """What to raise when there is no other attempt."""


def identify(error: GridwrightError, transaction_id: str) -> None:
    """Let an error say which request it is about, and its message too."""
    if not error.transaction_id and error.args and isinstance(error.args[0], str):
        headline, line_end, rest = error.args[0].partition("\n")
        headline = f"{headline} (transaction {transaction_id})"
        error.args = (headline + line_end + rest, *error.args[1:])
    error.transaction_id = transaction_id

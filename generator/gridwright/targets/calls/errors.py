"""Meanings of failures as expressions of the runtime's types."""

from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import Call, Name, call

__all__ = ["NO_ERROR", "error_class", "meaning"]

NO_ERROR = "none"
"""What the spec's error tree calls a success."""
_ERRORS = {
    "authentication": "AuthenticationError",
    "busy": "BusyError",
    "closed_hours": "ClosedHoursError",
    "consent": "ConsentError",
    "limit": "LimitError",
    "no_data": "NoDataError",
    "not_subscribed": "NotSubscribedError",
    "rejected": "RejectedError",
    "session_expired": "SessionExpiredError",
    "system": "SystemFailureError",
    "wrong_address": "WrongAddressError",
}


def error_class(slug: str) -> str:
    """Return the runtime's class of an error of the spec's error tree."""
    return _ERRORS[slug]


def meaning(slug: str, gloss: str, breaks: str = "") -> Call:
    """Return what a code, a kind of failure or a status means, and which limit it uses up."""
    error = Name(error_class(slug), "gridwright_runtime.errors")
    told = {"breaks": breaks} if breaks else {}
    return call(Name("ErrorMeaning", INTERFACE), error, *([gloss] if gloss else []), **told)

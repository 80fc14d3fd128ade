"""Exit status and JSON of what went wrong, by kind of error."""

from typing import Any

from ..errors import (
    AuthenticationError,
    BusyError,
    ConfigurationError,
    ConsentError,
    DownloadError,
    GridwrightError,
    InvalidRequestError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    OutcomeUnknownError,
    ProviderError,
    TransportError,
    UnexpectedReplyError,
    UploadError,
)

__all__ = ["exit_status", "failure_data"]

# The first that an error is one of counts.
_BY_KIND: tuple[tuple[tuple[type[GridwrightError], ...], int], ...] = (
    ((ConfigurationError, InvalidRequestError), 2),
    ((LimitError, BusyError), 3),
    ((AuthenticationError, NotSubscribedError, ConsentError), 4),
    ((NoDataError,), 5),
    ((ProviderError,), 6),
    ((OutcomeUnknownError,), 8),
    ((TransportError,), 7),
    ((UnexpectedReplyError,), 9),
    ((UploadError, DownloadError), 1),
)


def exit_status(error: GridwrightError) -> int:
    """Return the exit status that an error gives."""
    return next((status for kinds, status in _BY_KIND if isinstance(error, kinds)), 1)


def failure_data(error: GridwrightError) -> dict[str, Any]:
    """Return an error for a machine; no value that was sent or came back is in it."""
    found: dict[str, Any] = {
        "kind": type(error).__name__,
        "exit_status": exit_status(error),
        "message": str(error),
    }
    if isinstance(error, ProviderError):
        found |= {"code": error.code, "gloss": error.gloss, "http_status": error.http_status}
    if error.retry_at is not None:
        found["retry_at"] = error.retry_at.isoformat()
    if error.transaction_id:
        found["transaction_id"] = error.transaction_id
    if isinstance(error, ConsentError) and error.consent_from is not None:
        found["consent_from"] = error.consent_from.isoformat()
    problems = getattr(error, "problems", ())
    if problems:
        found["problems"] = [
            {"path": one.path, "rule": one.rule, "label": one.label, "source": one.source}
            for one in problems
        ]
    return found

"""What the applications of all mocks share: paths that lead nowhere, or to two places."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..clock import Clock
from ..errors import ConfigurationError
from .journal import Journal, JournalEntry
from .sending import page

__all__ = ["Addressed", "Keeper", "page_for", "refuse_shared_paths"]


class Addressed(Protocol):
    """An operation, as far as its address goes."""

    @property
    def path(self) -> str:
        """Below the server's address."""

    @property
    def call(self) -> str:
        """The name for messages."""


class Keeper(Protocol):
    """A mock, as far as its journal goes."""

    @property
    def clock(self) -> Clock:
        """What time it is."""

    @property
    def journal(self) -> Journal:
        """What it was asked."""


def page_for(mock: Keeper) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return what answers requests that no operation takes, by a page and a line in the journal."""

    async def handle(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        outcome = "not-found" if status == 404 else "wrong-method"
        mock.journal.write(
            JournalEntry(
                time=mock.clock.now(),
                operation=None,
                method=request.method if request.method in _METHODS else "other",
                status=status,
                outcome=outcome,
            )
        )
        response = page(status, outcome.replace("-", " "))
        allowed = (error.headers or {}).get("Allow") if isinstance(error, HTTPException) else None
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed.split(", ")))
        return response

    return handle


def refuse_shared_paths(operations: Iterable[Addressed]) -> None:
    """Make sure that every path leads to one operation.

    Raises:
        ConfigurationError: two of them share a path.
    """
    seen: dict[str, Addressed] = {}
    for operation in operations:
        other = seen.setdefault(operation.path, operation)
        if other is not operation:
            raise ConfigurationError(f"{other.call} and {operation.call} have the same path")


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

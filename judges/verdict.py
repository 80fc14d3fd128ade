"""What a judge says of a system."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

__all__ = ["Exchange", "Judge", "Mock", "Verdict", "failed", "not_for", "passed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cell of the matrix.

    Attributes:
        word: ok, failed, "-" (the judge is not for such a system) or not run.
        note: what was counted, what failed, or why it did not run.
    """

    word: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that reached a mock, and its reply.

    Attributes:
        judge: the name of the judge that was at work.
    """

    judge: str
    method: str
    path: str
    request_type: str
    request: bytes
    status: int
    reply_type: str
    reply: bytes


@dataclass(slots=True)
class Mock:
    """The mock of a system, running on this machine, and what was said to it.

    Attributes:
        fresh: makes another such mock, as an ASGI application.
        interface: what ``interface.json`` says of the system.
        schemas: the folder of what is exported.
        judge: the name of the judge that is at work.
    """

    system: str
    url: str
    fresh: Callable[[], ASGIApp]
    interface: dict[str, Any]
    schemas: Path
    exchanges: list[Exchange]
    judge: str = ""

    @property
    def openapi(self) -> Path | None:
        """The exported OpenAPI document; None where messages are SOAP."""
        path = self.schemas / "openapi.json"
        return path if path.is_file() else None


@dataclass(frozen=True, slots=True)
class Judge:
    """One row of the matrix; ``run`` gets the system's running mock."""

    name: str
    judges: str
    run: Callable[[Mock], Verdict]


def passed(note: str = "") -> Verdict:
    """Say that nothing was found."""
    return Verdict("ok", note)


def failed(note: str) -> Verdict:
    """Say what was found."""
    return Verdict("failed", note)


def not_for(note: str = "") -> Verdict:
    """Say that there is nothing to judge."""
    return Verdict("-", note)

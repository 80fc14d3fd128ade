"""What a judge says of a system."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Judge", "Mock", "Verdict", "failed", "not_for", "passed"]


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
class Mock:
    """The mock of a system, running on this machine."""

    system: str
    url: str


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

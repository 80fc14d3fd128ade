"""What the mock of a system of services answers from, as `services` asks for it."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from .world import Answer as ServiceAnswer
from .world import Question as ServiceQuestion
from .world import ReceivedFile, Refusal

__all__ = ["Answer", "ReceivedFile", "ServiceAnswer", "ServiceQuestion", "ServiceWorld"]

Answer: TypeAlias = ServiceAnswer | Refusal


class ServiceWorld(Protocol):
    """Remembered records behind the operations of one system; safe to share between threads."""

    def answer(self, operation: str, question: ServiceQuestion) -> Answer:
        """Carry out one operation, by its Python name."""

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Return a reply whose own fields say no; None where it has none that could.

        A verdict that the system's document gives comes before it.
        """

"""What the mock of a system with bodies answers from. Knows no wire names and no formats."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from .world import Refusal

__all__ = ["BodyAnswer", "BodyWorld"]

BodyAnswer: TypeAlias = Mapping[str, object] | Refusal
"""The payload of a reply by Python field names, nested like the models; or a refusal.

A key whose value is None is written as a missing value, a key that is not there is left out.
"""


class BodyWorld(Protocol):
    """Remembered records behind the operations of one system; safe to share between threads."""

    def answer(self, operation: str, arguments: Mapping[str, object]) -> BodyAnswer:
        """Carry out one operation.

        Args:
            operation: its Python name.
            arguments: the payload of the request by Python field names, nested likewise: text,
                int, Decimal, aware datetimes, None, lists and mappings.
        """

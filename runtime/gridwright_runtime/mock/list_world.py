"""What the mock of a system of lists answers from, as `engine` asks for it."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol, TypeAlias

from .world import Refusal

__all__ = ["ListAnswer", "ListWorld"]

ListAnswer: TypeAlias = Sequence[Mapping[str, object]] | Refusal
"""Records by Python field name, or a refusal.

A value of None is missing. A field that a record leaves out is missing too where the document
has it, and not sent at all where it is optional.
"""


class ListWorld(Protocol):
    """Invented data behind the operations of one system.

    Answers repeat: between two values of `version`, the same question has the same answer.
    """

    def reply(self, operation: str, arguments: Mapping[str, object]) -> ListAnswer:
        """Answer one operation.

        Args:
            operation: its Python name.
            arguments: Python values by Python name, as the client's method takes them, but for
                datetimes, which are the naive wall clock of the service; None: not given.
        """

    def version(self) -> Hashable:
        """Return a value that changes whenever an answer may change."""

    def response_time(self) -> str:
        """Return the present as the service writes it into its replies."""

"""A world for any system: records invented from its models, and about what is asked.

A field named like an argument has its value; the rest is invented by `Inventor`, within all that
the document declares. Nothing is remembered.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ...errors import ConfigurationError
from ...interface import Operation
from ..facts import Facts
from ..invention import Inventor, asked_for
from ..reply_naming import problems_by_name
from ..world import Answer, Question, Refusal

__all__ = ["Invented"]


class Invented:
    """Answers every operation: a list with so many records, a record, or a value."""

    def __init__(
        self,
        operations: Sequence[Operation[Any]],
        *,
        seed: int,
        records: int = 8,
        facts: Facts | None = None,
    ) -> None:
        self._operations = {operation.name: operation for operation in operations}
        self._inventor = Inventor(facts, seed=seed)
        self._records = records

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Invent the answer to one operation.

        Raises:
            ConfigurationError: the world was not told of the operation.
        """
        known = self._operations.get(operation)
        if known is None:
            raise ConfigurationError(f"the invented world was not told of {operation}")
        match known.reply.shape:
            case "none":
                return Answer()
            case "list":
                model = known.reply.model
                wanted = asked_for(model, question.arguments) if model is not None else []
                rows = [
                    self._invent(known, {**question.arguments, **row}, number)
                    for number, row in enumerate(wanted or [{}] * self._records, 1)
                ]
                return Answer(payload=rows)
            case "value":
                found = self._invent(known, question.arguments, 0)
                return Answer(payload=next(iter(found.values()), None))
            case "record":
                return Answer(payload=self._invent(known, question.arguments, 0))

    def version(self) -> Hashable:
        """Return always the same: nothing changes here."""
        return 0

    def _invent(
        self, operation: Operation[Any], arguments: Mapping[str, object], number: int
    ) -> dict[str, object]:
        model = operation.reply.model
        if model is None:
            return {}
        name = (operation.system, operation.name, number)
        record = self._inventor.record(model, arguments, *name)
        return self._inventor.mended(
            record, model, lambda found: problems_by_name(operation, found), *name
        )

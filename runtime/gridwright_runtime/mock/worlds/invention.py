"""A world for any system: records invented from its models, and about what is asked.

A field named like an argument has its value; the rest is invented by `Inventor`, within all that
the document declares. Nothing is remembered.

Where records are read in parts, there are three times as many, in a fixed order, and a question
gets the rows that it names.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ...errors import ConfigurationError
from ...interface import Operation
from ...record import Record
from ..days import IntervalsByName
from ..echoing import put_echoes
from ..facts import Facts, PagesByName, RowsOf
from ..invention import Inventor, asked_for
from ..reply_naming import problems_by_name
from ..rows import key_value, number_at, put_at, row_model
from ..world import Answer, Question, Refusal

__all__ = ["Invented"]


class Invented:
    """Answers every operation: a list with so many records, a record, or a value.

    Args:
        operations: what it answers.
        seed: the same seed gives the same records.
        records: how many there are in a list; three times as many where it is read in parts.
        facts: what is known of fields beyond their types.
        pages: how the records of long answers are asked for.
        intervals: what says the intervals of values; a list of them makes up a day.
    """

    def __init__(
        self,
        operations: Sequence[Operation[Any]],
        *,
        seed: int,
        records: int = 8,
        facts: Facts | None = None,
        pages: PagesByName | None = None,
        intervals: IntervalsByName | None = None,
    ) -> None:
        self._operations = {operation.name: operation for operation in operations}
        self._inventor = Inventor(facts, seed=seed, intervals=intervals)
        self._records = records
        self._pages = pages or {}

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Invent the answer to one operation.

        Raises:
            ConfigurationError: the world was not told of the operation.
        """
        known = self._operations.get(operation)
        if known is None:
            raise ConfigurationError(f"the invented world was not told of {operation}")
        rows = self._pages.get(operation)
        if rows is not None:
            return Answer(payload=self._page(known, rows, question.arguments))
        match known.reply.shape:
            case "none":
                return Answer()
            case "file":
                return Answer(payload=f"invented file of {operation}\n".encode())
            case "list":
                return Answer(payload=self._list(known, question.arguments))
            case "value":
                value = self._invent(known, question.arguments, 0)
                return Answer(payload=next(iter(value.values()), None))
            case "record" if known.reply.packing == "zip_of_many":
                numbers = range(1, self._records + 1)
                return Answer(payload=[self._invent(known, question.arguments, n) for n in numbers])
            case "record":
                return Answer(payload=self._invent(known, question.arguments, 0))

    def version(self) -> Hashable:
        """Return always the same: nothing changes here."""
        return 0

    def _list(
        self, operation: Operation[Any], arguments: Mapping[str, object]
    ) -> list[dict[str, object]]:
        model, name = operation.reply.model, (operation.system, operation.name)
        if model is None:
            return []
        count = self._inventor.day_of(model, arguments, *name) or self._records
        given = [{**arguments, **row} for row in asked_for(model, arguments) or [{}] * count]
        rows = self._inventor.list_of(model, given, *name, first=1)
        return [
            self._mended(operation, row, arguments, *name, number)
            for number, row in enumerate(rows, 1)
        ]

    def _page(
        self, operation: Operation[Any], rows: RowsOf, arguments: Mapping[str, object]
    ) -> object:
        """Invent the rows that were asked for, and what stands around them."""
        total = self._records * _TIMES
        first = number_at(arguments, rows.first, otherwise=1)
        last = min(number_at(arguments, rows.last, otherwise=total), total)
        numbers = range(max(first, 1), last + 1)
        model, key = operation.reply.model, rows.pages.key
        if model is None:
            return None
        if operation.reply.shape == "list":
            return [
                self._invent(operation, {**arguments, key: key_value(model, key, number)}, number)
                for number in numbers
            ]
        name = (operation.system, operation.name)
        inner = row_model(model, rows.pages.records)
        given = {name: value for name, value in arguments.items() if not isinstance(value, list)}
        payload = self._inventor.record(model, given, *name)
        found = [
            self._inventor.record(
                inner, {**given, key: key_value(inner, key, number)}, *name, number
            )
            for number in numbers
        ]
        put_at(payload, rows.pages.records, found)
        if rows.pages.total:
            put_at(payload, rows.pages.total, total)
        return self._mended(operation, payload, arguments, *name)

    def _invent(
        self, operation: Operation[Any], arguments: Mapping[str, object], number: int
    ) -> dict[str, object]:
        model = operation.reply.model
        if model is None:
            return {}
        name = (operation.system, operation.name, number)
        record = self._inventor.record(model, arguments, *name)
        return self._mended(operation, record, arguments, *name)

    def _mended(
        self,
        operation: Operation[Any],
        record: dict[str, object],
        arguments: Mapping[str, object],
        *name: object,
    ) -> dict[str, object]:
        put_echoes(operation.reply, record, arguments)
        return self._inventor.mended(
            record,
            operation.reply.model or Record,
            lambda found: problems_by_name(operation, found),
            *name,
        )


_TIMES = 3

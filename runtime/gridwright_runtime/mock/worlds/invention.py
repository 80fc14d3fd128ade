"""A world for any system: records invented from its models, and about what is asked.

A field named like an argument has its value; the rest is invented by `Inventor`, within all that
the document declares. Nothing is remembered.

Where records are read in parts, there are three times as many, in an order that only those change
who let records come and go, and a question gets the rows that it names.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import msgspec

from ...clock import Clock
from ...errors import ConfigurationError
from ...interface import Operation
from ...walks.pages import InReply, Links, Tokens, Undivided
from ..days import IntervalsByName
from ..facts import Facts, PagesByName, RowsOf
from ..inventing.echoes import count_asked, put_echoes
from ..inventing.mending import mended
from ..inventing.page_windows import PageMemory, PageWindow
from ..inventing.publishing import as_published
from ..inventing.rows import distinct, key_values, put_at, row_model
from ..inventing.values import Inventor, requested_records
from ..replies.reply_naming import form_of, problems_by_name
from ..world import PAGE_MARK, Answer, Question, Refusal

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
        clock: what time it is, for what is published late, and corrected; None: all is final.
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
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock
        self._operations = {operation.name: operation for operation in operations}
        self._inventor = Inventor(facts, seed=seed, intervals=intervals)
        self._records = records
        self._pages = pages or {}
        self._rows: dict[str, list[int]] = {}
        self._memory = PageMemory()
        self._version = 0

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Invent the answer to one operation.

        Raises:
            ConfigurationError: the world was not told of the operation.
        """
        known = self._operations.get(operation)
        if known is None:
            raise ConfigurationError(f"the invented world was not told of {operation}")
        answer = self._answer(known, question)
        if self._clock is None or known.harvest is None:
            return answer
        return as_published(known, question, answer, self._clock.now())

    def _answer(self, known: Operation[Any], question: Question) -> Answer | Refusal:
        operation = known.name
        rows = self._pages.get(operation)
        if rows is not None and not self._is_one_list(known, rows):
            return self._page(known, rows, question)
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
                # Each document of an archive is about one of the things that a list asks for.
                count = max(self._records, count_asked(known.reply, question.arguments))
                numbers = range(1, count + 1)
                return Answer(payload=[self._invent(known, question.arguments, n) for n in numbers])
            case "record":
                return Answer(payload=self._invent(known, question.arguments, 0))

    def _is_one_list(self, known: Operation[Any], rows: RowsOf) -> bool:
        """Say whether one call brings all of a list, which nobody has let grow or shrink."""
        is_whole = isinstance(rows.pages.form, Undivided) and known.reply.shape == "list"
        return is_whole and known.name not in self._rows

    def version(self) -> Hashable:
        """Return the same as long as nobody changes rows, and no value does by itself."""
        changes = any(
            known.harvest is not None
            and (known.harvest.published_seconds or known.harvest.corrected_seconds)
            for known in self._operations.values()
        )
        if changes and self._clock is not None:
            return self._version, self._clock.now()
        return self._version

    def rows(self, operation: str) -> list[int]:
        """Return the rows of a long answer by their numbers, in order.

        Whoever changes them lets records come and go; see `touch`.
        """
        total = self._records * _TIMES
        return self._rows.setdefault(operation, list(range(1, total + 1)))

    def touch(self) -> None:
        """Let nothing that was answered before be answered again from memory."""
        self._version += 1

    def _list(
        self, operation: Operation[Any], arguments: Mapping[str, object]
    ) -> list[dict[str, object]]:
        model, name = operation.reply.model, (operation.system, operation.name)
        if model is None:
            return []
        day = self._inventor.day_of(model, arguments, *name)
        asked = requested_records(model, arguments) or [{}] * count_asked(
            operation.reply, arguments
        )
        # Of each thing that is asked for there is one row, or a day of rows.
        each = day or (1 if asked else self._records)
        given = [{**arguments, **row} for row in asked or [{}] for _ in range(each)]
        rows = self._inventor.list_of(model, given, *name, first=1)
        found = [
            self._formed(operation, {**one, **row}, arguments, at // each, *name, at + 1)
            if operation.reply.variants
            else self._mended(operation, row, arguments, at // each, *name, at + 1)
            for at, (one, row) in enumerate(zip(given, rows, strict=True))
        ]
        found = distinct(found, _name_of_key(operation))
        return found if day else distinct(found, _key_of(operation))

    def _page(
        self, operation: Operation[Any], rows: RowsOf, question: Question
    ) -> Answer | Refusal:
        """Invent the rows that were asked for, and what stands around them."""
        arguments, model = question.arguments, operation.reply.model
        numbers = self.rows(operation.name)
        window = self._memory.window(rows, arguments, question.page, numbers)
        if window is None:
            return Refusal("bad-request", "mock-4003", "mock: there is no such page")
        if model is None:
            return Answer()
        said = _page_values(rows, window, len(numbers), question)
        headers = tuple((name, value) for (name, is_header), value in said.items() if is_header)
        around = {path: value for (path, is_header), value in said.items() if not is_header}
        key = rows.pages.key
        if operation.reply.shape == "list":
            found = [self._row(operation, arguments, key, number) for number in window.numbers]
            beside = {path.removeprefix(_BESIDE): value for path, value in around.items()}
            beside = _only_number(operation, arguments, beside, len(numbers)) | beside
            return Answer(payload=found, beside=beside or None, headers=headers)
        name = (operation.system, operation.name)
        inner = row_model(model, rows.pages.records)
        given = {name: value for name, value in arguments.items() if not isinstance(value, list)}
        payload = self._inventor.record(model, given, *name)
        found = [
            self._inventor.record(inner, {**given, **key_values(inner, key, number)}, *name, number)
            for number in window.numbers
        ]
        put_at(payload, rows.pages.records, found)
        for path, value in around.items():
            put_at(payload, path, value)
        first = next(iter(window.numbers), 1) - 1
        mended = self._mended(operation, payload, arguments, first, *name)
        return Answer(payload=mended, headers=headers)

    def _invent(
        self, operation: Operation[Any], arguments: Mapping[str, object], number: int
    ) -> dict[str, object]:
        model = operation.reply.model
        if model is None:
            return {}
        name = (operation.system, operation.name, number)
        record = self._inventor.record(model, arguments, *name)
        is_whole = operation.reply.shape == "record" and not number
        about = None if is_whole else max(number - 1, 0)
        if operation.reply.variants:
            return self._formed(operation, {**arguments, **record}, arguments, about, *name)
        return self._mended(operation, record, arguments, about, *name)

    def _row(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, object],
        key: str | tuple[str, ...],
        number: int,
    ) -> dict[str, object]:
        """Invent the row of a number, of a list that is read in parts."""
        model = operation.reply.model
        if model is None:
            return {}
        name = (operation.system, operation.name)
        given = {**arguments, **key_values(model, key, number)}
        row = self._inventor.record(model, given, *name, number)
        if operation.reply.variants:
            row = self._formed(operation, {**given, **row}, arguments, number - 1, *name, number)
        self._inventor.put_at_its_time(model, row, arguments, number - 1, *name)
        return self._mended(operation, row, arguments, number - 1, *name, number)

    def _formed(
        self,
        operation: Operation[Any],
        known: Mapping[str, object],
        arguments: Mapping[str, object],
        about: int | None,
        *name: object,
    ) -> dict[str, object]:
        """Invent a record in the form that its codes decide, with all that is known of it."""
        model = form_of(operation, known)
        record = self._inventor.record(model, known, *name)
        return self._mended(operation, record, arguments, about, *name)

    def _mended(
        self,
        operation: Operation[Any],
        record: dict[str, object],
        arguments: Mapping[str, object],
        about: int | None,
        *name: object,
    ) -> dict[str, object]:
        """Let a record say again what was asked, and mend what the document objects to.

        Args:
            operation: what is answered.
            record: by Python names.
            arguments: what was asked.
            about: which of several things that a list asks for it is about, from 0, or the first
                row of a page that it holds; None: all.
            name: what invented values belong to.
        """
        put_echoes(operation.reply, record, arguments, about)
        return mended(
            self._inventor,
            record,
            form_of(operation, record),
            lambda found: problems_by_name(operation, found),
            *name,
        )


def _name_of_key(operation: Operation[Any]) -> tuple[str, ...]:
    """Return the field whose value is the key of a row in JSON, where rows have one."""
    reply = operation.reply
    fields = msgspec.structs.fields(reply.model) if reply.keyed_by and reply.model else ()
    return tuple(info.name for info in fields if info.encode_name == reply.keyed_by)


def _key_of(operation: Operation[Any]) -> tuple[str, ...]:
    """Return the fields that tell the rows of a harvest apart."""
    return operation.harvest.key if operation.harvest is not None else ()


def _only_number(
    operation: Operation[Any],
    arguments: Mapping[str, object],
    said: Mapping[str, object],
    count: int,
) -> dict[str, object]:
    """Return the count of all rows for the only whole number beside a list, if it is the only one.

    Nothing says that it is their count, but any other would contradict what a walk brings. Of
    several, nobody knows which is.
    """
    model = operation.reply.beside
    fields = msgspec.structs.fields(model) if model is not None else ()
    numbers = [info.name for info in fields if info.type in (int, int | None)]
    if len(numbers) != 1 or numbers[0] in said or numbers[0] in arguments:
        return {}
    return {numbers[0]: count}


def _page_values(
    rows: RowsOf, window: PageWindow, count: int, question: Question
) -> dict[tuple[str, bool], Any]:
    """Return what a page says of itself, by the place, and whether that is a header."""
    pages, found = rows.pages, dict[tuple[str, bool], Any]()

    def say(place: InReply | None, value: object) -> None:
        if place is not None:
            is_header = bool(place.header)
            found[place.header or place.field, is_header] = str(value) if is_header else value

    say(InReply(pages.total) if pages.total else pages.total_at, count)
    say(pages.pages_at, -(-count // window.size))
    if pages.more_at is not None:
        say(pages.more_at, _more(pages.more, not window.is_last))
    form = pages.form
    if isinstance(form, Tokens):
        if window.mark or not form.read.header:
            say(form.read, window.mark or None)
    elif isinstance(form, Links):
        joint = "&" if "?" in question.address else "?"
        link = f"{question.address}{joint}{PAGE_MARK}={window.mark}" if window.mark else None
        if form.read.header and link is not None:
            say(form.read, f'<{link}>; rel="next"')
        elif not form.read.header:
            say(form.read, link)
    return found


def _more(words: tuple[str, ...], is_more: bool) -> object:
    """Return what stands for another page, or for none."""
    if set(words) <= {"true", "false"}:
        return ("true" in words) == is_more
    if is_more:
        return words[0]
    return next(word for word in ("N", "0", "no", "end") if word not in words)


_BESIDE = "beside."
_TIMES = 3

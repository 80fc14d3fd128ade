"""Take a body in CSV apart: its encoding, its heading, its rows."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import Any

from msgspec import Struct

from ...codecs.body import MalformedBody
from ...codecs.charsets import charset_of, is_surely_utf8, python_charset
from ...interface import CsvForm, ReplySpec
from ...problems import Problem
from ...redact import printable
from ...values.convert import shape_of
from ..decoded_body import problem_at
from ..trees import REPEATED
from .csv_lines import count_cells, kept_lines

__all__ = ["Columns", "CsvTable"]


class Columns(Struct, frozen=True, kw_only=True):
    """Where the fields of a record stand in a row."""

    width: int
    """How many cells a row has."""
    places: Mapping[str, int]
    """By the wire name of a field, the number of its column."""
    absent: tuple[str, ...] = ()
    """Wire names of fields without a column, which the document does not call optional."""
    loose: frozenset[str] = frozenset()
    """Those that only some forms of the record have."""
    unusual: tuple[Problem, ...] = ()
    """How the heading departs from the document."""
    unreadable: tuple[Problem, ...] = ()
    """Fields of which it is a guess where they stand."""
    is_last_nameless: bool = False
    """The heading ends in a separator, so that nothing names what stands behind it in a row."""


class CsvTable:
    """The rows of a body, read from it piece by piece."""

    def __init__(self, reply: ReplySpec[Any], body: bytes, content_type: str) -> None:
        """Open a body.

        Raises:
            MalformedBody: it has no heading where one is due, or that of something else.
        """
        form = reply.csv or CsvForm()
        charset, self.unusual = _charset(body, form, content_type)
        lines = TextIOWrapper(BytesIO(body), charset, newline="")
        self._reader = csv.reader(lines, delimiter=form.separator, strict=True)
        self._rows: Iterator[list[str]] = self._reader
        if form.rows or form.ignore or form.end:
            self._rows = kept_lines(self._reader, form)
        self._skipped = form.skip
        self._missing = frozenset(text.strip(_BLANKS) for text in form.missing)
        heading = None
        try:
            for _ in range(form.skip):
                lines.readline()
            if form.heading:
                heading = next(self._rows, [])
        except (csv.Error, UnicodeDecodeError) as error:
            problem = self._describe_error(error)
        else:
            self.columns = _columns(reply, form, heading)
            return
        raise MalformedBody(problem)

    def missing_among(self, cells: Sequence[str]) -> frozenset[str]:
        """Return those of the cells that hold nothing; blanks around a text for it do not count."""
        empty = frozenset({""}).intersection(cells)
        # To look into each cell takes as long as to read a number from it.
        joined = "".join(cells) if self._missing else ""
        if not any(text in joined for text in self._missing):
            return empty
        return empty.union(cell for cell in {*cells} if cell.strip(_BLANKS) in self._missing)

    def chunks(self) -> Iterator[list[list[str]]]:
        """Yield the rows, many at a time.

        Raises:
            MalformedBody: they end within quotes, or are of another encoding.
        """
        while True:
            try:
                rows = list(islice(self._rows, _ROWS))
            except (csv.Error, UnicodeDecodeError) as error:
                problem = self._describe_error(error)
                break
            if not rows:
                return
            yield rows
        # Not chained: the library's message may quote the body.
        raise MalformedBody(problem)

    def wire(self, row: Sequence[str]) -> dict[str, object] | None:
        """Return a row by wire names; None where its cells are not those of the columns."""
        columns = self.columns
        if len(row) != columns.width and (len(row) < columns.width or any(row[columns.width :])):
            return None
        found: dict[str, object] = dict.fromkeys(columns.absent)
        for name, place in columns.places.items():
            cell = row[place]
            if cell and cell.strip(_BLANKS) not in self._missing:
                found[name] = cell
            elif name not in columns.loose:
                found[name] = None
        return found

    def records(self, unusual: list[Problem]) -> Iterator[dict[str, object]]:
        """Yield the rows that can be read, by wire names; ``unusual`` takes how they depart."""
        count = 0
        for rows in self.chunks():
            for row in filter(None, rows):
                wire = self.wire(row)
                if wire is not None:
                    if len(row) > self.columns.width:
                        unusual.append(problem_at(f"records[{count}]", "other-cells", _MORE))
                    elif self.columns.is_last_nameless and row[-1].strip(_BLANKS):
                        unusual.append(problem_at(f"records[{count}]", "other-cells", _NAMELESS))
                    count += 1
                    yield wire

    def _describe_error(self, error: Exception) -> str:
        if isinstance(error, UnicodeDecodeError):
            return "the CSV body is not of the encoding that is named"
        number = self._reader.line_num + self._skipped
        return f"the CSV body is malformed or cut off at line {number}"


def _charset(body: bytes, form: CsvForm, content_type: str) -> tuple[str, tuple[Problem, ...]]:
    if body.startswith(_UTF16_MARKS):
        return "utf-16", ()
    if body.startswith(_MARK) or body.isascii():
        return "utf-8-sig", ()
    named = python_charset(form.encoding) if form.encoding else None
    if named is None:
        return charset_of(body, content_type), ()
    if named == "utf-8" or not is_surely_utf8(body, named):
        return named, ()
    return "utf-8", (problem_at("", "other-encoding", f"is written in UTF-8, not {form.encoding}"),)


def _columns(reply: ReplySpec[Any], form: CsvForm, heading: Sequence[str] | None) -> Columns:
    model: Any = reply.model
    fields = shape_of(model).fields
    first = count_cells(form.rows, form.separator)
    if heading is None:
        places = {field.wire: place for place, field in enumerate(fields, first)}
        return Columns(width=first + len(fields), places=places)
    own = {field.wire for field in fields}
    known = own.union(*(shape_of(form.model).wires for form in reply.variants))
    names = [name.strip(_BLANKS) for name in heading]
    also: Mapping[str, str] = model.__also__
    if not {*names[first:]} & {*known, *also}:
        raise MalformedBody("the CSV body has none of the columns that the document names")
    unusual: list[Problem] = []
    unreadable: list[Problem] = []
    places = {}
    if form.rows:
        # What tells the kinds of lines apart may go on, such as by a version.
        numbers = range(first, len(names))
        first = next((n for n in numbers if names[n] in known or names[n] in also), first)
    for place, name in enumerate(names[first:], first):
        wire = also[name] if name in also and also[name] not in names else name
        if wire in known and wire in places:
            unreadable.append(problem_at(wire, "repeated-field", REPEATED))
        elif wire in known or (model.__open__ and name):
            places[wire] = place
        if wire in known and wire != name:
            unusual.append(problem_at(wire, "renamed-field", f"is called {name!r} on the wire"))
        elif wire not in known and (name or place + 1 < len(names)) and not model.__open__:
            # Rows may end in a separator, and the heading likewise.
            unusual.append(
                problem_at(printable(name, 60), "unknown-field", "is not in the document")
            )
    absent = [field.wire for field in fields if field.wire not in places and not field.default]
    unusual += [problem_at(wire, "missing-field", "is no column of the table") for wire in absent]
    return Columns(
        width=len(names),
        places=places,
        absent=tuple(absent),
        loose=frozenset(known - own),
        unusual=tuple(unusual),
        unreadable=tuple(unreadable),
        is_last_nameless=not names[-1] and not model.__open__,
    )


_ROWS = 100
"""Read at once: few enough to stay in the cache of the processor, which halves the time."""
_BLANKS = " \t"
_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MORE = "has an empty cell more than the table has columns"
_NAMELESS = "has a value in a column without a name"

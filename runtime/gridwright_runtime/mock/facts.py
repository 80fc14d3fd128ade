"""Facts that an invented world needs beside the types of fields.

Generated mocks pass these facts to `build_application`, by the name of the record's class and the
wire name of the field. What holds of a class, holds of those that extend it::

    FACTS: Facts = {
        "IndexResponse": {
            "powerType": FieldFacts(codes=("ACTIVE", "INDUCTIVE")),
            "meterBrand": FieldFacts(max_characters=40),
            "factor": FieldFacts(digits=10, decimals=4),
            "reading_hm": FieldFacts(pattern="hhmi"),
            "firstMeasureDate": FieldFacts(starts_before="lastMeasureDate"),
        },
    }

Of operations that are read in parts, generated mocks say which arguments name the rows::

    PAGES: PagesByName = {
        "search_indexes": RowsOf(
            operations.SEARCH_INDEXES_PAGES, first="row_range.begin", last="row_range.end"
        ),
    }
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from ..walks.pages import Pages

__all__ = ["Facts", "FieldFacts", "PagesByName", "RowsOf"]


class FieldFacts(Struct, frozen=True, kw_only=True):
    """What the document says of one field; nothing that its type says already."""

    codes: tuple[str | int, ...] = ()
    """What it may be; empty: anything."""
    min_characters: int | None = None
    max_characters: int | None = None
    max_bytes: int | None = None
    """In the encoding of the document."""
    digits: int | None = None
    """How many a number may have before the point."""
    decimals: int | None = None
    """How many a number may have behind it."""
    pattern: str = ""
    """How a text is written that is a date or a time: ``yyyymmdd``, ``hhmi``, ``date-time`` …"""
    starts_before: str = ""
    """The wire name of the field of the same record that is not before this one."""
    required: bool = False
    """It must have a value, whatever its type says."""
    examples: tuple[str, ...] = ()
    """Values that the document shows, where it says what they have to look like."""
    lengths: tuple[tuple[int, int | None], ...] = ()
    """How long a text may be: ranges, each with its least and its most."""
    letters: tuple[str, ...] = ()
    """Of a text of a certain form, the characters of which one stands at each place."""
    range: tuple[str, str, str] | None = None
    """The smallest and the largest number, and what it is a multiple of; empty: nothing is said."""
    count: tuple[int, int | None] | None = None
    """The least and the most items of a list."""


Facts: TypeAlias = Mapping[str, Mapping[str, FieldFacts]]
"""Facts by the name of a record's class, then by wire name."""


class RowsOf(Struct, frozen=True):
    """How the records of a long answer are asked for, in Python names joined by dots."""

    pages: Pages
    """How a page is asked for, and where the payload says what a page needs."""
    first: str = ""
    """The argument with what a page is asked for by: the number of its first row, its own number,
    how many records are left out before it, or a token."""
    last: str = ""
    """The argument with the number of the last row."""
    size: str = ""
    """The argument with the number of records that are asked for."""


PagesByName: TypeAlias = Mapping[str, RowsOf]
"""By the Python name of the operation."""

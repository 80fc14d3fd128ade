"""Replies: verdicts, forms, statuses."""

from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.records import Field, Record, WireName
from gridwright.ir.requests import Element, Language, Pairs
from gridwright.ir.words import Layout, Packing, Shape

__all__ = [
    "Case",
    "Consent",
    "CsvForm",
    "Envelope",
    "ErrorCode",
    "FailureKind",
    "Reply",
    "Status",
    "Variant",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """A known failure code; ``error`` is a slug of the error tree.

    Attributes:
        breaks: name of the limit that is used up by it; empty: none.
    """

    code: str
    error: str
    en: str
    breaks: str = ""
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A refusal that names the first day for which there is consent."""

    sentence: str
    date_after: str
    pattern: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKind:
    """One value of the header field that names the kind of failure; a slug of the error tree."""

    value: str
    error: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a reply means by how it looks; all that it says must hold.

    Attributes:
        root: names of the root element; empty: any.
        status: HTTP statuses, such as 400 or 5xx; empty: any.
        when: header field and the values of which it has one.
        contains: header field and a text within it.
        has: wire names that lead to something that is there; empty: nothing is asked.
        lacks: wire names that lead to something that is not there, likewise.
        error: a slug of the error tree, or none for success.
        breaks: name of the limit that is used up by it; empty: none.
    """

    root: tuple[str, ...]
    status: tuple[str, ...]
    when: tuple[tuple[str, tuple[str, ...]], ...]
    contains: tuple[tuple[str, str], ...]
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    error: str
    en: str
    breaks: str = ""
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What wraps a reply, and what success is inside it.

    Attributes:
        root: of the messages that have the header; None: that of the reply.
        header_under: wire names of the containers around the header.
        header_optional: a success may do without the header.
        header_formats: the formats in which the header element stands.
        success: header field and the values that mean success.
        cases: the first that holds decides, before ``success`` and ``errors``.
        code: header field with the provider's code; empty: none.
        message: header field with the provider's words; empty: none.
        failure_in_list: not None: a failure may stand inside the data list.
        of_items: it judges the items of lists, one by one; it has no header of its own, and its
            names are those of fields of an item.
        partial: not None: the header is a list of failures beside the data, and each entry of it
            says for itself what failed.
    """

    name: str
    root: Element | None
    header: Element
    header_under: tuple[str, ...]
    header_optional: bool
    header_also: tuple[WireName, ...]
    header_formats: tuple[str, ...]
    fields: tuple[Field, ...]
    payload: Element | None
    success: tuple[tuple[str, tuple[str, ...]], ...]
    cases: tuple[Case, ...]
    code: str
    message: str
    errors: tuple[ErrorCode, ...]
    failure_in_list: Citation | None
    consent: Consent | None
    pairs: Pairs | None
    language: Language | None
    identity: str
    kind_field: str
    kinds: tuple[FailureKind, ...]
    of_items: bool = False
    partial: Citation | None = None
    cite: Citation
    span: Span

    @property
    def names(self) -> tuple[str, ...]:
        """The wire names of the fields by which it judges, in no particular order."""
        asked = (pair[0] for case in self.cases for pair in (*case.when, *case.contains))
        named = (self.code, self.message, self.kind_field, *(wire for wire, _ in self.success))
        return tuple(dict.fromkeys(wire for wire in (*named, *asked) if wire))

    @property
    def path(self) -> tuple[str, ...]:
        """Wire names that lead to what holds the header's fields; () is the root."""
        own = () if self.header.wire in ("", ".") else (self.header.wire,)
        return (*self.header_under, *own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A form of a reply that some of its codes decide, by wire names; all must hold."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    record: Record
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How tables in CSV are written.

    Attributes:
        separator: the sign between two cells.
        heading: the first row names the columns; else they stand in the order of the fields.
        skip: lines before the table.
        encoding: the character encoding; empty: the document names none.
        missing: texts that stand for a missing value, beside the empty one.
        ignore: what lines begin with that are no rows, wherever they stand.
        rows: what each row begins with; empty: all lines that are not ignored are rows.
        heading_line: what the line begins with that names the columns; empty: the first.
        end: what the last line begins with, without which a table is cut off; empty: any.
    """

    separator: str = ","
    heading: bool = True
    skip: int = 0
    encoding: str = ""
    missing: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rows: str = ""
    heading_line: str = ""
    end: str = ""
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What comes back.

    Attributes:
        payload: wire names that lead from the root of the message to the record, the list or the
            value; the root element of XML is not among them.
        is_message: ``record`` describes the whole message, in which the payload stands.
        variants: records that extend ``record``, for some values of its fields.
        attachments: further parts may come along.
        root: the XML root; None where no XML is offered.
        list: the element that holds the items; None: the root holds the record's fields.
        item: the XML element of one item; None as for ``list``.
        keyed_by: wire name of the field of its items that the keys of such a list are values of.
        names: wire name of the array beside the list that names the columns of its rows.
        named_by: wire name of the field of its items that holds the name; empty: they are texts.
        csv: how tables are written; None where no CSV is offered, or nothing is said of it.
        beside: a record of the values beside the list, or in headers; None: there are none.
        verdict: what judges each item of the list; None: items say nothing of failures.
    """

    shape: Shape
    payload: tuple[str, ...]
    is_message: bool
    root: Element | None
    list: Element | None
    item: Element | None
    record: Record
    layout: Layout = ""
    keyed_by: str = ""
    names: str = ""
    named_by: str = ""
    csv: CsvForm | None = None
    packing: Packing = ""
    beside: Record | None = None
    verdict: Envelope | None = None
    variants: tuple[Variant, ...]
    attachments: bool

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record that is described here: of the payload, its forms, and beside a list."""
        beside = () if self.beside is None else (self.beside,)
        return (self.record, *(variant.record for variant in self.variants), *beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What an HTTP status means; ``error`` is a slug of the error tree, or none for success.

    Attributes:
        code: the status; or its first digit alone, for all others that begin with it.
        breaks: name of the limit that is used up by it; empty: none.
    """

    code: int
    error: str
    label: str
    note: str
    en: str
    breaks: str = ""
    cite: Citation
    span: Span

    @property
    def wire(self) -> str:
        """The status as a spec has it: 404 or 4xx."""
        return str(self.code) if self.code >= _LEAST else f"{self.code}xx"


_LEAST = 100

"""Tell whether tables describe one record, and join them."""

from dataclasses import replace

from gridwright.diagnostics import Span
from gridwright.ir import (
    Citation,
    Field,
    Record,
)

__all__ = ["has_same_facts", "merge_citations"]


_NOWHERE = Span("", 0, 0)


def has_same_facts(one: Record, other: Record) -> bool:
    """Whether two tables describe one record: all facts agree but their lines."""
    return one.namespace == other.namespace and _facts(one) == _facts(other)


def merge_citations(one: Record, other: Record) -> Record:
    """Return ``one`` with the citations of both, where both have the same facts."""
    fields = tuple(
        replace(a, cite=_both_cited(a.cite, b.cite))
        for a, b in zip(one.fields, other.fields, strict=True)
    )
    return replace(one, fields=fields, cite=_both_cited(one.cite, other.cite))


def _both_cited(one: Citation, other: Citation) -> Citation:
    return replace(
        one,
        lines=tuple(dict.fromkeys((*one.lines, *other.lines))),
        amended=tuple(dict.fromkeys((*one.amended, *other.amended))),
    )


def _facts(record: Record) -> list[Field]:
    blank = Citation(lines=(), basis=record.cite.basis)
    return [
        replace(
            f,
            cite=blank,
            span=_NOWHERE,
            note="",
            en="",
            printed_size="",
            also=tuple(replace(w, cite=blank) for w in f.also),
        )
        for f in record.fields
    ]

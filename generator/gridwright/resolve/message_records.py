"""Resolve the records that messages hold: an operation's own, or one that several describe."""

from collections.abc import Mapping
from dataclasses import replace

from gridwright.diagnostics import nearest
from gridwright.ir import (
    Basis,
    Citation,
    Element,
    Field,
    Record,
)
from gridwright.resolve.context import (
    Context,
    cite,
    in_own_zone,
)
from gridwright.resolve.fields import (
    resolve_fields,
)
from gridwright.resolve.namespaces import namespace_of, namespace_of_root
from gridwright.resolve.same_records import has_same_facts, merge_citations
from gridwright.source import Entry, Node
from gridwright.spec_names import PROVISIONAL, RESERVED_ARGUMENTS, RESERVED_FIELDS, UNDOCUMENTED

__all__ = [
    "RESERVED_NAMES",
    "element",
    "element_name",
    "empty_record",
    "holder_of",
    "own_record",
    "shared_record",
]


def element(
    node: Node, context: Context, what: str, stand_in: str = "", *, is_root: bool = False
) -> Element:
    """Resolve a container of a message; ``stand_in`` names it where the document does not."""
    return Element(
        wire=element_name(node, stand_in),
        provisional=node.string("element") == UNDOCUMENTED,
        label=node.string("label"),
        en=node.string("en"),
        namespace=namespace_of_root(node, context) if is_root else namespace_of(node, context),
        formats=node.strings("formats") or ("xml",),
        cite=cite(node, context, what),
        span=(node.get("element") or node).span,
    )


def element_name(node: Node, stand_in: str) -> str:
    """Return the wire name of a container; a provisional one where the document gives none."""
    wire = node.string("element")
    return f"{PROVISIONAL}{stand_in}" if wire == UNDOCUMENTED else wire


def holder_of(field: Field, name: str, value: Entry) -> Record:
    """Make the record that holds one value and nothing else."""
    return Record(
        name=name,
        en=field.en,
        fields=(field,),
        open=False,
        extends="",
        filler=(),
        cite=field.cite,
        span=value.key_span,
    )


def shared_record(of: Node, context: Context, records: Mapping[str, Record]) -> Record | None:
    """Return the record that a message names; None where there is none."""
    name = of.text or ""
    record = records.get(context.record_names.get(name, name))
    if record is None:
        context.report(
            of.span,
            "unknown-record",
            f"no record is called {name!r}",
            nearest(name, context.record_names),
        )
    return record


# Its record has no readings, whose methods would be called so.
RESERVED_NAMES = (RESERVED_FIELDS - {"reading", "readings"}) | RESERVED_ARGUMENTS


def own_record(entry: Entry, node: Node, context: Context, records: dict[str, Record]) -> Record:
    """Return the record that an operation declares for itself, and add it to ``records``."""
    name = node.string("record")
    if not name or node.get("fields") is None:
        context.report(
            node.span,
            "missing-record",
            f"the reply of {entry.key!r} has no record",
            "add `record:` with a class name, and `fields:`",
        )
        return empty_record(entry)
    record = Record(
        name=name,
        en=node.string("record_en") or entry.value.string("en"),
        namespace=namespace_of(node, context),
        fields=resolve_fields(node.children("fields"), in_own_zone(node, context)),
        open=False,
        extends="",
        filler=(),
        cite=replace(cite(entry.value, context, f"record {name!r}"), amended=()),
        span=(node.get("record") or node).span,
    )
    first = records.get(name)
    if first is None:
        records[name] = record
        return record
    if not has_same_facts(first, record):
        context.report(
            record.span,
            "record-mismatch",
            f"record {name!r} is described differently by two operations",
            f"first at {first.span}; give it another name, or correct one by an erratum",
        )
        return first
    records[name] = merge_citations(first, record)
    return records[name]


def empty_record(entry: Entry) -> Record:
    """Return the record of a message that holds nothing."""
    blank = Citation(lines=(), basis=Basis.DOCUMENT)
    return Record(
        name="Nothing",
        en="",
        fields=(),
        open=False,
        extends="",
        filler=(),
        cite=blank,
        span=entry.key_span,
    )

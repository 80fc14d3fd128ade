"""Resolve shared records: fields bound, extensions joined, fillers known."""

import re
from dataclasses import replace

from gridwright.diagnostics import nearest
from gridwright.ir import Record
from gridwright.resolve.context import Context, cite, in_own_zone, yes
from gridwright.resolve.fields import check_names, resolve_fields
from gridwright.resolve.namespaces import namespace_of
from gridwright.source import Entry, Node
from gridwright.spec_names import RESERVED_FIELDS

__all__ = ["resolve_records"]


def resolve_records(root: Node, context: Context) -> dict[str, Record]:
    """Resolve what stands under ``records``, by class name."""
    records: dict[str, Record] = {}
    for entry in root.children("records"):
        record = _record(entry, context)
        if record.name in records:
            context.report(
                entry.key_span,
                "name-collision",
                f"two records are called {record.name!r}",
                f"first declared at {records[record.name].span}",
            )
        records[record.name] = record
    return {name: _extended(record, records, context) for name, record in records.items()}


def _record(entry: Entry, context: Context) -> Record:
    node = entry.value
    name = context.record_names[entry.key]
    if not re.fullmatch("[A-Z][A-Za-z0-9]*", name):
        context.report(
            entry.key_span,
            "malformed-key",
            f"{name!r} cannot be the name of a class",
            "add `name:` such as MeterReading",
        )
    is_open, extends = yes(node, "open"), node.string("extends")
    if not node.children("fields") and not is_open and not extends:
        context.report(
            node.span,
            "missing-key",
            f"record {entry.key!r} lacks the key 'fields'",
            "add `fields:`, or `open: yes` where the document names none",
        )
    fields = resolve_fields(node.children("fields"), in_own_zone(node, context), is_sent=True)
    if is_open:
        for field in fields:
            if field.name == "items":
                context.report(
                    field.span,
                    "reserved-name",
                    "'items' is taken by generated code: it holds what an open record has beside",
                    "choose another `name:`",
                )
    filler = tuple((e.key, e.value.text or "") for e in node.children("filler"))
    known = {field.wire for field in fields}
    for child in node.children("filler"):
        if child.key not in known:
            context.report(
                child.key_span,
                "unknown-field",
                f"the filler names {child.key!r}, which is no field of the record",
                nearest(child.key, known),
            )
    return Record(
        name=name,
        en=node.string("en"),
        namespace=namespace_of(node, context),
        fields=fields,
        open=is_open,
        extends=context.record_names.get(extends, extends),
        filler=filler,
        cite=cite(node, context, f"record {entry.key!r}"),
        span=entry.key_span,
    )


def _extended(record: Record, records: dict[str, Record], context: Context) -> Record:
    """Put the fields of the record that is extended before its own."""
    if not record.extends:
        return record
    base = records.get(record.extends)
    if base is None or base is record or base.extends:
        context.report(
            record.span,
            "unknown-record",
            f"{record.name!r} extends {record.extends!r}, which is no record of its own",
            nearest(record.extends, (n for n, r in records.items() if r is not record)),
        )
        return replace(record, extends="")
    above, namespace = base.fields, record.namespace or base.namespace
    if base.namespace not in ("", namespace):
        # An element stays where the record that it comes from has it.
        above = tuple(replace(f, namespace=f.namespace or base.namespace) for f in above)
    fields = (*above, *record.fields)
    check_names(fields, context, RESERVED_FIELDS)
    return replace(record, fields=fields, open=record.open or base.open, namespace=namespace)

"""Resolve replies: their formats, their shape, and where their payload stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gridwright.analysis.naming import class_name
from gridwright.diagnostics import nearest
from gridwright.ir import (
    CsvForm,
    Element,
    Envelope,
    Parameter,
    Record,
    Reply,
    Variant,
)
from gridwright.ir.words import (
    PACKINGS,
    REPLY_FORMATS,
    ReplyFormat,
    Shape,
)
from gridwright.resolve.context import (
    Context,
    cite,
    one_of,
    path_of,
    yes,
)
from gridwright.resolve.fields import (
    layout_of,
    resolve_field,
    resolve_fields,
)
from gridwright.resolve.message_records import (
    element,
    empty_record,
    holder_of,
    own_record,
    shared_record,
)
from gridwright.resolve.tables import csv_form
from gridwright.source import Entry, Node

__all__ = ["check_formats", "formats_of", "resolve_reply", "resolve_reply_envelopes"]


def formats_of(node: Node) -> tuple[ReplyFormat, ...]:
    """Return what a reply may be written in."""
    known = (one_of(REPLY_FORMATS, text) for text in node.strings("formats"))
    return tuple(format for format in known if format is not None)


def check_formats(
    formats: Sequence[str], parameters: Sequence[Parameter], node: Node, context: Context
) -> None:
    """Report words for formats that the operation does not offer."""
    selectors = [p for p in parameters if p.formats]
    selected = {name for p in selectors for name, _ in p.formats}
    for parameter in selectors:
        for name, _ in parameter.formats:
            if name not in formats:
                context.report(
                    parameter.field.span,
                    "format-not-offered",
                    f"{parameter.field.wire!r} selects {name}, which is not offered",
                    f"add {name} to `formats:`",
                )
    if selectors:
        for name in sorted(set(formats) - selected):
            context.report(
                (node.get("formats") or node).span,
                "format-not-selectable",
                f"format {name} is offered, and no parameter value selects it",
                "complete `values:` of the parameter that selects the format",
            )


def resolve_reply_envelopes(
    node: Node, envelopes: Mapping[str, Envelope], context: Context
) -> tuple[Envelope | None, ...]:
    """Return what may judge a reply, in order."""
    wanted = node.get("envelope")
    if wanted is None:
        return ()
    found: list[Envelope | None] = []
    for one in wanted.items or (wanted,):
        name = one.text or ""
        context.used.add(f"envelope {name}")
        if name not in envelopes:
            context.report(
                one.span,
                "unknown-envelope",
                f"no envelope is called {name!r}",
                nearest(name, envelopes),
            )
        elif envelopes[name].of_items:
            context.report(
                one.span,
                "misplaced-key",
                f"envelope {name!r} judges the items of a list, and here a whole reply",
                "an envelope of its own, with the `header:` in which the reply has its fields",
            )
        elif envelopes[name] in found:
            context.report(
                one.span,
                "malformed-value",
                f"envelope {name!r} is named twice",
                "remove the second: the first whose header is there judges",
            )
        found.append(envelopes.get(name))
    return tuple(found)


def _verdict_of_items(
    listed: Node, envelopes: Mapping[str, Envelope], context: Context
) -> Envelope | None:
    """Return what judges each item of a list."""
    wanted = listed.get("verdict")
    if wanted is None:
        return None
    name = wanted.text or ""
    context.used.add(f"envelope {name}")
    if name not in envelopes:
        context.report(
            wanted.span,
            "unknown-envelope",
            f"no envelope is called {name!r}",
            nearest(name, envelopes),
        )
    elif envelopes[name].partial is not None:
        context.report(
            wanted.span,
            "misplaced-key",
            f"envelope {name!r} lists failures beside the data, and judges no item",
            "name it in `envelope:` of the operation",
        )
    return envelopes.get(name)


def resolve_reply(
    entry: Entry,
    envelope: Envelope | None,
    envelopes: Mapping[str, Envelope],
    context: Context,
    records: dict[str, Record],
) -> Reply:
    """Resolve a reply: its record, its shape, and where its payload stands."""
    node = entry.value.get("reply") or Node(entry.value.span, entries=())
    formats = entry.value.strings("formats")
    shape = _shape(entry, node, formats, context)
    record = _reply_record(entry, node, shape, context, records)
    parts = {
        key: element(
            child, context, f"element {child.string('element')!r}", f"{entry.key}_reply",
            is_root=key == "root",
        )
        for key in ("root", "list", "item")
        if (child := node.get(key)) is not None
    }  # fmt: skip
    if "xml" in formats:
        _check_elements(node, parts, context)
    for part in parts.values():
        _check_named_formats(part, formats, context)
    payload, is_message = _payload(node, parts.get("list"), record, envelope)
    listed = node.get("list")
    if listed is not None:
        _check_names(listed, payload, context)
    return Reply(
        shape=shape,
        payload=payload,
        is_message=is_message and shape == "record",
        root=parts.get("root"),
        list=parts.get("list"),
        item=parts.get("item"),
        record=record,
        layout=layout_of(listed) if listed is not None else "",
        keyed_by=listed.string("keyed_by") if listed is not None else "",
        names=listed.string("names") if listed is not None else "",
        named_by=listed.string("named_by") if listed is not None else "",
        csv=_csv(node, formats, context),
        packing=one_of(PACKINGS, node.string("packed")) or "",
        beside=_beside(entry, node, shape, context, records),
        verdict=_verdict_of_items(listed, envelopes, context) if listed is not None else None,
        variants=_variants(node, record, context, records),
        attachments=yes(node, "attachments"),
    )


def _check_names(listed: Node, payload: Sequence[str], context: Context) -> None:
    """Report names of columns where rows have no columns, or nothing can stand beside them."""
    names, named_by = listed.get("names"), listed.get("named_by")
    for node in (names, named_by):
        if node is not None and not (node.text or "").strip():
            context.report(
                node.span,
                "empty-wire-name",
                "a wire name is empty",
                "write the name as printed, or leave the key out",
            )
    if names is not None and layout_of(listed) != "arrays":
        context.report(
            names.span,
            "misplaced-key",
            "`names` names the columns of rows, and the items of this list are no arrays",
            "add `layout: arrays`, or leave `names:` out",
        )
    elif names is not None and not payload:
        context.report(
            names.span,
            "misplaced-key",
            "`names` stands beside the list, and the reply is the list itself",
            "say by `element:` or `under:` where the list stands, or leave `names:` out",
        )
    elif named_by is not None and names is None:
        context.report(
            named_by.span,
            "misplaced-key",
            "`named_by` says which field of an object names a column, and no `names` has them",
            "add `names:` with the array beside the list, or leave `named_by:` out",
        )


def _csv(node: Node, formats: Sequence[str], context: Context) -> CsvForm | None:
    own = node.get("csv")
    if own is not None and "csv" not in formats:
        context.report(
            own.span,
            "misplaced-key",
            "a reply says how tables are written, and csv is not offered",
            "add csv to `formats:`, or leave `csv:` out",
        )
    return csv_form(own, context) or context.csv if "csv" in formats else None


def _check_named_formats(part: Element, formats: Sequence[str], context: Context) -> None:
    """Report a format in which a root or an item has its name, and the reply does not come."""
    for name in part.formats:
        if name not in formats and part.formats != ("xml",):
            context.report(
                part.span,
                "format-not-offered",
                f"{part.wire!r} has its name in {name}, which is not offered",
                f"add {name} to `formats:` of the operation, or take it out here",
            )


def _beside(
    entry: Entry, node: Node, shape: Shape, context: Context, records: dict[str, Record]
) -> Record | None:
    """Make a record of the values beside the list, or in headers of any reply."""
    children = node.children("beside")
    if not children:
        return None
    fields = resolve_fields(children, context, is_beside=True)
    record = Record(
        name=f"{class_name(entry.key)}Beside",
        en=f"what stands beside the {_BESIDE_WHAT[shape]} of {entry.key!r}",
        fields=fields,
        open=False,
        extends="",
        filler=(),
        cite=replace(fields[0].cite, amended=()),
        span=children[0].key_span,
    )
    records.setdefault(record.name, record)
    return record


_BESIDE_WHAT: Mapping[Shape, str] = {
    "list": "list",
    "record": "record",
    "value": "value",
    "file": "file",
    "none": "reply",
}
_WITHOUT_MESSAGE: Mapping[Shape, str] = {"none": "nothing", "file": "a file"}
"""What a reply without a message brings, by its format and shape."""


def _shape(entry: Entry, node: Node, formats: Sequence[str], context: Context) -> Shape:
    """Return the shape of a reply by the words that it has."""
    for shape, brought in _WITHOUT_MESSAGE.items():
        if shape not in formats:
            continue
        for key in node.entries or ():
            if key.key == "beside":
                continue  # headers come with what has no message, too
            context.report(
                key.key_span,
                "misplaced-key",
                f"{entry.key!r} brings {brought} back, and its reply has a {key.key!r}",
                "remove the reply, or say in `formats:` what it is written in",
            )
        if len(formats) > 1:
            context.report(
                (entry.value.get("formats") or node).span,
                "misplaced-key",
                f"a reply is {brought}, and something in another format",
                f"write `formats: [{shape}]` alone, or leave {shape} out",
            )
        return shape
    if node.get("value") is not None:
        return "value"
    return "list" if node.get("list") is not None else "record"


def _reply_record(
    entry: Entry, node: Node, shape: str, context: Context, records: dict[str, Record]
) -> Record:
    if shape in _WITHOUT_MESSAGE:
        return empty_record(entry)
    if shape == "value":
        return _value_record(entry, node, context, records)
    of = node.get("of")
    if of is not None and of.text:
        return shared_record(of, context, records) or empty_record(entry)
    return own_record(entry, node, context, records)


def _value_record(entry: Entry, node: Node, context: Context, records: dict[str, Record]) -> Record:
    """Make the record that holds the one value of a reply, under the name of a text: a dot."""
    value = node.entry("value")
    if value is None:
        return empty_record(entry)
    field = resolve_field(replace(value, key="."), context)
    record = holder_of(field, f"{class_name(entry.key)}Value", value)
    records.setdefault(record.name, record)
    return record


def _payload(
    node: Node, listed: Element | None, record: Record, envelope: Envelope | None
) -> tuple[tuple[str, ...], bool]:
    """Return the path to the payload, and whether the record describes the whole message."""
    under = path_of(node.get("under"))
    payload = envelope.payload if envelope else None
    around = under or ((payload.wire,) if payload else ())
    if listed is not None:
        return (around if listed.wire == "." else (*around, listed.wire)), False
    if under or envelope is None or payload is None:
        return around, not under
    # A record with the verdict's own fields describes the message, whatever its payload is called.
    judged = {name for name, _ in envelope.success} if not envelope.path else set()
    is_message = any(f.wire == payload.wire or f.wire in judged for f in record.fields)
    return around, is_message


def _check_elements(node: Node, parts: Mapping[str, Element], context: Context) -> None:
    listed, item = parts.get("list"), parts.get("item")
    if (item is not None and listed is None) or (
        listed is not None and listed.wire == "." and item is None
    ):
        context.report(
            node.span,
            "list-without-item",
            "items have no list" if listed is None else "the items of a list have no name in XML",
            "add `list: {element: …}`"
            if listed is None
            else "add `item: {element: …}`, or name the repeated element by `list:`",
        )
    if "root" not in parts:
        context.report(
            node.span,
            "missing-root",
            "a reply in XML needs the name of its root",
            "add `root: {element: …, at: …}`",
        )


def _variants(
    node: Node, base: Record, context: Context, records: Mapping[str, Record]
) -> tuple[Variant, ...]:
    known = {field.wire for field in base.fields}
    variants = []
    for item in (node.get("variants") or Node(node.span, items=())).items or ():
        record = shared_record(item.get("of") or item, context, records)
        for entry in item.children("when"):
            if entry.key not in known:
                context.report(
                    entry.key_span,
                    "unknown-field",
                    f"a form of the reply depends on {entry.key!r}, which is no field of it",
                    nearest(entry.key, known),
                )
        if record is None:
            continue
        if record.extends != base.name:
            context.report(
                item.span,
                "record-mismatch",
                f"{record.name!r} is a form of {base.name!r}, and does not extend it",
                f"add `extends: {base.name}` to the record",
            )
        variants.append(
            Variant(
                when=tuple(
                    (e.key, tuple(i.text or "" for i in e.value.items or ()))
                    for e in item.children("when")
                ),
                record=record,
                en=item.string("en"),
                cite=cite(item, context, "a form of the reply"),
                span=item.span,
            )
        )
    return tuple(variants)

"""Resolve fields: their names, whether they must be there, and what they say of each other."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from gridwright.diagnostics import nearest
from gridwright.ir import (
    AnyType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    ListType,
    RecordType,
    TemporalType,
    TextType,
    WireName,
)
from gridwright.ir.words import LAYOUTS, Layout
from gridwright.resolve.context import Context, cite, one_of, path_of, yes
from gridwright.resolve.intervals import resolve_instant, resolve_series
from gridwright.resolve.json_kinds import with_json_kind
from gridwright.resolve.namespaces import namespace_of
from gridwright.resolve.types import resolve_type, value_or_node
from gridwright.resolve.units import checked_unit, unit_of_data
from gridwright.resolve.value_facts import with_facts
from gridwright.source import Entry, Node
from gridwright.spec_names import PROVISIONAL, RESERVED_FIELDS, UNDOCUMENTED, is_reserved

__all__ = [
    "REPLY_KEYS",
    "check_beside",
    "check_keys",
    "check_names",
    "credential_of",
    "layout_of",
    "resolve_field",
    "resolve_fields",
]


_REQUEST_KEYS = frozenset({"basic", "in", "join", "selects", "value", "values", "with"})


REPLY_KEYS = frozenset(
    {"also", "echoes", "instant", "item", "keyed_by", "layout", "missing", "presence", "series"}
)


def resolve_fields(
    entries: Iterable[Entry],
    context: Context,
    *,
    is_sent: bool = False,
    is_beside: bool = False,
    reserved: frozenset[str] = RESERVED_FIELDS,
) -> tuple[Field, ...]:
    """Resolve the fields of one record, and what they say of each other.

    Args:
        entries: the fields.
        context: what they may name.
        is_sent: the record may be sent, so that a credential may fill a field.
        is_beside: they stand beside a payload, so that one may be a header.
        reserved: names that generated code takes.
    """
    listed = tuple(entries)
    fields = tuple(resolve_field(entry, context) for entry in listed)
    if is_sent:
        filled = [credential_of(entry, context) for entry in listed]
        fields = tuple(
            # The record can be made without what the client fills in.
            field if name is None else replace(field, credential=name, optional=True)
            for field, name in zip(fields, filled, strict=True)
        )
    if is_beside:
        fields = tuple(
            _put_beside(field, entry, context) for field, entry in zip(fields, listed, strict=True)
        )
    nodes = {entry.key: entry.value for entry in listed}
    by_wire = {f.wire: f for f in fields if f.series is None}
    bound = tuple(
        _bind(f, nodes[entry.key], by_wire, context)
        for f, entry in zip(fields, listed, strict=True)
    )
    for field, entry in zip(bound, listed, strict=True):
        if field.missing and isinstance(field.type, AnyType | ListType | RecordType):
            context.report(
                value_or_node(entry.value, "missing").span,
                "misplaced-key",
                f"{entry.key!r} is no single value, in whose place a text could stand",
                "remove `missing:`, or say it at the fields within",
            )
        if field.item and not isinstance(field.type, ListType):
            context.report(
                value_or_node(entry.value, "item").span,
                "misplaced-key",
                f"{entry.key!r} names items, and is no list",
                "say `type: list`, or remove `item:`",
            )
        _check_layout(field, entry.value, context)
    check_names(bound, context, reserved)
    for entry in listed:
        misplaced = _REQUEST_KEYS if is_sent else _REQUEST_KEYS | {"credential"}
        if is_beside:
            misplaced = misplaced - {"in"}
        check_keys(entry.value, misplaced, "a request", context)
    return bound


def layout_of(node: Node) -> Layout:
    """Return how JSON lays a list out."""
    if node.get("keyed_by") is not None:
        return "keyed"
    return one_of(LAYOUTS, node.string("layout")) or ""


def _check_layout(field: Field, node: Node, context: Context) -> None:
    is_list = isinstance(field.type, ListType) and isinstance(field.type.item, RecordType)
    if field.layout and not is_list:
        context.report(
            value_or_node(node, "keyed_by" if field.keyed_by else "layout").span,
            "misplaced-key",
            f"{field.wire!r} says how the records of a list are laid out, and is none",
            "say `type: list, of: RECORD`, or remove it",
        )


def _put_beside(field: Field, entry: Entry, context: Context) -> Field:
    """Say of a field beside a payload whether it is a header, or stands in a block of SOAP's."""
    place = entry.value.get("in")
    if place is None:
        return field
    if place.text == "soap_header":
        return _put_in_block(field, place, context)
    if place.text != "header":
        context.report(
            place.span,
            "misplaced-key",
            f"{entry.key!r} stands beside what a reply brings, and not in the {place.text}",
            "write `in: header`, `in: soap_header`, or `under:` with what is around it; none where "
            "it stands in the root",
        )
    return replace(field, in_header=True)


def _put_in_block(field: Field, place: Node, context: Context) -> Field:
    """Put a field into a block of the SOAP header; whether there is one is checked elsewhere."""
    block = ".".join(field.under) or context.soap_header
    if isinstance(field.type, AnyType | ListType | RecordType) or field.series is not None:
        context.report(
            place.span,
            "misplaced-key",
            f"{field.wire!r} is no single value, and a block of the SOAP header holds such alone",
            "write a field for each element that the document shows in the block",
        )
    return replace(field, in_header=True, block=block, under=())


def credential_of(entry: Entry, context: Context) -> str | None:
    """Return the name of the credential that fills a field; None where the caller does."""
    credential = entry.value.get("credential")
    if credential is None:
        return None
    if credential.text not in context.credentials:
        context.report(
            credential.span,
            "unknown-credential",
            f"{entry.key!r} takes credential {credential.text!r}, which is not declared",
            nearest(credential.text or "", context.credentials),
        )
    return credential.text


def check_keys(node: Node, misplaced: frozenset[str], where: str, context: Context) -> None:
    """Report keys of a field that say nothing where it stands."""
    for entry in node.entries or ():
        if entry.key in misplaced:
            context.report(
                entry.key_span,
                "misplaced-key",
                f"{entry.key!r} has a meaning in {where} only",
                "remove the key, or move the field",
            )


def resolve_field(entry: Entry, context: Context) -> Field:
    """Resolve one field; what it says of other fields is left to ``resolve_fields``."""
    node = entry.value
    name = node.string("name")
    citation = cite(node, context, f"field {entry.key!r}")
    if is_reserved(name):
        context.report(
            value_or_node(node, "name").span,
            "reserved-name",
            f"{name!r} is a word of Python",
            f"name it {name}_value or, better, what it is",
        )
    unit = checked_unit(node, "unit", name, context)
    is_provisional = node.string("wire") == UNDOCUMENTED
    secret = yes(node, "secret")
    if secret and node.get("default") is not None:
        context.report(
            value_or_node(node, "default").span,
            "secret-default",
            f"secret {name!r} has a default",
            "a secret never stands in a spec: remove it",
        )
    field = Field(
        name=name,
        wire=f"{PROVISIONAL}{name}" if is_provisional else entry.key,
        provisional=is_provisional,
        label=node.string("label"),
        en=node.string("en") or name.replace("_", " "),
        type=resolve_type(node, name, context),
        unit=unit,
        unit_of_data=unit_of_data(node, name, context),
        required=_required(node, context),
        optional=node.string("presence") == "optional" or _is_optional(node, context),
        personal=yes(node, "personal"),
        secret=secret,
        default=None if secret or node.get("default") is None else node.string("default"),
        note=node.string("note"),
        printed_size=node.string("size"),
        also=tuple(
            WireName(name=e.key, cite=cite(e.value, context, f"wire name {e.key!r}", citation))
            for e in node.children("also")
        ),
        series=None,
        instant=None,
        echoes=path_of(node.get("echoes")),
        missing=node.strings("missing"),
        under=path_of(node.get("under")),
        item=node.string("item"),
        namespace=namespace_of(node, context, is_attribute=entry.key[:1] == "@"),
        layout=layout_of(node),
        keyed_by=node.string("keyed_by"),
        cite=citation,
        span=entry.key_span,
    )
    _check_unit(field, node, context)
    return with_json_kind(with_facts(field, node, context), node, context)


def _check_unit(field: Field, node: Node, context: Context) -> None:
    """Report a unit of what is no quantity."""
    type_ = field.item_type
    is_date = isinstance(type_, TemporalType) and type_.kind != "duration"
    if field.unit and (is_date or isinstance(type_, TextType | CodeType | BooleanType)):
        context.report(
            value_or_node(node, "unit").span,
            "misplaced-key",
            f"'unit' has a meaning at a number or a duration only, and {field.name!r} is none",
            "say `type: decimal`, or remove the key",
        )


def check_names(
    fields: Iterable[Field],
    context: Context,
    reserved: frozenset[str],
    *,
    names: bool = True,
    wires: bool = True,
) -> None:
    """Report names that two fields would share: of ours, and of theirs."""
    ours: dict[str, Field] = {}
    theirs: dict[str, Field] = {}
    for field in fields:
        if field.name in reserved:
            context.report(
                field.span,
                "reserved-name",
                f"{field.name!r} is taken by generated code",
                "choose another `name:`",
            )
        for name in _python_names(field) if names else ():
            if name in ours:
                context.report(
                    field.span,
                    "name-collision",
                    f"two fields are called {name!r}",
                    f"first declared at {ours[name].span}",
                )
            ours.setdefault(name, field)
        for name in _wire_names(field) if wires else ():
            if name in theirs:
                context.report(
                    field.span,
                    "wire-collision",
                    f"two fields have the wire name {name!r}",
                    f"first declared at {theirs[name].span}",
                )
            theirs.setdefault(name, field)


def _python_names(field: Field) -> list[str]:
    if field.series is None:
        return [field.name]
    return [field.name, *(f"{field.name}_{label}" for label in field.series.labels)]


def _wire_names(field: Field) -> list[str]:
    also = [w.name for w in field.also]
    if field.series is not None:
        return [*(field.series.wire_name(label) for label in field.series.labels), *also]
    return ["/".join((*field.under, name)) for name in (field.wire, *also)]


def _is_optional(node: Node, context: Context) -> bool:
    mark = node.get("required")
    return mark is not None and context.marks.get(mark.text or "") is False


def _required(node: Node, context: Context) -> bool:
    mark = node.get("required")
    if mark is None or mark.text is None:
        return False
    if mark.text not in context.marks:
        context.report(
            mark.span,
            "unknown-required-mark",
            f"{mark.text!r} is not a mark of this document's required column",
            f"{nearest(mark.text, context.marks)}; a misprint is mended by an erratum",
        )
        return False
    return context.marks[mark.text]


def check_beside(field: Field, node: Node, wires: Collection[str], context: Context) -> None:
    """Report a field that is to tell something of a time, and is not there.

    Args:
        field: the time.
        node: it in the spec.
        wires: wire names of the fields that travel beside it.
        context: where problems go.
    """
    if not isinstance(field.type, TemporalType):
        return
    repeated = field.type.repeated
    for key, wanted in (
        ("zone", field.type.zone_field),
        ("repeated", repeated.field if repeated is not None else ""),
    ):
        if wanted and wanted not in wires:
            context.report(
                value_or_node(node, key).span,
                "unknown-field",
                f"no field beside {field.name!r} is {wanted!r}",
                nearest(wanted, wires)
                or "a local time needs it beside it; else say `zone:` at the field, with a name",
            )


def _bind(field: Field, node: Node, by_wire: dict[str, Field], context: Context) -> Field:
    """Attach what a field says of other fields: its series, its instant."""
    check_beside(field, node, by_wire, context)
    series, instant = node.get("series"), node.get("instant")
    readings = series or instant
    if readings is not None and not isinstance(field.type, DecimalType):
        context.report(
            value_or_node(node, "type").span,
            "wrong-field",
            f"{field.name!r} holds readings, and is no decimal",
            "say `type: decimal`, or leave out series and instant",
        )
    if series is not None and instant is not None:
        context.report(
            instant.span,
            "misplaced-key",
            f"{field.name!r} is a series, and cannot be a single value too",
            "leave out `instant:`",
        )
    if series is not None:
        return replace(field, series=resolve_series(series, field, by_wire, context))
    if instant is not None:
        return replace(field, instant=resolve_instant(instant, field, by_wire, context))
    return field

"""Resolve operations: addresses split, parameters placed, replies bound to records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gridwright.analysis.naming import class_name
from gridwright.diagnostics import Span, nearest
from gridwright.ir import (
    Basis,
    Body,
    Citation,
    CodeType,
    CsvForm,
    Element,
    Envelope,
    Example,
    Field,
    ListType,
    Operation,
    Parameter,
    Place,
    Presented,
    Reconcile,
    Record,
    Reply,
    Rule,
    Server,
    TextType,
    Variant,
)
from gridwright.ir.words import (
    MEDIA,
    METHODS,
    OPERATION_KINDS,
    PACKINGS,
    PROTOCOLS,
    REPLY_FORMATS,
    RULE_KINDS,
    ReplyFormat,
    Shape,
)
from gridwright.resolve.context import (
    Context,
    cite,
    days_of,
    duration,
    in_own_zone,
    months_of,
    one_of,
    path_of,
    word,
    yes,
)
from gridwright.resolve.fields import (
    REPLY_KEYS,
    check_beside,
    check_keys,
    check_names,
    credential_of,
    layout_of,
    resolve_field,
    resolve_fields,
)
from gridwright.resolve.harvests import resolve_harvest
from gridwright.resolve.namespaces import namespace_of, namespace_of_root
from gridwright.resolve.paging import resolve_paging
from gridwright.resolve.same_records import has_same_facts, merge_citations
from gridwright.resolve.sources import field_source
from gridwright.resolve.statuses import resolve_statuses
from gridwright.resolve.tables import csv_form
from gridwright.source import Entry, Node
from gridwright.vocabulary import PROVISIONAL, RESERVED_ARGUMENTS, RESERVED_FIELDS, UNDOCUMENTED

__all__ = ["element", "resolve_operations"]

_PLACEHOLDER = re.compile(r"[<{]([A-Za-z0-9_]+)[>}]")
# What RFC 3986 lets nobody write into a path, and where the path would end.
_NOT_OF_AN_ADDRESS = re.compile(r"""[\s"<>\\^`{|}?#\x00-\x1f\x7f-\U0010ffff]""")


def resolve_operations(
    root: Node,
    context: Context,
    records: dict[str, Record],
    envelopes: Mapping[str, Envelope],
    servers: Sequence[Server],
    presented: Sequence[Presented],
) -> tuple[Operation, ...]:
    """Resolve every operation; records that replies declare are added to ``records``."""
    operations = [
        _operation(entry, context, records, envelopes, servers, presented)
        for entry in root.children("operations")
    ]
    # A record that several operations describe carries the lines of all of them.
    return tuple(
        replace(o, reply=replace(o.reply, record=records.get(o.reply.record.name, o.reply.record)))
        for o in operations
    )


def _formats(node: Node) -> tuple[ReplyFormat, ...]:
    """Return what a reply may be written in."""
    known = (one_of(REPLY_FORMATS, text) for text in node.strings("formats"))
    return tuple(format for format in known if format is not None)


def element(
    node: Node, context: Context, what: str, stand_in: str = "", *, is_root: bool = False
) -> Element:
    """Resolve a container of a message; ``stand_in`` names it where the document does not."""
    is_provisional = node.string("element") == UNDOCUMENTED
    return Element(
        wire=f"{PROVISIONAL}{stand_in}" if is_provisional else node.string("element"),
        provisional=is_provisional,
        label=node.string("label"),
        en=node.string("en"),
        namespace=namespace_of_root(node, context) if is_root else namespace_of(node, context),
        formats=node.strings("formats") or ("xml",),
        cite=cite(node, context, what),
        span=(node.get("element") or node).span,
    )


def _operation(
    entry: Entry,
    context: Context,
    records: dict[str, Record],
    envelopes: Mapping[str, Envelope],
    servers: Sequence[Server],
    presented: Sequence[Presented],
) -> Operation:
    node = entry.value
    address = node.get("address") or node
    cite(address, context, f"address of {entry.key!r}")
    server, path = _split_address(address, servers, context)
    parameters = _with_presented(entry.key, _parameters(node, context), presented)
    formats = _formats(node)
    _check_placeholders(path, parameters, address.span, context)
    _check_formats(formats, parameters, node, context)
    body = _body(entry, context, records)
    if node.string("request_media") == "xml" and (body is None or body.root is None):
        context.report(
            (node.get("request_media") or node).span,
            "missing-root",
            "a body in XML needs the name of its root",
            "add `body: {of: RECORD, root: {element: …, at: …}}`",
        )
    _check_wire_name(entry, context)
    named = _envelopes(node, envelopes, context)
    judging = [one for one in named if one is None or one.partial is None]
    envelope, *gateways = judging or (None,)
    return Operation(
        name=entry.key,
        wire_name=node.string("wire_name") or entry.key,
        number=node.string("number"),
        label=node.string("label"),
        en=node.string("en"),
        description_en=node.string("description_en"),
        # Where the grammar has reported another word, the kind that is never sent twice.
        kind=one_of(OPERATION_KINDS, node.string("kind")) or "write",
        method=one_of(METHODS, node.string("method")) or "POST",
        protocol=one_of(PROTOCOLS, node.string("protocol")) or "http",
        soap_action=_action(node, context),
        request_media=one_of(MEDIA, node.string("request_media")) or "none",
        address=address.string("text"),
        path=path,
        server=server,
        formats=formats,
        parameters=parameters,
        body=body,
        reply=_reply(entry, envelope, envelopes, context, records),
        envelope=envelope,
        gateways=tuple(one for one in gateways if one is not None),
        partial=tuple(one for one in named if one is not None and one.partial is not None),
        statuses=resolve_statuses(node, context),
        rules=_rules(node, (*(p.field for p in parameters), *_own_fields(body)), context),
        paging=resolve_paging(entry, context),
        reconcile=_reconcile(node, context),
        harvest=resolve_harvest(node, context),
        known_by_example=node.string("known_by") == "example",
        examples=tuple(
            Example(
                name=e.key,
                address=e.value.string("address"),
                cite=cite(e.value, context, f"example {e.key!r}"),
            )
            for e in node.children("examples")
        ),
        amended=tuple(dict.fromkeys(name for below in node.walk() for name in below.amended)),
        # What amends its parts is told at the parts.
        cite=replace(cite(node, context, f"operation {entry.key!r}"), amended=()),
        span=entry.key_span,
    )


def _action(node: Node, context: Context) -> str:
    """Return what SOAPAction says; report one of what is no SOAP, or that no header can hold."""
    action = node.get("action")
    if action is None:
        return ""
    text = action.text or ""
    if node.string("protocol") != "soap11":
        context.report(
            action.span,
            "misplaced-key",
            "`action:` is what SOAPAction says, and this is no SOAP",
            "add `protocol: soap11`, or give the header as a field with `in: header`",
        )
    elif not re.fullmatch("[!#-~]*", text):
        context.report(
            action.span,
            "malformed-value",
            f"{text!r} cannot stand in the header SOAPAction",
            "write it as the document does, without quotation marks",
        )
    return text


def _check_wire_name(entry: Entry, context: Context) -> None:
    """Report an operation whose name the service is told, and nobody knows."""
    node = entry.value
    told = [e.value.get("with") for e in node.children("request")]
    is_told = any(said is not None and said.text == "service" for said in told)
    if node.get("wire_name") is None and (is_told or node.string("protocol") == "soap11"):
        context.report(
            entry.key_span,
            "missing-key",
            f"{entry.key!r} has no 'wire_name', which the service is told",
            "add `wire_name:` as the document prints it",
        )


def _split_address(node: Node, servers: Sequence[Server], context: Context) -> tuple[str, str]:
    text = _PLACEHOLDER.sub(r"{\1}", node.string("text"))
    span = (node.get("text") or node).span
    odd = sorted(set(_NOT_OF_AN_ADDRESS.findall(_PLACEHOLDER.sub("", text))))
    if odd:
        context.report(
            span,
            "not-an-address",
            f"the address holds {', '.join(map(repr, odd))}",
            "leave query and blanks out, and correct what is misprinted by an erratum",
        )
    for server in servers:
        base = server.address.rstrip("/")
        if base and text.startswith(base + "/"):
            return server.name, text[len(base) :]
    if "://" not in text and servers and text.startswith("/"):
        return servers[0].name, text
    context.report(
        span,
        "unknown-server",
        f"{text!r} belongs to no server of this spec",
        "declare its server under `servers:`, or write a path that starts with /",
    )
    return "", text


def _parameters(node: Node, context: Context) -> tuple[Parameter, ...]:
    for entry in node.children("request"):
        check_keys(entry.value, REPLY_KEYS, "a reply", context)
    parameters = tuple(_parameter(e, context) for e in node.children("request"))
    for entry, parameter in zip(node.children("request"), parameters, strict=True):
        check_beside(parameter.field, entry.value, {p.field.wire for p in parameters}, context)
    _check_parameter_names(parameters, context)
    return parameters


def _with_presented(
    operation: str, parameters: Sequence[Parameter], presented: Sequence[Presented]
) -> tuple[Parameter, ...]:
    """Fill parameters that the document lists with what `auth: {present: …}` says of them."""
    known = {
        (item.wire, item.place): item.source
        for item in presented
        if not item.operations or operation in item.operations
    }
    return tuple(
        replace(p, source=known.get((p.field.wire, p.place), p.source)) if p.is_argument else p
        for p in parameters
    )


def _check_parameter_names(parameters: Sequence[Parameter], context: Context) -> None:
    """Report names that two values share: a wire name may stand in two places of a request."""
    check_names([p.field for p in parameters], context, RESERVED_ARGUMENTS, wires=False)
    by_place: dict[tuple[Place, tuple[str, ...]], list[Field]] = {}
    for parameter in parameters:
        by_place.setdefault((parameter.place, parameter.under), []).append(parameter.field)
    for fields in by_place.values():
        check_names(fields, context, frozenset(), names=False)


def _parameter(entry: Entry, context: Context) -> Parameter:
    node = entry.value
    credential_of(entry, context)
    selects = node.get("selects")
    values = [(e.value.text or "", e.key) for e in node.children("values")]
    if selects is not None and not values:
        context.report(
            node.span,
            "selector-without-values",
            f"{entry.key!r} selects the format, but not which value selects which",
            'add `values: {"01": xml, "02": json}`',
        )
    field = resolve_field(entry, context)
    if isinstance(field.type, TextType | CodeType) and field.type.size is not None:
        for _, value in values:
            if len(value) > field.type.size:
                context.report(
                    node.span,
                    "code-too-long",
                    f"value {value!r} of {entry.key!r} does not fit size {field.type.size}",
                    "correct the size or the value by an erratum",
                )
    place = word(Place, node.string("in"), Place.QUERY)
    _check_join(entry, field, place, context)
    return Parameter(
        field=replace(field, under=()),
        place=place,
        source=field_source(entry, context),
        under=path_of(node.get("under")),
        join=node.string("join"),
    )


def _check_join(entry: Entry, field: Field, place: Place, context: Context) -> None:
    """Report a list that its place cannot hold, and what joins the items of no list."""
    join, is_list = entry.value.get("join"), isinstance(field.type, ListType)
    if join is None:
        if is_list and place is Place.PATH:
            context.report(
                field.span,
                "list-in-path",
                f"{entry.key!r} is a list, and its name stands in the address once",
                'add `join: ","`, or what stands between the items',
            )
        return
    if not is_list or place in (Place.BODY, Place.SOAP_HEADER):
        what = "is no list" if not is_list else f"travels in the {place.value.replace('_', ' ')}"
        context.report(
            join.span,
            "join-without-list",
            f"{entry.key!r} {what}, and `join:` says what stands between the items of a list "
            "outside of a body",
            "say `type: list, of: text`, or leave `join:` out",
        )
    elif place is Place.COOKIE and re.search(r"""[\s",;\\]|[^\x21-\x7e]""", join.text or ""):
        context.report(
            join.span,
            "join-without-list",
            f"{join.text!r} cannot stand in a cookie, and would join the items of {entry.key!r}",
            'write a sign that a cookie holds, such as `join: "|"`',
        )
    elif not join.text:
        context.report(
            join.span,
            "join-without-list",
            f"nothing would stand between the items of {entry.key!r}",
            'write the sign, such as `join: ","`; without `join:` the name is repeated',
        )


def _check_placeholders(
    path: str, parameters: Sequence[Parameter], span: Span, context: Context
) -> None:
    wanted = set(_PLACEHOLDER.findall(path))
    given = {p.field.wire for p in parameters if p.place is Place.PATH}
    for name in sorted(wanted - given):
        context.report(
            span,
            "path-without-parameter",
            f"the address holds {{{name}}}, which no parameter fills",
            f"add `{name}: {{in: path, …}}` to the request",
        )
    for parameter in parameters:
        if parameter.place is Place.PATH and parameter.field.wire not in wanted:
            context.report(
                parameter.field.span,
                "parameter-without-place",
                f"{parameter.field.wire!r} is a path parameter, and the address has no "
                f"place for it",
                "write {name} into the address by an erratum",
            )


def _check_formats(
    formats: Sequence[str], parameters: Sequence[Parameter], node: Node, context: Context
) -> None:
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


def _envelopes(
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


def _reply(
    entry: Entry,
    envelope: Envelope | None,
    envelopes: Mapping[str, Envelope],
    context: Context,
    records: dict[str, Record],
) -> Reply:
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
        csv=_csv(node, formats, context),
        packing=one_of(PACKINGS, node.string("packed")) or "",
        beside=_beside(entry, node, context, records),
        verdict=_verdict_of_items(listed, envelopes, context) if listed is not None else None,
        variants=_variants(node, record, context, records),
        attachments=yes(node, "attachments"),
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
    entry: Entry, node: Node, context: Context, records: dict[str, Record]
) -> Record | None:
    """Make a record of the values beside the list."""
    children = node.children("beside")
    if not children:
        return None
    fields = resolve_fields(children, context, is_beside=True)
    record = Record(
        name=f"{class_name(entry.key)}Beside",
        en=f"what stands beside the list of {entry.key!r}",
        fields=fields,
        open=False,
        extends="",
        filler=(),
        cite=replace(fields[0].cite, amended=()),
        span=children[0].key_span,
    )
    records.setdefault(record.name, record)
    return record


_WITHOUT_MESSAGE: Mapping[Shape, str] = {"none": "nothing", "file": "a file"}
"""What a reply without a message brings, by its format and shape."""


def _shape(entry: Entry, node: Node, formats: Sequence[str], context: Context) -> Shape:
    """Return the shape of a reply by the words that it has."""
    for shape, brought in _WITHOUT_MESSAGE.items():
        if shape not in formats:
            continue
        for key in node.entries or ():
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
        return _nothing(entry)
    if shape == "value":
        return _value_record(entry, node, context, records)
    of = node.get("of")
    if of is not None and of.text:
        return _shared_record(of, context, records) or _nothing(entry)
    return _own_record(entry, node, context, records)


def _holder_of(field: Field, name: str, value: Entry) -> Record:
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


def _value_record(entry: Entry, node: Node, context: Context, records: dict[str, Record]) -> Record:
    """Make the record that holds the one value of a reply, under the name of a text: a dot."""
    value = node.entry("value")
    if value is None:
        return _nothing(entry)
    field = resolve_field(replace(value, key="."), context)
    record = _holder_of(field, f"{class_name(entry.key)}Value", value)
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


def _shared_record(of: Node, context: Context, records: Mapping[str, Record]) -> Record | None:
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


def _variants(
    node: Node, base: Record, context: Context, records: Mapping[str, Record]
) -> tuple[Variant, ...]:
    known = {field.wire for field in base.fields}
    variants = []
    for item in (node.get("variants") or Node(node.span, items=())).items or ():
        record = _shared_record(item.get("of") or item, context, records)
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


def _body(operation: Entry, context: Context, records: dict[str, Record]) -> Body | None:
    node = operation.value
    body = node.get("body")
    if body is None:
        return None
    value = body.entry("value")
    record = (
        _shared_record(body.get("of") or body, context, records)
        if value is None
        else _body_value(operation, body, value, context, records)
    )
    if record is None:
        return None
    arguments = body.get("arguments")
    known = [field.wire for field in record.fields]
    if arguments is not None and arguments.text not in known:
        context.report(
            arguments.span,
            "unknown-field",
            f"the body has no field {arguments.text!r}",
            nearest(arguments.text or "", known),
        )
    root = body.get("root")
    is_message = node.string("request_media") not in ("text", "file")
    if root is None and is_message and "xml" in node.strings("formats"):
        context.report(
            body.span,
            "missing-root",
            "a body in XML needs the name of its root",
            "add `root: {element: …, at: …}`",
        )
    return Body(
        record=record,
        is_value=value is not None,
        root=element(
            root, context, "the root of the body", f"{operation.key}_request", is_root=True
        )
        if root
        else None,
        arguments=body.string("arguments"),
        attachments=yes(body, "attachments"),
        cite=cite(body, context, "the body"),
    )


def _body_value(
    operation: Entry, body: Node, value: Entry, context: Context, records: dict[str, Record]
) -> Record:
    """Make the record that holds the one value of a body, under the name of a text: a dot."""
    for key in ("of", "arguments", "attachments"):
        if (said := body.get(key)) is not None:
            context.report(
                said.span,
                "misplaced-key",
                f"a body that is one value has a {key!r}",
                f"remove `{key}:`, or `value:`",
            )
    (field,) = resolve_fields((replace(value, key="."),), context, reserved=_RESERVED)
    is_xml = body.get("root") is not None
    if is_xml and isinstance(field.type, ListType) and not field.item:
        context.report(
            value.key_span,
            "list-without-item",
            "the items of a body that is a list have no name in XML",
            "add `item: NAME` to the value",
        )
    record = _holder_of(field, f"{class_name(operation.key)}Body", value)
    before = records.setdefault(record.name, record)
    if before is not record:
        context.report(
            before.span,
            "name-collision",
            f"record {record.name!r} is called as the body of {operation.key!r}",
            "choose another name",
        )
    return record


# Its record has no readings, whose methods would be called so.
_RESERVED = (RESERVED_FIELDS - {"reading", "readings"}) | RESERVED_ARGUMENTS


def _own_record(entry: Entry, node: Node, context: Context, records: dict[str, Record]) -> Record:
    name = node.string("record")
    if not name or node.get("fields") is None:
        context.report(
            node.span,
            "missing-record",
            f"the reply of {entry.key!r} has no record",
            "add `record:` with a class name, and `fields:`",
        )
        return _nothing(entry)
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


def _nothing(entry: Entry) -> Record:
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


def _own_fields(body: Body | None) -> tuple[Field, ...]:
    """Return the fields of a body that the caller fills without a name before them."""
    return body.record.fields if body is not None and not body.arguments else ()


def _rules(node: Node, fields: Sequence[Field], context: Context) -> tuple[Rule, ...]:
    known = {field.wire for field in fields if field.wire}
    rules = []
    for item in (node.get("rules") or Node(node.span, items=())).items or ():
        names = item.strings("fields") or ((item.string("field"),) if item.get("field") else ())
        when = tuple(
            (e.key, tuple(i.text or "" for i in e.value.items or ())) for e in item.children("when")
        )
        for name in (*names, *(key for key, _ in when)):
            if name not in known and "." not in name:
                context.report(
                    item.span,
                    "unknown-field",
                    f"a rule names {name!r}, which is no field",
                    nearest(name, known),
                )
        kind = one_of(RULE_KINDS, item.string("kind"))
        if kind is None:
            continue  # the grammar has reported it
        rules.append(
            Rule(
                kind=kind,
                fields=names,
                when=when,
                values=item.strings("values"),
                at_most=duration(item.string("at_most")) if item.get("at_most") else None,
                months=months_of(item.string("at_most")),
                days=days_of(item.string("at_most")),
                en=item.string("en"),
                cite=cite(item, context, "a rule"),
                span=item.span,
            )
        )
    return tuple(rules)


def _reconcile(node: Node, context: Context) -> Reconcile | None:
    reconcile = node.get("reconcile")
    if reconcile is None:
        return None
    return Reconcile(
        search=reconcile.string("search"),
        name=reconcile.string("name"),
        by=reconcile.strings("by"),
        standing=tuple(
            (e.key, tuple(i.text or "" for i in e.value.items or ()))
            for e in reconcile.children("standing")
        ),
        en=reconcile.string("en"),
        cite=cite(reconcile, context, "reconcile"),
        span=reconcile.span,
    )

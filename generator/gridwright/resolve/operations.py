"""Resolve operations, part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gridwright.ir import (
    Envelope,
    Example,
    Operation,
    Presented,
    Record,
    Server,
)
from gridwright.ir.words import (
    MEDIA,
    METHODS,
    OPERATION_KINDS,
    PROTOCOLS,
)
from gridwright.resolve.addresses import (
    check_placeholders,
    check_wire_name,
    soap_action,
    split_address,
)
from gridwright.resolve.bodies import own_fields, resolve_body
from gridwright.resolve.context import (
    Context,
    cite,
    one_of,
)
from gridwright.resolve.harvests import resolve_harvest
from gridwright.resolve.paging import resolve_paging
from gridwright.resolve.parameters import resolve_parameters, with_presented
from gridwright.resolve.reconcile import resolve_reconcile
from gridwright.resolve.replies import (
    check_formats,
    formats_of,
    resolve_reply,
    resolve_reply_envelopes,
)
from gridwright.resolve.rules import resolve_rules
from gridwright.resolve.statuses import resolve_statuses
from gridwright.source import Entry, Node

__all__ = ["resolve_operations"]


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
    server, path = split_address(address, servers, context)
    parameters = with_presented(entry.key, resolve_parameters(node, context), presented)
    formats = formats_of(node)
    check_placeholders(path, parameters, address.span, context)
    check_formats(formats, parameters, node, context)
    body = resolve_body(entry, context, records)
    if node.string("request_media") == "xml" and (body is None or body.root is None):
        context.report(
            (node.get("request_media") or node).span,
            "missing-root",
            "a body in XML needs the name of its root",
            "add `body: {of: RECORD, root: {element: …, at: …}}`",
        )
    check_wire_name(entry, context)
    named = resolve_reply_envelopes(node, envelopes, context)
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
        soap_action=soap_action(node, context),
        request_media=one_of(MEDIA, node.string("request_media")) or "none",
        address=address.string("text"),
        path=path,
        server=server,
        formats=formats,
        parameters=parameters,
        body=body,
        reply=resolve_reply(entry, envelope, envelopes, context, records),
        envelope=envelope,
        gateways=tuple(one for one in gateways if one is not None),
        partial=tuple(one for one in named if one is not None and one.partial is not None),
        statuses=resolve_statuses(node, context),
        rules=resolve_rules(node, (*(p.field for p in parameters), *own_fields(body)), context),
        paging=resolve_paging(entry, context),
        reconcile=resolve_reconcile(node, context),
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

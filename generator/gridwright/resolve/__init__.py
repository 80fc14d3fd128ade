"""Turn an amended spec into an Interface. Never reads files, never spells Python."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridwright.diagnostics import Diagnostic
from gridwright.ir import (
    Interface,
)
from gridwright.resolve.auth import (
    auth_steps,
    certificate,
    login_names,
    presented,
    step_results,
)
from gridwright.resolve.codes import resolve_codes
from gridwright.resolve.context import (
    Context,
    check_zone,
    cite,
)
from gridwright.resolve.document import resolve_amendment, resolve_document
from gridwright.resolve.envelopes import resolve_envelope
from gridwright.resolve.limits import resolve_limits
from gridwright.resolve.missing import resolve_json_lists, resolve_missing
from gridwright.resolve.namespaces import resolve_namespaces
from gridwright.resolve.operations import resolve_operations
from gridwright.resolve.records import resolve_records
from gridwright.resolve.samples import check_samples
from gridwright.resolve.servers import resolve_credential, resolve_server
from gridwright.resolve.soap import header_block, resolve_soap
from gridwright.resolve.statuses import resolve_statuses
from gridwright.resolve.tables import check_tables, csv_form
from gridwright.resolve.types import check_encoding
from gridwright.resolve.units import resolve_unit
from gridwright.resolve.unused import check_cited, check_unused, check_unused_namespaces
from gridwright.source import Node
from gridwright.spec_names import is_reserved

__all__ = ["resolve"]


def _verdicts_of_items(root: Node) -> Iterator[str]:
    """Yield the names of the envelopes that judge items of lists."""
    for operation in root.children("operations"):
        listed = (operation.value.get("reply") or root).get("list")
        if listed is not None and listed.entries is not None:
            yield listed.string("verdict")


def resolve(root: Node, amendments: Sequence[Node]) -> tuple[Interface, list[Diagnostic]]:
    """Bind every name of an amended spec, and report every name that cannot be bound.

    Args:
        root: a spec that fits the grammar, amendments applied.
        amendments: the amendments that were applied, for the record.

    Returns:
        The interface, complete only where there is no problem, and the problems.
    """
    context = _context(root)
    units = tuple(resolve_unit(entry, context) for entry in root.children("units"))
    namespaces = resolve_namespaces(root, context)
    records = resolve_records(root, context)
    servers = tuple(resolve_server(e, context) for e in root.children("servers"))
    of_items = set(_verdicts_of_items(root))
    envelopes = {
        e.key: resolve_envelope(e, context, of_items=e.key in of_items)
        for e in root.children("envelopes")
    }
    carried = presented(root, {e.key for e in root.children("operations")}, context)
    operations = resolve_operations(root, context, records, envelopes, servers, carried)
    check_tables(root, operations, context)
    check_cited(root, context)
    check_unused(root, context)
    if is_reserved(root.string("system")):
        context.report(
            (root.get("system") or root).span,
            "reserved-name",
            f"{root.string('system')!r} is a word of Python",
            "choose another name for the system, and for its folder",
        )
    check_samples(root, operations, records.values(), context)
    title = root.get("title") or root
    interface = Interface(
        system=root.string("system"),
        title=title.string("text"),
        title_en=title.string("en"),
        document=resolve_document(root, context),
        zone=context.zone,
        missing=resolve_missing(root, context),
        json_lists=resolve_json_lists(root, context),
        servers=servers,
        credentials=tuple(resolve_credential(e, context) for e in root.children("credentials")),
        auth_steps=auth_steps(root, servers, context),
        presented=carried,
        certificate=certificate(root, context),
        login_names=login_names(root),
        limits=tuple(resolve_limits(root, tuple(o.name for o in operations), context)),
        statuses=resolve_statuses(root, context),
        soap=resolve_soap(root, context),
        codes=tuple(context.codes.values()),
        units=units,
        namespaces=namespaces,
        records=tuple(records.values()),
        envelopes=tuple(envelopes.values()),
        operations=operations,
        amendments=tuple(resolve_amendment(node) for node in amendments),
        samples=tuple((e.key, e.value.text or "") for e in root.children("samples")),
        span=root.span,
    )
    check_unused_namespaces(root, context)
    return interface, context.problems


def _context(root: Node) -> Context:
    conventions = root.get("conventions") or root
    zone = conventions.get("time_zone")
    context = Context(
        zone=zone.string("name") if zone else "",
        marks={e.key: e.value.text == "required" for e in conventions.children("required_marks")},
        codes={},
        credentials=frozenset(e.key for e in root.children("credentials")),
        record_names={e.key: e.value.string("name", e.key) for e in root.children("records")},
        steps=step_results(root),
        units=frozenset(e.key for e in root.children("units")),
        namespaces={e.key: e.value.string("is") for e in conventions.children("namespaces")},
        zone_names=tuple((e.key, e.value.text or "") for e in zone.children("names"))
        if zone
        else (),
        calendar=conventions.string("calendar"),
        soap_header=header_block(root),
        usable_limits=frozenset(
            e.key for e in root.children("limits") if e.value.string("kind") in ("rate", "quota")
        ),
    )
    if zone is not None:
        cite(zone, context, "the time zone")
        check_zone(zone.get("name"), context)
        for entry in zone.children("names"):
            check_zone(entry.value, context)
    check_encoding((conventions.get("character_encoding") or conventions).get("name"), context)
    context.codes.update({e.key: resolve_codes(e, context) for e in root.children("codes")})
    return replace(context, csv=csv_form(conventions.get("csv"), context))

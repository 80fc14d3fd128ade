"""Turn an amended spec into an Interface. Never reads files, never spells Python."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import (
    LOGINS,
    Amendment,
    Basis,
    Citation,
    Code,
    CodeList,
    Credential,
    Document,
    Fact,
    Interface,
    JsonLists,
    Limit,
    Missing,
    Revision,
    Server,
)
from gridwright.ir.words import (
    AMENDMENT_KINDS,
    LIMIT_KINDS,
    LIMIT_SCOPES,
    LIMIT_STRETCHES,
    SPACING_STARTS,
    LimitKind,
)
from gridwright.resolve.auth import (
    auth_steps,
    certificate,
    login_names,
    presented,
    step_results,
)
from gridwright.resolve.context import (
    Context,
    check_zone,
    cite,
    days_of,
    duration,
    months_of,
    one_of,
    whole_number,
    yes,
)
from gridwright.resolve.envelopes import resolve_envelope
from gridwright.resolve.fields import check_encoding
from gridwright.resolve.namespaces import resolve_namespaces
from gridwright.resolve.operations import resolve_operations
from gridwright.resolve.records import resolve_records
from gridwright.resolve.samples import check_samples
from gridwright.resolve.soap import resolve_soap
from gridwright.resolve.statuses import resolve_statuses
from gridwright.resolve.tables import check_tables, csv_form
from gridwright.resolve.units import resolve_unit
from gridwright.resolve.value_facts import expression_of
from gridwright.source import Entry, Node
from gridwright.vocabulary import UNDOCUMENTED, is_reserved

__all__ = ["resolve"]

_SERVER = re.compile(
    r"https?://([a-z0-9._\-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/[a-z0-9._~!$&'()*+,;=:@%/\-]*)?",
    re.IGNORECASE | re.ASCII,
)


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
    servers = tuple(_server(e, context) for e in root.children("servers"))
    of_items = set(_verdicts_of_items(root))
    envelopes = {
        e.key: resolve_envelope(e, context, of_items=e.key in of_items)
        for e in root.children("envelopes")
    }
    carried = presented(root, {e.key for e in root.children("operations")}, context)
    operations = resolve_operations(root, context, records, envelopes, servers, carried)
    check_tables(root, operations, context)
    _check_cited(root, context)
    _check_unused(root, context)
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
        document=_document(root, context),
        zone=context.zone,
        missing=_missing(root, context),
        json_lists=_json_lists(root, context),
        servers=servers,
        credentials=tuple(_credential(e, context) for e in root.children("credentials")),
        auth_steps=auth_steps(root, servers, context),
        presented=carried,
        certificate=certificate(root, context),
        login_names=login_names(root),
        limits=tuple(_limits(root, tuple(o.name for o in operations), context)),
        statuses=resolve_statuses(root, context),
        soap=resolve_soap(root, context),
        codes=tuple(context.codes.values()),
        units=units,
        namespaces=namespaces,
        records=tuple(records.values()),
        envelopes=tuple(envelopes.values()),
        operations=operations,
        amendments=tuple(_amendment(node) for node in amendments),
        samples=tuple((e.key, e.value.text or "") for e in root.children("samples")),
        span=root.span,
    )
    _check_unused_namespaces(root, context)
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
        calendar=conventions.string("calendar"),
        usable_limits=frozenset(
            e.key for e in root.children("limits") if e.value.string("kind") in ("rate", "quota")
        ),
    )
    if zone is not None:
        cite(zone, context, "the time zone")
        check_zone(zone.get("name"), context)
    check_encoding((conventions.get("character_encoding") or conventions).get("name"), context)
    context.codes.update({e.key: _codes(e, context) for e in root.children("codes")})
    return replace(context, csv=csv_form(conventions.get("csv"), context))


def _codes(entry: Entry, context: Context) -> CodeList:
    citation = cite(entry.value, context, f"code list {entry.key!r}")
    names: dict[str, Entry] = {}
    for value in entry.value.children("values"):
        name = value.value.string("name")
        if name in names:
            context.report(
                value.key_span,
                "name-collision",
                f"two codes are called {name!r}",
                f"first declared at {names[name].key_span}",
            )
        if is_reserved(name):
            context.report(
                value.key_span,
                "reserved-name",
                f"{name!r} is a word of Python",
                "choose another `name:`",
            )
        names.setdefault(name, value)
    return CodeList(
        name=entry.key,
        en=entry.value.string("en"),
        values=tuple(
            Code(
                value=e.key,
                name=e.value.string("name"),
                label=e.value.string("label"),
                en=e.value.string("en") or e.value.string("name").replace("_", " "),
                cite=cite(e.value, context, f"code {e.key!r}", citation),
            )
            for e in entry.value.children("values")
        ),
        cite=citation,
        span=entry.key_span,
    )


def _server(entry: Entry, context: Context) -> Server:
    node = entry.value
    address = node.string("address")
    span = (node.get("address") or node).span
    if address == UNDOCUMENTED:
        address = ""
    elif not _SERVER.fullmatch(address):
        context.report(
            span,
            "not-an-address",
            f"{address!r} is not an address of a server",
            "write https:// and the host, with a port and a path if need be, and nothing else",
        )
    elif address.startswith("http://"):
        context.report(
            span,
            "unencrypted-server",
            f"{address!r} is not encrypted",
            "write https://, or leave the server out",
        )
    return Server(
        name=entry.key,
        address=address,
        doubtful=not address or not yes(node, "confirmed", default=True),
        default=yes(node, "default"),
        en=node.string("en"),
        cite=cite(node, context, f"server {entry.key!r}"),
        span=entry.key_span,
    )


def _credential(entry: Entry, context: Context) -> Credential:
    node = entry.value
    if is_reserved(entry.key):
        context.report(
            entry.key_span,
            "reserved-name",
            f"{entry.key!r} is a word of Python",
            "choose another name",
        )
    return Credential(
        name=entry.key,
        label=node.string("label"),
        en=node.string("en"),
        secret=yes(node, "secret"),
        personal=yes(node, "personal"),
        environment=node.string("environment"),
        optional=yes(node, "optional"),
        matches=expression_of(node.get("matches"), context),
        cite=cite(node, context, f"credential {entry.key!r}"),
        span=entry.key_span,
    )


def _limits(root: Node, operations: tuple[str, ...], context: Context) -> Iterator[Limit]:
    for entry in root.children("limits"):
        kind = one_of(LIMIT_KINDS, entry.value.string("kind"))
        if kind is not None:
            yield _limit(entry, kind, operations, context)


def _limit(entry: Entry, kind: LimitKind, operations: tuple[str, ...], context: Context) -> Limit:
    node = entry.value
    named = node.get("operations")
    excepted = named.strings("except") if named is not None else ()
    about = node.strings("operations")
    if excepted:
        about = tuple(name for name in operations if name not in excepted)
        if not about:
            context.report(
                node.span,
                "limit-of-nothing",
                f"limit {entry.key!r} excepts every operation",
                "write `operations: logins` where it counts logins alone, or leave one out",
            )
    elif named is not None and named.text == "logins":
        about = (LOGINS,)
    for name in (*node.strings("operations"), *excepted):
        if name not in operations:
            context.report(
                node.span,
                "unknown-operation",
                f"limit {entry.key!r} names {name!r}, which is no operation",
                nearest(name, operations),
            )
    return Limit(
        name=entry.key,
        kind=kind,
        requests=whole_number(node.get("requests"), context),
        per=duration(node.string("per")) if node.get("per") else None,
        penalty=duration(node.string("penalty")) if node.get("penalty") else None,
        each=one_of(LIMIT_STRETCHES, node.string("each")) or "",
        resets=node.string("resets"),
        at_most=node.string("at_most"),
        period=duration(node.string("at_most")) if kind in ("period", "lifetime") else None,
        months=months_of(node.string("at_most")) if kind == "period" else 0,
        days=days_of(node.string("at_most")) if kind == "period" else 0,
        wait=duration(node.string("wait")) if node.get("wait") else None,
        after=one_of(SPACING_STARTS, node.string("after")) or "",
        same=(node.string("same"),) if node.string("same") else node.strings("same"),
        scope=one_of(LIMIT_SCOPES, node.string("scope")) or "",
        operations=about,
        each_operation=yes(node, "each_operation"),
        weekly=node.string("weekly"),
        zone=node.string("zone", context.zone),
        from_field=node.string("from"),
        to_field=node.string("to"),
        to_is=node.string("to_is"),
        field=node.string("field"),
        en=node.string("en"),
        cite=cite(node, context, f"limit {entry.key!r}"),
        span=entry.key_span,
    )


def _missing(root: Node, context: Context) -> Missing:
    node = (root.get("conventions") or root).get("missing")
    if node is None:
        reason = "no source says it; the common forms are read"
        return Missing(
            json=("empty", "null", "absent"),
            xml=("empty", "absent"),
            cite=Citation(lines=(), basis=Basis.ASSUMED, reason=reason),
        )
    return Missing(
        json=node.strings("json") or ("empty", "null", "absent"),
        xml=node.strings("xml") or ("empty", "absent"),
        cite=cite(node, context, "the form of a missing value"),
    )


def _json_lists(root: Node, context: Context) -> JsonLists | None:
    node = (root.get("conventions") or root).get("json_lists")
    if node is None:
        return None
    return JsonLists(
        forms=node.strings("forms"), cite=cite(node, context, "what JSON has in place of lists")
    )


def _document(root: Node, context: Context) -> Document:
    node = root.get("document") or root
    facts = [
        Fact(
            name=e.key,
            label=e.value.string("label"),
            text=e.value.string("text"),
            en=e.value.string("en"),
            cite=cite(e.value, context, f"fact {e.key!r}"),
        )
        for e in node.children("facts")
    ]
    return Document(
        file=node.string("file"),
        title=node.string("title"),
        language=node.string("language"),
        publisher=node.string("publisher"),
        publisher_en=node.string("publisher_en"),
        revisions=tuple(
            Revision(
                version=e.key,
                date=e.value.string("date"),
                change=e.value.string("change"),
                en=e.value.string("en"),
                cite=cite(e.value, context, f"revision {e.key}"),
            )
            for e in node.children("revisions")
        ),
        facts=tuple(facts),
    )


def _amendment(node: Node) -> Amendment:
    at = node.get("at")
    lines = [i.text or "" for i in at.items] if at and at.items else [at.text or ""] if at else []
    patch = node.children("patch")
    return Amendment(
        id=node.string("id"),
        kind=one_of(AMENDMENT_KINDS, node.string("kind")) or "erratum",
        lines=", ".join(lines),
        evidence=node.string("evidence"),
        strength=node.string("strength"),
        finding=node.string("finding"),
        ruling=node.string("ruling"),
        about=tuple(dict.fromkeys([*node.strings("about"), *(e.key for e in patch)])),
        changes=tuple(_change(e) for e in patch),
        span=node.span,
    )


def _change(entry: Entry) -> tuple[str, str, str]:
    node = entry.value
    printed, use, rename = node.get("printed"), node.get("use"), node.get("rename")
    if rename is not None:
        return entry.key, entry.key.rsplit(".", 1)[-1].strip('"'), rename.text or ""
    return entry.key, _text(printed), _text(use) if node.get("remove") is None else ""


def _text(node: Node | None) -> str:
    """Show a value of a patch on one line."""
    if node is None:
        return ""
    if node.text is not None:
        return node.text
    if node.items is not None:
        return f"[{', '.join(map(_text, node.items))}]"
    return f"{{{', '.join(f'{e.key}: {_text(e.value)}' for e in node.entries or ())}}}"


def _check_cited(root: Node, context: Context) -> None:
    """Report facts without a source that shape no code, and so are resolved nowhere else."""
    conventions = root.get("conventions") or root
    for node, what in (
        (root.get("title"), "the title"),
        (conventions.get("character_encoding"), "the character encoding"),
        *(
            (entry.value, f"row {entry.key!r} of the list of operations")
            for entry in (root.get("document") or root).children("operation_list")
        ),
        *(
            (entry.value.get(key), f"{key} of {entry.key!r}")
            for entry in root.children("operations")
            for key in ("method_basis", "heading")
        ),
    ):
        if node is not None:
            cite(node, context, what)


def _check_unused_namespaces(root: Node, context: Context) -> None:
    for entry in (root.get("conventions") or root).children("namespaces"):
        if f"namespace {entry.key}" not in context.used:
            context.report(
                entry.key_span,
                "unused",
                f"no element is in namespace {entry.key!r}",
                "name the prefix at what is in it, or remove it",
            )


def _check_unused(root: Node, context: Context) -> None:
    for entry in root.children("codes"):
        if entry.key not in context.used:
            context.report(
                entry.key_span,
                "unused",
                f"no field takes its codes from {entry.key!r}",
                "use the list, or remove it",
            )
    for entry in root.children("units"):
        if f"unit {entry.key}" not in context.used:
            context.report(
                entry.key_span,
                "unused",
                f"no field has unit {entry.key!r}",
                "use the unit, or remove it",
            )
    for entry in root.children("envelopes"):
        if f"envelope {entry.key}" not in context.used:
            context.report(
                entry.key_span,
                "unused",
                f"no operation has envelope {entry.key!r}",
                "use the envelope, or remove it",
            )

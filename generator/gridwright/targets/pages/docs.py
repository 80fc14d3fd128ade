"""Reference pages in Markdown: English, with the document's own words beside it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import assert_never

from gridwright.analysis.reading_words import reading_words
from gridwright.analysis.source_words import source_words
from gridwright.analysis.type_words import describe_type
from gridwright.ir import (
    Amendment,
    Argument,
    AuthStep,
    Basic,
    Case,
    CodeType,
    Credential,
    CsvForm,
    Element,
    Envelope,
    Field,
    Filled,
    FormatWord,
    Harvest,
    Interface,
    Operation,
    Parameter,
    Place,
    Record,
    Reply,
    Text,
    UsernameToken,
)
from gridwright.output.escape import markdown, markdown_code
from gridwright.output.view import View
from gridwright.targets.calls.errors import NO_ERROR, error_class
from gridwright.targets.calls.harvests import series_key
from gridwright.targets.calls.replies import payload_of_reply
from gridwright.targets.pages.overview import (
    form_fields,
    in_namespace,
    operation_notes,
    system_notes,
)
from gridwright.targets.pages.snippets import snippet
from gridwright.targets.pages.tables import Table, describe_source, used_up
from gridwright.targets.python import header_line
from gridwright.targets.value_facts import facts_said

__all__ = ["docs_views"]


def docs_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the pages of one system; ``package`` is the import path of its package."""
    header = header_line(interface).replace("--", "- -")  # which would end the comment
    pages = [
        ("README", "overview", _overview(interface)),
        *((o.name, "operation", _operation(interface, o, package)) for o in interface.operations),
        ("codes", "codes", _codes(interface)),
        ("amendments", "amendments", _amendments(interface)),
    ]
    for name, template, context in pages:
        path = f"docs/{interface.system}/{name}.md"
        yield View(path, f"docs/{template}.md.j2", {**context, "header": header}, python=False)


def _overview(interface: Interface) -> dict[str, object]:
    document = interface.document
    return {
        "system": interface.system,
        "title": markdown(interface.title_en),
        "label": markdown(" — ".join(dict.fromkeys((interface.title, document.title)))),
        "file": markdown_code(document.file),
        "publisher": markdown(
            " / ".join(p for p in (document.publisher_en, document.publisher) if p)
        ),
        "zone": markdown_code(interface.zone),
        "missing": markdown(_missing(interface)),
        "missing_source": describe_source(interface.missing.cite),
        "operations": _operation_table(interface),
        "servers": _server_table(interface),
        "credentials": _credential_table(interface),
        "steps": Table(
            ("Step", "Meaning", "Request", "Sends", "Lives", "Serves", "Source"),
            tuple(_step(step) for step in interface.auth_steps),
        ),
        "certificate": f"{markdown(interface.certificate.en)} "
        f"({describe_source(interface.certificate.cite)})"
        if interface.certificate is not None
        else "",
        "presented": [
            f"{markdown_code(p.wire)} in the {p.place} ({describe_source(p.cite)})"
            for p in interface.presented
        ],
        "envelopes": [_envelope(e) for e in interface.envelopes],
        "revisions": _revision_table(interface),
        "facts": _fact_table(interface),
        "notes": system_notes(interface),
        "amendment_count": len(interface.amendments),
        "code_count": len(interface.codes),
    }


def _operation_table(interface: Interface) -> Table:
    return Table(
        ("No.", "Python", "Wire name", "Label", "Meaning", "Source", "Amendments"),
        tuple(
            (
                markdown(o.number),
                f"[`{o.name}`]({o.name}.md)",
                markdown_code(o.wire_name),
                markdown(o.label),
                markdown(o.en),
                describe_source(o.cite),
                str(len(_of_operation(interface, o))),
            )
            for o in interface.operations
        ),
    )


def _server_table(interface: Interface) -> Table:
    return Table(
        ("Server", "Address", "Default", "Source"),
        tuple(
            (
                markdown(s.name),
                markdown_code(s.address) or "none in the document",
                "yes" if s is interface.default_server else "no",
                describe_source(s.cite),
            )
            for s in interface.servers
        ),
    )


def _credential_table(interface: Interface) -> Table:
    return Table(
        ("Argument", "Label", "Meaning", "Environment variable", "Source"),
        tuple(
            (
                markdown_code(c.name),
                markdown(c.label),
                _credential_meaning(c),
                markdown_code(c.environment),
                describe_source(c.cite),
            )
            for c in interface.credentials
        ),
    )


def _revision_table(interface: Interface) -> Table:
    return Table(
        ("Version", "Date", "Change", "In English", "Source"),
        tuple(
            (
                markdown(r.version),
                markdown(r.date),
                markdown(r.change),
                markdown(r.en),
                describe_source(r.cite),
            )
            for r in interface.document.revisions
        ),
    )


def _fact_table(interface: Interface) -> Table:
    return Table(
        ("Fact", "As printed", "In English", "Source"),
        tuple(
            (
                markdown(f.label or f.name.replace("_", " ")),
                markdown(f.text),
                markdown(f.en),
                describe_source(f.cite),
            )
            for f in interface.document.facts
        ),
    )


def _missing(interface: Interface) -> str:
    """Say how a missing value is written, in the formats that some operation has."""
    offered = {format for operation in interface.operations for format in operation.formats}
    said = (("json", "JSON", interface.missing.json), ("xml", "XML", interface.missing.xml))
    told = [f"{name}: {', '.join(words)}" for form, name, words in said if form in offered]
    return "; ".join(told or [f"{name}: {', '.join(words)}" for _, name, words in said])


def _lives(step: AuthStep) -> str:
    if step.lifetime_read:
        until = "until the moment that" if step.lifetime_ends else "as long as"
        return f"{until} {markdown_code(step.lifetime_read)} says"
    if not step.lifetime:
        return "until it is refused"
    seconds = int(step.lifetime.total_seconds())
    return f"{seconds} s from its {step.lifetime_from.replace('_', ' ')}"


def _step(step: AuthStep) -> tuple[str, ...]:
    addresses = "; ".join(
        f"{server + ': ' if server else ''}{markdown_code(address)}"
        for server, address in step.address
    )
    sends = "; ".join(
        f"{markdown_code(name)}: " + ", ".join(markdown_code(value) for _, value in values)
        for name, values in step.send
    )
    told = [sends] if sends else []
    told += [
        f"{markdown_code(name)} in the address: {markdown_code(value)}" for name, value in step.path
    ]
    told += [
        f"{markdown_code(part.wire)}{_PLACES[part.place]}: {markdown(source_words(part.source))}"
        for part in step.further_parts
    ]
    return (
        markdown(step.name),
        markdown(step.en),
        f"{step.method} {addresses}",
        "; ".join(told),
        _lives(step),
        "one request" if step.once else "many requests",
        describe_source(step.cite),
    )


def _where(envelope: Envelope) -> str:
    """Say where the header of an envelope stands."""
    around = (*((envelope.root.wire,) if envelope.root else ()), *envelope.header_under)
    within = f" within {_path(around)}" if around else ""
    where = (
        f"its fields stand in the root of the reply{within}"
        if envelope.header.wire == "."
        else f"the element {markdown_code(envelope.header.wire)} stands before the data{within}"
    )
    if envelope.partial is not None:
        return f"the elements {markdown_code(envelope.header.wire)} stand beside the data{within}"
    return f"{where}; a success may do without it" if envelope.header_optional else where


def _looks(case: Case) -> str:
    """Say what a case asks for."""
    told = []
    if case.root:
        told.append(f"the root is {' or '.join(map(markdown_code, case.root))}")
    if case.status:
        told.append(f"the HTTP status is {' or '.join(map(markdown_code, case.status))}")
    for field, values in case.when:
        known = " or ".join(markdown_code(value) or "empty" for value in values)
        told.append(f"{markdown_code(field)} is {known}")
    told += [f"{markdown_code(f)} contains {markdown_code(text)}" for f, text in case.contains]
    if case.has:
        told.append(f"there is {_path(case.has)}")
    if case.lacks:
        told.append(f"there is no {_path(case.lacks)}")
    return ", ".join(told)


def _success(envelope: Envelope) -> str:
    """Say which values of fields mean success."""
    return " and ".join(
        f"{markdown_code(k)} is {' or '.join(markdown_code(v) or 'empty' for v in values)}"
        for k, values in envelope.success
    )


def _succeeds(verdict: Envelope) -> str:
    """Say which items of a list came, and which failed."""
    if verdict.success:
        return f"an item came where {_success(verdict)}"
    return f"an item failed where it has {markdown_code(verdict.code)}"


def _envelope(envelope: Envelope) -> dict[str, object]:
    return {
        "where": _where(envelope),
        "cases": Table(
            ("Where", "Error", "Meaning", "Source"),
            tuple(
                (
                    _looks(case),
                    "" if case.error == NO_ERROR else f"`{error_class(case.error)}`",
                    markdown(case.en) + used_up(case.breaks),
                    describe_source(case.cite),
                )
                for case in envelope.cases
            ),
        ),
        "kinds": Table(
            ("Kind", "Error", "Meaning", "Source"),
            tuple(
                (
                    markdown_code(k.value),
                    markdown_code(k.error),
                    markdown(k.en),
                    describe_source(k.cite),
                )
                for k in envelope.kinds
            ),
        ),
        "pairs": Table(
            ("Key", "Filled with", "Meaning", "Source"),
            tuple(
                (
                    markdown_code(p.key),
                    "a new identifier for each call"
                    if p.source == "uuid"
                    else f"{markdown_code(p.name)} of the client",
                    markdown(p.en),
                    describe_source(p.cite),
                )
                for p in (envelope.pairs.fill if envelope.pairs else ())
            ),
        ),
        "formats": " and ".join(f.upper() for f in envelope.header_formats),
        "fields": _field_table(envelope.fields),
        "of_items": envelope.of_items,
        "partial": describe_source(envelope.partial) if envelope.partial else "",
        "success": _success(envelope),
        "errors": Table(
            ("Code", "Error", "Meaning", "Source"),
            tuple(
                (
                    markdown_code(e.code),
                    markdown_code(e.error),
                    markdown(e.en) + used_up(e.breaks),
                    describe_source(e.cite),
                )
                for e in envelope.errors
            ),
        ),
        "failure_in_list": describe_source(envelope.failure_in_list)
        if envelope.failure_in_list
        else "",
        "consent": ""
        if envelope.consent is None
        else f"{markdown(envelope.consent.en)} ({describe_source(envelope.consent.cite)})",
    }


def _table(form: CsvForm | None) -> str:
    """Say how a table is written."""
    separator = markdown_code(form.separator if form else ",").replace("\t", "tab")
    said = f"a row is a record; {separator} stands between cells"
    if form is None:
        return f"{said}, and the first row names the columns"
    said += ", and the first row names the columns" if form.heading else ", in the order below"
    said += f"; {form.skip} lines come before it" if form.skip else ""
    said += f"; written in {markdown_code(form.encoding)}" if form.encoding else ""
    if form.missing:
        said += f"; {' or '.join(map(markdown_code, form.missing))} is a missing value"
    return f"{said} ({describe_source(form.cite)})"


def _describe_layout(reply: Reply) -> str:
    match reply.layout:
        case "":
            return ""
        case "arrays":
            return ", each item an array in JSON"
        case "columns":
            return ", whose fields are arrays beside each other in JSON"
        case "keyed":
            return f", in JSON an object with values of {markdown_code(reply.keyed_by)} as keys"
        case _:
            assert_never(reply.layout)


def _operation(interface: Interface, operation: Operation, package: str) -> dict[str, object]:
    reply = operation.reply
    payload = payload_of_reply(interface, operation)
    parts = [
        ("root element in XML", reply.root),
        ("list" + _describe_layout(reply), reply.list),
        ("one item in XML", reply.item),
    ]
    return {
        "system": interface.system,
        "package_root": markdown_code(package.partition(".")[0]),
        "name": operation.name,
        "title": markdown(operation.en),
        "label": markdown(
            f"{operation.number} {operation.label}"
            if operation.label or not operation.number
            else f"Number {operation.number} of the document."
        ),
        "description": _sentence(operation.description_en or operation.en),
        "kind": operation.kind,
        "request_line": markdown_code(f"{operation.method} {operation.path}"),
        "source": f"{markdown_code(interface.document.file)}, {describe_source(operation.cite)}",
        "formats": ", ".join(operation.formats)
        + (f", packed as {reply.packing.replace('_', ' ')}" if reply.packing else ""),
        "csv": _table(reply.csv) if "csv" in operation.formats else "",
        "parameters": _parameter_table(operation.parameters),
        "body": _record_sections(interface, operation.body.record, is_sent=True)
        if operation.body
        else [],
        "record_space": in_namespace(payload.record.namespace),
        "records": _record_sections(interface, reply.record)[1:]
        + _record_sections_of_forms(interface, reply),
        "known_by_example": operation.known_by_example,
        "elements": _element_table(
            [(what, part) for what, part in parts if part is not None], reply
        ),
        "record": markdown_code(payload.record.name),
        "article": "an" if payload.record.name[:1] in "AEIO" else "a",
        "record_en": markdown(payload.record.en),
        "message": ""
        if payload.record is reply.record
        else f"a {markdown_code(reply.record.name)}: {markdown(reply.record.en)}",
        "fields": _field_table(reply.record.fields),
        "beside": _field_table(reply.beside.fields if reply.beside is not None else ()),
        "partial": [_path(one.path) for one in operation.partial],
        "readings": [*_readings(interface, reply)],
        "judged": "" if reply.verdict is None else _succeeds(reply.verdict),
        "snippet": "" if operation.known_by_example else snippet(interface, operation, package),
        "notes": _notes(interface, operation),
        "is_list": payload.is_list,
        "rules": [f"{markdown(r.en)} ({describe_source(r.cite)})" for r in operation.rules],
        "paging": "" if operation.paging is None else operation.paging.name,
        "paging_how": "part by part"
        if operation.paging is not None and operation.paging.form == "whole"
        else "page by page",
        "harvest": ""
        if operation.harvest is None
        else _harvest(interface, operation, operation.harvest),
        "reconcile": ""
        if operation.reconcile is None
        else f"{markdown(operation.reconcile.en)} ({describe_source(operation.reconcile.cite)})",
        "examples": [
            f"{markdown(e.name.replace('_', ' '))}: {describe_source(e.cite)}"
            for e in operation.examples
        ],
        "amendments": [_amendment(a) for a in _of_operation(interface, operation)],
        "of_all": _of_all_operations(interface),
    }


def _readings(interface: Interface, reply: Reply) -> Iterator[str]:
    """Say which methods return readings, and what is known of their intervals."""
    for one in reading_words(interface, reply):
        said = "; ".join(map(markdown, one.words))
        method = markdown_code(f"{one.record}.{one.method}()")
        yield f"{method} of {markdown_code(one.value)}: {said}"


def _notes(interface: Interface, operation: Operation) -> dict[str, object]:
    reply = operation.reply
    tables = [_field_table(form_fields(reply.record, v.record)) for v in reply.variants]
    return {**operation_notes(interface, operation), "form_fields": tables}


def _record_sections(
    interface: Interface, record: Record, *, is_sent: bool = False
) -> list[dict[str, object]]:
    """Describe a record and those below it; what is sent with what must be given."""
    return [_record_section(r, is_sent=is_sent) for r in interface.reachable(record)]


def _record_section(record: Record, *, is_sent: bool = False) -> dict[str, object]:
    return {
        "name": markdown_code(record.name),
        "en": markdown(record.en)
        + (", and items that no document names" if record.open else "")
        + in_namespace(record.namespace),
        "fields": _field_table(record.fields, is_sent=is_sent),
    }


def _record_sections_of_forms(interface: Interface, reply: Reply) -> list[dict[str, object]]:
    """Describe the records that are reached from the forms of a reply alone, each once."""
    known = {record.name for record in interface.reachable(reply.record)}
    found: list[Record] = []
    for variant in reply.variants:
        for record in interface.reachable(variant.record)[1:]:
            if record.name not in known:
                known.add(record.name)
                found.append(record)
    return [_record_section(record) for record in found]


def _sentence(text: str) -> str:
    return markdown(f"{text[:1].upper()}{text[1:].rstrip('.')}")


def _of_operation(interface: Interface, operation: Operation) -> list[Amendment]:
    """Return what is amended about an operation and its records."""
    places = {f"operations.{operation.name}"}
    starts = [*operation.reply.records]
    starts += [operation.body.record] if operation.body else []
    places |= {f"records.{r.name}" for start in starts for r in interface.reachable(start)}
    return [
        a
        for a in interface.amendments
        if any(p == place or p.startswith(f"{place}.") for p in a.about for place in places)
    ]


def _of_all_operations(interface: Interface) -> list[str]:
    """Return links to what is amended about every call."""
    whole = {"operations", "records", "statuses", "limits", "auth", "soap"}
    below = ("statuses.", "limits.", "auth.", "soap.", "servers.", "credentials.", "envelopes.")
    return [
        f"[{a.id}](amendments.md#{a.id})"
        for a in interface.amendments
        if any(p in whole or p.startswith(below) for p in a.about)
    ]


def _codes(interface: Interface) -> dict[str, object]:
    return {
        "system": interface.system,
        "title": markdown(interface.title_en),
        "lists": [
            {
                "anchor": codes.name,
                "name": markdown_code(codes.name),
                "en": markdown(codes.en),
                "source": describe_source(codes.cite),
                "table": Table(
                    ("Code", "Label", "In English", "Source"),
                    tuple(
                        (
                            markdown_code(c.value),
                            markdown(c.label),
                            markdown(c.en),
                            describe_source(c.cite),
                        )
                        for c in codes.values
                    ),
                ),
            }
            for codes in interface.codes
        ],
    }


def _amendments(interface: Interface) -> dict[str, object]:
    kinds = {"erratum": "Errata", "observation": "Observations", "private": "Private amendments"}
    groups = []
    for kind, title in kinds.items():
        found = [_amendment(a) for a in interface.amendments if a.kind == kind]
        if found:
            groups.append({"title": title, "amendments": found})
    return {"system": interface.system, "title": markdown(interface.title_en), "groups": groups}


def _amendment(amendment: Amendment) -> dict[str, object]:
    several = "s" if "," in amendment.lines or "-" in amendment.lines else ""
    where = f"line{several} {amendment.lines}" if amendment.lines else ""
    evidence = f"field note {amendment.evidence}" if amendment.evidence else ""
    strength = f"({amendment.strength})" if amendment.strength else ""
    return {
        "id": amendment.id,
        "kind": amendment.kind,
        "where": markdown(" ".join(p for p in (where, evidence, strength) if p)),
        "finding": markdown(amendment.finding),
        "ruling": markdown(amendment.ruling),
        "changes": [
            f"{markdown_code(path)}: {markdown_code(old) or 'nothing'} → "
            f"{markdown_code(new) or 'removed'}"
            for path, old, new in amendment.changes
        ],
    }


def _parameter_table(parameters: Sequence[Parameter]) -> Table:
    return Table(
        ("Python", "Wire", "Label", "Meaning", "Type", "Size", "Required", "Source"),
        tuple(
            (
                _argument(p),
                _path((*p.under, p.field.wire))
                + in_namespace(p.field.namespace)
                + _PLACES[p.place],
                markdown(p.field.label),
                markdown(p.field.en),
                _type(p.field, is_asked=True)
                + (f", joined by {markdown_code(p.join)}" if p.join else ""),
                markdown(p.field.printed_size),
                "yes" if p.is_needed else "no",
                describe_source(p.field.cite),
            )
            for p in parameters
        ),
    )


_PLACES = {
    Place.QUERY: "",
    Place.PATH: " in the path",
    Place.HEADER: " in a header",
    Place.COOKIE: " in a cookie",
    Place.FORM: " in the body",
    Place.BODY: " in the body",
    Place.PART: " as a part of the form",
    Place.SOAP_HEADER: " in the SOAP header",
}
"""Where a value travels that is not in the query."""


def _argument(parameter: Parameter) -> str:
    if parameter.credential:
        return f"{markdown_code(parameter.credential)} of the client"
    if parameter.formats:
        return "`format`: " + ", ".join(f"{markdown_code(v)} = {f}" for f, v in parameter.formats)
    match parameter.source:
        case Text(constant=str() as constant):
            return f"always {markdown_code(constant)}"
        case Text(pieces=pieces):
            texts = [p if isinstance(p, str) else f"{{{p.kind}.{p.name}}}" for p in pieces]
            return f"{markdown_code(''.join(texts))}, filled in by the client"
        case Basic():
            return "user and password, by the client"
        case Filled():
            return _describe_filled(parameter.source)
        case Argument() | FormatWord() | UsernameToken():
            return markdown_code(parameter.field.name)
        case _:
            assert_never(parameter.source)


def _describe_filled(source: Filled) -> str:
    match source.with_:
        case "uuid":
            return "a new identifier for each call"
        case "serial":
            return "a number that only grows"
        case "now":
            return "the time at which the request leaves"
        case "service":
            return "the name of the operation"
        case "option":
            return f"{markdown_code(source.name)} of the client"
        case _:
            assert_never(source.with_)


def _field_table(fields: Sequence[Field], *, is_sent: bool = False) -> Table:
    return Table(
        ("Python", "Wire", "Label", "Meaning", "Type", "Size", "Unit", "Source"),
        tuple(
            (
                _python_name(f),
                _wire_names(f),
                markdown(f.label),
                markdown(f.en),
                _type(f) + ("; required" if is_sent and f.required else ""),
                markdown(f.printed_size),
                markdown(f.unit_text),
                describe_source(f.cite),
            )
            for f in fields
        ),
    )


def _python_name(field: Field) -> str:
    if field.series is None or not field.series.labels:
        return markdown_code(field.name)
    first, last = field.series.labels[0], field.series.labels[-1]
    return f"`{field.name}_{first}` … `{field.name}_{last}`"


def _wire_names(field: Field) -> str:
    names = [_path((*field.under, field.wire))]
    if field.item:
        names[0] += f", in XML each item {markdown_code(field.item)}"
    names[0] += in_namespace(field.namespace)
    names[0] += " in a header" if field.in_header else ""
    names[0] += " (provisional)" if field.provisional else ""
    names += [f"also {markdown_code(w.name)}" for w in field.also]
    return ", ".join(names)


def _type(field: Field, *, is_asked: bool = False) -> str:
    text = markdown(describe_type(field.type))
    if isinstance(field.type, CodeType) and field.type.codes is not None:
        text += f" of [`{field.type.codes.name}`](codes.md#{field.type.codes.name})"
    if field.series is not None:
        what = "register states" if field.series.register else "intervals"
        text += (
            f"; {len(field.series.labels)} {what} by position"
            if field.series.by_position
            else (
                f"; {len(field.series.labels)} {what}, a label marks the "
                f"{field.series.marks.value if not field.series.register else 'instant'}"
            )
        )
    text = "; ".join([text, *map(_fact, facts_said(field))])
    echo = ".".join(field.echoes)
    marks = [
        mark
        for mark, on in (
            ("may be absent", field.optional and not field.required and not is_asked),
            (f"default {markdown_code(field.default or '')}", field.default is not None),
            ("required, unless a call overrules it", field.optional and field.required),
            (f"filled with the credential `{field.credential}`", field.credential is not None),
            (f"says again what was asked: {markdown_code(echo)}", bool(echo)),
            (
                f"missing where it says {', '.join(map(markdown_code, field.missing))}",
                bool(field.missing),
            ),
            ("personal", field.personal),
            ("secret", field.secret),
        )
        if on
    ]
    if field.note:
        marks.append(f"note: {markdown(field.note)}")
    return "; ".join([text, *marks])


def _credential_meaning(credential: Credential) -> str:
    said = [markdown(credential.en)]
    if credential.matches:
        said.append(f"matches {markdown_code(credential.matches)}")
    return "; ".join([*said, *(["may be left out"] if credential.optional else [])])


def _fact(said: str) -> str:
    """Lay out what is said of a value; an expression as code."""
    before, mark, expression = said.partition("matches ")
    return f"{before}{mark}{markdown_code(expression)}" if mark else markdown(said)


def _element_table(parts: Sequence[tuple[str, Element]], reply: Reply) -> Table:
    rows = [
        (
            what,
            (_path(reply.payload) if e is reply.list else markdown_code(e.wire))
            + ("" if e is reply.root else in_namespace(e.namespace)),
            markdown(e.label),
            describe_source(e.cite),
        )
        for what, e in parts
    ]
    if reply.list is None and reply.payload and not reply.is_message:
        rows.append(("what it brings", _path(reply.payload), "", ""))
    return Table(("Element", "Wire", "Label", "Source"), tuple(rows))


def _path(names: Sequence[str]) -> str:
    """Show the way to a thing, from the outside in."""
    return " › ".join(map(markdown_code, names))


def _harvest(interface: Interface, operation: Operation, harvest: Harvest) -> str:
    """Say how an operation is read for many over a long time."""
    names = {parameter.field.wire: parameter.field.name for parameter in operation.arguments}
    said = [f"`gridwright harvest {interface.system} {operation.name}`"]
    whose = markdown_code(names.get(harvest.each, harvest.each)) if harvest.each else ""
    said.append(f"one call for each {f'{whose} and ' if whose else ''}window of {harvest.step}")
    if harvest.listed_by:
        said.append(f"which `{harvest.listed_by}()` lists")
    if harvest.key:
        keys = ", ".join(map(markdown_code, series_key(interface, operation, harvest)))
        said.append(f"told apart by {keys}")
    if harvest.published:
        said.append(f"complete after {_hours(harvest.published)}")
    if harvest.corrected:
        said.append(f"changed until {_hours(harvest.corrected)} after that")
    if harvest.history:
        said.append(f"{harvest.history} back")
    return f"{', '.join(said)} ({describe_source(harvest.cite)})"


def _hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:g} hours"

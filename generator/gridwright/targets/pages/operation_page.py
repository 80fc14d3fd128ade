"""The page of an operation: what is asked, what comes back, and how it is read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import assert_never

from gridwright.analysis.reading_words import reading_words
from gridwright.ir import CsvForm, Harvest, Interface, Operation, Record, Reply
from gridwright.output.escape import markdown, markdown_code
from gridwright.targets.calls.harvests import series_key
from gridwright.targets.calls.replies import payload_of_reply
from gridwright.targets.pages.amendments import (
    amendment_view,
    amendments_of,
    links_of_all_operations,
)
from gridwright.targets.pages.field_tables import (
    element_table,
    field_table,
    parameter_table,
    show_path,
)
from gridwright.targets.pages.overview import form_fields, in_namespace, operation_notes
from gridwright.targets.pages.snippets import snippet
from gridwright.targets.pages.tables import describe_source
from gridwright.targets.pages.verdicts import describe_items_that_came

__all__ = ["operation_page"]


def operation_page(interface: Interface, operation: Operation, package: str) -> dict[str, object]:
    """Describe an operation; ``package`` is the import path of its package."""
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
        "parameters": parameter_table(operation.parameters),
        "body": _record_sections(interface, operation.body.record, is_sent=True)
        if operation.body
        else [],
        "record_space": in_namespace(payload.record.namespace),
        "records": _record_sections(interface, reply.record)[1:]
        + _record_sections_of_forms(interface, reply),
        "known_by_example": operation.known_by_example,
        "elements": element_table(
            [(what, part) for what, part in parts if part is not None], reply
        ),
        "record": markdown_code(payload.record.name),
        "article": "an" if payload.record.name[:1] in "AEIO" else "a",
        "record_en": markdown(payload.record.en),
        "message": ""
        if payload.record is reply.record
        else f"a {markdown_code(reply.record.name)}: {markdown(reply.record.en)}",
        "fields": field_table(reply.record.fields),
        "beside": field_table(reply.beside.fields if reply.beside is not None else ()),
        "partial": [show_path(one.path) for one in operation.partial],
        "readings": [*_readings(interface, reply)],
        "judged": "" if reply.verdict is None else describe_items_that_came(reply.verdict),
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
        "amendments": [amendment_view(a) for a in amendments_of(interface, operation)],
        "of_all": links_of_all_operations(interface),
    }


def _table(form: CsvForm | None) -> str:
    """Say how a table is written."""
    separator = markdown_code(form.separator if form else ",").replace("\t", "tab")
    said = f"a row is a record; {separator} stands between cells"
    if form is None:
        return f"{said}, and the first row names the columns"
    if form.heading_line:
        begin = markdown_code(form.heading_line)
        said += f", and the line that begins with {begin} names the columns"
    else:
        said += ", and the first row names the columns" if form.heading else ", in the order below"
    said += f"; rows begin with {markdown_code(form.rows)}" if form.rows else ""
    if form.ignore:
        begins = " or ".join(map(markdown_code, form.ignore))
        said += f"; other lines that begin with {begins} are ignored"
    said += f"; the last line begins with {markdown_code(form.end)}" if form.end else ""
    said += f"; {form.skip} lines come before it" if form.skip else ""
    said += f"; written in {markdown_code(form.encoding)}" if form.encoding else ""
    if form.missing:
        said += f"; {' or '.join(map(markdown_code, form.missing))} is a missing value"
    return f"{said} ({describe_source(form.cite)})"


def _describe_layout(reply: Reply) -> str:
    match reply.layout:
        case "":
            return ""
        case "arrays" if reply.names:
            by = f" by {markdown_code(reply.named_by)}" if reply.named_by else ""
            names = markdown_code(reply.names)
            return f", each item an array in JSON, whose columns {names} names{by}"
        case "arrays":
            return ", each item an array in JSON"
        case "columns":
            return ", whose fields are arrays beside each other in JSON"
        case "keyed":
            return f", in JSON an object with values of {markdown_code(reply.keyed_by)} as keys"
        case _:
            assert_never(reply.layout)


def _readings(interface: Interface, reply: Reply) -> Iterator[str]:
    """Say which methods return readings, and what is known of their intervals."""
    for one in reading_words(interface, reply):
        said = "; ".join(map(markdown, one.words))
        method = markdown_code(f"{one.record}.{one.method}()")
        yield f"{method} of {markdown_code(one.value)}: {said}"


def _notes(interface: Interface, operation: Operation) -> dict[str, object]:
    reply = operation.reply
    tables = [field_table(form_fields(reply.record, v.record)) for v in reply.variants]
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
        "fields": field_table(record.fields, is_sent=is_sent),
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

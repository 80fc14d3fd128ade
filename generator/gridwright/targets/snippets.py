"""Snippets of the reference pages: one call per operation that runs as printed."""

import datetime
import json
from dataclasses import replace

from gridwright.escape import python_text
from gridwright.formatting import format_python
from gridwright.ir import (
    BinaryType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Record,
    RecordType,
    TemporalType,
)
from gridwright.targets.body_operations import payload_record
from gridwright.targets.service_client import header_options
from gridwright.targets.service_requests import sent_parameters

__all__ = ["snippet"]


def snippet(interface: Interface, operation: Operation, package: str) -> str:
    """Return Python that calls ``operation`` on the mock and prints the reply."""
    interface = replace(interface, samples=tuple(interface.samples_of(operation).items()))
    parent, _, name = package.rpartition(".")
    if interface.is_service:
        return _service_snippet(interface, operation, package)
    if operation.body is not None:
        _, record = payload_record(interface, operation.body)
        values = [
            (f.name, _value(interface, f, f"{name}.models"))
            for f in record.fields
            if f.required or not f.optional
        ]
        show = ["    print(reply.code, reply.body)"]
    else:
        values = [(p.field.name, _sample(interface, p.field)) for p in operation.arguments]
        show = ["    for record in reply.records:", *_show(operation)]
    text = ", ".join(f"{name}={value}" for name, value in values)
    credentials = _credentials(interface)
    lines = _imports(text)
    lines += [
        f"from {parent} import {name}",
        f"from {package} import mock",
        "from gridwright_runtime.mock.transport import MockTransport",
        "",
        "transport = MockTransport(mock.application())",
        f"with {name}.Client({credentials}transport=transport) as client:",
        f"    reply = client.{operation.name}({text})",
        *show,
    ]
    return format_python("\n".join(lines)).rstrip("\n")


def _service_snippet(interface: Interface, operation: Operation, package: str) -> str:
    parent, _, name = package.rpartition(".")
    # What the document does not name goes to this machine alone.
    address = "" if interface.default_server else 'base_url="http://127.0.0.1", '
    given = dict(interface.samples)
    fields = [p.field for p in sent_parameters(interface, operation)]
    fields += operation.body.record.fields if operation.body else ()
    values = ", ".join(
        f"{f.name}={_value(interface, f, f'{name}.models')}"
        for f in fields
        if f.required or f.name in given
    )
    if "items" in given and operation.body is not None and operation.body.record.open:
        values += f"{', ' if values else ''}items={json.loads(given['items'])!r}"
    items = ", list(result.body.items)" if operation.reply.record.open else ""
    lines = _imports(values)
    lines += [
        f"from {parent} import {name}",
        f"from {package} import mock",
        "from gridwright_runtime.mock.transport import MockTransport",
        *(["from gridwright_runtime.service.upload import Upload"] if "Upload(" in values else []),
        "",
        "transport = MockTransport(mock.application())",
        f"with {name}.Client({_credentials(interface)}{address}transport=transport) as client:",
        f"    result = client.{operation.name}({values})",
        f"    print(result.body{items})",
    ]
    return format_python("\n".join(lines)).rstrip("\n")


def _credentials(interface: Interface) -> str:
    names = [c.name for c in interface.credentials]
    names += [item.name for item in header_options(interface) if not item.default]
    return "".join(f"{name}={python_text(f'demo-{name}'.replace('_', '-'))}, " for name in names)


def _imports(text: str) -> list[str]:
    lines = []
    if "datetime." in text:
        lines += ["import datetime", ""]
    if "Decimal(" in text:
        lines += ["from decimal import Decimal", ""]
    return lines


def _show(operation: Operation) -> list[str]:
    fields = operation.reply.record.fields
    series = next((f for f in fields if f.series), None)
    if series is not None and series.series is not None:
        when = "reading.read_at" if series.series.register else "reading.interval_start"
        return [
            "        for reading in record.readings():",
            f"            print({when}, reading.{series.name})",
        ]
    single = next((f for f in fields if f.instant), None)
    if single is not None and single.instant is not None:
        return [
            f"        print(record.{single.instant.day_field}, "
            f"record.{single.instant.time_field}, record.{single.name})"
        ]
    shown = [f for f in fields if not f.personal and not f.secret][:3] or fields[:1]
    return [f"        print({', '.join(f'record.{f.name}' for f in shown)})"]


def _value(interface: Interface, field: Field, models: str) -> str:
    """Spell a value of a body: records with all that they need."""
    by_name = {record.name: record for record in interface.records}
    match field.type:
        case ListType(item=RecordType(record=record)):
            return f"[{_record(interface, by_name[record], models)}]"
        case ListType(item=item):
            return f"[{_sample(interface, replace(field, type=item))}]"
        case RecordType(record=record):
            return _record(interface, by_name[record], models)
        case _:
            return _sample(interface, field)


def _record(interface: Interface, record: Record, models: str) -> str:
    fields = [f for f in record.fields if f.required or not f.optional]
    values = ", ".join(f"{f.name}={_value(interface, f, models)}" for f in fields)
    return f"{models}.{record.name}({values})"


def _sample(interface: Interface, field: Field) -> str:
    text = dict(interface.samples).get(field.name)
    match field.type:
        case TemporalType(kind="date"):
            return _date(text or "2024-10-01")
        case TemporalType(kind="month"):
            return _date(f"{text or '2024-10'}-01")
        case TemporalType(kind="datetime"):
            return _datetime(text or "2024-10-01T14:00+00:00")
        case TemporalType(kind="time"):
            return python_text(text or "0000")
        case CodeType(codes=codes) if codes is not None and text is None:
            return python_text(codes.values[0].value)
        case BinaryType():
            return f"Upload(b'invented', filename={python_text(text or 'file.pdf')})"
        case IntegerType():
            return str(int(text or "1"))
        case DecimalType():
            return f"Decimal({python_text(text or '1')})"
        case _:
            return python_text(text if text is not None else "1")


def _date(text: str) -> str:
    day = datetime.date.fromisoformat(text)
    return f"datetime.date({day.year}, {day.month}, {day.day})"


def _datetime(text: str) -> str:
    return f"datetime.datetime.fromisoformat({python_text(text)})"

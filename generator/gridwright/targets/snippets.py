"""Snippets of the reference pages: one call per operation that runs as printed."""

import datetime
import json
from collections.abc import Iterator
from dataclasses import replace

from gridwright.escape import python_text
from gridwright.formatting import format_python
from gridwright.ir import (
    BinaryType,
    CodeType,
    DecimalType,
    Field,
    Instant,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Record,
    RecordType,
    TemporalType,
)
from gridwright.patterns import example_of
from gridwright.readings import method_names, told_readings
from gridwright.targets.operations import has_provisional_names
from gridwright.targets.python import is_composed
from gridwright.targets.replies import payload_of_reply
from gridwright.targets.requests import request_of
from gridwright.targets.systems import carried_credentials, choices, sure_servers

__all__ = ["snippet"]


_DURATION = "from gridwright_runtime.times.durations import Duration"


def snippet(interface: Interface, operation: Operation, package: str) -> str:
    """Return Python that calls ``operation`` on the mock and prints the reply."""
    interface = replace(interface, samples=tuple(interface.samples_of(operation).items()))
    parent, _, name = package.rpartition(".")
    # What the document does not name goes to this machine alone.
    is_sure = bool(sure_servers(interface)) and not has_provisional_names(interface, operation)
    address = "" if is_sure else 'base_url="http://127.0.0.1", '
    values = ", ".join(_given(interface, operation, f"{name}.models"))
    lines = _imports(values)
    lines += [
        f"from {parent} import {name}",
        f"from {package} import mock",
        "from gridwright_runtime.mock.transport import MockTransport",
        *(["from gridwright_runtime.service.upload import Upload"] if "Upload(" in values else []),
        *([_DURATION] if "Duration.parse(" in values else []),
        "",
        "transport = MockTransport(mock.application())",
        f"with {name}.Client({_told(interface)}{address}transport=transport) as client:",
        *_shown(interface, operation, f"client.{operation.name}({values})"),
    ]
    return format_python("\n".join(lines)).rstrip("\n")


def _given(interface: Interface, operation: Operation, models: str) -> Iterator[str]:
    """Yield the arguments: what must be given, and what there is a sample of."""
    request = request_of(interface, operation)
    samples = dict(interface.samples)
    for field in request.record.fields:
        if field.credential is None and (field.required or field.name in samples):
            yield f"{field.name}={_value(interface, field, models)}"
    if "items" in samples and request.record.open:
        yield f"items={json.loads(samples['items'])!r}"
    if operation.reply.shape == "file":
        yield f'to="{operation.name}.bin"'


def _shown(interface: Interface, operation: Operation, asked: str) -> list[str]:
    payload = payload_of_reply(interface, operation)
    if payload.is_list:
        lines = [f"    reply = {asked}", "    for record in reply.records:"]
        return [*lines, *_show(interface, payload.record)]
    shown = ["result.body"]
    if payload.record is not operation.reply.record:
        shown.insert(0, "result.code")
    if payload.record.open:
        shown.append("list(result.body.items)")
    return [f"    result = {asked}", f"    print({', '.join(shown)})"]


def _told(interface: Interface) -> str:
    names = [c.name for c in carried_credentials(interface)]
    names += [choice.name for choice in choices(interface) if choice.is_needed]
    return "".join(f"{name}={python_text(f'demo-{name}'.replace('_', '-'))}, " for name in names)


def _imports(text: str) -> list[str]:
    lines = []
    if "datetime." in text:
        lines += ["import datetime", ""]
    if "Decimal(" in text:
        lines += ["from decimal import Decimal", ""]
    return lines


def _show(interface: Interface, record: Record) -> list[str]:
    fields = record.fields
    series = next((f for f in fields if f.series), None)
    if series is not None and series.series is not None:
        when = "reading.read_at" if series.series.register else "reading.interval_start"
        return [
            "        for reading in record.readings():",
            f"            print({when}, reading.{series.name})",
        ]
    told = next((t for t in told_readings(interface) if t.teller == record), None)
    if told is not None and not told.is_own:
        name = method_names(interface, record)[told.field.name]
        return [
            f"        for reading in record.{name}():",
            f"            print(reading.interval_start, reading.{told.field.name})",
        ]
    single = next((f for f in fields if isinstance(f.instant, Instant)), None)
    if single is not None and isinstance(single.instant, Instant):
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
        case TemporalType(kind="duration"):
            return f"Duration.parse({python_text(text or 'PT15M')})"
        case TemporalType(kind="time") if is_composed(field.type) and text is None:
            day = datetime.date(2024, 10, 1)
            return python_text(example_of(field.type.pattern, day))
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

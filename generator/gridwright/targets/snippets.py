"""Snippets of the reference pages: one call per operation that runs as printed."""

import datetime

from gridwright.escape import python_text
from gridwright.ir import (
    CodeType,
    DecimalType,
    IntegerType,
    Interface,
    Operation,
    Parameter,
    TemporalType,
)

__all__ = ["snippet"]


def snippet(interface: Interface, operation: Operation, package: str) -> str:
    """Return Python that calls ``operation`` on the mock and prints the reply."""
    values = [(p.field.name, _sample(interface, p)) for p in operation.arguments]
    text = ", ".join(f"{name}={value}" for name, value in values)
    credentials = "".join(
        f"{c.name}={python_text(f'demo-{c.name}'.replace('_', '-'))}, "
        for c in interface.credentials
    )
    lines = []
    if "datetime." in text:
        lines += ["import datetime", ""]
    if "Decimal(" in text:
        lines += ["from decimal import Decimal", ""]
    parent, _, name = package.rpartition(".")
    lines += [
        f"from {parent} import {name}",
        f"from {package} import mock",
        "from gridwright_runtime.mock.transport import MockTransport",
        "",
        "transport = MockTransport(mock.application())",
        f"with {name}.Client({credentials}transport=transport) as client:",
        f"    reply = client.{operation.name}({text})",
        "    for record in reply.records:",
        *_show(operation),
    ]
    return "\n".join(lines)


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


def _sample(interface: Interface, parameter: Parameter) -> str:
    field = parameter.field
    text = dict(interface.samples).get(field.name)
    match field.type:
        case TemporalType(kind="date"):
            return _date(text or "2024-10-01")
        case TemporalType(kind="month"):
            return _date(f"{text or '2024-10'}-01")
        case TemporalType(kind="datetime"):
            return _datetime(text or "2024-10-01T14:00+09:00")
        case TemporalType(kind="time"):
            return python_text(text or "0000")
        case CodeType(codes=codes) if codes is not None and text is None:
            return python_text(codes.values[0].value)
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

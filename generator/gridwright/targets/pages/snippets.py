"""Snippets of the reference pages: one call per operation that runs as printed."""

import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from gridwright.analysis.example_values import count_of, invented
from gridwright.analysis.readings import find_placed_readings, method_names
from gridwright.ir import (
    AnyType,
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
    ValueInterval,
)
from gridwright.notation.patterns import example_of
from gridwright.output.escape import python_text
from gridwright.output.formatting import format_python
from gridwright.targets.calls.operations import has_provisional_names
from gridwright.targets.calls.replies import payload_of_reply
from gridwright.targets.calls.requests import request_of
from gridwright.targets.calls.systems import carried_credentials, choices, sure_servers
from gridwright.targets.expressions import (
    Call,
    Expression,
    ListDisplay,
    Name,
    call,
    imports_of,
    spelled,
)
from gridwright.targets.kept_rules import as_shown
from gridwright.targets.python import is_composed

__all__ = ["snippet"]

_DATE = Name("datetime.date", "datetime", whole=True)
_DATETIME = Name("datetime.datetime.fromisoformat", "datetime", whole=True)
_DECIMAL = Name("Decimal", "decimal")
_DURATION = Name("Duration.parse", "gridwright_runtime.times.durations")
_TRANSPORT = Name("MockTransport", "gridwright_runtime.mock.transport")
_UPLOAD = Name("Upload", "gridwright_runtime.multipart.upload")


def snippet(interface: Interface, operation: Operation, package: str) -> str:
    """Return Python that calls ``operation`` on the mock and prints the reply."""
    interface, operation = as_shown(interface, operation)
    interface = replace(interface, samples=tuple(interface.samples_of(operation).items()))
    parent, _, name = package.rpartition(".")
    # What the document does not name goes to this machine alone.
    is_sure = bool(sure_servers(interface)) and not has_provisional_names(interface, operation)
    address = "" if is_sure else 'base_url="http://127.0.0.1", '
    given = dict(_arguments(interface, operation, f"{name}.models"))
    asked = spelled(call(Name(f"client.{operation.name}"), **given))
    own = (Name(name, parent), Name("mock", package), _TRANSPORT)
    lines = [
        *_imports((*own, *given.values()), package),
        "transport = MockTransport(mock.application())",
        f"with {name}.Client({_demo_given(interface)}{address}transport=transport) as client:",
        *_call_lines(interface, operation, asked),
    ]
    return format_python("\n".join(lines)).rstrip("\n")


def _arguments(
    interface: Interface, operation: Operation, models: str
) -> Iterator[tuple[str, Expression]]:
    """Yield the arguments: what must be given, and what there is a sample of."""
    request = request_of(interface, operation)
    samples = dict(interface.samples)
    ends = {rule.fields[1] for rule in interface.rules_of(operation) if rule.to_is == "excluded"}
    for field in request.record.fields:
        if field.credential is None and (field.required or field.name in samples):
            is_end = field.wire in ends and field.name not in samples
            yield field.name, (_end(field) if is_end else None) or _value(interface, field, models)
    if "items" in samples and request.record.open:
        yield "items", Name(repr(json.loads(samples["items"])))
    if operation.reply.shape == "file":
        yield "to", f"{operation.name}.bin"


def _call_lines(interface: Interface, operation: Operation, asked: str) -> list[str]:
    payload = payload_of_reply(interface, operation)
    if payload.is_list:
        lines = [f"    reply = {asked}", "    for record in reply.records:"]
        return [*lines, *_print_lines(interface, payload.record)]
    shown = ["result.body"]
    if payload.record is not operation.reply.record:
        shown.insert(0, "result.code")
    if payload.record.open:
        shown.append("list(result.body.items)")
    return [f"    result = {asked}", f"    print({', '.join(shown)})"]


def _demo_given(interface: Interface) -> str:
    names = [c.name for c in carried_credentials(interface)]
    names += [choice.name for choice in choices(interface) if choice.is_needed]
    return "".join(f"{name}={python_text(f'demo-{name}'.replace('_', '-'))}, " for name in names)


def _imports(expressions: Iterable[Expression], package: str) -> Iterator[str]:
    """Yield the imports of a snippet, those of Python's own library first."""
    imports = imports_of(expressions, package)
    for module in imports.modules:
        yield f"import {module}"
    if imports.modules:
        yield ""
    names = [(module, f"from {module} import {', '.join(of)}") for module, of in imports.names]
    standard = [line for module, line in names if module in sys.stdlib_module_names]
    yield from standard
    if standard:
        yield ""
    yield from (line for _, line in names if line not in standard)
    yield ""


def _print_lines(interface: Interface, record: Record) -> list[str]:
    fields = record.fields
    series = next((f for f in fields if f.series), None)
    if series is not None and series.series is not None:
        when = "reading.read_at" if series.series.register else "reading.interval_start"
        return [
            "        for reading in record.readings():",
            f"            print({when}, reading.{series.name})",
        ]
    placed = next((t for t in find_placed_readings(interface) if t.outer == record), None)
    if placed is not None and not placed.is_own:
        name = method_names(interface, record)[placed.field.name]
        return [
            f"        for reading in record.{name}():",
            f"            print(reading.interval_start, reading.{placed.field.name})",
        ]
    single = next((f for f in fields if isinstance(f.instant, ValueInterval)), None)
    if single is not None and isinstance(single.instant, ValueInterval):
        return [
            f"        print(record.{single.instant.day_field}, "
            f"record.{single.instant.time_field}, record.{single.name})"
        ]
    shown = [f for f in fields if not f.personal and not f.secret][:3] or fields[:1]
    return [f"        print({', '.join(f'record.{f.name}' for f in shown)})"]


def _value(interface: Interface, field: Field, models: str) -> Expression:
    """Return a value of a body: records with all that they need."""
    by_name = {record.name: record for record in interface.records}
    match field.type:
        case ListType(item=RecordType(record=record)):
            return ListDisplay((_record(interface, by_name[record], models),) * count_of(field))
        case ListType(item=item):
            return ListDisplay((_sample(interface, replace(field, type=item)),) * count_of(field))
        case RecordType(record=record):
            return _record(interface, by_name[record], models)
        case _:
            return _sample(interface, field)


def _record(interface: Interface, record: Record, models: str) -> Call:
    fields = [f for f in record.fields if f.required or not f.optional]
    values = {f.name: _value(interface, f, models) for f in fields}
    return call(Name(f"{models}.{record.name}"), **values)


def _sample(interface: Interface, field: Field) -> Expression:
    text = dict(interface.samples).get(field.name)
    match field.type:
        case TemporalType(kind="date"):
            return _date(text or "2024-10-01")
        case TemporalType(kind="month"):
            return _date(f"{text or '2024-10'}-01")
        case TemporalType(kind="datetime"):
            return call(_DATETIME, text or "2024-10-01T14:00+00:00")
        case TemporalType(kind="duration", means=means):
            return call(_DURATION, text or next((length for _, length in means), "PT15M"))
        case TemporalType(kind="time") if is_composed(field.type) and text is None:
            return example_of(field.type.pattern, datetime.date(2024, 10, 1))
        case TemporalType(kind="time"):
            return text or "0000"
        case CodeType(codes=codes) if codes is not None and text is None:
            return codes.values[0].value
        case AnyType() if text is not None:
            return call(Name("json.loads", "json", whole=True), text)
        case BinaryType():
            return call(_UPLOAD, Name("b'invented'"), filename=text or "file.pdf")
        case IntegerType():
            return int(text or Decimal(invented(field)))
        case DecimalType():
            return call(_DECIMAL, text or invented(field))
        case _:
            return text if text is not None else invented(field)


def _end(field: Field) -> Expression | None:
    """Return an end that does not belong to its period, which begins as `_sample` has it."""
    match field.type:
        case TemporalType(kind="date"):
            return _date("2024-10-02")
        case TemporalType(kind="datetime"):
            return call(_DATETIME, "2024-10-01T15:00+00:00")
        case _:
            return None


def _date(text: str) -> Call:
    day = datetime.date.fromisoformat(text)
    return call(_DATE, day.year, day.month, day.day)

"""Check the invented values that pages and mocks use against the arguments they are for."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from gridwright.analysis.example_values import broken_fact
from gridwright.diagnostics import nearest
from gridwright.ir import (
    AnyType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Operation,
    Record,
    TemporalType,
)
from gridwright.ir.words import TemporalKind
from gridwright.notation.patterns import understand
from gridwright.resolve.context import Context
from gridwright.source import Node

__all__ = ["check_samples"]

_FORMS: Mapping[TemporalKind, str] = {
    "date": "a day such as 2024-10-01",
    "month": "a month such as 2024-10",
    "datetime": "an instant such as 2024-10-01T14:00+09:00",
    "time": "a label such as 1415",
    "day_of_month": "a day of the month such as 12",
    "duration": "a duration such as PT15M",
}


def check_samples(
    root: Node, operations: Sequence[Operation], records: Iterable[Record], context: Context
) -> None:
    """Report samples of no argument, and samples that their argument cannot take."""
    arguments: dict[str, list[Field | None]] = {}
    for operation in operations:
        for name, field in _arguments(operation):
            arguments.setdefault(name, []).append(field)
            arguments.setdefault(f"{operation.name}.{name}", []).append(field)
    if any(operation.body is not None and operation.body.arguments for operation in operations):
        for field in (field for record in records for field in record.fields):
            arguments.setdefault(field.name, []).append(field)
    for entry in root.children("samples"):
        if entry.key not in arguments:
            context.report(
                entry.key_span,
                "unknown-field",
                f"a sample is given for {entry.key!r}, which is no argument",
                nearest(entry.key, arguments),
            )
        for field in arguments.get(entry.key, ()):
            wanted = _refused(field, entry.value.text or "")
            if wanted:
                context.report(
                    entry.value.span,
                    "malformed-sample",
                    f"sample {entry.value.text!r} is no value of {entry.key!r}",
                    f"write {wanted}",
                )


def _arguments(operation: Operation) -> Iterator[tuple[str, Field | None]]:
    """Yield the arguments of an operation; None: those that the document does not name."""
    yield from ((p.field.name, p.field) for p in operation.arguments)
    body = operation.body
    if body is not None and not body.arguments:
        yield from ((field.name, field) for field in body.record.fields)
        if body.record.open:
            yield "items", None


def _refused(field: Field | None, text: str) -> str:
    """Return what the sample should be; empty where it will do."""
    if field is None:
        return "" if _is_object(text) else "a JSON object"
    type_ = field.item_type
    match type_:
        case TemporalType(kind=kind):
            return "" if _is_temporal(kind, text) else _FORMS[kind]
        case IntegerType():
            is_number = re.fullmatch("-?[0-9]{1,100}", text)
            return broken_fact(field, text) if is_number else "a whole number"
        case DecimalType():
            is_number = re.fullmatch(r"-?[0-9]{1,100}(\.[0-9]{1,100})?", text)
            return broken_fact(field, text) if is_number else "a decimal"
        case AnyType():
            return "" if _is_json(text) else "JSON, with quotation marks around a text"
        case CodeType(codes=codes) if codes is not None:
            known = [code.value for code in codes.values]
            return "" if text in known else f"one of {', '.join(known)}"
        case _:
            return broken_fact(field, text)


def _is_object(text: str) -> bool:
    return text.lstrip().startswith("{") and _is_json(text)


def _is_json(text: str) -> bool:
    try:
        return json.loads(text) is not None
    except ValueError:
        return False


def _is_temporal(kind: str, text: str) -> bool:
    if kind == "time":
        return re.fullmatch("([01][0-9]|2[0-3])[0-5][0-9]|2400", text) is not None
    if kind == "duration":
        return re.fullmatch(understand("duration").expression, text) is not None
    if kind == "day_of_month":
        return re.fullmatch("0?[1-9]|[12][0-9]|3[01]", text) is not None
    try:
        if kind == "datetime":
            return datetime.fromisoformat(text).utcoffset() is not None
        day = f"{text}-01" if kind == "month" else text
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False

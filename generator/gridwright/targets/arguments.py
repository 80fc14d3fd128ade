"""Arguments of methods that gather a record, and how classes and methods are described."""

from collections.abc import Iterable
from dataclasses import dataclass

from gridwright.ir import (
    BinaryType,
    BooleanType,
    DecimalType,
    Field,
    IntegerType,
    ListType,
    Record,
    RecordType,
    TemporalType,
    TypeRef,
)
from gridwright.resolve.fields import describe_type
from gridwright.targets.python import is_instant, is_local, marker_type, source_of

__all__ = [
    "ArgumentView",
    "annotation_of",
    "argument_of",
    "described_arguments",
    "ordered_fields",
]

_MARKED = {"Yyyymmdd": "datetime.date", "Yyyymm": "datetime.date", "DayOfMonth": "int"}


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """One argument as Python: its declaration, and what it passes to the record."""

    declaration: str
    passed: str


def ordered_fields(record: Record) -> list[Field]:
    """Return the fields of a record that a caller fills, those that must be given first."""
    given = [field for field in record.fields if field.credential is None]
    return sorted(given, key=lambda field: field.optional)


def argument_of(field: Field) -> ArgumentView:
    """Spell the argument that fills one field."""
    annotation = annotation_of(field.type)
    default = " | None = None" if field.optional else ""
    passed = field.name
    if isinstance(field.type, ListType):
        passed = f"list({field.name})"
        if field.optional:
            passed = f"None if {field.name} is None else list({field.name})"
    return ArgumentView(f"{field.name}: {annotation}{default}", f"{field.name}={passed}")


def annotation_of(type_: TypeRef) -> str:
    """Spell the type of an argument, as the record's field takes it."""
    match type_:
        case RecordType(record=record):
            return f"models.{record}"
        case ListType(item=item):
            return f"Sequence[{annotation_of(item)}]"
        case TemporalType() if is_instant(type_) or is_local(type_):
            return "datetime.datetime"
        case TemporalType(pattern=pattern):
            return _MARKED.get(marker_type(pattern) or "", "str")
        case IntegerType():
            return "int"
        case DecimalType():
            return "Decimal"
        case BooleanType():
            return "bool"
        case BinaryType():
            return "Upload"
        case _:
            return "str"


def described_arguments(fields: Iterable[Field]) -> str:
    """Describe arguments, one a line, as a docstring lists them."""
    return "".join(f"    {field.name}: {_described(field)}\n" for field in fields)


def _described(field: Field) -> str:
    label = f" ({field.label})" if field.label else ""
    size = describe_type(field.type)
    unit = f"; {field.unit}" if field.unit else ""
    return f"{field.en}{label}; {size}{unit} ({source_of(field.cite)})."

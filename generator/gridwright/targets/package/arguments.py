"""Arguments of methods that gather a record, and how they are described."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from gridwright.analysis.type_words import describe_type
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    DecimalType,
    Field,
    IntegerType,
    ListType,
    RecordType,
    TemporalType,
    TypeRef,
)
from gridwright.targets.calls.requests import RequestArguments
from gridwright.targets.expressions import OWN, Either, Expression, Given, Name, Subscript, call
from gridwright.targets.python import is_instant, marker_type, source_of, time_type

__all__ = [
    "NOTHING",
    "MethodArgument",
    "annotation_of",
    "argument_of",
    "described_arguments",
    "ordered_fields",
]

_DATE = Name("datetime.date", "datetime", whole=True)
_DATETIME = Name("datetime.datetime", "datetime", whole=True)
_DURATION = Name("Duration", "gridwright_runtime.times.durations")
_LISTED = Name("listed", "gridwright_runtime.values.lists")
_HELD = {"datetime": _DATETIME, "duration": _DURATION}
_MARKED = {"Yyyymmdd": _DATE, "IsoDate": _DATE, "Yyyymm": _DATE, "DayOfMonth": Name("int")}
NOTHING = Name("None")
"""The default of an argument that need not be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodArgument:
    """One argument.

    Attributes:
        default: None: it must be given.
        passed: what it gives to the field of its name.
    """

    name: str
    annotation: Expression
    default: Expression = None
    passed: Expression = None


def ordered_fields(request: RequestArguments) -> list[Field]:
    """Return the fields of a request that a caller fills, those that must be given first."""
    given = [field for field in request.record.fields if field.credential is None]
    return sorted(given, key=lambda field: field.optional)


def argument_of(field: Field, request: RequestArguments) -> MethodArgument:
    """Return the argument that fills one field of a request."""
    annotation = annotation_of(field.type, is_made=request.is_made)
    passed: Expression = Name(field.name)
    if isinstance(field.type, ListType):
        listed = call(_LISTED, passed)
        passed = Given(field.name, listed) if field.optional else listed
    if not field.optional:
        return MethodArgument(name=field.name, annotation=annotation, passed=passed)
    annotation = Either((annotation, NOTHING))
    return MethodArgument(name=field.name, annotation=annotation, default=NOTHING, passed=passed)


def annotation_of(type_: TypeRef, *, is_made: bool = False) -> Expression:
    """Return the type of an argument, as the record's field takes it.

    Args:
        type_: that of the field.
        is_made: the record is made for a request; see `time_type`.
    """
    match type_:
        case RecordType(record=record):
            return Name(f"models.{record}", OWN)
        case ListType(item=item):
            inner = annotation_of(item, is_made=is_made)
            return Subscript(Name("Sequence", "collections.abc"), (inner,))
        case TemporalType(pattern=pattern):
            if time_type(type_, is_made=is_made):
                return _HELD.get(type_.kind, _DATE)
            return _MARKED.get(marker_type(pattern) or "", Name("str"))
        case IntegerType():
            return Name("int")
        case DecimalType():
            return Name("Decimal", "decimal")
        case BooleanType():
            return Name("bool")
        case BinaryType():
            return Name("Upload", "gridwright_runtime.multipart.upload")
        case AnyType():
            return Name("JsonValue", "gridwright_runtime.values.json_values")
        case _:
            return Name("str")


def described_arguments(fields: Iterable[Field], request: RequestArguments) -> str:
    """Describe arguments, one a line, as a docstring lists them."""
    return "".join(f"    {field.name}: {_described(field, request)}\n" for field in fields)


def _described(field: Field, request: RequestArguments) -> str:
    label = f" ({field.label})" if field.label else ""
    size = describe_type(field.type)
    unit = f"; {field.unit_text}" if field.unit_text else ""
    return f"{field.en}{label}; {size}{unit}{_hint(field, request)} ({source_of(field.cite)})."


def _hint(field: Field, request: RequestArguments) -> str:
    """Say what to give where the type alone does not."""
    type_ = field.type
    if not isinstance(type_, TemporalType):
        return ""
    match type_.kind:
        case "datetime" if time_type(type_, is_made=request.is_made) and not is_instant(type_):
            return f"; give an aware datetime, it is sent in {type_.zone}"
        case "month":
            return "; give the first day of the month"
        case "time":
            return f"; local time of {type_.zone}"
        case "date" | "datetime" | "day_of_month" | "duration":
            return ""
        case _:
            assert_never(type_.kind)

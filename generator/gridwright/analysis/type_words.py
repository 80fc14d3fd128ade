"""Say in English what types are, for messages and reference pages."""

from dataclasses import replace
from typing import assert_never

from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    IntegerType,
    ListType,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)

__all__ = ["describe_type", "number_example"]


def number_example(type_: DecimalType) -> str:
    """Write a number as texts of a type have it."""
    return f"1{type_.thousands}234{type_.decimal}5"


def describe_type(type_: TypeRef) -> str:
    """Say in English what a type is; for messages and reference pages."""
    match type_:
        case TextType(size=size, encoding=encoding):
            unit = f"bytes of {encoding}" if encoding else "characters"
            return f"text, at most {size} {unit}" if size else "text"
        case CodeType(codes=codes):
            return f"code, one of {len(codes.values)}" if codes else "code"
        case IntegerType(digits=digits):
            return f"whole number, at most {digits} digits" if digits else "whole number"
        case DecimalType() if not type_.is_plain:
            plain = replace(type_, decimal=".", thousands="")
            return f"{describe_type(plain)}, written {number_example(type_)}"
        case DecimalType(precision=None):
            return "decimal"
        case DecimalType(precision=precision, scale=None):
            return f"decimal, at most {precision} digits"
        case DecimalType(precision=precision, scale=scale):
            return f"decimal, at most {precision} digits, {scale} of them decimals"
        case TemporalType(kind="duration", means=means) if means:
            told = ", ".join(f"{said} means {length}" for said, length in means)
            return f"duration, written as ISO 8601, but {told}"
        case TemporalType(kind="duration", pattern="duration"):
            return "duration, written as ISO 8601"
        case TemporalType(kind="duration"):
            return "duration, written as a number"
        case TemporalType(kind=kind, pattern=pattern):
            return f"{kind.replace('_', ' ')}, written {pattern}"
        case BooleanType():
            return "true or false"
        case BinaryType():
            return "bytes"
        case AnyType():
            return "any JSON value"
        case RecordType(record=record):
            return f"record {record}"
        case ListType(item=RecordType(record=record)):
            return f"list of {record}"
        case ListType(item=BinaryType()):
            return "list of files"
        case ListType(item=item):
            return f"list of values, each: {describe_type(item)}"
        case _:
            assert_never(type_)

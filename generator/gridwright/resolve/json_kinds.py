"""Resolve which kind of value JSON has in the place of a field, where its type does not say it."""

import re
from dataclasses import replace

from gridwright.ir import (
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.ir.words import JSON_KINDS
from gridwright.resolve.context import Context, one_of
from gridwright.resolve.sources import constant_in
from gridwright.resolve.value_facts import FILLED
from gridwright.source import Node

__all__ = ["with_json_kind"]

# Where both write the same digits, the number and the text say the same.
_NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")


def with_json_kind(field: Field, node: Node, context: Context) -> Field:
    """Return a field with the kind that JSON has in its place; report one that it cannot have."""
    said, kind = node.get("json"), one_of(JSON_KINDS, node.string("json"))
    if said is None or not kind:
        return field
    filled = next((key for key in FILLED if node.get(key) is not None), None)
    if filled is not None:
        constant = constant_in(node.string("value")) if filled == "value" else None
        why = _wrong_text(constant, kind)
        usual = "text"
    else:
        item = field.item_type
        why = _wrong_type(item, kind)
        usual = _usual(item)
    if why is not None:
        message = f"{field.name!r} {why[0]}, and cannot be a {kind} in JSON"
        context.report(said.span, "json-kind-does-not-fit", message, why[1])
        return field
    return field if kind == usual else replace(field, json=kind)


def _usual(type_: TypeRef) -> str:
    """Return what JSON has in the place of a value of a type by itself; empty: its pattern says."""
    match type_:
        case IntegerType():
            return "number"
        case DecimalType():
            return "number" if type_.is_plain else "text"
        case BooleanType():
            return "boolean"
        case TextType() | CodeType():
            return "text"
        case _:
            return ""


def _wrong_text(text: str | None, kind: str) -> tuple[str, str] | None:
    if kind == "text":
        return None
    if text is None:
        return "is filled by a text that nobody knows yet", "remove `json:`"
    if kind == "number" and not _NUMBER.fullmatch(text):
        return f"is {text!r}, no whole number as JSON writes it", "remove `json:`"
    if kind == "boolean" and text not in ("true", "false"):
        return f"is {text!r}", "write `value: true` or `value: false`, or remove `json:`"
    return None


def _wrong_type(type_: TypeRef, kind: str) -> tuple[str, str] | None:
    """Return why a value cannot be of a kind, and what to write instead; None where it can."""
    if kind == _usual(type_):
        return None
    match type_, kind:
        case CodeType(codes=codes), _:
            return _wrong_codes([code.value for code in codes.values] if codes else [], kind)
        case ((IntegerType() | DecimalType() | BooleanType()), "text"):
            return None
        case DecimalType(), "number":
            return "is written with signs of its own", "remove `json:`, or `format:`"
        case ((IntegerType() | DecimalType()), _):
            return "is a number", "say `type: boolean`, or remove `json:`"
        case BooleanType(), _:
            help = "say `type: code` with a list of 0 and 1, and `json: number`"
            return "is true or false", help
        case TemporalType(kind="time", pattern="H"), "number":
            return None
        case TemporalType(kind="time", pattern=pattern), "number":
            help = "remove `json:`; an hour of one digit or two, `1` to `24`, is written `H`"
            return f"is written {pattern}", help
        case TextType(), _:
            return "is a text", "say `type: integer`, decimal, boolean or code, or remove `json:`"
        case _:
            return "has its form in JSON by its type", "remove `json:`"


def _wrong_codes(codes: list[str], kind: str) -> tuple[str, str] | None:
    if not codes:
        return "has no list of codes", "add `codes:` with a list, or remove `json:`"
    if kind == "number":
        odd = next((code for code in codes if not _NUMBER.fullmatch(code)), None)
        wanted = "a code such as 3 is a whole number without zeros before it"
    else:
        odd = next((code for code in codes if code not in ("true", "false")), None)
        wanted = "the codes of a boolean are true and false"
    if odd is None:
        return None
    return f"may be {odd!r}", f"remove `json:`; {wanted}"

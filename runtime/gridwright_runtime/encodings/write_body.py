"""Write records as a request body: a wire tree first, then JSON or XML, exact to the digit."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from ..record import Record
from ..texts.encoders import (
    EncodingError,
    Unencodable,
    encode_date,
    encode_day_of_month,
    encode_decimal,
    encode_integer,
    encode_month,
    encode_text,
)
from ..values.types import DayOfMonth, IsoDate, Yyyymm, Yyyymmdd

__all__ = ["json_body", "wire_tree", "xml_body"]

Nulls = Literal["omit", "write"]


def wire_tree(record: Record, nulls: Nulls) -> dict[str, object]:
    """Return a record under its wire names, as text, numbers, None, lists and mappings.

    A value that cannot be written stands there as `Unencodable`, for the check to report.

    Args:
        record: what the caller gave.
        nulls: whether a missing optional value is left out.
    """
    tree: dict[str, object] = {}
    waiting: list[tuple[str, _WriteBeside, object]] = []
    for field in _plan(type(record)):
        value = getattr(record, field.name)
        if value is None:
            if nulls == "write" or not field.optional:
                tree[field.wire] = None
        elif field.many or field.write is None:
            tree[field.wire] = _write_field(field, value, nulls)
        elif field.beside is not None:
            tree[field.wire] = None  # keeps its place until what it depends on is there
            waiting.append((field.wire, field.beside, value))
        else:
            try:
                tree[field.wire] = field.write(value)
            except EncodingError as error:
                tree[field.wire] = Unencodable(error.rule, error.message)
    for wire, write_beside, value in waiting:
        try:
            tree[wire] = write_beside(value, tree)
        except EncodingError as error:
            tree[wire] = Unencodable(error.rule, error.message)
    if record.__open__:
        from ..values.open_items import add_items  # few systems have such records

        add_items(tree, record, {field.wire for field in _plan(type(record))})
    return tree


def json_body(tree: object) -> bytes:
    """Write a wire tree as JSON; decimals are numbers in plain notation."""
    return _JSON.encode(_plain_numbers(tree))


def xml_body(tree: object, root: str, declared: str = "") -> bytes:
    """Write a wire tree as XML; None is an empty element, a list repeats its element.

    Args:
        tree: what the root holds.
        root: its name.
        declared: what its start holds beside the name: namespaces.
    """
    parts = ['<?xml version="1.0" encoding="UTF-8"?>']
    _append(parts, root, tree)
    if declared:
        end = 1 + len(root)
        parts[1] = f"{parts[1][:end]}{declared}{parts[1][end:]}"
    return "".join(parts).encode()


_WriteBeside = Callable[[object, Mapping[str, object]], object]


class _Field(Struct, frozen=True):
    name: str
    wire: str
    optional: bool
    many: bool
    write: Callable[[object], object] | None
    """Writes a plain value; None: the value is a record."""
    beside: "_WriteBeside | None" = None
    """Writes a value of which other fields of the record tell something; None: none does."""


@cache
def _plan(model: type[Record]) -> tuple[_Field, ...]:
    return tuple(
        _field(info)
        for info in msgspec.structs.fields(model)
        if not (model.__open__ and info.name == "items")
    )


def _field(info: msgspec.structs.FieldInfo) -> _Field:
    is_union = get_origin(info.type) in (Union, UnionType)
    kinds = get_args(info.type) if is_union else (info.type,)
    [kind] = (kind for kind in kinds if kind is not NoneType)
    many = get_origin(kind) is list
    inner: Any = get_args(kind)[0] if many else kind
    is_record = isinstance(inner, type) and issubclass(inner, Record)
    return _Field(
        name=info.name,
        wire=info.encode_name,
        optional=not info.required,
        many=many,
        write=None if is_record else _WRITERS.get(inner) or inner.write_wire,
        beside=getattr(inner, "write_beside", None),
    )


def _write_field(field: _Field, value: object, nulls: Nulls) -> object:
    if not field.many:
        return _one(field, value, nulls)
    if isinstance(value, str | bytes | Mapping | Record) or not hasattr(value, "__iter__"):
        return Unencodable("wrong-type", f"must be a list, not {type(value).__name__}")
    return [_one(field, item, nulls) for item in value]


def _one(field: _Field, value: object, nulls: Nulls) -> object:
    if field.write is None:
        if isinstance(value, Record):
            return wire_tree(value, nulls)
        return Unencodable("wrong-type", f"must be a record, not {type(value).__name__}")
    try:
        return field.write(value)
    except EncodingError as error:
        return Unencodable(error.rule, error.message)


def _integer(value: object) -> int:
    return int(encode_integer(value))


def _decimal(value: object) -> Decimal:
    return Decimal(encode_decimal(value))


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise EncodingError("wrong-type", f"must be a bool, not {type(value).__name__}")


def _plain_numbers(value: object) -> object:
    """Replace numbers that the encoder cannot write plainly by their digits."""
    if isinstance(value, Decimal):
        text = str(value)
        return msgspec.Raw(format(value, "f").encode()) if "E" in text else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return msgspec.Raw(str(value).encode())
    if isinstance(value, Mapping):
        return {name: _plain_numbers(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    return value


def _append(parts: list[str], name: str, value: object) -> None:
    if isinstance(value, list):
        for item in value:
            _append(parts, name, item)
    elif isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for below, item in value.items():
            _append(parts, below, item)
        parts.append(f"</{name}>")
    elif value is None or value == "":
        parts.append(f"<{name}/>")
    else:
        parts.append(f"<{name}>{_text(value)}</{name}>")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    for character, entity in _ENTITIES:
        text = text.replace(character, entity)
    return text


# The ampersand first; the carriage return, which a parser would take for a line end, last.
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_JSON = msgspec.json.Encoder(decimal_format="number")
_WRITERS: dict[Any, Callable[[object], object]] = {
    str: encode_text,
    int: _integer,
    Decimal: _decimal,
    bool: _boolean,
    Yyyymmdd: encode_date("yyyymmdd"),
    IsoDate: encode_date("yyyy-MM-dd"),
    Yyyymm: encode_month,
    DayOfMonth: encode_day_of_month,
}

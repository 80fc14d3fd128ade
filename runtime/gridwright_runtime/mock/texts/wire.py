"""Records between Python names, which worlds know, and wire names, which they never see."""

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Any, TypeAlias, cast, get_args, get_origin

import msgspec
from msgspec import Struct

from ...errors import ConfigurationError
from ...problems import Problem
from ...record import Record
from ...texts.encoders import encode_date, encode_month
from ...values.convert import convert_record, shape_of
from ...values.types import DayOfMonth, IsoDate, Yyyymm, Yyyymmdd
from .json_kinds import json_writer_of
from .time_texts import Reader, Writer, beside_of, reader_of, writer_of

__all__ = [
    "WireTree",
    "field_names",
    "is_open",
    "read_arguments",
    "shaped_tree",
    "tree_on_wire",
]

WireTree: TypeAlias = dict[str, object]
"""Part of a body as it stands on the wire: text, numbers, None, lists and mappings."""


def is_open(model: type[Record]) -> bool:
    """Say whether records of a model may hold items beside their fields, in ``items``."""
    return bool(getattr(model, "__open__", False))


def field_names(model: type[Record]) -> Mapping[str, str]:
    """Return Python names by wire name, those of items aside."""
    return {field.wire: name for name, field in _fields_of(model).items()}


def arguments_of(record: Record) -> dict[str, object]:
    """Return what a record holds by Python names, records inside of it likewise."""
    return {name: _plain_value(getattr(record, name)) for name in record.__struct_fields__}


def read_arguments(
    model: type[Record], tree: Mapping[str, object], kept: type, unreadable: list[Problem]
) -> dict[str, object]:
    """Read a wire tree by Python names; what cannot be read is added to ``unreadable``.

    Args:
        model: of the request.
        tree: the request as it stands on the wire.
        kept: values of this class are passed on as they are, such as files that were received.
        unreadable: takes a problem for each.
    """
    found: dict[str, object] = {}
    # Field by field: a record as a whole could not hold what is kept.
    for wire, name in field_names(model).items():
        value = tree.get(wire)
        found[name] = (
            value if _is_kept(value, kept) else _read(model, name, wire, value, tree, unreadable)
        )
    if is_open(model):
        known = field_names(model)
        found["items"] = {wire: value for wire, value in tree.items() if wire not in known}
    return found


def _is_kept(value: object, kept: type) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, kept) for item in value)
    return isinstance(value, kept)


def tree_on_wire(
    model: type[Record],
    payload: Mapping[str, object],
    *,
    is_lenient: bool = False,
) -> WireTree:
    """Name a world's payload as on the wire.

    Args:
        model: of the payload.
        payload: values by Python names; None and "" stand as they are, for missing ones.
        is_lenient: leave out what the model does not have.

    Raises:
        ConfigurationError: the world gives a field that the model does not have.
    """
    beside = {"items"} & payload.keys() if is_open(model) else set()
    items = payload["items"] if beside else None
    tree: WireTree = {}
    for field in _fields_of(model).values():
        if field.name in payload:
            value = payload[field.name]
            tree[field.wire] = value if field.is_plain else _write_field(field, value, is_lenient)
    for field in _fields_of(model).values():
        value = payload.get(field.name)
        if field.beside is not None and value not in (None, ""):
            tree[field.wire] = field.beside[0](value, tree)
    if len(tree) + len(beside) != len(payload) and not is_lenient:
        unknown = sorted(payload.keys() - _fields_of(model).keys() - beside)
        raise ConfigurationError(
            f"the mock's world gives {', '.join(unknown)}, which the reply does not have"
        )
    if items is not None and isinstance(items, Mapping):
        tree |= {str(wire): value for wire, value in items.items() if wire not in tree}
    return tree


def shaped_tree(tree: object, model: type[Record]) -> object:
    """Put lists where the model has lists, and records where an XML element is merely empty."""
    if tree is None:
        return {}
    if not isinstance(tree, Mapping):
        return tree
    fields = {field.wire: field for field in shape_of(model).fields}
    shaped: WireTree = {}
    for wire, value in tree.items():
        field = fields.get(wire)
        if field is None:
            shaped[wire] = value
            continue
        if field.takes_anything:
            shaped[wire] = value
            continue
        items = [
            item if field.model is None else shaped_tree(item, field.model)
            for item in (value if isinstance(value, list) else [value])
        ]
        shaped[wire] = items if field.many else (items[0] if len(items) == 1 else items)
    return shaped


class _Field(Struct, frozen=True):
    name: str
    wire: str
    many: bool
    model: type[Record] | None
    write: Callable[[Any], object] | None
    """Writes one value; None: it stays as it is."""
    is_plain: bool = False
    """It is one value that stays as it is."""
    read: Callable[[object], object] | None = None
    """Reads one value; None: as models do."""
    beside: tuple[Writer, Reader] | None = None
    """Writes and reads a value of which other fields of the record tell; None: none does."""


@cache
def _fields_of(model: type[Record]) -> Mapping[str, _Field]:
    return {
        info.name: _field(info)
        for info in msgspec.structs.fields(model)
        if not (is_open(model) and info.name == "items")
    }


def _field(info: msgspec.structs.FieldInfo) -> _Field:
    kind: Any = info.type
    if get_origin(kind) is not list:
        kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    many = get_origin(kind) is list
    inner: Any = get_args(kind)[0] if many else kind
    model = inner if isinstance(inner, type) and issubclass(inner, Record) else None
    write = None
    if model is None:
        own = writer_of(inner) or json_writer_of(inner) or getattr(inner, "write_wire", None)
        write = own or _WRITERS.get(inner)
    is_plain = not many and model is None and write is None
    beside = beside_of(inner)
    if beside is not None:
        write, is_plain = None, True  # in the end, when what it depends on is written
    read = reader_of(inner) if beside is None else None
    return _Field(info.name, info.encode_name, many, model, write, is_plain, read, beside)


def _read(
    model: type[Record],
    name: str,
    wire: str,
    value: object,
    tree: Mapping[str, object],
    unreadable: list[Problem],
) -> object:
    """Read one field as the model does, but for times, which are read by other code."""
    field = _fields_of(model)[name]
    if value not in (None, "") and not field.many and (field.read or field.beside):
        try:
            if field.beside is not None:
                return field.beside[1](value, tree)
            return field.read(value) if field.read else None
        except ValueError as error:
            problem = Problem(path=name, wire=wire, rule="not-a-date", message=str(error))
            unreadable.append(problem)
            return None
    single = _model_of(model, name)
    before = len(unreadable)
    record = convert_record({wire: value}, single, "", unreadable)
    # That a value is missing is for the check to say.
    missing = [p for p in unreadable[before:] if p.rule == "missing-field" and p.path == name]
    for problem in missing:
        unreadable.remove(problem)
    return None if record is None else _plain_value(getattr(record, name))


@cache
def _model_of(model: type[Record], name: str) -> type[Record]:
    """Return a model with one field of another alone."""
    info = next(info for info in msgspec.structs.fields(model) if info.name == name)
    fields = [(name, info.type, msgspec.field(name=info.encode_name))]
    one = msgspec.defstruct("One", fields, bases=(Record,), frozen=True, kw_only=True)
    return cast("type[Record]", one)


def _plain_value(value: object) -> object:
    if isinstance(value, Record):
        return arguments_of(value)
    return [_plain_value(item) for item in value] if isinstance(value, list) else value


def _write_field(field: _Field, value: Any, is_lenient: bool) -> object:
    if value is None or value == "":
        return value
    if not field.many:
        return _one(field, value, is_lenient)
    return [_one(field, item, is_lenient) for item in value]


def _one(field: _Field, value: Any, is_lenient: bool) -> object:
    if field.model is not None:
        return tree_on_wire(field.model, value, is_lenient=is_lenient)
    return value if field.write is None or value in (None, "") else field.write(value)


_WRITERS: Mapping[Any, Callable[[Any], object]] = {
    Yyyymmdd: encode_date("yyyymmdd"),
    IsoDate: encode_date("yyyy-MM-dd"),
    Yyyymm: encode_month,
    DayOfMonth: lambda day: f"{day:02d}",
}

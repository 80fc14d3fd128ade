"""Turn plain wire records into models, taking what departs from the document as it comes.

The slow, forgiving way; `json_codec` and `xml_codec` know the fast one. Never judges.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from ..problems import Problem
from ..record import Record
from ..texts.local_instant import NotPlacedError
from .filler import is_filler
from .types import (
    DayOfMonth,
    IsoDate,
    Yyyymm,
    Yyyymmdd,
    decode_hook,
    is_said_missing,
    read_boolean,
    read_decimal,
    read_integer,
)

__all__ = ["ModelField", "ModelShape", "convert_record", "hook_of", "shape_of"]

RecordT = TypeVar("RecordT", bound=Record)


class ModelField(Struct, frozen=True):
    """One field of a model, as the codecs need it."""

    name: str
    wire: str
    nullable: bool
    default: bool
    """The model has a default for it."""
    read: Callable[[object], object]
    """Reads a wire value, where `model` is None."""
    rule: str
    """The rule that a value breaks when it cannot be read."""
    model: type[Record] | None = None
    """The model of a nested record, or of the records of a list."""
    many: bool = False
    is_text: bool = False
    """It is one text."""
    marker: Any = None
    """The marker that stands for the type of the value; None: msgspec knows the type."""
    takes_anything: bool = False
    """It is any JSON value, so that an empty text is no missing one."""
    beside: bool = False
    """Other fields of the record tell something of the value, such as its zone."""

    @property
    def read_number(self) -> Callable[[object], object] | None:
        """What reads a wire value, where that is a number."""
        return self.read if self.rule == "not-number" and not self.many else None


class ModelShape(Struct, frozen=True):
    """The fields of a model, and those the fast codecs treat by type."""

    fields: tuple[ModelField, ...]
    texts: tuple[str, ...]
    """Python names of text fields."""
    decimals: tuple[str, ...]
    """Python names of decimal fields."""
    decimal_wires: tuple[str, ...]
    """Wire names of decimal fields."""
    integers: tuple[str, ...]
    """Wire names of integer fields."""
    wires: frozenset[str]
    """Wire names of all fields."""
    nested: bool
    """Some field holds records."""
    loose: bool
    """Every field may be absent, so that anything at all would be a record."""


@cache
def shape_of(model: type[Record]) -> ModelShape:
    """Return the shape of a model; worked out once."""
    fields = tuple(
        _field(info)
        for info in msgspec.structs.fields(model)
        if not (model.__open__ and info.name == "items")
    )
    return ModelShape(
        fields=fields,
        texts=tuple(f.name for f in fields if f.read is _read_text and f.model is None),
        decimals=tuple(field.name for field in fields if field.read is read_decimal),
        decimal_wires=tuple(field.wire for field in fields if field.read is read_decimal),
        integers=tuple(field.wire for field in fields if field.read is read_integer),
        wires=frozenset(field.wire for field in fields),
        nested=any(field.model is not None for field in fields),
        loose=all(field.default for field in fields),
    )


@cache
def hook_of(model: type[Record]) -> Callable[[type, Any], object]:
    """Return msgspec's hook for a model: `decode_hook`, or what is quicker where it will do."""
    markers = _markers(model)
    hooks = [getattr(marker, "hook", None) for marker in markers]
    return hooks[0] if len(hooks) == 1 and hooks[0] is not None else decode_hook


def _markers(model: type[Record]) -> set[Any]:
    found: set[Any] = set()
    for field in shape_of(model).fields:
        if field.model is not None:
            found |= _markers(field.model)
        elif field.marker is not None:
            found.add(field.marker)
    return found


def convert_record(
    wire: Mapping[str, object], model: type[RecordT], path: str, unreadable: list[Problem]
) -> RecordT | None:
    """Convert one wire record; fields that cannot be read are added to ``unreadable``.

    Returns:
        The record, in which fields that are missing or absent are None; None when some field
        cannot be read.
    """
    also = model.__also__
    aliases = {known: alias for alias, known in also.items() if alias in wire} if also else {}
    missing = model.__missing__
    before = len(unreadable)
    values: dict[str, object] = {}
    for field in shape_of(model).fields:
        value = wire.get(field.wire)
        if aliases and field.wire not in wire and field.wire in aliases:
            value = wire[aliases[field.wire]]
        if missing and is_said_missing(value, missing.get(field.wire, ()), field.read_number):
            value = None
        if field.is_text and type(value) is str and value:
            values[field.name] = value  # the common case, and no problem
            continue
        is_missing = value is None or _is_missing(field, value)
        if is_missing and field.default:
            continue
        where = f"{path}.{field.name}" if path else field.name
        if field.beside and not is_missing:
            values[field.name] = _one(_with_reader(field, wire), value, where, unreadable)
        elif not is_missing:
            values[field.name] = _converted(field, value, where, unreadable)
        else:
            if not field.nullable:
                unreadable.append(_problem(field, where, "missing-field", "is missing"))
            values[field.name] = None
    if model.__open__:
        known = shape_of(model).wires
        values["items"] = {name: item for name, item in wire.items() if name not in known}
    return model(**values) if len(unreadable) == before else None


def _is_missing(field: ModelField, value: object) -> bool:
    if field.takes_anything:
        return value is None
    # Blanks alone are a text, but no number and no date.
    if isinstance(value, str) and field.read is not _read_text:
        value = value.strip(" \t\r\n")
    return value is None or value == ""


def _converted(field: ModelField, value: object, path: str, unreadable: list[Problem]) -> object:
    if not field.many:
        return _one(field, value, path, unreadable)
    if field.model is not None and isinstance(value, Mapping):
        value = [value]  # one alone, which checks list
    if not isinstance(value, list):
        what = "values" if field.model is None else "records"
        unreadable.append(_problem(field, path, field.rule, f"is not a list of {what}"))
        return None
    if field.model is not None and field.model.__filler__:
        value = [item for item in value if not is_filler(item, field.model.__filler__)]
    items: list[object] = []
    for at, one in enumerate(value):
        if len(unreadable) >= _MOST_UNREADABLE:
            return None  # enough is known of a list that is refused anyway
        items.append(_one(field, one, f"{path}[{at}]", unreadable))
    return items


def _one(field: ModelField, value: object, path: str, unreadable: list[Problem]) -> object:
    if field.model is not None:
        return _nested(field, field.model, value, path, unreadable)
    try:
        return field.read(value)
    except NotPlacedError:
        return None  # a time that is no instant, or two: never guessed, and listed by validators
    except ValueError as error:
        unreadable.append(_problem(field, path, field.rule, str(error)))
        return None


def _with_reader(field: ModelField, wire: Mapping[str, object]) -> ModelField:
    """Return a field that is read with what its record tells."""
    return structs.replace(field, read=lambda value: field.marker.read_beside(value, wire))


def _nested(
    field: ModelField, model: type[Record], value: object, path: str, unreadable: list[Problem]
) -> Record | None:
    if type(value) is dict or isinstance(value, Mapping):
        return convert_record(value, model, path, unreadable)
    unreadable.append(_problem(field, path, field.rule, "is not a record"))
    return None


def _problem(field: ModelField, path: str, rule: str, message: str) -> Problem:
    return Problem(path=path, wire=field.wire, rule=rule, message=message)


def _field(info: msgspec.structs.FieldInfo) -> ModelField:
    kinds = [kind for kind in get_args(info.type) or (info.type,) if kind is not NoneType]
    if get_origin(info.type) is list:
        kinds = [info.type]
    [kind] = kinds
    many = get_origin(kind) is list
    inner = get_args(kind)[0] if many else kind
    is_record = isinstance(inner, type) and issubclass(inner, Record)
    read, rule = (_read_text, "wrong-type") if is_record else _reader(inner)
    return ModelField(
        name=info.name,
        wire=info.encode_name,
        nullable=NoneType in get_args(info.type),
        default=not info.required,
        read=read,
        rule=rule,
        model=inner if is_record else None,
        many=many,
        is_text=read is _read_text and not is_record and not many,
        beside=hasattr(inner, "read_beside"),
        takes_anything=hasattr(inner, "takes_anything"),
        marker=None if is_record or inner in _PLAIN else inner,
    )


def _read_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 100 else str(value)
    raise ValueError("is neither text nor a number")


def _reader(kind: Any) -> tuple[Callable[[object], object], str]:
    return _READERS.get(kind) or (_hook_reader(kind), getattr(kind, "rule", "not-a-date"))


_PLAIN = (str, Decimal, int, bool)
_MOST_UNREADABLE = 1000


def _hook_reader(kind: Any) -> Callable[[object], object]:
    def read(value: object) -> object:
        return decode_hook(kind, value)

    return read


_READERS: dict[Any, tuple[Callable[[object], object], str]] = {
    str: (_read_text, "not-text"),
    Decimal: (read_decimal, "not-number"),
    int: (read_integer, "not-number"),
    bool: (read_boolean, "wrong-type"),
    Yyyymmdd: (_hook_reader(Yyyymmdd), "not-a-date"),
    IsoDate: (_hook_reader(IsoDate), "not-a-date"),
    Yyyymm: (_hook_reader(Yyyymm), "not-a-date"),
    DayOfMonth: (_hook_reader(DayOfMonth), "not-a-date"),
}

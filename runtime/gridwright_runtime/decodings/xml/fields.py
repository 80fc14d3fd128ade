"""Read flat XML elements fast, where they are just as the document says.

Each reader returns None for an element that needs a closer look.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from ...codecs.xml_codec import flat
from ...record import Record
from ...values.convert import ModelField, ModelShape, hook_of, shape_of
from ...values.types import decode_hook, read_integer

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["fast_record", "field_reader", "is_empty"]


def fast_record(
    model: type[Record], notices: Sequence[str]
) -> Callable[["_Element"], Record | None]:
    """Return a reader of the flat records of a list.

    Args:
        model: their model, without nested records.
        notices: names that only an element has which speaks of success or failure.
    """
    shape = shape_of(model)
    if shape.loose:
        read = partial(_fast_value, model, shape, hook_of(model))
        return partial(_fast_loose, read, shape, tuple(notices))
    decimals = attrgetter(shape.decimals[0], *shape.decimals) if shape.decimals else None
    numbers = [field.wire for field in shape.fields if field.name in shape.decimals]

    def read_strict(element: "_Element") -> Record | None:
        wire: dict[str, Any] = flat(element)
        if len(wire) != len(element) or any(name in wire for name in notices):
            return None
        letters = "".join(filter(None, wire.values()))
        # Decimal takes 1_5 and digits of other scripts for numbers.
        if decimals is not None and ("_" in letters or not letters.isascii()):
            written = "".join(filter(None, map(wire.get, numbers)))
            if "_" in written or not written.isascii():
                return None
        try:
            for name in shape.integers:
                if wire[name] is not None:
                    wire[name] = read_integer(wire[name])
            record = msgspec.convert(wire, model, dec_hook=decode_hook)
        except (msgspec.ValidationError, KeyError, ValueError):
            return None
        # Decimal takes NaN and Infinity for numbers; every spelling has one of these letters.
        if decimals is not None and any(letter in letters for letter in "aAfF"):
            values = decimals(record)
            if not all(value is None or value.is_finite() for value in values):
                return None
        return record

    return read_strict


def field_reader(field: ModelField) -> Callable[["_Element"], object]:
    """Return a reader of the elements of one field."""
    if field.model is None:
        return partial(_fast_text, field)
    shape = shape_of(field.model)
    if shape.nested:
        return lambda element: None
    return partial(_fast_value, field.model, shape, hook_of(field.model))


def is_empty(element: "_Element") -> bool:
    """Say whether an element holds nothing: a list without items, as far as XML can say that."""
    return not len(element) and not (element.text or "").strip(" \t\r\n")


def _fast_loose(
    read: Callable[["_Element"], Record | None],
    shape: ModelShape,
    notices: Sequence[str],
    element: "_Element",
) -> Record | None:
    names = {child.tag for child in element}
    if shape.wires.isdisjoint(names) or any(name in names for name in notices):
        return None
    return read(element)


def _fast_text(field: ModelField, element: "_Element") -> object:
    if len(element):
        return None
    try:
        return field.read(element.text) if element.text else None
    except ValueError:
        return None


def _fast_value(
    model: type[Record], shape: ModelShape, hook: Callable[[type, Any], object], element: "_Element"
) -> Record | None:
    wire: dict[str, Any] = flat(element)
    if len(wire) != len(element):
        return None
    if not shape.wires.issuperset(wire) and any(
        name[:1] == "{" or name in model.__also__ for name in wire
    ):
        return None
    # Decimal takes NaN, 1_5 and digits of other scripts for numbers.
    decimals = "".join(filter(None, map(wire.get, shape.decimal_wires)))
    digits = decimals.replace(".", "")
    if digits and not (digits.isdigit() and digits.isascii()) and _ODD.search(decimals):
        return None
    try:
        for name in shape.integers:
            if (text := wire.get(name)) is not None:
                is_plain = text.isdigit() and text.isascii() and len(text) < 19
                wire[name] = int(text) if is_plain else read_integer(text)
        return msgspec.convert(wire, model, dec_hook=hook)
    except (msgspec.ValidationError, ValueError, ArithmeticError):
        return None


_ODD = re.compile(r"[^0-9.+\-eE \t\r\n]")

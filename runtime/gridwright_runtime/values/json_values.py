"""Read and write any JSON value without a change."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from ..texts.encoders import EncodingError, Unencodable, encode_decimal, encode_integer

__all__ = ["JsonValue", "json_item"]

# A type checker sees what the field holds; msgspec sees a class of its own, of which it asks
# `decode_hook`.
if TYPE_CHECKING:
    JsonValue: TypeAlias = (
        bool | int | Decimal | str | Sequence["JsonValue | None"] | Mapping[str, "JsonValue | None"]
    )
else:

    class _Any(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, bool | int | Decimal | str | list | tuple | Mapping)

    class JsonValue(metaclass=_Any):
        """A text, a number, true, false, a list or an object of JSON; null stands within alone."""

        takes_anything = True
        rule = "wrong-type"

        @staticmethod
        def read_wire(value: object) -> object:
            """Return a value as JSON has it, its numbers exact."""
            return value

        @staticmethod
        def write_wire(value: object) -> object:
            """Return a value as it goes into a body; what cannot, as `Unencodable`.

            Raises:
                EncodingError: all of it cannot be written.
            """
            written = json_item(value)
            if isinstance(written, Unencodable):
                raise EncodingError(written.rule, written.message)
            return written


def json_item(value: object, depth: int = 0) -> object:
    """Return a value as JSON has it, or why that cannot be.

    Args:
        value: what a caller gave.
        depth: how many lists and objects are around it.
    """
    if depth > _DEEPEST:
        return Unencodable("wrong-type", "is nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) and name.isprintable() for name in value):
            return Unencodable("wrong-type", "must have printable texts for names")
        return {name: json_item(below, depth + 1) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [json_item(below, depth + 1) for below in value]
    try:
        return (
            int(encode_integer(value)) if isinstance(value, int) else Decimal(encode_decimal(value))
        )
    except EncodingError as error:
        return Unencodable(error.rule, error.message)


def _text(value: str) -> object:
    try:
        value.encode()
    except UnicodeEncodeError:
        return Unencodable("control-character", "holds half a character")
    return str.__str__(value)


_DEEPEST = 100

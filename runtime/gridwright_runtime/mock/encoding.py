"""Write a world's answers as a service would. Never asks a world, never sends."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin

import msgspec

from ..errors import ConfigurationError
from ..operation import Format, Operation
from ..values import DayOfMonth, Yyyymm, Yyyymmdd
from .world import Refusal

__all__ = ["Codec", "WireRecord", "plain"]

WireRecord: TypeAlias = dict[str, Any]
"""A record as it goes out: text, `Decimal`, int, lists and records, by wire name."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Codec:
    """Writes the replies of one operation; knows its names, in order, once and for all."""

    __slots__ = ("_envelope", "_fields", "_reply")

    def __init__(self, operation: Operation[Any]) -> None:
        self._reply = operation.reply
        self._envelope = operation.envelope
        self._fields = _fields_of(operation.reply.model)

    def records(self, records: Sequence[Mapping[str, object]]) -> list[WireRecord]:
        """Name a world's records as on the wire.

        Raises:
            ConfigurationError: the world gives a field that the operation's model does not have.
        """
        return [_wire_record(self._fields, record) for record in records]

    def refusal_records(self, refusal: Refusal, repeat: int = 1) -> list[WireRecord]:
        """Write a refusal into the list: one element with the text, the next with the code."""
        pair = [{self._envelope.message: refusal.text}, {self._envelope.code: refusal.code}]
        return [dict(item) for _ in range(repeat) for item in pair]

    def has_header(self, format: Format) -> bool:
        """Say whether replies in this format begin with the header, which holds a refusal too."""
        return format in self._envelope.header_formats

    def payload(self, format: Format, records: Sequence[WireRecord]) -> bytes:
        """Write what does not change from reply to reply: JSON whole, XML from the list on."""
        reply = self._reply
        if format == "json":
            return _JSON.encode({reply.list_name: records})
        if not records:
            return f"<{reply.list_name}/></{reply.xml_root}>".encode()
        parts = [f"<{reply.list_name}>"]
        for record in records:
            _write_element(reply.item_name, record, parts)
        parts.append(f"</{reply.list_name}></{reply.xml_root}>")
        return "".join(parts).encode()

    def body(
        self, format: Format, payload: bytes, response_time: str, refusal: Refusal | None = None
    ) -> bytes:
        """Put declaration, root and header before a payload; JSON is whole already."""
        if format == "json":
            return payload
        head = f"{_DECLARATION}<{self._reply.xml_root}>"
        if self.has_header(format):
            head += self._header(response_time, refusal)
        return head.encode() + payload

    def _header(self, response_time: str, refusal: Refusal | None) -> str:
        envelope = self._envelope
        parts: list[str] = []
        for field in envelope.header_fields:
            if field == envelope.message:
                text = refusal.text if refusal else ""
            elif field == envelope.code:
                text = refusal.code if refusal else envelope.success.get(field, ("",))[0]
            elif field in envelope.success:
                text = _FAILED_FLAG if refusal else envelope.success[field][0]
            else:
                text = response_time
            _write_element(field, text, parts)
        return f"<{envelope.header_element}>{''.join(parts)}</{envelope.header_element}>"


def plain(number: Decimal) -> Decimal:
    """Return a number without trailing zeros and without an exponent: 85.00 → 85."""
    if number == 0:
        return _ZERO
    short = number.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(_ONE)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    wire: str
    required: bool
    write: Callable[[Any], Any]


def _fields_of(model: type[msgspec.Struct]) -> dict[str, _Field]:
    return {
        field.name: _Field(field.name, field.encode_name, field.required, _writer_of(field.type))
        for field in msgspec.structs.fields(model)
    }


def _writer_of(annotation: Any) -> Callable[[Any], Any]:
    for kind in _kinds_in(annotation):
        writer = _WRITERS.get(kind)
        if writer is not None:
            return writer
        if get_origin(kind) in (list, tuple, Sequence):
            item = _writer_of(get_args(kind)[0])
            return lambda values: [item(value) for value in values]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            fields = _fields_of(kind)
            return lambda record: _wire_record(fields, record)
    return _same


def _kinds_in(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _wire_record(fields: Mapping[str, _Field], record: Mapping[str, object]) -> WireRecord:
    if unknown := record.keys() - fields.keys():
        raise ConfigurationError(
            f"the mock's world gives {', '.join(sorted(unknown))}, which the reply does not have"
        )
    return {
        field.wire: "" if (value := record.get(field.name)) is None else field.write(value)
        for field in fields.values()
        if field.required or field.name in record
    }


def _write_element(name: str, value: Any, parts: list[str]) -> None:
    if isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for inner, content in value.items():
            _write_element(inner, content, parts)
        parts.append(f"</{name}>")
    elif isinstance(value, list):
        for item in value:
            _write_element(name, item, parts)
    elif text := _xml_text(value):
        parts.append(f"<{name}>{text}</{name}>")
    else:
        parts.append(f"<{name}/>")


def _xml_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return _FORBIDDEN_IN_XML.sub("", value).translate(_ESCAPES)


def _same(value: Any) -> Any:
    return value


def _write_day(value: date) -> str:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def _write_month(value: date) -> str:
    return f"{value.year:04d}{value.month:02d}"


def _write_day_of_month(value: int) -> str:
    return f"{value:02d}"


_ZERO = Decimal(0)
_ONE = Decimal(1)
_FAILED_FLAG = "N"
_JSON = msgspec.json.Encoder(decimal_format="number")
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_WRITERS: dict[Any, Callable[[Any], Any]] = {
    Decimal: plain,
    Yyyymmdd: _write_day,
    Yyyymm: _write_month,
    DayOfMonth: _write_day_of_month,
}

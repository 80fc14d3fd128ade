"""The other side of the JSON rows: what a careful person would write by hand for one reply."""

import operator
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pydantic

from bench.bodies import ENERGY, REGISTERS, TEXTS

__all__ = ["decode_tolerant", "decoder", "pydantic_model", "pydantic_values", "values_of"]


def decoder() -> Callable[[bytes], Any]:
    """Return a bare msgspec decoder: a Struct with Decimal, dates as text, nothing missing."""
    fields = [(wire, str) for wire in TEXTS] + [(wire, Decimal) for wire in ENERGY]
    return _reply_of(msgspec.defstruct("Day", fields))


def decode_tolerant() -> Callable[[bytes], Any]:
    """Return a decoder that takes missing values, given as null, and the registers (F7)."""
    fields: list[Any] = [(wire, str) for wire in TEXTS]
    fields += [(wire, Decimal | None) for wire in ENERGY]
    fields += [(wire, Decimal | None, None) for wire in REGISTERS]
    return _reply_of(msgspec.defstruct("Day", fields))


def _reply_of(day: Any) -> Callable[[bytes], Any]:
    reply = msgspec.defstruct("Days", [("dayLpDataInfoList", list[day])])
    return msgspec.json.Decoder(reply).decode


def pydantic_model() -> type[pydantic.BaseModel]:
    """Return the generated model as pydantic would have it: same names, same types."""
    day = Annotated[date, pydantic.BeforeValidator(_read_day)]
    kinds: dict[str, Any] = dict.fromkeys(TEXTS, str | None)
    kinds |= {"mr_ymd": day | None} | dict.fromkeys(ENERGY, Decimal | None)
    kinds |= dict.fromkeys(REGISTERS, Decimal | None)
    fields: dict[str, Any] = {
        f"field_{wire}": (
            kind,
            pydantic.Field(alias=wire, default=None)
            if wire in REGISTERS
            else pydantic.Field(alias=wire),
        )
        for wire, kind in kinds.items()
    }
    record: Any = pydantic.create_model("Day", **fields)
    reply: Any = pydantic.create_model("Days", dayLpDataInfoList=(list[record], ...))
    found: type[pydantic.BaseModel] = reply
    return found


def pydantic_values(records: Sequence[object], wires: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the values of these wire names, dates as the wire writes them."""
    read_all = operator.attrgetter(*(f"field_{wire}" for wire in wires))
    return [
        tuple(f"{v:%Y%m%d}" if isinstance(v, date) else v for v in read_all(record))
        for record in records
    ]


def values_of(records: Sequence[object], wires: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the values of these wire names."""
    read_all = operator.attrgetter(*wires)
    return [tuple(read_all(record)) for record in records]


def _read_day(text: str) -> date:
    # pydantic itself takes 20241001 for seconds since 1970.
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))

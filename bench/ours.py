"""Gridwright's side: a reply from bytes to records, on the way that the client goes."""

import operator
from collections.abc import Sequence
from datetime import date

import msgspec

from gridwright_apis.kepco_opm.models import DayLoadProfile
from gridwright_apis.kepco_opm.operations import GET_DAY_LOAD_PROFILE
from gridwright_runtime.decodings.reader import read_reply
from gridwright_runtime.interface import Format
from gridwright_runtime.message import RawReply
from gridwright_runtime.reply import Reply

__all__ = ["OPERATION", "raw_reply", "read", "values_of"]

OPERATION = GET_DAY_LOAD_PROFILE


def raw_reply(body: bytes, format: Format) -> RawReply:
    """Wrap a body as the driver does."""
    return RawReply(
        status_code=200,
        headers=(("content-type", f"application/{format};charset=UTF-8"),),
        body=body,
    )


def read(raw: RawReply, format: Format) -> Reply[DayLoadProfile]:
    """Read a reply: decode it, and look for refusals."""
    reply = read_reply(OPERATION, raw, format=format)
    assert isinstance(reply, Reply), reply
    return reply


def values_of(records: Sequence[DayLoadProfile], wires: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the values of these wire names, dates as the wire writes them."""
    names = {field.encode_name: field.name for field in msgspec.structs.fields(DayLoadProfile)}
    read_all = operator.attrgetter(*(names[wire] for wire in wires))
    return [tuple(map(_written, read_all(record))) for record in records]


def _written(value: object) -> object:
    return f"{value:%Y%m%d}" if isinstance(value, date) else value

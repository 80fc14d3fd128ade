"""JSON reply of index records to objects, against a bare msgspec decode: what there is to gain."""

from types import NoneType
from typing import Any, get_args

import msgspec

from bench import index_bodies, index_ours
from bench.equal import require_equal_rows
from bench.rival_child import comparable
from bench.rows import Row
from bench.sizes import Size
from bench.timing import take_turns
from gridwright_apis.epias_ecms import models
from gridwright_apis.epias_ecms.times import LocalInstant

__all__ = ["rows"]


def rows(size: Size) -> list[Row]:
    """Measure the row of this group."""
    body = index_bodies.json_body(index_bodies.indexes(size.indexes))
    raw = index_ours.raw_reply(body, "json")
    decode = _decoder().decode
    compared = require_equal_rows(
        [_values(record) for record in index_ours.records_of(index_ours.read(raw, "json"))],
        [_values(record) for record in decode(body).body.indexes],
        "index records in JSON, gridwright and msgspec",
    )
    turns = take_turns(
        {"msgspec": lambda: decode(body), "gridwright": lambda: index_ours.read(raw, "json")},
        size.rounds,
    )
    return [
        Row(
            name="epias-bare-msgspec",
            what="JSON reply of index records to objects, against a bare msgspec decode"
            " that leaves instants as texts",
            unit="x speed",
            estimate=turns.ratio("msgspec", "gridwright"),
            target=None,
            compared=compared,
            details=turns.milliseconds() | {"body_bytes": len(body), "records": size.indexes},
        )
    ]


def _decoder() -> msgspec.json.Decoder[Any]:
    """Return a decoder of records like ours, but for instants: they are texts."""
    record = msgspec.defstruct(
        "Record",
        [
            (info.name, _kind(info.type) | None, msgspec.field(name=info.encode_name, default=None))
            for info in msgspec.structs.fields(models.IndexQueryResult)
        ],
        frozen=True,
        forbid_unknown_fields=True,
    )
    body = msgspec.defstruct("Body", [("queryInformation", Any), ("indexes", list[record])])  # type: ignore[valid-type]
    names = ("resultCode", "resultDescription", "resultType")
    return msgspec.json.Decoder(
        msgspec.defstruct("Reply", [*((name, str) for name in names), ("body", body)])
    )


def _kind(type_: Any) -> Any:
    [kind] = (one for one in get_args(type_) if one is not NoneType)
    return str if kind is LocalInstant else kind


def _values(record: Any) -> tuple[tuple[str, str], ...]:
    infos = msgspec.structs.fields(models.IndexQueryResult)
    return tuple(
        comparable({info.encode_name: getattr(record, info.name) for info in infos}).items()
    )

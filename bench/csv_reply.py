"""CSV reply to objects: against the csv module with `Decimal`, and memory beside the objects."""

import csv
import tracemalloc
from decimal import Decimal
from io import StringIO
from typing import Any

from msgspec import field

from bench.equal import require_equal_rows
from bench.rows import Estimate, Row, Target
from bench.sizes import Size
from bench.timing import take_turns
from gridwright_runtime.decodings.reader import read_reply
from gridwright_runtime.interface import CsvForm, Operation, ReplySpec, RequestSpec
from gridwright_runtime.message import RawReply
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record

__all__ = ["rows"]

_MEGABYTE = 1024 * 1024


class _Price(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row."""

    area: str | None
    day: str | None
    hour: str | None
    price_eur_per_mwh: Decimal | None = field(name="price")
    volume_mw: Decimal | None = field(name="volume")


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    body = _body(size.rows)
    raw = RawReply(status_code=200, headers=(("content-type", "text/csv"),), body=body)
    compared = require_equal_rows(
        [list(_values(record)) for record in _ours(raw)],
        [list(row) for row in _bare(body)],
        "CSV, gridwright and the csv module",
    )
    turns = take_turns({"csv": lambda: _bare(body), "gridwright": lambda: _ours(raw)}, size.rounds)
    beside = _beside(raw)
    return [
        Row(
            name="csv-module",
            what="CSV reply to objects, against the csv module with Decimal",
            unit="x time",
            estimate=turns.ratio("gridwright", "csv"),
            target=Target("at most", 2.0),
            compared=compared,
            details=turns.milliseconds() | {"body_bytes": len(body), "records": size.rows},
        ),
        Row(
            name="csv-memory",
            what="CSV reply to objects, megabytes at most beside body and objects",
            unit="MB",
            estimate=Estimate(best=beside, median=beside),
            target=Target("at most", 4.0),
            compared=compared,
            details={"body_bytes": len(body), "records": size.rows},
        ),
    ]


def _body(count: int) -> bytes:
    lines = ["area;day;hour;price;volume"]
    lines += [
        f"A{n % 7};2024-10-{n % 30 + 1:02d};{n % 24:02d};{n % 500}.{n % 100:02d};{n}.5"
        for n in range(count)
    ]
    return "\r\n".join([*lines, ""]).encode()


def _bare(body: bytes) -> list[tuple[str, str, str, Decimal, Decimal]]:
    found = csv.reader(StringIO(body.decode(), newline=""), delimiter=";")
    next(found)
    return [(a, b, c, Decimal(d), Decimal(e)) for a, b, c, d, e in found]


def _ours(raw: RawReply) -> Any:
    reply: Any = read_reply(_OPERATION, raw, format="csv")
    return reply.records


def _values(record: _Price) -> tuple[object, ...]:
    return (record.area, record.day, record.hour, record.price_eur_per_mwh, record.volume_mw)


def _beside(raw: RawReply) -> float:
    """Return the most memory that reading takes beside its result, in megabytes."""
    tracemalloc.start()
    try:
        records = _ours(raw)
        kept, most = tracemalloc.get_traced_memory()
        del records
    finally:
        tracemalloc.stop()
    return (most - kept) / _MEGABYTE


def _nothing(wire: object, path: str) -> list[Problem]:
    return []


_OPERATION: Operation[_Price] = Operation(
    system="bench",
    name="list_prices",
    wire_name="prices",
    kind="read",
    method="GET",
    path="/prices",
    request=RequestSpec(model=Record, check=_nothing),
    reply=ReplySpec(
        model=_Price,
        shape="list",
        formats={"csv": ("text/csv",)},
        csv=CsvForm(separator=";"),
        check=_nothing,
    ),
)

"""XML reply to objects: against lxml's parse alone, and against xsdata's parser."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser

from bench import bare, bodies, ours
from bench.equal import require_equal, require_equal_rows
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import take_turns
from bench.xsd_binding import bind

__all__ = ["rows"]

_SCHEMA = Path("generated/schemas/kepco_opm/get_day_load_profile.reply.xsd")
_ROOT = Path(__file__).resolve().parents[1]


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [_against_lxml(size), _against_xsdata(size)]


def _against_lxml(size: Size) -> Row:
    days = bodies.days(size.customers)
    body = bodies.xml_body(days)
    raw = ours.raw_reply(body, "xml")
    records = ours.read(raw, "xml").records
    twins = ours.read(ours.raw_reply(bodies.json_body(days), "json"), "json").records
    require_equal(records == twins, True, "gridwright, XML and JSON of one reply")
    wires = bodies.TEXTS + bodies.ENERGY
    compared = require_equal_rows(
        _as_texts(ours.values_of(records, wires)),
        [[child.text for child in item] for item in etree.fromstring(body).iter("dayLpDataInfo")],
        "XML, gridwright and lxml",
    )
    del records, twins, days
    turns = take_turns(
        {"lxml": lambda: etree.fromstring(body), "gridwright": lambda: ours.read(raw, "xml")},
        size.rounds,
    )
    return Row(
        name="xml-lxml",
        what="XML reply to the same objects, against lxml.etree.fromstring alone",
        unit="x time",
        estimate=turns.ratio("gridwright", "lxml"),
        target=Target("at most", 4.0),
        compared=compared,
        details=turns.milliseconds() | {"body_bytes": len(body), "records": size.customers},
    )


def _against_xsdata(size: Size) -> Row:
    body = bodies.xml_body(bodies.days(size.few_customers))
    raw = ours.raw_reply(body, "xml")
    bound: Any = bind(_ROOT / _SCHEMA)
    parser = XmlParser()
    wires = bodies.TEXTS + bodies.ENERGY
    found = parser.from_bytes(body, bound)
    compared = require_equal_rows(
        ours.values_of(ours.read(raw, "xml").records, wires),
        bare.values_of(found.dayLpDataInfoList.dayLpDataInfo, wires),
        "XML, gridwright and xsdata",
    )
    turns = take_turns(
        {
            "xsdata": lambda: parser.from_bytes(body, bound),
            "gridwright": lambda: ours.read(raw, "xml"),
        },
        size.rounds,
    )
    return Row(
        name="xml-xsdata",
        what="XML reply to objects, against xsdata's parser",
        unit="x speed",
        estimate=turns.ratio("xsdata", "gridwright"),
        target=Target("at least", 8.0),
        compared=compared,
        details=turns.milliseconds() | {"body_bytes": len(body), "records": size.few_customers},
    )


def _as_texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [
        [f"{value:f}" if hasattr(value, "is_finite") else f"{value}" for value in row]
        for row in rows
    ]

"""XML reply of index records to objects, against lxml's parse alone."""

from lxml import etree

from bench import index_bodies, index_ours
from bench.equal import require_equal, require_equal_rows
from bench.rival_child import comparable
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import take_turns

__all__ = ["rows"]


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    indexes = index_bodies.indexes(size.indexes)
    body = index_bodies.xml_body(indexes)
    raw = index_ours.raw_reply(body, "xml")
    records = index_ours.records_of(index_ours.read(raw, "xml"))
    twin = index_ours.raw_reply(index_bodies.json_body(indexes), "json")
    twins = index_ours.records_of(index_ours.read(twin, "json"))
    require_equal(records == twins, True, "index records, XML and JSON of one reply")
    parsed = [
        {str(child.tag): child.text for child in item}
        for item in etree.fromstring(body).iter("indexes")
    ]
    compared = require_equal_rows(
        [tuple(comparable(record).items()) for record in index_ours.wire_values(records)],
        [tuple(comparable(record).items()) for record in parsed],
        "index records in XML, gridwright and lxml",
    )
    del records, twins, twin, parsed, indexes
    turns = take_turns(
        {"lxml": lambda: etree.fromstring(body), "gridwright": lambda: index_ours.read(raw, "xml")},
        size.rounds,
    )
    return [
        Row(
            name="epias-xml-lxml",
            what="XML reply of index records to objects, against lxml.etree.fromstring alone",
            unit="x time",
            estimate=turns.ratio("gridwright", "lxml"),
            target=Target("at most", 5.0),
            compared=compared,
            details=turns.milliseconds() | {"body_bytes": len(body), "records": size.indexes},
        )
    ]

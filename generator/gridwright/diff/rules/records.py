"""Records: their classes, and the fields in them."""

from collections.abc import Iterator

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, provenance
from gridwright.diff.index import REQUEST, Index
from gridwright.diff.match import Matched, Names
from gridwright.diff.places import Path
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.rules.elements import compare_namespaces_of
from gridwright.diff.rules.fields import compare_fields, field_key, match_fields, xml_order
from gridwright.diff.rules.readings import compare_methods
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Field, Record

__all__ = ["RULES", "compare_records"]

RULES = (
    rule("record-added", "S/NN/S", "There is a further class of records."),
    rule("record-removed", "R/NN/B",
         "A class of records is gone.",
         "stop importing {what}"),
    rule("record-renamed", "N/NN/B",
         "A class of records has been renamed in Python.",
         "write `{new}` in place of `{old}`", reading=DocumentReading.WORDING),
    rule("record-opened", "S/SS/S",
         "A record may hold items that nobody has documented.",
         "nothing; they stand in `items`"),
    rule("record-closed", "R/RR/B",
         "A record no longer holds items that nobody has documented.",
         "do not use `items` of {what}"),
    rule("record-extends-otherwise", "R/NN/R",
         "A record extends another one, or none.",
         "check where you take {what} for {old}"),
    rule("record-filler-changed", "R/RR/R",
         "Other values mark an entry that stands for nothing.",
         "check which entries of {what} you leave out"),
    rule("record-reworded", "N/NN/N", "We describe a record in other words.",
         reading=DocumentReading.WORDING),
)  # fmt: skip


def compare_records(
    old: Index, new: Index, matched: Matched[Record], names: Names
) -> Iterator[RuleFinding]:
    """Compare all records of two interfaces."""
    for one, other in matched.pairs:
        yield from _record(old, new, one, other, names)
    for record in matched.gone:
        yield _spot(old, new, record, record).gone().found("record-removed", record.name)
    for record in matched.added:
        yield _spot(old, new, record, record).added().found("record-added", "", record.name)


def _record(
    old: Index, new: Index, one: Record, other: Record, names: Names
) -> Iterator[RuleFinding]:
    spot = _spot(old, new, one, other)
    yield from differ(spot, "record-renamed", one.name, other.name)
    yield from differ(spot, "record-reworded", one.en, other.en)
    if one.open != other.open:
        rule_id = "record-opened" if other.open else "record-closed"
        yield spot.at("open").found(rule_id, one.open, other.open)
    extended = names.records.get(one.extends, one.extends)
    yield from differ(
        spot.at("extends"), "record-extends-otherwise", extended or "none", other.extends or "none"
    )
    if sorted(one.filler) != sorted(other.filler):
        yield spot.at("filler").found("record-filler-changed", _filler(one), _filler(other))
    # A record that stands in its operation has the source of its operation.
    if spot.old and spot.new and spot.old[0] == spot.new[0] == "records":
        yield from provenance(spot, one.cite, other.cite)
    use, now = old.record_use(one.name), new.record_use(other.name)
    ways = use.ways_kept(now, names.operations)
    yield from compare_namespaces_of(spot, ways, one.namespace, other.namespace)
    idle = "" if ways else "no operation that is generated uses the record on both sides"

    def field_spot(a: Field, b: Field) -> Spot:
        return Spot(
            what=f"{other.name}.{b.name}",
            old=_fields_path(spot.old, a),
            new=_fields_path(spot.new, b),
            cites=(a.cite, b.cite),
            spans=(a.span, b.span),
            wire_idle=idle,
            concerns=spot.concerns,
        )

    yield from compare_fields(one.fields, other.fields, ways, field_spot, names)
    yield from compare_methods(
        spot, one.fields, other.fields, match_fields(one.fields, other.fields).pairs
    )
    if REQUEST in ways and use.in_xml_body and now.in_xml_body:
        yield from xml_order(spot, one.fields, other.fields)
    yield from unjudged(spot, one, other)


def _spot(old: Index, new: Index, one: Record, other: Record) -> Spot:
    operations = tuple(
        dict.fromkeys(
            (*old.record_use(one.name).operations, *new.record_use(other.name).operations)
        )
    )
    return Spot(
        what=other.name,
        old=old.places.records.get(one.name, ("records", one.name)),
        new=new.places.records.get(other.name, ("records", other.name)),
        cites=(one.cite, other.cite),
        spans=(one.span, other.span),
        concerns=f"used by {_few(operations)}" if operations else "",
    )


def _fields_path(record: Path | None, field: Field) -> Path | None:
    return None if record is None else (*record, "fields", field_key(field))


def _filler(record: Record) -> str:
    return ", ".join(f"{field}: {value}" for field, value in sorted(record.filler))


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"

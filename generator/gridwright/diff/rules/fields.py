"""Compare fields of requests and replies: names, presence, marks, words."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from gridwright.analysis.type_words import describe_type
from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import alike, differ, elements, provenance, values
from gridwright.diff.index import REPLY, REQUEST
from gridwright.diff.match import Matched, Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.rules.allowed import compare_allowed
from gridwright.diff.rules.elements import compare_namespaces_of
from gridwright.diff.rules.helpers import layouts
from gridwright.diff.rules.readings import compare_readings
from gridwright.diff.rules.types import compare_types
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Citation, Credential, Field, WireName

__all__ = [
    "RULES",
    "compare_also",
    "compare_field",
    "compare_fields",
    "compare_marks",
    "field_key",
    "match_fields",
    "needed_or_not",
    "xml_order",
]  # fmt: skip

_WORDING = DocumentReading.WORDING

RULES = (
    rule("request-field-added-required", "R/BR/B",
         "A request needs a field that it did not have.",
         "give {what} in every call: old calls neither type-check nor are they accepted; a service "
         "that is not new enough may refuse it"),
    rule("request-field-added-optional", "S/SS/S",
         "A request can carry a further field.",
         "nothing; give {what} where you need it and the service is new enough"),
    rule("request-field-removed", "R/RS/B",
         "A request no longer has an optional field.",
         "stop giving {what}"),
    rule("required-request-field-removed", "R/RB/B",
         "A request no longer has a field that it needed.",
         "stop giving {what}, and upgrade only once the service no longer asks for it"),
    rule("request-field-became-required", "R/BS/B",
         "A field of a request that could be left out is needed.",
         "give {what} in every call"),
    rule("request-field-became-optional", "S/SS/S",
         "A field of a request that was needed can be left out.",
         "nothing; leave {what} out only where the service is new enough"),
    rule("reply-field-added", "S/SR/R",
         "A reply has a further field, always.",
         "nothing to read replies; code that builds the record itself, such as a test, gives "
         "{what}"),
    rule("reply-optional-field-added", "S/SS/S",
         "A reply may have a further field.",
         "nothing; {what} is None where the reply lacks it"),
    rule("reply-field-removed", "R/BS/B",
         "A field that every reply had is gone.",
         "stop reading {what}; with the old package it is None from now on"),
    rule("reply-optional-field-removed", "R/RS/B",
         "A field that a reply could have is gone.",
         "stop reading {what}"),
    rule("reply-field-became-optional", "R/RS/S",
         "A field that every reply had may be missing.",
         "be ready for None in {what}"),
    rule("reply-field-became-certain", "S/SR/R",
         "A field that a reply could lack is always there.",
         "nothing to read replies; code that builds the record itself gives {what}"),
    rule("reply-field-marked-otherwise", "S/SR/N",
         "The mark of a reply's field is another, and the field is as present as before.",
         "nothing; an empty {what} may be listed as a deviation, or no longer"),
    rule("field-renamed", "N/NN/B",
         "A field has been renamed in Python.",
         "write `{new}` in place of `{old}`", reading=_WORDING),
    rule("request-field-wire-renamed", "R/BB/N",
         "A field of a request has been renamed on the wire.",
         "upgrade when the service does: each side refuses or overlooks the other's name"),
    rule("reply-field-wire-renamed", "R/BB/N",
         "A field of a reply has been renamed on the wire.",
         "upgrade when the service does: under the other name the value is not found"),
    rule("reply-field-wire-renamed-old-read", "R/BS/N",
         "A field of a reply has been renamed on the wire, and the former name is still read.",
         "upgrade before the service does: the old package does not find the value under `{new}`"),
    rule("reply-field-wire-names-swapped", "S/SS/N",
         "Another of the names under which a reply's field was read counts as the right one.",
         "nothing; deviations are listed for the other name from now on"),
    rule("request-field-moved", "R/BB/N",
         "A field of a request stands in other containers.",
         "upgrade when the service does"),
    rule("reply-field-moved", "R/BB/N",
         "A field of a reply stands in other containers, or in a header.",
         "upgrade when the service does: in the other place the value is not found"),
    rule("items-named-otherwise", "R/BB/N",
         "The items of a list have another name in XML.",
         "upgrade when the service does: under the other name they are not found"),
    rule("wire-name-supplied", "S/RS/S",
         "A field whose name on the wire was undocumented has one.",
         "upgrade: only now can {what} be sent to a real server"),
    rule("wire-name-withdrawn", "R/SB/R",
         "The name of a field on the wire is undocumented now.",
         "do not upgrade where you send {what} to a real server, unless a private amendment "
         "supplies the name"),
    rule("also-read-name-added", "S/SS/N",
         "A field of a reply, or the header, is read under a further name."),
    rule("also-read-name-removed", "R/SB/R",
         "A field of a reply, or the header, is no longer read under a further name.",
         "make sure that no reply carries `{old}`: its value is None from now on"),
    rule("turned-personal", "S/NN/S",
         "A value counts as personal: it is masked in messages, logs and `repr`.",
         "nothing; do not look for {what} in logs any more"),
    rule("no-longer-personal", "R/NN/R",
         "A value no longer counts as personal: messages, logs and `repr` show it.",
         "make sure that logs may hold {what}"),
    rule("turned-secret", "S/NN/S",
         "A value counts as secret: it is never shown.",
         "nothing; do not look for {what} in messages and logs any more"),
    rule("no-longer-secret", "R/NN/R",
         "A value no longer counts as secret: it can be shown.",
         "make sure that logs may hold {what}"),
    rule("unit-changed", "B/BB/B",
         "A quantity is in another unit.",
         "convert {what} from {old} to {new} wherever it is used or stored"),
    rule("unit-named", "R/NN/S",
         "A quantity without a unit has one.",
         "check that you have taken {what} for {new} so far"),
    rule("unit-dropped", "R/NN/R",
         "A quantity no longer has a unit.",
         "do not rely on {old} for {what}"),
    rule("printed-default-changed", "R/RR/S",
         "The document prints another default for a field.",
         "where you leave {what} out, decide whether you still want the service's default"),
    rule("field-label-changed", "S/NN/N", "The document calls a field otherwise."),
    rule("field-reworded", "N/NN/N", "We describe a field in other words.",
         reading=_WORDING),
    rule("field-note-changed", "S/NN/N", "The document prints another remark at a field."),
    rule("size-printed-otherwise", "S/NN/N",
         "The printed size is written otherwise, and means the same to the type."),
    rule("echo-said", "S/SS/S",
         "A field of a reply is known to say again what was asked.",
         "nothing; where {what} says something else, that is a deviation from now on"),
    rule("echo-no-longer-said", "R/RR/R",
         "A field of a reply is no longer known to say again what was asked.",
         "compare {what} yourself with what you asked for"),
    rule("echo-of-another-field", "R/RR/R",
         "A field of a reply says again another value of the request.",
         "check that {what} repeats `{new}`"),
    rule("missing-text-said", "S/SS/S",
         "A text is known to stand for a missing value of a field.",
         "do not look for {new} in {what}, which is None where it came"),
    rule("missing-text-no-longer-said", "B/BB/B",
         "A text is no longer known to stand for a missing value of a field.",
         "look for {old} in {what} yourself, where it was None"),
    rule("request-json-kind-changed", "R/BB/N",
         "A value of a request is another kind of value in JSON: a text, a number or a boolean.",
         "nothing to change; upgrade when the service does, which may refuse the other kind"),
    rule("reply-json-kind-changed", "S/RN/N",
         "A value of a reply is another kind of value in JSON: a text, a number or a boolean.",
         "nothing; {what} is read as either, and the old package may list deviations"),
    rule("request-fields-reordered", "R/RR/N",
         "The fields of a request's record stand in another order, which shows in XML.",
         "nothing to change; where the service checks the order, upgrade when it does"),
)  # fmt: skip


# What a record's field and a parameter have in common; the kind of the value comes apart.
_VALUES = (
    ("label", "field-label-changed", "label"),
    ("en", "field-reworded", "en"),
    ("note", "field-note-changed", "note"),
    ("default", "printed-default-changed", "default"),
)


def field_key(field: Field) -> str:
    """Return the key under which a spec holds a field."""
    return field.label or field.name if field.provisional else field.wire


def match_fields(old: Sequence[Field], new: Sequence[Field]) -> Matched[Field]:
    """Pair fields, renamed ones too."""
    return match(
        old,
        new,
        (
            lambda f: (f.name, f.wire),
            lambda f: f.wire,
            lambda f: f.name,
            lambda f: (f.label, type(f.type)) if f.label else None,
        ),
    )


def compare_fields(
    old: Sequence[Field],
    new: Sequence[Field],
    ways: Sequence[str],
    spot_of: Callable[[Field, Field], Spot],
    sides: Names,
) -> Iterator[RuleFinding]:
    """Compare the fields of one record or header.

    Args:
        old: its old fields.
        new: its new fields.
        ways: whether it is sent, received or both.
        spot_of: names a field, by its old and its new form.
        sides: new names by old ones.
    """
    matched = match_fields(old, new)
    names = {one.name: other.name for one, other in matched.pairs}
    for one, other in matched.pairs:
        if alike(one, other):
            continue
        yield from compare_field(spot_of(one, other), one, other, ways, sides, names)
        yield from _presence(spot_of(one, other), one, other, ways)
    for field in matched.gone:
        spot = spot_of(field, field).gone()
        if REQUEST in ways:
            needed = "required-request-field-removed" if field.required else "request-field-removed"
            yield spot.found(needed, _described(field))
        if REPLY in ways or not ways:
            maybe = "reply-optional-field-removed" if field.optional else "reply-field-removed"
            yield spot.found(maybe, _described(field))
    for field in matched.added:
        spot = spot_of(field, field).added()
        if REQUEST in ways:
            yield spot.found(_added_to_request(field), "", _described(field))
        if REPLY in ways or not ways:
            maybe = "reply-optional-field-added" if field.optional else "reply-field-added"
            yield spot.found(maybe, "", _described(field))


def compare_field(
    spot: Spot,
    old: Field,
    new: Field,
    ways: Sequence[str],
    sides: Names,
    names: Mapping[str, str],
) -> Iterator[RuleFinding]:
    """Compare one field but for its presence, which a parameter has otherwise than a record.

    Args:
        spot: the field.
        old: its old form.
        new: its new form.
        ways: whether it is sent, received or both.
        sides: new names by old ones.
        names: new names of the fields beside it by old ones.
    """
    yield from differ(spot.at("name"), "field-renamed", old.name, new.name)
    yield from _wire(spot, old, new, ways)
    yield from _place(spot, old, new, ways)
    yield from compare_types(spot, old, new, ways, sides)
    yield from compare_allowed(spot, old, new, ways)
    yield from compare_readings(spot, old, new, names)
    yield from values(spot, old, new, _VALUES)
    if old.type == new.type:
        yield from differ(
            spot.at("size"), "size-printed-otherwise", old.printed_size, new.printed_size
        )
    yield from compare_marks(spot, old, new)
    yield from _echoes(spot.at("echoes"), old, new)
    yield from _missing(spot.at("missing"), old, new)
    if old.json != new.json:
        kinds = old.json or _BY_TYPE, new.json or _BY_TYPE
        for way in ways or (REPLY,):
            yield spot.at("json").found(f"{way}-json-kind-changed", *kinds)
    yield from _unit(spot, old, new)
    yield from compare_also(
        spot.at("also"),
        [name for name in old.also if name.name != new.wire],
        [name for name in new.also if name.name != old.wire],
        (old.cite, new.cite),
    )
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


_BY_TYPE = "as its type gives it"


def _missing(spot: Spot, old: Field, new: Field) -> Iterator[RuleFinding]:
    for text in new.missing:
        if text not in old.missing:
            yield spot.found("missing-text-said", "", text)
    for text in old.missing:
        if text not in new.missing:
            yield spot.found("missing-text-no-longer-said", text, "")


def _echoes(spot: Spot, old: Field, new: Field) -> Iterator[RuleFinding]:
    before, after = ".".join(old.echoes), ".".join(new.echoes)
    if not before or not after:
        yield from differ(spot, "echo-said" if after else "echo-no-longer-said", before, after)
    else:
        yield from differ(spot, "echo-of-another-field", before, after)


def compare_also(
    spot: Spot,
    old: Sequence[WireName],
    new: Sequence[WireName],
    above: tuple[Citation, Citation],
) -> Iterator[RuleFinding]:
    """Compare the other names under which something is read.

    Args:
        spot: the names.
        old: the old ones.
        new: the new ones.
        above: the sources of the thing itself, which a name takes where it has none.
    """
    yield from elements(
        spot,
        [name.name for name in old],
        [name.name for name in new],
        "also-read-name-removed",
        "also-read-name-added",
    )
    after = {name.name: name for name in new}
    for name in old:
        other = after.get(name.name)
        if other is not None and (name.cite, other.cite) != above:
            yield from provenance(spot.at(name.name), name.cite, other.cite)


def compare_marks(
    spot: Spot, old: Field | Credential, new: Field | Credential
) -> Iterator[RuleFinding]:
    """Compare what may be shown of a value."""
    for key, before, after in (
        ("personal", old.personal, new.personal),
        ("secret", old.secret, new.secret),
    ):
        if before != after:
            rule_id = f"turned-{key}" if after else f"no-longer-{key}"
            yield spot.at(key).found(rule_id, before, after)


def xml_order(spot: Spot, old: Sequence[Field], new: Sequence[Field]) -> Iterator[RuleFinding]:
    """Compare the order of the fields that both sides have, where it shows on the wire."""
    matched = match_fields(old, new)
    before = [one.name for one in old if any(one is pair[0] for pair in matched.pairs)]
    names = {other.name: one.name for one, other in matched.pairs}
    after = [names[other.name] for other in new if other.name in names]
    if before != after:
        yield spot.at("fields").found("request-fields-reordered", tuple(before), tuple(after))


def _place(spot: Spot, old: Field, new: Field, ways: Sequence[str]) -> Iterator[RuleFinding]:
    before, after = _describe_place(old), _describe_place(new)
    if before != after and REQUEST in ways:
        yield spot.at("under").found("request-field-moved", before, after)
    if before != after and (REPLY in ways or not ways):
        yield spot.at("under").found("reply-field-moved", before, after)
    yield from differ(spot.at("item"), "items-named-otherwise", old.item, new.item)
    yield from compare_namespaces_of(spot, ways, old.namespace, new.namespace)
    yield from layouts(spot.at("layout"), old, new)


def _describe_place(field: Field) -> str:
    if field.block:
        return f"{field.block} of the SOAP header"
    if field.in_header:
        return "a header"
    return " > ".join(field.under) or "the record itself"


def _wire(spot: Spot, old: Field, new: Field, ways: Sequence[str]) -> Iterator[RuleFinding]:
    before, after = _wire_name(old), _wire_name(new)
    if old.provisional != new.provisional:
        rule_id = "wire-name-supplied" if old.provisional else "wire-name-withdrawn"
        yield spot.found(rule_id, before, after)
        return
    if old.wire == new.wire:
        return
    if old.series is not None and new.series is not None:
        # The key of a family is the document's word for it; the names on the wire are the series'.
        yield spot.found("field-label-changed", before, after)
        return
    if REQUEST in ways:
        yield spot.found("request-field-wire-renamed", before, after)
    if REPLY in ways or not ways:
        old_reads_new = new.wire in {name.name for name in old.also}
        new_reads_old = old.wire in {name.name for name in new.also}
        rule_id = "reply-field-wire-renamed"
        if new_reads_old:
            rule_id += "-old-read"
        if old_reads_new and new_reads_old:
            rule_id = "reply-field-wire-names-swapped"
        yield spot.found(rule_id, before, after)


def _presence(spot: Spot, old: Field, new: Field, ways: Sequence[str]) -> Iterator[RuleFinding]:
    marked = old.required != new.required
    if REQUEST in ways and marked:
        became = "required" if new.required else "optional"
        yield spot.at("required").found(f"request-field-became-{became}", _mark(old), _mark(new))
    if REPLY in ways or not ways:
        if old.optional != new.optional:
            became = "optional" if new.optional else "certain"
            yield spot.found(f"reply-field-became-{became}", _mark(old), _mark(new))
        elif marked:
            yield spot.at("required").found("reply-field-marked-otherwise", _mark(old), _mark(new))


def _unit(spot: Spot, old: Field, new: Field) -> Iterator[RuleFinding]:
    before, after = _unit_said(old), _unit_said(new)
    if before == after:
        return
    rule_id = "unit-changed"
    if before is None:
        rule_id = "unit-named"
    if after is None:
        rule_id = "unit-dropped"
    yield spot.at("unit").found(rule_id, before, after)


def _unit_said(field: Field) -> str | None:
    """Return the unit of a field, or how replies say it; None: nobody says it."""
    unit = field.unit_of_data
    if unit is None:
        return field.unit
    said = ", ".join(f"{value}: {meant}" for value, meant in unit.values)
    power = f", by 10 to the power of {'.'.join(unit.power_of_ten)}" if unit.power_of_ten else ""
    return f"as {'.'.join(unit.field)} says ({said}){power}"


def _added_to_request(field: Field) -> str:
    return "request-field-added-required" if field.required else "request-field-added-optional"


def _wire_name(field: Field) -> str:
    return "undocumented" if field.provisional else field.wire


def needed_or_not(required: bool) -> str:
    """Say whether a value of a request is needed."""
    return "required" if required else "may be left out"


def _mark(field: Field) -> str:
    if field.optional:
        return "may be missing"
    return "required" if field.required else "always there"


def _described(field: Field) -> str:
    unit = f", {field.unit_text}" if field.unit_text else ""
    return f"{_wire_name(field)}: {describe_type(field.type)}{unit}, {_mark(field)}"

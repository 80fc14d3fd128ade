"""Types of fields: sizes, digits, patterns, codes. Requests and replies are judged oppositely."""

from collections.abc import Iterator, Sequence

from gridwright.analysis.type_words import describe_type, number_example
from gridwright.diff.comparisons import compare_bounds, differ
from gridwright.diff.index import REPLY, REQUEST
from gridwright.diff.match import Names
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.ir import (
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    ListType,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.notation.known_patterns import INSTANTS

__all__ = ["RULES", "compare_types"]

# A reply that exceeds its limits is read all the same, and the deviation is listed: so it is risky
# where other tools, whose clients refuse such a reply, call it breaking.
RULES = (
    rule("request-type-changed", "B/BB/B",
         "A field of a request is of another type.",
         "give {what} as {new}"),
    rule("reply-type-changed", "B/BB/B",
         "A field of a reply is of another type.",
         "read {what} as {new}"),
    rule("request-multiplicity-changed", "R/BB/B",
         "A field of a request holds a list where it held one value, or the reverse.",
         "give {what} as {new}"),
    rule("reply-multiplicity-changed", "R/BB/B",
         "A field of a reply holds a list where it held one value, or the reverse.",
         "read {what} as {new}"),
    rule("request-size-shrunk", "R/BS/R",
         "The longest text allowed in a request is shorter.",
         "make sure that {what} fits; a longer text is refused before it is sent"),
    rule("request-size-grown", "S/SS/S",
         "The longest text allowed in a request is longer.",
         "nothing; longer texts need a service that is new enough"),
    rule("reply-size-grown", "R/RS/S",
         "The longest text to expect in a reply is longer.",
         "make room for {what} where you store it; the old package lists longer texts as "
         "deviations"),
    rule("reply-size-shrunk", "R/SR/N",
         "The longest text to expect in a reply is shorter.",
         "nothing; texts as long as before are listed as deviations"),
    rule("request-digits-shrunk", "R/BS/R",
         "A number in a request may have fewer digits before the point than it could.",
         "make sure that {what} fits; a longer number is refused before it is sent"),
    rule("request-digits-grown", "S/SS/S",
         "A number in a request may have more digits before the point than it could.",
         "nothing; longer numbers need a service that is new enough"),
    rule("reply-digits-grown", "R/RS/S",
         "A number in a reply may have more digits before the point than it could.",
         "make room for {what} where you store it"),
    rule("reply-digits-shrunk", "R/SR/N",
         "A number in a reply has fewer digits before the point than it could.",
         "nothing; numbers as long as before are listed as deviations"),
    rule("request-decimals-shrunk", "R/BS/R",
         "A number in a request may have fewer decimals than it could.",
         "round {what} yourself; more decimals are refused before they are sent"),
    rule("request-decimals-grown", "S/SS/S",
         "A number in a request may have more decimals than it could.",
         "nothing; more decimals need a service that is new enough"),
    rule("reply-decimals-grown", "R/RS/S",
         "A number in a reply may have more decimals than it could.",
         "make room for the decimals of {what} where you store it"),
    rule("reply-decimals-shrunk", "R/SR/N",
         "A number in a reply has fewer decimals than it could.",
         "nothing; decimals as before are listed as deviations"),
    rule("number-signs-changed", "B/BB/B",
         "The texts of a number have another sign of decimals or of thousands.",
         "read and write {what} as {new}: the same text may be another number"),
    rule("text-counted-otherwise", "R/RR/R",
         "The size of a text is counted otherwise: in characters, or in bytes of an encoding.",
         "make sure that {what} fits {new}"),
    rule("request-pattern-changed", "R/BB/R",
         "A date or time of a request is written otherwise.",
         "give {what} as its new type asks, and upgrade when the service does"),
    rule("reply-pattern-changed", "R/BB/R",
         "A date or time of a reply is written otherwise.",
         "check the type of {what} wherever you read it, and upgrade when the service does"),
    rule("request-lengths-changed", "B/BB/B",
         "Texts of a duration in a request mean other lengths.",
         "give {what} as the length that is meant: it is written as {new}"),
    rule("reply-lengths-changed", "B/BB/B",
         "Texts of a duration in a reply mean other lengths.",
         "read again what you have stored of {what}, and of values whose step it is: {new}"),
    rule("pattern-spelt-otherwise", "S/NN/N",
         "The pattern of a date or time is spelt otherwise, and means the same."),
    rule("field-zone-changed", "B/BB/B",
         "A local time is of another zone, or of one that another field names.",
         "read {what} in {new}: the same text is another instant now"),
    rule("field-repeated-changed", "R/BB/R",
         "Another of two hours is meant where the clocks repeat one.",
         "check {what} on the days on which the clocks go back: {new}"),
    rule("request-text-became-code", "R/BS/R",
         "A text of a request must be one of the codes of a list.",
         "give one of the codes in {what}; other texts are refused before they are sent"),
    rule("request-code-became-text", "S/SS/S",
         "A code of a request can be any text."),
    rule("reply-text-became-code", "S/SR/S",
         "A text of a reply is one of the codes of a list.",
         "nothing; the codes of {what} have names now"),
    rule("reply-code-became-text", "R/RS/S",
         "A code of a reply can be any text.",
         "be ready for texts in {what} that no list has"),
    rule("request-codes-swapped", "R/BB/R",
         "A field of a request takes its codes from another list, which lacks some.",
         "give {what} a code of the list {new}"),
    rule("request-codes-of-wider-list", "S/SS/R",
         "A field of a request takes its codes from another list, which has all that it took.",
         "nothing on the wire; take the constants of {what} from the list {new}"),
    rule("reply-codes-swapped", "R/RR/R",
         "A field of a reply takes its codes from another list.",
         "compare {what} with the codes of the list {new}"),
)  # fmt: skip


def compare_types(
    spot: Spot, old: Field, new: Field, ways: Sequence[str], names: Names
) -> Iterator[RuleFinding]:
    """Compare the types of one field, once for each way that it travels."""
    if old.type == new.type:
        return
    for number, way in enumerate(ways or (REPLY,)):
        found = _types(spot, old.type, new.type, way, names)
        # What is the same for both ways is told once.
        yield from (f for f in found if number == 0 or f.rule.startswith((REQUEST, REPLY)))


def _types(spot: Spot, old: TypeRef, new: TypeRef, way: str, names: Names) -> Iterator[RuleFinding]:
    changed = spot.at("type").found(f"{way}-type-changed", describe_type(old), describe_type(new))
    match old, new:
        case ListType(), ListType():
            yield from _types(spot, old.item, new.item, way, names)
        case (ListType(), _) | (_, ListType()):
            yield spot.at("type").found(
                f"{way}-multiplicity-changed", describe_type(old), describe_type(new)
            )
        case TextType(), TextType():
            if old.encoding != new.encoding and (old.size or new.size):
                yield spot.at("size").found(
                    "text-counted-otherwise", describe_type(old), describe_type(new)
                )
            else:
                yield from _compare_sizes(spot, old.size, new.size, way, "size")
        case IntegerType(), IntegerType():
            yield from _compare_sizes(spot, old.digits, new.digits, way, "digits")
        case DecimalType(), DecimalType():
            yield from _compare_sizes(spot, _whole(old), _whole(new), way, "digits")
            yield from _compare_sizes(spot, old.scale, new.scale, way, "decimals")
            if (old.decimal, old.thousands) != (new.decimal, new.thousands):
                yield spot.at("format").found(
                    "number-signs-changed", number_example(old), number_example(new)
                )
        case TemporalType(), TemporalType() if old.kind == new.kind:
            yield from _temporal(spot, old, new, way)
        case CodeType(), CodeType():
            yield from _codes(spot, old, new, way, names)
            yield from _compare_sizes(spot, old.size, new.size, way, "size")
        case TextType(), CodeType():
            yield spot.at("type").found(f"{way}-text-became-code", describe_type(old), _list(new))
        case CodeType(), TextType():
            yield spot.at("type").found(f"{way}-code-became-text", _list(old), describe_type(new))
        case RecordType(), RecordType():
            if names.records.get(old.record, old.record) != new.record:
                yield changed
        case _:
            yield changed


def _compare_sizes(
    spot: Spot, old: int | None, new: int | None, way: str, what: str
) -> Iterator[RuleFinding]:
    yield from compare_bounds(
        spot.at("size"), old, new, f"{way}-{what}-shrunk", f"{way}-{what}-grown"
    )


def _meanings(type_: TemporalType) -> str:
    return ", ".join(f"{said} is {length}" for said, length in type_.means)


def _temporal(spot: Spot, old: TemporalType, new: TemporalType, way: str) -> Iterator[RuleFinding]:
    if old.pattern != new.pattern:
        same = {old.pattern, new.pattern} <= INSTANTS
        rule_id = "pattern-spelt-otherwise" if same else f"{way}-pattern-changed"
        yield spot.at("format").found(rule_id, old.pattern, new.pattern)
    yield from differ(spot.at("means"), f"{way}-lengths-changed", _meanings(old), _meanings(new))
    if (old.zone_field, old.zone_names, old.has_own_zone) != (
        new.zone_field,
        new.zone_names,
        new.has_own_zone,
    ) or (new.has_own_zone and old.zone != new.zone):
        yield spot.at("zone").found("field-zone-changed", _zone(old), _zone(new))
    if old.repeated != new.repeated and None not in (old.repeated, new.repeated):
        yield spot.at("repeated").found("field-repeated-changed", _word(old), _word(new))


def _zone(type_: TemporalType) -> str:
    names = ", ".join(f"{said} is {zone}" for said, zone in type_.zone_names)
    said = f"the zone in {type_.zone_field}" + (f" ({names})" if names else "")
    return said if type_.zone_field else type_.zone


def _word(type_: TemporalType) -> str:
    repeated = type_.repeated
    if repeated is None or repeated.word != "field":
        return repeated.word if repeated else ""
    return f"the second where {repeated.field} is {' or '.join(repeated.second)}"


def _codes(
    spot: Spot, old: CodeType, new: CodeType, way: str, names: Names
) -> Iterator[RuleFinding]:
    before = old.codes.name if old.codes else ""
    after = new.codes.name if new.codes else ""
    if names.codes.get(before, before) == after or (
        old.codes and new.codes and _values(old) == _values(new)
    ):
        return  # one list under another name is told at the list
    is_wider = way == REQUEST and (not after or _values(old) <= _values(new))
    rule_id = "request-codes-of-wider-list" if is_wider else f"{way}-codes-swapped"
    yield spot.at("codes").found(rule_id, before, after)


def _values(type_: CodeType) -> set[str]:
    return {code.value for code in type_.codes.values} if type_.codes else set()


def _list(type_: CodeType) -> str:
    return f"codes of {type_.codes.name}" if type_.codes else "code"


def _whole(type_: DecimalType) -> int | None:
    return None if type_.precision is None else type_.precision - (type_.scale or 0)

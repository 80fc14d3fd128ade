"""Limits: rates, pauses, closed hours, lives. What is stricter breaks an old client."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import assert_never

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import compare_bounds, differ, elements, provenance
from gridwright.diff.index import Index
from gridwright.diff.match import Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule, spot_of
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Limit
from gridwright.ir.words import LimitKind
from gridwright.notation.lengths import iso
from gridwright.resolve.context import duration, months_of

__all__ = ["RULES", "compare_limits"]

RULES = (
    rule("limit-added", "R/BN/S",
         "There is a further limit to keep.",
         "expect calls to wait: {new}"),
    rule("limit-removed", "S/NR/N",
         "A limit need no longer be kept.",
         "nothing; a service that still has it may refuse"),
    rule("limit-renamed", "N/NN/N", "We call a limit otherwise.", reading=DocumentReading.WORDING),
    rule("limit-reworded", "N/NN/N", "We describe a limit in other words.",
         reading=DocumentReading.WORDING),
    rule("limit-kind-changed", "R/RR/S",
         "A limit is of another kind.",
         "expect calls to wait otherwise"),
    rule("rate-lowered", "R/BN/S",
         "Fewer requests are allowed in a time.",
         "expect calls to wait longer; programs with the old package are refused"),
    rule("rate-raised", "S/NR/N",
         "More requests are allowed in a time.",
         "nothing; the new package is too fast for a service that keeps the former rate"),
    rule("rate-counted-otherwise", "R/BR/S",
         "Requests are counted over another length of time, and neither rate keeps the other.",
         "expect calls to wait otherwise; programs with the old package are refused"),
    rule("penalty-longer", "R/RN/S",
         "Who breaks a limit is shut out for longer.",
         "expect to wait longer after a refusal; programs with the old package ask too soon"),
    rule("penalty-shorter", "S/NN/N",
         "Who breaks a limit is shut out for a shorter time.",
         "nothing"),
    rule("concurrency-lowered", "R/BN/S",
         "Fewer requests are allowed at once.",
         "expect calls to wait; programs with the old package are refused"),
    rule("concurrency-raised", "S/NR/N",
         "More requests are allowed at once.",
         "nothing; the new package sends too many at once to a service that keeps the former "
         "limit"),
    rule("spacing-longer", "R/BN/S",
         "A longer pause is to be kept.",
         "expect calls to wait longer; programs with the old package are refused"),
    rule("spacing-shorter", "S/NR/N",
         "A shorter pause is to be kept.",
         "nothing; a service that keeps the former pause may refuse"),
    rule("spacing-counted-otherwise", "R/RR/S",
         "A pause counts from another moment.",
         "expect calls to wait otherwise"),
    rule("spacing-subject-changed", "R/RR/S",
         "A pause is kept between calls about another thing.",
         "expect calls to wait otherwise"),
    rule("rate-counted-by-other-values", "R/RR/S",
         "Requests are counted together by the values of other arguments.",
         "expect calls to wait otherwise: {new}"),
    rule("limit-scope-changed", "R/RR/S",
         "A limit is shared by others.",
         "see who else uses up the limit: {new}"),
    rule("limit-covers-more", "R/BN/S",
         "A limit covers a further operation.",
         "expect `{new}()` to wait"),
    rule("limit-covers-less", "S/NR/N",
         "A limit no longer covers an operation.",
         "nothing; a service that still covers `{old}()` may refuse"),
    rule("closed-hours-widened", "R/BN/R",
         "The service is closed for longer.",
         "move what runs at {new} to another time"),
    rule("closed-hours-narrowed", "S/NR/N",
         "The service is closed for a shorter time.",
         "nothing; a service that keeps the former hours refuses"),
    rule("closed-hours-moved", "R/BR/R",
         "The service is closed at another time.",
         "move what runs at {new} to another time"),
    rule("closed-hours-zone-changed", "B/BR/R",
         "The closed hours are in another time zone.",
         "move what runs at these hours in {new} to another time"),
    rule("lifetime-shorter", "R/BN/S",
         "Something granted lives for a shorter time.",
         "expect to log in more often"),
    rule("lifetime-longer", "S/NR/N",
         "Something granted lives for a longer time.",
         "nothing; a service that keeps the former life refuses, and the client asks anew"),
    rule("longest-period-shorter", "R/BS/R",
         "The longest period that can be asked for is shorter.",
         "split periods longer than {new}"),
    rule("longest-period-longer", "S/SS/S",
         "The longest period that can be asked for is longer.",
         "nothing; longer periods need a service that is new enough"),
    rule("quota-resets-otherwise", "B/BS/R",
         "The count of a quota begins anew at another time.",
         "upgrade: clients of before count by the old time"),
    rule("limit-counted-for-each", "S/SS/S",
         "Each operation has a count of its own, where all shared one.",
         "nothing"),
    rule("limit-counted-for-all", "R/BS/R",
         "All operations share one count, where each had its own.",
         "expect longer waits"),
    rule("longest-period-ends-otherwise", "B/BB/R",
         "The last moment of a period belongs to it where it did not, or the other way round.",
         "check the ends of the periods that you ask for; walks go by what the service does now"),
    rule("batch-smaller", "B/BS/R",
         "One call takes fewer items of a list.",
         "split lists of more than {new}, or walk"),
    rule("batch-larger", "S/SS/S",
         "One call takes more items of a list.",
         "nothing"),
    rule("batch-of-another-list", "R/RR/S",
         "A limit is about the items of another list.",
         "check the lists that you send"),
    rule("reach-shorter", "R/BS/R",
         "Calls may not ask as far back as before.",
         "ask for nothing from longer ago than {new}"),
    rule("reach-longer", "S/SS/S",
         "Calls may ask further back than before.",
         "nothing; what is longer ago needs a service that is new enough"),
    rule("reach-measured-otherwise", "R/RR/S",
         "How far back a call may ask goes by another field, or by the clock of another zone.",
         "check which requests ask too far back now"),
    rule("longest-period-measured-otherwise", "R/RR/S",
         "A longest period lies between other fields.",
         "check which requests are too long now"),
)  # fmt: skip

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = 24 * 60
_WEEK = 7 * _DAY


def compare_limits(old: Index, new: Index, names: Names) -> Iterator[RuleFinding]:
    """Compare all limits of two interfaces."""
    matched = match(
        old.interface.limits,
        new.interface.limits,
        (
            lambda x: x.name,
            lambda x: (x.kind, x.scope, x.operations),
            lambda x: (x.kind, x.cite.lines) if x.cite.lines else None,
        ),
    )
    for one, other in matched.pairs:
        yield from _limit(_spot(one, other), one, other, names)
    for limit in matched.gone:
        yield _spot(limit, limit).gone().found("limit-removed", _described(limit))
    for limit in matched.added:
        yield _spot(limit, limit).added().found("limit-added", "", _described(limit))


def _closed_minutes(limit: Limit) -> frozenset[int] | None:
    """Return the closed minutes of a week, counted from Monday 00:00; None: not understood."""
    hours = limit.hours
    if hours is None or hours.weekday not in _DAYS:
        return None
    start, end = (60 * int(time[:2]) + int(time[3:]) for time in (hours.start, hours.end))
    length = (end - start) % _DAY or _DAY
    first = _DAYS.index(hours.weekday) * _DAY + start
    return frozenset(minute % _WEEK for minute in range(first, first + length))


def _limit(spot: Spot, old: Limit, new: Limit, names: Names) -> Iterator[RuleFinding]:
    yield from differ(spot, "limit-renamed", old.name, new.name)
    yield from differ(spot.at("en"), "limit-reworded", old.en, new.en)
    yield from differ(spot.at("scope"), "limit-scope-changed", old.scope, new.scope)
    yield from _covers(spot.at("operations"), old, new, names)
    if old.kind != new.kind:
        yield spot.at("kind").found("limit-kind-changed", _described(old), _described(new))
    else:
        yield from _rate(spot, old, new)
        yield from _pause(spot.at("wait"), old, new)
        yield from _penalty(spot.at("penalty"), old, new)
        yield from differ(spot.at("after"), "spacing-counted-otherwise", old.after, new.after)
        rule_id = "spacing-subject-changed"
        if old.kind != "spacing":
            rule_id = "rate-counted-by-other-values"
        yield from differ(spot.at("same"), rule_id, _values(old), _values(new))
        yield from _at_most(spot.at("at_most"), old, new)
        measured = "longest-period-measured-otherwise"
        if old.kind == "history":
            measured = "reach-measured-otherwise"
            yield from differ(spot.at("zone"), measured, old.zone, new.zone)
        yield from differ(spot.at("from"), measured, old.from_field, new.from_field)
        yield from differ(
            spot.at("to"), "longest-period-measured-otherwise", old.to_field, new.to_field
        )
        yield from differ(spot.at("to_is"), "longest-period-ends-otherwise", old.to_is, new.to_is)
        yield from differ(spot.at("field"), "batch-of-another-list", old.field, new.field)
        yield from _hours(spot.at("weekly"), old, new)
        resets = [f"{limit.resets or '00:00'} {limit.zone}" for limit in (old, new)]
        if old.kind == "quota":
            yield from differ(spot.at("resets"), "quota-resets-otherwise", *resets)
        if old.each_operation != new.each_operation:
            which = "each" if new.each_operation else "all"
            yield spot.at("each_operation").found(
                f"limit-counted-for-{which}", old.each_operation, new.each_operation
            )
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _values(limit: Limit) -> str:
    return ", ".join(limit.same)


def _rate(spot: Spot, old: Limit, new: Limit) -> Iterator[RuleFinding]:
    if (old.requests, old.per, old.each) == (new.requests, new.per, new.each):
        return
    loosens, tightens = _keeps(old, new), _keeps(new, old)
    rule_id = "rate-counted-otherwise"
    if loosens != tightens:
        rule_id = "rate-raised" if loosens else "rate-lowered"
    place = spot.at("requests" if old.requests != new.requests else "per")
    yield place.found(rule_id, _described(old), _described(new))


def _keeps(one: Limit, other: Limit) -> bool:
    """Whether who sends all that one rate allows, in bursts too, keeps the other as well."""
    if one.requests is None or other.requests is None:
        return False
    if one.each and one.each == other.each:
        return one.requests <= other.requests
    if not one.per or not other.per:
        return False
    bursts = -(-other.per // one.per)
    return one.requests * bursts <= other.requests


def _pause(spot: Spot, old: Limit, new: Limit) -> Iterator[RuleFinding]:
    before, after = old.wait or timedelta(), new.wait or timedelta()
    if before != after:
        rule_id = "spacing-longer" if after > before else "spacing-shorter"
        yield spot.found(rule_id, iso(before), iso(after))


def _penalty(spot: Spot, old: Limit, new: Limit) -> Iterator[RuleFinding]:
    before, after = old.penalty or timedelta(), new.penalty or timedelta()
    if before != after:
        rule_id = "penalty-longer" if after > before else "penalty-shorter"
        yield spot.found(rule_id, iso(before), iso(after))


def _at_most(spot: Spot, old: Limit, new: Limit) -> Iterator[RuleFinding]:
    rules = _OF_AT_MOST[old.kind]
    if rules is not None:
        yield from (
            _as_written(found, old.at_most, new.at_most)
            for found in compare_bounds(spot, _size(old.at_most), _size(new.at_most), *rules)
        )


# The rules about `at_most`; None where a limit of the kind has none.
_OF_AT_MOST: Mapping[LimitKind, tuple[str, str] | None] = {
    "rate": None,
    "quota": None,
    "concurrency": ("concurrency-lowered", "concurrency-raised"),
    "spacing": None,
    "closed_hours": None,
    "lifetime": ("lifetime-shorter", "lifetime-longer"),
    "period": ("longest-period-shorter", "longest-period-longer"),
    "batch": ("batch-smaller", "batch-larger"),
    "history": ("reach-shorter", "reach-longer"),
}


def _as_written(found: RuleFinding, old: str, new: str) -> RuleFinding:
    """Show both values as the spec writes them."""
    return RuleFinding(found.rule, found.spot, old or "no limit", new or "no limit")


def _size(at_most: str) -> float | None:
    if not at_most:
        return None
    if at_most.isdecimal():
        return float(at_most)
    # A month is taken for 30.5 days; what is compared are two lengths as somebody wrote them.
    return (duration(at_most) + months_of(at_most) * timedelta(days=30.5)) / timedelta(seconds=1)


def _hours(spot: Spot, old: Limit, new: Limit) -> Iterator[RuleFinding]:
    if old.weekly != new.weekly:
        before, after = _closed_minutes(old), _closed_minutes(new)
        rule_id = "closed-hours-moved"
        if before is not None and after is not None:
            if before < after:
                rule_id = "closed-hours-widened"
            elif after < before:
                rule_id = "closed-hours-narrowed"
        yield spot.found(rule_id, old.weekly, new.weekly)
    # Only closed hours have a zone of their own.
    if old.kind == "closed_hours" and old.zone != new.zone:
        yield spot.found("closed-hours-zone-changed", old.zone, new.zone)


def _covers(spot: Spot, old: Limit, new: Limit, names: Names) -> Iterator[RuleFinding]:
    before = tuple(names.operations.get(name, name) for name in old.operations)
    if bool(before) != bool(new.operations):
        every = "every operation"
        rule_id = "limit-covers-less" if new.operations else "limit-covers-more"
        yield spot.found(rule_id, before or every, new.operations or every)
        return
    yield from elements(spot, before, new.operations, "limit-covers-less", "limit-covers-more")


def _described(limit: Limit) -> str:
    match limit.kind:
        case "rate":
            plural = "" if limit.requests == 1 else "s"
            return f"{limit.requests} request{plural} in {iso(limit.per or timedelta())}"
        case "quota":
            plural = "" if limit.requests == 1 else "s"
            return f"{limit.requests} request{plural} each {limit.each}"
        case "spacing":
            return f"{iso(limit.wait or timedelta())} after a {limit.after or 'reply'}"
        case "closed_hours":
            return f"closed {limit.weekly} {limit.zone}"
        case "concurrency" | "lifetime" | "period" | "batch" | "history":
            return f"{limit.kind} at most {limit.at_most}"
        case _:
            assert_never(limit.kind)


def _spot(one: Limit, other: Limit) -> Spot:
    return spot_of(f"limit {other.name}", ("limits",), one, other)

"""Compare which values are allowed beside the type: length, range, count, form."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gridwright.diff.index import REPLY, REQUEST
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.ir import Field, NumberRange, Sizes

__all__ = ["RULES", "compare_allowed"]

RULES = (
    rule("request-value-narrowed", "R/BS/R",
         "A value of a request may be less than it could: shorter, smaller, fewer, of one form.",
         "give {what} as {new}; other values are refused before they are sent"),
    rule("request-value-widened", "S/SS/S",
         "A value of a request may be more than it could.",
         "nothing; other values of {what} need a service that is new enough"),
    rule("reply-value-narrowed", "S/SR/S",
         "A value to expect in a reply is known to be less than it could.",
         "nothing; other values of {what} are listed as deviations"),
    rule("reply-value-widened", "R/RS/S",
         "A value to expect in a reply may be more than it could.",
         "be ready for {new} in {what}; the old package lists such values as deviations"),
)  # fmt: skip


def compare_allowed(
    spot: Spot, old: Field, new: Field, ways: Sequence[str]
) -> Iterator[RuleFinding]:
    """Compare what the values of a field may be, once for each way that they travel."""
    counts = [() if one.count is None else (one.count,) for one in (old, new)]
    for key, before, after, is_wider in (
        ("length", _sizes(old.length), _sizes(new.length), _covers(new.length, old.length)),
        ("range", _numbers(old.range), _numbers(new.range), _holds(new.range, old.range)),
        ("count", _sizes(counts[0]), _sizes(counts[1]), _covers(counts[1], counts[0])),
        ("matches", old.matches or _ANY, new.matches or _ANY, not new.matches),
    ):
        if before == after:
            continue
        became = "widened" if is_wider else "narrowed"
        for way in (REQUEST, REPLY):
            if way in ways or (way == REPLY and not ways):
                yield spot.at(key).found(f"{way}-value-{became}", before, after)


def _covers(one: Sizes, other: Sizes) -> bool:
    """Say whether every size of the second is one of the first; no ranges are any size."""
    return not one or (bool(other) and all(_is_in(size, one) for size in other))


def _is_in(size: tuple[int, int | None], ranges: Sizes) -> bool:
    least, most = size
    return any(
        first <= least and (last is None or (most is not None and most <= last))
        for first, last in ranges
    )


def _holds(one: NumberRange | None, other: NumberRange | None) -> bool:
    """Say whether every number of the second is one of the first."""
    if one is None or other is None:
        return one is None
    is_less = one.least is None or (other.least is not None and one.least <= other.least)
    is_more = one.most is None or (other.most is not None and one.most >= other.most)
    is_finer = one.step is None or (other.step is not None and not other.step % one.step)
    return is_less and is_more and is_finer


def _sizes(sizes: Sizes) -> str:
    return " or ".join(_size(*size) for size in sizes) or _ANY


def _size(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _numbers(numbers: NumberRange | None) -> str:
    if numbers is None:
        return _ANY
    texts = (
        _describe_bound("from", numbers.least),
        _describe_bound("to", numbers.most),
        _describe_bound("by", numbers.step),
    )  # fmt: skip
    return " ".join(filter(None, texts))


def _describe_bound(word: str, number: Decimal | None) -> str:
    return "" if number is None else f"{word} {number:f}"


_ANY = "anything"

"""Compare what imports left out: no spec says it, so nobody can judge it, and it must not be
missed.
"""

from collections import Counter
from collections.abc import Iterator

from gridwright.diff.index import Index
from gridwright.diff.left_out import LeftOut
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading

__all__ = ["RULES", "compare_left_out"]

RULES = (
    rule("left-out-appeared", "R/RR/N",
         "The imported file says something more that the spec does not say.",
         "read in the file what {what} is: no client, mock or validator knows it",
         reading=DocumentReading.EDITION),
    rule("left-out-changed", "R/RR/N",
         "The imported file says something else that the spec does not say.",
         "read in the file what became of {what}: it was {old}, and is {new}",
         reading=DocumentReading.EDITION),
    rule("left-out-vanished", "R/RR/N",
         "The imported file no longer says something that the spec did not say either.",
         "read in the file what became of {what}",
         reading=DocumentReading.EDITION),
)  # fmt: skip


def compare_left_out(old: Index, new: Index) -> Iterator[RuleFinding]:
    """Compare the lists of what two imports left out."""
    before, after = _by_key(old.left_out), _by_key(new.left_out)
    for key in dict.fromkeys((*before, *after)):
        gone, added = _differing(before.get(key, []), after.get(key, []))
        for one, other in zip(gone, added, strict=False):
            yield _spot(one, other).found("left-out-changed", one.value, other.value)
        for one in gone[len(added) :]:
            yield _spot(one, one).gone().found("left-out-vanished", one.value)
        for other in added[len(gone) :]:
            yield _spot(other, other).added().found("left-out-appeared", "", other.value)


def _by_key(listed: tuple[LeftOut, ...]) -> dict[tuple[str, str, str], list[LeftOut]]:
    found: dict[tuple[str, str, str], list[LeftOut]] = {}
    for one in listed:
        found.setdefault(one.key, []).append(one)
    return found


def _differing(old: list[LeftOut], new: list[LeftOut]) -> tuple[list[LeftOut], list[LeftOut]]:
    """Return what each side has that the other has not, by value, each as often as it is there."""
    common = Counter(one.value for one in old) & Counter(one.value for one in new)
    return _without(old, common), _without(new, common)


def _without(listed: list[LeftOut], common: Counter[str]) -> list[LeftOut]:
    left = Counter(common)
    found = []
    for one in listed:
        if left[one.value]:
            left[one.value] -= 1
        else:
            found.append(one)
    return found


def _spot(one: LeftOut, other: LeftOut) -> Spot:
    return Spot(
        what=other.what,
        old=("left_out", one.place),
        new=("left_out", other.place),
        spans=(one.span, other.span),
    )

"""Say of each line of a document what cites it, or that it is dismissed, blank or not covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridwright.trace.facts import CitedFact, Spec, numbers
from gridwright.trace.hashes import BLANK
from gridwright.trace.lines import FILE, Lines

__all__ = ["Coverage", "KindRow", "cover", "in_ranges_alone", "kind_rows", "like_hashes", "runs"]


_LONGER = 2
"""So many lines are still cited closely, not as a longer range."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What becomes of each line of a document; lines count from 1.

    Attributes:
        size: number of lines.
        cited: facts that cite a line, for every line that is not blank and cited by any.
        dismissed: reason, for every other line that is dismissed or withheld.
        blank: lines without any text.
        left: all other lines: they are nobody's.
    """

    system: str
    document: str
    size: int
    facts: tuple[CitedFact, ...]
    cited: Mapping[int, tuple[CitedFact, ...]]
    dismissed: Mapping[int, str]
    blank: frozenset[int]
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """How many facts of a kind there are, on how many lines, and on how many alone."""

    kind: str
    facts: int
    lines: int
    alone: int


def cover(spec: Spec, lines: Lines | None, hashes: Sequence[str]) -> Coverage:
    """Say what becomes of each line.

    Args:
        spec: what cites.
        lines: what is dismissed; None: nothing is.
        hashes: one for each line of the document, as recorded or of the text at hand.
    """
    known = lines or Lines("")
    stale = {(entry.file, entry.fact, entry.was) for entry in known.unsettled}
    facts = tuple(f for f in spec.facts if not stale or (f.file, f.name, f.lines) not in stale)
    blank = frozenset(n for n, token in enumerate(hashes, 1) if token == BLANK)
    citing: dict[int, list[CitedFact]] = {}
    for fact in facts:
        for number in dict.fromkeys(numbers(fact.lines)):
            if 0 < number <= len(hashes) and number not in blank:
                citing.setdefault(number, []).append(fact)
    dismissed = {
        number: reason
        for number, reason in _dismissed(known, hashes).items()
        if number not in citing and number not in blank
    }
    return Coverage(
        system=spec.system,
        document=spec.document,
        size=len(hashes),
        facts=facts,
        cited={number: tuple(citing[number]) for number in sorted(citing)},
        dismissed=dict(sorted(dismissed.items())),
        blank=blank,
        left=tuple(
            n
            for n in range(1, len(hashes) + 1)
            if n not in blank and n not in citing and n not in dismissed
        ),
    )


def kind_rows(coverage: Coverage) -> tuple[KindRow, ...]:
    """Sum a coverage up by kind of fact, in order of first appearance."""
    facts: dict[str, int] = {}
    lines: dict[str, int] = {}
    alone: dict[str, int] = {}
    for fact in coverage.facts:
        facts[fact.kind] = facts.get(fact.kind, 0) + 1
    for cited in coverage.cited.values():
        kinds = {fact.kind for fact in cited}
        for kind in kinds:
            lines[kind] = lines.get(kind, 0) + 1
        if len(kinds) == 1:
            (kind,) = kinds
            alone[kind] = alone.get(kind, 0) + 1
    return tuple(
        KindRow(kind, count, lines.get(kind, 0), alone.get(kind, 0))
        for kind, count in facts.items()
    )


def in_ranges_alone(coverage: Coverage) -> tuple[int, ...]:
    """Return the lines that stand in longer ranges alone: what they say may have been passed over.

    That is a range of three lines or more, such as those of an operation; an example is none, for
    it is cited as a whole.
    """
    return tuple(
        number
        for number, facts in coverage.cited.items()
        if not any(_cites_closely(fact, number) for fact in facts)
    )


def _cites_closely(fact: CitedFact, number: int) -> bool:
    return fact.kind == "example" or any(
        first <= number <= last < first + _LONGER for first, last in fact.lines
    )


def runs(found: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Join numbers in order into ranges."""
    joined: list[tuple[int, int]] = []
    for number in found:
        if joined and joined[-1][1] == number - 1:
            joined[-1] = (joined[-1][0], number)
        else:
            joined.append((number, number))
    return tuple(joined)


def _dismissed(lines: Lines, hashes: Sequence[str]) -> dict[int, str]:
    """Return the reason for every line that an entry names, or is like."""
    found: dict[int, str] = {}
    stale = {(entry.fact, entry.was) for entry in lines.unsettled if entry.file == FILE}
    for entry in lines.dismissals:
        if (entry.name, entry.lines) in stale:
            continue
        if entry.like:
            alike = like_hashes(entry.lines, hashes)
            found |= {n: entry.reason for n, token in enumerate(hashes, 1) if token in alike}
        else:
            found |= dict.fromkeys(numbers(entry.lines), entry.reason)
    for part in lines.withheld:
        for number in numbers(part.lines):
            found.setdefault(number, part.reason)
    return {number: reason for number, reason in found.items() if number <= len(hashes)}


def like_hashes(ranges: Sequence[tuple[int, int]], hashes: Sequence[str]) -> frozenset[str]:
    """Return the hashes of some lines; a blank or withheld one is like no other."""
    tokens = {hashes[n - 1] for n in numbers(tuple(ranges)) if n <= len(hashes)}
    return frozenset(tokens) - {"-", "?"}

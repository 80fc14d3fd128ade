"""Compare the text that a spec was written from with a newer one.

The former text need not be at hand: the recorded hashes say which lines are the same. What they
cannot say is told as such.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from gridwright.trace.align import Unmatched, align
from gridwright.trace.facts import CitedFact, Ranges, numbers
from gridwright.trace.hashes import BLANK, WITHHELD, hash_line

__all__ = [
    "Edition", "Fate", "Line", "compare", "echoes", "followed", "is_hardly_found", "worst",
]  # fmt: skip

# How alike two lines must be to be one line that changed.
_ALIKE = 0.5
# Gaps of more pairs of lines than this are not compared line by line.
_LARGE = 2_500
# A text in which not one of so many former lines stands is taken for another document; of fewer
# lines than that, all may have changed.
_FOUND_OF = 10
# A word of a withheld line that is shorter tells nothing.
_TELLING = 5
_WORD = re.compile(r"[^\s\"'“”‘’<>{}()\[\],;:=|]+")


class Fate(StrEnum):
    """What became of a line, mildest first."""

    SAME = "same"
    MOVED = "moved"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    WENT = "went"

    @property
    def has_moved_at_most(self) -> bool:
        """Whether the text is the same, wherever it stands."""
        return self in (Fate.SAME, Fate.MOVED)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line.

    Attributes:
        new: its number in the new edition; None: it has none, or which one is not known.
        instead: numbers of the lines that stand where it stood, for a line that is not found.
    """

    fate: Fate
    new: int | None
    instead: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """How two editions differ; lines count from 1, and blank ones are left out.

    Attributes:
        lines: what became of every line of the former edition.
        added: lines of the new one that are no line of the former one.
        old_text: the former text; None where only its hashes are known.
        old: hashes of the former edition.
        new: hashes of the new edition, where nothing is withheld.
    """

    lines: Mapping[int, Line]
    added: tuple[int, ...]
    old_text: Sequence[str] | None
    new_text: Sequence[str]
    old: Sequence[str]
    new: Sequence[str]


def compare(
    system: str, old: Sequence[str], old_text: Sequence[str] | None, new_text: Sequence[str]
) -> Edition:
    """Say what became of each line.

    Args:
        system: id of the system, which salts the hashes.
        old: recorded hashes of the former edition.
        old_text: its lines, where they are at hand and agree with the hashes.
        new_text: lines of the new edition.
    """
    new = tuple(hash_line(system, line) for line in new_text)
    # With the text at hand, the lines that are withheld can be compared, too.
    known = tuple(hash_line(system, line) for line in old_text) if old_text is not None else old
    ours = [n for n, token in enumerate(known) if token != BLANK]
    theirs = [n for n, token in enumerate(new) if token != BLANK]
    found = align(
        [None if known[n] == WITHHELD else known[n] for n in ours], [new[n] for n in theirs]
    )
    lines = {
        ours[i] + 1: Line(Fate.SAME if ours[i] == theirs[j] else Fate.MOVED, theirs[j] + 1)
        for i, j in found.to.items()
    }
    for gap in found.gaps:
        placed = Unmatched(tuple(ours[i] for i in gap.old), tuple(theirs[j] for j in gap.new))
        lines |= _in_gap(placed, known, old_text, new_text)
    taken = {line.new for line in lines.values() if line.new is not None}
    added = tuple(j + 1 for j in theirs if j + 1 not in taken)
    return Edition(dict(sorted(lines.items())), added, old_text, new_text, old, new)


def is_hardly_found(edition: Edition) -> bool:
    """Whether so little of the former text is left that the new one is hardly its edition."""
    texts = {*edition.old} - {BLANK, WITHHELD}
    return len(texts & {*edition.new}) * _FOUND_OF < len(texts) >= _FOUND_OF


def echoes(withheld: Collection[int], edition: Edition) -> frozenset[int]:
    """Return the lines of the new edition that repeat what stood on withheld lines alone.

    Empty where the former text is not known.
    """
    if edition.old_text is None or not withheld:
        return frozenset()
    words = {
        word
        for number in withheld
        if 0 < number <= len(edition.old_text)
        for word in _WORD.findall(edition.old_text[number - 1])
        if len(word) >= _TELLING
    }
    open_text = "\n".join(
        line for number, line in enumerate(edition.old_text, 1) if number not in withheld
    )
    telling = [word for word in words if word not in open_text]
    return frozenset(
        number
        for number, line in enumerate(edition.new_text, 1)
        if any(word in line for word in telling)
    )


def worst(fact: CitedFact, edition: Edition) -> Fate:
    """Return the worst that became of any line that a fact cites."""
    fates = {edition.lines[n].fate for n in numbers(fact.lines) if n in edition.lines}
    if not fates:
        return Fate.SAME if _blank_lines(fact.lines, edition) is not None else Fate.WENT
    return max(fates, key=list(Fate).index)


def followed(lines: Ranges, edition: Edition) -> Ranges | None:
    """Return the lines of the new edition that hold what ``lines`` held; None where some do not.

    A range stays one where nothing but blank lines has come between its lines.
    """
    found: list[tuple[int, int]] = []
    for first, last in lines:
        targets = _targets(first, last, edition)
        if targets is None:
            return None
        if not targets:
            blank = _blank_lines(((first, last),), edition)
            if blank is None:
                return None
            found += blank
        else:
            found += _ranges(first, last, targets, edition)
    return tuple(found)


def _in_gap(
    gap: Unmatched, known: Sequence[str], old_text: Sequence[str] | None, new_text: Sequence[str]
) -> dict[int, Line]:
    """Say what became of lines that are not found again, by what stands in their place."""
    instead = tuple(j + 1 for j in gap.new)
    if len(gap.old) == len(gap.new):
        pairs = dict(zip(gap.old, gap.new, strict=True))
    elif old_text is not None and len(gap.old) * len(gap.new) <= _LARGE:
        pairs = dict(_alike(gap, old_text, new_text))
    else:
        pairs = {}
    lines: dict[int, Line] = {}
    for i in gap.old:
        is_unknown = known[i] == WITHHELD
        if i in pairs:
            fate = Fate.UNKNOWN if is_unknown else Fate.CHANGED
            lines[i + 1] = Line(fate, pairs[i] + 1, instead)
        elif old_text is not None or not gap.new:
            lines[i + 1] = Line(Fate.WENT, None, instead)
        else:
            lines[i + 1] = Line(Fate.UNKNOWN, None, instead)
    return lines


def _alike(
    gap: Unmatched, old_text: Sequence[str], new_text: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Pair the lines of a gap so that their likeness sums up to the most, keeping their order."""
    likeness = [[_ratio(old_text[i], new_text[j]) for j in gap.new] for i in gap.old]
    best = [[0.0] * (len(gap.new) + 1) for _ in range(len(gap.old) + 1)]
    for i in range(len(gap.old) - 1, -1, -1):
        for j in range(len(gap.new) - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(gap.old) and j < len(gap.new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield gap.old[i], gap.new[j]
            i, j = i + 1, j + 1


def _ratio(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old.strip(), new.strip(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0


def _targets(first: int, last: int, edition: Edition) -> list[int] | None:
    """Return where the lines of a range stand now, in its order; None where one is elsewhere."""
    found: list[int] = []
    for number in range(first, min(last, len(edition.old)) + 1):
        line = edition.lines.get(number)
        if line is None:
            continue
        if line.new is None or not _is_followed(line, number, edition):
            return None
        found.append(line.new)
    return found if last <= len(edition.old) else None


def _is_followed(line: Line, number: int, edition: Edition) -> bool:
    """Whether a line only moved; one that is withheld is taken to be what stands in its place."""
    if line.fate.has_moved_at_most:
        return True
    return line.fate == Fate.UNKNOWN and edition.old[number - 1] == WITHHELD


def _ranges(
    first: int, last: int, targets: Sequence[int], edition: Edition
) -> Iterator[tuple[int, int]]:
    cited = set(targets)
    numbered = [n for n in range(first, last + 1) if n in edition.lines]
    shifts = {new - old for old, new in zip(numbered, targets, strict=True)}
    if len(shifts) == 1:
        (shift,) = shifts
        if first + shift > 0 and last + shift <= len(edition.new):
            between = range(first + shift, last + shift + 1)
            if all(n in cited or edition.new[n - 1] == BLANK for n in between):
                yield first + shift, last + shift
                return
    start = before = targets[0]
    for number in targets[1:]:
        between = range(before + 1, number)
        if number < before or any(edition.new[n - 1] != BLANK for n in between):
            yield start, before
            start = number
        before = number
    yield start, before


def _blank_lines(lines: Ranges, edition: Edition) -> list[tuple[int, int]] | None:
    """Follow ranges of blank lines by the lines around them; None where these have parted."""
    found = []
    for first, last in lines:
        before = range(min(first - 1, len(edition.old)), 0, -1)
        above = next((n for n in before if n in edition.lines), None)
        below = next((n for n in range(last + 1, len(edition.old) + 1) if n in edition.lines), None)
        shifts = {
            line.new - n if line.new is not None else None
            for n in (above, below)
            if n is not None and (line := edition.lines[n])
        }
        if len(shifts) != 1 or (shift := shifts.pop()) is None or first + shift < 1:
            return None
        if set(edition.new[first + shift - 1 : last + shift]) != {BLANK}:
            return None
        found.append((first + shift, last + shift))
    return found

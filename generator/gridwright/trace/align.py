"""Find the lines of one text in another, by their hashes alone.

First what is at both ends, then the lines that either text has once (patience), then the rarest
of what both have (histogram), and at last blocks that have moved out of their order. Each step is
linear in the lines, or nearly so, whatever the texts.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Alignment", "Unmatched", "align"]

# A line that stands oftener than this between two anchors is no anchor itself.
_OFTEN = 32
# How many lines may be looked at for the rarest ones: texts that repeat without end cost no more.
_PATIENCE = 500_000


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What has no counterpart between two anchors: positions of either side, from 0."""

    old: tuple[int, ...]
    new: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which position of the new text holds what a position of the old one held, from 0.

    Attributes:
        to: for every old position that is found again.
        gaps: the rest, between the lines that kept their order.
    """

    to: dict[int, int]
    gaps: tuple[Unmatched, ...]


def align(old: Sequence[str | None], new: Sequence[str | None]) -> Alignment:
    """Match equal tokens; None equals nothing."""
    to = dict(_in_order(old, new))
    anchors = sorted(to.items())
    _add_moved(old, new, to)
    return Alignment(to, tuple(_gaps(anchors, to, len(old), len(new))))


def _in_order(old: Sequence[str | None], new: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    """Yield pairs of equal tokens, none of which crosses another."""
    waiting = [(0, len(old), 0, len(new))]
    patience = _PATIENCE
    while waiting:
        a, b, c, d = waiting.pop()
        while a < b and c < d and old[a] is not None and old[a] == new[c]:
            yield a, c
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] is not None and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            yield b, d
        if a == b or c == d:
            continue
        anchors = _unique(old, new, a, b, c, d)
        if not anchors and patience > 0:
            anchors = _rarest(old, new, a, b, c, d)
            patience -= (b - a) + (d - c)
        for i, j in anchors:
            yield i, j
        for (i, j), (k, m) in zip([(a - 1, c - 1), *anchors], [*anchors, (b, d)], strict=True):
            if anchors and i + 1 < k and j + 1 < m:
                waiting.append((i + 1, k, j + 1, m))


def _unique(
    old: Sequence[str | None], new: Sequence[str | None], a: int, b: int, c: int, d: int
) -> list[tuple[int, int]]:
    """Return the longest ordered run of tokens that both parts have once."""
    ours, theirs = Counter(old[a:b]), Counter(new[c:d])
    place = {token: j for j, token in enumerate(new[c:d], c) if theirs[token] == 1}
    pairs = [
        (i, place[token])
        for i, token in enumerate(old[a:b], a)
        if token is not None and ours[token] == 1 and token in place
    ]
    return _increasing(pairs)


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of ``pairs`` whose second numbers rise, too."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        if at == len(ends):
            ends.append(j)
            tails.append(index)
        else:
            ends[at], tails[at] = j, index
        before.append(tails[at - 1] if at else -1)
    found: list[tuple[int, int]] = []
    index = tails[-1] if tails else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _rarest(
    old: Sequence[str | None], new: Sequence[str | None], a: int, b: int, c: int, d: int
) -> list[tuple[int, int]]:
    """Return the run of equal tokens that holds the rarest one; of several, the longest."""
    places: dict[str, list[int]] = {}
    for j in range(c, d):
        if (token := new[j]) is not None:
            places.setdefault(token, []).append(j)
    best: tuple[int, int, int, int] | None = None
    i = a
    while i < b:
        token = old[i]
        found = places.get(token, []) if token is not None else []
        furthest = i + 1
        for j in found if len(found) <= _OFTEN else []:
            start, other, end = i, j, i
            while start > a and other > c and _equal(old[start - 1], new[other - 1]):
                start, other = start - 1, other - 1
            while (
                end < b and other + end - start < d and _equal(old[end], new[other + end - start])
            ):
                end += 1
            rank = (len(found), start - end, start, other)
            best = rank if best is None or rank < best else best
            furthest = max(furthest, end)
        i = furthest
    if best is None:
        return []
    _, length, start, other = best
    return [(start + n, other + n) for n in range(-length)]


def _equal(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _add_moved(old: Sequence[str | None], new: Sequence[str | None], to: dict[int, int]) -> None:
    """Add blocks that stand elsewhere now: a line that either text has once, and its neighbours."""
    taken = set(to.values())
    ours, theirs = Counter(old), Counter(new)
    place = {token: j for j, token in enumerate(new) if theirs[token] == 1}
    seeds = [
        (i, place[token])
        for i, token in enumerate(old)
        if token is not None and i not in to and ours[token] == 1 and token in place
    ]
    for i, j in seeds:
        for step in (1, -1):
            k, m = i, j
            while (
                0 <= k < len(old)
                and 0 <= m < len(new)
                and _equal(old[k], new[m])
                and ((k not in to and m not in taken) or (k, m) == (i, j))
            ):
                to[k] = m
                taken.add(m)
                k, m = k + step, m + step


def _gaps(
    anchors: Sequence[tuple[int, int]], to: dict[int, int], old: int, new: int
) -> Iterator[Unmatched]:
    taken = set(to.values())
    ends = [*anchors, (old, new)]
    for (i, j), (k, m) in zip([(-1, -1), *anchors], ends, strict=True):
        ours = tuple(n for n in range(i + 1, k) if n not in to)
        theirs = tuple(n for n in range(j + 1, m) if n not in taken)
        if ours or theirs:
            yield Unmatched(ours, theirs)

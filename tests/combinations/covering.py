"""Few combinations that hold every possible pair of forms, found greedily by seed."""

import random
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

from .axes import AXES, can_stand_together

__all__ = ["Choice", "covering", "drawn", "pairs_of", "possible_pairs"]

Choice = Mapping[str, str]
"""A form for each axis."""
Pair = tuple[tuple[str, str], tuple[str, str]]


def possible_pairs() -> frozenset[Pair]:
    """Return every pair of forms that can stand in one operation."""
    return frozenset(
        ((a, x), (b, y))
        for a, b in combinations(AXES, 2)
        for x in AXES[a]
        for y in AXES[b]
        if _fits((a, x), (b, y))
    )


def pairs_of(choice: Choice) -> frozenset[Pair]:
    """Return the pairs that a combination holds."""
    return frozenset(((a, choice[a]), (b, choice[b])) for a, b in combinations(AXES, 2))


@cache
def covering(seed: int = 7) -> tuple[tuple[Choice, ...], frozenset[Pair]]:
    """Return combinations, and the pairs that no whole combination holds."""
    chance = random.Random(seed)  # chooses tests
    left, rows, alone = set(possible_pairs()), [], set()
    while left:
        pool = sorted(left)
        found = [
            row
            for pair in [chance.choice(pool) for _ in range(12)]
            if (row := _completed(dict(pair), left, chance)) is not None
        ]
        best = max(found, key=lambda row: len(pairs_of(row) & left), default=None)
        if best is None or not pairs_of(best) & left:
            pair = pool[0]
            best = next(
                (row for _ in range(300) if (row := _completed(dict(pair), set(), chance))), None
            )
            if best is None:
                alone.add(pair)
                left.discard(pair)
                continue
        rows.append(best)
        left -= pairs_of(best)
    return tuple(rows), frozenset(alone)


def drawn(count: int, seed: int) -> Iterator[Choice]:
    """Yield combinations at random."""
    chance = random.Random(seed)  # chooses tests
    while count:
        row = _completed({}, set(), chance)
        if row is not None:
            count -= 1
            yield row


def _completed(begun: dict[str, str], wanted: set[Pair], chance: random.Random) -> Choice | None:
    """Add a form for each further axis, those first that bring wanted pairs; None: stuck."""
    choice = dict(begun)
    if len(choice) == 2 and not _fits(*choice.items()):
        return None
    order = [axis for axis in AXES if axis not in choice]
    chance.shuffle(order)
    for axis in order:
        fitting = [
            (_gain(choice, axis, form, wanted), chance.random(), form)
            for form in AXES[axis]
            if all(_fits((axis, form), other) for other in choice.items())
        ]
        if not fitting:
            return None
        choice[axis] = max(fitting)[2]
    return {axis: choice[axis] for axis in AXES}


def _gain(choice: Mapping[str, str], axis: str, form: str, wanted: set[Pair]) -> int:
    here, place = (axis, form), _PLACES[axis]
    return sum(
        ((other, here) if _PLACES[other[0]] < place else (here, other)) in wanted
        for other in choice.items()
    )


_fits = cache(can_stand_together)
_PLACES = {axis: place for place, axis in enumerate(AXES)}

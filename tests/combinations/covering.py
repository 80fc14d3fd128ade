"""Few combinations that hold every possible pair of forms, found greedily by seed."""

import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from .axes import AXES, can_stand_together

__all__ = ["Choice", "covering", "drawn"]

Choice = Mapping[str, str]
"""A form for each axis."""
Form = tuple[str, str]
"""An axis, and one of its forms."""
Pair = tuple[Form, Form]


@cache
def covering(seed: int = 7) -> tuple[tuple[Choice, ...], frozenset[Pair]]:
    """Return combinations, and the pairs that no whole combination holds."""
    chance = random.Random(seed)  # chooses tests
    left, wanted = _possible_pairs(), list(_fitting())
    rows, alone = [], set()
    while left:
        pairs = [chance.choice(left) for _ in range(12)]
        found = [row for pair in pairs if (row := _completed(pair, wanted, chance)) is not None]
        best = max(found, key=lambda row: _count_wanted(row, wanted), default=None)
        if best is None or not _count_wanted(best, wanted):
            tries = (_completed(left[0], _NOTHING, chance) for _ in range(300))
            best = next((row for row in tries if row is not None), None)
        if best is None:
            alone.add(left[0])
        else:
            rows.append(best)
        _note(left[0] if best is None else best.items(), wanted)
        left = [(one, other) for one, other in left if wanted[_NUMBERS[one]] & _bit(other)]
    return tuple(rows), frozenset(alone)


def drawn(count: int, seed: int) -> Iterator[Choice]:
    """Yield combinations at random."""
    chance = random.Random(seed)  # chooses tests
    while count:
        row = _completed((), _NOTHING, chance)
        if row is not None:
            count -= 1
            yield row


def _completed(
    begun: Sequence[Form], wanted: Sequence[int], chance: random.Random
) -> Choice | None:
    """Add a form for each further axis, those first that bring wanted pairs; None: stuck."""
    choice, bits, fitting = dict(begun), _bits(begun), _fitting()
    order = [axis for axis in AXES if axis not in choice]
    chance.shuffle(order)
    for axis in order:
        found = [
            ((wanted[_NUMBERS[axis, form]] & bits).bit_count(), chance.random(), form)
            for form in AXES[axis]
            if not bits & ~fitting[_NUMBERS[axis, form]]
        ]
        if not found:
            return None
        choice[axis] = max(found)[2]
        bits |= _bit((axis, choice[axis]))
    return {axis: choice[axis] for axis in AXES}


# --- Sets of forms, as the bits of a number ---------------------------------------------------


def _possible_pairs() -> list[Pair]:
    """Return every pair of forms that can stand in one operation, in order."""
    fitting = _fitting()
    pairs = combinations(_FORMS, 2)
    return sorted((one, other) for one, other in pairs if fitting[_NUMBERS[one]] & _bit(other))


@cache
def _fitting() -> tuple[int, ...]:
    """Return with which others each form can stand."""
    return tuple(
        _bits(b for b in _FORMS if a[0] != b[0] and can_stand_together(a, b)) for a in _FORMS
    )


def _count_wanted(row: Choice, wanted: Sequence[int]) -> int:
    """Count the wanted pairs of a combination, each from both of its sides."""
    bits = _bits(row.items())
    return sum((wanted[_NUMBERS[form]] & bits).bit_count() for form in row.items())


def _note(held: Collection[Form], wanted: list[int]) -> None:
    """Take the pairs of some forms from those that are wanted."""
    bits = _bits(held)
    for form in held:
        wanted[_NUMBERS[form]] &= ~bits


def _bits(forms: Iterable[Form]) -> int:
    return sum(map(_bit, forms))


def _bit(form: Form) -> int:
    return 1 << _NUMBERS[form]


_FORMS = tuple((axis, form) for axis, forms in AXES.items() for form in forms)
_NUMBERS = {form: number for number, form in enumerate(_FORMS)}
_NOTHING = (0,) * len(_FORMS)

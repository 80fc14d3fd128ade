"""Pair the things of two sides, renamed ones too."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Matched", "Names", "match"]

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Matched(Generic[_Thing]):
    """What became of the things of two sides, each in the order of its side."""

    pairs: tuple[tuple[_Thing, _Thing], ...]
    gone: tuple[_Thing, ...]
    added: tuple[_Thing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """New names of ours by old ones, for what refers to others by name.

    Attributes:
        nowhere: names of the servers whose address is undocumented, old and new.
    """

    records: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    operations: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    nowhere: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def match(
    old: Sequence[_Thing],
    new: Sequence[_Thing],
    keys: Iterable[Callable[[_Thing], Hashable | None]],
) -> Matched[_Thing]:
    """Pair things by the first key that tells them apart on both sides.

    Args:
        old: things of the old side.
        new: things of the new side.
        keys: from the surest to the weakest; a key that is None, or that two things of one side
            share, pairs nothing.
    """
    partner: dict[int, int] = {}
    left, right = list(range(len(old))), list(range(len(new)))
    for key in keys:
        if not left or not right:
            break
        ours, theirs = _unique(old, left, key), _unique(new, right, key)
        found = {ours[k]: theirs[k] for k in ours if k in theirs}
        partner |= found
        taken = set(found.values())
        left = [i for i in left if i not in found]
        right = [i for i in right if i not in taken]
    return Matched(
        tuple((old[i], new[j]) for i, j in sorted(partner.items(), key=lambda pair: pair[1])),
        tuple(old[i] for i in left),
        tuple(new[j] for j in right),
    )


def _unique(
    things: Sequence[_Thing], indexes: Sequence[int], key: Callable[[_Thing], Hashable | None]
) -> dict[Hashable, int]:
    found: dict[Hashable, int] = {}
    double: set[Hashable] = set()
    for index in indexes:
        value = key(things[index])
        if value is None:
            continue
        if value in found:
            double.add(value)
        found[value] = index
    return {value: index for value, index in found.items() if value not in double}

"""Walk wire trees by paths, for rules over several fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

__all__ = ["PathMatch", "common_places", "places"]


class PathMatch(NamedTuple):
    """Where a path leads to once; lists on the way make it lead to several places."""

    steps: tuple[str, ...]
    parents: tuple[Mapping[str, object], ...]
    """The record in which each step was taken."""
    indexes: tuple[int | None, ...]
    """The item taken at each step but the last; None where there was no list."""
    value: object
    """What stands there; None where nothing does."""

    def text_at(self, path: str) -> object:
        """Return what stands at another path, in the same items as far as both go together."""
        steps = _steps_of(path)
        common = 0
        while common < min(len(steps), len(self.steps)) - 1 and steps[common] == self.steps[common]:
            common += 1
        found: object = self.parents[common]
        for step in steps[common:]:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def numbered(self, path: str) -> str:
        """Put the indexes of this place into a path of as many steps, or of more."""
        steps = path.split(".")
        indexes = (*self.indexes, *(None for _ in steps[len(self.indexes) :]))
        return ".".join(
            step if index is None else f"{step}[{index}]"
            for step, index in zip(steps, indexes, strict=True)
        )


def places(tree: Mapping[str, object], path: str) -> Iterator[PathMatch]:
    """Yield every place of a path; none where a record on the way is missing."""
    yield from _places(tree, PathMatch(tuple(_steps_of(path)), (), (), None))


def common_places(
    tree: Mapping[str, object], paths: Sequence[str]
) -> Iterator[tuple[PathMatch, list[list[object]]]]:
    """Yield each record that holds the ends of several paths, after the first of its places.

    With it comes what stands at the end of each path below it, item by item.
    """
    steps = [_steps_of(path) for path in paths]
    level = 0
    while all(len(one) > level + 1 and one[level] == steps[0][level] for one in steps):
        level += 1
    whole = PathMatch(tuple(steps[0][: level + 1]), (), (), None)
    for place in _places(tree, whole):
        holder = place.parents[-1]
        below = (PathMatch(tuple(one[level:]), (), (), None) for one in steps)
        yield place, [[found.value for found in _places(holder, one)] for one in below]


def _steps_of(path: str) -> list[str]:
    """Return the wire names of a path; a dot alone, or at its beginning, is the whole body."""
    # The generator splits paths by the same lines, and cannot import these.
    if path == "." or path.startswith(".."):
        return [".", *path[2:].split(".")] if path[2:] else ["."]
    return path.split(".")


def _places(record: Mapping[str, object], before: PathMatch) -> Iterator[PathMatch]:
    depth = len(before.parents)
    value = record.get(before.steps[depth])
    place = before._replace(parents=(*before.parents, record))
    if depth == len(before.steps) - 1:
        yield place._replace(value=value)
        return
    items = enumerate(value) if isinstance(value, list) else [(None, value)]
    for index, item in items:
        if isinstance(item, Mapping):
            yield from _places(item, place._replace(indexes=(*place.indexes, index)))

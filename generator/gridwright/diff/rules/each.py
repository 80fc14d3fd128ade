"""Compare the things of a list: those on both sides, those that went, those that came."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import provenance, values
from gridwright.diff.match import Matched
from gridwright.diff.rule import RuleFinding, Spot
from gridwright.ir import Citation

__all__ = ["compare_each"]


class _Cited(Protocol):
    @property
    def cite(self) -> Citation: ...


ThingT = TypeVar("ThingT", bound=_Cited)


def compare_each(
    matched: Matched[ThingT],
    spot: Callable[[ThingT, ThingT], Spot],
    rows: Sequence[tuple[str, str, str]],
    *,
    gone: str,
    added: str,
    told: Callable[[ThingT], str],
) -> Iterator[RuleFinding]:
    """Compare things of which nothing is known but their attributes.

    Args:
        matched: the things of both sides.
        spot: where a pair stands; one that stands on one side alone is given twice.
        rows: as for `values`.
        gone: rule that applies to a thing that went.
        added: rule that applies to a thing that came.
        told: what is shown of such a thing.
    """
    for old, new in matched.pairs:
        place = spot(old, new)
        yield from values(place, old, new, rows)
        yield from provenance(place, old.cite, new.cite)
        yield from unjudged(place, old, new)
    for thing in matched.gone:
        yield spot(thing, thing).gone().found(gone, told(thing))
    for thing in matched.added:
        yield spot(thing, thing).added().found(added, "", told(thing))

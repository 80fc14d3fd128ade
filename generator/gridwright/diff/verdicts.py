"""The results of a comparison: changes, each with three verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import total_ordering

from gridwright.diagnostics import Span

__all__ = [
    "Bump",
    "Change",
    "ChangeSide",
    "DocumentReading",
    "Level",
    "Verdicts",
    "Wire",
    "suggested_bump",
    "worst",
]


@total_ordering
class Level(Enum):
    """How much a change asks of somebody, mildest first.

    ``none``: nothing is to be noticed. ``safe``: all that worked still works. ``risky``: it works,
    and may mean or do something else. ``breaking``: something that worked no longer does.
    """

    NONE = "none"
    SAFE = "safe"
    RISKY = "risky"
    BREAKING = "breaking"

    def __lt__(self, other: "Level") -> bool:
        return _ORDER[self] < _ORDER[other]

    def __str__(self) -> str:
        return self.value


_ORDER = {level: number for number, level in enumerate(Level)}


class DocumentReading(StrEnum):
    """What a reader of the document would say happened.

    ``edition``: the publisher says something else. ``correction``: the document is the same, and
    we had read it wrongly. ``ruling``: what we make of the document, or of real replies, changed.
    ``wording``: our own words. ``source``: the same fact, from another place.
    """

    EDITION = "edition"
    CORRECTION = "correction"
    RULING = "ruling"
    WORDING = "wording"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Wire:
    """Whether calls that both sides can express still work, in both directions.

    Attributes:
        old_client: a client of the old package with the new server, or the new mock.
        new_client: a client of the new package with the old server, or the old mock.
    """

    old_client: Level
    new_client: Level

    @property
    def worst(self) -> Level:
        """The worse of both directions."""
        return max(self.old_client, self.new_client)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The three verdicts on one change.

    Attributes:
        reading: what happened to the document, or to our reading of it.
        document: how much of what a reader knew has changed.
        wire: whether old and new understand each other.
        python: whether calling code still type-checks and runs as it did.
    """

    reading: DocumentReading
    document: Level
    wire: Wire
    python: Level

    @property
    def level(self) -> Level:
        """The worst of the three."""
        return max(self.document, self.wire.worst, self.python)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSide:
    """One side of a change.

    Attributes:
        span: the place in the spec's files.
        document: file name of the document.
        lines: the document's lines, or why the fact is believed; empty where nothing is cited.
        text: the value, on one line; empty where the place itself is what came or went.
    """

    span: Span
    document: str
    lines: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two interfaces.

    Attributes:
        rule: id of the rule that found it.
        place: path in the spec, in the old names where the place is old.
        what: the thing that changed, as a person calls it.
        old: None: it was not there.
        new: None: it is no longer there.
        callers: what whoever calls the generated package does; empty: nothing.
        amendments: ids of the amendments that make the difference, or that changed, and are there.
        withdrawn: ids of the amendments whose withdrawal makes the difference.
        note: why this case is milder than its rule, or whom it concerns; may be empty.
        fingerprint: the same for the same change, wherever its lines are and whoever rebases it.
    """

    rule: str
    system: str
    place: str
    what: str
    old: ChangeSide | None
    new: ChangeSide | None
    verdicts: Verdicts
    callers: str
    amendments: tuple[str, ...]
    withdrawn: tuple[str, ...]
    note: str
    fingerprint: str

    @property
    def level(self) -> Level:
        """The worst of the three verdicts."""
        return self.verdicts.level


class Bump(StrEnum):
    """The part of a version that a release should raise."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


def worst(changes: Iterable[Change]) -> Level:
    """Return the worst level; none where there is no change."""
    return max((change.level for change in changes), default=Level.NONE)


def suggested_bump(changes: Iterable[Change]) -> Bump:
    """Say which part of the generated package's version the changes ask for.

    A break of calling code, or of what old and new say to each other, is a major version; what
    callers can use or notice a minor one; all else a patch.
    """
    found = tuple(changes)
    if not found:
        return Bump.NONE
    felt = max(max(c.verdicts.python, c.verdicts.wire.worst) for c in found)
    return {
        Level.BREAKING: Bump.MAJOR,
        Level.RISKY: Bump.MINOR,
        Level.SAFE: Bump.MINOR,
        Level.NONE: Bump.PATCH,
    }[felt]

"""The content of a report on a comparison, for every form of report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridwright.diff.accept import Acceptance
from gridwright.diff.verdicts import Bump, Change, DocumentReading, Level, suggested_bump, worst

__all__ = [
    "BUMP_WORDS",
    "Group",
    "Report",
    "callers_of",
    "count_by_level",
    "fails",
    "felt_by",
    "groups",
    "read_as",
    "review",
]

BUMP_WORDS: Mapping[Bump, str] = {
    Bump.NONE: "none: nothing has changed",
    Bump.PATCH: "patch: callers notice nothing",
    Bump.MINOR: "minor: callers can go on as before, and should read the changelog",
    Bump.MAJOR: "major: something that worked no longer does (minor while the version is 0.x)",
}

# So many places in a document are looked up where a fact stands at many.
_FEW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A comparison, with what was accepted of it.

    Attributes:
        old: how the old side was named.
        new: how the new side was named.
        changes: all changes, by system, worst first.
        accepted: the acceptance of a change, by fingerprint.
        void: acceptances that match no change any more.
        same: systems that are the same byte for byte.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    accepted: Mapping[str, Acceptance]
    void: tuple[Acceptance, ...]
    same: tuple[str, ...]

    @property
    def open(self) -> tuple[Change, ...]:
        """The changes that nobody has accepted."""
        return tuple(c for c in self.changes if c.fingerprint not in self.accepted)

    @property
    def bump(self) -> Bump:
        """The suggested version; an accepted break is still one."""
        return suggested_bump(self.changes)

    @property
    def worst(self) -> Level:
        """The worst level of what is open."""
        return worst(self.open)


@dataclass(frozen=True, slots=True)
class Group:
    """Changes that say the same of several things: one rule, one old and one new value."""

    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        """The change that stands for all."""
        return self.changes[0]

    @property
    def what(self) -> str:
        """What has changed, and how many more."""
        more = len(self.changes) - 1
        return f"{self.first.what} and {more} more" if more else self.first.what


def groups(changes: Sequence[Change]) -> tuple[Group, ...]:
    """Put changes together that differ in nothing but their place; order is kept."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        texts = tuple(end.text if end else None for end in (change.old, change.new))
        key: tuple[object, ...] = (change.system, change.rule, texts, change.verdicts)
        if change.level is Level.NONE:
            key = (change.system, change.rule, change.verdicts)
        elif not any(texts):
            # Nothing tells the two apart but their names: each stands for itself.
            key = (*key, change.place)
        found.setdefault(key, []).append(change)
    return tuple(Group(tuple(together)) for together in found.values())


def callers_of(group: Group) -> str:
    """Return what callers do about all changes of a group."""
    first = group.first
    if len(group.changes) == 1:
        return first.callers
    return first.callers.replace(f"`{first.what}`", "each of them")


def count_by_level(changes: Sequence[Change]) -> str:
    """Count changes by level: ``3 breaking, 1 safe``."""
    words = {Level.NONE: "without effect"}
    numbers = [(level, sum(c.level is level for c in changes)) for level in reversed(Level)]
    told = ", ".join(f"{n} {words.get(level, level.value)}" for level, n in numbers if n)
    return told or "no change"


def fails(report: Report, fail_on: str) -> bool:
    """Whether an open change is at least as bad as ``fail_on``; ``never`` fails never."""
    if fail_on == "never" or not report.open:
        return False
    return report.worst >= Level(fail_on)


def review(change: Change) -> str:
    """Say what a reviewer does about a change before merging it."""
    end = change.new or change.old
    cited = end is not None and end.lines.startswith("line")
    where = f"{_few(end.lines)} of {end.document}" if end is not None and cited else ""
    match change.verdicts.reading:
        case DocumentReading.EDITION:
            return f"compare with {where}" if where else "find it in the new document"
        case DocumentReading.RULING if change.amendments:
            return f"read amendment {', '.join(change.amendments)}: does its ruling hold?"
        case DocumentReading.RULING:
            names = ", ".join(change.withdrawn)
            return f"amendment {names} is withdrawn: does what is printed hold after all?"
        case DocumentReading.WORDING:
            return "our own words: read them once"
        case DocumentReading.SOURCE:
            return f"check that {where} say so" if where else "read the grounds"
        case _:
            return f"look it up in {where or 'the document'}: the spec said otherwise so far"


def _few(lines: str) -> str:
    """Name the first lines of many: the details have them all."""
    named = lines.split(", ")
    if len(named) <= _FEW + 1:
        return lines
    return f"{', '.join(named[:_FEW])} and {len(named) - _FEW} more"


def felt_by(change: Change) -> str:
    """Say who feels the worst of a change."""
    verdicts = change.verdicts
    sides = (
        (verdicts.python, "calling code"),
        (verdicts.wire.old_client, "programs that do not upgrade"),
        (verdicts.wire.new_client, "programs that upgrade before the service does"),
        (verdicts.document, "readers of the spec"),
    )
    return ", ".join(name for level, name in sides if level is change.level)


def read_as(reading: DocumentReading) -> str:
    """Say in words what happened to the document."""
    return {
        DocumentReading.EDITION: "a new edition says so",
        DocumentReading.CORRECTION: "our transcription is corrected",
        DocumentReading.RULING: "what we make of the document has changed",
        DocumentReading.WORDING: "our own words",
        DocumentReading.SOURCE: "the same from another source",
    }[reading]

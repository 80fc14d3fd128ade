"""Write a report for a terminal, without colours or wrapping."""

from collections.abc import Iterator, Sequence

from gridwright.diff.catalogue import CATALOGUE
from gridwright.diff.report import (
    BUMP_WORDS,
    Group,
    Report,
    callers_of,
    count_by_level,
    groups,
    read_as,
    review,
)
from gridwright.diff.verdicts import Change, ChangeSide, Level

__all__ = ["text_report"]

_WIDTH = max(len(level.value) for level in Level) + 2


def text_report(report: Report) -> str:
    """Return the report as lines, worst first."""
    return "\n".join(_visible(line) for line in _lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.old} → {report.new}: {count_by_level(report.changes)}"
    for system in dict.fromkeys(change.system for change in report.changes):
        yield ""
        yield system
        own = [c for c in report.open if c.system == system]
        for group in groups(own):
            yield ""
            yield from _group(group)
    accepted = [c for c in report.changes if c.fingerprint in report.accepted]
    if accepted:
        yield ""
        yield "accepted"
        for change in accepted:
            reason = report.accepted[change.fingerprint].reason
            yield f"  {change.level}: {change.rule} {change.what}: {reason}"
    yield from void_lines(report)
    if report.changes:
        yield ""
        yield f"suggested version: {BUMP_WORDS[report.bump]}"


def void_lines(report: Report) -> Iterator[str]:
    """Yield a line for each acceptance that matches nothing any more."""
    if report.void:
        yield ""
    for acceptance in report.void:
        yield (
            f"{acceptance.span}: nothing matches this acceptance any more: {acceptance.rule} at "
            f"{acceptance.place}; remove it"
        )


def _group(group: Group) -> Iterator[str]:
    change = group.first
    margin = " " * _WIDTH
    yield f"{change.level.value.ljust(_WIDTH)}{change.rule}  {group.what}"
    yield f"{margin}{CATALOGUE[change.rule].title}"
    if change.level is Level.NONE:
        yield f"{margin}{_places(group.changes)}"
        return
    values = _values(change)
    if values:
        yield f"{margin}{values}"
    for other in group.changes:
        named = f"{other.what}: " if len(group.changes) > 1 else ""
        yield f"{margin}{named}{place_of(other)}"
    yield f"{margin}{_verdicts(change)}"
    for note in dict.fromkeys(c.note for c in group.changes if c.note):
        yield f"{margin}note: {note}"
    yield f"{margin}review: {review(change)}"
    if change.callers:
        yield f"{margin}callers: {callers_of(group)}"
    yield f"{margin}accept as: {', '.join(c.fingerprint for c in group.changes)}"


def place_of(change: Change) -> str:
    """Name both places: one where both are the same."""
    ends = [_end(end) for end in (change.old, change.new) if end is not None]
    if change.old is not None and change.new is not None and ends[0] != ends[1]:
        return " → ".join(ends)
    kind = "" if change.old is not None and change.new is not None else _only(change)
    return f"{ends[0]}{kind}"


def _only(change: Change) -> str:
    return ", new" if change.old is None else ", gone"


def _end(end: ChangeSide) -> str:
    lines = f" (document: {end.lines})" if end.lines else ""
    return f"{end.span.file}:{end.span.line}{lines}"


def _places(changes: Sequence[Change]) -> str:
    shown = ", ".join(
        f"{end.span.file}:{end.span.line}" for c in changes[:3] if (end := c.new or c.old)
    )
    return shown if len(changes) <= 3 else f"{shown} and {len(changes) - 3} more"


def _values(change: Change) -> str:
    old = change.old.text if change.old else ""
    new = change.new.text if change.new else ""
    if change.old is None or change.new is None:
        return old or new
    return f"{old or 'nothing'} → {new or 'nothing'}" if old or new else ""


def _verdicts(change: Change) -> str:
    verdicts = change.verdicts
    return (
        f"document {verdicts.document} ({read_as(verdicts.reading)}); wire: old client with new "
        f"server {verdicts.wire.old_client}, new client with old server "
        f"{verdicts.wire.new_client}; Python {verdicts.python}"
    )


def _visible(text: str) -> str:
    """Spell out what a terminal would obey instead of showing it; a spec's text is hostile."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)

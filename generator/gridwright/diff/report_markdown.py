"""A report for a pull request: a short summary first, details folded."""

from collections.abc import Iterator, Sequence

from gridwright.diff.catalogue import CATALOGUE
from gridwright.diff.changelog import changelog_entry, with_code
from gridwright.diff.report import (
    BUMP_WORDS,
    Group,
    Report,
    callers_of,
    count_by_level,
    felt_by,
    groups,
    read_as,
    review,
)
from gridwright.diff.verdicts import Change, ChangeSide, Level
from gridwright.output.escape import html, markdown, markdown_code

__all__ = ["markdown_report"]

_MEANS = {
    Level.BREAKING: "breaking (something that worked no longer does)",
    Level.RISKY: "risky (it works, and may mean or do something else)",
    Level.SAFE: "safe (all that worked still works)",
    Level.NONE: "without effect",
}
_MOST_ROWS = 40


def markdown_report(report: Report) -> str:
    """Return the report as Markdown."""
    text = "\n".join(_lines(report)).rstrip("\n") + "\n"
    # The language refuses what a reader would not see, and yet a folder may be called by it.
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def _lines(report: Report) -> Iterator[str]:
    yield f"## Changes of the specs: {count_by_level(report.changes)}"
    yield ""
    sides = f"{markdown_code(report.old)} to {markdown_code(report.new)}"
    yield f"From {sides}, compared as interfaces."
    if not report.changes:
        yield ""
        yield "What the specs say is the same; at most order and comments differ."
        yield from _void(report)
        return
    yield ""
    yield f"**Suggested version: {BUMP_WORDS[report.bump]}**"
    # Worst first, whatever the system; the details go by system.
    felt = groups([c for level in (Level.BREAKING, Level.RISKY) for c in report.open
                   if c.level is level])  # fmt: skip
    if felt:
        yield ""
        yield from _summary(felt)
    mild = [c for c in report.open if c.level < Level.RISKY]
    if mild:
        yield ""
        yield f"{count_by_level(mild)}: see the details; nobody has to do anything before merging."
    yield from _accepted(report)
    yield from _void(report)
    yield from _details(report)
    entry = changelog_entry(report.changes)
    if entry:
        yield ""
        yield from _folded("Draft of the changelog", entry)


def _summary(felt: Sequence[Group]) -> Iterator[str]:
    yield "| Level | What, where | Change | Who feels it | Before merging | Callers |"
    yield "|---|---|---|---|---|---|"
    for group in felt[:_MOST_ROWS]:
        change = group.first
        level = f"**{change.level}**" if change.level is Level.BREAKING else str(change.level)
        end = change.new or change.old
        place = f"<br>{markdown_code(f'{end.span.file}:{end.span.line}')}" if end else ""
        yield (
            f"| {level} | {_what(group)}{place} | {_sentence(change)} | {felt_by(change)} "
            f"| {markdown(review(change))}{_describe_other_lines(group)} "
            f"| {with_code(callers_of(group)) or 'nothing'} |"
        )
    if len(felt) > _MOST_ROWS:
        yield ""
        yield f"{len(felt) - _MOST_ROWS} more in the details."


def _describe_other_lines(group: Group) -> str:
    """Say where the lines of further things are named, where they have other lines."""
    ends = [change.new or change.old for change in group.changes]
    several = len({end.lines for end in ends if end is not None}) > 1
    return " (the lines of the others: see the details)" if several else ""


def _details(report: Report) -> Iterator[str]:
    for system in dict.fromkeys(change.system for change in report.changes):
        for level in reversed(Level):
            own = groups([c for c in report.open if c.system == system and c.level is level])
            if own:
                number = sum(len(group.changes) for group in own)
                yield ""
                yield from _folded(
                    f"{system}: {number} {_MEANS[level]}",
                    [line for group in own for line in _group(group)],
                )


def _group(group: Group) -> Iterator[str]:
    change = group.first
    if change.level is Level.NONE:
        shown = ", ".join(_place(end) for c in group.changes[:5] if (end := c.new or c.old))
        more = f" and {len(group.changes) - 5} more" if len(group.changes) > 5 else ""
        title = with_code(CATALOGUE[change.rule].title)
        yield f"- {_what(group)}: {title} {shown}{more} {markdown_code(change.rule)}"
        return
    yield f"- **{_what(group)}**: {_sentence(change)}"
    for other in group.changes:
        named = f"{markdown_code(other.what)}: " if len(group.changes) > 1 else ""
        yield f"  - {named}{_places(other)}"
    yield f"  - {_verdicts(change)}"
    for note in dict.fromkeys(c.note for c in group.changes if c.note):
        yield f"  - Note: {markdown(note)}."
    yield f"  - Before merging: {_stopped(markdown(review(change)))}"
    if change.callers:
        yield f"  - Callers: {_stopped(with_code(callers_of(group)))}"
    marks = ", ".join(markdown_code(c.fingerprint) for c in group.changes)
    yield f"  - Rule {markdown_code(change.rule)}; to accept it: {marks}."


def _what(group: Group) -> str:
    more = len(group.changes) - 1
    return markdown_code(group.first.what) + (f" and {more} more" if more else "")


def _sentence(change: Change) -> str:
    title = with_code(CATALOGUE[change.rule].title)
    values = _values(change)
    return f"{title} {values}" if values else title


def _values(change: Change) -> str:
    old = change.old.text if change.old else ""
    new = change.new.text if change.new else ""
    if change.old is None or change.new is None:
        return markdown_code(_short(old or new))
    if not old and not new:
        return ""
    return f"{_value(old)} → {_value(new)}"


def _value(text: str) -> str:
    return markdown_code(_short(text)) if text else "nothing"


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"


def _places(change: Change) -> str:
    if change.old is None and change.new is not None:
        return f"new at {_place(change.new)}"
    if change.new is None and change.old is not None:
        return f"was at {_place(change.old)}"
    ends = [_place(end) for end in (change.old, change.new) if end is not None]
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]} → {ends[-1]}"


def _place(end: ChangeSide) -> str:
    lines = f" (document: {markdown(end.lines)})" if end.lines else ""
    return f"{markdown_code(f'{end.span.file}:{end.span.line}')}{lines}"


def _verdicts(change: Change) -> str:
    verdicts = change.verdicts
    return (
        f"Document: {verdicts.document} ({read_as(verdicts.reading)}). Wire: old client with new "
        f"server {verdicts.wire.old_client}, new client with old server "
        f"{verdicts.wire.new_client}. Python: {verdicts.python}."
    )


def _stopped(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _accepted(report: Report) -> Iterator[str]:
    accepted = [c for c in report.changes if c.fingerprint in report.accepted]
    if accepted:
        yield ""
        yield from _folded(
            f"{len(accepted)} accepted",
            [
                f"- {change.level}: {markdown_code(change.what)}: "
                f"{_sentence(change)} "
                f"Reason: {markdown(report.accepted[change.fingerprint].reason)}"
                for change in accepted
            ],
        )


def _void(report: Report) -> Iterator[str]:
    if report.void:
        yield ""
        yield "Acceptances that match nothing any more; remove them:"
        yield ""
    for acceptance in report.void:
        span = acceptance.span
        yield (
            f"- {markdown_code(f'{span.file}:{span.line}')}: {markdown_code(acceptance.rule)} at "
            f"{markdown_code(acceptance.place)}"
        )


def _folded(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"<details><summary>{html(title)}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"

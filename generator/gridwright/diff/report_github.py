"""Annotations for GitHub: one workflow command a change, at its line of the spec."""

from gridwright.diff.catalogue import CATALOGUE
from gridwright.diff.report import Report, count_by_level, groups, review
from gridwright.diff.verdicts import Change, Level

__all__ = ["github_report"]

_COMMANDS = {Level.BREAKING: "error", Level.RISKY: "warning", Level.SAFE: "notice"}


def github_report(report: Report) -> str:
    """Return workflow commands; what nobody notices, and what is accepted, has none."""
    lines = [
        _annotation(group.first, len(group.changes) - 1)
        for group in groups([c for c in report.open if c.level in _COMMANDS])
    ]
    for acceptance in report.void:
        place = f"file={_property(acceptance.span.file)},line={acceptance.span.line}"
        lines.append(
            f"::warning {place},title=void acceptance::nothing matches this acceptance any more: "
            f"{_data(acceptance.rule)} at {_data(acceptance.place)}"
        )
    # A line of its own for the log, which shows no annotation.
    return "".join(f"{line}\n" for line in lines) + f"{_data(count_by_level(report.changes))}\n"


def _annotation(change: Change, more: int) -> str:
    # Annotations stand in the new files; what is gone is shown where it stood.
    end = change.new or change.old
    place = f"file={_property(end.span.file)},line={end.span.line}" if end else ""
    old = change.old.text if change.old else ""
    new = change.new.text if change.new else ""
    values = f" {old or 'nothing'} → {new or 'nothing'}." if old or new else ""
    also = f" So have {more} more." if more else ""
    callers = f" Callers: {change.callers}." if change.callers else ""
    text = (
        f"{change.what}: {CATALOGUE[change.rule].title}{values}{also} Before merging: "
        f"{review(change)}.{callers}"
    )
    return f"::{_COMMANDS[change.level]} {place},title={_property(change.rule)}::{_data(text)}"


def _data(text: str) -> str:
    """Escape the text of a command, so that a spec cannot begin one of its own."""
    shown = "".join(c if c.isprintable() or c in "\r\n" else ascii(c)[1:-1] for c in text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

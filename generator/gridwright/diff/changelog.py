"""A draft of the changelog: what callers notice, and what they must do."""

from collections.abc import Sequence

from gridwright.diff.catalogue import CATALOGUE
from gridwright.diff.report import Group, callers_of, groups
from gridwright.diff.verdicts import Change, Level
from gridwright.output.escape import markdown, markdown_code

__all__ = ["changelog_entry", "with_code"]

_ADDED = ("-added", "-offered", "-described", "-supplied", "-expected", "-set")
_REMOVED = ("-removed", "-withdrawn", "-left-to-an-example")


def changelog_entry(changes: Sequence[Change]) -> list[str]:
    """Return the lines of a draft in the form of Keep a Changelog; none where nobody notices.

    What only reviewers of the spec care for is left out: wording, sources, lines.
    """
    noticed = [c for c in changes if _is_noticed(c)]
    lines: list[str] = []
    for heading in ("Added", "Changed", "Removed"):
        own = [group for group in groups(noticed) if _heading(group.first) == heading]
        if own:
            lines += [*([""] if lines else []), f"### {heading}", "", *map(_line, own)]
    return lines


def _is_noticed(change: Change) -> bool:
    verdicts = change.verdicts
    return max(verdicts.python, verdicts.wire.worst) > Level.NONE


def _heading(change: Change) -> str:
    # A required field is no gift: it changes what callers do.
    if change.rule.endswith(_ADDED) and change.level <= Level.SAFE:
        return "Added"
    return "Removed" if change.rule.endswith(_REMOVED) else "Changed"


def _line(group: Group) -> str:
    change = group.first
    more = len(group.changes) - 1
    named = ", ".join(markdown_code(c.what) for c in group.changes[:3])
    if more > 2:
        named += f" and {more - 2} more"
    title = with_code(CATALOGUE[change.rule].title.rstrip("."))
    old = change.old.text if change.old else ""
    new = change.new.text if change.new else ""
    values = ""
    if change.old and change.new and (old or new):
        values = f" ({markdown_code(old) or 'nothing'} → {markdown_code(new) or 'nothing'})"
    # What asks for nothing is told all the same where there is more to say.
    advice = callers_of(group).removeprefix("nothing; ")
    mark = "**Breaking.** " if change.level is Level.BREAKING else ""
    todo = f": {with_code(advice)}" if advice not in ("", "nothing") else ""
    return f"- {mark}`{change.system}`: {named}: {title[:1].lower()}{title[1:]}{values}{todo}."


def with_code(text: str) -> str:
    """Return advice as Markdown; what stands between backticks is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return markdown(text)  # a value holds a backtick
    told = (markdown_code(part) if n % 2 else _escape_part(part) for n, part in enumerate(parts))
    return "".join(told)


def _escape_part(text: str) -> str:
    """Escape a part of a sentence, with the blanks at its ends."""
    before = " " if text[:1] == " " else ""
    after = " " if text[-1:] == " " and text.strip() else ""
    return f"{before}{markdown(text)}{after}"

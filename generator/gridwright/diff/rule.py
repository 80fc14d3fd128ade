"""The types of rules, and of what a rule finds."""

from dataclasses import dataclass, replace
from typing import Protocol

from gridwright.diagnostics import Span
from gridwright.diff.places import Path
from gridwright.diff.verdicts import DocumentReading, Level, Wire
from gridwright.ir import Citation

__all__ = ["ChangeRule", "Declared", "RuleFinding", "Spot", "rule", "spot_of"]

_LEVELS = {"N": Level.NONE, "S": Level.SAFE, "R": Level.RISKY, "B": Level.BREAKING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """One kind of change and the verdicts on it.

    Attributes:
        title: what happened, as one sentence.
        document: how much of what a reader knew has changed.
        callers: what a caller does about it, with ``{what}``, ``{old}`` and ``{new}``; may be
            empty.
        reading: None: it depends on whether the document is another one.
    """

    id: str
    title: str
    document: Level
    wire: Wire
    python: Level
    callers: str
    reading: DocumentReading | None


def rule(
    id: str, levels: str, title: str, callers: str = "", *, reading: DocumentReading | None = None
) -> ChangeRule:
    """Write a rule on one line.

    Args:
        id: stable and searchable.
        levels: initials of none, safe, risky, breaking: the document; an old client with a new
            server, then a new client with an old server; Python. Such as ``R/BS/N``.
        title: what happened, as one sentence.
        callers: what a caller does about it.
        reading: where the document is not what decides.
    """
    document, wire, python = levels.split("/")
    return ChangeRule(
        id=id,
        title=title,
        document=_LEVELS[document],
        wire=Wire(_LEVELS[wire[0]], _LEVELS[wire[1]]),
        python=_LEVELS[python],
        callers=callers,
        reading=reading,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One thing of both sides, or of one of them, and where it stands.

    Attributes:
        what: the thing, as a person calls it.
        old: path on the old side; None: it is not there.
        new: path on the new side; None: it is not there.
        cites: where the fact comes from, old and new.
        spans: where the thing itself was declared, old and new, in case a path leads nowhere.
        wire_idle: why no wire feels a change here; empty: it does.
        python_idle: why no calling code feels a change here; empty: it does.
        concerns: whom it concerns, for a reader; may be empty.
    """

    what: str
    old: Path | None
    new: Path | None
    cites: tuple[Citation | None, Citation | None] = (None, None)
    spans: tuple[Span | None, Span | None] = (None, None)
    wire_idle: str = ""
    python_idle: str = ""
    concerns: str = ""

    def at(self, *keys: str) -> "Spot":
        """Return the same thing, seen at one of its keys."""
        return replace(
            self,
            old=None if self.old is None else (*self.old, *keys),
            new=None if self.new is None else (*self.new, *keys),
        )

    def gone(self) -> "Spot":
        """Return the thing as one that the new side lacks."""
        return replace(self, new=None, cites=(self.cites[0], None), spans=(self.spans[0], None))

    def added(self) -> "Spot":
        """Return the thing as one that the old side lacks."""
        return replace(self, old=None, cites=(None, self.cites[1]), spans=(None, self.spans[1]))

    def found(self, rule_id: str, old: object = "", new: object = "") -> "RuleFinding":
        """Say that a rule applies here; ``old`` and ``new`` are shown as text."""
        return RuleFinding(rule_id, self, _line(old), _line(new))


class Declared(Protocol):
    """A thing that stands under its name in a mapping of the spec."""

    @property
    def name(self) -> str:
        """That of the mapping's key."""

    @property
    def cite(self) -> Citation:
        """Where the document says it."""

    @property
    def span(self) -> Span:
        """Where the spec declares it."""


def spot_of(what: str, mapping: Path, one: Declared, other: Declared) -> Spot:
    """Return where one thing of both sides stands.

    Args:
        what: the thing, as a person calls it.
        mapping: path of the mapping that holds it under its name.
        one: the thing of the old side.
        other: that of the new side.
    """
    return Spot(
        what=what,
        old=(*mapping, one.name),
        new=(*mapping, other.name),
        cites=(one.cite, other.cite),
        spans=(one.span, other.span),
    )


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One rule that applies at one spot, with the value on both sides as text."""

    rule: str
    spot: Spot
    old: str
    new: str


def _line(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(_line, value))
    return " ".join(str(value).split())

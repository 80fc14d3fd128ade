"""Diagnostics: what is wrong with a spec, or should be looked at, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

__all__ = ["Diagnostic", "Span", "nearest", "sorted_diagnostics"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a spec file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One mistake, where it is and what to do about it.

    Attributes:
        span: the offending value.
        code: stable and searchable, a key of ``gridwright.catalogue.CATALOGUE``.
        message: states the fact, in lower case without a full stop.
        help: what the reader can do now; empty when the message says it all.
        severity: error; or note, for what works and should be looked at.
    """

    span: Span
    code: str
    message: str
    help: str = ""
    severity: Literal["error", "note"] = "error"

    def __str__(self) -> str:
        first = _visible(f"{self.span}: {self.severity}[{self.code}]: {self.message}")
        return f"{first}\n  help: {_visible(self.help)}" if self.help else first


def _visible(text: str) -> str:
    """Spell out what a terminal would obey instead of showing it; a spec's text is hostile."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def sorted_diagnostics(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Put diagnostics in order of place, without repeats."""
    return tuple(sorted(set(found)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Phrase a help line that names the nearest of a spec's own names, or else all of them."""
    choices = sorted(known)
    lower = {choice.lower(): choice for choice in choices}
    close = get_close_matches(word, choices, n=1)
    close = close or [lower[c] for c in get_close_matches(word.lower(), lower, n=1)]
    if close:
        return f"did you mean {close[0]!r}?"
    if not choices:
        return "none is declared"
    return f"known: {', '.join(choices)}"

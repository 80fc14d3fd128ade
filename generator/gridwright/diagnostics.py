"""What is wrong with a spec, as values. Never raises, never prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

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
    """

    span: Span
    code: str
    message: str
    help: str = ""

    def __str__(self) -> str:
        first = _visible(f"{self.span}: error[{self.code}]: {self.message}")
        return f"{first}\n  help: {_visible(self.help)}" if self.help else first


def _visible(text: str) -> str:
    """Spell out what a terminal would obey instead of showing it; a spec's text is hostile."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def sorted_diagnostics(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Put diagnostics in order of place, without repeats."""
    return tuple(sorted(set(found)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Phrase a help line that names the nearest known word, or all of them when few."""
    choices = sorted(known)
    lower = {choice.lower(): choice for choice in choices}
    close = get_close_matches(word, choices, n=1)
    close = close or [lower[c] for c in get_close_matches(word.lower(), lower, n=1)]
    if close:
        return f"did you mean {close[0]!r}?"
    if not choices:
        return "none is declared"
    return f"known: {', '.join(choices[:12])}{', …' if len(choices) > 12 else ''}"

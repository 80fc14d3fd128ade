"""Compare values, bounds and lists, for all kinds of things."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar

from gridwright.diff.rule import RuleFinding, Spot
from gridwright.ir import (
    Argument,
    Basic,
    Basis,
    Citation,
    Filled,
    FormatWord,
    Hole,
    Source,
    Text,
    UsernameToken,
)
from gridwright.notation.lengths import iso

__all__ = [
    "alike",
    "compare_bounds",
    "differ",
    "elements",
    "optional",
    "provenance",
    "spelt",
    "values",
]

_T = TypeVar("_T")
_STRENGTH = {basis: number for number, basis in enumerate(Basis)}


def values(
    spot: Spot, old: object, new: object, rows: Iterable[tuple[str, str, str]]
) -> Iterator[RuleFinding]:
    """Compare attributes one by one.

    Args:
        spot: the thing.
        old: its old form.
        new: its new form.
        rows: attribute, rule that applies where it differs, and its key in the spec, where the
            thing has one.
    """
    for attribute, rule_id, key in rows:
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            place = spot.at(*key.split(".")) if key else spot
            yield from differ(place, rule_id, before, after)


def alike(old: object, new: object) -> bool:
    """Whether two things of one class differ in nothing but where they stand.

    Most pairs are, so this comes before anything that takes longer.
    """
    kind = type(old)
    if kind is not type(new) or not is_dataclass(kind):
        return False
    facts = _FACTS.get(kind)
    if facts is None:
        names = (attribute.name for attribute in fields(kind) if attribute.name != "span")
        facts = _FACTS[kind] = attrgetter(*names)
    return bool(facts(old) == facts(new))


_FACTS: dict[type, Callable[[object], object]] = {}
"""What reads all but the place of a thing, by its class."""


def differ(spot: Spot, rule_id: str, old: object, new: object) -> Iterator[RuleFinding]:
    """Apply a rule where two values differ."""
    if old != new:
        yield spot.found(rule_id, _plain(old), _plain(new))


def compare_bounds(
    spot: Spot, old: float | timedelta | None, new: float | timedelta | None, less: str, more: str
) -> Iterator[RuleFinding]:
    """Compare two upper bounds; None is no bound at all."""
    if old == new:
        return
    shrinks = old is None or (new is not None and new < old)  # type: ignore[operator]  # both of one kind
    yield spot.found(
        less if shrinks else more,
        "no limit" if old is None else _plain(old),
        "no limit" if new is None else _plain(new),
    )


def elements(
    spot: Spot, old: Sequence[str], new: Sequence[str], gone: str, added: str
) -> Iterator[RuleFinding]:
    """Compare two lists of words as sets; one change for each word."""
    for word in old:
        if word not in new:
            yield spot.found(gone, word, "")
    for word in new:
        if word not in old:
            yield spot.found(added, "", word)


def spelt(source: Source, renamed: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return who gives a value, as a spec would write it.

    Args:
        source: who gives it.
        renamed: new names of credentials and steps, such as ``credential.key``, by old ones.
    """
    match source:
        case Argument():
            return "the caller"
        case FormatWord():
            return "the format"
        case UsernameToken(username=user, password=password, is_digest=is_digest):
            told = f"{spelt(user, renamed)} and {spelt(password, renamed)}"
            return f"{told} as {'digest' if is_digest else 'text'}"
        case Filled():
            return f"{source.with_} {source.name}".rstrip()
        case Basic():
            return f"Basic {spelt(source.user, renamed)}:{spelt(source.password, renamed)}"
        case Text():
            return "".join(
                piece if isinstance(piece, str) else _hole(piece, renamed)
                for piece in source.pieces
            )


def _hole(hole: Hole, renamed: Mapping[str, str]) -> str:
    name = f"{hole.kind}.{hole.name}"
    part = f".{hole.part}" if hole.part else ""
    return f"{{{renamed.get(name, name)}{part}}}"


def optional(
    spot: Spot,
    old: _T | None,
    new: _T | None,
    gone: str,
    added: str,
    both: Callable[[_T, _T], Iterator[RuleFinding]],
    text: Callable[[_T], str] = lambda _: "",
) -> Iterator[RuleFinding]:
    """Compare two things that may be missing."""
    if old is not None and new is not None:
        yield from both(old, new)
    elif old is not None:
        yield spot.gone().found(gone, text(old))
    elif new is not None:
        yield spot.added().found(added, "", text(new))


def provenance(spot: Spot, old: Citation, new: Citation) -> Iterator[RuleFinding]:
    """Compare where one fact comes from; what amends it is told at the amendments."""
    if old.basis is not new.basis:
        weaker = _STRENGTH[new.basis] > _STRENGTH[old.basis]
        yield spot.found("basis-weaker" if weaker else "basis-stronger", _source(old), _source(new))
    elif old.reason != new.reason:
        yield spot.found("reason-reworded", old.reason, new.reason)
    if old.lines != new.lines and old.lines and new.lines:
        yield spot.at("at").found("lines-moved", f"line {old}", f"line {new}")
    elif old.lines and not new.lines:
        yield spot.found("lines-no-longer-cited", f"line {old}", "")
    elif new.lines and not old.lines:
        yield spot.found("lines-now-cited", "", f"line {new}")


def _source(cite: Citation) -> str:
    return f"{cite.basis.value}: {cite.reason}" if cite.reason else cite.basis.value


def _plain(value: object) -> object:
    if isinstance(value, timedelta):
        return iso(value)
    if isinstance(value, tuple):
        return ", ".join(str(_plain(v)) if not isinstance(v, tuple) else _nested(v) for v in value)
    return value


def _nested(value: tuple[object, ...]) -> str:
    head, *rest = value
    return (
        f"{head}: {', '.join(str(_plain(v)) for v in rest)}" if head else str(_plain(tuple(rest)))
    )

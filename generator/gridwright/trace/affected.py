"""Find what depends on the lines that a new edition changed: facts, generated names, errata."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gridwright.amend import split_path
from gridwright.diagnostics import Span
from gridwright.source import Node
from gridwright.trace.edition import Edition, Fate, followed, worst
from gridwright.trace.facts import CitedFact, Ranges, Spec, numbers, ranges_of
from gridwright.trace.lines import Lines
from gridwright.trace.quotations import literal_pattern
from gridwright.trace.symbols import symbols_of, tree_by_wire_names

__all__ = ["Affected", "AmendmentFate", "Ruling", "affected_facts", "amendment_fates"]


@dataclass(frozen=True, slots=True)
class Affected:
    """A fact of which some line is not where or what it was.

    Attributes:
        fate: the worst of its lines.
        has_moved: every line is found again, so ``now`` is what to cite.
        now: otherwise the lines that stand in their place, as far as they are known.
        symbols: names of the generated package that are made from it.
    """

    fact: CitedFact
    fate: Fate
    has_moved: bool
    now: Ranges
    symbols: tuple[str, ...]


class Ruling(StrEnum):
    """What a new edition means for an amendment."""

    CORRECTED = "void: the document is corrected"
    GONE = "void: its lines went"
    OTHERWISE = "decide anew: the document prints something else"
    READ = "read again: a line that it cites changed"


@dataclass(frozen=True, slots=True)
class AmendmentFate:
    """An amendment that a new edition touches.

    Attributes:
        place: the path that it patches; empty: it is about the amendment as a whole.
    """

    id: str
    span: Span
    ruling: Ruling
    place: str


def affected_facts(spec: Spec, lines: Lines, edition: Edition) -> tuple[Affected, ...]:
    """Return the facts that are not where or what they were, in the order of the files."""
    found = []
    tree = tree_by_wire_names(spec)
    for fact in (*spec.facts, *lines.facts):
        fate = worst(fact, edition)
        now = followed(fact.lines, edition)
        if now == fact.lines:
            continue
        # A range through which new lines were pushed is no longer one range.
        fate = Fate.MOVED if fate == Fate.SAME else fate
        symbols = () if now is not None else symbols_of(fact, spec, tree)
        found.append(
            Affected(fact, fate, now is not None, now or _nearest(fact.lines, edition), symbols)
        )
    return tuple(found)


def amendment_fates(spec: Spec, edition: Edition) -> tuple[AmendmentFate, ...]:
    """Return the amendments that are void, or have to be read again."""
    found: list[AmendmentFate] = []
    for amendment in spec.amendments:
        span = (amendment.get("id") or amendment).span
        name = amendment.string("id")
        rulings = [
            *_patch_rulings(amendment, spec.interface, edition),
            *_quoted_rulings(amendment, edition),
        ]
        # An observation is about real replies: the document may change as it likes.
        if not rulings and amendment.string("kind") != "observation":
            ruling = _whole_ruling(amendment, edition)
            rulings = [("", ruling)] if ruling else []
        found += [AmendmentFate(name, span, ruling, place) for place, ruling in rulings]
    return tuple(found)


def _whole_ruling(amendment: Node, edition: Edition) -> Ruling | None:
    """Judge an amendment by the lines that it cites itself."""
    fates = [
        edition.lines[n] for n in numbers(ranges_of(amendment.get("at"))) if n in edition.lines
    ]
    if not fates or all(line.fate.has_moved_at_most for line in fates):
        return None
    return Ruling.GONE if all(line.fate == Fate.WENT for line in fates) else Ruling.READ


def _patch_rulings(
    amendment: Node, interface: Node, edition: Edition
) -> Iterator[tuple[str, Ruling]]:
    """Judge each patch by the lines of the place that it patches."""
    for entry in amendment.children("patch"):
        path = split_path(entry.key)
        cited = _cited(interface, path) if path else ()
        lines = [edition.lines[n] for n in numbers(cited) if n in edition.lines]
        unsure = [line for line in lines if not line.fate.has_moved_at_most]
        if not path or not unsure:
            continue
        if all(line.fate == Fate.WENT and not line.instead for line in lines):
            yield entry.key, Ruling.GONE
            continue
        printed, used = _quotations(entry.value, path[-1])
        is_removed = entry.value.get("remove") is not None
        if printed is None or (used is None and not is_removed):
            continue
        places = {n for line in lines for n in (_one(line.new) or line.instead)}
        texts = [edition.new_text[n - 1] for n in sorted(places)]
        if _is_in(printed, texts):
            continue  # the contradiction is still there
        if used is None or _is_in(used, texts):
            yield entry.key, Ruling.CORRECTED
        elif all(line.fate == Fate.WENT for line in lines):
            yield entry.key, Ruling.GONE
        else:
            yield entry.key, Ruling.OTHERWISE


def _quoted_rulings(amendment: Node, edition: Edition) -> Iterator[tuple[str, Ruling]]:
    """Judge other wire names that a patch adds by the lines on which they are printed."""
    for entry in amendment.children("patch"):
        path = split_path(entry.key) or ("",)
        for wire in entry.value.children("use") if path[-1] == "also" else ():
            cited = numbers(ranges_of(wire.value.get("at")))
            lines = [edition.lines[n] for n in cited if n in edition.lines]
            if not lines or any(line.fate.has_moved_at_most for line in lines):
                continue
            places = {n for line in lines for n in (_one(line.new) or line.instead)}
            if not _is_in(wire.key, [edition.new_text[n - 1] for n in sorted(places)]):
                yield entry.key, Ruling.CORRECTED


def _quotations(change: Node, key: str) -> tuple[str | None, str | None]:
    """Return the text that a patch expects as printed, and the one to use."""
    rename = change.get("rename")
    if rename is not None:
        return key, rename.text
    printed, use = change.get("printed"), change.get("use")
    return printed.text if printed else None, use.text if use else None


def _is_in(text: str, lines: Sequence[str]) -> bool:
    literal = literal_pattern(text)
    return any(literal.search(line) for line in lines)


def _one(number: int | None) -> tuple[int, ...]:
    return () if number is None else (number,)


def _cited(root: Node, path: Sequence[str]) -> Ranges:
    """Return the lines that the innermost value on a path cites."""
    cited: Ranges = ()
    node: Node | None = root
    for key in path:
        below = node.get(key) if node is not None else None
        if below is None and node is not None and key.isdecimal():
            below = next((n for i, n in enumerate(node.items or ()) if str(i) == key), None)
        if below is None:
            break
        cited = ranges_of(below.get("at")) or cited
        node = below
    return cited


def _nearest(lines: Ranges, edition: Edition) -> Ranges:
    """Return what stands in the place of lines that are not all found, as far as it is known."""
    found = sorted(
        {
            number
            for n in numbers(lines)
            if (line := edition.lines.get(n)) is not None
            for number in (_one(line.new) or line.instead)
        }
    )
    joined: list[tuple[int, int]] = []
    for number in found:
        blank_between = joined and all(
            edition.new[n - 1] == "-" for n in range(joined[-1][1] + 1, number)
        )
        if joined and blank_between:
            joined[-1] = (joined[-1][0], number)
        else:
            joined.append((number, number))
    return tuple(joined)

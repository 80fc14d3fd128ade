"""Read lines.yaml of a system: dismissed, withheld and unsettled lines, and the hashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridwright.diagnostics import Diagnostic, Span
from gridwright.language import check_grammar
from gridwright.source import Node, read_yaml
from gridwright.trace.facts import CitedFact, Ranges, join_path, numbers, ranges_of
from gridwright.trace.hashes import WITHHELD, is_hash

__all__ = ["FILE", "Dismissal", "Lines", "Unsettled", "Withheld", "read_lines", "understand_lines"]

FILE = "lines.yaml"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Lines that hold no fact; with ``like``, all lines that have the text of one of them.

    ``name`` is the path of the entry, as in a fact.
    """

    name: str
    span: Span
    lines: Ranges
    like: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Lines that have no hash and are never shown."""

    span: Span
    lines: Ranges
    reason: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A fact whose line changed or went in a new edition; it still cites the former lines.

    Attributes:
        fact: its path in one text.
        was: the lines of the former edition that it cites.
        now: the lines that stand there now; empty where none do.
    """

    span: Span
    file: str
    fact: str
    was: Ranges
    now: Ranges


@dataclass(frozen=True, slots=True)
class Lines:
    """What lines.yaml says.

    Attributes:
        file: how diagnostics call it.
        hashes: one for each line of the document; None: not recorded yet.
        first_hash: line of the file on which the first hash stands.
        facts: the citations of the file itself, which move with their lines.
    """

    file: str
    dismissals: tuple[Dismissal, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    hashes: tuple[str, ...] | None = None
    first_hash: int = 1
    facts: tuple[CitedFact, ...] = ()

    @property
    def withheld_lines(self) -> frozenset[int]:
        """The numbers of the lines that are withheld."""
        return frozenset(n for part in self.withheld for n in numbers(part.lines))


def read_lines(specs: Path, system: str) -> tuple[Lines | None, list[Diagnostic]]:
    """Read ``lines.yaml`` of a system; None where there is none, or none that can be read."""
    path = specs / system / FILE
    if not path.is_file():
        return None, []
    return understand_lines(path.read_bytes(), path.as_posix())


def understand_lines(data: bytes, file: str) -> tuple[Lines | None, list[Diagnostic]]:
    """Read the text of a ``lines.yaml``, called ``file`` in diagnostics."""
    root, problems = read_yaml(data, file)
    if root is None:
        return None, problems
    problems += check_grammar(root, "lines")
    hashes = root.get("hashes")
    tokens = tuple((hashes.text or "").split()) if hashes is not None else None
    lines = Lines(
        file=file,
        dismissals=tuple(_dismissals(root, problems)),
        withheld=tuple(
            Withheld(item.span, ranges_of(item.get("at")), item.string("reason"))
            for item in _items(root, "withheld")
        ),
        unsettled=tuple(
            Unsettled(
                item.span, item.string("file"), item.string("fact"),
                ranges_of(item.get("was")), ranges_of(item.get("now")),
            )
            for item in _items(root, "unsettled")
        ),
        hashes=tokens,
        # A block of text begins on the line below its mark.
        first_hash=hashes.span.line + 1 if hashes is not None else 1,
        facts=tuple(_facts(root)),
    )  # fmt: skip
    problems += _hash_problems(lines)
    return lines, problems


def _items(root: Node, key: str) -> tuple[Node, ...]:
    node = root.get(key)
    return (node.items or ()) if node else ()


def _dismissals(root: Node, problems: list[Diagnostic]) -> Iterator[Dismissal]:
    for index, item in enumerate(_items(root, "dismissed")):
        at, like = item.get("at"), item.get("like")
        if (at is None) == (like is None):
            what = "neither 'at' nor 'like'" if at is None else "both 'at' and 'like'"
            help_text = "write `at:` for lines, or `like:` for a line that stands for all its like"
            problems.append(
                Diagnostic(item.span, "dismissal-form", f"the entry has {what}", help_text)
            )
            continue
        name = join_path(("dismissed", str(index)))
        yield Dismissal(name, item.span, ranges_of(at or like), at is None, item.string("reason"))


def _facts(root: Node) -> Iterator[CitedFact]:
    for part, keys in (("dismissed", ("at", "like")), ("withheld", ("at",))):
        for index, item in enumerate(_items(root, part)):
            for key in keys:
                at = item.get(key)
                if at is not None and (lines := ranges_of(at)):
                    kind = {"like": "dismissed like"}.get(key, part)
                    yield CitedFact(FILE, (part, str(index)), kind, item.span, at, lines)


def _hash_problems(lines: Lines) -> Iterator[Diagnostic]:
    withheld = lines.withheld_lines
    for number, token in enumerate(lines.hashes or (), 1):
        span = Span(lines.file, lines.first_hash + number - 1, 3)
        if not is_hash(token):
            yield Diagnostic(
                span, "malformed-hash", f"{token!r} is no hash of line {number}",
                "let `gridwright trace --record` write the hashes",
            )  # fmt: skip
        elif number in withheld and token != WITHHELD:
            yield Diagnostic(
                span, "withheld-hash", f"line {number} is withheld, and has a hash",
                "take the hash out of the file and its history, then run "
                "`gridwright trace --record`",
            )  # fmt: skip
        elif token == WITHHELD and number not in withheld:
            yield Diagnostic(
                span, "withheld-hash", f"line {number} has no hash, and is not withheld",
                "name it under `withheld:`, or run `gridwright trace --record`",
            )  # fmt: skip

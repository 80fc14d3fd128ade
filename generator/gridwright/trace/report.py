"""Turn files into findings: coverage, recorded hashes, a new edition."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridwright.diagnostics import Diagnostic, Span
from gridwright.source import Node
from gridwright.trace.affected import Affected, AmendmentFate, affected_facts, amendment_fates
from gridwright.trace.check import check_coverage
from gridwright.trace.coverage import cover
from gridwright.trace.document import read_document, read_text
from gridwright.trace.edition import Edition, compare, echoes
from gridwright.trace.facts import Spec, read_spec
from gridwright.trace.hashes import hash_lines
from gridwright.trace.lines import FILE, Lines, read_lines
from gridwright.trace.move import move, with_hashes
from gridwright.trace.page import Sheet

__all__ = ["Covered", "EditionOutcome", "Mention", "coverage_of", "edition_of", "moved", "recorded"]

_MENTION = re.compile(r"\blines? ([1-9][0-9]*(?:(?:-|, | and )[1-9][0-9]*)*)")
_SCHEMA = (
    "# yaml-language-server: $schema=../../generator/gridwright/language/lines.schema.json\n"
    "# What becomes of the document's lines that no fact cites, and a hash of every line.\n\n"
)
# What is wrong with a lines.yaml that is about to get its hashes.
_MENDED = ("empty-file", "malformed-hash", "withheld-hash")
_FILES = ("interface.yaml", "amendments.yaml", FILE)


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of one system; None where neither text nor hashes are there."""

    sheet: Sheet | None
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence of a spec that speaks of a line which is elsewhere now."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class EditionOutcome:
    """What a new edition means for one system.

    Attributes:
        is_text_known: the former text was at hand, not its hashes alone.
        note: why it was not used, where it was.
        echoes: new lines that repeat what stood on withheld ones alone.
    """

    system: str
    document: str
    path: str
    lines: Lines
    edition: Edition
    affected: tuple[Affected, ...]
    amendments: tuple[AmendmentFate, ...]
    mentions: tuple[Mention, ...]
    is_text_known: bool
    note: str
    echoes: frozenset[int]

    @property
    def needs_reading(self) -> bool:
        """Whether anything is left that ``--move`` cannot do."""
        facts = any(not one.has_moved for one in self.affected)
        return bool(self.edition.added or self.amendments or self.mentions or facts)


def coverage_of(specs: Path, system: str, documents: Path | None) -> Covered:
    """Return what becomes of each line of a system's document."""
    lines, problems = read_lines(specs, system)
    spec, found = read_spec(specs, system)
    problems += found
    if spec is None:
        return Covered(None, tuple(problems))
    text: tuple[str, ...] | None = None
    if documents is not None:
        text, found = read_document(spec, documents)
        problems += found
    if text is None and (lines is None or lines.hashes is None):
        if documents is None:
            problems.append(_no_hashes(specs, system))
        return Covered(None, tuple(problems))
    known = lines or Lines("")
    here = None if text is None else hash_lines(system, text, known.withheld_lines)
    found = check_coverage(spec, lines, text, spec.document)
    # Lines that are left are told by the coverage itself.
    problems += [problem for problem in found if problem.code != "uncited-line"]
    files = {name: _rows(specs / system / name) for name in _FILES[:2]}
    coverage = cover(spec, lines, here or known.hashes or ())
    # In another document other lines may be those to withhold: then nothing of it is shown.
    is_other = any(problem.code == "document-changed" for problem in found)
    shown = () if text is None or (is_other and known.withheld) else text
    return Covered(Sheet(coverage, lines, shown, files), tuple(problems))


def recorded(
    specs: Path, system: str, documents: Path
) -> tuple[dict[Path, bytes], list[Diagnostic]]:
    """Return lines.yaml with the hashes of the document at hand; empty where it has them.

    Hashes of another document are not written over: that is what ``--edition`` is for.
    """
    path = specs / system / FILE
    lines, problems = read_lines(specs, system)
    problems = [p for p in problems if p.code not in _MENDED]
    spec, found = read_spec(specs, system)
    if spec is None or problems:
        return {}, [*problems, *found]
    text, found = read_document(spec, documents)
    if text is None:
        return {}, found
    known = lines or Lines(path.as_posix())
    hashes = hash_lines(system, text, known.withheld_lines)
    # Which lines are withheld may change; any other difference means another document.
    shown = hash_lines(system, text)
    if known.hashes is not None and (
        len(known.hashes) != len(shown)
        or any(a not in (b, "?") for a, b in zip(known.hashes, shown, strict=True))
    ):
        return {}, [p for p in check_coverage(spec, known, text, spec.document)
                    if p.code == "document-changed"]  # fmt: skip
    before = path.read_bytes().decode() if path.is_file() else _SCHEMA
    after = with_hashes(before, hashes)
    return ({} if after == before else {path: after.encode()}), []


def edition_of(
    specs: Path, system: str, documents: Path | None, new: Path
) -> tuple[EditionOutcome | None, list[Diagnostic]]:
    """Compare the text that a spec was written from with a newer one."""
    lines, problems = read_lines(specs, system)
    spec, found = read_spec(specs, system)
    new_text, more = read_text(new)
    problems = [*problems, *found, *more]
    if spec is None or new_text is None or problems:
        return None, problems
    old_text: tuple[str, ...] | None = None
    if documents is not None:
        old_text, problems = read_document(spec, documents)
        if old_text is None:
            return None, problems
    known = lines or Lines((specs / system / FILE).as_posix())
    note = ""
    hashes = known.hashes
    if old_text is not None:
        here = hash_lines(system, old_text, known.withheld_lines)
        if hashes is not None and hashes != here:
            note = "the text in the folder is not the one that the spec was written from"
            old_text = None
        hashes = hashes or here
    if hashes is None:
        return None, [_no_hashes(specs, system)]
    edition = compare(system, hashes, old_text, new_text)
    return EditionOutcome(
        system=system,
        document=spec.document,
        path=new.as_posix(),
        lines=known,
        edition=edition,
        affected=affected_facts(spec, known, edition),
        amendments=amendment_fates(spec, edition),
        mentions=tuple(_mentions(spec, edition)),
        is_text_known=old_text is not None,
        note=note,
        echoes=echoes(known.withheld_lines, edition),
    ), []


def moved(specs: Path, found: EditionOutcome) -> Mapping[Path, bytes]:
    """Return the files of a system with the citations rewritten whose lines only moved.

    Raises:
        MoveError: something stands in the way.
    """
    folder = specs / found.system
    texts = {name: (folder / name).read_bytes().decode() for name in _FILES
             if (folder / name).is_file()}  # fmt: skip
    texts.setdefault(FILE, _SCHEMA)
    made = move(texts, found.system, found.lines, found.affected, found.edition)
    return {folder / name: text.encode() for name, text in made.texts.items()}


def _mentions(spec: Spec, edition: Edition) -> Iterator[Mention]:
    roots = (spec.interface, *spec.amendments)
    for node in (node for root in roots for node in root.walk()):
        if node.text is not None and any(_is_elsewhere(m[1], edition) for m in _mentions_in(node)):
            yield Mention(node.span, node.text)


def _mentions_in(node: Node) -> Iterator[re.Match[str]]:
    return _MENTION.finditer(node.text or "")


def _is_elsewhere(text: str, edition: Edition) -> bool:
    named = [int(number) for number in re.findall("[0-9]+", text)]
    return any(n in edition.lines and edition.lines[n].new != n for n in named)


def _no_hashes(specs: Path, system: str) -> Diagnostic:
    return Diagnostic(
        Span((specs / system / FILE).as_posix(), 1, 1),
        "no-hashes",
        "no hashes of the document's lines are recorded",
        "give the folder of the document by --documents, and run with --record",
    )


def _rows(path: Path) -> Sequence[str]:
    return path.read_text(encoding="utf-8").split("\n") if path.is_file() else ()

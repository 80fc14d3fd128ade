"""Report what is wrong with the coverage of a document, with its text at hand or without."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gridwright.diagnostics import Diagnostic, Span
from gridwright.trace.align import align
from gridwright.trace.coverage import Coverage, cover, like_hashes, runs
from gridwright.trace.document import read_document
from gridwright.trace.facts import CitedFact, Spec, numbers, read_spec
from gridwright.trace.hashes import BLANK, WITHHELD, hash_lines
from gridwright.trace.lines import FILE, Lines, read_lines

__all__ = ["check_coverage", "check_lines", "covering_problems", "document_problems"]


def check_lines(specs: Path, system: str, documents: Path | None) -> list[Diagnostic]:
    """Report every line of a system's document that is nobody's, and every line that changed.

    Args:
        specs: folder of the specs.
        system: id of the system.
        documents: folder of the documents; None: the recorded hashes stand for the text, and
            where nothing is recorded nothing is checked.
    """
    lines, problems = read_lines(specs, system)
    if documents is None and (lines is None or lines.hashes is None):
        return problems
    spec, _ = read_spec(specs, system)  # what is wrong with its text is reported where it is used
    if spec is None:
        return problems
    text = read_document(spec, documents)[0] if documents is not None else None
    if documents is not None and text is None:
        return problems
    where = (documents / spec.document).as_posix() if documents is not None else spec.document
    return [*problems, *check_coverage(spec, lines, text, where)]


def check_coverage(
    spec: Spec, lines: Lines | None, text: Sequence[str] | None, document: str
) -> list[Diagnostic]:
    """Report what is wrong with the coverage of one document.

    Args:
        spec: what cites.
        lines: what is dismissed; None: there is no ``lines.yaml``.
        text: the lines of the document; None: not at hand.
        document: how diagnostics call it.
    """
    known = lines or Lines((Path(spec.interface.span.file).parent / FILE).as_posix())
    here = None if text is None else hash_lines(spec.system, text, known.withheld_lines)
    found = [] if here is None else list(document_problems(known, here))
    # The spec speaks of the document whose hashes are recorded, whatever is at hand.
    hashes = known.hashes or here
    return found if hashes is None else [*found, *covering_problems(spec, known, hashes, document)]


def document_problems(lines: Lines, hashes: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield where the document at hand is not the one whose hashes are recorded."""
    if lines.hashes is None:
        yield Diagnostic(
            Span(lines.file, 1, 1), "no-hashes", "no hashes of the document's lines are recorded",
            "run `gridwright trace --record --documents DIR`",
        )  # fmt: skip
        return
    help_text = "see what hangs on it by `gridwright trace --edition`, then `--move`"
    for gap in align(lines.hashes, hashes).gaps:
        was = [n + 1 for n in gap.old if lines.hashes[n] not in (BLANK, WITHHELD)]
        now = [n + 1 for n in gap.new if hashes[n] not in (BLANK, WITHHELD)]
        for first, last in runs(was):
            yield Diagnostic(
                Span(lines.file, lines.first_hash + first - 1, 3), "document-changed",
                f"{_lines(first, last)} of the document {_are(first, last)} not as recorded",
                help_text,
            )  # fmt: skip
        if now and not was:
            place = lines.first_hash + (gap.old[0] if gap.old else now[0] - 1)
            for first, last in runs(now):
                yield Diagnostic(
                    Span(lines.file, min(place, lines.first_hash + len(lines.hashes)), 3),
                    "document-changed",
                    f"{_lines(first, last)} of the document at hand {_are(first, last)} new",
                    help_text,
                )


def covering_problems(
    spec: Spec, lines: Lines, hashes: Sequence[str], document: str
) -> Iterator[Diagnostic]:
    """Yield lines that are nobody's or two things at once, and entries without effect."""
    coverage = cover(spec, lines, hashes)
    for first, last in runs(coverage.left):
        yield Diagnostic(
            Span(document, first, 1), "uncited-line",
            f"{_lines(first, last)} {_are(first, last)} neither cited nor dismissed",
            f"cite by `at:` what the spec says of it, or dismiss it with a reason in {lines.file}",
        )  # fmt: skip
    for fact in (*coverage.facts, *lines.facts):
        yield from _beyond(fact, len(hashes))
    yield from _dismissal_problems(lines, coverage, hashes)
    yield from _unsettled_problems(spec, lines)


def _beyond(fact: CitedFact, size: int) -> Iterator[Diagnostic]:
    last = max(last for _, last in fact.lines)
    if last > size:
        yield Diagnostic(
            fact.at.span, "no-such-line",
            f"line {last} is cited, and the document has {size} lines",
            "cite a line of the document",
        )  # fmt: skip


def _dismissal_problems(
    lines: Lines, coverage: Coverage, hashes: Sequence[str]
) -> Iterator[Diagnostic]:
    first_reason: dict[int, Span] = {}
    for entry in lines.dismissals:
        if entry.like:
            alike = like_hashes(entry.lines, hashes)
            named = [n for n, token in enumerate(hashes, 1) if token in alike]
        else:
            named = [n for n in numbers(entry.lines) if n <= coverage.size]
            for number in named:
                if number in coverage.cited:
                    fact = coverage.cited[number][0]
                    yield Diagnostic(
                        entry.span, "dismissed-and-cited",
                        f"line {number} is dismissed, and {fact.name!r} cites it",
                        f"take it out of the entry, or out of the citation at {fact.at.span}",
                    )  # fmt: skip
        twice = [n for n in named if n in first_reason and n in coverage.dismissed]
        if twice:
            yield Diagnostic(
                entry.span, "idle-dismissal", f"line {twice[0]} is dismissed twice",
                f"first at {first_reason[twice[0]]}",
            )  # fmt: skip
        elif not any(n in coverage.dismissed for n in named):
            yield Diagnostic(
                entry.span, "idle-dismissal", "the entry dismisses no line",
                "remove it: the lines are cited, blank, or not there",
            )  # fmt: skip
        for number in named:
            first_reason.setdefault(number, entry.span)


def _unsettled_problems(spec: Spec, lines: Lines) -> Iterator[Diagnostic]:
    facts = {(f.file, f.name, f.lines) for f in (*spec.facts, *lines.facts)}
    for entry in lines.unsettled:
        was = ", ".join(_lines(*part) for part in entry.was)
        if (entry.file, entry.fact, entry.was) in facts:
            now = ", ".join(_lines(*part) for part in entry.now)
            yield Diagnostic(
                entry.span, "unsettled-line",
                f"{entry.fact!r} cites {was} of a former edition",
                f"correct the fact by {now} of the new one, then remove the entry"
                if now
                else "find its line in the new edition, or remove the fact; then the entry",
            )  # fmt: skip
        else:
            yield Diagnostic(
                entry.span, "unsettled-line", f"{entry.fact!r} no longer cites {was}",
                "remove the entry: it is settled",
            )  # fmt: skip


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _are(first: int, last: int) -> str:
    return "is" if first == last else "are"

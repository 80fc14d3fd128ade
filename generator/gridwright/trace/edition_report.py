"""Report what a new edition means, for readers and for machines. Never shows what is withheld."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from gridwright.trace.affected import Affected, Ruling
from gridwright.trace.coverage import runs
from gridwright.trace.edition import Fate, Line, is_hardly_found
from gridwright.trace.facts import numbers
from gridwright.trace.report import EditionOutcome
from gridwright.trace.summary import write_ranges

__all__ = ["edition_data", "edition_lines"]

_LONGEST = 100
_HIDDEN = "(in the place of a withheld line, or repeats one)"
_UNKNOWN = "(not shown: it may be a withheld line, and the former text is not at hand)"
# Names that hang on one fact; of more, the number is told.
_MANY = 4


def edition_lines(found: EditionOutcome, written: Mapping[Path, bytes]) -> Iterator[str]:
    """Yield the report on a new edition, changes first, line by line."""
    edition = found.edition
    fates = [line.fate for line in edition.lines.values()]
    counts = ", ".join(f"{fates.count(fate)} {fate}" for fate in Fate if fates.count(fate))
    yield f"{found.system}: {found.document} against {found.path}"
    yield f"  lines: {counts or 'none'}; {len(edition.added)} new; blank lines are left out"
    if found.note:
        yield f"  note: {found.note}, so only its hashes are used"
    if is_hardly_found(edition):
        yield (
            "  note: hardly a line of the former text is found in it: is it this document, and "
            "the whole of it?"
        )
    if not found.is_text_known:
        yield (
            "  note: without the former text, lines that changed are paired by their order, and "
            "where their number differs it cannot be said which of them changed and which went"
        )
    withheld = [n for n, line in edition.lines.items() if line.fate == Fate.UNKNOWN]
    if withheld := [n for n in withheld if n in found.lines.withheld_lines]:
        yield (
            f"  note: {write_ranges(runs(withheld))}: withheld lines have no hash; it cannot be "
            "said whether they changed"
        )
    yield from _line_texts(found)
    yield from _amendment_texts(found)
    yield from _new_texts(found)
    yield from _moved_texts(found, written)


def edition_data(found: EditionOutcome, written: Mapping[Path, bytes]) -> dict[str, object]:
    """Return the report on a new edition as plain values."""
    edition = found.edition
    return {
        "system": found.system,
        "document": found.document,
        "edition": found.path,
        "former_text_known": found.is_text_known,
        "lines": [
            {"line": number, "fate": str(line.fate), "new": line.new, "instead": list(line.instead)}
            for number, line in edition.lines.items()
            if line.fate != Fate.SAME
        ],
        "new_lines": list(edition.added),
        "facts": [
            {
                "file": one.fact.file,
                "line": one.fact.span.line,
                "fact": one.fact.name,
                "kind": one.fact.kind,
                "fate": str(one.fate),
                "was": write_ranges(one.fact.lines),
                "now": write_ranges(one.now),
                "moved": one.has_moved,
                "symbols": list(one.symbols),
            }
            for one in found.affected
        ],
        "amendments": [
            {
                "id": one.id,
                "line": one.span.line,
                "ruling": one.ruling.name.lower(),
                "place": one.place,
            }
            for one in found.amendments
        ],
        "mentions": [{"file": m.span.file, "line": m.span.line} for m in found.mentions],
        "written": [path.as_posix() for path in written],
    }


def _line_texts(found: EditionOutcome) -> Iterator[str]:
    """Yield each line that changed or went, with the facts and names that hang on it."""
    hanging: dict[int, list[Affected]] = {}
    for one in found.affected:
        if not one.has_moved:
            for number in dict.fromkeys(numbers(one.fact.lines)):
                hanging.setdefault(number, []).append(one)
    for number, line in found.edition.lines.items():
        if line.fate.has_moved_at_most:
            continue
        yield f"line {number} {_became(line)}"
        yield from _texts(number, line, found)
        for one in sorted(hanging.get(number, ()), key=_breadth):
            yield f"    {one.fact.file}:{one.fact.span.line} {one.fact.kind} {one.fact.name}"
            if one.symbols:
                more = len(one.symbols) - _MANY
                shown = ", ".join(one.symbols[: _MANY if more > 1 else None])
                yield f"      generated: {shown}{f' and {more} more' if more > 1 else ''}"


def _became(line: Line) -> str:
    if line.fate == Fate.UNKNOWN and line.new is None:
        return f"changed or went; in its place: {write_ranges(runs(line.instead)) or 'nothing'}"
    if line.fate == Fate.UNKNOWN:
        return f"is withheld; now perhaps line {line.new}"
    return f"changed; now line {line.new}" if line.new is not None else "went"


def _texts(number: int, line: Line, found: EditionOutcome) -> Iterator[str]:
    if number in found.lines.withheld_lines:
        return
    old = found.edition.old_text[number - 1] if found.edition.old_text is not None else ""
    new = found.edition.new_text[line.new - 1] if line.new is not None else ""
    if line.new is not None and (why := _unshown(line.new, found)):
        yield f"  + {why}"
        return
    alike = _alike(_flat(old), _flat(new))
    for sign, text in (("-", old), ("+", new)):
        if text:
            yield f"  {sign} {_printable_line(text, alike)}"


def _amendment_texts(found: EditionOutcome) -> Iterator[str]:
    for ruling in Ruling:
        for one in found.amendments:
            if one.ruling == ruling:
                place = f", {one.place}" if one.place else ""
                yield f"amendments.yaml:{one.span.line} {one.id}{place}: {ruling.value}"


def _new_texts(found: EditionOutcome) -> Iterator[str]:
    for number in found.edition.added:
        shown = _unshown(number, found) or _printable_line(found.edition.new_text[number - 1])
        yield f"new line {number}: {shown}"


def _unshown(number: int, found: EditionOutcome) -> str:
    """Say why a line of the new edition is not shown; empty where it can be."""
    withheld = found.lines.withheld_lines
    if withheld and found.edition.old_text is None:
        return _UNKNOWN
    known = found.edition.lines
    instead = (n for old in withheld if old in known for n in known[old].instead)
    return _HIDDEN if number in {*instead, *found.echoes} else ""


def _moved_texts(found: EditionOutcome, written: Mapping[Path, bytes]) -> Iterator[str]:
    for mention in found.mentions:
        yield f"{mention.span.file}:{mention.span.line} speaks of a line that is elsewhere now"
    moved = [one for one in found.affected if one.has_moved]
    left = len(found.affected) - len(moved)
    if written:
        for path in written:
            yield f"written: {path.as_posix()}"
        yield (
            f"{len(moved)} citations moved, {left} unsettled"
            + (": lines.yaml lists them" if left else "")
            + f"; keep the new text as {found.document}"
        )
    else:
        yield (
            f"{len(moved)} facts only moved"
            + (": --move rewrites their lines" if moved else "")
            + f"; {left} to read again"
        )


def _breadth(one: Affected) -> int:
    """Narrow citations first: they say most of a line."""
    return sum(last - first + 1 for first, last in one.fact.lines)


def _alike(one: str, other: str) -> int:
    """Return at how many characters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _printable_line(text: str, alike: int = 0) -> str:
    """Return what a terminal may show of a line; of a long one, the part that differs."""
    flat = _flat(text)
    start = max(0, alike - _LONGEST // 2) if len(flat) > _LONGEST else 0
    cut = flat[start : start + _LONGEST]
    cut = f"{'…' if start else ''}{cut}{'…' if start + _LONGEST < len(flat) else ''}"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)

"""Rewrite the citations of a system for a new edition. Texts in, texts out: writes nothing."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gridwright.source import Node, read_whole
from gridwright.trace.affected import Affected
from gridwright.trace.coverage import runs
from gridwright.trace.edition import Edition, echoes, is_hardly_found
from gridwright.trace.facts import CitedFact, Ranges, facts_of, numbers
from gridwright.trace.hashes import hash_lines
from gridwright.trace.lines import FILE, Lines, Unsettled, understand_lines

__all__ = ["MoveError", "Moved", "move", "with_hashes"]


class MoveError(Exception):
    """The citations cannot be rewritten; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What ``--move`` makes of the files of a system.

    Attributes:
        texts: every file that changes, by name.
        unsettled: facts whose line changed or went: theirs stays as it was.
    """

    texts: Mapping[str, str]
    unsettled: tuple[Affected, ...]


def move(
    texts: Mapping[str, str],
    system: str,
    lines: Lines,
    affected: Sequence[Affected],
    edition: Edition,
) -> Moved:
    """Rewrite what only moved, record what did not, and record the hashes of the new edition.

    Args:
        texts: the files of the system by name, lines.yaml among them.
        system: its id.
        lines: what lines.yaml says.
        affected: the facts that are not where or what they were.
        edition: where the lines of the former edition stand now.

    Raises:
        MoveError: something stands in the way; nothing may be written.
    """
    if lines.unsettled:
        raise MoveError(
            f"{lines.file} still names unsettled lines of the last edition: settle them first"
        )
    if lines.withheld and edition.old_text is None:
        raise MoveError(
            "lines are withheld, and without the former text nobody can tell where they stand "
            "now: give its folder by --documents"
        )
    if is_hardly_found(edition):
        raise MoveError(
            "hardly a line of the former text is found in the new one: give the text of this "
            "document, and the whole of it"
        )
    withheld = {f"withheld.{i}": _withheld(w.lines, edition) for i, w in enumerate(lines.withheld)}
    wanted = [a for a in affected if a.has_moved and not _is_withheld(a.fact)]
    unsettled = tuple(a for a in affected if not a.has_moved and not _is_withheld(a.fact))
    changes: dict[str, list[tuple[Node, Ranges]]] = {name: [] for name in texts}
    for one in wanted:
        changes[one.fact.file].append((one.fact.at, one.now))
    for fact in lines.facts:
        if (now := withheld.get(fact.name)) and now != fact.lines:
            changes[FILE].append((fact.at, now))
    after = {name: rewrite(text, changes[name]) for name, text in texts.items()}
    entries = [Unsettled(a.fact.span, a.fact.file, a.fact.name, a.fact.lines, a.now)
               for a in unsettled]  # fmt: skip
    secret = {n for now in withheld.values() for n in numbers(now)}
    after[FILE] = _with_unsettled(after[FILE], entries)
    after[FILE] = with_hashes(after[FILE], hash_lines(system, edition.new_text, secret))
    _require_same(texts, after)
    return Moved(
        {name: text for name, text in after.items() if text != texts[name]},
        unsettled,
    )


def rewrite(text: str, changes: Sequence[tuple[Node, Ranges]]) -> str:
    """Write other lines into citations, and leave every other character as it is."""
    edits: dict[tuple[int, int], tuple[int, str]] = {}
    rows = text.splitlines(keepends=True)
    for at, now in changes:
        for row, column, length, new in _edits(at, now, rows):
            edits[row, column] = (length, new)
    for (row, column), (length, new) in sorted(edits.items(), reverse=True):
        line = rows[row]
        rows[row] = line[:column] + new + line[column + length :]
    return "".join(rows)


def with_hashes(text: str, hashes: Sequence[str]) -> str:
    """Write the hashes of a document into the text of a lines.yaml, at its end."""
    kept: list[str] = []
    inside = False
    for row in text.splitlines(keepends=True):
        if inside and (row.startswith(" ") or not row.strip()):
            continue
        inside = row.startswith("hashes:")
        if not inside:
            kept.append(row)
    if kept and not kept[-1].endswith("\n"):
        kept.append("\n")
    return "".join([*kept, "hashes: |\n", *(f"  {token}\n" for token in hashes)])


def _edits(at: Node, now: Ranges, rows: Sequence[str]) -> Iterator[tuple[int, int, int, str]]:
    """Yield row and column from 0, the length to replace, and the text to put there."""
    row, column = at.span.line - 1, at.span.column - 1
    if at.text is not None:
        length = _length(at, rows)
        yield row, column, length, _one_or_list(now)
        return
    items = at.items or ()
    if rows[row][column : column + 1] == "[":
        last = items[-1]
        end_row, end = last.span.line - 1, last.span.column - 1 + _length(last, rows)
        if end_row == row:
            start = items[0].span.column - 1
            yield row, start, end - start, ", ".join(map(_range, now))
            return
    # A list over several lines: the first item takes all that the others lose.
    whole = len(items) == len(now)
    for index, item in enumerate(items):
        place = item.span.line - 1, item.span.column - 1, _length(item, rows)
        if whole:
            yield *place, _range(now[index])
        else:
            raise MoveError(
                f"{item.span}: the list of lines would grow or shrink: write it in one line, "
                "such as at: [61-72, 77], and run again"
            )


def _length(node: Node, rows: Sequence[str]) -> int:
    """Return how long a scalar is in its file, its quotes included."""
    start = rows[node.span.line - 1][node.span.column - 1 :]
    return len(node.text or "") + (2 if start[:1] in ('"', "'") else 0)


def _one_or_list(now: Ranges) -> str:
    return _range(now[0]) if len(now) == 1 else f"[{', '.join(map(_range, now))}]"


def _range(lines: tuple[int, int]) -> str:
    first, last = lines
    return str(first) if first == last else f"{first}-{last}"


def _is_withheld(fact: CitedFact) -> bool:
    return fact.file == FILE and fact.path[0] == "withheld"


def _withheld(lines: Ranges, edition: Edition) -> Ranges:
    """Return the lines to withhold: where they stand now, or all that may be in their place.

    A line that repeats what stood on a withheld one alone is to be withheld, too.
    """
    found: set[int] = set()
    for number in numbers(lines):
        line = edition.lines.get(number)
        if line is not None:
            found |= set(line.instead or ([] if line.new is None else [line.new]))
    found |= echoes(frozenset(numbers(lines)), edition)
    return runs(sorted(found)) or lines


def _with_unsettled(text: str, entries: Sequence[Unsettled]) -> str:
    if not entries:
        return text
    begin = re.search("^hashes:", text, re.MULTILINE)
    head, rest = (text[: begin.start()], text[begin.start() :]) if begin else (text, "")
    written = "".join(
        f"- {{file: {e.file}, fact: {json.dumps(e.fact, ensure_ascii=False)}, "
        f"was: {_one_or_list(e.was)}{f', now: {_one_or_list(e.now)}' if e.now else ''}}}\n"
        for e in entries
    )
    note = "# Of the former edition: correct each fact, then remove its entry.\n"
    return f"{head}{note}unsettled:\n{written}\n{rest}"


def _require_same(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Refuse texts that say anything else than before, apart from the lines that they cite.

    Raises:
        MoveError: the rewriting went wrong, or the spec was not readable before.
    """
    for name, text in before.items():
        new = after[name]
        if name == FILE:
            fine = not understand_lines(new.encode(), name)[1]
        else:
            old_root, new_root = _root(text, name), _root(new, name)
            fine = _without_lines(old_root) == _without_lines(new_root)
        if not fine:
            raise MoveError(
                f"{name} cannot be rewritten as it stands: `gridwright check` says more"
            )


def _root(text: str, name: str) -> Node:
    root = read_whole(text, name)
    if root is None:
        raise MoveError(f"{name} cannot be read: `gridwright check` says why")
    return root


def _without_lines(root: Node) -> object:
    """Return all that a file says, its citations blanked out."""
    facts = (
        facts_of(root) if root.entries is not None else facts_of(Node(root.span), root.items or ())
    )
    cited = {id(fact.at) for fact in facts}
    return _blanked(root, cited)


def _blanked(node: Node, cited: set[int]) -> object:
    if id(node) in cited:
        return None
    if node.items is not None:
        return [_blanked(item, cited) for item in node.items]
    if node.entries is not None:
        return [(entry.key, _blanked(entry.value, cited)) for entry in node.entries]
    return node.text

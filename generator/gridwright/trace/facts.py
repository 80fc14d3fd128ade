"""List every citation of a spec: which fact cites which lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridwright.diagnostics import Diagnostic, Span
from gridwright.resolve.context import line_range
from gridwright.source import Entry, Node, read_yaml

__all__ = [
    "CitedFact",
    "Ranges",
    "Spec",
    "facts_of",
    "join_path",
    "numbers",
    "ranges_of",
    "read_spec",
]

Ranges = tuple[tuple[int, int], ...]
"""First and last line of each place in a document, from 1."""

# Mappings of wire names and arguments, where a key `at` is no citation.
_NO_CITATIONS = frozenset({"samples", "send", "standing", "success", "when"})
# What the entries of a mapping are; further in counts more.
_KINDS = {
    "auth": "login",
    "codes": "code list",
    "conventions": "convention",
    "credentials": "credential",
    "document": "document",
    "envelopes": "envelope",
    "examples": "example",
    "facts": "printed fact",
    "fields": "field",
    "limits": "limit",
    "operation_list": "listed operation",
    "operations": "operation",
    "records": "record",
    "request": "parameter",
    "revisions": "revision",
    "rules": "rule",
    "servers": "server",
    "statuses": "status",
    "title": "document",
    "values": "code",
}
# A range of more lines than any document has is beyond its end after so many.
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class CitedFact:
    """One value of a spec that cites lines.

    Attributes:
        file: interface.yaml, amendments.yaml or lines.yaml.
        path: keys from the root; of an amendment, its id first.
        kind: what it is, such as field or erratum.
        span: where its key stands, or the item of a list.
        at: the citation as it stands in the file.
        lines: the citation's ranges.
    """

    file: str
    path: tuple[str, ...]
    kind: str
    span: Span
    at: Node
    lines: Ranges

    @property
    def name(self) -> str:
        """The path in one text, as amendments write it."""
        return join_path(self.path)


@dataclass(frozen=True, slots=True)
class Spec:
    """The files of a system as they stand, amendments not applied; an absent file is empty."""

    system: str
    document: str
    interface: Node
    amendments: tuple[Node, ...]
    facts: tuple[CitedFact, ...]


def read_spec(specs: Path, system: str) -> tuple[Spec | None, list[Diagnostic]]:
    """Read what a system cites; its grammar is not checked.

    Returns:
        None where the interface cannot be read at all; and what is wrong with the texts.
    """
    folder = specs / system
    path = folder / "interface.yaml"
    root, problems = read_yaml(path.read_bytes(), path.as_posix())
    if root is None:
        return None, problems
    amendments: tuple[Node, ...] = ()
    path = folder / "amendments.yaml"
    if path.is_file():
        node, found = read_yaml(path.read_bytes(), path.as_posix())
        problems += found
        amendments = (node.items or ()) if node else ()
    document = (root.get("document") or root).string("file")
    return Spec(system, document, root, amendments, facts_of(root, amendments)), problems


def facts_of(interface: Node, amendments: tuple[Node, ...] = ()) -> tuple[CitedFact, ...]:
    """Return every citation of a transcription and its amendments, in the order of the files."""
    found = list(_interface_facts(interface))
    for amendment in amendments:
        found += _amendment_facts(amendment)
    return tuple(found)


def ranges_of(at: Node | None) -> Ranges:
    """Read a citation; what is no line is left out, the grammar reports it."""
    if at is None:
        return ()
    cited = (line_range(item.text) for item in at.items or (at,) if item.text is not None)
    return tuple(lines for lines in cited if lines is not None)


def numbers(ranges: Ranges) -> Iterator[int]:
    """Yield every line of some ranges."""
    for first, last in ranges:
        yield from range(first, min(last, first + _LONGEST) + 1)


def join_path(path: tuple[str, ...]) -> str:
    """Write a path as amendments do."""
    return ".".join(f'"{key}"' if not key or set(key) & set('." ') else key for key in path)


def _interface_facts(root: Node) -> Iterator[CitedFact]:
    for entry in root.entries or ():
        yield from _below(entry.value, (entry.key,), entry.key_span, "interface.yaml", "")


def _amendment_facts(amendment: Node) -> Iterator[CitedFact]:
    kind = amendment.string("kind") or "amendment"
    span = (amendment.get("id") or amendment).span
    path = (amendment.string("id"),)
    yield from _own(amendment, path, span, "amendments.yaml", kind)
    for change in amendment.children("patch"):
        below = (*path, "patch", change.key)
        for entry in change.value.entries or ():
            inner = (*below, entry.key)
            if change.key.endswith(".at"):
                yield from _fact(entry.value, inner, entry.key_span, "amendments.yaml", kind)
            yield from _below(entry.value, inner, entry.key_span, "amendments.yaml", kind)


def _below(
    node: Node, path: tuple[str, ...], span: Span, file: str, kind: str
) -> Iterator[CitedFact]:
    """Yield the citations of a value and of all below it; an empty ``kind`` follows the path."""
    if path[-1] in _NO_CITATIONS:
        return
    yield from _own(node, path, span, file, kind)
    for entry in node.entries or ():
        yield from _entry(entry, path, file, kind)
    for index, item in enumerate(node.items or ()):
        yield from _below(item, (*path, str(index)), item.span, file, kind)


def _entry(entry: Entry, path: tuple[str, ...], file: str, kind: str) -> Iterator[CitedFact]:
    if entry.value.text is None and not (entry.key == "at" and ranges_of(entry.value)):
        yield from _below(entry.value, (*path, entry.key), entry.key_span, file, kind)


def _own(
    node: Node, path: tuple[str, ...], span: Span, file: str, kind: str
) -> Iterator[CitedFact]:
    if (at := node.get("at")) is not None:
        yield from _fact(at, path, span, file, kind)


def _fact(at: Node, path: tuple[str, ...], span: Span, file: str, kind: str) -> Iterator[CitedFact]:
    if lines := ranges_of(at):
        yield CitedFact(file, path, kind or _kind(path), span, at, lines)


def _kind(path: tuple[str, ...]) -> str:
    """Name what a path leads to by the innermost mapping that has a kind of its own."""
    above = [*path[:-1]] if len(path) > 1 else [*path]
    return next((_KINDS[key] for key in reversed(above) if key in _KINDS), path[0])

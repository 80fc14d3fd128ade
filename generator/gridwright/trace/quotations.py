"""Check that what a spec quotes stands on the line it cites. Needs the document at hand."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Basis
from gridwright.load import load_system
from gridwright.resolve.context import line_range
from gridwright.source import Entry, Node, read_yaml
from gridwright.spec_names import UNDOCUMENTED

__all__ = ["check_literals", "literal_pattern", "literals_off_their_line"]

# Keys whose values are quoted from the document; all other texts are ours.
_QUOTED = frozenset({
    "address", "caption", "change", "date", "description", "element", "format", "kind_label",
    "label", "note", "number", "reason", "required", "size", "text", "title", "wire_name",
    "publisher",
})  # fmt: skip
# Mappings whose keys are quoted from the document.
_QUOTED_KEYS = frozenset({"fields", "request", "revisions", "values", "required_marks"})
# Mappings whose keys are names, of the document or of ours.
_OF_NAMES = _QUOTED_KEYS | {"codes", "credentials", "envelopes", "operations", "records", "servers"}
# Where an envelope has its fields: in the root of the reply.
_ROOT = "."
# A letter or digit of a script that writes blanks between words: not Thai, kana or ideographs.
_LETTER = r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]"
# A range of more lines than any document has is beyond its end after so many.
_LONGEST = 10_000
# Mappings in which the same words mean something of ours.
_OURS = frozenset({"series", "instant", "success", "consent", "errors", "also", "samples", "send",
                   "when", "filler"})  # fmt: skip


def check_literals(specs: Path, system: str, documents: Path) -> list[Diagnostic]:
    """Report literals of a system's transcription that do not stand where it says.

    Args:
        specs: folder of the specs.
        system: id of the system.
        documents: folder that holds the document's text.
    """
    path = specs / system / "interface.yaml"
    root, _ = read_yaml(path.read_bytes(), path.as_posix())
    if root is None:
        return []
    name = (root.get("document") or root).string("file")
    document = documents / name
    if not name or "/" in name or not document.is_file():
        span = ((root.get("document") or root).get("file") or root).span
        return [
            Diagnostic(
                span,
                "no-document",
                f"{name!r} is not in {documents.as_posix()}",
                "put the document's text there, or leave out --documents",
            )
        ]
    try:
        lines = document.read_text(encoding="utf-8").split("\n")
        if lines[-1] == "":
            lines.pop()  # the file ends with its last line
    except UnicodeDecodeError:
        span = Span(document.as_posix(), 1, 1)
        return [Diagnostic(span, "not-utf8", "the document is not UTF-8 text", "convert it")]
    loaded, _ = load_system(specs, system)
    found = list(literals_off_their_line(root, lines))
    for amendment in loaded.amendments if loaded else ():
        found += _amendment_lines(amendment, lines)
    return found


def literals_off_their_line(root: Node, lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield every quoted text that is not part of the lines cited for it."""
    for entry in root.entries or ():
        yield from _walk(entry, root, (), lines)


def _walk(
    entry: Entry,
    parent: Node,
    cited: tuple[int, ...],
    lines: Sequence[str],
    *,
    is_name: bool = False,
) -> Iterator[Diagnostic]:
    """Yield the quoted texts of an entry that are not part of the lines cited for it.

    Args:
        entry: of a mapping.
        parent: that mapping.
        cited: the lines that are cited around it.
        lines: of the document.
        is_name: its key is a name of the document or of ours, and no key of the language, whatever
            it is called.
    """
    key = "" if is_name else entry.key
    if key in _OURS:
        return
    node = entry.value
    if node.text is not None:
        if node.text in (UNDOCUMENTED, _ROOT) or _is_believed(parent):
            return
        here = _lines(parent) or cited
        if key in _QUOTED and here:
            yield from _compare(node.text, node, here, lines)
        return
    cited = _lines(node) or cited
    if key in _QUOTED_KEYS:
        for below in node.entries or ():
            here = () if _is_believed(below.value) else _lines(below.value) or cited
            is_format = below.value.text is not None and key == "values"
            if here and not is_format and below.key != _ROOT:
                quoted = Node(below.key_span, text=below.key)
                # The sign of an attribute is ours.
                yield from _compare(below.key.removeprefix("@"), quoted, here, lines)
    if key == "values":
        yield from _codes(entry, cited, lines)
    for below in node.entries or ():
        yield from _walk(below, node, cited, lines, is_name=key in _OF_NAMES)
    for item in node.items or ():
        for below in item.entries or ():
            yield from _walk(below, item, _lines(item) or cited, lines)


def _is_believed(node: Node) -> bool:
    """Whether nothing prints a fact: it has a reason, and no line."""
    reasons = (Basis.INFERRED, Basis.ASSUMED, Basis.OBSERVED)
    return node.get("at") is None and any(node.get(basis.value) for basis in reasons)


def _compare(
    text: str, node: Node, cited: Sequence[int], lines: Sequence[str]
) -> Iterator[Diagnostic]:
    beyond = [number for number in cited if not 1 <= number <= len(lines)]
    if beyond:
        yield Diagnostic(
            node.span,
            "literal-off-line",
            f"line {beyond[0]} is beyond the document's {len(lines)} lines",
            "cite a line of the document",
        )
        return
    literal = literal_pattern(text)
    if text and not any(literal.search(lines[number - 1]) for number in cited):
        found = [n for n, line in enumerate(lines, 1) if literal.search(line)]
        where = ", ".join(map(str, found[:5]))
        yield Diagnostic(
            node.span,
            "literal-off-line",
            f"{text!r} does not stand on line {_span(cited)}",
            f"it stands on line {where}"
            if where
            else "transcribe what is printed there; correct it by an amendment",
        )


def literal_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a text that is no part of a longer word or number."""
    before, after = "", ""
    if re.match(_LETTER, text):
        before = rf"(?<![0-9][,.])(?<!{_LETTER})" if text[:1].isdecimal() else rf"(?<!{_LETTER})"
    if re.match(_LETTER, text[-1:]):
        after = rf"(?!{_LETTER})(?![,.][0-9])" if text[-1:].isdecimal() else rf"(?!{_LETTER})"
    return re.compile(f"{before}{re.escape(text)}{after}")


def _codes(entry: Entry, cited: tuple[int, ...], lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield labels of codes that do not stand right behind their code."""
    for code in entry.value.entries or ():
        label = code.value.get("label")
        here = _lines(code.value) or cited
        if label is None or not label.text or not here:
            continue
        # Glosses do not keep to the code's case.
        pattern = rf"(?<!\w){re.escape(code.key)}[\s:(=]*{re.escape(label.text)}(?!\w)"
        beside = re.compile(pattern, re.IGNORECASE)
        if not any(beside.search(lines[n - 1]) for n in here if n <= len(lines)):
            yield Diagnostic(
                label.span,
                "literal-off-line",
                f"{label.text!r} does not stand behind the code {code.key!r} on line {_span(here)}",
                "transcribe the label that is printed with the code",
            )


def _amendment_lines(amendment: Node, lines: Sequence[str]) -> Iterator[Diagnostic]:
    beyond = [number for number in _lines(amendment) if number > len(lines)]
    if beyond:
        yield Diagnostic(
            (amendment.get("at") or amendment).span,
            "literal-off-line",
            f"line {beyond[0]} is beyond the document's {len(lines)} lines",
            "cite a line of the document",
        )


def _lines(node: Node) -> tuple[int, ...]:
    at = node.get("at")
    if at is None:
        return ()
    found: list[int] = []
    for item in at.items or (at,):
        cited = line_range(item.text or "")
        if cited is not None:
            found += range(cited[0], min(cited[1], cited[0] + _LONGEST) + 1)
    return tuple(found)


def _span(cited: Sequence[int]) -> str:
    shown = ", ".join(map(str, cited[:6]))
    return f"{shown}, …" if len(cited) > 6 else shown

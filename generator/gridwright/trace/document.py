"""Read the text of a document, where it is at hand. Never writes it anywhere."""

from pathlib import Path

from gridwright.diagnostics import Diagnostic, Span
from gridwright.trace.facts import Spec
from gridwright.trace.hashes import lines_of

__all__ = ["read_document", "read_text"]


def read_document(spec: Spec, folder: Path) -> tuple[tuple[str, ...] | None, list[Diagnostic]]:
    """Return the lines of the document of a spec; None where it is not in ``folder``."""
    name = spec.document
    path = folder / name
    if not name or "/" in name or not path.is_file():
        node = spec.interface.get("document") or spec.interface
        return None, [
            Diagnostic(
                (node.get("file") or node).span,
                "no-document",
                f"{name!r} is not in {folder.as_posix()}",
                "put the document's text there, or leave out --documents",
            )
        ]
    return read_text(path)


def read_text(path: Path) -> tuple[tuple[str, ...] | None, list[Diagnostic]]:
    """Return the lines of a text; None where it is not UTF-8."""
    try:
        # A mark of the byte order says how a file was saved, and is no part of the document.
        return tuple(lines_of(path.read_text(encoding="utf-8-sig"))), []
    except UnicodeDecodeError:
        span = Span(path.as_posix(), 1, 1)
        return None, [Diagnostic(span, "not-utf8", "the document is not UTF-8 text", "convert it")]

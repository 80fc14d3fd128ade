"""Tables and sources of reference pages; every text is Markdown."""

from dataclasses import dataclass

from gridwright.ir import Citation
from gridwright.output.escape import markdown, markdown_code
from gridwright.targets.python import source_of

__all__ = ["MarkdownTable", "describe_source", "used_up"]


@dataclass(frozen=True, slots=True)
class MarkdownTable:
    """A table; every cell is Markdown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def describe_source(citation: Citation) -> str:
    """Say where a fact comes from, with links to what amended it."""
    text = markdown(source_of(citation))
    if citation.reason and str(citation):
        text += f" ({citation.basis.value}: {markdown(citation.reason)})"
    if citation.amended:
        links = ", ".join(f"[{name}](amendments.md#{name})" for name in citation.amended)
        text += f"; amended by {links}"
    return text


def used_up(limit: str) -> str:
    """Say what follows where a refusal says that a limit is used up."""
    return f"; nothing leaves until {markdown_code(limit)} resets" if limit else ""

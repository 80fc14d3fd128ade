"""Facts and their origin: citations, the document, its revisions and amendments."""

from dataclasses import dataclass
from enum import StrEnum

from gridwright.diagnostics import Span
from gridwright.ir.words import AmendmentKind

__all__ = ["Amendment", "Basis", "Citation", "Document", "Fact", "JsonLists", "Missing", "Revision"]


class Basis(StrEnum):
    """How strong a fact is, strongest first."""

    DOCUMENT = "document"
    OBSERVED = "observed"
    INFERRED = "inferred"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a fact comes from.

    Attributes:
        lines: first and last line of each place in the document's text, from 1; may be empty.
        reason: why the fact is believed where the document does not print it; empty otherwise.
        amended: ids of the amendments that changed or added the fact.
    """

    lines: tuple[tuple[int, int], ...]
    basis: Basis
    reason: str = ""
    amended: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a missing value looks like on the wire: empty, null or absent."""

    json: tuple[str, ...]
    xml: tuple[str, ...]
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLists:
    """What JSON has in place of some lists: the one item itself, or nothing for no items."""

    forms: tuple[str, ...]
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One line of the document's revision history, as printed."""

    version: str
    date: str
    change: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A printed fact that shapes no code."""

    name: str
    label: str
    text: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document that a spec transcribes."""

    file: str
    title: str
    language: str
    publisher: str
    publisher_en: str
    revisions: tuple[Revision, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A correction or observation laid over the transcription.

    Attributes:
        kind: erratum, observation or private.
        about: paths of the spec that it concerns, those it patches included.
        changes: path, value as printed and value used, as short texts for a reader.
    """

    id: str
    kind: AmendmentKind
    lines: str
    evidence: str
    strength: str
    finding: str
    ruling: str
    about: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]
    span: Span

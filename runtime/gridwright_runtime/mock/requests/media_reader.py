"""In which encoding a request is written, and in which format it asks for the reply."""

from collections.abc import Mapping
from typing import Any

from ...interface import Encoding, Format, FormatWord, Operation, Part
from .incoming import IncomingRequest
from .part_values import PartValues, text_of
from .source_texts import constant_of

__all__ = ["MediaReader"]


class MediaReader:
    """Reads the media types of one operation's requests."""

    __slots__ = (
        "_encodings", "_formats", "_is_soap", "_is_value", "_own_types", "_words", "largest_body",
        "takes_any_size", "takes_bodies", "takes_files",
    )  # fmt: skip

    def __init__(self, operation: Operation[Any]) -> None:
        request = operation.request
        self._formats = operation.reply.formats
        self._is_soap = operation.soap is not None
        self._is_value = request.body is not None and request.body.is_value
        self._encodings: frozenset[Encoding] = (
            frozenset(request.body.encodings.values()) if request.body else frozenset()
        )
        self._own_types = {
            said.partition(";")[0].strip().lower()
            for part in request.parts
            if part.place == "header" and part.wire.lower() == "content-type"
            if (said := constant_of(part)) is not None
        }
        """That the document names itself; empty where they are the usual ones."""
        self._words = _format_words(request.parts)
        self.takes_files = bool(self._encodings & {"multipart_form", "file"})
        self.takes_any_size = "file" in self._encodings
        """Its body is measured as it arrives, and not kept."""
        self.takes_bodies = bool(self._encodings) or self._is_soap
        self.largest_body = _LARGEST if self._encodings - {"form"} or self._is_soap else _A_FORM
        """In bytes."""

    def takes(self, incoming: IncomingRequest) -> bool:
        """Say whether the body is of a media type that the operation takes."""
        if self._is_soap:
            return incoming.media_type in ("text/xml", "multipart/related")
        if self._is_value and not incoming.body and "content-type" not in incoming.headers:
            return True  # a value that may be left out
        return not self._encodings or self.encoding(incoming) is not None

    def encoding(self, incoming: IncomingRequest) -> Encoding | None:
        """Return the encoding of a body; None where the operation takes no such body."""
        media_type = incoming.media_type
        if "file" in self._encodings:
            return "file"  # of any media type
        if media_type in self._own_types and len(self._encodings) == 1:
            return next(iter(self._encodings))
        found = _ENCODINGS.get(media_type) or _SUFFIXES.get(media_type.rpartition("+")[2])
        return found if found in self._encodings else None

    def format(self, placed: PartValues) -> Format | None:
        """Return the format of the reply that is asked for; None where none will do."""
        first: Format = next(iter(self._formats), "json")
        if self._is_soap:
            return "xml"
        if self._words is not None:
            part, words = self._words
            said = text_of(placed.find(part))
            return next((format for format, word in words.items() if word == said), first)
        if len(self._formats) < 2:
            return first
        sent = _FORMATS_OF_ENCODINGS.get(self.encoding(placed.incoming) or "", first)
        known = {
            name.partition(";")[0].strip().lower(): format
            for format, types in self._formats.items()
            for name in types
        }
        known |= {f"application/{format}": format for format in self._formats}
        wanted = placed.incoming.headers.get("accept", "")
        return _best(wanted, known, sent if sent in self._formats else first)


def _format_words(parts: tuple[Part, ...]) -> tuple[Part, Mapping[Format, str]] | None:
    """Return the part that says the format of the reply, and its words; None without one."""
    for part in parts:
        if isinstance(part.source, FormatWord):
            return part, part.source.words
    return None


def _best(accept: str, known: Mapping[str, Format], otherwise: Format) -> Format | None:
    """Return the best of the formats that are accepted."""
    best: tuple[float, Format | None] = (0.0, None)
    for item in accept.split(",") if accept.strip() else ["*/*"]:
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        format = otherwise if name in ("*/*", "application/*") else known.get(name)
        weight = float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0
        if format is not None and weight > best[0]:
            best = (weight, format)
    return best[1]


_ENCODINGS: Mapping[str, Encoding] = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart_form",
    "text/plain": "text",
}
_SUFFIXES: Mapping[str, Encoding] = {"json": "json", "xml": "xml"}
_FORMATS_OF_ENCODINGS: Mapping[str, Format] = {"json": "json", "xml": "xml"}
_LARGEST, _A_FORM = 67_108_864, 1_048_576

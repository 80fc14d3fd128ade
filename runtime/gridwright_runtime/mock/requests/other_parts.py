"""Judge what a request holds beside arguments, credentials and results of logins."""

from collections.abc import Sequence
from typing import Any

from ...interface import (
    Argument,
    FormatWord,
    NewId,
    Operation,
    Option,
    Part,
    Serial,
    ServiceName,
)
from ..world import Refusal
from .media_reader import MediaReader
from .part_values import PartValues, text_of
from .source_texts import constant_of, holes_in, is_access

__all__ = ["OtherParts"]


class OtherParts:
    """The parts of one operation that are neither arguments nor about access."""

    __slots__ = ("_judged", "_media", "_options", "_service_name", "constants")

    def __init__(
        self, operation: Operation[Any], options: Sequence[Option], media: MediaReader
    ) -> None:
        self._media = media
        self._service_name = operation.wire_name
        self._options = {option.name: option for option in options}
        others = [
            (part, constant_of(part))
            for part in operation.request.parts
            if not isinstance(part.source, Argument) and not is_access(part)
        ]
        self.constants = [
            (part, text) for part, text in others if text is not None and not part.optional
        ]
        """What every request holds, with its text."""
        # The check of the request judges the word for a format where it sees it.
        self._judged = [
            (part, text)
            for part, text in others
            if not (part.checked and isinstance(part.source, FormatWord))
        ]

    def refusal(self, placed: PartValues) -> Refusal | None:
        """Return why a request is refused for one of them; None where all are as documented."""
        for part, constant in self._judged:
            text = text_of(placed.find(part))
            if text is None or not text.strip():
                if _is_needed(part):
                    where = " in the SOAP header" if part.place == "soap_header" else ""
                    return Refusal("missing", "mock-2001", f"mock: {part.wire} is missing{where}")
                continue
            if isinstance(part.source, ServiceName) and text != self._service_name:
                name = f"mock: {part.wire} is that of another service"
                return Refusal("other-service", "mock-1005", name)
            if self._is_odd(part, constant, text, placed):
                return Refusal("malformed", "mock-2003", f"mock: {part.wire}: is not as documented")
        return None

    def _is_odd(self, part: Part, constant: str | None, text: str, placed: PartValues) -> bool:
        """Say whether a part holds something else than its document says."""
        source = part.source
        if isinstance(source, FormatWord) and not _is_negotiated(part):
            return text not in source.words.values()
        if isinstance(source, Serial) and not text.isdigit():
            return True
        if constant is not None and text != constant and not _is_negotiated(part):
            return True
        return not (self._is_option_value(part, text) and self._is_kind(part, placed))

    def _is_kind(self, part: Part, placed: PartValues) -> bool:
        """Say whether JSON has a constant as the kind of value that the document gives it."""
        if not part.json or self._media.encoding(placed.incoming) != "json":
            return True
        wanted = bool if part.json == "boolean" else int
        return type(placed.find(part)) is wanted

    def _is_option_value(self, part: Part, text: str) -> bool:
        holes = () if isinstance(part.source, FormatWord) else holes_in(part.source)
        if len(holes) != 1 or holes[0].kind != "option" or part.source.pieces != (holes[0],):  # type: ignore[union-attr]  # what has holes is a text, or HTTP Basic
            return True
        option = self._options.get(holes[0].name)
        return option is None or not option.values or text in option.values


def _is_needed(part: Part) -> bool:
    """Say whether a request may not do without a part."""
    if part.optional or isinstance(part.source, FormatWord):
        return False
    # What identifies a request is needed, whatever its check says.
    if part.checked and not isinstance(part.source, NewId):
        return False
    # Clients send what they are told once only where they are told it.
    is_told = any(hole.kind == "option" for hole in holes_in(part.source))
    return not is_told and constant_of(part) != ""


def _is_negotiated(part: Part) -> bool:
    """Say whether a header may be written in other ways and mean the same."""
    return part.place == "header" and part.wire.lower() in ("accept", "content-type", "user-agent")

"""Say what the journal may show of a request: no secret, nothing personal."""

from collections.abc import Mapping
from typing import Any

from ...interface import Argument, FormatWord, NewId, Now, Operation, Serial, ServiceName
from ...redact import MASK, printable
from ...values.convert import shape_of
from ..world import ReceivedFile
from .part_values import PartValues, text_of
from .source_texts import constant_of, holes_in

__all__ = ["JournalValues"]


class JournalValues:
    """What of one operation's requests the journal may show."""

    __slots__ = ("_fields", "_parts")

    def __init__(self, operation: Operation[Any]) -> None:
        request = operation.request
        personal = request.model.__personal__
        self._fields = [
            (field.wire, field.name in personal)
            for field in shape_of(request.model).fields
            if field.model is None and not field.many
        ]
        self._parts = [
            (part, isinstance(part.source, NewId | FormatWord | Now | ServiceName | Serial))
            for part in request.parts
            if not isinstance(part.source, Argument)
            and part.place not in ("soap_header", "soap_security")
            and constant_of(part) is None
            and not any(hole.kind == "step" for hole in holes_in(part.source))
        ]

    def shown(
        self, placed: PartValues, stands: Mapping[str, object], wrong: set[str]
    ) -> Mapping[str, str]:
        """Return what may be shown of a request.

        Args:
            placed: the request, by part.
            stands: its arguments, by names on the wire.
            wrong: what is not as documented, by names on the wire; it may be anything.
        """
        shown: dict[str, str] = {}
        for wire, is_personal in self._fields:
            value = stands.get(wire)
            if value is None or value == "" or isinstance(value, dict | list):
                continue
            shown[wire] = MASK if is_personal or wire in wrong else _printed(value)
        for part, is_open in self._parts:
            if text := text_of(placed.find(part)):
                hidden = not is_open or part.wire in wrong
                shown[part.wire] = MASK if hidden else printable(text, 100)
        return shown


def _printed(value: object) -> str:
    if isinstance(value, ReceivedFile):
        return f"{value.size_bytes} bytes, SHA-256 {value.sha256}"
    return printable(str(value), 100)

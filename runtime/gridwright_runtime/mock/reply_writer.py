"""Write the replies of one operation by part: payload, verdict, format. Never asks a world."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..interface import Format, Operation
from .envelopes import element_name, write_envelope, write_related
from .faults import WireRecord
from .invention import Inventor
from .reply_naming import Payload, beside_payload, merged, named_payload, placed_payload
from .verdicts import TIME, failed, in_pieces, stands_in_list, succeeded
from .wire import WireTree, named_tree
from .wire_text import DECLARATION, escaped, json_text, xml_text
from .world import Answer, ReceivedFile, Refusal

__all__ = ["ReplyWriter", "Written", "edited", "rows_of"]


class Written(NamedTuple):
    """A reply but for the time in it."""

    pieces: tuple[bytes, ...]
    """What stands between the places of the time."""
    content_type: str

    @property
    def has_time(self) -> bool:
        """Whether the time stands anywhere in it."""
        return len(self.pieces) > 1

    def body(self, time: str) -> bytes:
        """Put the time into its places."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        return escaped(time).encode().join(self.pieces)


class ReplyWriter:
    """Writes the replies of one operation."""

    def __init__(self, operation: Operation[Any], inventor: Inventor) -> None:
        self._operation = operation
        self._inventor = inventor
        self._types = {
            format: _with_charset(types[0] if types else f"application/{format}")
            for format, types in operation.reply.formats.items()
        }

        self._beside = beside_payload(operation)

    @property
    def says_refusals(self) -> bool:
        """Whether a refusal can stand in a reply at all."""
        return self._operation.verdict is not None

    def named(self, answer: Answer) -> Payload:
        """Name a world's answer as on the wire."""
        return named_payload(self._operation, answer, self._inventor)

    def accepted(
        self, format: Format, payload: Payload, attachments: Sequence[ReceivedFile] = ()
    ) -> Written:
        """Write a successful reply."""
        operation = self._operation
        if isinstance(payload, bytes):
            return Written((payload,), "application/octet-stream")
        verdict = succeeded(operation, format, payload if not operation.reply.payload else None)
        if operation.reply.shape == "none":
            return self._whole(format, verdict, attachments)
        # Lists at the root hold nothing beside their records.
        message = placed_payload(operation, verdict, self._shaped(format, payload))
        if self._beside and isinstance(message, dict):
            message = merged(self._beside, message)
        return self._whole(format, message, attachments)

    def refused(self, format: Format, refusal: Refusal, repeat: int = 1) -> Written:
        """Write a refusal where the document's verdict has it; the payload is empty or absent."""
        operation, verdict = self._operation, self._operation.verdict
        if verdict is None:
            raise ValueError("the operation has no verdict")
        if stands_in_list(operation, format):
            rows: Payload = in_pieces(verdict, refusal, repeat)
            message = placed_payload(operation, {}, self._shaped(format, rows))
            return self._whole(format, message)
        said = failed(operation, verdict, refusal)
        if operation.reply.shape == "list" and operation.reply.payload:
            return self._whole(format, placed_payload(operation, said, self._shaped(format, [])))
        return self._whole(format, said)

    def own_words(self, format: Format, payload: object, refusal: Refusal) -> Written:
        """Write a payload whose own fields say no; a verdict goes over them."""
        model = self._operation.reply.model
        tree: WireTree = {}
        if model is not None and isinstance(payload, dict):
            tree = named_tree(model, payload, is_lenient=True)
        message: object = placed_payload(self._operation, {}, tree)
        verdict = self._operation.verdict
        if verdict is not None and isinstance(message, dict):
            message = merged(message, failed(self._operation, verdict, refusal))
        return self._whole(format, message)

    def _shaped(self, format: Format, payload: Payload) -> object:
        """Return a payload as it stands at its path: in XML, lists stand in elements."""
        reply = self._operation.reply
        if format != "xml" or reply.shape != "list":
            return payload
        if reply.item:
            return {reply.item: payload} if payload else ({} if not reply.payload else "")
        return payload if reply.payload else {"item": payload}

    def _whole(
        self, format: Format, message: object, attachments: Sequence[ReceivedFile] = ()
    ) -> Written:
        operation = self._operation
        if operation.soap is not None:
            envelope = write_envelope(
                element_name(operation.soap.reply), operation.soap.namespace, message
            )
            if attachments and operation.reply.attachments:
                body, content_type = write_related(envelope.encode(), attachments)
                return Written((body,), content_type)
            return _split(envelope, "text/xml; charset=UTF-8")
        content_type = self._types.get(format, f"application/{format};charset=UTF-8")
        if operation.reply.shape == "none" and not message:
            return Written((b"",), content_type)
        if format == "json":
            return _split(json_text(message), content_type)
        return _split(
            DECLARATION + xml_text(operation.reply.root or "reply", message), content_type
        )


def _with_charset(media_type: str) -> str:
    return media_type if "charset" in media_type else f"{media_type};charset=UTF-8"


def rows_of(payload: Payload) -> list[WireRecord]:
    """Return the records of a payload: of a list, or of the first list in a record, or itself."""
    if isinstance(payload, list):
        return payload
    if not isinstance(payload, dict):
        return []
    lists = [value for value in payload.values() if isinstance(value, list)]
    return lists[0] if lists else [payload]


def edited(payload: Payload, rows: list[WireRecord]) -> Payload:
    """Return a payload with other records in place of those that `rows_of` returns."""
    if isinstance(payload, list):
        return rows
    if not isinstance(payload, dict):
        return payload
    name = next((wire for wire, value in payload.items() if isinstance(value, list)), None)
    if name is not None:
        return {**payload, name: rows}
    return rows[0] if rows else {}


def _split(text: str, content_type: str) -> Written:
    return Written(
        tuple(piece.encode("utf-8", "replace") for piece in text.split(TIME)), content_type
    )

"""Write the replies of one operation by part: payload, verdict, format."""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from ...codecs.packing import Packing
from ...errors import ConfigurationError
from ...interface import Case, CsvForm, Format, Operation, Verdict
from ...values.convert import shape_of
from ..faults import WireRecord
from ..inventing.values import Inventor
from ..texts.soap_envelopes import (
    HeaderBlock,
    element_name,
    element_namespace,
    write_envelope,
    write_related,
)
from ..texts.wire import WireTree, tree_on_wire
from ..texts.wire_located import blocks_of, headers_of, is_flat, lay_out, spread
from ..texts.wire_text import DECLARATION, escaped, json_text, xml_text
from ..texts.xml_namespaces import declarations, with_prefixes
from ..world import Answer, ReceivedFile, Refusal
from .failure_lists import with_failures_beside
from .item_verdicts import items_that_came
from .line_texts import csv_text, jsonl_text, plain_text
from .packing import MEDIA, packed
from .refusal_forms import form_of
from .reply_naming import (
    Payload,
    beside_on_wire,
    form_on_wire,
    invent_around_payload,
    merged,
    payload_on_wire,
    put_payload,
)
from .verdicts import TIME, failed, in_pieces, stands_in_list, succeeded

__all__ = ["ReplyWriter", "Written", "WrittenRefusal", "edited", "rows_of"]


class Written(NamedTuple):
    """A reply but for the time in it."""

    pieces: tuple[bytes, ...]
    """What stands between the places of the time."""
    content_type: str
    packing: Packing | None = None
    others: tuple[tuple[bytes, ...], ...] = ()
    """The pieces of further members of an archive; the first is there where it has one at all."""
    is_empty_archive: bool = False

    @property
    def has_time(self) -> bool:
        """Whether the time stands anywhere in it."""
        return any(len(pieces) > 1 for pieces in (self.pieces, *self.others))

    def body(self, time: str) -> bytes:
        """Put the time into its places, and pack it."""
        if self.packing is None:
            return self._text(self.pieces, time)
        members = [self._text(pieces, time) for pieces in (self.pieces, *self.others)]
        return packed([] if self.is_empty_archive else members, self.packing)

    @staticmethod
    def _text(pieces: tuple[bytes, ...], time: str) -> bytes:
        if len(pieces) == 1:
            return pieces[0]
        return escaped(time).encode().join(pieces)


class WrittenRefusal(NamedTuple):
    """A refusal, and the status that goes with it."""

    written: Written
    status: int


class ReplyWriter:
    """Writes the replies of one operation."""

    def __init__(self, operation: Operation[Any], inventor: Inventor) -> None:
        self._operation = operation
        self._inventor = inventor
        self._types = {
            format: _with_charset(
                types[0] if types else f"application/{format}", self._charset(format)
            )
            for format, types in operation.reply.formats.items()
        }

        self._beside = invent_around_payload(operation)

    def _charset(self, format: Format) -> str:
        form = self._operation.reply.csv
        return form.encoding if format == "csv" and form is not None and form.encoding else "UTF-8"

    def named(self, answer: Answer) -> Payload:
        """Name a world's answer as on the wire."""
        payload = payload_on_wire(self._operation, answer, self._inventor)
        return items_that_came(self._operation, payload)

    def named_beside(self, answer: Answer) -> WireTree:
        """Name what stands beside a list, by the keys of its model."""
        return beside_on_wire(self._operation, answer, self._inventor)

    def headers(self, beside: WireTree) -> tuple[tuple[str, str], ...]:
        """Return the headers among what stands beside a list."""
        model = self._operation.reply.beside
        return () if model is None else headers_of(beside, model)

    def accepted(
        self,
        format: Format,
        payload: Payload,
        attachments: Sequence[ReceivedFile] = (),
        beside: WireTree | None = None,
        failures: Sequence[Refusal] = (),
    ) -> Written:
        """Write a successful reply, of which parts may have failed."""
        packing = self._operation.reply.packing
        if packing == "zip_of_many":
            return self._archive(format, payload, failures)
        written = self._accepted(format, payload, attachments, beside, failures)
        if packing is None:
            return written
        return written._replace(packing=packing, content_type=MEDIA[packing])

    def failed(self, format: Format, failures: Sequence[Refusal]) -> Written:
        """Write a reply of which nothing came but a list of failures."""
        operation = self._operation
        if format in _WITHOUT_MESSAGE:
            format = "json" if "json" in operation.partial[0].formats else "xml"
        message: object = succeeded(operation, format)
        if operation.reply.shape == "list" and operation.reply.payload:
            message = self._put_payload(format, succeeded(operation, format), [])
        return self._whole(format, with_failures_beside(operation, format, message, failures))

    def _archive(self, format: Format, payload: Payload, failures: Sequence[Refusal]) -> Written:
        """Write a message for each record of an archive, or for each half of a list."""
        rows = payload if isinstance(payload, list) else [payload]
        parts: list[Any] = list(rows)
        if self._operation.reply.shape == "list":
            half = (len(rows) + 1) // 2
            parts = [rows[:half], rows[half:]] if len(rows) > 1 else [rows]
        members = [
            self._accepted(format, part, (), None, () if number else failures)
            for number, part in enumerate(parts)
        ]
        first = members[0].pieces if members else (b"",)
        others = tuple(member.pieces for member in members[1:])
        return Written(first, MEDIA["zip_of_many"], "zip_of_many", others, not members)

    def _accepted(
        self,
        format: Format,
        payload: Payload,
        attachments: Sequence[ReceivedFile],
        beside: WireTree | None,
        failures: Sequence[Refusal],
    ) -> Written:
        operation = self._operation
        if isinstance(payload, bytes):
            return Written((payload,), "application/octet-stream")
        if format in _WITHOUT_MESSAGE:
            with_failures_beside(operation, format, None, failures)
            return self._alone(format, payload)
        verdict = succeeded(operation, format, payload if not operation.reply.payload else None)
        if operation.reply.shape == "none":
            return self._whole(format, verdict, attachments, header=self._header(beside))
        if beside and operation.reply.beside is not None:
            around = spread(beside, operation.reply.beside, format)
            verdict = merged(around, verdict) if isinstance(around, dict) else verdict
        # Lists at the root hold nothing beside their records.
        message = self._put_payload(format, verdict, payload)
        if self._beside and isinstance(message, dict):
            message = merged(self._beside, message)
        message = with_failures_beside(operation, format, message, failures)
        return self._whole(format, message, attachments, header=self._header(beside))

    def _header(self, beside: WireTree | None) -> list[HeaderBlock]:
        """Return the blocks of the SOAP header that have values, in the order of the document."""
        soap, model = self._operation.soap, self._operation.reply.beside
        if soap is None or model is None or not beside:
            return []
        found = blocks_of(beside, model)
        bindings = [one for one in (soap.header, *soap.headers.values()) if one is not None]
        return [
            HeaderBlock(name, element_namespace(one), found[name])
            for one in bindings
            if (name := element_name(one)) in found
        ]

    def _alone(self, format: Format, payload: Payload) -> Written:
        """Write a payload in a format that has nothing around it."""
        reply = self._operation.reply
        rows: Any = payload if isinstance(payload, list) else [payload]
        if format == "text":
            text = plain_text(payload)
        elif format == "jsonl":
            text = jsonl_text([self._spread("json", row) for row in rows])
        else:
            model: Any = reply.model
            columns = [field.wire for field in shape_of(model).fields]
            text = csv_text(reply.csv or CsvForm(), columns, rows)
        encoding = self._charset(format)
        return _split(text, self._types[format], encoding)

    def refused(self, format: Format, refusal: Refusal, repeat: int = 1) -> WrittenRefusal | None:
        """Write a refusal as the document's verdicts have it; None: none of them can say it.

        The payload is empty or absent.
        """
        operation, form = self._operation, form_of(self._operation, refusal)
        if form is None:
            return None
        verdict, case = form.verdict, form.case
        if verdict in operation.partial:
            return WrittenRefusal(
                self.failed(format, [refusal]), refusal.status or form.status or 200
            )
        if format in _WITHOUT_MESSAGE:  # which say nothing of a failure
            format = "json" if "json" in verdict.formats else "xml"
        is_usual = case is None and verdict is operation.verdict
        if is_usual and stands_in_list(operation, format):
            rows: Payload = in_pieces(verdict, refusal, repeat)
            whole = self._whole(format, self._put_payload(format, {}, rows))
            return WrittenRefusal(whole, refusal.status or 200)
        said = failed(operation, verdict, refusal, case)
        usual = refusal.status or form.status or 200
        is_list = operation.reply.shape == "list" and bool(operation.reply.payload)
        if is_usual and is_list and verdict.success:
            whole = self._whole(format, self._put_payload(format, said, []))
            return WrittenRefusal(whole, usual)
        if not is_usual and format not in verdict.formats:
            format = verdict.formats[0]
        root = next(iter(case.roots), "") if case is not None else ""
        root = root or verdict.root
        if format == "json" and root:
            said = {root: said}
        statuses = case.statuses if case is not None else ()
        status = refusal.status or next(iter(statuses), usual)
        if refusal.case and case is not None:
            _require_first(operation, verdict, case, said, status)
        whole = self._whole(format, said, root=root)
        return WrittenRefusal(whole, status if status >= 100 else status * 100)

    def own_words(self, format: Format, payload: object, refusal: Refusal) -> Written:
        """Write a payload whose own fields say no; a verdict goes over them."""
        model = self._operation.reply.model
        tree: WireTree = {}
        if model is not None and isinstance(payload, dict):
            tree = tree_on_wire(model, payload, is_lenient=True)
        format = "json" if format in _WITHOUT_MESSAGE else format
        message: object = self._put_payload(format, {}, tree)
        verdict = self._operation.verdict
        if verdict is not None and isinstance(message, dict):
            message = merged(message, failed(self._operation, verdict, refusal))
        return self._whole(format, message)

    def _put_payload(self, format: Format, message: WireTree, payload: Payload) -> object:
        """Put a payload into a message."""
        return put_payload(self._operation, message, self._shaped(format, payload))

    def _shaped(self, format: Format, payload: Payload) -> object:
        """Return a payload as it stands at its path: in XML, lists stand in elements."""
        reply = self._operation.reply
        model: Any = reply.model
        if reply.layout and format == "json" and isinstance(payload, list):
            return lay_out(payload, model, reply.layout, reply.keyed_by)
        if model is not None and reply.shape != "value" and not is_flat(model):
            payload = self._spread(format, payload)
        if reply.shape == "list" and format == "json":
            return self._json_list(payload)
        if format != "xml" or reply.shape != "list":
            return payload
        if reply.item:
            return {reply.item: payload} if payload else ({} if not reply.payload else "")
        return payload if reply.payload else {"item": payload}

    def _json_list(self, payload: Payload) -> object:
        """Return a list as this service writes it in JSON."""
        reply = self._operation.reply
        if not payload and "empty" in reply.json_lists:
            return ""
        alone = isinstance(payload, list) and len(payload) == 1 and "one" in reply.json_lists
        items = payload[0] if isinstance(payload, list) and alone else payload
        return {reply.item: items} if reply.item_in_json else items

    def _spread(self, format: Format, payload: Payload) -> object:
        rows = payload if isinstance(payload, list) else [payload]
        found = [
            spread(row, form_on_wire(self._operation, row), format)
            if isinstance(row, dict)
            else row
            for row in rows
        ]
        return found if isinstance(payload, list) else found[0]

    def _whole(
        self,
        format: Format,
        message: object,
        attachments: Sequence[ReceivedFile] = (),
        root: str = "",
        header: Sequence[HeaderBlock] = (),
    ) -> Written:
        operation = self._operation
        if operation.soap is not None:
            name = root or element_name(operation.soap.reply)
            space = element_namespace(operation.soap.reply)
            spaces = None if root else operation.reply.namespaces
            envelope = write_envelope(name, space, message, spaces, header)
            if attachments and operation.reply.attachments:
                body, content_type = write_related(envelope.encode(), attachments)
                return Written((body,), content_type)
            return _split(envelope, "text/xml; charset=UTF-8")
        content_type = self._types.get(format, f"application/{format};charset=UTF-8")
        if operation.reply.shape == "none" and not message:
            return Written((b"",), content_type)
        name = root or operation.reply.root or "reply"
        if format == "json":
            tree = {name: message} if operation.reply.root_in_json and not root else message
            return _split(json_text(tree), content_type)
        if operation.reply.namespaces is not None and not root:
            spaces = operation.reply.namespaces
            name, message = with_prefixes(name, message, spaces)
            return _split(DECLARATION + xml_text(name, message, declarations(spaces)), content_type)
        space = "" if root else operation.reply.namespace
        declared = f' xmlns="{escape(space)}"' if space else ""
        return _split(DECLARATION + xml_text(name, message, declared), content_type)


def _require_first(
    operation: Operation[Any], verdict: Verdict, wanted: Case, said: WireTree, status: int
) -> None:
    """Refuse to send a case that an earlier one would be taken for.

    Raises:
        ConfigurationError: an earlier case holds for the same message.
    """
    fields: object = said
    for step in verdict.under:
        fields = fields.get(step) if isinstance(fields, dict) else None
    shown = fields if isinstance(fields, dict) else {}
    for number, case in enumerate(verdict.cases, 1):
        if case is wanted:
            return
        first_digit = status if status < 100 else status // 100
        holds = not case.statuses or bool({status, first_digit} & {*case.statuses})
        holds &= not (case.roots or case.has or case.lacks or case.contains)
        holds &= all(str(shown.get(wire, "")) in known for wire, known in case.when.items())
        if holds:
            raise ConfigurationError(
                f"case {number} of {operation.call} holds for the same reply, and comes first"
            )


def _with_charset(media_type: str, charset: str = "UTF-8") -> str:
    return media_type if "charset" in media_type else f"{media_type};charset={charset}"


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


def _split(text: str, content_type: str, encoding: str = "utf-8") -> Written:
    pieces = tuple(piece.encode(encoding, "replace") for piece in text.split(TIME))
    return Written(pieces, content_type)


_WITHOUT_MESSAGE: frozenset[Format] = frozenset({"csv", "jsonl", "text"})
"""Formats that hold a payload and nothing around it."""

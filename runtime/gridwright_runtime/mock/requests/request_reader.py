"""Read the requests of one operation by part, as the service does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ...codecs.body import MalformedBody
from ...interface import (
    Argument,
    BodySpec,
    Encoding,
    Format,
    FormatWord,
    NewId,
    Now,
    Operation,
    Option,
    Part,
    Serial,
    ServiceName,
)
from ...limits.turns import EVERY_ARGUMENT
from ...problems import Problem
from ...redact import MASK, printable
from ...texts.encoders import EncodingError
from ...values.convert import Field, shape_of
from ..inventing.values import VALUE_FIELD
from ..replies.refusals import bad_request
from ..texts.json_kinds import has_kinds, kind_problems
from ..texts.soap_envelopes import SoapEnvelope, element_name, read_envelope
from ..texts.time_texts import Reader, beside_of, reader_of
from ..texts.wire import WireTree, read_arguments, shaped_tree, tree_on_wire
from ..texts.wire_located import gathered
from ..texts.wire_text import XmlRoot, read_json, read_xml, tree_of
from ..texts.xml_namespaces import strangers_in
from ..world import ReceivedFile, Refusal
from .incoming import IncomingRequest
from .part_values import PartValues, text_of
from .source_texts import constant_of, holes_in, is_access

__all__ = ["RequestReader", "Understood"]


class Understood(NamedTuple):
    """A request that could be parsed."""

    arguments: Mapping[str, object]
    refusal: Refusal | None
    """Why it is not to be answered."""
    shown: Mapping[str, str]
    """What the journal may show of it."""
    subjects: Mapping[str, str]
    """What it touches, by what limits call it."""
    attachments: tuple[ReceivedFile, ...] = ()

    def __repr__(self) -> str:
        return "Understood(***)"


class RequestReader:
    """Reads the requests of one operation; knows its parts once and for all."""

    def __init__(self, operation: Operation[Any], options: Sequence[Option]) -> None:
        self._operation = operation
        self._request = request = operation.request
        self._model = request.model
        self._fields = {field.wire: field for field in shape_of(request.model).fields}
        self._readers = {wire: _reader(field) for wire, field in self._fields.items()}
        self._is_nested = request.model.__open__ or any(
            field.many or field.model is not None or _is_file(field)
            for field in self._fields.values()
        )
        self._wires = {field.name: field.wire for field in self._fields.values()}
        self._options = {option.name: option for option in options}
        self._arguments = [
            (part, part.source.key, self._is_list(part.source.key))
            for part in request.parts
            if isinstance(part.source, Argument)
        ]
        self.access = tuple(part for part in request.parts if is_access(part))
        """What carries credentials and results of logins."""
        self.access_outside = tuple(part for part in self.access if part.place not in _INSIDE)
        self.access_inside = tuple(part for part in self.access if part.place in _INSIDE)
        self._others = [
            (part, constant_of(part))
            for part in request.parts
            if not isinstance(part.source, Argument) and not is_access(part)
        ]
        self._decisive = [
            (part, text) for part, text in self._others if text is not None and not part.optional
        ]
        personal = request.model.__personal__
        # The check of the request judges the word for a format where it sees it.
        self._judged = [
            (part, text)
            for part, text in self._others
            if not (part.checked and isinstance(part.source, FormatWord))
        ]
        self._shown_fields = [
            (wire, field.name in personal)
            for wire, field in self._fields.items()
            if field.model is None and not field.many
        ]
        self._shown_parts = [
            (part, isinstance(part.source, NewId | FormatWord | Now | ServiceName | Serial))
            for part in request.parts
            if not isinstance(part.source, Argument)
            and part.place not in ("soap_header", "soap_security")
            and constant_of(part) is None
            and not any(hole.kind == "step" for hole in holes_in(part.source))
        ]
        self._checked = [
            part
            for part in request.parts
            if part.checked
            and not isinstance(part.source, Argument)
            and (part.place != "body" or _is_deep(part))
        ]
        self._in_body = [part for part in request.parts if part.place == "body"]
        self._moved = [
            part
            for part in self._in_body
            if isinstance(part.source, Argument) or not part.checked or _is_deep(part)
        ]
        self._beside = {
            part.wire if _is_deep(part) else (part.under or (part.wire,))[0]
            for part in self._in_body
            if part.checked
        }
        self.is_read_by_query = (
            request.body is None
            and operation.soap is None
            and operation.method == "GET"
            and any(part.place == "query" for part in request.parts)
        )
        self._has_kinds = has_kinds(request.model)
        self._of_kinds = [part for part in self._in_body if part.json]
        self._is_value = request.body is not None and request.body.is_value
        self._encodings: frozenset[Encoding] = (
            frozenset(request.body.encodings.values()) if request.body else frozenset()
        )
        self._media_types = {
            said.partition(";")[0].strip().lower()
            for part in request.parts
            if part.place == "header" and part.wire.lower() == "content-type"
            if (said := constant_of(part)) is not None
        }
        """That the document names itself; empty where they are the usual ones."""
        self.takes_files = bool(self._encodings & {"multipart_form", "file"})
        self.takes_any_size = "file" in self._encodings
        """Its body is measured as it arrives, and not kept."""
        self.takes_bodies = bool(self._encodings) or operation.soap is not None
        self.largest_body = _LARGEST if self._encodings - {"form"} or operation.soap else _A_FORM
        """In bytes."""
        self._words = next(
            (part for part in request.parts if isinstance(part.source, FormatWord)), None
        )

    # What a request is, before anything in it is judged.

    def takes(self, incoming: IncomingRequest) -> bool:
        """Say whether the body is of a media type that the operation takes."""
        if self._operation.soap is not None:
            return incoming.media_type in ("text/xml", "multipart/related")
        if self._is_value and not incoming.body and "content-type" not in incoming.headers:
            return True  # a value that may be left out
        return not self._encodings or self._encoding(incoming) is not None

    def format(self, placed: PartValues) -> Format | None:
        """Return the format of the reply that is asked for; None where none will do."""
        formats = self._operation.reply.formats
        first: Format = next(iter(formats), "json")
        if self._operation.soap is not None:
            return "xml"
        if self._words is not None and isinstance(self._words.source, FormatWord):
            said = text_of(placed.find(self._words))
            words = self._words.source.words.items()
            return next((format for format, word in words if word == said), first)
        if len(formats) < 2:
            return first
        sent = _FORMATS_OF_ENCODINGS.get(self._encoding(placed.incoming) or "", first)
        known = {
            name.partition(";")[0].strip().lower(): format
            for format, types in formats.items()
            for name in types
        }
        known |= {f"application/{format}": format for format in formats}
        wanted = placed.incoming.headers.get("accept", "")
        return _best(wanted, known, sent if sent in formats else first)

    def read_envelope(self, incoming: IncomingRequest) -> SoapEnvelope | None:
        """Return the envelope of a SOAP request; None where there is no SOAP.

        Raises:
            MalformedBody: it is none.
            SoapFault: it is one that SOAP 1.1 does not allow.
        """
        if self._operation.soap is None:
            return None
        return read_envelope(incoming.headers.get("content-type", ""), incoming.body or b"")

    def read_tree(self, incoming: IncomingRequest, envelope: SoapEnvelope | None) -> WireTree:
        """Return the body as a tree of wire values, lists where the model has lists.

        Raises:
            MalformedBody: it is not what the operation takes.
        """
        if incoming.problem is not None:
            raise incoming.problem
        if envelope is not None:
            return dict(_mapping(shaped_tree(envelope.tree, self._model)))
        body = self._request.body
        if body is None:
            return {}
        if body.is_value:
            return self._value(incoming, body)
        match self._encoding(incoming):
            case "json":
                tree = read_json(incoming.body or b"")
                if not isinstance(tree, dict):
                    raise MalformedBody("the JSON body is no object")
                return self._as_objects(tree, body)
            case "xml":
                root = read_xml(incoming.body or b"")
                if body.root and root.name != body.root:
                    raise MalformedBody(f"the root of the XML body is not {body.root}")
                _refuse_strangers(root, body)
                return self._shaped(tree_of(root.element), body)
            case "multipart_form":
                return {
                    name: [value] if self._is_list(name) and not isinstance(value, list) else value
                    for name, value in (incoming.form or {}).items()
                }
            case _:
                return self._form(incoming)

    # Whether an operation is meant, where several have one address.

    def fits(self, placed: PartValues, envelope: SoapEnvelope | None) -> bool:
        """Say whether a request holds the constants, codes and required values of the operation."""
        soap = self._operation.soap
        if soap is not None and envelope is not None:
            return envelope.name == element_name(soap.request)
        if self.constants_met(placed) < len(self._decisive):
            return False
        for part, key, _ in self._arguments:
            field = self._fields.get(key)
            if field is not None and not field.default and placed.find(part) in (None, ""):
                return False
        tree, stands = self._whole(placed)
        outside = {key for _, key, _ in self._arguments}
        has_all = self._request.body is None or all(
            field.default or stands.get(wire) not in (None, "")
            for wire, field in self._fields.items()
            if wire not in outside
        )
        return has_all and all(one.rule != "not-a-code" for one in self._request.check(tree, ""))

    def constants_met(self, placed: PartValues) -> int:
        """Return how many of the operation's constants a request holds."""
        return sum(
            text_of(placed.find(part)) in (text, None if part.default == text else text)
            for part, text in self._decisive
        )

    @property
    def needs(self) -> int:
        """How many constants and required values a request must hold."""
        return len(self._decisive) + sum(not field.default for field in self._fields.values())

    @property
    def decisive(self) -> tuple[object, ...]:
        """What tells the operation from others of its address; equal: nothing does.

        Codes, of which the check alone knows, are one of its parts; what tells operations apart
        by their codes is checked where a spec is.
        """
        soap = self._operation.soap
        constants = sorted(
            (part.place, part.under, part.wire, text) for part, text in self._decisive
        )
        required = sorted(wire for wire, field in self._fields.items() if not field.default)
        name = element_name(soap.request) if soap else ""
        return (name, tuple(constants), tuple(required), self._request.check)

    # What it says.

    def understand(
        self, placed: PartValues, attachments: tuple[ReceivedFile, ...] = ()
    ) -> Understood:
        """Read a request, and check it."""
        tree, stands = self._whole(placed)
        problems = list(self._request.check(tree, ""))
        if self._has_kinds and self._encoding(placed.incoming) == "json":
            problems += kind_problems(stands, self._model)
        if attachments and not self._request.attachments:
            problems.append(_UNKNOWN_PART)
        unreadable: list[Problem] = []
        arguments = self._read(stands, unreadable)
        if self.takes_bodies and not self.takes_files and not problems and not unreadable:
            arguments = _to_the_millisecond(arguments)
            problems = self._untellable(arguments)
        wrong = {problem.wire for problem in (*problems, *unreadable)}
        return Understood(
            arguments,
            self._odd_part(placed) or bad_request(problems or unreadable),
            self._journal_values(placed, stands, wrong),
            self._subjects(stands, placed.incoming.page),
            attachments,
        )

    def _whole(self, placed: PartValues) -> tuple[WireTree, WireTree]:
        """Return the whole request as its check sees it, and the arguments alone."""
        body = self._request.body
        tree = dict(placed.tree)
        for part in self._moved:
            _take_out(tree, part)
        under = body.under if body is not None else ()
        stands = dict(_below(tree, under)) if under else tree
        given: WireTree = {}
        for part, key, is_list in self._arguments:
            value = placed.all_of(part) if is_list else placed.find(part)
            if value is not None:
                given[key] = value
        stands = {**stands, **given}
        if not under:
            # Pairs and the like that the check sees stand beside the arguments.
            tree = stands
            stands = {wire: value for wire, value in tree.items() if wire not in self._beside}
        else:
            tree |= given
        for part in self._checked:
            value = placed.find(part)
            if value is not None:
                tree[part.wire] = value
        for part in self._of_kinds:
            if isinstance(tree.get(part.wire), bool | int):  # the check knows constants as texts
                tree[part.wire] = text_of(tree[part.wire])
        return tree, stands

    def _read(self, stands: WireTree, unreadable: list[Problem]) -> dict[str, object]:
        """Read the arguments by Python names."""
        if self._is_nested:
            return read_arguments(self._model, stands, ReceivedFile, unreadable)
        found: dict[str, object] = {}
        for wire, field in self._fields.items():
            value = stands.get(wire)
            if value is None or value == "":
                found[field.name] = None
                continue
            try:
                found[field.name] = self._readers[wire](value, stands)
            except ValueError as error:
                rule, text = field.rule, str(error)
                unreadable.append(Problem(path=field.name, wire=wire, rule=rule, message=text))
        return found

    def _odd_part(self, placed: PartValues) -> Refusal | None:
        """Refuse a request for a part that is neither an argument nor about access."""
        for part, constant in self._judged:
            text = text_of(placed.find(part))
            source = part.source
            if text is None or not text.strip():
                if part.optional or isinstance(source, FormatWord):
                    continue
                # What identifies a request is needed, whatever its check says.
                if part.checked and not isinstance(source, NewId):
                    continue
                if self._may_be_left_out(part):
                    continue
                where = " in the SOAP header" if part.place == "soap_header" else ""
                return Refusal("missing", "mock-2001", f"mock: {part.wire} is missing{where}")
            if isinstance(source, ServiceName) and text != self._operation.wire_name:
                name = f"mock: {part.wire} is that of another service"
                return Refusal("other-service", "mock-1005", name)
            is_odd = constant is not None and text != constant and not _is_negotiated(part)
            is_odd = is_odd or not self._is_option_value(part, text)
            is_odd = is_odd or not self._is_kind(part, placed)
            is_odd = is_odd or (isinstance(source, Serial) and not text.isdigit())
            if isinstance(source, FormatWord) and not _is_negotiated(part):
                is_odd = text not in source.words.values()
            if is_odd:
                return Refusal("malformed", "mock-2003", f"mock: {part.wire}: is not as documented")
        return None

    def _is_kind(self, part: Part, placed: PartValues) -> bool:
        """Say whether JSON has a constant as the kind of value that the document gives it."""
        if not part.json or self._encoding(placed.incoming) != "json":
            return True
        wanted = bool if part.json == "boolean" else int
        return type(placed.find(part)) is wanted

    def _may_be_left_out(self, part: Part) -> bool:
        # Clients send what they are told once only where they are told it.
        return any(hole.kind == "option" for hole in holes_in(part.source)) or (
            constant_of(part) == ""
        )

    def _is_option_value(self, part: Part, text: str) -> bool:
        holes = () if isinstance(part.source, FormatWord) else holes_in(part.source)
        if len(holes) != 1 or holes[0].kind != "option" or part.source.pieces != (holes[0],):  # type: ignore[union-attr]  # what has holes is a text, or HTTP Basic
            return True
        option = self._options.get(holes[0].name)
        return option is None or not option.values or text in option.values

    def _untellable(self, arguments: Mapping[str, object]) -> list[Problem]:
        try:
            tree_on_wire(self._model, arguments)
        except EncodingError as error:
            # What is stored is told again, and some instants that can be read cannot be written:
            # those before the zone had whole minutes.
            path = ".".join(self._request.body.under) if self._request.body else ""
            return [Problem(path=path, wire=path, rule=error.rule, message=error.message)]
        return []

    def _subjects(self, stands: Mapping[str, object], page: str) -> dict[str, str]:
        found = {}
        for same, name in self._operation.same.items():
            if same == EVERY_ARGUMENT:
                whole = sorted((wire, repr(value)) for wire, value in stands.items())
                found[same] = repr((whole, page))
                continue
            value = stands.get(self._wires.get(name, ""))
            if text := text_of(value) or (repr(value) if value else ""):
                found[same] = text
        return found

    def _journal_values(
        self, placed: PartValues, stands: Mapping[str, object], wrong: set[str]
    ) -> Mapping[str, str]:
        """Return what the journal may show: no secret, nothing personal or not as documented."""
        shown: dict[str, str] = {}
        for wire, is_personal in self._shown_fields:
            value = stands.get(wire)
            if value is None or value == "" or isinstance(value, dict | list):
                continue
            shown[wire] = MASK if is_personal or wire in wrong else _journal_value(value)
        for part, is_open in self._shown_parts:
            if text := text_of(placed.find(part)):
                hidden = not is_open or part.wire in wrong
                shown[part.wire] = MASK if hidden else printable(text, 100)
        return shown

    # Bodies.

    def _encoding(self, incoming: IncomingRequest) -> Encoding | None:
        media_type = incoming.media_type
        if "file" in self._encodings:
            return "file"  # of any media type
        if media_type in self._media_types and len(self._encodings) == 1:
            return next(iter(self._encodings))
        found = _ENCODINGS.get(media_type) or _SUFFIXES.get(media_type.rpartition("+")[2])
        return found if found in self._encodings else None

    def _as_objects(self, tree: WireTree, body: BodySpec) -> WireTree:
        """Return a body in which lists hold objects, however JSON lays them out."""
        if not body.under:
            return dict(_mapping(gathered(tree, self._model)))
        holder = _holder(tree, body.under[:-1])
        if holder is not None and body.under[-1] in holder:
            holder[body.under[-1]] = gathered(holder[body.under[-1]], self._model)
        return tree

    def _value(self, incoming: IncomingRequest, body: BodySpec) -> WireTree:
        """Return a body that is one value, under the name of the whole."""
        content = incoming.body or b""
        found: object
        match self._encoding(incoming) if content or incoming.file else None:
            case "json":
                found = read_json(content)
                whole = _mapping(gathered({VALUE_FIELD: found}, self._model))
                return dict(whole)
            case "xml":
                found = self._value_in_xml(content, body)
            case "text":
                try:
                    found = content.decode()
                except UnicodeDecodeError:
                    raise MalformedBody("the text is not UTF-8") from None
            case "file":
                found = incoming.file
            case _:
                return {}
        return {VALUE_FIELD: found}

    def _value_in_xml(self, content: bytes, body: BodySpec) -> object:
        root = read_xml(content)
        if root.name != body.root:
            raise MalformedBody(f"the root of the XML body is not {body.root}")
        _refuse_strangers(root, body)
        tree: object = tree_of(root.element) if len(root.element) else root.element.text
        if body.item:
            if isinstance(tree, dict) and list(tree) != [body.item]:
                raise MalformedBody(f"the list holds something else than {body.item}")
            items = tree[body.item] if isinstance(tree, dict) else []
            tree = items if isinstance(items, list) else [items]
        return _mapping(shaped_tree({VALUE_FIELD: tree}, self._model))[VALUE_FIELD]

    def _form(self, incoming: IncomingRequest) -> WireTree:
        found: dict[str, list[str]] = {}
        for name, value in incoming.form_pairs:
            found.setdefault(name, []).append(value)
        return {
            name: values if self._is_list(name) else values[0] for name, values in found.items()
        }

    def _shaped(self, tree: WireTree, body: BodySpec) -> WireTree:
        for part in self._in_body:
            if part.pair is not None:
                holder = _holder(tree, part.under[:-1])
                name = part.under[-1] if part.under else ""
                if holder is not None and name in holder:
                    found = holder[name]
                    rows = found if isinstance(found, list) else [found]
                    holder[name] = [{} if row is None else row for row in rows]
        if not body.under:
            beside = {part.under[0] for part in self._in_body if part.under}
            shaped = shaped_tree(
                {wire: value for wire, value in tree.items() if wire not in beside}, self._model
            )
            return tree | dict(_mapping(shaped))
        holder = _holder(tree, body.under[:-1])
        if holder is not None and body.under[-1] in holder:
            holder[body.under[-1]] = shaped_tree(holder[body.under[-1]], self._model)
        return tree

    def _is_list(self, wire: str) -> bool:
        field = self._fields.get(wire)
        return field is not None and field.many


def _reader(field: Field) -> Reader:
    """Return how a value is read: a time by code of our own, all others as models do."""
    beside = beside_of(field.marker)
    if beside is not None:
        return beside[1]
    own = reader_of(field.marker) or field.read
    return lambda value, _record: own(value)


def _is_file(field: Field) -> bool:
    from ...multipart.upload import Upload  # few requests have files

    return field.marker is Upload


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


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _below(tree: Mapping[str, object], path: Sequence[str]) -> Mapping[str, object]:
    for step in path:
        tree = _mapping(tree.get(step))
    return tree


def _holder(tree: WireTree, path: Sequence[str]) -> WireTree | None:
    """Return the mapping that a path leads to, to be changed."""
    for step in path:
        inner = tree.get(step)
        if not isinstance(inner, dict):
            return None
        tree = inner
    return tree


def _is_deep(part: Part) -> bool:
    """Say whether a part stands in containers of its own, which no check knows."""
    return bool(part.under) and part.pair is None


def _take_out(tree: WireTree, part: Part) -> None:
    """Remove a part from a body, copying the containers around it; empty ones go, too."""
    holder, around = tree, []
    for step in part.under[:-1] if part.pair is not None else part.under:
        inner = holder.get(step)
        if not isinstance(inner, Mapping):
            return
        holder[step] = inner = dict(inner)
        around.append((holder, step))
        holder = inner
    if part.pair is None:
        holder.pop(part.wire, None)
        for outer, step in reversed(around):
            if not outer[step]:
                del outer[step]
        return
    name, key = part.under[-1], part.pair[0]
    rows = holder.get(name)
    if isinstance(rows, list):
        kept = [row for row in rows if not (isinstance(row, Mapping) and row.get(key) == part.wire)]
        holder[name] = kept
        if not kept:
            del holder[name]


def _is_negotiated(part: Part) -> bool:
    """Say whether a header may be written in other ways and mean the same."""
    return part.place == "header" and part.wire.lower() in ("accept", "content-type", "user-agent")


def _journal_value(value: object) -> str:
    if isinstance(value, ReceivedFile):
        return f"{value.size_bytes} bytes, SHA-256 {value.sha256}"
    return printable(str(value), 100)


def _to_the_millisecond(arguments: Mapping[str, object]) -> dict[str, object]:
    """Cut instants to milliseconds, which is what replies can tell."""
    return {name: _without_microseconds(value) for name, value in arguments.items()}


def _without_microseconds(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, list):
        return [_without_microseconds(item) for item in value]
    return _to_the_millisecond(value) if isinstance(value, Mapping) else value


def _refuse_strangers(root: XmlRoot, body: BodySpec) -> None:
    """Refuse a body whose elements are in other namespaces than the document's.

    Raises:
        MalformedBody: one is.
    """
    if body.namespaces is not None:
        for text in strangers_in(root.element, body.namespaces):
            raise MalformedBody(text)


_INSIDE = ("body", "soap_header", "soap_security")
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
_UNKNOWN_PART = Problem(
    path="attachments", wire="attachments", rule="unknown-field", message="is not in the document"
)

"""Read the requests of one operation by part, as the service does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ...interface import Operation, Option
from ...limits.turns import EVERY_ARGUMENT
from ...problems import Problem
from ...texts.encoders import EncodingError
from ...values.convert import ModelField, shape_of
from ..replies.refusals import bad_request
from ..texts.json_kinds import has_kinds, kind_problems
from ..texts.soap_envelopes import SoapEnvelope, element_name
from ..texts.time_texts import Reader, beside_of, reader_of
from ..texts.wire import WireTree, read_arguments, tree_on_wire
from ..world import ReceivedFile, Refusal
from .body_reader import BodyReader
from .journal_values import JournalValues
from .media_reader import MediaReader
from .other_parts import OtherParts
from .part_values import PartValues, text_of
from .source_texts import is_access
from .whole_request import WholeRequest

__all__ = ["ParsedRequest", "RequestReader"]


class ParsedRequest(NamedTuple):
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
        return "ParsedRequest(***)"


class RequestReader:
    """Reads the requests of one operation; knows its parts once and for all."""

    def __init__(self, operation: Operation[Any], options: Sequence[Option]) -> None:
        self._operation = operation
        self._request = request = operation.request
        self._model = request.model
        self._fields = {field.wire: field for field in shape_of(request.model).fields}
        self._readers = {wire: _reader(field) for wire, field in self._fields.items()}
        self._wires = {field.name: field.wire for field in self._fields.values()}
        self._is_nested = request.model.__open__ or any(
            field.many or field.model is not None or _is_file(field)
            for field in self._fields.values()
        )
        self._has_kinds = has_kinds(request.model)
        self.media = MediaReader(operation)
        self.body = BodyReader(operation, self.media)
        self._whole = WholeRequest(operation)
        self._others = OtherParts(operation, options, self.media)
        self._journal = JournalValues(operation)
        self.access = tuple(part for part in request.parts if is_access(part))
        """What carries credentials and results of logins."""
        self.access_outside = tuple(part for part in self.access if part.place not in _INSIDE)
        self.access_inside = tuple(part for part in self.access if part.place in _INSIDE)
        self.is_read_by_query = (
            request.body is None
            and operation.soap is None
            and operation.method == "GET"
            and any(part.place == "query" for part in request.parts)
        )

    # Whether an operation is meant, where several have one address.

    def fits(self, placed: PartValues, envelope: SoapEnvelope | None) -> bool:
        """Say whether a request holds the constants, codes and required values of the operation."""
        soap = self._operation.soap
        if soap is not None and envelope is not None:
            return envelope.name == element_name(soap.request)
        if self.constants_met(placed) < len(self._others.constants):
            return False
        for part, key, _ in self._whole.arguments:
            field = self._fields.get(key)
            if field is not None and not field.default and placed.find(part) in (None, ""):
                return False
        tree, stands = self._whole.put_together(placed)
        outside = {key for _, key, _ in self._whole.arguments}
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
            for part, text in self._others.constants
        )

    @property
    def needs(self) -> int:
        """How many constants and required values a request must hold."""
        return len(self._others.constants) + sum(
            not field.default for field in self._fields.values()
        )

    @property
    def decisive(self) -> tuple[object, ...]:
        """What tells the operation from others of its address; equal: nothing does.

        Codes, of which the check alone knows, are one of its parts; what tells operations apart
        by their codes is checked where a spec is.
        """
        soap = self._operation.soap
        constants = sorted(
            (part.place, part.under, part.wire, text) for part, text in self._others.constants
        )
        required = sorted(wire for wire, field in self._fields.items() if not field.default)
        name = element_name(soap.request) if soap else ""
        return (name, tuple(constants), tuple(required), self._request.check)

    # What it says.

    def understand(
        self, placed: PartValues, attachments: tuple[ReceivedFile, ...] = ()
    ) -> ParsedRequest:
        """Read a request, and check it."""
        tree, stands = self._whole.put_together(placed)
        problems = list(self._request.check(tree, ""))
        if self._has_kinds and self.media.encoding(placed.incoming) == "json":
            problems += kind_problems(stands, self._model)
        if attachments and not self._request.attachments:
            problems.append(_UNKNOWN_PART)
        unreadable: list[Problem] = []
        arguments = self._read(stands, unreadable)
        if (
            self.media.takes_bodies
            and not self.media.takes_files
            and not problems
            and not unreadable
        ):
            arguments = _to_the_millisecond(arguments)
            problems = self._untellable(arguments)
        wrong = {problem.wire for problem in (*problems, *unreadable)}
        return ParsedRequest(
            arguments,
            self._others.refusal(placed) or bad_request(problems or unreadable),
            self._journal.shown(placed, stands, wrong),
            self._subjects(stands, placed.incoming.page),
            attachments,
        )

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


def _reader(field: ModelField) -> Reader:
    """Return how a value is read: a time by code of our own, all others as models do."""
    beside = beside_of(field.marker)
    if beside is not None:
        return beside[1]
    own = reader_of(field.marker) or field.read
    return lambda value, _record: own(value)


def _is_file(field: ModelField) -> bool:
    from ...multipart.upload import Upload  # few requests have files

    return field.marker is Upload


def _to_the_millisecond(arguments: Mapping[str, object]) -> dict[str, object]:
    """Cut instants to milliseconds, which is what replies can tell."""
    return {name: _without_microseconds(value) for name, value in arguments.items()}


def _without_microseconds(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, list):
        return [_without_microseconds(item) for item in value]
    return _to_the_millisecond(value) if isinstance(value, Mapping) else value


_INSIDE = ("body", "soap_header", "soap_security")
_UNKNOWN_PART = Problem(
    path="attachments", wire="attachments", rule="unknown-field", message="is not in the document"
)

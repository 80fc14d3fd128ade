"""Read the reply of a service: its record, or the error it stands for. Never sends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from msgspec import Struct, structs

from ..body import Kind, MalformedBody, sniff
from ..charsets import charset_of
from ..convert import convert_record, shape_of
from ..errors import (
    AuthenticationError,
    ClosedHoursError,
    DeviationError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    ProviderError,
    RejectedError,
    SessionExpiredError,
    SoapFaultError,
    SystemFailureError,
    UnexpectedReplyError,
)
from ..filler import is_filler
from ..json_codec import decode_plain, decode_repeats, repeats_in
from ..message import RawReply
from ..problems import Deviation, Problem
from ..record import Record
from ..redact import printable, scrub
from ..result import Result
from ..retry import retry_at
from .attachment import Attachment
from .operation import ServiceOperation, Soap, StatusMeaning, Verdict

__all__ = ["Circumstances", "read_service"]

RecordT = TypeVar("RecordT", bound=Record)


class Circumstances(Struct, frozen=True, kw_only=True):
    """What a reply cannot say about the call that it answers."""

    hide: tuple[str, ...] = ()
    """Values that no message may show."""
    transaction_id: str = ""
    """What identifies the request, where something does."""
    opens_at: datetime | None = None
    """When the service opens, if it is known to be closed."""
    refused: tuple[int, ...] = ()
    """The statuses that mean that the session is no longer valid."""

    def __repr__(self) -> str:
        return "<circumstances>"


def read_service(
    operation: ServiceOperation[RecordT],
    raw: RawReply,
    *,
    strict: bool = False,
    about: Circumstances = Circumstances(),  # noqa: B008  # frozen
) -> Result[RecordT]:
    """Read a reply.

    Args:
        operation: what was called.
        raw: what came back.
        strict: refuse a reply that departs from the document.
        about: what the reply cannot say itself.

    Raises:
        ProviderError: the body or the HTTP status says that the call failed.
        HtmlReplyError: it is an HTML page.
        HttpStatusError: the HTTP status is not one of success, and nothing says more.
        UnexpectedReplyError: it cannot be read; what was found is at hand as ``.raw``.
        DeviationError: it departs from the document, and ``strict`` is true.
    """
    found = _Reading(operation, raw, about)
    is_success = 200 <= raw.status_code < 300
    # What a status means is documented, or known of every service; what a body says beside it is
    # the reason. Only a fault says more than the statuses that SOAP itself gives to faults.
    if not is_success and found.is_told_by_status():
        raise found.status_error()
    if (refusal := found.refusal()) is not None:
        raise refusal
    if not is_success:
        raise found.status_error()
    if found.without_items:
        raise found.unexpected(found.without_items)
    record = found.record()
    result: Result[RecordT] = Result(
        cast(RecordT, record),  # one of the variants, which extend the model
        raw=raw,
        code=found.code,
        description=found.message,
        transaction_id=about.transaction_id,
        look=found.deviations,
        attachments=found.attachments,
    )
    if strict and result.deviations:
        raise DeviationError(
            f"{operation.call}: the reply departs from the document",
            raw=raw,
            problems=result.deviations,
        )
    return result


class _Reading:
    """One reply on its way to a record; raises only where it says so.

    The items stay in here, since tools print the variables of a traceback.
    """

    def __init__(
        self, operation: ServiceOperation[Any], raw: RawReply, about: Circumstances
    ) -> None:
        self._operation = operation
        self._raw = raw
        self._about = about
        self.attachments: Sequence[Attachment] = ()
        self._problems: Sequence[Problem] = ()
        """How what surrounds the items departs from the document."""
        self._fault: ProviderError | None = None
        found = self._items()
        self.without_items = found if isinstance(found, str) else ""
        """A sentence about why the body says nothing; empty where it does."""
        self._tree: Mapping[str, object] = {} if isinstance(found, str) else found

    @property
    def code(self) -> str | None:
        """The provider's code, where the document has one in the body."""
        verdict = self._operation.verdict
        return self._word(verdict.code) if verdict else None

    @property
    def message(self) -> str | None:
        """The provider's words, where the document has some in the body."""
        verdict = self._operation.verdict
        return self._word(verdict.message) if verdict else None

    def _word(self, name: str) -> str | None:
        return (_text(self._tree.get(name)) or None) if name else None

    def _items(self) -> Mapping[str, object] | str:
        kind = sniff(self._raw)
        if self._operation.soap is not None and kind not in ("html", "empty"):
            return self._envelope(self._operation.soap)
        if kind == "json":
            try:
                tree = decode_plain(self._raw.body, self._raw.content_type)
            except MalformedBody as error:
                return str(error)
            return tree if isinstance(tree, Mapping) else "the body is no object"
        return _SENTENCES[kind]

    def _envelope(self, soap: Soap) -> Mapping[str, object] | str:
        from .soap import read_soap  # slow to import; SOAP alone needs it

        try:
            found = read_soap(soap, self._raw)
        except MalformedBody as error:
            return str(error)
        self.attachments, self._problems = found.attachments, found.problems
        if found.fault is not None:
            kind = SystemFailureError if found.fault.is_of_server else SoapFaultError
            meaning = StatusMeaning(kind, "a SOAP fault")
            self._fault = self._error(meaning, found.fault.code or None, found.fault.text or None)
        return found.tree

    def refusal(self) -> ProviderError | None:
        """Return the error that a body stands for by its verdict, or as a fault, if it does."""
        if self._fault is not None:
            return self._fault
        verdict = self._operation.verdict
        if verdict is None or self.without_items:
            return None
        said = {name: _text(self._tree.get(name)) for name in verdict.success}
        # What a refused call holds besides its status is not worth a guess.
        if not any(said[name] and said[name] not in verdict.success[name] for name in said):
            return None
        error = verdict.errors.get(self.code or "", RejectedError)
        return self._error(StatusMeaning(error, ""), self.code, self.message)

    def is_told_by_status(self) -> bool:
        """Whether the status says more about a failure than the body."""
        return self._meaning() is not None and (
            self._fault is None or self._raw.status_code not in _OF_FAULTS
        )

    def status_error(self) -> Exception:
        """Return the error that an HTTP status stands for."""
        status = self._raw.status_code
        meaning = self._meaning()
        if meaning is not None:
            code, text = self._said()
            return self._error(meaning, code, text)
        if sniff(self._raw) == "html":
            return self.unexpected(_SENTENCES["html"])
        message = f"{self._operation.call}: HTTP status {status}"
        return HttpStatusError(message, status=status, raw=self._raw)

    def _meaning(self) -> StatusMeaning | None:
        status = self._raw.status_code
        meaning = self._operation.statuses.get(status)
        is_open = meaning is None or issubclass(meaning.error, AuthenticationError)
        if status in self._about.refused and is_open:
            return StatusMeaning(SessionExpiredError, "the session is not accepted")
        return meaning or _STATUSES.get(status)

    def unexpected(self, sentence: str, problems: Sequence[Problem] = ()) -> UnexpectedReplyError:
        """Return the error of a reply that cannot be read."""
        status = self._raw.status_code
        message = f"{self._operation.call}: {sentence} (HTTP status {status})"
        if sentence == _SENTENCES["html"]:
            return HtmlReplyError(message, status=status, raw=self._raw)
        return UnexpectedReplyError(message, raw=self._raw, problems=problems)

    def record(self) -> Record:
        """Return the record of a success.

        Raises:
            UnexpectedReplyError: the body is none, or does not say that the call succeeded.
        """
        verdict = self._operation.verdict
        if verdict is not None and not _is_success(verdict, self._tree):
            raise self.unexpected("the body does not say whether the call succeeded")
        model = _model(self._operation, self._tree)
        if not _is_one_of(model, self._tree):
            raise self.unexpected("the body holds no item of the reply")
        unreadable: list[Problem] = []
        record = convert_record(self._tree, model, "", unreadable)
        if record is None:
            checked = self._operation.reply.check(self._tree, "")
            named = {problem.path: problem for problem in checked}
            raise self.unexpected(
                "the reply holds values that cannot be read",
                [_with_labels(problem, named.get(problem.path)) for problem in unreadable],
            )
        return record

    def deviations(self) -> list[Deviation]:
        """Return how a success departs from the document."""
        operation, raw = self._operation, self._raw
        known = _without_fillers(self._tree, _model(operation, self._tree))
        found = [*self._problems, *operation.reply.check(known, "")]
        if operation.soap is None:
            repeats = repeats_in(decode_repeats(raw.body, raw.content_type))
            found += [_repeated(printable(".".join(filter(None, one)), 60)) for one in repeats]
        return [_scrubbed(problem, self._about.hide) for problem in found]

    def _said(self) -> tuple[str | None, str | None]:
        """Return code and words of a failure: from their documented place, or a bare text."""
        if self._fault is not None:
            return self._fault.code, self._fault.text
        text = self.message
        # JSON without a documented place for words may hold what nobody should read in a log.
        if not text and sniff(self._raw) == "other" and self._operation.soap is None:
            encoding = charset_of(self._raw.body, self._raw.content_type)
            text = self._raw.body[:_MOST_SAID].decode(encoding, "replace").strip()
        return self.code, text or None

    def _error(self, meaning: StatusMeaning, code: str | None, text: str | None) -> ProviderError:
        facts: dict[str, Any] = {
            "system": self._operation.system,
            "operation": self._operation.name,
            "code": code,
            "text": text,
            "http_status": self._raw.status_code,
            "raw": self._raw,
            "gloss": meaning.gloss,
            "hide": self._about.hide,
            "transaction_id": self._about.transaction_id,
        }
        if issubclass(meaning.error, ClosedHoursError):
            facts["opens_at"] = self._about.opens_at or retry_at(self._raw)
        elif issubclass(meaning.error, LimitError):
            facts["retry_at"] = retry_at(self._raw)
        return meaning.error(**facts)


def _repeated(name: str) -> Problem:
    return Problem(path=name, wire=name, rule="repeated-field", message="is there more than once")


def _scrubbed(problem: Problem, hide: tuple[str, ...]) -> Problem:
    """Hide values in names that the document does not know: some services sort by customer."""
    path, wire = scrub(problem.path, hide), scrub(problem.wire, hide)
    return problem if path == problem.path else structs.replace(problem, path=path, wire=wire)


def _model(operation: ServiceOperation[Any], tree: Mapping[str, object]) -> type[Record]:
    for variant in operation.reply.variants:
        if all(_text(tree.get(wire)) in values for wire, values in variant.when.items()):
            return variant.model
    model: type[Record] = operation.reply.model
    return model


def _is_one_of(model: type[Record], tree: Mapping[str, object]) -> bool:
    """Whether a tree has anything of a model: an answer of something else must not look empty."""
    wires = shape_of(model).wires
    return model.__open__ or not wires or not wires.isdisjoint(tree)


def _without_fillers(tree: Mapping[str, object], model: type[Record]) -> dict[str, object]:
    """Return a tree whose lists hold no entries that stand for nothing."""
    models = {field.wire: field.model for field in shape_of(model).fields if field.model}
    return {name: _unfilled(value, models.get(name)) for name, value in tree.items()}


def _unfilled(value: object, model: type[Record] | None) -> object:
    if model is None:
        return value
    if isinstance(value, Mapping):
        return _without_fillers(value, model)
    if isinstance(value, list):
        return [_unfilled(item, model) for item in value if not is_filler(item, model.__filler__)]
    return value


def _is_success(verdict: Verdict, tree: Mapping[str, object]) -> bool:
    return all(_text(tree.get(name)) in values for name, values in verdict.success.items())


def _text(value: object) -> str:
    """Return what a value says; empty where it says nothing."""
    if type(value) is str:
        return value.strip()
    if isinstance(value, Mapping | list):
        return "(not a text)" if value else ""
    if value is None or isinstance(value, bool):
        return "true" if value else ""
    return str(value).strip()


def _with_labels(problem: Problem, named: Problem | None) -> Problem:
    if named is None:
        return problem
    return structs.replace(problem, label=named.label, label_en=named.label_en, source=named.source)


_MOST_SAID = 1000
_OF_FAULTS = frozenset({400, 500})
_STATUSES: Mapping[int, StatusMeaning] = {
    401: StatusMeaning(AuthenticationError, "the credentials are not accepted"),
    403: StatusMeaning(AuthenticationError, "the account may not do this"),
    429: StatusMeaning(LimitError, "too many requests"),
}
_SENTENCES: Mapping[Kind, str] = cast(
    Mapping[Kind, str],
    {
        "html": "an HTML page came instead of data",
        "empty": "the reply has no body",
        "xml": "the body is XML, not JSON",
        "other": "the body is not JSON",
    },
)

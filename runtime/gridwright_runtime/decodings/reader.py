"""Read the reply of an operation: its payload, or the error that it stands for.

One way for all replies: tell what the body is, decode it, judge it by its own verdict, by the
HTTP status, and only then take the payload at its path.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, structs

from ..codecs.body import Kind, MalformedBody, sniff
from ..codecs.charsets import charset_of
from ..codecs.packing import is_packed, unpacked_members
from ..errors import (
    AuthenticationError,
    ClosedHoursError,
    ConsentError,
    DeviationError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    ItemFailure,
    LimitError,
    ProviderError,
    RejectedError,
    SessionExpiredError,
    SoapFaultError,
    SystemFailureError,
    UnexpectedReplyError,
)
from ..interface import ErrorMeaning, Format, Operation, Verdict
from ..message import RawReply
from ..problems import Deviation, Problem
from ..record import Record
from ..redact import scrub
from ..reply import Reply, ReplyBeside
from ..result import Result
from ..retry import retry_at
from .beside import list_beside_deviations, read_beside
from .bounds import capped
from .decoded_body import DecodedBody, Failure, Judged, Outside, problem_at
from .deviations import tree_deviations
from .echoes import Answers, Asked, other_than_asked
from .json.forms import json_view
from .json.message import json_deviations, json_repeats, json_tree, read_json
from .trees import read_tree
from .unplaced_readings import has_readings, list_unplaced_values
from .verdicts import consent_day

if TYPE_CHECKING:
    from ..sending.download import Download

__all__ = ["Circumstances", "Refused", "list_deviations", "read_reply"]

RecordT = TypeVar("RecordT", bound=Record)


class Circumstances(Struct, frozen=True, kw_only=True):
    """Facts about a call that its reply cannot tell."""

    hide: tuple[str, ...] = ()
    """Values that no message may show."""
    identity: str = ""
    """The identifier of the call, which callers know as its transaction id; empty: it has none."""
    opens_at: datetime | None = None
    """The time at which the service opens, if it is known to be closed."""
    refused: tuple[int, ...] = ()
    """The statuses by which the document says that a login is no longer valid."""
    download: "Download | None" = None
    """The file that came, where one did; it is no longer in the reply."""
    asked: Asked = ()
    """The values that were asked for, by each echo of the reply."""
    walked: Answers | None = None
    """Takes what was asked and what the reply is about, where a walk judges that at its end."""

    most_bytes: int = 32 * 1024 * 1024
    """How many bytes a packed body may have when it is unpacked."""
    keeps_failures: bool = False
    """Whether a list without records, of which something failed, is a reply like any other."""

    def __repr__(self) -> str:
        return "<circumstances>"


class Refused(Struct, frozen=True, kw_only=True):
    """A call that failed."""

    error: GridwrightError
    is_own_word: bool
    """Whether the service itself said so, and not merely a status or a page on the way."""
    is_access: bool
    """Whether the failure is about the login."""
    breaks: str = ""
    """The limit that the reply says is used up; empty: none."""

    def __repr__(self) -> str:
        return f"Refused({type(self.error).__name__})"


def read_reply(
    operation: Operation[RecordT],
    raw: RawReply,
    *,
    format: Format,
    strict: bool = False,
    circumstances: Circumstances = Circumstances(),  # noqa: B008  # frozen
) -> Reply[RecordT] | Result[RecordT] | Refused:
    """Read a reply.

    Args:
        operation: what was called.
        raw: what came back.
        format: what was asked for; a body of another format is read too, and reported.
        strict: refuse a reply that departs from the document.
        circumstances: what the reply cannot say itself.

    Returns:
        A `Reply` where the shape is a list, else a `Result`; `Refused` with

        - a `ProviderError` where the body or the HTTP status says that the call failed,
        - an `HtmlReplyError` where an HTML page came,
        - an `HttpStatusError` where the status is none of success and nothing says more,
        - an `UnexpectedReplyError` where the reply cannot be read,
        - a `DeviationError` where it departs from the document and ``strict`` is true. What failed
          of it is then raised, too.
    """
    members = _members(operation, raw, circumstances)
    if isinstance(members, str):
        return _Reading(operation, raw, circumstances, lack=members).refusal() or _never()
    if operation.reply.packing == "zip_of_many":
        return _read_many(
            operation, raw, members, format, strict=strict, circumstances=circumstances
        )
    reading = _Reading(operation, members[0], circumstances)
    refused = reading.refusal()
    if refused is not None:
        return refused
    found = reading.found
    failures = reading.failures()
    if failures and (strict or (not found.payload and not circumstances.keeps_failures)):
        return _all_failed(failures)
    outcome: Reply[RecordT] | Result[RecordT]

    def find_deviations() -> Sequence[Deviation]:
        return list_deviations(operation, raw, format=format, circumstances=circumstances)

    if operation.reply.shape == "list":
        header, beside = found.judged.header, reading.beside
        if beside is None:
            outcome = Reply(
                found.payload,
                raw=raw,
                header=header,
                find_deviations=find_deviations,
                model=operation.reply.model,
                failures=failures,
            )
        else:
            outcome = ReplyBeside(
                found.payload,
                beside,
                raw=raw,
                header=header,
                find_deviations=find_deviations,
                model=operation.reply.model,
                failures=failures,
            )
    else:
        payload: Any = found.payload if circumstances.download is None else circumstances.download
        outcome = Result(
            payload,
            raw=raw,
            code=reading.code,
            description=reading.words,
            transaction_id=circumstances.identity,
            find_deviations=find_deviations,
            attachments=found.attachments,
            failures=failures,
        )
    if strict and outcome.deviations:
        message = f"{operation.call}: the reply departs from the document"
        return reading.refused(DeviationError(message, raw=raw, problems=outcome.deviations))
    return outcome


def _read_many(
    operation: Operation[RecordT],
    raw: RawReply,
    members: Sequence[RawReply],
    format: Format,
    *,
    strict: bool,
    circumstances: Circumstances,
) -> Reply[RecordT] | Refused:
    """Read the messages of an archive into one list."""
    records: list[Any] = []
    header: Mapping[str, str | None] | None = None
    failures: list[ItemFailure] = []
    for number, member in enumerate(members):
        reading = _Reading(
            operation, member, circumstances, place=f"member {number + 1} of the archive: "
        )
        if reading.brings_failures_alone:
            failures += reading.failures(f"members[{number}].")
            continue
        refused = reading.refusal()
        if refused is not None:
            return refused
        found = reading.found
        header = found.judged.header if header is None else header
        records += found.payload if operation.reply.shape == "list" else [found.payload]
        failures += reading.failures(f"members[{number}].")
    if failures and (strict or (not records and not circumstances.keeps_failures)):
        return _all_failed(failures)

    def find_deviations() -> Sequence[Deviation]:
        return list_deviations(operation, raw, format=format, circumstances=circumstances)

    outcome = Reply(
        records,
        raw=raw,
        header=header,
        find_deviations=find_deviations,
        model=operation.reply.model,
        failures=failures,
    )
    if strict and outcome.deviations:
        message = f"{operation.call}: the reply departs from the document"
        error = DeviationError(message, raw=raw, problems=outcome.deviations)
        return Refused(error=error, is_own_word=False, is_access=False)
    return outcome


def _all_failed(failures: Sequence[ItemFailure]) -> Refused:
    """Return the refusal of a reply that holds nothing but failures, with the first of them."""
    error = failures[0].error
    error.failures = tuple(failures)
    # A part that is refused says nothing of the login of the call, and whether others were carried
    # out nobody knows: the call is not repeated.
    return Refused(error=error, is_own_word=True, is_access=False)


def _members(
    operation: Operation[Any], raw: RawReply, circumstances: Circumstances
) -> Sequence[RawReply] | str:
    """Return the messages in a reply: itself, where it is not packed; or why there are none."""
    packing = operation.reply.packing
    if packing is None or not is_packed(raw.body, packing):
        return (raw,)
    try:
        bodies = unpacked_members(raw.body, packing, circumstances.most_bytes)
    except MalformedBody as error:
        return str(error)
    headers = tuple(pair for pair in raw.headers if pair[0].lower() != "content-type")
    return [structs.replace(raw, body=body, headers=headers) for body in bodies]


def _never() -> Refused:
    raise AssertionError("a reply that cannot be unpacked is refused")


def list_deviations(
    operation: Operation[Any],
    raw: RawReply,
    *,
    format: Format,
    circumstances: Circumstances = Circumstances(),  # noqa: B008  # frozen
) -> tuple[Deviation, ...]:
    """Return how a reply that can be read departs from the document: the first, if many."""
    members = _members(operation, raw, circumstances)
    if isinstance(members, str):
        return (problem_of_whole("unreadable", members),)
    found = capped(_deviations_of_members(operation, raw, members, format, circumstances))
    return tuple(_scrubbed(problem, circumstances.hide) for problem in found)


class _Reading:
    """One reply while it is read.

    The values stay in here, since tools print the variables of a traceback.
    """

    __slots__ = (
        "_circumstances",
        "_kind",
        "_operation",
        "_place",
        "_raw",
        "_used_up",
        "beside",
        "found",
        "lack",
    )

    def __init__(
        self,
        operation: Operation[Any],
        raw: RawReply,
        circumstances: Circumstances,
        *,
        lack: str = "",
        place: str = "",
    ) -> None:
        self._place = place
        self._operation = operation
        self._raw = raw
        self._circumstances = circumstances
        self._used_up = ""
        self._kind: Kind = (
            "empty" if circumstances.download is not None else _kind_of(operation, raw)
        )
        found = lack or _read(operation, raw, self._kind)
        self.lack = found if isinstance(found, str) else found.lack
        """A sentence about why the body brings nothing; empty where it does."""
        self.found = DecodedBody() if isinstance(found, str) else found
        self.beside = self._beside()

    def _beside(self) -> Record | None:
        """Return what stands beside a list; what cannot be read makes the reply unreadable."""
        found = self.found
        if self._operation.reply.beside is None or self.lack or found.judged.failure is not None:
            return None
        problems: list[Problem] = []
        format: Format = "xml" if self._kind == "xml" else "json"
        beside = read_beside(self._operation, found.around, self._raw, format, problems)
        if problems:
            self.found = structs.replace(found, unreadable=[*found.unreadable, *problems])
        return beside

    @property
    def code(self) -> str | None:
        """The provider's code, where the document has one in the body."""
        verdict = self._verdict
        return _stripped(self._word(verdict.code)) if verdict else None

    @property
    def words(self) -> str | None:
        """The provider's words, where the document has some in the body."""
        verdict = self._verdict
        return self._word(verdict.message) if verdict else None

    @property
    def _verdict(self) -> Verdict | None:
        """The verdict that has judged."""
        return self.found.judged.verdict or self._operation.verdict

    def _word(self, name: str) -> str | None:
        header = self.found.judged.header
        return header.get(name) if header and name else None

    def refusal(self) -> Refused | None:
        """Return the failure that the reply stands for; None: it is a success."""
        failure = self.found.judged.failure
        is_success = self._operation.is_success(self._raw.status_code)
        if failure is not None:
            return self.refused(self._failure_error(failure), is_own_word=True)
        if self.found.failures and (not is_success or self.brings_failures_alone):
            return self._failures_alone(is_success=is_success)
        if not is_success:
            return self._status_refusal()
        sentence, problems = self._lacking()
        if not sentence:
            return None
        return self.refused(self._unexpected(sentence, problems))

    def _failures_alone(self, *, is_success: bool) -> Refused:
        """Return the first of the failures that stand where data should be."""
        failures = self.failures()
        refused = _all_failed(failures)
        if is_success and not all(isinstance(f.error, AuthenticationError) for f in failures):
            return structs.replace(refused, breaks=self._used_up)
        # As where a verdict says so: the call was let in by nobody, and nothing was carried out.
        return self.refused(refused.error, is_own_word=True)

    @property
    def brings_failures_alone(self) -> bool:
        """Whether the message lists failures where its data should be."""
        found = self.found
        if not found.failures or found.judged.failure is not None:
            return False
        return bool(self.lack) or (self._operation.reply.shape != "list" and not found.payload)

    def _lacking(self) -> tuple[str, Sequence[Problem]]:
        if self.lack:
            return self.lack, ()
        if self.found.unreadable:
            return "the reply holds values that cannot be read", self.found.unreadable
        if self.found.judged.is_missing:
            return "the body does not say whether the call succeeded", ()
        return "", ()

    def failures(self, before: str = "") -> list[ItemFailure]:
        """Return the failed items and the failures beside the data, each with its error."""
        reply = self._operation.reply
        name = reply.payload[-1] if reply.payload else reply.item or "records"
        items = [
            ItemFailure(
                place=f"{before}{name}[{item.index}]",
                error=self._failure_error(item.failure, reply.verdict),
                item=item.wire,
            )
            for item in self.found.failed
        ]
        parts = [
            ItemFailure(
                place=f"{before}{one.place}",
                error=self._failure_error(one.failure, one.verdict),
                item=one.wire,
                is_beside=True,
            )
            for one in self.found.failures
        ]
        return [*items, *parts]

    def refused(self, error: GridwrightError, *, is_own_word: bool = False) -> Refused:
        """Return a failure, with what it says about itself."""
        return Refused(
            error=error,
            is_own_word=is_own_word,
            is_access=isinstance(error, AuthenticationError),
            breaks=self._used_up,
        )

    def _failure_error(self, failure: Failure, by: Verdict | None = None) -> ProviderError:
        verdict, status = by or self._verdict, self._raw.status_code
        if failure.meaning is not None:
            return self._error(failure.meaning, failure.code, failure.text)
        if failure.is_consent and verdict and verdict.consent and failure.text:
            day = consent_day(verdict.consent, failure.text)
            facts = self._facts(failure.code, failure.text)
            gloss = "the customer has not consented to this day"
            return ConsentError(consent_from=day, gloss=gloss, **facts)
        meaning = None
        if failure.is_fault and failure.code in _OF_WS_SECURITY:
            meaning = ErrorMeaning(AuthenticationError, "a fault of WS-Security")
        elif failure.is_fault:
            # Only a fault says more than the statuses that SOAP itself gives to faults.
            if 200 <= status < 300 or status in _OF_FAULTS:
                kind = SystemFailureError if failure.is_of_server else SoapFaultError
                meaning = ErrorMeaning(kind, "a SOAP fault")
        elif verdict is not None:
            meaning = verdict.errors.get(failure.code or "") or verdict.kinds.get(
                failure.kind or ""
            )
        if meaning is None and not self._operation.is_success(status):
            meaning = self._meaning()
        if meaning is None and failure.is_fault:
            kind = SystemFailureError if failure.is_of_server else SoapFaultError
            meaning = ErrorMeaning(kind, "a SOAP fault")
        meaning = meaning or ErrorMeaning(RejectedError)
        return self._error(meaning, failure.code, failure.text)

    def _status_refusal(self) -> Refused:
        status = self._raw.status_code
        meaning = self._meaning()
        is_page = self._kind == "html"
        if meaning is not None:
            is_explained = self._operation.status_meaning(status) is not None
            documented = is_explained or status in self._circumstances.refused
            text = self.words or self._bare_text()
            error = self._error(meaning, self.code, text)
            says_something = self._kind not in ("html", "empty")
            return self.refused(error, is_own_word=documented and says_something)
        if is_page:
            return self.refused(self._unexpected(_SENTENCES["html"]))
        message = f"{self._operation.call}: HTTP status {status}"
        return self.refused(HttpStatusError(message, status=status, raw=self._raw))

    def _meaning(self) -> ErrorMeaning | None:
        """Return what the HTTP status means: as documented, or as for every service."""
        status = self._raw.status_code
        meaning = self._operation.status_meaning(status)
        is_open = meaning is None or issubclass(meaning.error, AuthenticationError)
        if status in self._circumstances.refused and is_open:
            return ErrorMeaning(SessionExpiredError, "the session is not accepted")
        return meaning or _STATUSES.get(status)

    def _bare_text(self) -> str | None:
        """Return a body that is a text and nothing else, cut off where it is long."""
        # Other bodies may hold what nobody should read in a log, and so may texts of somebody on
        # the way, who sends what no document says.
        is_documented = self._operation.status_meaning(self._raw.status_code) is not None
        if not is_documented or self._kind != "other" or _is_multipart(self._raw):
            return None
        encoding = charset_of(self._raw.body, self._raw.content_type)
        return self._raw.body[:_MOST_SAID].decode(encoding, "replace").strip() or None

    def _unexpected(self, sentence: str, problems: Sequence[Problem] = ()) -> UnexpectedReplyError:
        raw = self._raw
        said = f"{self._place}{sentence}"
        message = f"{self._operation.call}: {said} (HTTP status {raw.status_code})"
        is_page = self._kind == "html" or (
            self._kind == "xml" and bool(self.lack) and "html" in raw.content_type.lower()
        )
        if is_page:
            return HtmlReplyError(message, status=raw.status_code, raw=raw)
        hidden = [_scrubbed(problem, self._circumstances.hide) for problem in capped(problems)]
        return UnexpectedReplyError(message, raw=raw, problems=hidden)

    def _facts(self, code: str | None, text: str | None) -> dict[str, Any]:
        return {
            "system": self._operation.system,
            "operation": self._operation.name,
            "code": code,
            "text": text,
            "http_status": self._raw.status_code,
            "raw": self._raw,
            "hide": self._circumstances.hide,
            "transaction_id": self._circumstances.identity,
        }

    def _error(self, meaning: ErrorMeaning, code: str | None, text: str | None) -> ProviderError:
        facts = self._facts(code, text)
        self._used_up = meaning.breaks or self._used_up
        if issubclass(meaning.error, ClosedHoursError):
            facts["opens_at"] = self._circumstances.opens_at or retry_at(self._raw)
        elif issubclass(meaning.error, LimitError):
            facts["retry_at"] = retry_at(self._raw)
        return meaning.error(gloss=meaning.gloss, **facts)


# --- Bodies -----------------------------------------------------------------------------------


def _read(operation: Operation[Any], raw: RawReply, kind: Kind) -> DecodedBody | str:
    """Return what the body holds, or a sentence about why it holds nothing."""
    try:
        if kind == "json":
            return read_json(operation, raw.body, raw.content_type, raw.status_code)
        if kind == "xml":
            return _read_xml(operation, raw)
        if kind == "csv":
            from .lines.csv_message import read_csv  # few replies are tables

            return read_csv(operation, raw)
        if kind in ("jsonl", "text"):
            from .lines.messages import read_jsonl, read_text

            return read_jsonl(operation, raw) if kind == "jsonl" else read_text(operation, raw)
        if kind == "other":
            return _read_other(operation, raw)
    except MalformedBody as error:
        return str(error)
    if operation.reply.shape in _WITHOUT_MESSAGE and kind == "empty":
        return read_tree(operation, {}, format="json")
    return _SENTENCES[kind]


def _kind_of(operation: Operation[Any], raw: RawReply) -> Kind:
    """Tell what a body is, among others by the formats that the document offers.

    A table, a text and lines of JSON look like nothing, and so does what stands in the place of
    one: they are taken for it where the call succeeded.
    """
    kind = sniff(raw)
    offered = operation.reply.formats
    if offered.keys() <= _SEEN or not operation.is_success(raw.status_code):
        return kind
    if kind == "json" and "jsonl" in offered and raw.body.lstrip(_MARKS)[:1] == b"{":
        return "jsonl"
    if kind == "empty":
        return _kind_of_nothing(operation)
    is_page = raw.body.lstrip()[:1] == b"<"
    is_xml = kind == "xml" and not raw.body.startswith(_UTF16_MARKS)
    if kind == "json" or is_page or is_xml:
        return kind
    return "csv" if "csv" in offered else "text" if "text" in offered else kind


def _kind_of_nothing(operation: Operation[Any]) -> Kind:
    """Tell what an empty body is: rows and lines may be none at all."""
    reply = operation.reply
    if "csv" in reply.formats and reply.csv is not None and not reply.csv.heading:
        return "csv"
    return "jsonl" if "jsonl" in reply.formats else "empty"


def _read_xml(operation: Operation[Any], raw: RawReply) -> DecodedBody:
    body, content_type, status = raw.body, raw.content_type, raw.status_code
    # SOAP is slow to import, and so is XML; few replies need both.
    from .xml.message import read_xml

    if operation.soap is None and b"Envelope" not in body[:1000]:
        return read_xml(operation, body, content_type, status)
    from .xml.soap import read_envelope

    envelope = read_envelope(operation, body, content_type)
    if envelope is None:
        if operation.soap is not None:
            raise MalformedBody("the XML body is no envelope of SOAP 1.1")
        return read_xml(operation, body, content_type, status)
    if envelope.fault is not None:
        return DecodedBody(judged=Judged(failure=envelope.fault))
    found = read_tree(operation, envelope.tree, "xml", Outside(status, envelope.root))
    if not envelope.repeats:
        return found
    return structs.replace(found, unreadable=[*envelope.repeats, *found.unreadable])


def _read_other(operation: Operation[Any], raw: RawReply) -> DecodedBody | str:
    """Read a body in several parts, or a value of JSON that is no object and no list."""
    if _is_multipart(raw):
        from .xml.soap import unpacked

        parts = unpacked(raw.body, raw.content_type)
        inner = structs.replace(raw, body=parts.body, headers=_typed(parts.content_type))
        found = _read(operation, inner, sniff(inner))
        return (
            found
            if isinstance(found, str)
            else structs.replace(found, attachments=parts.attachments)
        )
    if operation.reply.shape == "value" and not operation.reply.payload:
        tree = json_tree(operation, raw.body, raw.content_type)
        return read_tree(operation, tree, "json", Outside(raw.status_code))
    if operation.reply.shape in _WITHOUT_MESSAGE:
        return read_tree(operation, {}, format="json")
    return _SENTENCES["other"]


def _is_multipart(raw: RawReply) -> bool:
    return raw.content_type.lstrip()[:10].lower() == "multipart/"


def _typed(content_type: str) -> tuple[tuple[str, str], ...]:
    return (("content-type", content_type),)


# --- Deviations -------------------------------------------------------------------------------


def _deviations_of_members(
    operation: Operation[Any],
    raw: RawReply,
    members: Sequence[RawReply],
    format: Format,
    circumstances: Circumstances,
) -> Iterator[Deviation]:
    packing, answers = operation.reply.packing, Answers(circumstances.asked)
    if packing is not None and not is_packed(raw.body, packing):
        yield problem_of_whole("not-packed", f"is not packed as {packing.replace('_', ' ')}")
    for number, member in enumerate(members):
        for problem in _deviations(operation, member, format, circumstances, answers):
            if packing == "zip_of_many":
                where = f"members[{number}]"
                path = f"{where}.{problem.path}" if problem.path else where
                problem = structs.replace(problem, path=path)
            yield problem
    if circumstances.walked is not None:
        circumstances.walked.add(answers)
        return
    yield from answers.not_answered(operation.reply)


def problem_of_whole(rule: str, message: str) -> Problem:
    """Return a problem of a whole reply."""
    return problem_at("", rule, message)


def _deviations(
    operation: Operation[Any],
    raw: RawReply,
    format: Format,
    circumstances: Circumstances,
    answers: Answers,
) -> Iterator[Deviation]:
    if circumstances.download is not None:
        return
    kind = _kind_of(operation, raw)
    if kind == "other" and _is_multipart(raw):
        from .xml.soap import unpacked

        parts = unpacked(raw.body, raw.content_type)
        raw = structs.replace(raw, body=parts.body, headers=_typed(parts.content_type))
        kind = sniff(raw)
    if kind == "other" and operation.reply.shape == "value" and not operation.reply.payload:
        kind = "json"  # a value that is no object and no list
    if kind in _FORMATS and kind != (format if operation.soap is None else "xml"):
        said = format if operation.soap is None else "SOAP"
        yield problem_at("", "other-format", f"is {kind}, not {said}")
    try:
        if kind == "xml":
            yield from _xml_deviations(operation, raw, answers)
        elif kind == "csv":
            from .lines.csv_message import csv_deviations

            yield from csv_deviations(operation, raw, answers)
        elif kind in ("jsonl", "text"):
            from .lines.messages import jsonl_deviations, text_deviations

            deviations = jsonl_deviations if kind == "jsonl" else text_deviations
            yield from deviations(operation, raw, answers)
        elif kind == "json":
            seen = json_view(operation)
            repeats = json_repeats(seen, raw.body, raw.content_type)
            tree = json_tree(seen, raw.body, raw.content_type)
            yield from json_deviations(seen, tree, repeats)
            yield from list_beside_deviations(seen, tree, raw, "json")
            yield from other_than_asked(seen, tree, "json", answers)
        elif kind != "empty":
            yield problem_at("", "unknown-field", "is there, though the document has no body")
    except MalformedBody as error:
        # The fast way reads past what no field takes: bytes of another encoding, for instance.
        yield problem_at("", "unreadable", str(error))
        return
    if kind in _OF_RECORDS and has_readings(operation.reply):
        found = _Reading(operation, raw, circumstances)
        if found.refusal() is None:
            yield from list_unplaced_values(operation.reply, found.found.payload)


def _xml_deviations(
    operation: Operation[Any], raw: RawReply, answers: Answers
) -> Iterator[Deviation]:
    from .xml.message import plain_message, xml_deviations

    body, content_type = raw.body, raw.content_type
    if operation.soap is not None or b"Envelope" in body[:1000]:
        from .xml.soap import read_envelope

        envelope = read_envelope(operation, body, content_type)
        if envelope is not None:
            yield from envelope.problems
            yield from tree_deviations(operation, envelope.tree, "xml")
            yield from list_beside_deviations(operation, envelope.tree, raw, "xml")
            yield from other_than_asked(operation, envelope.tree, "xml", answers)
            return
    yield from xml_deviations(operation, body, content_type)
    if answers.asked or operation.reply.beside is not None:
        tree = plain_message(operation, body, content_type)
        yield from list_beside_deviations(operation, tree, raw, "xml")
        yield from other_than_asked(operation, tree, "xml", answers)


def _scrubbed(problem: Problem, hide: tuple[str, ...]) -> Problem:
    """Hide values in what a problem shows: some services sort by customer."""
    path, wire, message = (
        scrub(one, hide) for one in (problem.path, problem.wire, problem.message)
    )
    if (path, wire, message) == (problem.path, problem.wire, problem.message):
        return problem
    return structs.replace(problem, path=path, wire=wire, message=message)


def _stripped(text: str | None) -> str | None:
    return text.strip() or None if text else None


_FORMATS = frozenset({"json", "xml", "csv", "jsonl", "text"})
_OF_RECORDS = frozenset({"json", "xml", "csv", "jsonl"})
_SEEN = frozenset({"json", "xml"})
"""The formats that a body shows itself."""
_MARKS = b"\xef\xbb\xbf \t\r\n"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MOST_SAID = 1000
_OF_FAULTS = frozenset({400, 500})
_OF_WS_SECURITY = frozenset(
    {"FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken", "SecurityTokenUnavailable"}
)
_STATUSES: Mapping[int, ErrorMeaning] = {
    401: ErrorMeaning(AuthenticationError, "the credentials are not accepted"),
    403: ErrorMeaning(AuthenticationError, "the account may not do this"),
    429: ErrorMeaning(LimitError, "too many requests"),
}
_WITHOUT_MESSAGE = frozenset({"file", "none"})
_SENTENCES: Mapping[Kind, str] = {
    "html": "an HTML page came instead of data",
    "empty": "the reply has no body",
    "other": "the body is neither JSON nor XML",
}

"""Judge a reply: by its own verdict, by the HTTP status, and by what of it can be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from ..codecs.body import Kind
from ..codecs.charsets import charset_of
from ..errors import (
    AuthenticationError,
    ClosedHoursError,
    ConsentError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    ItemFailure,
    LimitError,
    NotSubscribedError,
    ProviderError,
    RejectedError,
    SessionExpiredError,
    SoapFaultError,
    SystemFailureError,
    UnexpectedReplyError,
)
from ..interface import ErrorMeaning, Format, Operation, Verdict
from ..message import RawReply
from ..problems import Problem
from ..record import Record
from ..redact import printable, scrub
from ..retry import retry_at
from .beside import read_beside
from .bodies import SENTENCES, is_multipart, kind_of, read_body
from .bounds import capped
from .circumstances import Circumstances, Refused, scrubbed
from .decoded_body import DecodedBody, Failure
from .verdicts import consent_day

__all__ = ["JudgedReply", "all_failed"]


class JudgedReply:
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
            "empty" if circumstances.download is not None else kind_of(operation, raw)
        )
        found = lack or read_body(operation, raw, self._kind)
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
        beside = read_beside(
            self._operation, found.around, self._raw, format, problems, found.blocks
        )
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
        refused = all_failed(failures)
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
            text = failure.text or self._words_given(failure.code)
            return self._error(failure.meaning, failure.code, text)
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
            error = self._error(meaning, self.code, text or self._words_given(self.code))
            says_something = self._kind not in ("html", "empty")
            return self.refused(error, is_own_word=documented and says_something)
        if is_page:
            return self.refused(self._unexpected(SENTENCES["html"] + self._way_on()))
        message = f"{self._operation.call}: HTTP status {status}{self._way_on()}"
        text = self._words_given()
        if text:
            said = scrub(text, self._circumstances.hide)
            message = printable(f"{message}: the provider says: {said}", 500)
        return self.refused(HttpStatusError(message, status=status, raw=self._raw))

    def _way_on(self) -> str:
        """Say where a redirect leads, by its host alone: the rest may hold a secret."""
        place = self._raw.header("location")
        if self._raw.status_code // 100 != _REDIRECTS or not place:
            return ""
        from urllib.parse import urlsplit  # most calls succeed

        try:
            host = urlsplit(place.strip()).hostname or "another address of the service"
        except ValueError:
            return ""
        said = scrub(host, self._circumstances.hide)
        return printable(f", which leads to {said} and is not followed", 200)

    def _words_given(self, code: str | None = None) -> str | None:
        """Return what a failure says by names that no document has, where nothing else says it."""
        if code or self._operation.is_success(self._raw.status_code):
            return None
        from .words_given import names_asked, words_given  # most calls succeed

        return words_given(self._raw, self._kind, names_asked(self._operation))

    def _meaning(self) -> ErrorMeaning | None:
        """Return what the HTTP status means: as documented, or as for every service."""
        status = self._raw.status_code
        meaning = self._operation.status_meaning(status)
        is_open = meaning is None or issubclass(meaning.error, AuthenticationError)
        if status in self._circumstances.refused and is_open:
            # A call that may be sent again has had a new session by now; one that may not has not.
            gloss = "the session is not accepted: it is over or, where it is new, lacks the rights"
            return ErrorMeaning(SessionExpiredError, gloss)
        return meaning or _STATUSES.get(status)

    def _bare_text(self) -> str | None:
        """Return a body that is a text and nothing else, cut off where it is long."""
        # Other bodies may hold what nobody should read in a log, and so may texts of somebody on
        # the way, who sends what no document says.
        is_documented = self._operation.status_meaning(self._raw.status_code) is not None
        if not is_documented or self._kind != "other" or is_multipart(self._raw):
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
        hidden = [scrubbed(problem, self._circumstances.hide) for problem in capped(problems)]
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
        return meaning.error(gloss=self._gloss(meaning), **facts)

    def _gloss(self, meaning: ErrorMeaning) -> str:
        """Return what a failure means, with the rights that are missed where it is about these."""
        is_of_rights = issubclass(meaning.error, AuthenticationError | NotSubscribedError)
        if not is_of_rights or self._raw.status_code not in _OF_RIGHTS:
            return meaning.gloss
        from .rights import rights_missed  # most calls succeed

        about = self._circumstances
        missed = rights_missed(self._raw, about.scopes, about.hide)
        return "; ".join(filter(None, (meaning.gloss, missed)))


def all_failed(failures: Sequence[ItemFailure]) -> Refused:
    """Return the refusal of a reply that holds nothing but failures, with the first of them."""
    error = failures[0].error
    error.failures = tuple(failures)
    # A part that is refused says nothing of the login of the call, and whether others were carried
    # out nobody knows: the call is not repeated.
    return Refused(error=error, is_own_word=True, is_access=False)


def _stripped(text: str | None) -> str | None:
    return text.strip() or None if text else None


_MOST_SAID = 1000
_OF_FAULTS = frozenset({400, 500})
_OF_RIGHTS = frozenset({401, 403})
_OF_WS_SECURITY = frozenset(
    {"FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken", "SecurityTokenUnavailable"}
)
_STATUSES: Mapping[int, ErrorMeaning] = {
    401: ErrorMeaning(AuthenticationError, "the credentials are not accepted"),
    403: ErrorMeaning(AuthenticationError, "the account may not do this"),
    429: ErrorMeaning(LimitError, "too many requests"),
}
_REDIRECTS = 3
"""First digit of their statuses."""

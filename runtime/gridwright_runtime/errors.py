"""The one tree of errors of all systems. No message shows a secret or personal value."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from .message import RawReply
from .problems import Problem
from .redact import printable, scrub

__all__ = [
    "AbsentError",
    "AuthenticationError",
    "BusyError",
    "ClosedHoursError",
    "ConfigurationError",
    "ConnectError",
    "ConsentError",
    "ContradictedEndError",
    "DeviationError",
    "DownloadError",
    "GridwrightError",
    "HtmlReplyError",
    "HttpStatusError",
    "InvalidRequestError",
    "ItemFailure",
    "LimitError",
    "MissingDayError",
    "NoDataError",
    "NoSessionError",
    "NotSubscribedError",
    "OutcomeUnknownError",
    "ProviderError",
    "RejectedError",
    "RequestTimeoutError",
    "SessionExpiredError",
    "SoapFaultError",
    "StoreError",
    "SystemFailureError",
    "TransportError",
    "UndecidedTimeError",
    "UndocumentedNameError",
    "UnexpectedReplyError",
    "UnknownUnitError",
    "UploadError",
    "WrongAddressError",
]


class GridwrightError(Exception):
    """Whatever goes wrong in a call; catch this to catch all of it."""

    retry_at: datetime | None = None
    """When the provider asks to try again, aware; None when it does not say, or nobody knows."""
    transaction_id: str = ""
    """What identifies the request, where the system has such a thing; else empty."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Constructors take keywords, which Exception's own pickling does not know.
        return _rebuild, (type(self), self.args), self.__dict__


class ConfigurationError(GridwrightError):
    """The client cannot work as it was set up: no key, no such format, already closed."""


class StoreError(ConfigurationError):
    """Where all machines keep limits and logins cannot be used. Nothing was sent."""


class UndocumentedNameError(ConfigurationError):
    """The request holds items whose names the document does not give. Nothing was sent."""

    def __init__(self, call: str, host: str, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        """One for each item: its Python path, its label and where the document shows it."""
        system = call.partition(".")[0]
        headline = (
            f"{call}: nothing was sent to {host}: the document does not name these items, and "
            "their provisional names are for a mock on this machine; write the true names into a "
            f"private amendments file and run `gridwright generate {system} --amend FILE "
            "--out DIR --package NAME` (docs/how-to.md)"
        )
        super().__init__(_list_problems(headline, self.problems))


class DownloadError(GridwrightError):
    """A file that came could not be written."""


class UploadError(GridwrightError):
    """What was to be sent could not be read to its end; the service got no whole request."""


class MissingDayError(GridwrightError, ValueError):
    """Readings were asked of a record that does not say which day it is of."""


class AbsentError(MissingDayError):
    """A field is empty that would say the interval of a reading."""


class ContradictedEndError(MissingDayError):
    """A record prints another end of an interval than its step leads to."""


class UndecidedTimeError(GridwrightError, ValueError):
    """A reading has a label that names two intervals, and nothing says which of them is meant."""


class UnknownUnitError(GridwrightError, ValueError):
    """A reading is measured in what the document does not have, or nothing says in what."""


class InvalidRequestError(GridwrightError, ValueError):
    """The request breaks the document's rules. Nothing was sent."""

    def __init__(self, call: str, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(_list_problems(f"{call}: nothing was sent", self.problems))


class ProviderError(GridwrightError):
    """The provider answered, and the answer is a refusal."""

    failures: "tuple[ItemFailure, ...]" = ()
    """All that failed, where nothing else came; this is the error of the first."""

    def __init__(
        self,
        *,
        system: str,
        operation: str,
        code: str | None = None,
        text: str | None = None,
        http_status: int | None = None,
        raw: RawReply | None = None,
        gloss: str = "",
        hide: Sequence[str] = (),
        transaction_id: str = "",
        kept: str = "",
    ) -> None:
        self.system = system
        self.operation = operation
        self.code = code
        """The provider's code, or None when it sent none."""
        self.text = text
        """The provider's own words, as sent."""
        self.http_status = http_status
        self.raw = raw
        self.transaction_id = transaction_id
        self.gloss = gloss
        """What the code means, in English; empty when nobody knows."""
        # What others wrote may hold anything; the rest is ours, its numbers and the id included.
        said = f"the provider says: {scrub(text, hide)}" if text else "the provider gives no reason"
        said = f"nothing was sent: {kept}" if kept else said
        status = f"HTTP {http_status}" if http_status not in (None, 200) else ""
        named = f"transaction {transaction_id}" if transaction_id else ""
        call = f"{system}.{operation}"
        code_said = scrub(code, hide) if code else ""
        parts = [part for part in (call, named, status, code_said, gloss, said) if part]
        super().__init__(printable(": ".join(parts), 500))
        self.retry_at = _retry_time(raw)


class ItemFailure(Struct, frozen=True, kw_only=True):
    """A part of a call that failed, while the call as a whole was answered; no exception."""

    place: str
    """Where it stands in the reply, such as ``result[3]``."""
    error: ProviderError
    """What it stands for; not raised unless nothing else came."""
    item: Mapping[str, object] = {}
    """The item as it came, by wire names; it may say which of the things asked for or sent it is,
    and may hold personal values."""
    is_beside: bool = False
    """It stands in a list of failures beside the data; else it is an item of the data's own list,
    in the place of a record."""

    def __repr__(self) -> str:
        return f"ItemFailure({self.place}: {type(self.error).__name__})"


class AuthenticationError(ProviderError):
    """The provider does not accept the credentials."""


class SessionExpiredError(AuthenticationError):
    """The session or ticket is no longer valid."""


class NoSessionError(AuthenticationError):
    """The login succeeded, and its reply holds no session in any of the places to look in."""


class NotSubscribedError(ProviderError):
    """The account may not use this service."""


class NoDataError(ProviderError):
    """There are no data for what was asked."""


class ConsentError(ProviderError):
    """The customer has not consented, or not for this day."""

    def __init__(self, *, consent_from: date | None = None, **rest: Any) -> None:
        super().__init__(**rest)
        self.consent_from = consent_from
        """The first day the customer consented to, or None when the provider does not say."""


class RejectedError(ProviderError):
    """A business rule refused the request, or the code is not known."""


class SoapFaultError(RejectedError):
    """A SOAP fault that blames the request."""


class WrongAddressError(ProviderError):
    """There is no such service at this address."""


class SystemFailureError(ProviderError):
    """The provider's own system failed; it says so itself."""


class BusyError(SystemFailureError):
    """The provider has too much to do at this moment, whoever asks."""


class LimitError(ProviderError):
    """Too many requests: the provider says so, or the client, which then has sent nothing."""

    def __init__(
        self, *, retry_at: datetime | None = None, kept: str = "", limit: str = "", **rest: Any
    ) -> None:
        super().__init__(kept=kept, **rest)
        self.retry_at = retry_at or self.retry_at
        self.sent = not kept
        """Whether the provider refused; False: the client kept the limit itself."""
        self.limit = limit
        """The names of the limits that the client kept, with commas; empty when the provider
        refused."""


class ClosedHoursError(LimitError):
    """The service is closed at this hour."""

    def __init__(self, *, opens_at: datetime | None = None, **rest: Any) -> None:
        super().__init__(retry_at=opens_at, **rest)
        self.opens_at = opens_at
        """When the service opens, aware; None when that is not known."""


class TransportError(GridwrightError):
    """No whole reply came back."""


class ConnectError(TransportError):
    """No connection could be made; nothing was sent."""


class RequestTimeoutError(TransportError):
    """The provider took too long."""

    def __init__(self, message: str, *, phase: str) -> None:
        super().__init__(message)
        self.phase = phase
        """What took too long: connect, pool (waiting for a free connection), write or read."""


class OutcomeUnknownError(TransportError):
    """A write may or may not have been carried out: ask the provider before sending it again."""

    def __init__(
        self, message: str, *, raw: RawReply | None = None, transaction_id: str = ""
    ) -> None:
        super().__init__(message)
        self.raw = raw
        """What came back, if anything did."""
        self.transaction_id = transaction_id

    @property
    def http_status(self) -> int | None:
        """The status of what came back; None where nothing did."""
        return None if self.raw is None else self.raw.status_code


class UnexpectedReplyError(GridwrightError):
    """A reply came back that cannot be read as the document describes it."""

    def __init__(
        self, message: str, *, raw: RawReply | None = None, problems: Sequence[Problem] = ()
    ) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.raw = raw
        super().__init__(_list_problems(message, self.problems))


class HttpStatusError(UnexpectedReplyError):
    """The HTTP status is not one of success, and the body does not say more."""

    def __init__(self, message: str, *, status: int, raw: RawReply | None = None) -> None:
        super().__init__(message, raw=raw)
        self.status = status
        self.retry_at = _retry_time(raw)


class HtmlReplyError(UnexpectedReplyError):
    """An HTML page came instead of data."""

    def __init__(self, message: str, *, status: int, raw: RawReply | None = None) -> None:
        super().__init__(message, raw=raw)
        self.status = status
        self.retry_at = _retry_time(raw)


class DeviationError(UnexpectedReplyError):
    """``strict=True``, and the reply departs from the document."""


def _retry_time(raw: RawReply | None) -> datetime | None:
    if raw is None or raw.header("retry-after") is None:
        return None
    from .retry import retry_at  # rarely needed

    return retry_at(raw)


def _list_problems(headline: str, problems: tuple[Problem, ...]) -> str:
    lines = [f"  {problem}" for problem in problems[:_MOST_LISTED]]
    if len(problems) > _MOST_LISTED:
        lines.append(f"  and {len(problems) - _MOST_LISTED} more")
    return "\n".join((headline, *lines))


def _rebuild(kind: type[GridwrightError], args: tuple[Any, ...]) -> GridwrightError:
    error = kind.__new__(kind, *args)
    error.args = args
    return error


_MOST_LISTED = 50

"""Keep secret and personal values out of texts and out of the transport's logs."""

import logging
import re
from base64 import b64encode
from collections.abc import Iterable
from contextvars import ContextVar, Token
from types import TracebackType
from urllib.parse import quote, quote_plus

from .message import HttpRequest

__all__ = [
    "MASK",
    "Shield",
    "install_log_filter",
    "mask",
    "masked",
    "printable",
    "scrub",
    "transport_reason",
]

MASK = "***"

TRANSPORT_LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)


def scrub(text: str, values: Iterable[str]) -> str:
    """Replace every one of the values in a text of others by ``***``.

    Values are found plain, percent-encoded, and as base64.

    Runs of nine digits or more go as well: customer, meter and business numbers have ten to
    twenty, and a provider may quote one that the request did not hold. Those inside of a UUID
    stay: it is an id, which the provider must be able to find.

    Short values are replaced where they stand as a whole: a password ``p`` is no part of
    ``get_supplies``, and a password ``a`` no article between two words. Long ones are replaced
    wherever they stand.
    """
    return re.sub(_LONG_NUMBER, _number_masked, mask(text, values))


def mask(text: str, values: Iterable[str]) -> str:
    """Replace the values alone, as `scrub` does, in a text of our own, which has numbers too."""
    forms = {form for value in values if value for form in _forms(value)}
    for form in sorted(forms, key=len, reverse=True):
        if form in text:
            text = _masked(text, form)
    return text


def masked(value: str) -> str:
    """Return a personal value as reports show it: its last two characters, if it is long enough."""
    return f"{MASK}{value[-2:]}" if len(value) >= 6 else MASK


def _masked(text: str, form: str) -> str:
    if len(form) >= _LONG:
        return text.replace(form, MASK)
    # Letters of scripts that write without blanks are no sign of a longer word.
    before = "(?<![0-9A-Za-z])" if _is_of_words(form[0]) else ""
    after = "(?![0-9A-Za-z])" if _is_of_words(form[-1]) else ""
    found = f"{before}{re.escape(form)}{after}"
    if form == _ARTICLE:
        # "Not written as *** number" would tell what it hides; in quotes, after a sign or at the
        # end, as values stand, it goes.
        found = f"(?<! ){found}|{found}(?! [a-z])"
    return re.sub(found, MASK, text)


def _is_of_words(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _number_masked(found: re.Match[str]) -> str:
    return found["uuid"] or MASK


def printable(text: str, limit: int = 300) -> str:
    """Return a text on one line, without control characters, cut at the limit."""
    if len(text) <= limit and text.isprintable():
        return text
    line = "".join(character if character.isprintable() else " " for character in text[: limit + 1])
    return line if len(line) <= limit else f"{line[:limit]}…"


class Shield:
    """While entered, what the transport logs about a request shows no value of it."""

    __slots__ = ("_request", "_token")

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __enter__(self) -> None:
        self._token: Token[HttpRequest | None] = _current.set(self._request)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _current.reset(self._token)


def install_log_filter() -> None:
    """Put the filter on the transport's loggers; doing it again changes nothing."""
    for name in TRANSPORT_LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)


class _ShieldFilter(logging.Filter):
    """Rewrite records about a shielded request; others pass as they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = _current.get()
        if request is not None:
            record.msg = _safe_message(record, request)
            record.args = ()
        return True


def _forms(value: str) -> tuple[str, ...]:
    # errors="replace": a lone surrogate cannot be percent-encoded, and was never sent.
    quoted = (
        quote(value, errors="replace"),
        quote(value, safe="", errors="replace"),
        quote_plus(value, errors="replace"),
    )
    lower = tuple(_PERCENT.sub(lambda found: found[0].lower(), one) for one in quoted)
    return (value, *quoted, *lower, *_packed(value))


def _packed(value: str) -> tuple[str, ...]:
    """Return a value as base64 has it; one that is short has a form that other words have."""
    if len(value) < _LONG:
        return ()
    packed = b64encode(value.encode(errors="replace")).decode()
    return tuple(
        form
        for one in (packed, packed.replace("+", "-").replace("/", "_"))
        for form in (one, one.rstrip("="))
    )


def _safe_message(record: logging.LogRecord, request: HttpRequest) -> str:
    if record.name == "httpx2" and isinstance(record.args, tuple) and len(record.args) == 5:
        method, _url, version, status, _reason = record.args
        said = f"{version} {status} {_phrase(status)}".rstrip()
        return f'HTTP Request: {method} {request.safe_url} "{said}"'
    message = record.getMessage()
    if message.startswith("receive_response_headers.complete"):
        # The rest is the reply's headers, cookies included.
        return "receive_response_headers.complete"
    return scrub(message, request.sensitive)


def transport_reason(error: Exception, values: Iterable[str]) -> str:
    """Return what an exception of the transport says, fit for a message.

    A proxy that refuses writes what it likes behind its status, such as the password that it was
    given, of which nobody here knows; so its status alone is kept.
    """
    name = type(error).__name__
    said = str(error)
    if name == "ProxyError":
        status = re.match(r"[0-9]{3}\b", said)
        said = f"{status[0]} {_phrase(status[0])}".rstrip() if status else ""
    said = printable(scrub(said, values), 200)
    return f"{name}: {said}" if said else name


def _phrase(status: object) -> str:
    """Return the phrase that the standard has for a status: a server's own may hold anything."""
    from http import HTTPStatus  # rarely needed

    try:
        return HTTPStatus(int(str(status))).phrase
    except ValueError:
        return ""


_HEX = "[0-9A-Fa-f]"
_LONG_NUMBER = (
    rf"(?P<uuid>(?<!{_HEX}){_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}(?!{_HEX}))|[0-9]{{9,}}"
)
_ARTICLE = "a"
"""A value that is a word of most sentences, between two others."""
_LONG = 8
"""From so many characters on, a value is no part of anything else by chance."""
_PERCENT = re.compile("%[0-9A-F]{2}")
_FILTER = _ShieldFilter()
_current: ContextVar[HttpRequest | None] = ContextVar("gridwright_request", default=None)

"""Turn a step that gave no result into the error that says why.

Replies are passed on without what they must not show: results, credentials, cookies.
"""

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from ..codecs.body import sniff
from ..codecs.charsets import charset_of
from ..errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    GridwrightError,
    HttpStatusError,
    LimitError,
    NoSessionError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from ..message import Hidden, RawReply
from ..redact import MASK, scrub
from ..retry import retry_at
from ..sending.outcome import Failed, NotAdmitted

__all__ = [
    "REFUSED_CREDENTIALS",
    "REFUSED_RESULTS",
    "UNSERVED",
    "Asked",
    "no_result",
    "not_admitted",
    "refusal",
    "safe_outcome",
]

REFUSED_CREDENTIALS = frozenset({400, 401, 403, 423})
"""How a step refuses the credentials that it is sent."""
REFUSED_RESULTS = frozenset({400, 401, 404, 410})
"""How a step refuses the result of an earlier one."""
UNSERVED = frozenset({403})
"""How a step refuses a user whose result it knows: another login would not help."""


class Asked(Struct, frozen=True):
    """The step that was called, as messages name it."""

    system: str
    operation: str
    step: str
    """The step in words: ``the login``, or with its name where there are several."""
    sent: tuple[str, ...] = ()
    """The names of what it sends: what is wrong with a value may stand under its name."""

    @property
    def last(self) -> str:
        """The step, where nothing follows in the sentence."""
        return self.step.removesuffix(",")

    @property
    def call(self) -> str:
        """The name of the call."""
        return f"{self.system}.{self.operation}"


def safe_outcome(outcome: RawReply | Failed, hide: Hidden) -> RawReply | Failed:
    """Return an outcome without secrets: a text that is scrubbed, the headers about retries."""
    if isinstance(outcome, Failed):
        return outcome
    # What a successful reply holds is a result, even where it is not written like one.
    body = b"" if outcome.status_code < 300 else _body_text(outcome, hide).encode()
    kept = ("content-type", "retry-after", "date")
    return RawReply(
        status_code=outcome.status_code,
        headers=tuple(pair for pair in outcome.headers if pair[0].lower() in kept),
        body=body,
        elapsed_seconds=outcome.elapsed_seconds,
        received_at=outcome.received_at,
    )


def refusal(asked: Asked, outcome: RawReply, gloss: str, hide: Hidden) -> AuthenticationError:
    """Return the error of a step that gave no result; the outcome must be safe."""
    return AuthenticationError(**_facts(asked, outcome, hide), gloss=gloss)


def no_result(asked: Asked, outcome: RawReply, places: Iterable[str]) -> NoSessionError:
    """Return the error of a successful reply without a result; the outcome must be safe."""
    return NoSessionError(
        system=asked.system,
        operation=asked.operation,
        http_status=outcome.status_code,
        raw=outcome,
        gloss=f"{asked.step} succeeded, but its reply holds no session (looked in "
        f"{', '.join(places)}; name the true place in the system's spec, or in a private "
        "amendments file)",
    )


def not_admitted(asked: Asked, outcome: RawReply | Failed, hide: Hidden) -> NotAdmitted:
    """Say that a step could not be used; the outcome must be safe."""
    if isinstance(outcome, Failed):
        return NotAdmitted(outcome, _failure(asked, outcome))
    if outcome.status_code == 429:
        error: GridwrightError = LimitError(
            **_facts(asked, outcome, hide),
            gloss=f"too many requests to {asked.last}",
            retry_at=retry_at(outcome),
        )
    elif 200 <= outcome.status_code < 300:
        error = UnexpectedReplyError(
            f"{asked.call}: {asked.step} was answered with HTTP status {outcome.status_code}, "
            "which is not that of a result",
            raw=outcome,
        )
    else:
        error = HttpStatusError(
            f"{asked.call}: HTTP status {outcome.status_code} from {asked.last}",
            status=outcome.status_code,
            raw=outcome,
        )
    return NotAdmitted(outcome, error)


def _failure(asked: Asked, failed: Failed) -> GridwrightError:
    message = f"{asked.call}: no answer from {asked.last}: {failed.reason}"
    match failed.kind:
        case "timeout":
            return RequestTimeoutError(message, phase=failed.phase)
        case "connect":
            return ConnectError(message)
        case "setup":
            return ConfigurationError(message)
        case "unreadable":
            return UnexpectedReplyError(message)
        case "broken":
            return TransportError(message)


def _facts(asked: Asked, outcome: RawReply, hide: Hidden) -> dict[str, Any]:
    from ..decodings.words_given import spelled_names, words_given  # most logins succeed

    kind = sniff(outcome)
    words = words_given(outcome, kind, spelled_names(asked.sent))
    if words is not None:
        # What JSON wrote with escapes is found in its words alone.
        text = _LOOKS_LIKE_TICKET.sub(MASK, scrub(words, hide))
    else:
        text = outcome.body.decode() if kind in ("json", "other") else ""
    return {
        "system": asked.system,
        "operation": asked.operation,
        "text": text or None,
        "http_status": outcome.status_code,
        "raw": outcome,
    }


def _body_text(raw: RawReply, hide: Hidden) -> str:
    encoding = charset_of(raw.body, raw.content_type)
    begin = raw.body[:_LONGEST_BODY]
    text = scrub(begin.decode(encoding, "replace").strip(), hide)
    if len(begin) < len(raw.body):
        # A value that the cut divides is no longer found: what may be its first part goes as well.
        text = text[: -max((_ESCAPED * len(value) for value in hide), default=0) or None]
    return _LOOKS_LIKE_TICKET.sub(MASK, text)[:_LONGEST_TEXT]


_LONGEST_TEXT = 10_000
_LONGEST_BODY = 20_000
_ESCAPED = len("%F0%9F%94%91")
"""The length of a character, percent-encoded, at the most."""
_LOOKS_LIKE_TICKET = re.compile(r"\b(?:[A-Z]{2,4}-[0-9]+-[A-Za-z0-9._~-]+|eyJ[A-Za-z0-9._-]+)")

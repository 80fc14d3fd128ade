"""The requests to a ticket server, and what its replies mean. Never sends, never raises.

Replies are passed on without what they must not show: tickets, user name, password, cookies.
"""

import re
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from msgspec import Struct

from ..body import sniff
from ..call import Failed
from ..charsets import charset_of
from ..errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    GridwrightError,
    HttpStatusError,
    LimitError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from ..message import Hidden, HttpRequest, RawReply
from ..redact import MASK, scrub
from ..retry import retry_at
from .flow import ServiceTicketStep, TicketStep
from .gate import Login
from .grant import Grant

__all__ = [
    "NoTicket",
    "location_in",
    "login_request",
    "moved",
    "no_ticket",
    "refusal",
    "safe_outcome",
    "secrets_of",
    "ticket_in",
    "ticket_request",
]

BAD_LOGIN = frozenset({400, 401, 403, 423})
"""How a ticket server refuses user name and password; usually 400 (F19)."""
BAD_GRANT = frozenset({400, 401, 404, 410})
"""How it refuses a TGT."""
NO_SERVICE = frozenset({403})
"""How it refuses a service to a user."""


class NoTicket(Struct, frozen=True):
    """The ticket server could not be used; nothing was sent to the service."""

    outcome: RawReply | Failed
    """What became of the exchange with the ticket server: for the policy of retries."""
    error: GridwrightError
    """What to raise when there is no other attempt."""


def moved(address: str, ticket_url: str | None) -> str:
    """Return an address of the document, at another server if one is named."""
    if ticket_url is None:
        return address
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{ticket_url.rstrip('/')}{parts.path}{query}"


def login_request(step: TicketStep, address: str, login: Login) -> HttpRequest:
    """Ask for a TGT."""
    return HttpRequest(
        method="POST",
        url=address,
        safe_url=address,
        headers=_FORM,
        body=_form({step.username_field: login.username, step.password_field: login.password}),
        sensitive=login.secrets,
    )


def ticket_request(
    step: ServiceTicketStep, address: str, service: str, grant: Grant
) -> HttpRequest:
    """Ask for an ST; the TGT is part of the URL."""
    return HttpRequest(
        method="POST",
        url=grant.address or address.replace("{tgt}", quote(grant.ticket, safe="")),
        safe_url=address,
        headers=_FORM,
        body=_form({step.service_field: service}),
        sensitive=secrets_of(grant),
    )


def secrets_of(grant: Grant) -> Hidden:
    """Return what no text may show of a TGT."""
    return Hidden((grant.ticket, grant.address, grant.address.rpartition("/")[2]))


def ticket_in(raw: RawReply) -> str | None:
    """Return the ticket that is the body of a reply, or None when the body is something else."""
    if len(raw.body) > _LONGEST_TICKET:
        return None
    text = raw.body.decode("ascii", "replace").strip()
    return text if _TICKET.fullmatch(text) else None


def location_in(raw: RawReply, issuer: str) -> tuple[str, str] | None:
    """Return the address of a new TGT and the TGT at its end, by the reply's Location header.

    None where there is no such header, or where it leads elsewhere: to another server, another
    port, or out of TLS.
    """
    address = raw.header("location") or ""
    ticket = address.rpartition("/")[2]
    try:
        is_ours = _origin(address) == _origin(issuer)
    except ValueError:  # no port
        return None
    return (address, ticket) if is_ours and _TICKET.fullmatch(ticket) else None


def safe_outcome(outcome: RawReply | Failed, hide: Hidden) -> RawReply | Failed:
    """Return an outcome without secrets: a text that is scrubbed, the headers about retries."""
    if isinstance(outcome, Failed):
        return outcome
    # What a successful reply holds is a ticket, even where it is not written like one.
    body = b"" if outcome.status_code < 300 else _said(outcome, hide).encode()
    kept = ("content-type", "retry-after", "date")
    return RawReply(
        status_code=outcome.status_code,
        headers=tuple(pair for pair in outcome.headers if pair[0].lower() in kept),
        body=body,
        elapsed_seconds=outcome.elapsed_seconds,
        received_at=outcome.received_at,
    )


def refusal(system: str, operation: str, outcome: RawReply, gloss: str) -> AuthenticationError:
    """Make the error of a ticket server that does not give a ticket; the outcome must be safe."""
    return AuthenticationError(**_facts(system, operation, outcome), gloss=gloss)


def no_ticket(
    system: str,
    operation: str,
    outcome: RawReply | Failed,
    *,
    server: str = "the ticket server",
    ticket: str = "ticket",
) -> NoTicket:
    """Say that the ticket server could not be used; the outcome must be safe."""
    call = f"{system}.{operation}"
    if isinstance(outcome, Failed):
        return NoTicket(outcome, _failure(call, outcome, server))
    if outcome.status_code == 429:
        error: GridwrightError = LimitError(
            **_facts(system, operation, outcome),
            gloss=f"too many requests to {server}",
            retry_at=retry_at(outcome),
        )
    elif 200 <= outcome.status_code < 300:
        error = UnexpectedReplyError(
            f"{call}: no {ticket} can be found in the reply of {server} "
            f"(HTTP status {outcome.status_code})",
            raw=outcome,
        )
    else:
        error = HttpStatusError(
            f"{call}: HTTP status {outcome.status_code} from {server}",
            status=outcome.status_code,
            raw=outcome,
        )
    return NoTicket(outcome, error)


def _failure(call: str, failed: Failed, server: str) -> GridwrightError:
    message = f"{call}: no answer from {server}: {failed.reason}"
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


def _facts(system: str, operation: str, outcome: RawReply) -> dict[str, Any]:
    text = outcome.body.decode() if sniff(outcome) in ("json", "other") else ""
    return {
        "system": system,
        "operation": operation,
        "text": text or None,
        "http_status": outcome.status_code,
        "raw": outcome,
    }


def _said(raw: RawReply, hide: Hidden) -> str:
    encoding = charset_of(raw.body, raw.content_type)
    # Cut twice: a secret that the first cut divides lies behind the second.
    text = scrub(raw.body[: 2 * _LONGEST_TEXT].decode(encoding, "replace").strip(), hide)
    return _LOOKS_LIKE_TICKET.sub(MASK, text)[:_LONGEST_TEXT]


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port


def _form(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode("ascii")


_FORM = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "text/plain, */*"))
_LONGEST_TICKET = 16_384  # some are signed and encrypted tokens
_LONGEST_TEXT = 10_000
_TICKET = re.compile(r"[A-Za-z0-9._~+=:@-]{8,}", re.ASCII)
_LOOKS_LIKE_TICKET = re.compile(r"\b(?:[A-Z]{2,4}-[0-9]+-[A-Za-z0-9._~-]+|eyJ[A-Za-z0-9._-]+)")

"""What one call does about its session, but for waiting and sending. Never shows a session."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlencode

import msgspec

from ..body import MalformedBody, sniff
from ..call import Failed
from ..charsets import charset_of
from ..clock import Clock
from ..errors import AuthenticationError, ConfigurationError, NoSessionError
from ..json_codec import decode_plain
from ..message import Hidden, HttpRequest, RawReply
from ..tickets.exchanges import NoTicket, no_ticket, refusal, safe_outcome
from ..tickets.gate import Gate, Login
from ..tickets.grant import Grant, is_alive, is_same, is_touch_due
from ..tickets.notes import discard, is_vain, mark_vain, note
from ..tickets.store import TicketStore
from .session_flow import SessionFlow

__all__ = ["SessionAccount", "SessionDesk"]


class SessionAccount:
    """Who logs in where, and where the session is kept; shared by all calls of a client.

    Args:
        flow: the login.
        system: the system's id, for messages.
        base_url: the service's address.
        credentials: by Python name; those that the flow names take part.
        clock: what time it is.
        store: where the session is kept; in files of the user unless given.

    Raises:
        ConfigurationError: a credential would lead the login to another address.
    """

    def __init__(
        self,
        flow: SessionFlow,
        *,
        system: str,
        base_url: str,
        credentials: Mapping[str, str],
        clock: Clock,
        store: TicketStore | None,
    ) -> None:
        for name in flow.places.values():
            if credentials[name] in (".", ".."):  # with the secrets
                raise ConfigurationError(f"{system}: {name} would lead to another address")
        self.flow = flow
        self.system = system
        self.clock = clock
        self.issuer = base_url + flow.path
        self.secrets = Hidden(credentials.values())
        self.name = _account_of(self.issuer, flow, credentials)
        self.login = Login(self.name, "")
        self._credentials = credentials
        self._store = store

    @property
    def store(self) -> TicketStore:
        """Where the session is kept; the folder is chosen when it is first needed."""
        if self._store is None:
            from ..tickets.files import FileTicketStore  # needs a Unix

            self._store = FileTicketStore()
        return self._store

    def gate(self) -> Gate:
        """Return what lets one login through at a time in this process."""
        return self.store.gate(self.name)

    def request(self) -> HttpRequest:
        """Ask for a session."""
        flow, url = self.flow, self.issuer
        for place, name in flow.places.items():
            url = url.replace(f"{{{place}}}", quote(self._credentials[name], safe=""))
        fields = {wire: self._credentials[name] for wire, name in flow.send.items()}
        headers = [("Accept", "application/json, text/plain, */*")]
        body = None
        if flow.method != "GET" and flow.body == "json":
            headers.append(("Content-Type", "application/json"))
            body = msgspec.json.encode(fields)
        elif flow.method != "GET":
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            body = urlencode(fields).encode("ascii")
        return HttpRequest(
            method=flow.method,
            url=url,
            safe_url=self.issuer,
            query=tuple(fields.items()) if flow.method == "GET" else (),
            headers=tuple(headers),
            body=body,
            sensitive=self.secrets,
        )

    def __repr__(self) -> str:
        return f"<account at {self.issuer}>"


class SessionDesk:
    """The session of one call, with all its attempts; see `Desk`."""

    def __init__(self, account: SessionAccount, operation: str, timeout_seconds: float) -> None:
        self.account = account
        self.timeout_seconds = timeout_seconds
        self._operation = operation
        self._used: Grant | None = None
        """The session used last."""
        self._own: Grant | None = None
        """The session of a login of this call."""
        self._refused: Grant | None = None
        """The session that the service has no use for."""
        self._is_renewed = False

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show."""
        known = () if self._used is None else (self._used.ticket,)
        return Hidden((*self.account.secrets, *known))

    def renew(self, *, can_repeat: bool) -> bool:
        """Say whether to send again with another session, after the service refused it; once.

        Args:
            can_repeat: the call can be sent again; else the next call logs in.
        """
        used = self._used
        if used is None:
            return False
        if self._own is not None and is_same(used, self._own):
            # What a new session is refused for is not its age.
            mark_vain(self.account, used)
            return False
        if self._is_renewed or is_vain(self.account, used):
            return False
        if not can_repeat:
            discard(self.account, used)
            return False
        self._is_renewed = True
        self._refused = used
        return True

    def take_refused(self) -> Grant | None:
        """Return the session to be replaced by order of `renew`, once."""
        refused, self._refused = self._refused, None
        return refused

    def header(self, grant: Grant) -> tuple[str, str]:
        """Return the header that carries a session, which is now in use."""
        self._used = grant
        now = self.account.clock.now()
        if is_touch_due(grant, self.account.flow, now):
            note(self.account, grant, "last_used_at", now)
        return self.account.flow.header, grant.ticket

    def stored(self, refused: Grant | None) -> Grant | None:
        """Return the session that is kept, if it may be used and is not the one refused."""
        account = self.account
        grant = account.store.load(account.name)
        if grant is None or grant.issuer != account.issuer:
            return None
        if refused is not None and is_same(grant, refused):
            return None
        if account.flow.lifetime_seconds <= 0:  # it does not end by itself
            return grant if grant.ticket else None
        return grant if is_alive(grant, account.flow, account.clock.now()) else None

    def clear(self) -> None:
        """Save that there is no session: what cannot be saved must fail before the login.

        The account must be held, and nothing that can be used may be kept.
        """
        account, now = self.account, self.account.clock.now()
        blank = Grant(
            ticket="",
            issuer=account.issuer,
            issued_at=now,
            last_used_at=now,
            login=_count(account.store.load(account.name)),
        )
        account.store.save(account.name, blank)

    def login_request(self) -> HttpRequest:
        """Ask for a session."""
        return self.account.request()

    def logged_in(
        self, outcome: RawReply | Failed, asked: datetime, gate: Gate
    ) -> Grant | NoTicket | AuthenticationError:
        """Keep the session of a login; the account and its gate must be held."""
        account = self.account
        session = None
        if isinstance(outcome, RawReply) and _is_success(account.flow, outcome):
            session = session_in(outcome, account.flow)
        if session is None:
            safe = safe_outcome(outcome, account.secrets)
            gate.note_failure(account.login, safe)
            return self.login_failed(safe)
        grant = Grant(
            ticket=session,
            issuer=account.issuer,
            issued_at=asked,
            last_used_at=asked,
            login=_count(account.store.load(account.name)) + 1,
        )
        account.store.save(account.name, grant)
        self._own = grant
        return grant

    def login_failed(self, outcome: RawReply | Failed) -> NoTicket | AuthenticationError:
        """Say what a failed login means; the outcome must be safe."""
        system, flow = self.account.system, self.account.flow
        if isinstance(outcome, RawReply):
            if outcome.status_code in _REFUSED_LOGIN:
                return refusal(system, self._operation, outcome, "the login is not accepted")
            if _is_success(flow, outcome):
                places = ", ".join(flow.read)
                return NoSessionError(
                    system=system,
                    operation=self._operation,
                    http_status=outcome.status_code,
                    raw=outcome,
                    gloss=f"the login succeeded, but its reply holds no session (looked in {places}"
                    "; name the true place in the system's spec, or in a private amendments file)",
                )
        return no_ticket(system, self._operation, outcome, server="the login", ticket="session")

    def late(self) -> NoTicket:
        """Say that another login took too long."""
        reason = f"another login did not end within {self.timeout_seconds:g} seconds"
        failed = Failed("timeout", reason, "session", sent=False)
        return no_ticket(
            self.account.system, self._operation, failed, server="the login", ticket="session"
        )


def session_in(raw: RawReply, flow: SessionFlow) -> str | None:
    """Return the session that a reply to a login holds, from the first place that has one."""
    never = frozenset(text.casefold() for text in flow.never)
    for place in flow.read:
        found = _at(raw, place)
        if found and not _is_word(found, never) and _is_header_value(found):
            return found
    return None


def _at(raw: RawReply, place: str) -> str | None:
    kind, _, name = place.partition(" ")
    if kind == "header":
        value = (raw.header(name) or "").strip()
        scheme, _, rest = value.partition(" ")
        # The scheme says how the session is to be presented, and is none of it.
        is_scheme = name.lower() == "authorization" and scheme.lower() == "bearer"
        return rest.strip() if is_scheme else value
    tree = _tree(raw)
    for key in name.split(".") if name else ():
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree.strip() if isinstance(tree, str) else None


def _tree(raw: RawReply) -> object:
    """Return a body as data; a bare text where it is no JSON."""
    kind = sniff(raw)
    try:
        return decode_plain(raw.body, raw.content_type)
    except MalformedBody:
        is_text = kind == "other" and len(raw.body) <= _LONGEST
        encoding = charset_of(raw.body, raw.content_type)
        return raw.body.decode(encoding, "replace") if is_text else None


def _is_word(text: str, never: frozenset[str]) -> bool:
    """Whether a text is a word that answers, such as ``Unauthorized.``, and so no session."""
    word = text.casefold().strip("\"'.!")
    return word in never or word in _ANSWERS


def _is_header_value(text: str) -> bool:
    # Blanks are of sentences: no server writes one into a session.
    return len(text) <= _LONGEST and text.isascii() and text.isprintable() and " " not in text


def _is_success(flow: SessionFlow, raw: RawReply) -> bool:
    if flow.success_status is None:
        return 200 <= raw.status_code < 300
    return raw.status_code == flow.success_status


def _count(kept: Grant | None) -> int:
    return kept.login if kept else 0


def _account_of(issuer: str, flow: SessionFlow, credentials: Mapping[str, str]) -> str:
    """Return the name of an account: the same for all clients with these credentials there.

    The secret is part of it, so that nobody can find the personal number by trying them all.
    """
    names = sorted({*flow.send.values(), *flow.places.values()})
    facts = [issuer, *(f"{name}={credentials[name]}" for name in names)]
    return sha256("\n".join(facts).encode()).hexdigest()[:32]


_REFUSED_LOGIN = frozenset({400, 401, 403, 423})
_LONGEST = 16_384
# Services that put errors into a success answer a login with such a word. No session is one.
_ANSWERS = frozenset(
    {
        "accessdenied",
        "authenticated",
        "badrequest",
        "denied",
        "error",
        "expired",
        "fail",
        "failed",
        "failure",
        "false",
        "forbidden",
        "internalservererror",
        "invalid",
        "invalidcredentials",
        "locked",
        "nil",
        "none",
        "notallowed",
        "notauthenticated",
        "notauthorized",
        "notfound",
        "null",
        "ok",
        "rejected",
        "success",
        "successful",
        "successfully",
        "true",
        "unauthenticated",
        "unauthorised",
        "unauthorized",
        "undefined",
    }
)

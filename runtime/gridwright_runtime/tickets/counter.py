"""What one call does about its tickets, but for waiting and sending: all that both twins share."""

from collections.abc import Mapping
from datetime import datetime

from ..call import Failed
from ..clock import Clock
from ..errors import AuthenticationError, ConfigurationError
from ..message import Hidden, HttpRequest, RawReply
from .exchanges import (
    BAD_GRANT,
    BAD_LOGIN,
    NO_SERVICE,
    NoTicket,
    location_in,
    login_request,
    moved,
    no_ticket,
    refusal,
    safe_outcome,
    secrets_of,
    ticket_in,
    ticket_request,
)
from .flow import TicketFlow
from .gate import Gate, Login
from .grant import Grant, is_alive, is_same, is_touch_due
from .notes import is_vain, mark_vain, note
from .proof import fits, prove
from .store import TicketStore, account_of
from .ticket import Moment, ServiceTicket

__all__ = ["Account", "Counter"]


class Account:
    """Who asks whom for tickets, and where they are kept; shared by all calls of a client."""

    def __init__(
        self,
        flow: TicketFlow,
        *,
        system: str,
        environment: str,
        username: str,
        password: str,
        clock: Clock,
        ticket_url: str | None,
        store: TicketStore | None,
    ) -> None:
        self.flow = flow
        self.system = system
        self.login = Login(username, password)
        self.clock = clock
        self.issuer = moved(_of(flow.grant.address, environment, system), ticket_url)
        self.service_address = moved(_of(flow.service.address, environment, system), ticket_url)
        self.service = _of(flow.service.service, environment, system)
        self.name = account_of(self.issuer, username)
        self._store = store
        self._proofs: dict[str, bool] = {}  # the last one; replaced, never changed

    @property
    def store(self) -> TicketStore:
        """Where the TGT is kept; the folder is chosen when it is first needed."""
        if self._store is None:
            from .files import FileTicketStore  # needs a Unix

            self._store = FileTicketStore()
        return self._store

    def proof(self, last: Grant | None) -> str:
        """Return a proof of the password; that of the last TGT, where it fits."""
        if last is not None and self.is_own(last):
            return last.proof
        made = prove(self.login.password, cost=self.store.proof_cost)
        self._proofs = {made: True}
        return made

    def is_own(self, grant: Grant) -> bool:
        """Say whether a TGT came of the password of this client; worked out once for each proof."""
        known = self._proofs.get(grant.proof)
        if known is None:  # threads may both find out
            known = fits(grant.proof, self.login.password)
            self._proofs = {grant.proof: known}
        return known

    def gate(self) -> Gate:
        """Return what lets one login through at a time in this process."""
        return self.store.gate(self.name)

    def __repr__(self) -> str:
        return f"<account at {self.issuer}>"


class Counter:
    """The tickets of one call, with all its attempts."""

    def __init__(self, account: Account, operation: str, timeout_seconds: float) -> None:
        self.account = account
        self.timeout_seconds = timeout_seconds
        self._operation = operation
        self._grant: Grant | None = None
        """The TGT used last."""
        self._own: Grant | None = None
        """The TGT of a login of this call."""
        self._refused: Grant | None = None
        """The TGT that the service has no use for."""
        self._refusals = 0
        """How often the service refused a ticket."""
        self._refused_grants = 0
        """How often the ticket server refused a TGT."""
        self._spent: list[str] = []

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show."""
        known = Hidden() if self._grant is None else secrets_of(self._grant)
        return Hidden((*self.account.login.secrets, *known, *self._spent))

    def renew(self) -> bool:
        """Say whether another try is worth it, after the service refused the last ticket.

        The first time the next try uses a new ST of the same TGT, the second time a new TGT; but
        where a new TGT did not help some minutes ago, it is not asked for: a service that refuses
        everything must not lead to a login for every call.
        """
        self._refusals += 1
        if self._grant is None or self._refusals > 3:
            return False
        if self._refusals == 3:
            mark_vain(self.account, self._grant)
            return False
        if self._refusals == 2:
            if is_vain(self.account, self._grant):
                return False
            self._refused = self._grant
        return True

    def take_refused(self) -> Grant | None:
        """Return the TGT to be replaced by order of `renew`, once."""
        refused, self._refused = self._refused, None
        return refused

    def stored(self, refused: Grant | None) -> Grant | None:
        """Return the TGT that is kept, if it may be used and is not the one refused."""
        grant = self.account.store.load(self.account.name)
        if grant is None or grant.issuer != self.account.issuer:
            return None
        if refused is not None and is_same(grant, refused):
            return None
        if not is_alive(grant, self.account.flow.grant, self.account.clock.now()):
            return None
        return grant if self.account.is_own(grant) else None

    def login_request(self) -> HttpRequest:
        """Ask for a TGT."""
        account = self.account
        return login_request(account.flow.grant, account.issuer, account.login)

    def clear(self) -> None:
        """Save that there is no TGT: what cannot be saved must fail before the login, not after.

        The account must be held, and nothing that can be used may be kept. What came of another
        password stays, so that a mistyped one costs nobody the login.
        """
        account, now = self.account, self.account.clock.now()
        kept = account.store.load(account.name)
        if kept is not None and kept.ticket and not account.is_own(kept):
            account.store.save(account.name, kept)
            return
        count = kept.login if kept else 0
        blank = Grant(
            ticket="",
            issuer=account.issuer,
            issued_at=now,
            last_used_at=now,
            login=count,
            proof=kept.proof if kept else "",
        )
        account.store.save(account.name, blank)

    def logged_in(
        self, outcome: RawReply | Failed, asked: datetime, gate: Gate
    ) -> Grant | NoTicket | AuthenticationError:
        """Keep the TGT of a login; the account and its gate must be held."""
        account = self.account
        grant = None if isinstance(outcome, Failed) else self._granted(outcome, asked)
        if grant is None:
            safe = safe_outcome(outcome, account.login.secrets)
            gate.note_failure(account.login, safe)
            return self.login_failed(safe)
        account.store.save(account.name, grant)
        self._own = grant
        return grant

    def login_failed(self, outcome: RawReply | Failed) -> NoTicket | AuthenticationError:
        """Say what a failed login means; the outcome must be safe."""
        system = self.account.system
        if isinstance(outcome, RawReply) and outcome.status_code in BAD_LOGIN:
            gloss = "the ticket server does not accept user name and password"
            return refusal(system, self._operation, outcome, gloss)
        return no_ticket(system, self._operation, outcome)

    def ticket_request(self, grant: Grant) -> HttpRequest:
        """Ask for an ST."""
        account = self.account
        self._grant = grant
        return ticket_request(account.flow.service, account.service_address, account.service, grant)

    def ticket(
        self, outcome: RawReply | Failed, asked: Moment, grant: Grant
    ) -> ServiceTicket | NoTicket | AuthenticationError | None:
        """Return the ST that came; None when the TGT is refused and another may help.

        Another login of this call does not: what its TGT is refused for is not its age.
        """
        account = self.account
        step = account.flow.service
        if isinstance(outcome, RawReply) and outcome.status_code == step.success_status:
            value = ticket_in(outcome)
            if value is not None:
                self._spent.append(value)
                self._touch(grant, asked.now)
                return ServiceTicket(
                    account.flow.header, value, asked=asked, lifetime_seconds=step.lifetime_seconds
                )
        safe = safe_outcome(outcome, self.sensitive)
        if isinstance(safe, RawReply) and safe.status_code in BAD_GRANT | NO_SERVICE:
            if safe.status_code in BAD_GRANT and self._may_login_help(grant):
                return None
            gloss = "the ticket server gives no service ticket"
            return refusal(account.system, self._operation, safe, gloss)
        return no_ticket(account.system, self._operation, safe)

    def late(self) -> NoTicket:
        """Say that another login took too long."""
        waited = f"another login did not end within {self.timeout_seconds:g} seconds"
        return self._timeout(waited)

    def too_slow(self) -> NoTicket:
        """Say that service tickets are too old when they come."""
        return self._timeout("service tickets take longer to come than they live")

    def _timeout(self, reason: str) -> NoTicket:
        failed = Failed("timeout", reason, "ticket", sent=False)
        return no_ticket(self.account.system, self._operation, failed)

    def _granted(self, raw: RawReply, asked: datetime) -> Grant | None:
        account = self.account
        if raw.status_code != account.flow.grant.success_status:
            return None
        located = location_in(raw, account.issuer)
        ticket = ticket_in(raw) or (located[1] if located else None)
        if ticket is None:
            return None
        last = account.store.load(account.name)
        return Grant(
            ticket=ticket,
            issuer=account.issuer,
            issued_at=asked,
            last_used_at=asked,
            login=last.login + 1 if last else 1,
            address=located[0] if located else "",
            proof=account.proof(last),
        )

    def _may_login_help(self, grant: Grant) -> bool:
        self._refused_grants += 1
        if self._own is not None and is_same(grant, self._own):
            mark_vain(self.account, grant)
            return False
        # Others log in too; but a call that meets one bad TGT after the other comes to an end.
        return self._refused_grants < _MOST_REFUSED_GRANTS and not is_vain(self.account, grant)

    def _touch(self, grant: Grant, used_at: datetime) -> None:
        if is_touch_due(grant, self.account.flow.grant, used_at):
            note(self.account, grant, "last_used_at", used_at)


def _of(values: Mapping[str, str], environment: str, system: str) -> str:
    if environment not in values:
        known = ", ".join(values)
        raise ConfigurationError(f"{system}: environment must be one of {known}")
    return values[environment]


_MOST_REFUSED_GRANTS = 3

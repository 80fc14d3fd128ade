"""Get in: use what is kept, or log in, one at a time whatever the threads, tasks and processes.

All that one call does about its access, as coroutines over an `IO`. Never reads the reply to the
call itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import UNSET, Struct, UnsetType

from ..clock import Clock
from ..errors import AuthenticationError, RequestTimeoutError
from ..interface import NewId, Serial
from ..limits.turns import LOGIN, Turns
from ..message import Hidden, HttpRequest, RawReply
from ..outcome import Failed, NotAdmitted
from ..sources import Values
from ..tickets.gate import Gate
from ..tickets.grant import Grant, is_alive, is_same, is_touch_due
from ..tickets.notes import discard, is_vain, mark_vain, note
from ..tickets.store import TicketStore
from .account import Account, Who, who_logs_in
from .moment import Moment
from .plan import Planned
from .reading import is_success, lifetime_in, location_in, parts_in
from .refusals import (
    REFUSED_CREDENTIALS,
    REFUSED_RESULTS,
    UNSERVED,
    Asked,
    no_result,
    not_admitted,
    refusal,
    safe_outcome,
)
from .request import step_request

if TYPE_CHECKING:
    from ..conversation import Terms
    from ..io import IO

__all__ = ["Access", "Entry"]


class _Again:
    """What an earlier step gave does not serve any more: begin anew."""


_AGAIN = _Again()


class _Life(Struct, frozen=True):
    """How long a result lives."""

    lifetime_seconds: float
    counts_from: Literal["issue", "last_use"]


class _InHand(Struct, frozen=True, eq=False):
    """A result that a call has; the repr shows nothing of it."""

    planned: Planned
    parts: Mapping[str, str]
    lifetime_seconds: float | None
    """None: until it is refused."""
    asked: Moment
    grant: Grant | None
    """As the store keeps it; None for what serves once."""
    location: str = ""
    """Where it is to be used, if the server said so."""
    is_own: bool = False
    """This call asked for it."""

    def is_alive(self, clock: Clock) -> bool:
        """Say whether it may be sent."""
        seconds = self.lifetime_seconds
        if seconds is None:
            return True
        if self.grant is not None:
            return is_alive(self.grant, self._life(seconds), clock.now())
        return self.asked.seconds_ago() < seconds - min(_MARGIN_SECONDS, seconds / 6)

    def is_touch_due(self, clock: Clock) -> bool:
        """Say whether a use is worth noting."""
        seconds = self.lifetime_seconds
        if seconds is None or self.grant is None:
            return False
        return is_touch_due(self.grant, self._life(seconds), clock.now())

    def _life(self, seconds: float) -> _Life:
        return _Life(seconds, self.planned.step.counts_from)

    def __repr__(self) -> str:
        return f"<result of step {self.planned.name}>"


class Access:
    """The logins of a client; shared by all of its calls.

    Args:
        system: the system's id, for messages.
        steps: of the system, in their order.
        credentials: by Python name.
        options: what the client was told.
        clock: what time it is.
        choose_store: returns where logins are kept, the same each time.
        turns: where logins take their turns.
        new_id: makes identifiers of requests.
        next_serial: makes numbers that only grow.
    """

    def __init__(
        self,
        *,
        system: str,
        steps: tuple[Planned, ...],
        credentials: Mapping[str, str],
        options: Mapping[str, str],
        clock: Clock,
        choose_store: Callable[[], TicketStore],
        turns: Turns,
        new_id: Callable[[], str],
        next_serial: Callable[[], str],
    ) -> None:
        self.system = system
        self.clock = clock
        self.turns = turns
        self.secrets = Hidden(credentials.values())
        self.steps = {planned.name: planned for planned in steps}
        self.is_limited = turns.is_limited(LOGIN)
        self._credentials = credentials
        self._options = options
        self._new_id = new_id
        self._next_serial = next_serial
        who: dict[str, Who] = {}
        self.accounts: dict[str, Account] = {}
        self.located: set[str] = set()
        """The steps whose results stand in the path of a later one."""
        for planned in steps:
            who[planned.name] = who_logs_in(
                planned, credentials=credentials, options=options, before=who
            )
            self.accounts[planned.name] = Account(who[planned.name], planned, clock, choose_store)
            if any(part.place == "path" for part in planned.parts):
                self.located |= {one.name for one in planned.uses}

    def entry(self, steps: frozenset[str], operation: str, terms: Terms) -> Entry:
        """Begin a call that carries the results of some steps; nothing is sent yet."""
        return Entry(self, steps, operation, terms)

    def request(
        self, planned: Planned, results: Mapping[str, _InHand], sensitive: Hidden
    ) -> HttpRequest:
        """Return what asks for the result of a step now."""
        values = Values(
            credentials=self._credentials,
            options=self._options,
            results={name: one.parts for name, one in results.items()},
            identity=self._new_id() if _has(planned, NewId) else "",
            serial=self._next_serial() if _has(planned, Serial) else "",
            now=self.clock.now(),
        )
        locations = {name: one.location for name, one in results.items()}
        return step_request(planned, values, locations=locations, sensitive=sensitive)

    def __repr__(self) -> str:
        return f"<access to {self.system}>"


class Entry:
    """The access of one call, with all its attempts; not to be shared between threads."""

    def __init__(self, access: Access, steps: frozenset[str], operation: str, terms: Terms) -> None:
        self._access = access
        self._operation = operation
        self._terms = terms
        self._needed = [one for one in access.steps.values() if one.name in steps]
        self._in_hand: dict[str, _InHand] = {}
        self._sent: list[_InHand] = []
        """What the last attempt stood on, in the order of the steps."""
        self._to_replace: dict[str, Grant] = {}
        """What was refused, by step."""
        self._known: list[str] = []
        self._refusals = 0
        """How often the service refused the call."""
        self._refused_steps = 0
        """How often a step refused the result of an earlier one."""
        self._slow = 0
        """How many results were too old when they came."""
        self._aged = 0
        self._is_again = False
        """A login had a turn and gave it back unspent."""
        """How many of its own results became too old while it waited for its turn."""

    @property
    def results(self) -> Mapping[str, Mapping[str, str]]:
        """What the request carries, by step and part."""
        return {
            one.name: self._in_hand[one.name].parts
            for one in self._needed
            if one.name in self._in_hand
        }

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show."""
        return Hidden((*self._access.secrets, *self._known))

    async def enter(self, io: IO) -> NotAdmitted | None:
        """Get all that must be there before the call takes its turn.

        Raises:
            AuthenticationError: a login is refused.
            ConfigurationError: there is nowhere to keep logins.
        """
        if self._aged >= _MOST_AGED:
            return self._timeout("what the login gives does not live until it is the call's turn")
        for planned in self._needed:
            found = await self._enter(io, planned)
            if isinstance(found, NotAdmitted):
                return found
        return None

    async def mint(self, io: IO) -> NotAdmitted | None:
        """Get what serves once; the call has its turn, unless logins take turns themselves.

        Raises:
            AuthenticationError: a step refuses.
        """
        for planned in self._needed:
            if planned.step.once:
                found = await self._result(io, planned)
                if isinstance(found, NotAdmitted):
                    return found
        return None

    def is_alive(self) -> bool:
        """Say whether all that was got may still be sent; what may not is dropped."""
        clock = self._access.clock
        dead = [name for name, one in self._in_hand.items() if not one.is_alive(clock)]
        self._aged += any(self._in_hand[name].is_own for name in dead)
        for name in dead:
            del self._in_hand[name]
        return not dead

    def is_ready(self) -> bool:
        """Say whether all that the request carries is there and may be sent."""
        return self.is_alive() and all(one.name in self._in_hand for one in self._needed)

    def leave(self) -> None:
        """Note that a request with what is in hand leaves now: what serves once is spent."""
        self._sent = [self._in_hand[name] for name in self._access.steps if name in self._in_hand]
        for planned in self._needed:
            self._use(self._in_hand.get(planned.name))

    def renew(self, *, can_repeat: bool) -> bool:
        """Say whether to send again with other results, after the service refused these.

        The first time the last step is renewed, then the one before it, and so on. But where a new
        login did not help some minutes ago, it is not asked for: a service that refuses everything
        must not lead to a login for every call.

        Args:
            can_repeat: the call can be sent again; else the next call logs in.
        """
        used = self._sent[::-1]
        place, self._refusals = self._refusals, self._refusals + 1
        if place == 0 and used and used[0].grant is not None and used[0].is_own:
            # What a new result is refused for is not its age; perhaps that of an earlier one is.
            place, self._refusals = 1, 2
        if place >= len(used):
            for one in used:
                if one.grant is not None:
                    mark_vain(self._account(one.planned), one.grant)
            return False
        one = used[place]
        if one.grant is None:
            return can_repeat
        account = self._account(one.planned)
        if is_vain(account, one.grant):
            return False
        if not can_repeat:
            discard(account, one.grant)
            return False
        self._replace(one)
        return True

    async def _enter(self, io: IO, planned: Planned) -> NotAdmitted | None:
        """Get the result of a step, or where it is for inside the turn, what it stands on."""
        if not planned.step.once or self._access.is_limited:
            found = await self._result(io, planned)
            return found if isinstance(found, NotAdmitted) else None
        for before in planned.uses:
            barred = await self._enter(io, before)
            if barred is not None:
                return barred
        return None

    async def _result(self, io: IO, planned: Planned) -> _InHand | NotAdmitted:
        """Return the result of a step: in hand, kept, or asked for."""
        while True:
            found = self._in_hand.get(planned.name)
            if found is not None and found.is_alive(self._access.clock):
                return found
            got = await (self._minted if planned.step.once else self._kept)(io, planned)
            if isinstance(got, AuthenticationError):
                raise got
            if isinstance(got, _InHand):
                self._in_hand[planned.name] = got
                self._hide(got)
                return got
            if isinstance(got, NotAdmitted):
                return got
            if self._slow >= _MOST_SLOW or self._aged >= _MOST_AGED:
                return self._timeout("what the login gives takes longer to come than it lives")

    async def _minted(
        self, io: IO, planned: Planned
    ) -> _InHand | NotAdmitted | AuthenticationError | _Again:
        barred = await self._before(io, planned)
        return barred if barred is not None else await self._ask(io, planned, None)

    async def _kept(
        self, io: IO, planned: Planned
    ) -> _InHand | NotAdmitted | AuthenticationError | _Again:
        """Return what is kept, or log in, unless somebody else just does."""
        account = self._account(planned)
        if (found := self._stored(account)) is not None:
            return found
        barred = await self._before(io, planned)
        if barred is not None:
            return barred
        gate = account.gate()
        rounds = gate.rounds
        async with io.alone(gate.lock, self._terms.timeout_seconds) as is_alone:
            if not is_alone:
                return self._late()
            failed = gate.failure_since(rounds, account.login)
            if failed is not None:
                return self._failed(planned, failed)
            return await self._log_in(io, account, gate)

    async def _log_in(
        self, io: IO, account: Account, gate: Gate
    ) -> _InHand | NotAdmitted | AuthenticationError | _Again:
        release = await self._hold(io, account)
        if release is None:
            return self._late()
        try:
            if (found := self._stored(account)) is not None:
                return found
            # What cannot be saved must fail before the login, not after.
            self._clear(account)
            return await self._ask(io, account.planned, gate)
        finally:
            release()

    async def _before(self, io: IO, planned: Planned) -> NotAdmitted | None:
        """Get the results that a step sends."""
        for before in planned.uses:
            found = await self._result(io, before)
            if isinstance(found, NotAdmitted):
                return found
        return None

    async def _ask(
        self, io: IO, planned: Planned, gate: Gate | None
    ) -> _InHand | NotAdmitted | AuthenticationError | _Again:
        """Ask for a result; where it is kept, account and gate must be held."""
        access, terms = self._access, self._terms
        turn = await io.take(
            access.turns,
            LOGIN,
            None,
            timeout_seconds=terms.timeout_seconds,
            until=terms.wait_until(access.clock),
            wait=terms.wait_for_turn,
            again=self._is_again,
        )
        self._is_again = False
        is_sent, is_answered = False, True
        try:
            used = {one.name: self._in_hand.get(one.name) for one in planned.uses}
            alive = {
                name: one
                for name, one in used.items()
                if one is not None and one.is_alive(access.clock)
            }
            if len(alive) < len(used) or not turn.is_current():
                self._aged += 1
                self._is_again = True
                return _AGAIN
            request = access.request(planned, alive, self.sensitive)
            asked = Moment(access.clock)
            is_sent, is_answered = True, False
            outcome = await io.send(request, terms.timeout_seconds, terms.until)
            is_answered = isinstance(outcome, RawReply) or not outcome.sent
        finally:
            if is_sent:
                turn.done(answered=is_answered)
            else:
                turn.unspent()
        return self._answered(
            planned, safe_outcome(outcome, request.sensitive), outcome, asked, alive, gate
        )

    def _answered(
        self,
        planned: Planned,
        safe: RawReply | Failed,
        outcome: RawReply | Failed,
        asked: Moment,
        used: Mapping[str, _InHand],
        gate: Gate | None,
    ) -> _InHand | NotAdmitted | AuthenticationError | _Again:
        for one in used.values():
            if one.grant is None:
                self._in_hand.pop(one.planned.name, None)  # it serves once
        step = planned.step
        if isinstance(outcome, RawReply) and is_success(step, outcome):
            parts = parts_in(outcome, step, planned.address)
            if parts is not None:
                for one in used.values():
                    self._use(one)
                found = self._got(planned, outcome, asked, parts)
                if found.is_alive(self._access.clock):
                    return found
                self._hide(found)
                self._slow += 1
                return _AGAIN
        refused = REFUSED_RESULTS.union(*(one.planned.step.refused for one in used.values()))
        if (
            used
            and isinstance(safe, RawReply)
            and safe.status_code in refused
            and self._may_renewal_help(list(used.values()))
        ):
            return _AGAIN
        if gate is not None:
            gate.note_failure(self._account(planned).login, safe)
        return self._failed(planned, safe)

    def _got(
        self, planned: Planned, raw: RawReply, asked: Moment, parts: dict[str, str]
    ) -> _InHand:
        """Keep what a step gave, unless it serves once."""
        step, access = planned.step, self._access
        seconds = lifetime_in(raw, step, planned.address)
        location = location_in(raw, planned.address) if planned.name in access.located else ""
        grant = None
        if not step.once:
            account = self._account(planned)
            last = account.store.load(account.name)
            grant = Grant(
                ticket=next(iter(parts.values()), ""),
                issuer=planned.address,
                issued_at=asked.now,
                last_used_at=asked.now,
                login=last.login + 1 if last else 1,
                address=location,
                proof=account.proof(last),
                parts=parts if len(parts) > 1 else UNSET,
                lifetime_seconds=seconds if step.lifetime_read and seconds else UNSET,
            )
            account.store.save(account.name, grant)
        return _InHand(planned, parts, seconds, asked, grant, location, is_own=True)

    def _stored(self, account: Account) -> _InHand | None:
        """Return what is kept, if it may be used and is not what was refused."""
        planned, grant = account.planned, account.store.load(account.name)
        if grant is None or grant.issuer != planned.address or not grant.ticket:
            return None
        refused = self._to_replace.get(planned.name)
        if refused is not None and is_same(grant, refused):
            return None
        names = tuple(planned.step.read)
        parts = {names[0]: grant.ticket} if len(names) == 1 else grant.parts
        if isinstance(parts, UnsetType) or parts.keys() != set(names):
            return None
        printed = planned.step.lifetime_seconds
        seconds = printed if printed is not None and printed > 0 else None
        if not isinstance(grant.lifetime_seconds, UnsetType):
            seconds = grant.lifetime_seconds
        found = _InHand(
            planned, parts, seconds, Moment(account.clock), grant, location=grant.address
        )
        return found if found.is_alive(account.clock) and account.is_own(grant) else None

    def _clear(self, account: Account) -> None:
        """Save that nothing is kept; the account must be held.

        What came of another secret stays, so that a mistyped one costs nobody the login.
        """
        kept, now = account.store.load(account.name), account.clock.now()
        if kept is not None and kept.ticket and not account.is_own(kept):
            account.store.save(account.name, kept)
            return
        blank = Grant(
            ticket="",
            issuer=account.planned.address,
            issued_at=now,
            last_used_at=now,
            login=kept.login if kept else 0,
            proof=kept.proof if kept else "",
        )
        account.store.save(account.name, blank)

    async def _hold(self, io: IO, account: Account) -> Callable[[], None] | None:
        """Take the account from all other processes, or give up in time."""
        deadline = account.clock.monotonic() + self._terms.timeout_seconds
        pause = _SHORTEST_PAUSE
        while (release := account.store.try_hold(account.name)) is None:
            if account.clock.monotonic() >= deadline:
                return None
            await io.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return release

    def _may_renewal_help(self, used: list[_InHand]) -> bool:
        """Say whether to ask again with other results, after a step refused these.

        Another login of this call does not help: what its result is refused for is not its age.
        """
        self._refused_steps += 1
        last = next((one for one in reversed(used) if one.grant is not None), None)
        if last is None or last.grant is None:  # all of them served once
            return self._refused_steps < _MOST_REFUSED_STEPS
        account = self._account(last.planned)
        if last.is_own:
            mark_vain(account, last.grant)
            return False
        # Others log in too; but a call that meets one bad result after the other comes to an end.
        if self._refused_steps >= _MOST_REFUSED_STEPS or is_vain(account, last.grant):
            return False
        self._replace(last)
        return True

    def _replace(self, one: _InHand) -> None:
        """Take no more of a refused result, nor of what was got by it."""
        names = [one.planned.name]
        for planned in self._access.steps.values():
            if any(before.name in names for before in planned.uses):
                names.append(planned.name)
        kept = {found.planned.name: found for found in (*self._sent, *self._in_hand.values())}
        for name in names:
            found = kept.get(name)
            if found is not None and found.grant is not None:
                self._to_replace[name] = found.grant
            self._in_hand.pop(name, None)

    def _use(self, one: _InHand | None) -> None:
        """Note that a result was used; what serves once is then gone."""
        if one is None:
            return
        if one.grant is None:
            self._in_hand.pop(one.planned.name, None)
        elif one.is_touch_due(self._access.clock):
            now = self._access.clock.now()
            note(self._account(one.planned), one.grant, "last_used_at", now)

    def _hide(self, one: _InHand) -> None:
        self._known += one.parts.values()
        if one.location:
            self._known += (one.location, one.location.rpartition("/")[2])

    def _account(self, planned: Planned) -> Account:
        return self._access.accounts[planned.name]

    def _asked(self, planned: Planned | None = None) -> Asked:
        is_only = planned is None or len(self._access.steps) == 1
        step = "the login" if is_only or planned is None else f"the login, step {planned.name},"
        return Asked(self._access.system, self._operation, step)

    def _failed(
        self, planned: Planned, outcome: RawReply | Failed
    ) -> NotAdmitted | AuthenticationError:
        """Say what it means that a step gave nothing; the outcome must be safe."""
        asked, step = self._asked(planned), planned.step
        if isinstance(outcome, RawReply):
            bad = REFUSED_RESULTS | UNSERVED if planned.uses else REFUSED_CREDENTIALS
            if outcome.status_code in bad:
                return refusal(asked, outcome, f"{asked.step} is not accepted")
            if is_success(step, outcome):
                return no_result(asked, outcome, dict.fromkeys(sum(step.read.values(), ())))
        return not_admitted(asked, outcome)

    def _late(self) -> NotAdmitted:
        seconds = self._terms.timeout_seconds
        return self._timeout(f"another login did not end within {seconds:g} seconds")

    def _timeout(self, reason: str) -> NotAdmitted:
        asked = self._asked()
        failed = Failed("timeout", reason, "login", sent=False)
        error = RequestTimeoutError(f"{asked.call}: no access: {reason}", phase="login")
        return NotAdmitted(failed, error)


def _has(planned: Planned, source: type[object]) -> bool:
    return any(isinstance(part.source, source) for part in planned.parts)


_MOST_REFUSED_STEPS = 3
_MOST_SLOW = 2
# Each of them has waited for a turn; calls that do not may have taken it meanwhile.
_MOST_AGED = 8
# For the way to the service, and for the difference of speed between two clocks.
_MARGIN_SECONDS = 5.0
_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.1

"""Give a call the login results that it needs: kept ones, or those of a new login, one at a time.

All that one call does about its access, as coroutines over an `IO`. Never reads the reply to the
call itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..errors import AuthenticationError, RequestTimeoutError
from ..limits.turns import LOGIN
from ..message import Hidden, RawReply
from ..sending.outcome import Failed, NotAdmitted
from .account import Account
from .client_access import ClientAccess
from .kept_result import KeptResult
from .login_lock import LoginLock
from .notes import discard, is_vain, mark_vain, note
from .plan import Planned
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
from .step_reply import is_success, parts_in
from .step_result import StepResult
from .stored_results import clear_result, load_renewal, load_result, take_result
from .timestamp import Timestamp

if TYPE_CHECKING:
    from ..sending.conversation import Terms
    from ..sending.io import IO

__all__ = ["StepAccess"]

T = TypeVar("T")


class _Again:
    """The result of an earlier step is no longer valid: begin again."""


_AGAIN = _Again()
_NOTHING: Mapping[str, str] = {}


class StepAccess:
    """The access of one call, with all its attempts; not to be shared between threads."""

    def __init__(
        self, access: ClientAccess, steps: frozenset[str], operation: str, terms: Terms
    ) -> None:
        self._access = access
        self._operation = operation
        self._terms = terms
        self._needed = [one for one in access.steps.values() if one.name in steps]
        self._in_hand: dict[str, StepResult] = {}
        self._used: list[tuple[StepResult, datetime]] = []
        """The results that were used, and when, as far as the store is told."""
        self._sent: list[StepResult] = []
        """The results that the last attempt used, in the order of the steps."""
        self._to_replace: dict[str, KeptResult] = {}
        """The kept results that were refused, by step."""
        self._not_renewed: dict[str, Mapping[str, str]] = {}
        """What could not be renewed, by step: the parts that were sent."""
        self._known: list[str] = []
        self.requests_sent = 0
        """The number of requests of login steps that the call has sent."""
        self._refusals = 0
        """How often the service refused the call."""
        self._refused_steps = 0
        """How often a step refused the result of an earlier one."""
        self._slow = 0
        """How many results were too old when they came."""
        self._aged = 0
        """How many of its own results became too old while it waited for its turn."""
        self._is_again = False
        """Whether a login had a turn and gave it back unused."""

    @property
    def results(self) -> Mapping[str, Mapping[str, str]]:
        """The results that the request carries, by step and part."""
        return {
            one.name: self._in_hand[one.name].parts
            for one in self._needed
            if one.name in self._in_hand
        }

    @property
    def sensitive(self) -> Hidden:
        """The secret values that no text about this call may show."""
        return Hidden((*self._access.secrets, *self._known))

    async def enter(self, io: IO) -> NotAdmitted | None:
        """Get the results that must be there before the call takes its turn.

        Raises:
            AuthenticationError: a login is refused.
            ConfigurationError: there is nowhere to keep logins.
        """
        if self._aged >= _MOST_AGED:
            return self._timeout("what the login gives does not live until it is the call's turn")
        for planned in self._needed:
            found = await self._prepare(io, planned)
            if isinstance(found, NotAdmitted):
                return found
        return None

    async def mint(self, io: IO) -> NotAdmitted | None:
        """Get the results that serve one request; the call has its turn, unless logins take turns
        themselves.

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
        """Say whether all results may still be sent, and drop those that may not."""
        clock = self._access.clock
        dead = [name for name, one in self._in_hand.items() if not one.is_alive(clock)]
        self._aged += any(self._in_hand[name].is_own for name in dead)
        for name in dead:
            del self._in_hand[name]
        return not dead

    def is_ready(self) -> bool:
        """Say whether the call has all results that the request carries, and may send them."""
        return self.is_alive() and all(one.name in self._in_hand for one in self._needed)

    def leave(self) -> None:
        """Remember that a request with the results at hand leaves now: those for one request are
        spent.
        """
        self._sent = [self._in_hand[name] for name in self._access.steps if name in self._in_hand]
        for planned in self._needed:
            self._use(self._in_hand.get(planned.name))

    async def note_use(self, io: IO) -> None:
        """Note in the store of logins when the results that were sent were used."""
        used, self._used = self._used, []
        for one, when in used:
            account, kept_result = self._account(one.planned), one.kept_result
            if kept_result is not None:
                work = partial(note, account, kept_result, "last_used_at", when)
                await self._at_store(io, account, work)

    async def renew(self, io: IO, *, can_repeat: bool) -> bool:
        """Say whether to send again with other results, after the service refused these.

        The first time the last step is renewed, then the one before it, and so on. But where a new
        login did not help some minutes ago, it is not asked for: a service that refuses everything
        must not lead to a login for every call.

        Args:
            io: how it asks where logins are kept.
            can_repeat: the call can be sent again; else the next call logs in.
        """
        used = self._sent[::-1]
        place, self._refusals = self._refusals, self._refusals + 1
        if place == 0 and used and used[0].kept_result is not None and used[0].is_own:
            # What a new result is refused for is not its age; perhaps that of an earlier one is.
            place, self._refusals = 1, 2
        if place >= len(used):
            for one in used:
                if one.kept_result is not None:
                    await self._mark_vain(io, one.planned, one.kept_result)
            return False
        one = used[place]
        if one.kept_result is None:
            return can_repeat
        account = self._account(one.planned)
        if await self._at_store(io, account, partial(is_vain, account, one.kept_result)):
            return False
        if not can_repeat:
            await self._at_store(io, account, partial(discard, account, one.kept_result))
            return False
        self._replace(one)
        return True

    async def _prepare(self, io: IO, planned: Planned) -> NotAdmitted | None:
        """Get the result of a step, or where it is for inside the turn, what it stands on."""
        if not planned.step.once or self._access.is_limited:
            found = await self._result(io, planned)
            return found if isinstance(found, NotAdmitted) else None
        for before in planned.uses:
            barred = await self._prepare(io, before)
            if barred is not None:
                return barred
        return None

    async def _result(self, io: IO, planned: Planned) -> StepResult | NotAdmitted:
        """Return the result of a step: in hand, kept, or asked for."""
        while True:
            found = self._in_hand.get(planned.name)
            if found is not None and found.is_alive(self._access.clock):
                return found
            got = await (self._request_single_use if planned.step.once else self._load_or_log_in)(
                io, planned
            )
            if isinstance(got, AuthenticationError):
                raise got
            if isinstance(got, StepResult):
                self._in_hand[planned.name] = got
                self._hide(got)
                return got
            if isinstance(got, NotAdmitted):
                return got
            if self._slow >= _MOST_SLOW or self._aged >= _MOST_AGED:
                return self._timeout("what the login gives takes longer to come than it lives")

    async def _request_single_use(
        self, io: IO, planned: Planned
    ) -> StepResult | NotAdmitted | AuthenticationError | _Again:
        barred = await self._get_inputs(io, planned)
        return barred if barred is not None else await self._ask(io, planned, None)

    async def _load_or_log_in(
        self, io: IO, planned: Planned
    ) -> StepResult | NotAdmitted | AuthenticationError | _Again:
        """Return the kept result, or renew it or log in, unless another call just does."""
        account = self._account(planned)
        if (found := await self._load(io, account)) is not None:
            return found
        is_renewed = await self._load_renewal(io, account) is not None
        sent = planned.renewal if is_renewed and planned.renewal is not None else planned
        barred = await self._get_inputs(io, sent)
        if barred is not None:
            return barred
        lock = account.login_lock()
        rounds = lock.rounds
        async with io.alone(lock.lock, self._terms.timeout_seconds) as is_alone:
            if not is_alone:
                return self._lock_timeout()
            failed = lock.failure_since(rounds, account.login)
            if failed is not None:
                return self._failed(planned, failed)
            return await self._log_in(io, account, lock)

    async def _log_in(
        self, io: IO, account: Account, lock: LoginLock
    ) -> StepResult | NotAdmitted | AuthenticationError | _Again:
        planned = account.planned
        release = await self._hold(io, account)
        if release is None:
            return self._lock_timeout()
        try:
            if (found := await self._load(io, account)) is not None:
                return found
            await self._at_store(io, account, partial(clear_result, account))
            if planned.renewal is None:
                return await self._ask(io, planned, lock)
            # The reply may hold the only thing that is good from now on: it is waited for.
            return await io.to_the_end(partial(self._renew_or_log_in, io, account, lock))
        finally:
            await self._at_store(io, account, release)

    async def _renew_or_log_in(
        self, io: IO, account: Account, lock: LoginLock
    ) -> StepResult | NotAdmitted | AuthenticationError | _Again:
        """Renew what is kept; where the service refuses that, take the step anew.

        What was refused stays where it is kept until a login succeeds: a refusal may be a mistake.
        """
        planned = account.planned
        renewed = await self._load_renewal(io, account)
        if planned.renewal is not None and renewed is not None:
            self._known += renewed.values()
            found = await self._ask(io, planned.renewal, lock, renewed)
            is_refused = self._not_renewed.get(planned.name) == renewed
            if not is_refused or any(one.name not in self._in_hand for one in planned.uses):
                return found
        return await self._ask(io, planned, lock)

    async def _get_inputs(self, io: IO, planned: Planned) -> NotAdmitted | None:
        """Get the results that the request of a step carries."""
        for before in planned.uses:
            found = await self._result(io, before)
            if isinstance(found, NotAdmitted):
                return found
        return None

    async def _ask(
        self,
        io: IO,
        planned: Planned,
        lock: LoginLock | None,
        renewed: Mapping[str, str] = _NOTHING,
    ) -> StepResult | NotAdmitted | AuthenticationError | _Again:
        """Ask for a result; where it is kept, account and lock must be held.

        Args:
            io: how it asks.
            planned: the step, or the renewal of one.
            lock: of the account; None where the result serves one request.
            renewed: the kept parts that a renewal sends; where it is refused, that is remembered
                by `_not_renewed`, and the answer is to begin again.
        """
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
            is_current = len(alive) == len(used) and turn.is_current()
            if not is_current or not await self._is_held(io, planned, lock):
                self._aged += 1
                self._is_again = True
                return _AGAIN
            request = access.request(planned, alive, self.sensitive, renewed=renewed)
            asked = Timestamp(access.clock)
            is_sent, is_answered = True, False
            self.requests_sent += 1
            outcome = await io.send(request, terms.timeout_seconds, terms.until)
            is_answered = isinstance(outcome, RawReply) or not outcome.sent
        finally:
            if is_sent:
                turn.done(answered=is_answered)
            else:
                turn.unspent()
        return await self._read_answer(
            io,
            planned,
            safe_outcome(outcome, request.sensitive),
            outcome,
            asked,
            alive,
            lock,
            renewed,
        )

    async def _read_answer(
        self,
        io: IO,
        planned: Planned,
        safe: RawReply | Failed,
        outcome: RawReply | Failed,
        asked: Timestamp,
        used: Mapping[str, StepResult],
        lock: LoginLock | None,
        renewed: Mapping[str, str],
    ) -> StepResult | NotAdmitted | AuthenticationError | _Again:
        for one in used.values():
            if one.kept_result is None:
                self._in_hand.pop(one.planned.name, None)  # it serves once
        step = planned.step
        account = self._account(planned)
        work = self._result_receiver(account, planned, outcome, asked, renewed)
        if work is not None:
            for one in used.values():
                self._use(one)
            await self.note_use(io)
            # What serves once is not kept.
            found = work() if step.once else await self._at_store(io, account, work)
            if found.is_alive(self._access.clock):
                return found
            self._hide(found)
            self._slow += 1
            return _AGAIN
        if renewed and isinstance(safe, RawReply) and _is_refusal(planned, safe):
            self._not_renewed[planned.name] = renewed
            return _AGAIN
        refused = REFUSED_RESULTS.union(*(one.planned.step.refused for one in used.values()))
        if (
            used
            and isinstance(safe, RawReply)
            and safe.status_code in refused
            and await self._may_renewal_help(io, list(used.values()))
        ):
            return _AGAIN
        if lock is not None:
            lock.note_failure(account.login, safe)
        return self._failed(planned, safe)

    def _result_receiver(
        self,
        account: Account,
        planned: Planned,
        outcome: RawReply | Failed,
        asked: Timestamp,
        renewed: Mapping[str, str],
    ) -> Callable[[], StepResult] | None:
        """Return the function that takes and keeps the result of a step; None: the step gave none.

        A call that is cancelled meanwhile has nothing of it in its frames.
        """
        if not isinstance(outcome, RawReply) or not is_success(planned.step, outcome):
            return None
        parts = parts_in(outcome, planned.step, planned.address)
        if parts is None:
            return None
        has_place = planned.name in self._access.located
        return lambda: take_result(
            account, outcome, asked, parts, renewed=renewed, has_place=has_place
        )

    async def _is_held(self, io: IO, planned: Planned, lock: LoginLock | None) -> bool:
        """Say whether a request that nobody else may send meanwhile may leave.

        Where each use of a token replaces it, who sends the one that another machine has used ends
        the login of all.
        """
        account = self._account(planned)
        if lock is None or account.planned.renewal is None:
            return True
        return await self._at_store(io, account, account.is_held)

    async def _hold(self, io: IO, account: Account) -> Callable[[], None] | None:
        """Take the account from all other processes, or give up in time."""
        deadline = account.clock.monotonic() + self._terms.timeout_seconds
        pause = _SHORTEST_PAUSE
        hold = partial(account.store.try_hold, account.name)
        while (release := await self._at_store(io, account, hold, _let_go)) is None:
            if account.clock.monotonic() >= deadline:
                return None
            await io.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return release

    async def _may_renewal_help(self, io: IO, used: list[StepResult]) -> bool:
        """Say whether to ask again with other results, after a step refused these.

        Another login of this call does not help: what its result is refused for is not its age.
        """
        self._refused_steps += 1
        last = next((one for one in reversed(used) if one.kept_result is not None), None)
        if last is None or last.kept_result is None:  # all of them served once
            return self._refused_steps < _MOST_REFUSED_STEPS
        account = self._account(last.planned)
        if last.is_own:
            await self._mark_vain(io, last.planned, last.kept_result)
            return False
        # Others log in too; but a call that meets one bad result after the other comes to an end.
        if self._refused_steps >= _MOST_REFUSED_STEPS:
            return False
        if await self._at_store(io, account, partial(is_vain, account, last.kept_result)):
            return False
        self._replace(last)
        return True

    def _replace(self, one: StepResult) -> None:
        """Drop a refused result, and the results that were got with it."""
        names = [one.planned.name]
        for planned in self._access.steps.values():
            if any(before.name in names for before in planned.uses):
                names.append(planned.name)
        kept = {found.planned.name: found for found in (*self._sent, *self._in_hand.values())}
        for name in names:
            found = kept.get(name)
            if found is not None and found.kept_result is not None:
                self._to_replace[name] = found.kept_result
            self._in_hand.pop(name, None)

    def _use(self, one: StepResult | None) -> None:
        """Remember that a result was used, and drop one that serves one request."""
        if one is None:
            return
        if one.kept_result is None:
            self._in_hand.pop(one.planned.name, None)
        elif one.is_touch_due(self._access.clock):
            self._used.append((one, self._access.clock.now()))

    async def _load(self, io: IO, account: Account) -> StepResult | None:
        """Return the kept result, if it may be used."""
        refused = self._to_replace.get(account.planned.name)
        return await self._at_store(
            io, account, partial(load_result, account, refused), is_load=True
        )

    async def _load_renewal(self, io: IO, account: Account) -> Mapping[str, str] | None:
        """Return what the kept result is renewed with, unless this call has tried that."""
        if account.planned.renewal is None:
            return None
        found = await self._at_store(io, account, partial(load_renewal, account))
        tried = self._not_renewed.get(account.planned.name)
        return None if found is not None and found == tried else found

    async def _mark_vain(self, io: IO, planned: Planned, kept_result: KeptResult) -> None:
        account = self._account(planned)
        await self._at_store(io, account, partial(mark_vain, account, kept_result))

    async def _at_store(
        self,
        io: IO,
        account: Account,
        work: Callable[[], T],
        undo: Callable[[T], None] | None = None,
        *,
        is_load: bool = False,
    ) -> T:
        """Do something in the store of logins; in a thread, where the store is a server."""
        may_wait = account.may_wait(is_load=is_load)
        # A task that nobody runs any more cannot wait.
        if not may_wait or isinstance(sys.exception(), GeneratorExit):
            return work()
        return await io.run_in_thread(work, undo)

    def _hide(self, one: StepResult) -> None:
        self._known += one.parts.values()
        if one.location:
            self._known += (one.location, one.location.rpartition("/")[2])

    def _account(self, planned: Planned) -> Account:
        return self._access.accounts[planned.name]

    def _describe_step(self, planned: Planned | None = None) -> Asked:
        is_only = planned is None or len(self._access.steps) == 1
        step = "the login" if is_only or planned is None else f"the login, step {planned.name},"
        sent = () if planned is None else tuple(part.wire for part in planned.parts)
        return Asked(self._access.system, self._operation, step, sent)

    def _failed(
        self, planned: Planned, outcome: RawReply | Failed
    ) -> NotAdmitted | AuthenticationError:
        """Return the error of a step that gave no result; the outcome must be safe."""
        asked, step = self._describe_step(planned), planned.step
        if isinstance(outcome, RawReply):
            bad = REFUSED_RESULTS | UNSERVED if planned.uses else REFUSED_CREDENTIALS
            if outcome.status_code in bad:
                also = self._not_renewed.get(step.name)
                more = ", nor is the renewal of what an earlier one gave" if also else ""
                return refusal(
                    asked, outcome, f"{asked.step} is not accepted{more}", self.sensitive
                )
            if is_success(step, outcome):
                return no_result(asked, outcome, dict.fromkeys(sum(step.read.values(), ())))
        return not_admitted(asked, outcome, self.sensitive)

    def _lock_timeout(self) -> NotAdmitted:
        seconds = self._terms.timeout_seconds
        return self._timeout(f"another login did not end within {seconds:g} seconds")

    def _timeout(self, reason: str) -> NotAdmitted:
        asked = self._describe_step()
        failed = Failed("timeout", reason, "login", sent=False)
        error = RequestTimeoutError(f"{asked.call}: no access: {reason}", phase="login")
        return NotAdmitted(failed, error)


def _is_refusal(renewal: Planned, safe: RawReply) -> bool:
    """Say whether a renewal was refused, or taken and answered with no result."""
    refused = REFUSED_RESULTS | UNSERVED | set(renewal.step.refused)
    return safe.status_code in refused or is_success(renewal.step, safe)


def _let_go(release: Callable[[], None] | None) -> None:
    if release is not None:
        release()


_MOST_REFUSED_STEPS = 3
_MOST_SLOW = 2
# Each of them has waited for a turn; calls that do not may have taken it meanwhile.
_MOST_AGED = 8
_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.1

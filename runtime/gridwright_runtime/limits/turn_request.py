"""One call's request for a turn: all that the limiters for threads and for tasks share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from secrets import randbits
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ..errors import ClosedHoursError, ConfigurationError, LimitError
from .granted_turn import Turn
from .kinds import names_of
from .queue import AccountQueue, Busy, RuleContext
from .rules import Quota, Rules, Spacing, digest_of
from .scheduling import Standing, finish, grant, leave, same_again_at, shut_out_until, stand
from .state import KEY_BITS, CallUnderWay, State, Waiter
from .take_back import take_back
from .wakeups import Wakeup

if TYPE_CHECKING:
    from .hours import Closing
    from .quotas import UsedUp

__all__ = ["LONG_SECONDS", "Delay", "TurnRequest", "WantedTurn"]

LONG_SECONDS = 60.0
"""Who waits so long says so."""


class WantedTurn(Struct, frozen=True):
    """The turn that a call asks for."""

    system: str
    operation: str
    values: tuple[tuple[str, str | None], ...]
    """The arguments that say what the call touches, with their values; None: the value is not
    known."""
    timeout_seconds: float
    """How long the call may run."""
    within_seconds: float | None
    """How long it may wait for its turn; None: as long as need be."""
    wait: bool
    again: bool = False
    """Whether the call had a turn and gave it back unused, so that it stands first in the queue."""

    def __repr__(self) -> str:
        return f"<request of {self.system}.{self.operation}>"


class Delay(NamedTuple):
    """A long wait for a turn."""

    until: datetime
    """The earliest, aware."""
    seconds: float
    said: str
    """Why, for people; names limits alone."""


class TurnRequest:
    """One place in the queue, from the question to the turn."""

    def __init__(
        self,
        queue: AccountQueue,
        context: RuleContext,
        request: WantedTurn,
        secret: bytes,
        unknown_is_same: bool,
    ) -> None:
        self._queue = queue
        self._context = context
        self._request = request
        self._secret = secret
        self._unknown_is_same = unknown_is_same
        self._id = randbits(62)
        within = request.within_seconds
        self._deadline = None if within is None else context.clock.monotonic() + within
        self._granted = (0.0, 0.0)
        self._spent_at: datetime | None = None
        self._is_in = False
        self._wakeup: Wakeup | None = None
        self._freed = -1
        self._freed_found = 0
        self._look_at = 0.0
        self._pause = _SHORTEST_SECONDS
        self._busy_since: float | None = None
        self.delay: Delay | None = None
        """Why it waits, where that is long."""

    def step(self, make_wakeup: Callable[[], Wakeup]) -> Turn | float:
        """Ask whether it is the call's turn.

        Returns:
            The turn, or the seconds to wait before asking again; then, a wakeup may cut it short.

        Raises:
            ClosedHoursError: the service is closed, or would be before the call is over.
            LimitError: it does not wait, or would wait too long.
            ConfigurationError: there is nowhere to keep limits.
        """
        queue = self._queue
        if self._is_quiet():
            return self._poll_seconds(self._alarm - queue.ledger.seconds(self._context.clock))
        if queue.ledger.is_shared and not queue.ledger.ends_by_time:
            self._freed_found = queue.ledger.freed()
        found = queue.run(
            self._context, lambda state, rules, now: self._work(state, rules, now, make_wakeup)
        )
        if isinstance(found, Busy):
            return self._busy()
        self._busy_since = None
        if self._freed != self._freed_found:
            self._freed, self._pause = self._freed_found, _SHORTEST_SECONDS
        if isinstance(found, LimitError):
            self._leave_queue()
            raise found
        if isinstance(found, bool):
            self._leave_queue()
            granted_at, since = self._granted
            return Turn(
                queue,
                self._context,
                self._id,
                found,
                granted_at=granted_at,
                since=since,
                take_back=self._take_back,
            )
        return self._poll_seconds(found) if queue.ledger.is_shared else found

    @property
    def is_remote(self) -> bool:
        """Whether asking waits for another machine, so that no event loop may do it."""
        return self._queue.ledger.is_remote

    @property
    def operation(self) -> str:
        """Return the name of the operation that is asked for."""
        return self._request.operation

    @property
    def wakeup(self) -> Wakeup | None:
        """The wakeup of the call; None until it has to wait, and while nobody can wake it."""
        return self._wakeup if self._busy_since is None else None

    def withdraw(self) -> None:
        """Give up, and give back the place, or the turn if it was just granted; never waits."""
        call_id = self._id
        self._leave_queue()
        self._queue.calls.pop(call_id, None)
        self._queue.give_back(
            self._context,
            lambda state, rules, now: (
                leave(state, call_id) or finish(state, rules, call_id, now, answered=True)
            ),
        )

    def note_reply(self) -> None:
        """Note that a reply about what it touches came just now; it asks for no turn."""

        def note(state: State, rules: Rules, now: float) -> bool:
            for spacing, key in self._keys(rules):
                if spacing.after_reply and len(spacing.same) == 1:
                    free_at = max(state.free_at.get(key, 0.0), now + spacing.seconds)
                    state.free_at[key] = free_at
            return False

        self._queue.give_back(self._context, note)

    def note_used_up(self, limit: str) -> datetime | None:
        """Note that the service just said that a limit is used up; it asks for no turn.

        Returns:
            Until when nothing leaves; None: the limit is none of the operation's.
        """
        book, operation = self._context.book, self._request.operation
        present = self._context.clock.now().astimezone(UTC)
        seconds = book.seconds_used_up(limit, operation, present)
        if seconds is None:
            return None
        names = (limit, f"{limit}_of_{self._request.operation}")

        def note(state: State, rules: Rules, now: float) -> bool:
            left = book.seconds_used_up(limit, operation, self._wall(now)) or 0.0
            counted = self._counting_keys(rules)
            for place, name in enumerate(rules.names):
                if name in names:
                    key = counted.get(place, place)
                    state.barred[key] = max(state.barred.get(key, 0.0), now + left)
            return False

        self._queue.give_back(self._context, note)
        return _later(present, seconds)

    def _take_back(self, state: State, rules: Rules, now: float) -> bool:
        """Undo the grant of a turn that was not used."""
        needs = self._context.book.needs(rules, self._request.operation)
        if needs.quotas and self._spent_at is not None:
            from .quotas import take_back_spent

            take_back_spent(state, self._quotas(rules), self._spent_at)
        return take_back(
            state,
            rules,
            self._id,
            needs,
            self._keys(rules),
            self._counting_keys(rules),
            self._granted[0],
        )

    @property
    def _alarm(self) -> float:
        return self._wakeup.alarm if self._wakeup is not None else 0.0

    def _is_quiet(self) -> bool:
        """Say whether it need not look, since nobody can have freed anything for it."""
        wakeup = self._wakeup
        if wakeup is None or not self._queue.ledger.is_shared or wakeup.is_woken:
            return False
        ledger = self._queue.ledger
        now = ledger.seconds(self._context.clock)
        return now < min(self._look_at, wakeup.alarm) and ledger.freed() == self._freed

    def _poll_seconds(self, seconds: float) -> float:
        """Return how long to wait where other processes wake nobody here."""
        if not self._queue.is_first(self._id):  # who is looks for all of this process
            now = self._queue.ledger.seconds(self._context.clock)
            return max(min(seconds, self._look_at - now), 0.0)
        # Where all know when they may go, only somebody who gives up can make it sooner.
        longest = _LONGEST_SECONDS if self._queue.waits_for_replies() else _FALLBACK_SECONDS / 2
        self._pause = min(_GROWTH * self._pause, longest)
        return max(min(seconds, self._pause), 0.0)

    def _busy(self) -> float:
        now = self._context.clock.monotonic()
        if self._busy_since is None:
            self._busy_since, self._pause = now, _SHORTEST_SECONDS
        late = self._deadline is not None and now >= self._deadline
        if late or (not self._request.wait and now - self._busy_since > _BUSY_SECONDS):
            raise self._limit_error(self._queue.ledger.busy, 0, None)
        self._pause = min(_GROWTH * self._pause, _LONGEST_SECONDS)
        return self._pause

    def _leave_queue(self) -> None:
        if self._wakeup is not None:
            queue = self._queue
            was_first = queue.is_first(self._id)
            queue.wakeups.pop(self._id, None)
            self._wakeup = None
            if was_first and queue.ledger.is_shared:
                queue.wake_first()

    def _work(
        self, state: State, rules: Rules, now: float, make_wakeup: Callable[[], Wakeup]
    ) -> bool | float | LimitError:
        """Say whether the call holds something, now that it is its turn; or the seconds to wait."""
        if self._queue.ledger.ends_by_time:
            self._freed_found = self._queue.ledger.freed_when_held
            self._forget_attempt(state)
        wall = self._wall(now)
        closing = self._closing(wall)
        waiter = self._waiter(state, rules)
        waiter.not_before = 0.0
        if closing is not None and closing.starts_at <= wall:
            waiter.not_before = now + (closing.opens_at - wall).total_seconds()
        used = self._used_up(state, rules, wall)
        if used is not None:
            resets_in = (used.resets_at - wall).total_seconds()
            waiter.not_before = max(waiter.not_before, now + resets_in)
        barred = self._barred(state, rules, now)
        if barred is not None:
            waiter.not_before = max(waiter.not_before, barred.until)
        standing, place = stand(state, rules, waiter, now)
        error = self._quota_error(used, rules, wall) if used is not None else None
        if error is None and barred is not None:
            error = self._barred_error(barred, rules, wall, now)
        error = error or self._same_error(state, rules, wall, now)
        error = error or self._refusal(standing, rules, wall, now, closing)
        if error is not None:
            leave(state, self._id)
            if self._is_in:
                self._is_in = False
                self._queue.note_freed()
            return error
        if standing.ready:
            self._granted = (now, self._queue.ledger.since(self._context.clock))
            holds = grant(state, rules, waiter, now)
            self._spend(state, rules, wall)
            if holds:
                self._enter(state.calls[-1], now)
            return holds
        self._is_in = True
        self.delay = None
        if standing.earliest - now >= LONG_SECONDS:
            self.delay = self._delay(standing, rules, wall, now, closing, used, barred)
        until = self._until(standing, place, state, now, waiter.not_before)
        if self._wakeup is None:
            self._wakeup = self._queue.wakeups[self._id] = make_wakeup()
        self._wakeup.set(until, standing.is_known)
        return until - now

    def _forget_attempt(self, state: State) -> None:
        """Forget a grant that nobody learned of, since the answer of the store was lost."""
        if any(call.id == self._id for call in state.calls):
            state.calls[:] = [call for call in state.calls if call.id != self._id]

    def _enter(self, call: CallUnderWay, now: float) -> None:
        if self._queue.ledger.ends_by_time:
            call.over_by = now + min(self._request.timeout_seconds, _LONGEST_CALL_SECONDS)
        self._queue.enter(call)

    def _waiter(self, state: State, rules: Rules) -> Waiter:
        if self._is_in:
            self._queue.check_others()
            for waiter in state.queue:
                if waiter.id == self._id:
                    return waiter
        needs = self._context.book.needs(rules, self._request.operation)
        keys = tuple(key for _, key in self._keys(rules))
        if needs.by_values:
            counted = self._counting_keys(rules)
            keys += tuple(counted[rate.place] for rate in needs.by_values)
        waiter = Waiter(self._id, self._queue.ledger.owner, needs.mask, keys)
        # Only who had its turn stands in front, so that nobody can go round the others.
        state.queue.insert(0 if self._request.again else len(state.queue), waiter)
        return waiter

    def _keys(self, rules: Rules) -> Iterator[tuple[Spacing, int]]:
        """Yield the spacings that concern it, and what stands in the state for what it touches."""
        for spacing in self._context.book.needs(rules, self._request.operation).spacings:
            values = [self._value(name) for name in spacing.same]
            if any(value is not None for value in values):
                # One value alone stands there as earlier releases have it.
                text = values[0] if len(values) == 1 else None
                yield spacing, self._key(text or repr(values), spacing.place)

    def _counting_keys(self, rules: Rules) -> dict[int, int]:
        """Return what stands in the state for the values by which limits count, by place."""
        needs = self._context.book.needs(rules, self._request.operation)
        counted = [(rate.place, rate.same) for rate in needs.by_values]
        counted += [
            (quota.key, names_of(quota.limit.same)) for quota in needs.quotas if quota.limit.same
        ]
        return {
            place: self._key(repr([self._value(name) for name in same]), place)
            for place, same in counted
        }

    def _quotas(self, rules: Rules) -> tuple[Quota, ...]:
        """Return the quotas that concern it, each by what it is counted by."""
        quotas = self._context.book.needs(rules, self._request.operation).quotas
        if not any(quota.limit.same for quota in quotas):
            return quotas
        counted = self._counting_keys(rules)
        return tuple(Quota(counted.get(key, key), limit) for key, limit in quotas)

    def _key(self, text: str, place: int) -> int:
        return digest_of(text, self._secret) << KEY_BITS | place

    def _value(self, field: str) -> str | None:
        """Return what stands for what is touched; None where nothing does."""
        for name, value in self._request.values:
            if name in ("", field) and value is not None:
                return f"={value}"
        return "?" if self._unknown_is_same else None

    def _used_up(self, state: State, rules: Rules, wall: datetime) -> "UsedUp | None":
        quotas = self._quotas(rules)
        if not quotas:
            return None
        from .quotas import used_up  # loads time zones, and most systems have no quota

        return used_up(state, quotas, wall)

    def _barred(self, state: State, rules: Rules, now: float) -> "_Barred | None":
        """Return what keeps it from a service that takes nothing; None: it takes some."""
        if not (state.barred or state.restored_at):
            return None
        needs = self._context.book.needs(rules, self._request.operation)
        rates = rules.parts(needs.mask)[0]
        counted = self._counting_keys(rules)
        until, blockers = 0.0, 0
        for place in (*(quota.key for quota in needs.quotas), *(rate.place for rate in rates)):
            at = state.barred.get(counted.get(place, place), 0.0)
            if at > now:
                until, blockers = max(until, at), blockers | 1 << place
        lost_until, lost = 0.0, 0
        for rate in rates:
            at = shut_out_until(state, rate)
            if at > now:
                lost_until, lost = max(lost_until, at), lost | rate.bit
        if lost_until > until:
            return _Barred(lost_until, lost, _MAY_HAVE_SAID)
        return _Barred(until, blockers, _HAS_SAID) if until else None

    def _barred_error(
        self, barred: "_Barred", rules: Rules, wall: datetime, now: float
    ) -> LimitError | None:
        """Say why a call does not wait for what the service takes nothing of, where it is long."""
        left = _UNASKED_SECONDS
        if self._deadline is not None:
            left = self._deadline - self._context.clock.monotonic()
        seconds = barred.until - now
        if self._request.wait and seconds <= left:
            return None
        return self._limit_error(barred.said, barred.blockers, _later(wall, seconds), rules)

    def _spend(self, state: State, rules: Rules, wall: datetime) -> None:
        quotas = self._quotas(rules)
        if quotas:
            from .quotas import spend

            spend(state, quotas, wall)
            self._spent_at = wall

    def _quota_error(self, used: "UsedUp", rules: Rules, wall: datetime) -> LimitError | None:
        """Say why a call does not wait for a quota: that takes long, unless somebody allows it."""
        request = self._request
        seconds = (used.resets_at - wall).total_seconds()
        left = _UNASKED_SECONDS
        if self._deadline is not None:
            left = self._deadline - self._context.clock.monotonic()
        if request.wait and seconds <= left:
            return None
        blockers = 1 << (used.key & _PLACE)
        return self._limit_error(_USED_UP, blockers, used.resets_at, rules)

    def _same_error(
        self, state: State, rules: Rules, wall: datetime, now: float
    ) -> LimitError | None:
        """Say why a call does not wait for a rate that counts by values: that may take a day."""
        by_values = self._context.book.needs(rules, self._request.operation).by_values
        if not by_values or not self._request.wait or self._deadline is not None:
            return None
        counted = self._counting_keys(rules)
        waits = {
            rate.bit: same_again_at(state, rate, counted[rate.place], now) - now
            for rate in by_values
        }
        seconds = max(waits.values())
        if seconds <= _UNASKED_SECONDS:
            return None
        said = "the same was asked too often"
        blockers = sum(bit for bit, wait in waits.items() if wait > 0)
        return self._limit_error(said, blockers, _later(wall, seconds), rules)

    def _wall(self, now_seconds: float) -> datetime:
        """Return what the clock on the wall says, in UTC.

        Raises:
            ConfigurationError: closed hours cannot be kept by what it says.
        """
        now = self._queue.ledger.wall(self._context.clock, now_seconds)
        if not 2 <= now.year <= 9998 and self._context.book.timetable(self._request.operation):
            raise ConfigurationError(
                f"the clock says {now.date().isoformat()}: closed hours cannot be kept by it"
            )
        try:
            return now.astimezone(UTC)
        except OverflowError:
            return now.replace(tzinfo=UTC)

    def _closing(self, wall: datetime) -> "Closing | None":
        timetable = self._context.book.timetable(self._request.operation)
        return timetable.next(wall) if timetable is not None else None

    def _refusal(
        self,
        standing: Standing,
        rules: Rules,
        wall: datetime,
        now: float,
        closing: "Closing | None",
    ) -> LimitError | None:
        """Say why a call need not wait any longer, if that is known."""
        request = self._request
        seconds = max(0.0, standing.earliest - now)
        left = None if self._deadline is None else self._deadline - self._context.clock.monotonic()
        if closing is not None and closing.starts_at <= wall:
            opens_in = (closing.opens_at - wall).total_seconds()
            if not request.wait or (left is not None and opens_in > left):
                return self._closed_error("the service is closed", closing)
            closing = self._closing(closing.opens_at)
        if closing is not None:
            starts_in = (closing.starts_at - wall).total_seconds()
            if seconds < starts_in < seconds + request.timeout_seconds:
                said = "the call could still be running when the service closes"
                return self._closed_error(said, closing)
        if standing.ready:
            return None
        at = _later(wall, seconds) if standing.earliest > now else None
        if not request.wait:
            return self._limit_error("it is not its turn", standing.blockers, at, rules)
        if left is not None and (seconds > left or left <= 0):
            said = "it would wait longer for its turn than it may"
            return self._limit_error(said, standing.blockers, at, rules)
        return None

    def _delay(
        self,
        standing: Standing,
        rules: Rules,
        wall: datetime,
        now: float,
        closing: "Closing | None",
        used: "UsedUp | None",
        barred: "_Barred | None",
    ) -> Delay | None:
        """Say why it waits, by what lasts longest."""
        seconds = standing.earliest - now
        reasons = [(seconds, "it is not its turn", rules.labels(standing.blockers))]
        if closing is not None and closing.starts_at <= wall:
            opens_in = (closing.opens_at - wall).total_seconds()
            reasons.append((opens_in, "the service is closed", [closing.name]))
        if used is not None:
            resets_in = (used.resets_at - wall).total_seconds()
            reasons.append((resets_in, _USED_UP, rules.labels(1 << (used.key & _PLACE))))
        if barred is not None:
            reasons.append((barred.until - now, barred.said, rules.labels(barred.blockers)))
        # That it is not its turn says the least: any other reason stands for it, too.
        lasts, said, names = max(reasons[1:] or reasons)
        until = _later(wall, max(seconds, lasts))
        if until is None:
            return None
        limits = f" (limit {', '.join(names)})" if names else ""
        return Delay(until, max(seconds, lasts), said + limits)

    def _until(
        self, standing: Standing, place: int, state: State, now: float, not_before: float
    ) -> float:
        """Return when to look again, if nobody wakes it."""
        # Whoever is in front may never ask again, so look from time to time; the further back, the
        # more seldom.
        self._look_at = now + _FALLBACK_SECONDS * (1 + place / 5)
        until = standing.earliest
        if not standing.is_known:  # some reply must come first, and will ring
            until = max(until, self._look_at)
            until = min([until, *(call.ends for call in state.calls if call.ends > now)])
        if not_before > now:
            until = min(until, now + _WALL_SECONDS)  # what the clock on the wall says may change
        if self._deadline is not None:
            until = min(until, now + self._deadline - self._context.clock.monotonic())
        return until

    def _limit_error(
        self, said: str, blockers: int, at: datetime | None, rules: Rules | None = None
    ) -> LimitError:
        names = ", ".join(rules.labels(blockers)) if rules is not None else ""
        for_the_sake = f" (limit {names})" if names else ""
        when = f"; not before {at.isoformat(timespec='milliseconds')}" if at else ""
        return LimitError(
            system=self._request.system,
            operation=self._request.operation,
            retry_at=at,
            limit=names,
            kept=f"{said}{for_the_sake}{when}",
        )

    def _closed_error(self, said: str, closing: "Closing") -> ClosedHoursError:
        opens_at = closing.opens_at.astimezone(closing.zone)
        return ClosedHoursError(
            system=self._request.system,
            operation=self._request.operation,
            opens_at=opens_at,
            limit=closing.name,
            kept=f"{said} (limit {closing.name}); it opens at {opens_at.isoformat()}",
        )


class _Barred(NamedTuple):
    """What keeps a call from a service that takes nothing for a while."""

    until: float
    """In seconds of the store's clock."""
    blockers: int
    """The limits that are used up, as a mask."""
    said: str
    """The reason, for a message."""


def _later(moment: datetime, seconds: float) -> datetime | None:
    """Return a later moment; None where the calendar has ended before it."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


_USED_UP = "the quota is used up"
_HAS_SAID = "the service has said that the limit is used up"
_MAY_HAVE_SAID = (
    "what was known of the limits was lost, and the service may shut this account out: "
    "its penalty is waited for"
)
_PLACE = (1 << KEY_BITS) - 1
_SHORTEST_SECONDS = 0.0005
_LONGEST_SECONDS = 0.02
_GROWTH = 1.5
_FALLBACK_SECONDS = 0.5
_BUSY_SECONDS = 1.0
_LONGEST_CALL_SECONDS = 3600.0
"""No call is waited for longer whose process was not heard of any more."""
_UNASKED_SECONDS = 60.0
"""The longest wait for a quota, or for the same again, that is begun by who did not say how long to
wait."""
_WALL_SECONDS = 60.0

"""The queue of one account in one process: it holds the state in turns and wakes who may go.

What is given back must never have to wait: by a task that is being cancelled, in a finaliser while
the same thread is in here. So it is put down, and done by whoever can take the state next.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from secrets import randbelow, randbits
from time import sleep
from typing import NamedTuple, TypeVar

from ..clock import Clock
from ..errors import ConfigurationError
from .ledger import Held, Ledger
from .rules import RuleBook, Rules
from .scheduling import cover, drop_ended, owners, renumber, restore, survey, sweep, tidy
from .state import UNSEEN, CallUnderWay, State
from .wakeups import Wakeup

__all__ = ["BUSY", "AccountQueue", "Busy", "RuleContext"]

T = TypeVar("T")
Work = Callable[[State, Rules, float], T]


class Busy:
    """Another process has the state."""


BUSY = Busy()


class RuleContext(NamedTuple):
    """The limits and the clock of one limiter."""

    book: RuleBook
    clock: Clock


class AccountQueue:
    """The queue of one account in one process."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.wakeups: dict[int, Wakeup] = {}
        """The wakeups of waiting calls, in the order of arrival."""
        self.calls: dict[int, CallUnderWay] = {}
        """The turns that this process holds, to enter them again should the state be lost."""
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._put_down: deque[tuple[RuleContext, Work[bool]]] = deque()
        self._is_flushing = False
        self._is_beating = False
        self._entered: int | None = None
        """What the present work has entered among the calls, should it not be saved."""
        self._frees = False
        self._looks = False
        self._known = 0
        """The state that this process has seen last; 0: none."""
        self._names: list[str] = []
        """The limits as that numbers them."""
        self._is_witness = False
        """Whether it sees who of the processes that are awaited still lives."""
        self._look_at = 0.0

    @property
    def is_foreign(self) -> bool:
        """Whether this is a forked child's copy of its parent's queue."""
        return self._pid != os.getpid()

    def run(self, context: RuleContext, work: Work[T]) -> T | Busy:
        """Hold the state, do some work on it, and save it.

        Raises:
            ConfigurationError: there is nowhere to keep limits.
        """
        with self._lock:
            result = self._with_state(context, work)
        if self._put_down:
            self.settle()
        if self.ledger.is_remote and self.ledger.beat_seconds and (self.calls or self.wakeups):
            self._beat_on(context)
        return result

    def give_back(self, context: RuleContext, work: Work[bool]) -> None:
        """Do work that gives something back, now or soon.

        Args:
            context: whose limits and time count.
            work: says whether others may go by it.
        """
        if self.is_foreign:
            return  # it is the parent's to give back
        self._put_down.append((context, work))
        self.settle()

    def settle(self) -> None:
        """Do what was put down, unless another thread or process has the state."""
        if self.ledger.is_remote:
            if self._put_down:
                self._flush_soon()
            return
        while self._put_down:
            if not self._lock.acquire(blocking=False):
                return  # its holder looks again after letting go
            try:
                is_done = not self._put_down or self._do_put_down()
            except ConfigurationError:
                return  # the disk is full, say: whoever asks next is told, or does it
            finally:
                self._lock.release()
            if not is_done:
                self._flush_soon()
                return

    def enter(self, call: CallUnderWay) -> None:
        """Note, while the state is held, what this process holds by the present work."""
        self.calls[call.id] = call
        self._entered = call.id

    def note_freed(self) -> None:
        """Note, while the state is held, that other calls may go sooner after the present work."""
        self._frees = True

    def check_others(self) -> None:
        """Note, while the state is held, that other processes may have let a call here go."""
        self._looks = True

    def is_first(self, waiter_id: int) -> bool:
        """Say whether nobody of this process has waited longer."""
        return next(iter(tuple(self.wakeups)), waiter_id) == waiter_id

    def waits_for_replies(self) -> bool:
        """Say whether anybody here may go as soon as some reply comes."""
        return not all(wakeup.is_known for wakeup in tuple(self.wakeups.values()))

    def wake_first(self) -> None:
        """Wake the call that has waited longest, since no other looks at the state."""
        for wakeup in tuple(self.wakeups.values())[:1]:  # others may come and go meanwhile
            wakeup.wake()

    def _do_put_down(self) -> bool:
        return self._with_state(self._put_down[0][0], _nothing) is not BUSY

    def _with_state(self, context: RuleContext, work: Work[T]) -> T | Busy:
        attempts = 0
        while True:
            held = self.ledger.hold(context.clock)
            if held is None:
                return BUSY
            result, is_saved = self._work_and_save(context, work, held)
            if is_saved:
                return result
            # Somebody else was faster; that is at most a moment ago, and seldom twice.
            attempts += 1
            sleep(min(attempts, _MOST_ATTEMPTS) * _ATTEMPT_SECONDS * randbelow(100) / 100)

    def _work_and_save(self, context: RuleContext, work: Work[T], held: Held) -> tuple[T, bool]:
        """Do some work on a state that is held, and say whether it was saved."""
        state, now = held.state, held.now
        self._entered = None
        try:
            rules = context.book.rules(state)
            others_may_go = self._recover(state, held)
            if state.is_restored and state.covered & rules.mask != rules.mask:
                ago = timedelta(seconds=now - state.restored_at)
                cover(state, rules, self.ledger.wall(context.clock, now) - ago)
            others_may_go |= tidy(state, rules, now)
            # A clock may have begun anew since.
            if self.ledger.is_shared and not 0 < self._look_at - now <= _LOOK_SECONDS:
                self._look_at = now + _LOOK_SECONDS
                if state.awaited and self._sees_awaited(state):
                    drop_ended(state, rules, self.ledger.holders(), now)
                others = owners(state) - {self.ledger.owner}
                if others and (gone := self.ledger.ended(others)):
                    others_may_go |= sweep(state, rules, gone, now)
            self._frees = self._looks = False
            done = 0
            for owner, giving in tuple(self._put_down):
                others_may_go |= giving(state, owner.book.rules(state), now)
                done += 1
            result = work(state, rules, now)
            others_may_go |= self._frees
            if self.wakeups and (others_may_go or self._looks):
                self._wake_those_who_may_go(state, rules, now)
            self.ledger.mark(holds=bool(self.calls))
        except BaseException:
            self.ledger.let_go()
            raise
        if not self.ledger.save(state, frees=others_may_go):
            if self._entered is not None:
                self.calls.pop(self._entered, None)
            return result, False
        self._note_known(state)
        for _ in range(done):
            self._put_down.popleft()
        return result, True

    def _wake_those_who_may_go(self, state: State, rules: Rules, now: float) -> None:
        """Wake those who may go now, or sooner than they thought."""
        for waiter, standing in survey(state, rules, now):
            wakeup = self.wakeups.get(waiter.id)
            if wakeup is None or wakeup.is_woken or not standing.is_known:
                continue
            if standing.earliest < wakeup.alarm - _NOTHING_SECONDS:
                wakeup.wake()

    def _note_known(self, state: State) -> None:
        """Remember the state that was saved, and what its numbers mean."""
        if state.id != self._known:
            for call in state.calls:
                # In place: another thread may be giving it back just now.
                if (own := self.calls.get(call.id)) is not None:
                    own.mask, own.keys = call.mask, call.keys
        self._known = state.id
        if len(state.names) != len(self._names) or state.names != self._names:
            self._names = list(state.names)

    def _recover(self, state: State, held: Held) -> bool:
        """Enter again what this process holds, where the state is not the one that it knew.

        The first that finds a state lost waits for the others that hold something: their calls end
        or ask for more, and they come by that.

        Returns:
            Whether others may go sooner by it.
        """
        now, is_new = held.now, held.is_new
        if held.unseen_until > now:
            state.awaited[UNSEEN] = held.unseen_until
        if not state.id:  # it is new, or an older release has saved it
            state.id = self._known if self._known and not is_new else randbits(60) | 1
        if state.id == self._known:
            if self.ledger.ends_by_time:
                self._enter_again(state)
            return False
        holders = self.ledger.holders() if is_new or self._known else set()
        if not self._known and not holders and not held.is_lost:
            return False
        self._is_witness = True
        self._enter_again(state)
        if not state.is_restored:
            restore(state, holders, now, self.ledger.unseen_seconds)
            state.common_place = self.ledger.common_place(holders)
        return state.awaited.pop(self.ledger.owner, None) is not None

    def _enter_again(self, state: State) -> None:
        """Enter what this process holds, where it is missing or was given up for it."""
        known = {call.id: call for call in state.calls}
        for call in tuple(self.calls.values()):
            found = known.get(call.id)
            if found is None:
                state.calls.append(renumber(call, self._names, state))
            else:
                found.ends = -1.0

    def _sees_awaited(self, state: State) -> bool:
        return self._is_witness or state.common_place == self.ledger.common_place(()) != 0

    def _flush_soon(self) -> None:
        """Leave what was put down to a thread: some process stopped while it had the state."""
        if self._is_flushing:
            return
        self._is_flushing = True
        # What is given back to another machine must be on its way before this process ends.
        is_daemon = not self.ledger.is_remote
        try:
            threading.Thread(target=self._flush, name="gridwright limits", daemon=is_daemon).start()
        except RuntimeError:  # the interpreter ends, and gives all back by that
            self._is_flushing = False

    def _flush(self) -> None:
        pause = 0.0 if self.ledger.is_remote else _SHORTEST_SECONDS
        try:
            while first := tuple(self._put_down)[:1]:
                if pause:
                    first[0][0].clock.sleep(pause)
                pause = min(2 * pause + _SHORTEST_SECONDS, _LONGEST_SECONDS)
                with self._lock:
                    if self._put_down:
                        self._do_put_down()
        except ConfigurationError:
            return  # as above
        finally:
            self._is_flushing = False
        self.settle()  # somebody may have relied on this thread at the last moment

    def _beat_on(self, context: RuleContext) -> None:
        """Show that this process lives, for as long as it waits or holds anything."""
        if self._is_beating:
            return
        self._is_beating = True
        try:
            threading.Thread(
                target=self._beat, args=(context,), name="gridwright lives", daemon=True
            ).start()
        except RuntimeError:  # the interpreter ends, and what it holds is given back by that
            self._is_beating = False

    def _beat(self, context: RuleContext) -> None:
        idle = 0
        while idle < _IDLE_BEATS:
            sleep(
                self.ledger.beat_seconds
            )  # of the machine: others measure by time what it is silent
            idle = 0 if self.calls or self.wakeups or self._put_down else idle + 1
            if not idle:
                with suppress(ConfigurationError), self._lock:
                    self._with_state(context, _nothing)
        self._is_beating = False
        if self.calls or self.wakeups:
            self._beat_on(context)


def _nothing(state: State, rules: Rules, now: float) -> None:
    return None


_LOOK_SECONDS = 0.1
"""How often to look whether other processes are still there."""
_NOTHING_SECONDS = 1e-6
_IDLE_BEATS = 3
_ATTEMPT_SECONDS = 0.0005
_MOST_ATTEMPTS = 20
_SHORTEST_SECONDS = 0.0005
_LONGEST_SECONDS = 0.02

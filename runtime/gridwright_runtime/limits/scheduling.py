"""Decide who may go, and when: plain functions over a held state, without clock, lock or disk.

Calls go in the order in which they came, within what the limits allow: one that waits for its
application does not hold up those for others. So that none is overtaken for ever, a waiter keeps
to itself

- what it touches: calls for one application never overtake each other;
- a place of each concurrency that holds it up;
- the next turn of each rate, when nothing else holds it up;
- once it is the first in line for all that it needs, also what has held it up before: else two
  limits could be had in turns by others, and never together by the first.

A waiter that does not come although it could go, since its process was stopped, keeps its place but
holds up nobody.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import structs

from .rules import Rate, Rules
from .state import KEY_BITS, UNSEEN, CallUnderWay, State, Waiter

__all__ = [
    "PATIENCE_SECONDS",
    "Standing",
    "cover",
    "drop_ended",
    "finish",
    "grant",
    "is_sound",
    "leave",
    "owners",
    "rebase",
    "renumber",
    "restore",
    "same_again_at",
    "shut_out_until",
    "stand",
    "survey",
    "sweep",
    "tidy",
]

PATIENCE_SECONDS = 0.5
"""How long the others wait for one that could go and does not come."""
_AWAITED_SECONDS = 60.0
"""How long those who cannot see whether a process still lives wait for what it holds."""


class Standing(NamedTuple):
    """How a waiter stands."""

    ready: bool
    earliest: float
    """It will not be its turn before, if nobody in front gives up; seconds of the store's clock."""
    is_known: bool
    """Whether it will be its turn then; False: also some reply must come first."""
    blockers: int
    """The limits that hold it up, as a mask."""


def survey(state: State, rules: Rules, now: float) -> Iterator[tuple[Waiter, Standing]]:
    """Yield how each waiter stands, in the order of the queue, and note since when it could go."""
    view = _View(state, rules, now)
    masks = {waiter.mask for waiter in state.queue}
    for waiter in state.queue:
        yield waiter, view.standing(waiter)
        if all(mask & view.exhausted for mask in masks):
            return  # nobody further back can go before some call is over


def stand(state: State, rules: Rules, waiter: Waiter, now: float) -> tuple[Standing, int]:
    """Return how a waiter stands that is there to go, and how many are in front of it."""
    waiter.ready_since = -1.0
    view = _View(state, rules, now)
    for place, other in enumerate(state.queue):
        found = view.standing(other)
        if other is waiter:
            return found, place
    raise LookupError("not in the queue")


class _View:
    """What is left of the limits, from the first of the queue to the last."""

    __slots__ = (
        "_busy",
        "_claimed",
        "_free",
        "_now",
        "_rules",
        "_seen",
        "_state",
        "_turns",
        "exhausted",
    )

    def __init__(self, state: State, rules: Rules, now: float) -> None:
        self._state = state
        self._rules = rules
        self._now = now
        self._free = free = dict(rules.slots)
        self._busy: dict[int, float] = {}
        for call in state.calls:
            for key in call.keys:
                self._busy[key] = call.ends
            for bit in rules.parts(call.mask)[1]:
                free[bit] -= 1
        if state.awaited:  # nobody knows how many places are taken
            free.update(dict.fromkeys(free, 0))
        self.exhausted = 0
        """Concurrencies without a free place."""
        for bit, left in free.items():
            if left <= 0:
                self.exhausted |= bit
        self._turns: dict[int, list[float]] = {}
        self._claimed: set[int] = set()
        self._seen = 0

    def standing(self, waiter: Waiter) -> Standing:
        """Return whether the next waiter of the queue may go, else when and what it waits for.

        What it waits for is reserved for it, so that no waiter behind it takes that.
        """
        rules, now, mask = self._rules, self._now, waiter.mask
        held_until, is_known, blockers = self._held_until(waiter)
        rates, slots = rules.parts(mask)
        full = mask & self.exhausted
        turn_at, late = now, 0
        for rate in rates:
            at = self._next_turn(rate, _key_of(rate, waiter.keys))
            if at > now:
                late |= rate.bit
                turn_at = max(turn_at, at)
        is_ready = is_known and not (full or late) and held_until <= now
        if is_ready and waiter.ready_since < 0:
            waiter.ready_since = now
        earliest = max(held_until, turn_at)
        standing = Standing(is_ready, earliest, is_known and not full, blockers | full | late)
        if 0 <= waiter.ready_since < now - PATIENCE_SECONDS:
            return standing  # and holds up nobody
        if not is_ready:
            waiter.ready_since = -1.0
            if not mask & self._seen:
                waiter.reserved |= full | late
        self._seen |= mask
        self._claimed.update(waiter.keys)
        if is_ready:
            self._claim(mask, slots, rates, now, waiter.keys)
        elif waiter.not_before <= now:
            is_next = not full and is_known and held_until <= turn_at
            wanted = full | waiter.reserved | late
            self._claim(wanted, slots, rates if is_next else (), earliest, waiter.keys)
        return standing

    def _held_until(self, waiter: Waiter) -> tuple[float, bool, int]:
        """Say until when at least what it touches, or closed hours, hold a waiter up."""
        until, is_known, blockers = waiter.not_before, True, 0
        for key in waiter.keys:
            index = key & _PLACE
            if index in self._rules.by_values:
                continue  # a rate, not a spacing
            spacing = self._rules.spacings.get(index)
            seconds = spacing.seconds if spacing else 0.0
            # What touches all of a limit stands there by its place alone; see `restore`.
            free_at, now = self._state.free_at, self._now
            at = max(free_at.get(key, now), free_at.get(index, now))
            if (self._state.awaited and spacing and spacing.after_reply) or key in self._claimed:
                at, is_known = max(at, self._now + seconds), False
            elif key in self._busy:
                ends = self._busy[key]
                if ends < 0:
                    is_known = False
                at = max(at, self._now, ends) + seconds
            if at > self._now:
                blockers |= 1 << index
                until = max(until, at)
        return until, is_known, blockers

    def _next_turn(self, rate: Rate, key: int) -> float:
        turns = self._turns.get(key)
        if turns is None:
            turns = self._turns[key] = list(self._state.times.get(key, ()))
        at = turns[-rate.requests] + rate.seconds if len(turns) >= rate.requests else self._now
        if key == rate.place:
            return at
        return max(at, _lost_until(self._state, rate))

    def _claim(
        self,
        wanted: int,
        slots: tuple[int, ...],
        rates: tuple[Rate, ...],
        at: float,
        keys: tuple[int, ...],
    ) -> None:
        for bit in slots:
            if bit & wanted:
                self._free[bit] -= 1
                if self._free[bit] <= 0:
                    self.exhausted |= bit
        for rate in rates:
            if rate.bit & wanted:
                turns = self._turns[_key_of(rate, keys)]
                turns.append(max(at, turns[-1]) if turns else at)


def grant(state: State, rules: Rules, waiter: Waiter, now: float) -> bool:
    """Let a waiter go that is ready.

    Returns:
        Whether the call holds something until `finish`.
    """
    state.queue.remove(waiter)
    rates, slots = rules.parts(waiter.mask)
    for rate in rates:
        times = state.times.setdefault(_key_of(rate, waiter.keys), [])
        times.append(now)
        del times[: -rate.requests]
    keys = []
    for key in waiter.keys:
        spacing = rules.spacings.get(key & _PLACE)
        if spacing is None:
            continue  # what a rate is counted by
        if spacing.after_reply:
            keys.append(key)
        else:
            state.free_at[key] = now + spacing.seconds
    if not slots and not keys:
        return False
    mask = 0
    for bit in slots:
        mask |= bit
    state.calls.append(CallUnderWay(waiter.id, waiter.owner, mask, tuple(keys)))
    return True


def same_again_at(state: State, rate: Rate, key: int, now: float) -> float:
    """Return when a call may go by a rate that is counted by values, whoever else waits."""
    times = state.times.get(key, ())
    at = times[-rate.requests] + rate.seconds if len(times) >= rate.requests else now
    return max(now, at, _lost_until(state, rate))


def finish(state: State, rules: Rules, call_id: int, at: float, *, answered: bool) -> bool:
    """Give back what a call holds.

    Args:
        state: held.
        rules: as the state numbers them.
        call_id: of the call.
        at: when the reply came, or when it was given up.
        answered: whether the server is done with it for certain.

    Returns:
        Whether there was such a call.
    """
    for place, call in enumerate(state.calls):
        if call.id == call_id:
            if answered or not rules.unanswered_seconds:
                _close(state, rules, place, at)
            elif call.ends < 0:
                call.ends = at + rules.unanswered_seconds
            return True
    return False


def leave(state: State, waiter_id: int) -> bool:
    """Give a place in the queue back, and say whether there was one."""
    for place, waiter in enumerate(state.queue):
        if waiter.id == waiter_id:
            del state.queue[place]
            return True
    return False


def tidy(state: State, rules: Rules, now: float) -> bool:
    """Forget what is over, and say whether calls ended by that."""
    ended = False
    for place in range(len(state.calls) - 1, -1, -1):
        if 0 <= state.calls[place].ends <= now:
            _close(state, rules, place, state.calls[place].ends)
            ended = True
    if state.free_at:
        for key in [key for key, at in state.free_at.items() if at <= now]:
            del state.free_at[key]
    if state.barred:
        for place in [place for place, at in state.barred.items() if at <= now]:
            del state.barred[place]
    if rules.by_values:
        for key in [key for key, times in state.times.items() if _is_over(rules, key, times, now)]:
            del state.times[key]
    if state.awaited:
        for owner in [owner for owner, until in state.awaited.items() if until <= now]:
            del state.awaited[owner]
            ended = True
    return ended


def owners(state: State) -> set[int]:
    """Return the processes that wait or have calls under way."""
    return {call.owner for call in state.calls if call.ends < 0} | {
        waiter.owner for waiter in state.queue
    }


def sweep(state: State, rules: Rules, gone: Collection[int], now: float) -> bool:
    """Take back what processes held that have ended, and say whether there was anything."""
    before = len(state.queue)
    state.queue[:] = [waiter for waiter in state.queue if waiter.owner not in gone]
    lost = [call for call in state.calls if call.owner in gone and call.ends < 0]
    for call in lost:
        if call.over_by > now:
            call.ends = call.over_by + rules.unanswered_seconds
        else:
            finish(state, rules, call.id, now, answered=False)
    return bool(lost) or len(state.queue) < before


def restore(
    state: State, holders: Collection[int], now: float, unseen_seconds: float = 0.0
) -> None:
    """Be careful after a loss; what follows for the limits, `cover` says.

    Args:
        state: held; follows one that was lost.
        holders: the other processes that hold something and have not yet entered it again.
        now: in seconds of the store's clock.
        unseen_seconds: how long to wait for others that may hold something and cannot be seen.
    """
    state.is_restored = True
    state.restored_at = now
    state.awaited.update(dict.fromkeys(holders, now + _AWAITED_SECONDS))
    if unseen_seconds:
        state.awaited[UNSEEN] = now + unseen_seconds


def cover(state: State, rules: Rules, wall: datetime) -> None:
    """Take all turns for taken, and all for touched, when a state was lost: nothing is known.

    Each process does so for the limits that it knows and nobody had known since.

    Args:
        state: held; it was restored.
        rules: as the state numbers them.
        wall: what the clock on the wall said when that was, aware.
    """
    at = state.restored_at
    if not at:
        return  # by an older release, long ago
    for rate in rules.rates:
        if not state.covered & rate.bit:
            state.times[rate.place] = [at] * rate.requests
    for place, spacing in rules.spacings.items():
        if not state.covered >> place & 1:
            state.free_at[place] = max(state.free_at.get(place, at), at + spacing.seconds)
    for quota in rules.quotas:
        if not state.covered >> quota.key & 1:
            from .quotas import window_of  # loads time zones, and most systems have no quota

            start = window_of(quota.limit, wall)[0].timestamp()
            state.spent[quota.key] = [start, float(quota.limit.requests)]
    state.covered |= rules.mask


def shut_out_until(state: State, rate: Rate) -> float:
    """Return until when the service may shut out whom a lost state knew to be shut out.

    0: no state was lost, or it shuts out nobody. Nobody else remembers what the service has said.
    """
    if not (state.restored_at and rate.penalty_seconds):
        return 0.0
    return state.restored_at + rate.penalty_seconds


def renumber(call: CallUnderWay, names: Sequence[str], state: State) -> CallUnderWay:
    """Return a call by the places that a state has for its limits; what it lacks is added.

    Args:
        call: by the places of the state before.
        names: of that.
        state: held.
    """
    if state.names[: len(names)] == list(names):
        return call
    places = {}
    for place, name in enumerate(names):
        if call.mask >> place & 1 or any(key & _PLACE == place for key in call.keys):
            if name not in state.names:
                state.names.append(name)
            places[place] = state.names.index(name)
    mask = sum(1 << places[place] for place in places if call.mask >> place & 1)
    keys = tuple(key - (key & _PLACE) + places[key & _PLACE] for key in call.keys)
    return structs.replace(call, mask=mask, keys=keys)


def drop_ended(state: State, rules: Rules, holders: Collection[int], now: float) -> None:
    """Wait on for the processes that still hold something, and no longer for those that ended."""
    for owner, until in state.awaited.items():
        if owner == UNSEEN:
            continue
        if owner in holders:
            state.awaited[owner] = now + _AWAITED_SECONDS
        else:
            # The server may still be at work on what an ended process had asked for.
            state.awaited[owner] = min(until, now + rules.unanswered_seconds)


def is_sound(state: State, now: float) -> bool:
    """Say whether a state can be one that this code has saved, by a clock that all share.

    A damaged or forged one could keep everybody waiting for ever.
    """
    late = now + _FAR_SECONDS
    instants = (
        *(at for times in state.times.values() for at in times),
        *state.free_at.values(),
        *state.barred.values(),
        *state.awaited.values(),
        state.restored_at,
        *(call.ends + _FAR_SECONDS - _LONG_SECONDS for call in state.calls),
        *(call.over_by + _FAR_SECONDS - _LONG_SECONDS for call in state.calls),
        *(waiter.not_before for waiter in state.queue),
        *(waiter.ready_since for waiter in state.queue),
    )
    holders: tuple[CallUnderWay | Waiter, ...] = (*state.calls, *state.queue)
    return (
        len(state.names) == len(set(state.names)) <= 1 << KEY_BITS
        and all(at <= late for at in instants)  # false for what is not a number
        and all(at <= now for times in state.times.values() for at in times)
        and all(key >= 0 for key in (*state.times, *state.spent, *state.barred))
        and all(len(spent) == 2 and spent[1] >= 0 for spent in state.spent.values())
        and all(0 <= holder.owner < _OWNERS for holder in holders)
        and all(key >= 0 for holder in holders for key in holder.keys)
        and all(0 <= holder.mask < 1 << (1 << KEY_BITS) for holder in holders)
        and 0 <= state.covered < 1 << (1 << KEY_BITS)
    )


def rebase(state: State, seconds: float) -> None:
    """Move all instants; for a clock that began anew."""
    state.times = {index: [at + seconds for at in times] for index, times in state.times.items()}
    state.free_at = {key: at + seconds for key, at in state.free_at.items()}
    state.barred = {place: at + seconds for place, at in state.barred.items()}
    if state.restored_at:
        state.restored_at += seconds
    state.awaited = {owner: until + seconds for owner, until in state.awaited.items()}
    for call in state.calls:
        if call.ends >= 0:
            call.ends = max(0.0, call.ends + seconds)
        call.over_by = max(0.0, call.over_by + seconds)
    for waiter in state.queue:
        waiter.not_before += seconds
        waiter.ready_since = -1.0


def _key_of(rate: Rate, keys: Collection[int]) -> int:
    """Return the key under which a state keeps the turns of a rate.

    It is the place of the rate or, where it counts each value of an argument by itself, the key
    that the call has for that rate.
    """
    if not rate.same:
        return rate.place
    return next((key for key in keys if key & _PLACE == rate.place), rate.place)


def _lost_until(state: State, rate: Rate) -> float:
    """Return until when a rate counts all values as used up, since its turns were lost.

    They stand there by its place alone; see `restore`.
    """
    times = state.times.get(rate.place, ())
    return times[-rate.requests] + rate.seconds if len(times) >= rate.requests else 0.0


def _is_over(rules: Rules, key: int, times: Sequence[float], now: float) -> bool:
    rate = rules.by_values.get(key & _PLACE)
    return rate is not None and (not times or times[-1] + rate.seconds <= now)


def _close(state: State, rules: Rules, place: int, at: float) -> None:
    call = state.calls.pop(place)
    for key in call.keys:
        spacing = rules.spacings.get(key & _PLACE)
        if spacing is not None:
            state.free_at[key] = max(state.free_at.get(key, at), at + spacing.seconds)


_PLACE = (1 << KEY_BITS) - 1
_OWNERS = 1 << 60
_FAR_SECONDS = 400 * 24 * 3600.0
"""Nothing that is waited for is further ahead than this."""
_LONG_SECONDS = 24 * 3600.0
"""Nor is a server at work for so long on what nobody waits for."""

"""Who may go, what ended processes held, and which states can be: one rule at a time."""

import math

import pytest

from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limits, RateLimit, SpacingLimit
from gridwright_runtime.limits.rules import RuleBook, Rules
from gridwright_runtime.limits.scheduling import (
    drop_ended,
    grant,
    is_sound,
    rebase,
    same_again_at,
    stand,
    survey,
    sweep,
    tidy,
)
from gridwright_runtime.limits.state import UNSEEN, CallUnderWay, State, Waiter

LIMITS = Limits(
    (
        ConcurrencyLimit(name="one", at_most=1),
        SpacingLimit(name="pause", wait_seconds=5.0, same="number", after="reply"),
        RateLimit(name="rate", requests=2, per_seconds=60.0),
    )
)
ONE, PAUSE = 1, 1 << 6 | 1
NOW = 1000.0


def rules_of(state: State, unanswered_seconds: float = 0.0) -> Rules:
    return RuleBook(LIMITS, 0.0, unanswered_seconds).rules(state)


def test_waiters_of_ended_processes_leave_and_the_others_stay_in_order() -> None:
    state = State(queue=[Waiter(n, owner, ONE, ()) for n, owner in enumerate((7, 8, 7, 9))])
    assert sweep(state, rules_of(state), [7], NOW)
    assert [waiter.owner for waiter in state.queue] == [8, 9]
    assert not sweep(state, rules_of(state), [7], NOW)


def test_a_call_of_an_ended_process_is_over_where_nothing_is_left_unanswered() -> None:
    state = State(calls=[CallUnderWay(1, 7, ONE, (PAUSE,)), CallUnderWay(2, 8, ONE, ())])
    assert sweep(state, rules_of(state), [7], NOW)
    assert [call.id for call in state.calls] == [2]
    assert state.free_at == {PAUSE: NOW + 5.0}


def test_a_call_of_an_ended_process_lasts_as_long_as_the_server_may_be_at_work() -> None:
    state = State(calls=[CallUnderWay(1, 7, ONE, ()), CallUnderWay(2, 7, ONE, (), over_by=NOW)])
    assert sweep(state, rules_of(state, 30.0), [7], NOW)
    assert [call.ends for call in state.calls] == [NOW + 30.0] * 2


def test_a_call_whose_process_may_live_lasts_until_it_must_be_over_and_answered() -> None:
    state = State(calls=[CallUnderWay(1, 7, ONE, (), over_by=NOW + 2.0)])
    assert sweep(state, rules_of(state, 30.0), [7], NOW)
    assert [call.ends for call in state.calls] == [NOW + 32.0]


@pytest.mark.parametrize("ends", [0.0, NOW + 3.0])
def test_a_call_that_is_given_up_is_not_prolonged(ends: float) -> None:
    state = State(calls=[CallUnderWay(1, 7, ONE, (), ends=ends)])
    assert not sweep(state, rules_of(state, 30.0), [7], NOW)
    assert [call.ends for call in state.calls] == [ends]


def test_a_clock_that_began_anew_moves_all_instants() -> None:
    state = State(
        times={2: [NOW, NOW + 1.0]},
        free_at={PAUSE: NOW + 5.0},
        barred={2: NOW + 9.0},
        awaited={7: NOW + 60.0},
        restored_at=NOW,
        calls=[
            CallUnderWay(1, 7, ONE, (), ends=NOW + 2.0, over_by=NOW + 4.0),
            CallUnderWay(2, 7, ONE, ()),
            CallUnderWay(3, 7, ONE, (), ends=0.0),
            CallUnderWay(4, 7, ONE, (), ends=NOW - 990.0, over_by=NOW - 990.0),
        ],
        queue=[Waiter(5, 7, ONE, (), not_before=NOW + 3.0, ready_since=NOW)],
    )
    rebase(state, -900.0)
    assert state.times == {2: [100.0, 101.0]}
    assert state.free_at == {PAUSE: 105.0}
    assert state.barred == {2: 109.0}
    assert state.awaited == {7: 160.0}
    assert state.restored_at == 100.0
    # A call that is waited for stays so: negative instants stand for nothing else.
    assert [(call.ends, call.over_by) for call in state.calls] == [
        (102.0, 104.0),
        (-1.0, 0.0),
        (0.0, 0.0),
        (0.0, 0.0),
    ]
    assert [(one.not_before, one.ready_since) for one in state.queue] == [(103.0, -1.0)]


def test_a_state_that_nobody_restored_stays_so_when_a_clock_begins_anew() -> None:
    state = State()
    rebase(state, 50.0)
    assert state.restored_at == 0.0


def test_awaited_processes_are_waited_for_while_they_hold_something() -> None:
    state = State(awaited={UNSEEN: NOW + 1.0, 7: NOW + 1.0, 8: NOW + 90.0, 9: NOW + 2.0})
    drop_ended(state, rules_of(state, 30.0), [7], NOW)
    assert state.awaited == {
        UNSEEN: NOW + 1.0,  # nobody can see them
        7: NOW + 60.0,
        8: NOW + 30.0,  # the server may be at work on what it asked for
        9: NOW + 2.0,
    }


def test_what_was_used_up_is_forgotten_when_it_comes_back() -> None:
    state = State(barred={0: NOW, 2: NOW + 1.0})
    assert not tidy(state, rules_of(state), NOW)
    assert state.barred == {2: NOW + 1.0}


def test_a_waiter_that_is_not_in_the_queue_has_no_place() -> None:
    state = State(queue=[Waiter(1, 7, ONE, ())])
    with pytest.raises(LookupError):
        stand(state, rules_of(state), Waiter(2, 7, ONE, ()), NOW)


WIDE = Limits(
    (
        ConcurrencyLimit(name="one", at_most=1),
        ConcurrencyLimit(name="other", at_most=1),
        SpacingLimit(name="pause", wait_seconds=5.0, same="number", after="reply"),
        RateLimit(name="same", requests=1, per_seconds=60.0, same="meter"),
    )
)
OTHER, NUMBER, METER = 1 << 1, 1 << 6 | 2, 1 << 6 | 3


def standings(state: State) -> dict[int, tuple[bool, bool]]:
    """Return by waiter whether it is ready, and whether it is known when it will be."""
    rules = RuleBook(WIDE, 0.0, 0.0).rules(state)
    return {one.id: (how.ready, how.is_known) for one, how in survey(state, rules, NOW)}


def test_who_is_ready_takes_the_place_that_the_next_needs() -> None:
    state = State(queue=[Waiter(1, 7, ONE, ()), Waiter(2, 8, ONE, ())])
    assert standings(state) == {1: (True, True)}
    state = State(queue=[Waiter(1, 7, ONE, ()), Waiter(2, 8, ONE, ()), Waiter(3, 9, OTHER, ())])
    assert standings(state) == {1: (True, True), 2: (False, False), 3: (True, True)}


def test_a_limit_without_a_free_place_holds_up_nobody_who_needs_another() -> None:
    state = State(
        calls=[CallUnderWay(1, 7, ONE, ())],
        queue=[Waiter(2, 7, ONE, ()), Waiter(3, 8, ONE, ()), Waiter(4, 9, OTHER, ())],
    )
    assert standings(state) == {2: (False, False), 3: (False, False), 4: (True, True)}


def test_who_touches_what_one_in_front_touches_waits_for_it() -> None:
    state = State(queue=[Waiter(1, 7, 0, (NUMBER,)), Waiter(2, 8, 0, (NUMBER,))])
    assert standings(state) == {1: (True, True), 2: (False, False)}


def test_a_call_holds_the_places_that_it_needs_and_no_other() -> None:
    waiter = Waiter(1, 7, 0, (NUMBER,))
    state = State(queue=[waiter])
    assert grant(state, RuleBook(WIDE, 0.0, 0.0).rules(state), waiter, NOW)
    assert state.queue == []
    assert [(call.mask, call.keys) for call in state.calls] == [(0, (NUMBER,))]


def test_a_turn_is_counted_by_the_values_of_its_own_limit() -> None:
    waiter = Waiter(1, 7, 1 << 3, (NUMBER, METER))
    state = State(queue=[waiter])
    assert grant(state, RuleBook(WIDE, 0.0, 0.0).rules(state), waiter, NOW)
    assert state.times == {METER: [NOW]}
    assert [call.keys for call in state.calls] == [(NUMBER,)]


DAY = 24 * 3600.0
FAR = NOW + 400 * DAY
WHOLE = 1 << (1 << 6)
"""Beyond the mask of as many limits as a state can name."""


@pytest.mark.parametrize(
    "state",
    [
        State(),
        State(names=[str(number) for number in range(64)]),
        State(times={0: [NOW - 1.0, NOW]}, free_at={0: FAR}, barred={0: FAR}, awaited={7: FAR}),
        State(restored_at=FAR, spent={0: [NOW, 0.0]}, covered=WHOLE - 1),
        State(calls=[CallUnderWay(1, 0, 0, (0,), ends=NOW + DAY, over_by=NOW + DAY)]),
        State(calls=[CallUnderWay(1, (1 << 60) - 1, WHOLE - 1, ())]),
        State(queue=[Waiter(1, 0, 0, (0,), not_before=FAR, ready_since=FAR)]),
        State(queue=[Waiter(1, (1 << 60) - 1, WHOLE - 1, ())]),
    ],
)
def test_what_this_code_can_have_saved_is_sound(state: State) -> None:
    assert is_sound(state, NOW)


@pytest.mark.parametrize(
    "state",
    [
        State(names=["one", "one"]),
        State(names=[str(number) for number in range(65)]),
        State(times={0: [NOW + 1.0]}),
        State(times={0: [NOW, math.nan]}),
        State(free_at={0: FAR + 1.0}),
        State(free_at={0: FAR, 1: math.inf}),
        State(barred={0: FAR + 1.0}),
        State(awaited={7: FAR + 1.0}),
        State(restored_at=FAR + 1.0),
        State(calls=[CallUnderWay(1, 7, 0, (), ends=NOW + DAY + 1.0)]),
        State(calls=[CallUnderWay(1, 7, 0, (), over_by=NOW + DAY + 1.0)]),
        State(queue=[Waiter(1, 7, 0, (), not_before=FAR + 1.0)]),
        State(queue=[Waiter(1, 7, 0, (), ready_since=FAR + 1.0)]),
        State(times={-1: []}),
        State(barred={-1: NOW}),
        State(spent={-1: [NOW, 1.0]}),
        State(spent={0: [NOW]}),
        State(spent={0: [NOW, 1.0], 1: [NOW, -1.0]}),
        State(spent={0: [NOW, 1.0, 1.0]}),
        State(calls=[CallUnderWay(1, -1, 0, ())]),
        State(calls=[CallUnderWay(1, 1 << 60, 0, ())]),
        State(calls=[CallUnderWay(1, 7, 0, (0, -1))]),
        State(calls=[CallUnderWay(1, 7, -1, ())]),
        State(calls=[CallUnderWay(1, 7, 0, ()), CallUnderWay(2, 7, WHOLE, ())]),
        State(queue=[Waiter(1, -1, 0, ())]),
        State(queue=[Waiter(1, 1 << 60, 0, ())]),
        State(queue=[Waiter(1, 7, 0, (-1,))]),
        State(queue=[Waiter(1, 7, WHOLE, ())]),
        State(covered=-1),
        State(covered=WHOLE),
    ],
)
def test_what_this_code_cannot_have_saved_is_not_sound(state: State) -> None:
    assert not is_sound(state, NOW)


def test_turns_of_a_rate_that_were_lost_count_for_all_values() -> None:
    state = State(times={3: [NOW - 10.0]})
    rules = RuleBook(WIDE, 0.0, 0.0).rules(state)
    (rate,) = rules.rates
    assert same_again_at(state, rate, METER, NOW) == NOW + 50.0
    assert same_again_at(State(), rate, METER, NOW) == NOW


def test_a_waiter_keeps_the_next_turn_of_a_rate_to_itself() -> None:
    state = State(
        times={2: [NOW - 50.0, NOW - 40.0]},
        queue=[Waiter(1, 7, 1 << 2, ()), Waiter(2, 7, 1 << 2, ()), Waiter(3, 7, 1 << 2, ())],
    )
    rules = RuleBook(LIMITS, 0.0, 0.0).rules(state)
    found = [how.earliest for _, how in survey(state, rules, NOW)]
    assert found == [NOW + 10.0, NOW + 20.0, NOW + 70.0]


def test_a_call_that_holds_nothing_leaves_nothing_behind() -> None:
    waiter = Waiter(1, 7, 1 << 3, (METER,))
    state = State(queue=[waiter])
    assert not grant(state, RuleBook(WIDE, 0.0, 0.0).rules(state), waiter, NOW)
    assert state.calls == []


@pytest.mark.parametrize(("waited", "is_free"), [(0.0, False), (0.4, False), (0.6, True)])
def test_who_could_go_and_does_not_come_holds_up_nobody(waited: float, is_free: bool) -> None:
    first = Waiter(1, 7, ONE, (), ready_since=NOW - waited)
    # Nobody behind one that cannot go is looked at where all need the same.
    found = standings(State(queue=[first, Waiter(2, 8, ONE, ())]))
    assert found[1] == (True, True)
    assert found.get(2, (False, False)) == (is_free, is_free)


def test_who_waits_for_the_opening_holds_up_nobody() -> None:
    first = Waiter(1, 7, ONE | OTHER, (), not_before=NOW + 60.0, reserved=OTHER)
    state = State(queue=[first, Waiter(2, 8, OTHER, ())])
    assert standings(state) == {1: (False, True), 2: (True, True)}


def test_what_holds_up_the_first_in_line_is_kept_for_it() -> None:
    first, second = Waiter(2, 7, ONE | OTHER, ()), Waiter(3, 8, ONE, ())
    state = State(calls=[CallUnderWay(1, 9, ONE, ())], queue=[first, second])
    standings(state)
    assert (first.reserved, second.reserved) == (ONE, 0)


def test_a_call_ends_at_its_end() -> None:
    state = State(
        calls=[CallUnderWay(1, 7, ONE, (), ends=NOW), CallUnderWay(2, 7, ONE, (), ends=NOW + 0.1)]
    )
    assert tidy(state, rules_of(state), NOW)
    assert [call.id for call in state.calls] == [2]


def test_a_waiter_says_what_holds_it_up_and_until_when() -> None:
    state = State(
        queue=[Waiter(1, 7, 1 << 3, (NUMBER, METER))],
        times={METER: [NOW - 50.0]},
        free_at={NUMBER: NOW + 3.0},
    )
    ((_, found),) = survey(state, RuleBook(WIDE, 0.0, 0.0).rules(state), NOW)
    assert found == (False, NOW + 10.0, True, 1 << 2 | 1 << 3)


@pytest.mark.parametrize(
    ("ends", "earliest", "is_known"), [(-1.0, NOW + 5.0, False), (NOW + 2.0, NOW + 7.0, True)]
)
def test_the_end_of_a_call_that_nobody_waits_for_is_known(
    ends: float, earliest: float, is_known: bool
) -> None:
    call = CallUnderWay(1, 7, 0, (NUMBER,), ends=ends)
    state = State(calls=[call], queue=[Waiter(2, 8, 0, (NUMBER,))])
    ((_, found),) = survey(state, RuleBook(WIDE, 0.0, 0.0).rules(state), NOW)
    assert found == (False, earliest, is_known, 1 << 2)


def test_what_a_limit_of_another_release_touches_is_passed_over() -> None:
    state = State(queue=[Waiter(1, 7, 0, (1 << 6 | 40,))], awaited={9: NOW + 5.0})
    assert standings(state) == {1: (True, True)}


def test_all_places_of_a_limit_are_for_those_who_wait() -> None:
    state = State(queue=[Waiter(number, 7, ONE, ()) for number in range(3)])
    two = Limits((ConcurrencyLimit(name="two", at_most=2),))
    found = survey(state, RuleBook(two, 0.0, 0.0).rules(state), NOW)
    assert [one.id for one, how in found if how.ready] == [0, 1]

"""What becomes of what ended processes held, and of instants when a clock began anew."""

import pytest

from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limits, RateLimit, SpacingLimit
from gridwright_runtime.limits.rules import RuleBook, Rules
from gridwright_runtime.limits.scheduling import drop_ended, rebase, stand, sweep, tidy
from gridwright_runtime.limits.state import UNSEEN, Call, State, Waiter

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
    state = State(calls=[Call(1, 7, ONE, (PAUSE,)), Call(2, 8, ONE, ())])
    assert sweep(state, rules_of(state), [7], NOW)
    assert [call.id for call in state.calls] == [2]
    assert state.free_at == {PAUSE: NOW + 5.0}


def test_a_call_of_an_ended_process_lasts_as_long_as_the_server_may_be_at_work() -> None:
    state = State(calls=[Call(1, 7, ONE, ()), Call(2, 7, ONE, (), over_by=NOW)])
    assert sweep(state, rules_of(state, 30.0), [7], NOW)
    assert [call.ends for call in state.calls] == [NOW + 30.0] * 2


def test_a_call_whose_process_may_live_lasts_until_it_must_be_over_and_answered() -> None:
    state = State(calls=[Call(1, 7, ONE, (), over_by=NOW + 2.0)])
    assert sweep(state, rules_of(state, 30.0), [7], NOW)
    assert [call.ends for call in state.calls] == [NOW + 32.0]


@pytest.mark.parametrize("ends", [0.0, NOW + 3.0])
def test_a_call_that_is_given_up_is_not_prolonged(ends: float) -> None:
    state = State(calls=[Call(1, 7, ONE, (), ends=ends)])
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
            Call(1, 7, ONE, (), ends=NOW + 2.0, over_by=NOW + 4.0),
            Call(2, 7, ONE, ()),
            Call(3, 7, ONE, (), ends=0.0),
            Call(4, 7, ONE, (), ends=NOW - 990.0, over_by=NOW - 990.0),
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

"""Random schedules in virtual time: no limit is broken, nobody starves, the rate is reached."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limit,
    Limits,
    RateLimit,
    SpacingLimit,
)

from .clocks import LoopClock, ThreadClock
from .judge import broken
from .support import Planned, limiter_of, run_tasks, run_threads, store_of

OPERATIONS = ("add", "change", "undo", "look")
operations = st.lists(st.sampled_from(OPERATIONS), max_size=3, unique=True).map(tuple)
seconds = st.integers(0, 40).map(lambda tenths: tenths / 10)


@st.composite
def limits(draw: st.DrawFn) -> tuple[Limit, ...]:
    found: list[Limit] = []
    for number in range(draw(st.integers(0, 2))):
        found.append(
            RateLimit(
                name=f"rate{number}",
                requests=draw(st.integers(1, 3)),
                per_seconds=draw(st.sampled_from([0.5, 1.0, 3.0])),
                operations=draw(operations),
            )
        )
    for number in range(draw(st.integers(0, 2))):
        found.append(
            ConcurrencyLimit(
                name=f"at_once{number}",
                at_most=draw(st.integers(1, 3)),
                operations=draw(operations),
            )
        )
    if draw(st.booleans()):
        found.append(
            SpacingLimit(
                name="spacing",
                wait_seconds=draw(st.sampled_from([0.5, 1.0])),
                same="number",
                operations=draw(operations),
            )
        )
    return tuple(found)


planned = st.builds(
    Planned,
    at=seconds,
    lasts=seconds,
    operation=st.sampled_from(OPERATIONS),
    key=st.sampled_from([None, "A", "B"]),
)
plans = st.lists(planned, min_size=1, max_size=25)


def bound_seconds(limits: tuple[Limit, ...], plan: list[Planned]) -> float:
    """Return how long all takes where no two calls are ever under way at once."""
    pauses = sum(
        limit.per_seconds if isinstance(limit, RateLimit) else 0.0 for limit in limits
    ) + sum(limit.wait_seconds for limit in limits if isinstance(limit, SpacingLimit))
    longest = max(call.lasts for call in plan)
    # A call that is first in line waits for what is under way, and for each limit.
    return (longest + pauses + longest * len(limits) + 1.0) * (len(plan) + 1)


@given(limits=limits(), plan=plans)
@settings(max_examples=150, deadline=None)
def test_tasks_break_no_limit_and_all_get_their_turn(
    limits: tuple[Limit, ...], plan: list[Planned]
) -> None:
    limiter = limiter_of(*limits, clock=LoopClock())
    served = run_tasks([limiter], plan)
    assert len(served) == len(plan)
    assert broken(Limits(limits), [call for _, call in served]) == []
    assert max(call.ended for _, call in served) <= 4.0 + bound_seconds(limits, plan)


@given(limits=limits(), plan=st.lists(planned, min_size=1, max_size=10))
@settings(max_examples=40, deadline=None)
def test_threads_break_no_limit_and_all_get_their_turn(
    limits: tuple[Limit, ...], plan: list[Planned]
) -> None:
    clock = ThreadClock()
    served = run_threads(clock, [limiter_of(*limits, clock=clock)], plan)
    assert len(served) == len(plan)
    assert broken(Limits(limits), [call for _, call in served]) == []
    assert max(call.ended for _, call in served) <= 104.0 + bound_seconds(limits, plan)


@pytest.mark.parametrize("kind", ["files", "valkey"])
@given(limits=limits(), plan=st.lists(planned, min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_stores_that_processes_share_break_no_limit_either(
    kind: str, limits: tuple[Limit, ...], plan: list[Planned]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = LoopClock()
        store = store_of(kind, Path(folder))
        limiters = [limiter_of(*limits, clock=clock, store=store) for _ in range(3)]
        served = run_tasks(limiters, plan)
        assert len(served) == len(plan)
        assert broken(Limits(limits), [call for _, call in served]) == []


@given(
    plan=st.lists(planned, min_size=2, max_size=25),
    requests=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_calls_for_the_same_limits_go_in_the_order_in_which_they_came(
    plan: list[Planned], requests: int
) -> None:
    limit = RateLimit(name="rate", requests=requests, per_seconds=1.0)
    served = run_tasks([limiter_of(limit, clock=LoopClock())], plan)
    # Those that may go at the same instant may do so in any order.
    by_turn = sorted((round(call.began, 4), planned.at) for planned, call in served)
    arrivals = [at for _, at in by_turn]
    assert arrivals == sorted(arrivals)


@pytest.mark.parametrize("requests", [1, 5])
def test_the_permitted_rate_is_reached_with_the_margin(requests: int) -> None:
    limit = RateLimit(name="rate", requests=requests, per_seconds=1.0)
    plan = [Planned(at=0.0, lasts=0.3, operation="look") for _ in range(100)]
    served = run_tasks([limiter_of(limit, clock=LoopClock(), margin_seconds=0.04)], plan)
    began = [call.began for _, call in served]
    # Requests per second, from the first to the last.
    assert (100 - requests) / (began[-1] - began[0]) >= 0.95 * requests
    assert broken(Limits((limit,)), [call for _, call in served]) == []


def test_all_places_of_a_concurrency_are_used() -> None:
    limit = ConcurrencyLimit(name="eight_at_once", at_most=8)
    plan = [Planned(at=0.0, lasts=0.5, operation="look") for _ in range(80)]
    served = run_tasks([limiter_of(limit, clock=LoopClock())], plan)
    assert max(call.ended for _, call in served) <= 5.0 / 0.95
    assert broken(Limits((limit,)), [call for _, call in served]) == []


def test_who_waits_for_an_application_does_not_hold_up_the_others() -> None:
    pause = SpacingLimit(name="pause", wait_seconds=1.0, same="number")
    rate = RateLimit(name="rate", requests=1, per_seconds=1.0)
    same = [Planned(at=0.0, lasts=5.0, operation="change", key="A") for _ in range(10)]
    others = [Planned(at=0.0, lasts=0.1, operation="change", key=f"B{n}") for n in range(50)]
    served = run_tasks([limiter_of(pause, rate, clock=LoopClock())], [*same, *others])
    began = [call.began for _, call in served]
    assert began[-1] <= (len(began) - 1) / 0.95
    assert broken(Limits((pause, rate)), [call for _, call in served]) == []


def test_a_call_that_needs_two_limits_is_not_starved_by_calls_that_need_one() -> None:
    rate = RateLimit(name="rate", requests=1, per_seconds=1.0, operations=("both", "rate_only"))
    at_once = ConcurrencyLimit(name="at_once", at_most=1, operations=("both", "slot_only"))
    plan = [Planned(at=0.05, lasts=0.5, operation="both")]
    plan += [Planned(at=0.0, lasts=0.1, operation="rate_only") for _ in range(15)]
    plan += [Planned(at=0.0, lasts=0.97, operation="slot_only") for _ in range(15)]
    # Those that came before it are served first, those that keep coming are not.
    plan += [Planned(at=n / 10, lasts=0.1, operation="rate_only") for n in range(1, 60)]
    plan += [Planned(at=n / 10, lasts=0.97, operation="slot_only") for n in range(1, 60)]
    served = run_tasks([limiter_of(rate, at_once, clock=LoopClock())], plan)
    (both,) = (call for planned, call in served if planned.operation == "both")
    assert both.began < 20.0  # when those in front have gone
    slots = [call for planned, call in served if planned.operation == "slot_only"]
    assert max(call.ended for call in slots) <= (len(slots) * 0.97 + 0.5) / 0.95

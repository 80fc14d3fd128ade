"""Rates and quotas that count each combination of the values of arguments by itself."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.shared_server.servers import twelve_hours_away

from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits.kinds import Limits, QuotaLimit, RateLimit, SpacingLimit
from gridwright_runtime.limits.quotas import used_up
from gridwright_runtime.limits.rules import Quota, RuleBook
from gridwright_runtime.limits.scheduling import cover, restore, tidy
from gridwright_runtime.limits.state import KEY_BITS, State
from gridwright_runtime.limits.store import LimitStore, MemoryLimitStore
from gridwright_runtime.limits.turns import LOGIN
from gridwright_runtime.mock.limits.measures import Visit
from gridwright_runtime.mock.limits.terms import measures_of

from .support import limiter_of
from .test_quotas import Wall

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
TWICE = RateLimit(name="twice", requests=2, per_seconds=3600.0, same=("meter", "day"))
DAILY = QuotaLimit(name="daily", requests=1, each="day", same="meter")


def asked(**values: str) -> Mapping[str, str | None]:
    return {"meter": None, "day": None, **values}


def test_each_combination_of_values_has_a_count_of_its_own(stores: list[LimitStore]) -> None:
    clock = Wall(NOON)
    daily = structs.replace(DAILY, resets=twelve_hours_away())
    one, other = (limiter_of(TWICE, daily, clock=clock, store=store) for store in stores)
    one.take("ask", asked(meter="A", day="1")).done()
    with pytest.raises(LimitError, match=r"quota is used up.*daily"):
        other.take("ask", asked(meter="A", day="1"))
    other.take("ask", asked(meter="B", day="1")).done()


def test_the_same_is_not_waited_for_unless_somebody_allows_it(stores: list[LimitStore]) -> None:
    clock = Wall(NOON)
    one, other = (limiter_of(TWICE, clock=clock, store=store) for store in stores)
    for limiter in (one, other):
        limiter.take("ask", asked(meter="A", day="1")).done()
    for limiter in (one, other):
        with pytest.raises(LimitError, match=r"the same was asked too often.*twice") as caught:
            limiter.take("ask", asked(meter="A", day="1"))
        assert caught.value.retry_at is not None
        assert caught.value.limit == "twice"
    one.take("ask", asked(meter="A", day="2")).done()


def test_who_allows_it_waits_for_the_same() -> None:
    clock = Wall(NOON)
    limiter = limiter_of(TWICE, clock=clock)
    for _ in range(3):
        limiter.take("ask", asked(meter="A"), within_seconds=7200).done()
    assert clock.time >= NOON + timedelta(hours=1)


def test_what_is_not_given_is_a_value_too() -> None:
    limiter = limiter_of(TWICE, clock=Wall(NOON))
    for _ in range(2):
        limiter.take("ask", asked()).done()
    with pytest.raises(LimitError):
        limiter.take("ask", asked())
    limiter.take("ask", asked(meter="A")).done()


def test_values_are_not_mixed_up_between_arguments() -> None:
    limiter = limiter_of(TWICE, clock=Wall(NOON))
    for _ in range(2):
        limiter.take("ask", asked(meter="A, B")).done()
        limiter.take("ask", asked(meter="A", day=" B")).done()
    with pytest.raises(LimitError):
        limiter.take("ask", asked(meter="A", day=" B"))


def test_a_login_has_nothing_to_be_counted_by() -> None:
    limiter = limiter_of(TWICE, DAILY, clock=Wall(NOON))
    for _ in range(5):
        limiter.take(LOGIN).done()
    limiter.take("ask", asked(meter="A")).done()
    with pytest.raises(LimitError):
        limiter.take("ask", asked(meter="A"))


@pytest.mark.parametrize("limit", [TWICE, DAILY, structs.replace(DAILY, same=(), requests=3)])
def test_a_turn_that_is_given_back_unspent_does_not_count(limit: Any) -> None:
    limiter = limiter_of(limit, clock=Wall(NOON))
    for _ in range(5):
        limiter.take("ask", asked(meter="A")).unspent()
    for _ in range(limit.requests):
        limiter.take("ask", asked(meter="A")).done()
    with pytest.raises(LimitError):
        limiter.take("ask", asked(meter="A"))


@pytest.mark.parametrize("limit", ["twice", "daily"])
def test_what_the_service_says_is_used_up_is_so_for_those_values_alone(limit: str) -> None:
    limiter = limiter_of(TWICE, DAILY, clock=Wall(NOON))
    assert limiter.note_used_up("ask", limit, asked(meter="A", day="1")) is not None
    with pytest.raises(LimitError, match="the service has said that the limit is used up") as error:
        limiter.take("ask", asked(meter="A", day="1"))
    assert error.value.limit == limit
    limiter.take("ask", asked(meter="B", day="1")).done()


def test_a_pause_may_be_kept_for_a_combination() -> None:
    clock = Wall(NOON)
    pause = SpacingLimit(name="pause", wait_seconds=10.0, same=("meter", "day"), after="request")
    limiter = limiter_of(pause, clock=clock)
    limiter.take("ask", asked(meter="A", day="1")).done()
    limiter.take("ask", asked(meter="A", day="2")).done()
    assert clock.time == NOON
    limiter.take("ask", asked(meter="A", day="1")).done()
    assert clock.time >= NOON + timedelta(seconds=10)


def test_what_is_over_is_forgotten() -> None:
    clock, store = Wall(NOON), MemoryLimitStore()
    limiter = limiter_of(TWICE, DAILY, clock=clock, store=store)
    for number in range(50):
        limiter.take("ask", asked(meter=str(number))).done()
    clock.time += timedelta(days=1)
    limiter.take("ask", asked(meter="A")).done()
    ((queue, _),) = store._queues.values()
    held = queue.ledger.hold(clock)
    assert held is not None
    assert (len(held.state.times), len(held.state.spent)) == (1, 1)


def test_what_a_quota_forgets_of_earlier_days_is_its_own() -> None:
    monthly = QuotaLimit(name="monthly", requests=2, each="month", same="meter")
    clock = Wall(NOON)
    limiter = limiter_of(monthly, DAILY, clock=clock)
    for _ in range(2):
        limiter.take("ask", asked(meter="A")).done()
        clock.time += timedelta(days=1)
    with pytest.raises(LimitError, match="monthly"):
        limiter.take("ask", asked(meter="A"))


def test_after_a_loss_all_values_count_as_just_used() -> None:
    state = State()
    rules = RuleBook(Limits((TWICE, DAILY)), 0.0, 0.0).rules(state)
    restore(state, (), 1000.0)
    cover(state, rules, NOON)
    assert not tidy(state, rules, 1001.0)
    assert state.times == {0: [1000.0, 1000.0]}
    for value in range(8):
        quota = Quota(value << KEY_BITS | 1, DAILY)
        assert used_up(state, [quota], NOON) is not None
        assert used_up(state, [quota], NOON + timedelta(days=1)) is None


@given(
    calls=st.lists(
        st.tuples(st.integers(0, 4000), st.sampled_from("AB"), st.sampled_from("12")), max_size=60
    )
)
@settings(max_examples=100, deadline=None)
def test_what_the_client_lets_go_is_what_the_mock_finds_in_order(
    calls: list[tuple[int, str, str]],
) -> None:
    clock = Wall(NOON)
    limiter = limiter_of(TWICE, DAILY, clock=clock)
    measures = measures_of([TWICE, DAILY])
    for seconds, meter, day in calls:
        clock.time += timedelta(seconds=seconds)
        try:
            limiter.take("ask", asked(meter=meter, day=day), wait=False).done()
        except LimitError:
            continue
        visit = Visit(operation="ask", now=clock.time, seconds=clock.monotonic())
        visit.subjects = {"meter": meter, "day": day}
        assert [measure.arrive(visit) or measure.about(visit) for measure in measures] == [None] * 2

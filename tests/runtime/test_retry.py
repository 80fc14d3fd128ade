"""How long a client waits before it sends a read again, and when it gives up."""

from gridwright_runtime.retry import RetryPolicy


def patient(chance: float) -> RetryPolicy:
    return RetryPolicy(attempts=9_999, budget_seconds=1e9, random=lambda: chance)


LEAST, MOST = patient(0.0), patient(1.0)


def test_the_pause_doubles_up_to_the_longest_and_half_of_it_is_chance() -> None:
    assert [LEAST.pause(n, 0, None) for n in range(1, 7)] == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0]
    assert [MOST.pause(n, 0, None) for n in range(1, 7)] == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert MOST.pause(5_000, 0, None) == 8.0


def test_a_provider_may_ask_for_a_longer_pause_and_for_none_that_is_shorter() -> None:
    assert LEAST.pause(1, 0, 0.2) == 0.25
    assert LEAST.pause(1, 0, 3_600.0) == 3_600.0


def test_three_attempts_are_all() -> None:
    pauses = [RetryPolicy(random=lambda: 0.0).pause(n, 0, None) for n in range(1, 5)]
    assert pauses == [0.25, 0.5, None, None]


def test_no_attempt_begins_later_than_a_minute_after_the_first() -> None:
    policy = RetryPolicy(random=lambda: 0.0)
    assert policy.pause(1, 59.75, None) == 0.25
    assert policy.pause(1, 59.76, None) is None
    assert policy.pause(1, 0, 60.0) == 60.0
    assert policy.pause(1, 0, 60.1) is None


def test_a_busy_service_is_asked_again_and_one_that_refuses_is_not() -> None:
    assert RetryPolicy().statuses == {429, 502, 503, 504}

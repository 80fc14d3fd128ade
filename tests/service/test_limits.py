from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from gridwright_runtime.errors import (
    ClosedHoursError,
    ConfigurationError,
    LimitError,
    OutcomeUnknownError,
)
from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limits, RateLimit
from gridwright_runtime.limits.store import MemoryLimitStore

from .sample import LIMITS, SESSION
from .support import CITIZEN, ELSEWHERE, KINDS, Caller, FakeClock, Kind, caller

pytestmark = pytest.mark.parametrize("kind", KINDS)

TOKYO = ZoneInfo("Asia/Tokyo")
SUNDAY = datetime(2024, 10, 6, tzinfo=TOKYO)
SAME = {"application_number": "A1"}
A_SECOND = Limits((RateLimit(name="a_second", requests=1, per_seconds=1),))


def limited(kind: Kind, limits: Limits = LIMITS, *answers: object, **options: Any) -> Caller:
    return caller(kind, *answers, limits=limits, limit_store=MemoryLimitStore(), **options)


def at(one: Caller, hour: int, minute: int, second: int = 0) -> Caller:
    one.clock = FakeClock(SUNDAY.replace(hour=hour, minute=minute, second=second).astimezone(UTC))
    return one


def test_the_same_application_is_touched_again_after_a_second(kind: Kind) -> None:
    one = limited(kind)
    one.calls(("apply", SAME), ("apply", SAME))
    assert 1.0 <= one.clock.seconds < 1.1


def test_other_applications_wait_for_nothing(kind: Kind) -> None:
    one = limited(kind)
    one.calls(("apply", SAME), ("apply", {"application_number": "A2"}), ("get_status", SAME))
    assert one.clock.slept == []


def test_a_number_that_a_reply_gives_is_spaced_from_then_on(kind: Kind) -> None:
    one = limited(kind, LIMITS, {"PROVISIONAL_application_number": "A9"})
    one.calls(("apply", {}), ("apply", {"application_number": "A9"}))
    assert 1.0 <= one.clock.seconds < 1.1


def test_new_applications_wait_for_nothing(kind: Kind) -> None:
    one = limited(kind)
    one.calls(("apply", {}), ("apply", {}))
    assert one.clock.slept == []


def test_where_no_argument_can_name_an_application_all_calls_are_about_the_same(kind: Kind) -> None:
    one = limited(kind, base_url=ELSEWHERE)
    one.calls(("apply", {"items": {"no": 1}}), ("apply", {"items": {"no": 2}}))
    assert len(one.service.seen) == 2
    assert 1.0 <= one.clock.seconds < 1.1


def test_a_client_may_raise_instead_of_waiting(kind: Kind) -> None:
    one = limited(kind, wait_for_turn=False)
    _first, second = one.calls(("apply", SAME), ("apply", SAME))
    assert isinstance(second, LimitError)
    assert not second.sent
    assert second.retry_at is not None
    assert "A1" not in str(second)
    assert len(one.service.seen) == 1


def test_a_client_waits_no_longer_than_it_may(kind: Kind) -> None:
    one = limited(kind, longest_wait_seconds=0.5)
    _first, second = one.calls(("apply", SAME), ("apply", SAME))
    assert isinstance(second, LimitError)
    assert len(one.service.seen) == 1


@pytest.mark.parametrize("seconds", [-1, float("nan"), "5"])
def test_a_wait_that_is_no_time_is_refused_at_once(kind: Kind, seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="longest_wait_seconds"):
        limited(kind, longest_wait_seconds=seconds).call("apply")


def test_clients_of_one_company_share_their_turns(kind: Kind) -> None:
    one = limited(kind, A_SECOND)
    other = Caller("async" if kind == "sync" else "sync", one.service, one.options, one.clock)
    one.call("apply")
    other.call("apply")
    assert 1.0 <= one.clock.seconds < 1.1


@pytest.mark.parametrize("spelling", ["HTTPS://Api.Sample.Example:443/base", f"{ELSEWHERE}/"])
def test_one_address_in_two_spellings_is_one_service(kind: Kind, spelling: str) -> None:
    clock = FakeClock()
    first = limited(kind, A_SECOND, base_url=ELSEWHERE)
    for one in (first, Caller(kind, first.service, first.options | {"base_url": spelling})):
        one.clock = clock
        one.call("get_status")
    assert 1.0 <= clock.seconds < 1.1


def test_clients_of_another_company_have_their_own(kind: Kind) -> None:
    one = limited(kind, A_SECOND, company="one")
    other = Caller(kind, one.service, one.options | {"company": "two"}, one.clock)
    one.call("apply")
    other.call("apply")
    assert one.clock.slept == []


def test_clients_in_this_process_share_turns_without_being_given_a_store(kind: Kind) -> None:
    clock = FakeClock()
    first = caller(kind, limits=A_SECOND)
    for one in (first, Caller(kind, first.service, first.options)):
        one.clock = clock
        one.call("apply")
    assert 1.0 <= clock.seconds < 1.1


def test_a_retry_takes_a_new_turn(kind: Kind) -> None:
    one = limited(kind, A_SECOND, httpx2.Response(502), {"kind": "1"})
    one.call("get_status")
    assert len(one.service.seen) == 2
    assert 1.0 <= one.clock.seconds < 1.1


def test_a_login_takes_a_turn_where_the_limit_is_of_all_calls(kind: Kind) -> None:
    one = limited(kind, A_SECOND, session=SESSION)
    one.call("get_power_usage", citizen_id=CITIZEN)
    assert 1.0 <= one.clock.seconds < 1.1


def test_a_call_that_fails_gives_its_place_back(kind: Kind) -> None:
    limits = Limits((ConcurrencyLimit(name="one_at_once", at_most=1),))
    answers = (httpx2.ReadTimeout("late"), httpx2.ConnectError("no"))
    one = limited(kind, limits, *answers)
    failed, refused, result = one.calls(("apply", {}), ("apply", {}), ("apply", {}))
    assert isinstance(failed, OutcomeUnknownError)
    assert isinstance(refused, Exception)
    assert result.body.kind == "99"
    # The service may have been at work on the first for a moment, and never saw the second.
    assert one.clock.seconds == pytest.approx(1.0, abs=0.1)


# Closed hours


def test_a_client_waits_until_the_service_opens(kind: Kind) -> None:
    one = at(limited(kind), 1, 30)
    one.call("apply")
    assert one.clock.now() >= SUNDAY.replace(hour=3)
    assert len(one.service.seen) == 1


def test_a_client_that_does_not_wait_says_when_the_service_opens(kind: Kind) -> None:
    one = at(limited(kind, wait_for_turn=False), 1, 30)
    with pytest.raises(ClosedHoursError) as caught:
        one.call("apply")
    assert caught.value.opens_at == SUNDAY.replace(hour=3)
    assert one.service.seen == []


def test_a_call_that_could_run_into_closed_hours_is_not_sent(kind: Kind) -> None:
    one = at(limited(kind), 0, 59, 45)
    with pytest.raises(ClosedHoursError) as caught:
        one.call("apply")
    assert caught.value.opens_at == SUNDAY.replace(hour=3)
    assert one.service.seen == []


@pytest.mark.parametrize(("hour", "minute", "second"), [(0, 59, 30), (3, 0, 20)])
def test_a_service_that_says_near_its_hours_that_it_is_closed_opens_after_them(
    kind: Kind, hour: int, minute: int, second: int
) -> None:
    one = limited(kind, LIMITS, httpx2.Response(503), timeout_seconds=10)
    with pytest.raises(ClosedHoursError) as caught:
        at(one, hour, minute, second).call("apply")
    assert caught.value.opens_at == SUNDAY.replace(hour=3)
    assert caught.value.sent


def test_maintenance_at_another_hour_has_no_known_end(kind: Kind) -> None:
    one = at(limited(kind, LIMITS, httpx2.Response(503)), 12, 0)
    with pytest.raises(ClosedHoursError) as caught:
        one.call("apply")
    assert caught.value.opens_at is None

"""Who breaks a rate is shut out for longer than it counts: clients wait, and mocks shut out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.shared_server.servers import shared_url

from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits import files, valkey
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import RateLimit
from gridwright_runtime.limits.store import LimitStore
from gridwright_runtime.mock.limits.measures import Visit
from gridwright_runtime.mock.limits.terms import measures_of
from gridwright_runtime.shared_server.server import server_at

from .support import ACCOUNT, VirtualValkeyStore, limiter_of
from .test_quotas import Wall

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
RATE = RateLimit(name="per_minute", requests=2, per_seconds=60.0, penalty_seconds=600.0)
SLOW = RateLimit(name="per_hour", requests=2, per_seconds=3600.0, penalty_seconds=600.0)


def test_after_a_refusal_nothing_leaves_until_the_penalty_is_over(
    stores: list[LimitStore],
) -> None:
    clock = Wall(NOON)
    one, other = (limiter_of(RATE, clock=clock, store=store) for store in stores)
    one.take("ask").done()
    until = one.note_used_up("ask", "per_minute")
    assert until == NOON + timedelta(minutes=10)
    for limiter in (one, other):
        with pytest.raises(LimitError, match="the service has said that the limit is used up"):
            limiter.take("ask")
        with pytest.raises(LimitError):
            limiter.take("ask", within_seconds=590)


def test_who_allows_it_waits_for_the_penalty_to_be_over() -> None:
    clock = Wall(NOON)
    limiter = limiter_of(RATE, clock=clock)
    limiter.note_used_up("ask", "per_minute")
    limiter.take("ask", within_seconds=3600).done()
    assert clock.time >= NOON + timedelta(minutes=10)


def test_a_penalty_shorter_than_the_rate_does_not_shorten_it() -> None:
    limiter = limiter_of(SLOW, clock=Wall(NOON))
    assert limiter.note_used_up("ask", "per_hour") == NOON + timedelta(hours=1)


def test_a_client_that_keeps_the_rate_knows_of_no_penalty() -> None:
    clock = Wall(NOON)
    limiter = limiter_of(RATE, clock=clock)
    for _ in range(3):
        limiter.take("ask").done()
    assert clock.time < NOON + timedelta(minutes=2)


@pytest.mark.parametrize("was_told", [True, False])
def test_a_lost_file_lets_nobody_go_before_the_penalty_is_over(
    tmp_path: Path, was_told: bool
) -> None:
    clock = Wall(NOON)
    one = limiter_of(RATE, clock=clock, store=FileLimitStore(tmp_path / "limits"))
    one.take("ask").done()
    if was_told:
        one.note_used_up("ask", "per_minute")
    (file,) = (tmp_path / "limits").iterdir()
    file.unlink()
    with pytest.raises(LimitError, match="was lost, and the service may shut this") as caught:
        one.take("ask")
    assert caught.value.retry_at == NOON + timedelta(minutes=10)
    # A process that comes later learns of the loss from the new file.
    files._QUEUES.clear()
    other = limiter_of(RATE, clock=clock, store=FileLimitStore(tmp_path / "limits"))
    with pytest.raises(LimitError, match="per_minute"):
        other.take("ask", within_seconds=590)
    other.take("ask", within_seconds=3600).done()
    assert NOON + timedelta(minutes=10) <= clock.time < NOON + timedelta(minutes=11)


@pytest.mark.parametrize("how", ["deleted", "restarted"])
def test_a_server_that_lost_a_penalty_lets_nobody_go_before_it_is_over(
    tmp_path: Path, how: str
) -> None:
    clock = Wall(NOON)
    store = VirtualValkeyStore(tmp_path)
    one = limiter_of(RATE, clock=clock, store=store)
    one.take("ask").done()
    one.note_used_up("ask", "per_minute")
    lose_at_server(tmp_path, how)
    valkey._QUEUES.clear()  # as another machine would begin
    other = limiter_of(RATE, clock=clock, store=store)
    for limiter in (other, one):
        with pytest.raises(LimitError, match="per_minute"):
            limiter.take("ask", within_seconds=590)
    other.take("ask", within_seconds=3600).done()
    assert clock.time >= NOON + timedelta(minutes=10)


def test_a_loss_holds_up_nobody_for_the_penalty_of_a_limit_that_is_not_theirs(
    tmp_path: Path,
) -> None:
    clock = Wall(NOON)
    other = RateLimit(
        name="other", requests=1, per_seconds=1.0, operations=("change",), penalty_seconds=9e4
    )
    store = FileLimitStore(tmp_path / "limits")
    limiter = limiter_of(RATE, other, clock=clock, store=store)
    limiter.take("ask").done()
    (file,) = (tmp_path / "limits").iterdir()
    file.unlink()
    limiter.take("ask", within_seconds=3600).done()
    assert clock.time < NOON + timedelta(minutes=11)


def test_where_nothing_was_known_before_no_penalty_is_waited_for(tmp_path: Path) -> None:
    clock = Wall(NOON)
    limiter = limiter_of(RATE, clock=clock, store=FileLimitStore(tmp_path / "limits"))
    limiter.take("ask", wait=False).done()


def lose_at_server(folder: Path, how: str) -> None:
    key = f"{{gridwright}}:limits:{ACCOUNT}:{folder}"
    server = server_at(shared_url())
    if how == "deleted":
        server.ask("DEL", key)
    else:
        server.ask("HSET", key, "run", "an earlier start")


def broken_by(limit: RateLimit, *seconds: float) -> list[Any]:
    (measure,) = measures_of([limit])
    found = []
    for after in seconds:
        visit = Visit(operation="ask", now=NOON + timedelta(seconds=after), seconds=after)
        breach = measure.arrive(visit)
        found.append(breach and breach.seconds_too_early)
    return found


def test_the_mock_shuts_out_who_breaks_the_rate_for_the_penalty() -> None:
    assert broken_by(RATE, 0, 1, 2, 100, 601, 602, 603) == [None, None, 600, 502, 1, None, None]


def test_what_is_refused_meanwhile_neither_counts_nor_prolongs_it() -> None:
    assert broken_by(RATE, 0, 1, 2, *range(3, 600, 10), 602, 603)[-2:] == [None, None]


def test_the_mock_shuts_out_the_same_values_alone() -> None:
    limit = RateLimit(name="one", requests=1, per_seconds=1.0, same="meter", penalty_seconds=60.0)
    (measure,) = measures_of([limit])

    def ask(meter: str, seconds: float) -> bool:
        visit = Visit(operation="ask", now=NOON, seconds=seconds)
        visit.subjects["meter"] = meter
        return measure.about(visit) is not None

    assert [ask("A", 0), ask("A", 0.5), ask("B", 0.6), ask("A", 30), ask("A", 61)] == [
        False, True, False, True, False,
    ]  # fmt: skip

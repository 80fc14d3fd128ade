"""The order of access and turn, in virtual time: what aged while a call waited never leaves.

The service here judges by a clock of its own what results and requests it is sent, and by code of
its own whether they keep the limits.
"""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.limits.clocks import LoopClock, run_in_virtual_time
from tests.sending.support import HERE, Arguments, Caller, Transport, operation, system, text

from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.errors import LimitError, RequestTimeoutError
from gridwright_runtime.interface import Credential, Hole, Operation, Part, Step, System
from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limit, Limits, RateLimit
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.store import MemoryLimitStore

HOUR = 3600.0


def kept(life: float) -> Step:
    """Return a step whose result is kept."""
    return Step(
        name="token",
        method="POST",
        address={"": "/token"},
        parts={"": (Part(wire="key", place="header", source=text(Hole("credential", "key"))),)},
        read={"": ("body token",)},
        lifetime_seconds=life,
    )


def once(life: float) -> Step:
    """Return a step whose result serves one request, got by that of the other."""
    return Step(
        name="ticket",
        method="POST",
        address={"": "/ticket"},
        parts={"": (Part(wire="X-Token", place="header", source=text(Hole("step", "token"))),)},
        read={"": ("body ticket",)},
        lifetime_seconds=life,
        once=True,
    )


def carrying(step: str) -> Operation[Any]:
    """Return an operation that carries the result of a step."""
    return operation("get", Part(wire=f"X-{step}", place="header", source=text(Hole("step", step))))


GET_WITH_TOKEN = carrying("token")
GET_WITH_TICKET = carrying("ticket")
ONLY = ("get",)


def limited(*limits: Limit, steps: tuple[Step, ...]) -> System:
    return system(
        servers={"": HERE},
        default_server="",
        credentials=(Credential(name="key", environment="SAMPLE_KEY"),),
        steps=steps,
        limits=Limits(limits),
    )


@dataclass
class Judge(httpx2.AsyncBaseTransport):
    """A service that says of each request when it came and whether its result was alive."""

    clock: Any
    token_life: float = HOUR
    ticket_life: float = HOUR
    login_seconds: float = 1.0
    ticket_seconds: tuple[float, ...] = (0.3,)
    """How long tickets take to come, in turns."""
    call_seconds: float = 0.1
    came: list[tuple[str, float]] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    born: dict[str, float] = field(default_factory=dict)
    under_way: int = 0
    most_under_way: int = 0

    @property
    def transport(self) -> "Judge":
        return self

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        path, now = request.url.path, self.clock.monotonic()
        self.came.append((path, now))
        if path == "/token":
            return await self._give("token", self.login_seconds)
        if path == "/ticket":
            self._judge(request.headers["X-Token"], self.token_life)
            slowness = self.ticket_seconds
            return await self._give("ticket", slowness[len(self.times("/ticket")) % len(slowness)])
        token, ticket = request.headers.get("X-token"), request.headers.get("X-ticket")
        if token is not None:
            self._judge(token, self.token_life)
        if ticket is not None:
            self._judge(ticket, self.ticket_life)
            del self.born[ticket]
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.call_seconds)
        self.under_way -= 1
        return httpx2.Response(200, json={"value": "good"})

    async def _give(self, kind: str, seconds: float) -> httpx2.Response:
        value = f"{kind}-{len(self.came)}"
        self.born[value] = self.clock.monotonic()
        await asyncio.sleep(seconds)
        return httpx2.Response(200, json={kind: value})

    def _judge(self, value: str, life: float) -> None:
        born = self.born.get(value)
        if born is None or self.clock.monotonic() - born > life:
            self.dead.append(value)

    def times(self, path: str) -> list[float]:
        return [at for found, at in self.came if found == path]


def caller(made: System, judge: Judge, **options: Any) -> Caller:
    known = {
        "login_store": MemoryLoginStore(),
        "limit_store": MemoryLimitStore(),
        "company": "invented",
    }
    return Caller("async", judge, made, known | options, judge.clock)


def play(one: Caller, asked: Operation[Any], starts: list[float]) -> list[Any]:
    """Make calls at these seconds, in virtual time."""

    async def call(client: Any, at: float) -> Any:
        await asyncio.sleep(at)
        return await client._record(asked, Arguments("1"))

    async def main() -> list[Any]:
        async with one.client() as client:
            return await asyncio.gather(
                *(call(client, at) for at in starts), return_exceptions=True
            )

    return run_in_virtual_time(main())


def all_good(found: list[Any]) -> bool:
    return all(getattr(getattr(one, "body", None), "value", "") == "good" for one in found)


def test_one_call_an_hour_works_with_a_token_of_half_an_hour() -> None:
    judge = Judge(LoopClock(), token_life=1800)
    limit = RateLimit(name="hourly", requests=1, per_seconds=HOUR, operations=ONLY)
    one = caller(limited(limit, steps=(kept(1800),)), judge)
    assert all_good(play(one, GET_WITH_TOKEN, [0.0, 0.0, 0.0]))
    assert judge.dead == []
    times = judge.times("/get")
    # no turn is lost: each is used as soon as there is a token for it
    assert [round(at / HOUR, 2) for at in times] == [0.0, 1.0, 2.0]
    assert min(b - a for a, b in pairwise(times)) >= HOUR


def test_a_ticket_of_seconds_works_with_calls_that_wait_long() -> None:
    judge = Judge(LoopClock(), ticket_life=30)
    limit = RateLimit(name="hourly", requests=1, per_seconds=HOUR, operations=ONLY)
    one = caller(limited(limit, steps=(kept(1800), once(30))), judge)
    judge.token_life = 1800
    assert all_good(play(one, GET_WITH_TICKET, [0.0, 0.0, 0.0]))
    assert judge.dead == []
    assert [round(at / HOUR, 2) for at in judge.times("/get")] == [0.0, 1.0, 2.0]


def test_a_ticket_that_takes_longer_to_come_than_a_turn_is_current_is_used_all_the_same() -> None:
    judge = Judge(LoopClock(), ticket_seconds=(3.0,))
    limit = RateLimit(name="slowly", requests=1, per_seconds=60, operations=ONLY)
    one = caller(limited(limit, steps=(kept(HOUR), once(30))), judge)
    assert all_good(play(one, GET_WITH_TICKET, [0.0] * 4))
    # one ticket for each call: what came late for its turn is used in the next
    assert len(judge.times("/ticket")) == 4


def test_a_limit_of_all_operations_is_of_logins_too() -> None:
    judge = Judge(LoopClock())
    limit = RateLimit(name="all", requests=1, per_seconds=5)
    one = caller(limited(limit, steps=(kept(HOUR), once(30))), judge)
    assert all_good(play(one, GET_WITH_TICKET, [0.0, 0.0]))
    times = [at for _, at in judge.came]
    assert len(times) == 5
    assert min(b - a for a, b in pairwise(times)) >= 5
    assert judge.dead == []


def test_one_place_for_all_requests_is_no_deadlock() -> None:
    judge = Judge(LoopClock())
    limit = ConcurrencyLimit(name="one", at_most=1)
    one = caller(limited(limit, steps=(kept(HOUR), once(30))), judge)
    assert all_good(play(one, GET_WITH_TICKET, [0.0] * 5))
    assert judge.most_under_way == 1


def test_a_login_that_can_never_be_young_enough_is_given_up() -> None:
    judge = Judge(LoopClock(), token_life=1800)
    limit = RateLimit(name="all", requests=1, per_seconds=HOUR)
    one = caller(limited(limit, steps=(kept(1800),)), judge)
    [error] = play(one, GET_WITH_TOKEN, [0.0])
    assert isinstance(error, RequestTimeoutError)
    assert error.phase == "login"
    assert judge.times("/get") == []


def test_a_result_that_aged_while_the_next_step_waited_is_not_sent_by_it() -> None:
    judge = Judge(LoopClock(), token_life=4)
    limit = RateLimit(name="all", requests=1, per_seconds=5)
    one = caller(limited(limit, steps=(kept(4), once(30))), judge)
    [error] = play(one, GET_WITH_TICKET, [0.0])
    assert isinstance(error, RequestTimeoutError)
    assert (judge.times("/ticket"), judge.dead) == ([], [])


def test_a_call_that_may_not_wait_says_so_and_loses_no_turn() -> None:
    judge = Judge(LoopClock(), token_life=1800)
    limit = RateLimit(name="hourly", requests=1, per_seconds=HOUR, operations=ONLY)
    one = caller(limited(limit, steps=(kept(1800),)), judge, wait_for_turn=False)
    first, second, third = play(one, GET_WITH_TOKEN, [0.0, 10.0, 2 * HOUR])
    assert isinstance(second, LimitError)
    assert all_good([first, third])


def test_a_cancelled_call_gives_its_turn_back_unspent() -> None:
    judge = Judge(LoopClock(), ticket_seconds=(50.0,))
    limit = RateLimit(name="hourly", requests=1, per_seconds=HOUR, operations=ONLY)
    one = caller(limited(limit, steps=(kept(HOUR), once(500))), judge)

    async def main() -> float:
        async with one.client() as client:
            call = asyncio.create_task(client._record(GET_WITH_TICKET, Arguments("1")))
            await asyncio.sleep(20)  # it has its turn, and waits for its ticket
            call.cancel()
            judge.ticket_seconds = (0.1,)
            await client._record(GET_WITH_TICKET, Arguments("1"))
            return float(judge.clock.monotonic())

    assert run_in_virtual_time(main()) < 60


seconds = st.floats(0.0, 400.0)


@settings(deadline=None, max_examples=60)
@given(
    starts=st.lists(seconds, min_size=1, max_size=8),
    per_seconds=st.sampled_from([1.0, 20.0, 100.0]),
    requests=st.integers(1, 2),
    at_most=st.integers(1, 3),
    token_life=st.sampled_from([15.0, 60.0, 1000.0]),
    ticket_life=st.sampled_from([3.0, 10.0]),
    ticket_seconds=st.lists(st.floats(0.0, 2.0), min_size=1, max_size=3),
    login_seconds=st.floats(0.0, 5.0),
    call_seconds=st.floats(0.0, 3.0),
    is_ticketed=st.booleans(),
)
@example([0.0] * 8, 100.0, 1, 1, 60.0, 3.0, [2.0], 5.0, 3.0, True)
@example([0.0] * 2, 1.0, 1, 1, 15.0, 3.0, [0.0, 0.25], 0.0, 0.0, True)
@example([0.0] * 8, 1.0, 1, 3, 60.0, 3.0, [0.0, 2.0, 0.0], 5.0, 0.0, True)
def test_nothing_dead_leaves_no_limit_is_broken_and_no_turn_is_lost(
    starts: list[float],
    per_seconds: float,
    requests: int,
    at_most: int,
    token_life: float,
    ticket_life: float,
    ticket_seconds: list[float],
    login_seconds: float,
    call_seconds: float,
    is_ticketed: bool,
) -> None:
    judge = Judge(
        LoopClock(),
        token_life=token_life,
        ticket_life=ticket_life,
        login_seconds=login_seconds,
        ticket_seconds=tuple(ticket_seconds),
        call_seconds=call_seconds,
    )
    limits = (
        RateLimit(name="rate", requests=requests, per_seconds=per_seconds, operations=ONLY),
        ConcurrencyLimit(name="places", at_most=at_most, operations=ONLY),
    )
    one = caller(limited(*limits, steps=(kept(token_life), once(ticket_life))), judge)
    asked = GET_WITH_TICKET if is_ticketed else GET_WITH_TOKEN
    assert all_good(play(one, asked, starts))
    times = judge.times("/get")
    assert len(times) == len(starts)
    assert judge.dead == []
    assert judge.most_under_way <= at_most
    for early, late in zip(times, times[requests:], strict=False):
        assert late - early >= per_seconds
    # A turn that was given back is taken up at once: all are through after their own number of
    # turns, but for what the steps and calls themselves take.
    overhead = (login_seconds + max(ticket_seconds) + call_seconds + 1.0) * 3 * len(starts)
    assert times[-1] <= max(starts) + (len(starts) / requests + 1) * (per_seconds + 0.1) + overhead


def test_a_turn_given_back_unspent_counts_for_nothing() -> None:
    clock = LoopClock()
    limits = Limits(
        (
            RateLimit(name="hourly", requests=1, per_seconds=HOUR),
            ConcurrencyLimit(name="one", at_most=1),
        )
    )
    gate = Limiter(
        limits, system="s", server="x", account="y", store=MemoryLimitStore(), clock=clock
    )

    async def main() -> None:
        turn = await gate.take_async("get")
        turn.unspent()
        turn.unspent()
        turn.done()
        assert clock.monotonic() == 0.0
        again = await gate.take_async("get", again=True)
        assert clock.monotonic() == 0.0
        again.done()
        again.unspent()  # it was used: no more to be had
        with pytest.raises(LimitError):
            await gate.take_async("get", wait=False)

    run_in_virtual_time(main())


def test_who_gives_a_turn_back_stands_in_front_of_those_who_wait() -> None:
    clock = LoopClock()
    limits = Limits((RateLimit(name="hourly", requests=1, per_seconds=HOUR),))
    gate = Limiter(
        limits, system="s", server="x", account="y", store=MemoryLimitStore(), clock=clock
    )
    order: list[str] = []

    async def call(name: str, again: bool) -> None:
        await gate.take_async("get", again=again)
        order.append(name)

    async def main() -> None:
        await gate.take_async("get")
        async with asyncio.TaskGroup() as group:
            group.create_task(call("first", False))
            await asyncio.sleep(1)
            group.create_task(call("second", False))
            await asyncio.sleep(1)
            group.create_task(call("had a turn", True))

    run_in_virtual_time(main())
    assert order == ["had a turn", "first", "second"]


def test_a_call_of_a_thread_gets_a_new_token_when_its_own_aged_while_it_waited() -> None:
    from tests.sending.support import FakeClock

    class Service:
        """Gives tokens that live half an hour."""

        def __init__(self, clock: FakeClock) -> None:
            self.clock = clock
            self.born: dict[str, float] = {}
            self.came: list[float] = []

        @property
        def transport(self) -> Transport:
            return Transport(self)

        def handle(self, request: httpx2.Request) -> httpx2.Response:
            now = self.clock.seconds
            if request.url.path == "/token":
                self.born[f"token-{len(self.born)}"] = now
                return httpx2.Response(200, json={"token": list(self.born)[-1]})
            self.came.append(now)
            is_alive = now - self.born[request.headers["X-token"]] < 1800
            return httpx2.Response(200 if is_alive else 500, json={"value": "good"})

    clock = FakeClock()
    service = Service(clock)
    limit = RateLimit(name="hourly", requests=1, per_seconds=HOUR, operations=ONLY)
    made = limited(limit, steps=(kept(1800),))
    options = {
        "credentials": {"key": "k"},
        "login_store": MemoryLoginStore(),
        "limit_store": MemoryLimitStore(),
    }
    one = Caller("sync", service, made, options, clock)
    assert all_good(one.calls(GET_WITH_TOKEN, GET_WITH_TOKEN, GET_WITH_TOKEN))
    assert [round(at / HOUR, 2) for at in service.came] == [0.0, 1.0, 2.0]
    assert len(service.born) == 3


def test_turns_given_back_unspent_count_for_nothing_in_files_either(tmp_path: Path) -> None:
    from gridwright_runtime.limits.files import FileLimitStore
    from gridwright_runtime.limits.kinds import SpacingLimit

    limits = Limits(
        (
            RateLimit(name="hourly", requests=2, per_seconds=HOUR),
            ConcurrencyLimit(name="one", at_most=1),
            SpacingLimit(name="before", wait_seconds=60, same="number", after="request"),
            SpacingLimit(name="behind", wait_seconds=60, same="number"),
        )
    )
    gates = [
        Limiter(limits, system="s", server="x", account="y", store=FileLimitStore(tmp_path / "l"))
        for _ in range(2)
    ]
    for number in range(6):
        gates[number % 2].take("get", "A", wait=False).unspent()
    gates[0].take("get", "A", wait=False).done()
    with pytest.raises(LimitError, match="before, behind"):
        gates[1].take("get", "A", wait=False)
    gates[1].take("get", "B", wait=False).done()
    with pytest.raises(LimitError, match="hourly"):
        gates[1].take("get", "C", wait=False)

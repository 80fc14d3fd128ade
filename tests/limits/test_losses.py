"""Nothing that a server has lost lets anybody take more, whatever limits each process knows."""

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sending.support import FakeClock
from tests.shared_server.servers import shared_url

from gridwright_runtime.clock import Clock
from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limit,
    Limits,
    QuotaLimit,
    RateLimit,
    SpacingLimit,
)
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.queue import AccountQueue
from gridwright_runtime.limits.quotas import used_up
from gridwright_runtime.limits.rules import RuleBook
from gridwright_runtime.limits.scheduling import cover, renumber, restore
from gridwright_runtime.limits.state import CallUnderWay, State
from gridwright_runtime.shared_server.server import server_at

from .support import ACCOUNT, VirtualValkeyStore, limiter_of

pytestmark = pytest.mark.xdist_group("processes")
LONG = 600.0
"""Seconds of each limit: longer than a schedule takes, so that nothing comes back by time."""
RATE = RateLimit(name="rate", requests=3, per_seconds=LONG)
OTHER_RATE = RateLimit(name="other_rate", requests=2, per_seconds=LONG)
ONE = ConcurrencyLimit(name="one", at_most=1)
TWO = ConcurrencyLimit(name="two", at_most=2)
PAUSE = SpacingLimit(name="pause", wait_seconds=LONG, same="number", after="request")
DAILY = QuotaLimit(name="daily", requests=4, each="day")
ALL: tuple[Limit, ...] = (RATE, OTHER_RATE, ONE, TWO, PAUSE, DAILY)
KEYS = ("A", "B", "C")


class Machines(VirtualValkeyStore):
    """A server, and processes that share it; one clock for all."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.clock = FakeClock()
        self.clock.seconds = 1000.0
        self.processes: list[Process] = []

    def queue(self, account: str, clock: Clock) -> AccountQueue:
        return AccountQueue(self._ledger(f"{account}:{self._folder}"))

    def process(self, *limits: Limit) -> "Process":
        found = Process(limits, limiter_of(*limits, clock=self.clock, store=self))
        self.processes.append(found)
        return found

    def lose(self, how: str) -> None:
        key = f"{{gridwright}}:limits:{ACCOUNT}:{self._folder}"
        server = server_at(shared_url())
        if how == "deleted":
            server.ask("DEL", key)
        else:
            server.ask("HSET", key, "run", "an earlier start")

    def wait(self, seconds: float = 20.0) -> None:
        """Let time pass, by default more than a lease, in which all show that they live."""
        for one in self.processes:
            one.live()
        self.clock.seconds += seconds

    def end(self) -> None:
        """Give all back: a turn that is collected somewhere asks the server there."""
        for one in self.processes:
            while one.held:
                one.give_back()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    found = Machines(tmp_path)
    yield found
    found.end()


@dataclass
class Process:
    """Takes turns and keeps them, and counts what it was granted."""

    limits: tuple[Limit, ...]
    limiter: Limiter
    held: list[Any] = field(default_factory=list)
    keys: Counter[str] = field(default_factory=Counter)

    def take(self, key: str) -> bool:
        try:
            self.held.append(self.limiter.take("look", key, wait=False))
        except LimitError:
            return False
        self.keys[key] += 1
        return True

    def give_back(self) -> None:
        if self.held:
            self.held.pop().done()

    def live(self) -> None:
        """Show that it lives, as a thread of each process does."""
        if self.limiter._queue is not None:
            self.limiter._queue.run(self.limiter._context, lambda state, rules, now: None)


def assert_kept(processes: list[Process]) -> None:
    for limit in ALL:
        bound = [one for one in processes if limit in one.limits]
        granted = sum((one.keys for one in bound), Counter[str]())
        if isinstance(limit, RateLimit | QuotaLimit):
            assert granted.total() <= limit.requests, limit.name
        elif isinstance(limit, ConcurrencyLimit):
            assert sum(len(one.held) for one in bound) <= limit.at_most, limit.name
        else:
            assert all(count <= 1 for count in granted.values()), limit.name


take = st.tuples(st.just("take"), st.integers(0, 2), st.sampled_from(KEYS))
give_back = st.tuples(st.just("give back"), st.integers(0, 2), st.just(""))
loss = st.tuples(st.just("lose"), st.just(0), st.sampled_from(["deleted", "restarted"]))
wait = st.tuples(st.just("wait"), st.just(0), st.just(""))
plans = st.builds(
    lambda before, lost, after: [*before, lost, *after],
    st.lists(take, min_size=3, max_size=8),
    loss,
    st.lists(st.one_of(take, take, take, wait, give_back, loss), min_size=3, max_size=12),
)
some_limits = st.lists(st.sampled_from(ALL), min_size=1, max_size=2, unique=True).map(tuple)


@given(
    known=st.lists(some_limits, min_size=3, max_size=3),
    plan=plans,
)
@settings(max_examples=150, deadline=None)
def test_no_loss_lets_anybody_take_more_than_the_limits_that_it_knows(
    known: list[tuple[Limit, ...]], plan: list[tuple[str, int, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        machines = Machines(Path(folder))
        processes = [machines.process(*limits) for limits in known]
        try:
            for what, who, said in plan:
                if what == "take":
                    processes[who].take(said)
                elif what == "give back":
                    processes[who].give_back()
                elif what == "lose":
                    machines.lose(said)
                else:
                    machines.wait()
                assert_kept(processes)
        finally:
            machines.end()


@pytest.mark.parametrize("how", ["deleted", "restarted"])
@pytest.mark.parametrize("further", [RATE, PAUSE, DAILY], ids=lambda limit: limit.name)
def test_a_process_with_further_limits_that_comes_second_is_as_careful(
    machines: Machines, how: str, further: Limit
) -> None:
    first, second = machines.process(OTHER_RATE), machines.process(further)
    assert second.take("A") and first.take("A")
    machines.lose(how)
    assert not first.take("A")
    assert not machines.process(further).take("A") and not second.take("A")
    # What was lost counts from then on, and not for ever.
    machines.wait(2 * 86400.0)
    assert machines.process(further).take("A")


def test_a_limit_that_is_first_known_long_after_a_loss_lets_calls_go(machines: Machines) -> None:
    first = machines.process(OTHER_RATE)
    assert first.take("A")
    machines.lose("deleted")
    assert not first.take("A")
    machines.wait(2 * 86400.0)
    later = machines.process(RATE, PAUSE, DAILY)
    assert [later.take(key) for key in (*KEYS, "D")] == [True] * 3 + [False]


def test_what_a_process_holds_stays_what_it_is_where_limits_are_numbered_anew(
    machines: Machines,
) -> None:
    other, holder = machines.process(TWO), machines.process(ONE)
    assert other.take("A") and holder.take("A")
    machines.lose("deleted")
    for one in (holder, other):  # it comes first now, so that its limit is the first
        one.live()
    machines.wait()
    new = machines.process(ONE, TWO)
    assert not new.take("B")
    holder.give_back()
    assert [new.take("B"), new.take("B")] == [True, False]
    assert_kept(machines.processes)


def test_a_lost_quota_is_used_up_for_the_stretch_of_the_loss_alone() -> None:
    state, book = State(names=["first"]), RuleBook(Limits((DAILY,)), 0.0, 0.0)
    rules = book.rules(state)
    restore(state, (), 1000.0)
    wall = datetime(2024, 10, 1, 23, 50, tzinfo=UTC)
    cover(state, rules, wall)
    cover(state, rules, wall + timedelta(days=1))  # once is enough
    quotas = book.needs(rules, "look").quotas
    found = used_up(state, quotas, wall)
    assert found is not None and found.resets_at == datetime(2024, 10, 2, tzinfo=UTC)
    assert used_up(state, quotas, wall + timedelta(minutes=10)) is None


@pytest.mark.parametrize("names", sorted(itertools.permutations("abc")))
def test_a_call_is_numbered_by_the_names_of_its_limits(names: tuple[str, ...]) -> None:
    state = State(names=list(names[:2]))
    found = renumber(CallUnderWay(1, 2, 0b101, (7 << 6 | 1,)), ["a", "b", "c"], state)
    held = {state.names[place] for place in range(3) if found.mask >> place & 1}
    assert held == {"a", "c"}
    (key,) = found.keys
    assert (key >> 6, state.names[key & 63]) == (7, "b")

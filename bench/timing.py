"""Time contestants in turns, in this process. Never compares results: `equal` does."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.rows import Estimate

__all__ = ["Turns", "in_order", "ratio", "take_turns"]


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds of each contestant, round by round."""

    seconds: Mapping[str, tuple[float, ...]]

    def best(self, name: str) -> float:
        """Return the fewest seconds that a contestant took."""
        return min(self.seconds[name])

    def ratio(self, over: str, under: str) -> Estimate:
        """Return how many times as long as ``under`` the contestant ``over`` took."""
        return ratio(self.seconds[over], self.seconds[under])

    def milliseconds(self) -> dict[str, float]:
        """Return the best turn of each contestant, for the details of a row."""
        return {f"{name}_ms": self.best(name) * 1000 for name in self.seconds}


def ratio(over: tuple[float, ...], under: tuple[float, ...]) -> Estimate:
    """Divide two series of rounds."""
    pairs = zip(over, under, strict=True)
    return Estimate(min(over) / min(under), median(one / other for one, other in pairs))


def in_order(names: tuple[str, ...], number: int) -> tuple[str, ...]:
    """Return who goes first in a round: every other one runs backwards, so that no one gains."""
    return names if number % 2 == 0 else names[::-1]


def take_turns(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> Turns:
    """Run the contestants in turns and time them.

    What a contestant returns is freed only after the clock has stopped. The collector stays on, as
    it does for users, but never looks at what was there before the first round.

    Args:
        contestants: what to call, by name.
        rounds: how often; one more round goes first and is not counted.
        clock: seconds; the default counts only the time that this process ran.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for run in contestants.values():
        run()
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            for name in in_order(tuple(contestants), number):
                run = contestants[name]
                gc.collect()
                started = clock()
                result = run()
                seconds[name].append(clock() - started)
                del result
    finally:
        gc.unfreeze()
    return Turns({name: tuple(taken) for name, taken in seconds.items()})

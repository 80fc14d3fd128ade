"""What a harvest says while it runs: one line that changes on a terminal, else a line now and then.

None of it names a subject.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .long_waits import CLEAR, long_waits_shown, minute, print_line

if TYPE_CHECKING:
    from ..harvest.run import Progress

__all__ = ["lines_now_and_then", "progress_shown"]

Tell = Callable[["Progress"], None]


@contextmanager
def progress_shown(zone: str, *, quiet: bool) -> Iterator[Tell | None]:
    """Show on standard error how far a harvest has come, and each long wait.

    Args:
        zone: in which times are shown; on a terminal, others than the ends of long waits are those
            of the machine.
        quiet: show nothing.
    """
    if quiet:
        yield None
        return
    is_terminal = sys.stderr.isatty()
    service_zone = ZoneInfo(zone)
    with long_waits_shown(lambda: service_zone):
        try:
            yield _print_over if is_terminal else lines_now_and_then(zone, print_line)
        finally:
            if is_terminal:
                print(CLEAR, end="", file=sys.stderr, flush=True)


def lines_now_and_then(
    zone: str,
    show: Callable[[str], None],
    *,
    seconds: Callable[[], float] = monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Tell:
    """Return what shows a line a minute, after ten minutes one every ten, for a log.

    Args:
        zone: in which times are shown.
        show: takes a line.
        seconds: a clock that never runs backwards.
        now: the time, aware.
    """
    began = seconds()
    shown_at = {False: began, True: began - _SHORT_SECONDS}
    """By whether the service cannot be reached: the first such line waits for nothing."""

    def tell(told: "Progress") -> None:
        is_away, at = told.waits_until is not None, seconds()
        distance = _SHORT_SECONDS if at - began < _LONG_SECONDS else _LONG_SECONDS
        if at - shown_at[is_away] < distance:
            return
        shown_at[is_away] = at
        show(_describe(told, now, ZoneInfo(zone)))

    return tell


def _describe(told: "Progress", now: Callable[[], datetime], zone: ZoneInfo | None) -> str:
    """Say how far it has come; times are in the zone, or in that of the machine."""
    rest = ""
    if told.left and told.seconds_left is not None:
        ends = minute(now() + timedelta(seconds=told.seconds_left), zone)
        rest = f", through at about {ends}"
    if told.waits_until is not None:
        again = told.waits_until.astimezone(zone)
        rest = f"; the service cannot be reached, next attempt at {again:%H:%M:%S}"
    return f"{told.done} read, {told.left} left{rest}"


def _print_over(told: "Progress") -> None:
    line = _describe(told, lambda: datetime.now(UTC), None)
    print(f"{CLEAR}{line}", end="", file=sys.stderr, flush=True)


_SHORT_SECONDS = 60.0
_LONG_SECONDS = 600.0

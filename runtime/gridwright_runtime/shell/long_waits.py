"""A line on standard error where a long wait for a turn begins."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..limits.turn_request import Delay

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["CLEAR", "long_waits_shown", "minute", "print_line"]

FindZone = Callable[[], "ZoneInfo | None"]
CLEAR = "\r\x1b[K"
"""What takes back the line that a terminal shows."""

_LOGGER = logging.getLogger("gridwright")


@contextmanager
def long_waits_shown(find_zone: FindZone) -> Iterator[None]:
    """Print a line where a wait of a minute or longer begins: why, how long, and until when.

    Args:
        find_zone: returns the zone of the times; None: that of the machine. Asked at the first
            such wait.
    """
    shown = _ShowWaits(find_zone)
    level = _LOGGER.level
    _LOGGER.addHandler(shown)
    _LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        _LOGGER.removeHandler(shown)
        _LOGGER.setLevel(level)


class _ShowWaits(logging.Handler):
    def __init__(self, find_zone: FindZone) -> None:
        super().__init__(logging.INFO)
        self._find_zone = find_zone

    def emit(self, record: logging.LogRecord) -> None:
        delay = getattr(record, "delay", None)
        if isinstance(delay, Delay):
            lasts = timedelta(seconds=round(delay.seconds))
            until = minute(delay.until, self._find_zone())
            before = CLEAR if sys.stderr.isatty() else ""
            print_line(f"{before}waits {lasts}, until {until}: {delay.said}")


def minute(moment: datetime, zone: "ZoneInfo | None") -> str:
    """Write a time to the minute, in a zone that is named, or in that of the machine."""
    name = "" if zone is None else f" ({zone})"
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}{name}"


def print_line(line: str) -> None:
    """Print on standard error, in one piece beside the lines of other threads."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()

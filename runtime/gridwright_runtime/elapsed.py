"""Measure the time that elapses between two aware moments, whatever the clocks on the wall did
meanwhile.
"""

from datetime import datetime, timedelta

__all__ = ["elapsed"]


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Return the time that passed from one moment to another; negative if they stand the other way.

    ``end - start`` is something else where both carry the same time zone: Python then subtracts
    what the clocks on the wall show, so that a day of 23 hours has 24.

    Raises:
        ValueError: one of them has no time zone.
    """
    offsets = start.utcoffset(), end.utcoffset()
    if offsets[0] is None or offsets[1] is None:
        raise ValueError("both moments need a time zone")
    # Not by way of UTC, which the first and the last hours of the calendar cannot reach.
    shown = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return shown - (offsets[1] - offsets[0])

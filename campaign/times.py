"""Days of all zones: each in every form, against a walk over its minutes."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from campaign.day_forms import FORMS, Wrong, look_at
from campaign.rows import Row

__all__ = ["campaign", "days_of_change", "try_day"]

_PROMISE = (
    "each reading has the start, the end and the value that a walk over the minutes of the day "
    "shows, all of them are as long as the day, and what cannot be told is refused"
)
_FIRST, _LAST = date(1970, 1, 1), date(2037, 12, 31)
_STEPS = [timedelta(minutes=minutes) for minutes in (15, 30, 60, 60, 180, 1440)]


def campaign(
    others: int, seed: int, processes: int, *, changes: int | None = None, zones: int = 0
) -> list[Row]:
    """Try days on which clocks change, and others.

    Args:
        others: how many others.
        seed: everything follows from it.
        processes: how many work at it.
        changes: how many on which clocks change; None: all.
        zones: of how many zones; 0: of all.
    """
    chance = Random(seed)  # noqa: S311  # chooses trials
    # Abbreviations name no zone where a reply names one.
    names = sorted(available_timezones() - {"CET", "EET", "EST", "HST", "MET", "MST", "WET"})
    if zones:
        names = chance.sample(names, zones)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        found = pool.map(days_of_change, names, chunksize=8)
        days = [(zone, day) for zone, some in zip(names, found, strict=True) for day in some]
        chance.shuffle(days)
        days = days[:changes]
        span = (_LAST - _FIRST).days
        for _ in range(others):
            days.append((chance.choice(names), _FIRST + timedelta(days=chance.randrange(span))))
        parts = [(days[start::_PARTS], seed) for start in range(_PARTS)]
        done = pool.starmap(_rows, parts, chunksize=1)
    rows = done[0]
    for part in done[1:]:
        for row, other in zip(rows, part, strict=True):
            row.add(other)
    for row in rows:
        if not row.seen["readings"]:
            row.broke("no reading was compared")
    return rows


def days_of_change(zone: str) -> list[date]:
    """Return the days since 1970 on which the clocks of a zone change, and those beside them.

    A change at midnight belongs to either day.
    """
    local = ZoneInfo(zone)
    moment = datetime(_FIRST.year, 1, 1, tzinfo=UTC)
    offset, found = moment.astimezone(local).utcoffset(), set()
    while moment.year <= _LAST.year:
        moment += timedelta(hours=12)
        then = moment.astimezone(local).utcoffset()
        if then != offset:
            found |= {(moment - timedelta(hours=h)).astimezone(local).date() for h in (12, 0)}
        offset = then
    return sorted(found)


def _rows(days: Sequence[tuple[str, date]], seed: int) -> list[Row]:
    rows = {name: Row("times", name, _PROMISE) for name in FORMS}
    for zone, day in days:
        for name, seconds, compared, broken in try_day(zone, day, seed):
            row = rows[name]
            row.tried += 1
            row.seconds += seconds
            row.seen["readings"] += compared
            if broken:
                row.broke(broken)
    return list(rows.values())


def try_day(zone: str, day: date, seed: int) -> Iterator[tuple[str, float, int, str]]:
    """Read a day in each form, in two steps.

    Yields:
        The form, how long it took, how many readings were compared, and what is wrong.
    """
    chance = Random(f"{seed}/{zone}/{day}")  # noqa: S311  # chooses trials
    steps = sorted({chance.choice(_STEPS), chance.choice(_STEPS)})
    for seen in look_at(zone, day, steps, chance):
        where = f"seed {seed}: {zone} {day} in steps of {seen.step}"
        for name, form in FORMS.items():
            started, compared, broken = time.monotonic(), 0, ""
            try:
                compared = form(seen)
            except Wrong as wrong:
                broken = f"{where}: {wrong}"
            except Exception as error:
                broken = f"{where}: raises {error!r:.300}"
            yield name, time.monotonic() - started, compared, broken


# Many, so that no process waits long for the last one.
_PARTS = 64

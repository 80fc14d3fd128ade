"""Invent what meters measure, by the quarter hour.

Energies are whole numbers of ticks, a ten-thousandth of a kWh each, so that sums are exact and
the same on every machine. A day has quarter hours 1 to 96, named by their end: 96 is 24:00.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from ...inventing.draw import draw, draw_many
from .people import FIRST_CONSENT, Meter, Shape

__all__ = ["QUARTERS", "Bands", "Registers", "band_of", "ticks_of_day", "to_kwh", "values_of_day"]

QUARTERS = 96


class Bands(NamedTuple):
    """Energy in ticks by the band of a time-of-use tariff."""

    off_peak: int
    mid_peak: int
    on_peak: int


@lru_cache(maxsize=4096)
def ticks_of_day(seed: int, meter: Meter, day: date) -> tuple[int, ...]:
    """Return the energy of the 96 quarter hours of a day, whether the meter reports them or not."""
    noise = draw_many(QUARTERS, 920, 1080, seed, meter.number, day, "noise")
    level = meter.peak_ticks * _SEASON[day.month - 1] * draw(950, 1050, seed, meter.number, day)
    hours = _HOURS[meter.shape, day.weekday() >= 5]
    step = meter.step_ticks
    ticks = []
    for quarter in range(QUARTERS):
        hour, part = divmod(quarter, 4)
        weight = (hours[hour] * (4 - part) + hours[(hour + 1) % 24] * part) // 4
        ticks.append(level * weight * noise[quarter] // _SCALE // step * step)
    return tuple(ticks)


@lru_cache(maxsize=1024)
def values_of_day(
    seed: int, meter: Meter, day: date, come: int, age_days: int
) -> tuple[Decimal | None, ...]:
    """Return the 96 values of a day in kWh as they are known so many days after it.

    Args:
        seed: whose world it is.
        meter: the meter.
        day: the day.
        come: how many quarter hours are over.
        age_days: how old the day is; gaps are filled in as it grows older.

    Returns:
        None for what is missing: gaps, what is still to come, and between the full hours of an
        hourly meter, whose value on the hour is the energy of the whole hour.
    """
    gaps = _gaps_of_day(seed, meter, day)
    ticks = ticks_of_day(seed, meter, day)
    values: list[Decimal | None] = []
    for quarter in range(1, QUARTERS + 1):
        filled = gaps.get(quarter, 0)
        if quarter > come or filled is None or filled > age_days:
            values.append(None)
        elif meter.is_hourly:
            values.append(to_kwh(sum(ticks[quarter - 4 : quarter])) if quarter % 4 == 0 else None)
        else:
            values.append(to_kwh(ticks[quarter - 1]))
    return tuple(values)


def to_kwh(ticks: int) -> Decimal:
    """Return ticks in kWh."""
    return Decimal(ticks).scaleb(-4)


def band_of(day: date, quarter: int) -> int:
    """Return which of the `Bands` a quarter hour belongs to; close to the usual, not the tariff.

    Off peak from 22 to 8 and on Sundays; on peak 11 to 12 and 13 to 18, at mid peak on Saturdays.
    """
    hour = (quarter - 1) // 4
    if day.weekday() == 6 or hour < 8 or hour >= 22:
        return 0
    if (hour == 11 or 13 <= hour < 18) and day.weekday() != 5:
        return 2
    return 1


class Registers:
    """What the registers of the meters show: all energy since they were set up."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._days: dict[str, list[Bands]] = {}
        self._lock = Lock()

    def at_midnight(self, meter: Meter, day: date) -> Bands:
        """Return the registers at 00:00 of a day, not before the first day of consent.

        The first call for a meter adds up all days up to this one; the next ones remember them.
        """
        wanted = max(0, (day - FIRST_CONSENT).days)
        with self._lock:
            days = self._days.setdefault(meter.number, [self._start(meter)])
            while len(days) <= wanted:
                last = FIRST_CONSENT + timedelta(len(days) - 1)
                days.append(self._after(meter, last, days[-1]))
            return days[wanted]

    def _start(self, meter: Meter) -> Bands:
        start = meter.peak_ticks * draw(5_000, 50_000, self._seed, meter.number, "register")
        if not meter.is_high_voltage:
            return Bands(0, start, 0)
        return Bands(start * 2 // 5, start // 5 * 2, start // 5)

    def _after(self, meter: Meter, day: date, before: Bands) -> Bands:
        ticks = ticks_of_day.__wrapped__(self._seed, meter, day)
        if not meter.is_high_voltage:
            # A simple tariff knows no bands; its bills show everything at mid peak.
            return before._replace(mid_peak=before.mid_peak + sum(ticks))
        sums = list(before)
        for quarter, energy in enumerate(ticks, 1):
            sums[band_of(day, quarter)] += energy
        return Bands(*sums)


def _gaps_of_day(seed: int, meter: Meter, day: date) -> dict[int, int | None]:
    """Return the quarter hours that are missing on a day.

    Returns:
        The number of the quarter hour, and how many days after the day it is filled in; None:
        never. Every day of a meter with gaps has some of both kinds.
    """
    if not meter.has_gaps:
        return {}
    name = (seed, meter.number, day, "gap")
    gaps: dict[int, int | None] = {}
    late_from = draw(1, QUARTERS - 8, *name, "late")
    for quarter in range(late_from, late_from + draw(1, 8, *name, "late length")):
        gaps[quarter] = draw(1, 5, *name, "days")
    lost_from = draw(1, QUARTERS - 4, *name, "lost")
    for quarter in range(lost_from, lost_from + draw(1, 4, *name, "lost length")):
        gaps[quarter] = None
    return gaps


# Tenths of a per cent: level is peak x season x day, weight is a shape, noise is around 1000.
_SCALE = 1000**4
_SEASON = (1080, 1060, 960, 880, 860, 960, 1120, 1150, 980, 870, 920, 1050)
_HOURS: dict[tuple[Shape, bool], tuple[int, ...]] = {
    # Load at each full hour from 0 to 23 in per mille of the peak; False: weekday, True: weekend.
    ("factory", False): (
        320, 310, 305, 300, 310, 340, 450, 640, 860, 940, 970, 960,
        720, 930, 970, 980, 960, 900, 740, 620, 560, 480, 400, 350,
    ),
    ("factory", True): (
        280, 275, 270, 265, 270, 280, 290, 300, 310, 320, 320, 315,
        300, 310, 315, 315, 310, 305, 300, 295, 290, 285, 280, 280,
    ),
    ("office", False): (
        180, 170, 165, 165, 170, 200, 320, 560, 850, 940, 960, 950,
        880, 940, 960, 950, 920, 860, 640, 450, 340, 270, 220, 195,
    ),
    ("office", True): (
        160, 155, 150, 150, 150, 160, 180, 200, 220, 235, 240, 240,
        235, 235, 235, 230, 225, 215, 205, 195, 185, 175, 170, 165,
    ),
    ("shop", False): (
        210, 200, 195, 190, 190, 195, 220, 300, 460, 680, 820, 900,
        930, 910, 890, 880, 890, 930, 970, 980, 940, 780, 480, 280,
    ),
    ("shop", True): (
        215, 205, 195, 190, 190, 195, 210, 260, 360, 520, 680, 790,
        840, 840, 830, 820, 820, 830, 840, 830, 780, 640, 420, 270,
    ),
    ("home", False): (
        260, 220, 200, 190, 195, 240, 420, 620, 560, 400, 340, 340,
        380, 360, 340, 350, 400, 520, 740, 920, 970, 900, 680, 420,
    ),
    ("home", True): (
        270, 230, 205, 195, 195, 205, 250, 340, 440, 500, 510, 500,
        510, 490, 460, 450, 470, 540, 690, 820, 850, 780, 600, 400,
    ),
}  # fmt: skip

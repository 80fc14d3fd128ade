"""Read one day of one invented customer from the mock of KEPCO Open P-Meter, and print it.

Starts the mock on a free port of this machine, so it needs neither a key nor a network::

    python examples/demo.py
    python examples/demo.py --customer 0100000002 --date 2024-10-02 --intervals
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TextIO

from gridwright_apis.kepco_opm import Client, models
from gridwright_apis.kepco_opm.mock import application
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.mock.serve import running

DEMO_KEY = "demo-service-key"  # invented; the mock's own default


class Reading(Protocol):
    """One interval reading, as the records of the client give them."""

    @property
    def interval_start(self) -> datetime:
        """Aware, inclusive."""

    @property
    def interval_end(self) -> datetime:
        """Aware, exclusive."""

    @property
    def energy_kwh(self) -> Decimal | None:
        """None where the meter sent nothing."""


def main(arguments: Sequence[str] | None = None, output: TextIO | None = None) -> int:
    """Run the demo.

    Returns:
        0; 1 where the mock refuses, e.g. a customer that it does not know.
    """
    wanted = _parse(arguments)
    out = output or sys.stdout
    with (
        running(application(seed=wanted.seed)) as address,
        Client(service_key=DEMO_KEY, base_url=address) as client,
    ):
        try:
            reply = client.get_day_load_profile(customer_number=wanted.customer, date=wanted.date)
        except GridwrightError as error:
            print(error, file=sys.stderr)
            return 1
    for record in reply.records:
        for line in _report(record, wanted.intervals, _Marks.fit_for(out)):
            print(line, file=out)
    return 0


class _Marks:
    """What bars are drawn with."""

    def __init__(self, *, steps: str, dash: str, gap: str) -> None:
        self.steps = steps
        self.full = steps[-1]
        self.dash = dash
        self.gap = gap

    @classmethod
    def fit_for(cls, output: TextIO) -> "_Marks":
        """Return blocks where the output can show them, and ASCII elsewhere."""
        blocks = cls(steps="▁▂▃▄▅▆▇█", dash="–", gap="×")
        try:
            (blocks.steps + blocks.dash + blocks.gap).encode(output.encoding or "utf-8")
        except UnicodeEncodeError:
            return cls(steps="_.-=+*%#", dash="-", gap="x")
        return blocks


def _report(record: models.DayLoadProfile, every_interval: bool, marks: _Marks) -> Iterator[str]:
    readings: Sequence[Reading] = record.readings()
    # An example prints the numbers of its invented customers; your own program should not.
    yield f"customer {record.customer_number}, meter {record.meter_number}, {record.reading_date}"
    yield ""
    yield from _interval_rows(readings, marks) if every_interval else _hour_rows(readings, marks)
    values = [reading.energy_kwh for reading in readings if reading.energy_kwh is not None]
    yield ""
    yield f"total {_number(sum(values, Decimal(0)))} kWh"
    yield f"{len(readings) - len(values)} of {len(readings)} intervals missing"
    yield ""


def _interval_rows(readings: Sequence[Reading], marks: _Marks) -> Iterator[str]:
    highest = _highest([reading.energy_kwh for reading in readings])
    yield f"{'interval':<15}{'kWh':>12}"
    for reading in readings:
        value = reading.energy_kwh
        shown = "missing" if value is None else _number(value)
        bar = "" if value is None else _bar(value, highest, marks)
        yield f"{_span(reading, reading, marks):<15}{shown:>12}  {bar}".rstrip()


def _hour_rows(readings: Sequence[Reading], marks: _Marks) -> Iterator[str]:
    """Yield a row an hour: its sum, its four quarter hours, and a bar.

    A quarter hour that is missing is crossed out among the four, and a sum of less than four
    quarter hours says how many are missing.
    """
    hours = [readings[start : start + 4] for start in range(0, len(readings), 4)]
    highest = _highest([reading.energy_kwh for reading in readings])
    sums = [_sum(hour) for hour in hours]
    top = _highest(sums)
    yield f"{'interval':<15}{'kWh':>12}  quarters"
    for hour, total in zip(hours, sums, strict=True):
        shown = "missing" if total is None else _number(total)
        quarters = "".join(_step(reading.energy_kwh, highest, marks) for reading in hour)
        gaps = sum(reading.energy_kwh is None for reading in hour)
        bar = "" if total is None else _bar(total, top, marks)
        note = f" ({gaps} of 4 missing)" if 0 < gaps < 4 else ""
        span = _span(hour[0], hour[-1], marks)
        yield f"{span:<15}{shown:>12}  {quarters:<10}{bar}{note}".rstrip()


def _span(first: Reading, last: Reading, marks: _Marks) -> str:
    start, end = first.interval_start, last.interval_end
    # The last interval ends at 00:00 of the next day, which reads better as 24:00.
    midnight = end.date() > start.date()
    return f"{start:%H:%M} {marks.dash} {'24:00' if midnight else f'{end:%H:%M}'}"


def _sum(readings: Sequence[Reading]) -> Decimal | None:
    values = [reading.energy_kwh for reading in readings if reading.energy_kwh is not None]
    return sum(values, Decimal(0)) if values else None


def _highest(values: Sequence[Decimal | None]) -> Decimal:
    return max((value for value in values if value is not None), default=Decimal(0))


def _step(value: Decimal | None, highest: Decimal, marks: _Marks) -> str:
    if value is None:
        return marks.gap
    if highest <= 0:
        return marks.steps[0]
    return marks.steps[min(7, int(value / highest * 8))]


def _bar(value: Decimal, highest: Decimal, marks: _Marks) -> str:
    return marks.full * (int(value / highest * 30) if highest > 0 else 0)


def _number(value: Decimal) -> str:
    return f"{value:,.4f}"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--customer", default="0100000004", help="customer number; 0100000001 to 0100000008"
    )
    parser.add_argument(
        "--date", type=date.fromisoformat, default=date(2024, 10, 1), help="a past day, YYYY-MM-DD"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, another world")
    parser.add_argument("--intervals", action="store_true", help="print all 96 quarter hours")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())

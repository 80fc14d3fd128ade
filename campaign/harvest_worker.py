"""One process of a harvest: folder, address, seconds of its clock, day, ledger, whether it goes on.

Prints its resident memory now and then, and its exit status says how the run ended.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from campaign.harvest_world import SYSTEM, UNTIL
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.harvest.databases.places import has_ledger
from gridwright_runtime.harvest.hints import first_days, key_columns
from gridwright_runtime.harvest.ledger import COMPLETE, Ledger
from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.run import Progress, harvest

__all__ = ["PACKAGE", "main"]

PACKAGE = "gridwright_bulk"
_EACH = 100


class OtherClock(SystemClock):
    """The clock of a machine that differs from this one's."""

    def __init__(self, seconds: float) -> None:
        self._off = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the time that the other machine shows."""
        return super().now() + self._off


def main() -> int:
    """Harvest until nothing is due."""
    folder, address, seconds, day, ledger, goes_on = sys.argv[1:]
    package = import_module(f"{PACKAGE}.{SYSTEM}")
    operation = import_module(f"{PACKAGE}.{SYSTEM}.operations").GET_HOURS
    told = operation.harvest
    off = (datetime.fromisoformat(day) - datetime.now(UTC)).total_seconds() + float(seconds)
    clock = OtherClock(off)
    plan = Plan(
        system=SYSTEM,
        operation=operation.name,
        subject=told.each,
        window=Window(first=told.first, last=told.last, step=told.step, end=told.end),
        key=key_columns(operation.reply.model, told.each, told.key),
        since=datetime.fromisoformat("2024-09-15").date(),
        zone=told.zone,
        published_seconds=told.published_seconds,
        corrected_seconds=told.corrected_seconds,
    )
    with package.Client(base_url=address, clock=clock) as client:
        meters = client.list_meters().records
        kinds: Mapping[str, Any] = {
            name: one.annotation for name, one in signature(client.get_hours).parameters.items()
        }
        if goes_on and _is_over(Path(folder)):
            return 0
        outcome = harvest(
            Path(folder), plan, client.get_hours, kinds, [one.meter for one in meters],
            until=UNTIL, since=first_days(meters, "meter", "since", told.zone), ledger=ledger,
            tell=_tell, now=clock.now,
        )  # fmt: skip
    if outcome.stopped:
        sys.stdout.write(f"stopped {outcome.stopped}\n")
    return outcome.exit_status


def _is_over(lake: Path) -> bool:
    """Say whether the others have ended the run: whoever comes then begins another."""
    if not has_ledger(lake):
        return False
    with Ledger(lake) as ledger:
        return ledger.fact("run") == "closed" and set(ledger.counts()) <= set(COMPLETE)


def _tell(told: Progress) -> None:
    if told.done % _EACH == 0:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        sys.stdout.write(f"memory {told.done} {pages * 4096}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

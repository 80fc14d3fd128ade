"""A harvest of the KEPCO mock in this process, for tests and for processes that they kill."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2

from gridwright_apis import kepco_opm
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.run import Outcome, harvest
from gridwright_runtime.mock.transport import MockTransport

SINCE, UNTIL = date(2024, 3, 10), date(2024, 3, 20)
NOW = datetime(2024, 4, 20, tzinfo=UTC)
CUSTOMERS = tuple(f"010000000{number}" for number in (1, 2, 3, 4, 5, 7, 8))
KINDS = {"customer_number": str, "date": date}
KEY = ("customer_number", "meter_number", "interval_start", "quantity")


def plan(**changes: Any) -> Plan:
    told: dict[str, Any] = {
        "system": "kepco_opm",
        "operation": "get_day_load_profile",
        "subject": "customer_number",
        "window": Window(first="date"),
        "key": KEY,
        "since": SINCE,
        "zone": "Asia/Seoul",
    }
    return Plan(**{**told, **changes})


class Noting(MockTransport):
    """Appends a line to a file for each call, and takes a moment for it."""

    def __init__(self, app: Any, log: Path, seconds: float) -> None:
        super().__init__(app)
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._seconds = seconds

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        query = request.url.params
        os.write(self._log, f"{query.get('custNo')} {query.get('date')}\n".encode())
        time.sleep(self._seconds)
        return super().handle_request(request)


def harvested(
    folder: Path,
    *,
    transport: httpx2.BaseTransport | None = None,
    now: Callable[[], datetime] = lambda: NOW,
    customers: tuple[str, ...] = CUSTOMERS,
    until: date = UNTIL,
    workers: int = 1,
    about: Mapping[str, Any] | None = None,
    kinds: Mapping[str, Any] = KINDS,
    **changes: Any,
) -> Outcome:
    with kepco_opm.Client(
        service_key="demo-service-key", transport=transport or MockTransport(mock.application())
    ) as client:
        return harvest(
            folder,
            plan(**changes),
            client.get_day_load_profile,
            kinds,
            customers,
            until=until,
            workers=workers,
            about=about,
            now=now,
        )


if __name__ == "__main__":
    where, log, pause = sys.argv[1:]
    noting = Noting(mock.application(), Path(log), float(pause))
    raise SystemExit(harvested(Path(where), transport=noting).exit_status)

"""A process that saves, finds, cancels and finds: ``worker URL FOLDER sync|async json|xml``."""

import asyncio
import json
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from gridwright_apis.epias_ecms import AsyncClient, Client, models
from gridwright_runtime.interface import Format


def main() -> None:
    url, folder, kind, format = sys.argv[1:]
    options: dict[str, Any] = {
        "username": "demo-username",
        "password": "demo-password",
        "base_url": f"{url}/ecms-index-metering-data/rest",
        "ticket_url": url,
        "ticket_folder": folder,
        "format": cast(Format, format),
    }
    print("ready", flush=True)
    sys.stdin.readline()
    found = run(options) if kind == "sync" else asyncio.run(run_async(options))
    print(json.dumps(found))


def record() -> models.IndexRequest:
    zone = ZoneInfo("Europe/Istanbul")
    return models.IndexRequest(
        period=datetime(2024, 5, 1, tzinfo=zone),
        # each process saves for a point of its own
        metering_point_id=100_000 + sum(map(ord, sys.argv[4])),
        metering_point_eic="40ZINVENTED00001",
        period_description="invented",
        meter_brand="MOCK-A",
        meter_serial_number="INVENTED1",
        meter_type="ELECTRONIC",
        power_type="ACTIVE",
        factor=Decimal(1),
        first_measured_at=datetime(2024, 5, 1, tzinfo=zone),
        first_measure_type="PERIODIC",
        first_load_type="MANUALLY",
        last_measured_at=datetime(2024, 6, 1, tzinfo=zone),
        last_measure_type="PERIODIC",
        last_load_type="MANUALLY",
    )


def run(options: dict[str, Any]) -> list[str | None]:
    with Client(**options) as client:
        (saved,) = rows(client.save_indexes(indexes=[record()]).body)
        ids = [cast(int, saved.index_id)]
        (before,) = rows(client.find_indexes(index_ids=ids).body)
        client.cancel_indexes(index_ids=ids)
        (after,) = rows(client.find_indexes(index_ids=ids).body)
    return [before.status, after.status]


async def run_async(options: dict[str, Any]) -> list[str | None]:
    async with AsyncClient(**options) as client:
        (saved,) = rows((await client.save_indexes(indexes=[record()])).body)
        ids = [cast(int, saved.index_id)]
        (before,) = rows((await client.find_indexes(index_ids=ids)).body)
        await client.cancel_indexes(index_ids=ids)
        (after,) = rows((await client.find_indexes(index_ids=ids)).body)
    return [before.status, after.status]


def rows(body: Any) -> Any:
    return body.indexes


if __name__ == "__main__":
    main()

"""A process that makes calls with tickets: ``worker URL PLACE sync|async CALLS``.

The place is a folder, or the address of a server that machines share.
"""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.sending.support import Arguments, fakes, value_of

# Clients import builder and reader when they call: the stand-ins have to be there before them.
sys.modules.update(fakes())

from tests.access.support import GET_TICKETED, PASSWORD, USER, with_tickets  # noqa: E402

from gridwright_runtime.client import BaseAsyncClient, BaseClient  # noqa: E402
from gridwright_runtime.errors import GridwrightError  # noqa: E402


def main() -> None:
    url, folder, kind, calls = sys.argv[1:]
    options: dict[str, Any] = {
        "credentials": {"username": USER, "password": PASSWORD},
        "base_url": url,
        "login_url": url,
        **({"shared_store": folder} if "://" in folder else {"login_folder": folder}),
        "timeout_seconds": 15.0,
    }
    print("ready", flush=True)
    sys.stdin.readline()
    if kind == "sync":
        found = in_threads(options, int(calls))
    else:
        found = asyncio.run(in_tasks(options, int(calls)))
    print(json.dumps(found))


def in_threads(options: dict[str, Any], calls: int) -> list[str]:
    with BaseClient(with_tickets(), **options) as client, ThreadPoolExecutor(calls) as pool:

        def call(_: int) -> str:
            try:
                return value_of(client._record(GET_TICKETED, Arguments("1")))
            except GridwrightError as error:
                return repr(error)

        return list(pool.map(call, range(calls)))


async def in_tasks(options: dict[str, Any], calls: int) -> list[str]:
    async with BaseAsyncClient(with_tickets(), **options) as client:

        async def call() -> str:
            try:
                return value_of(await client._record(GET_TICKETED, Arguments("1")))
            except GridwrightError as error:
                return repr(error)

        return list(await asyncio.gather(*(call() for _ in range(calls))))


if __name__ == "__main__":
    main()

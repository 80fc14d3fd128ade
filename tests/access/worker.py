"""A process that makes calls: ``worker URL PLACE sync|async CALLS tickets|tokens``.

The place is a folder, or the address of a server that machines share. Calls carry tickets, or
tokens that are renewed.
"""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.sending.support import Arguments, fakes, value_of

# Clients import builder and reader when they call: the stand-ins have to be there before them.
sys.modules.update(fakes())

from tests.access.support import GET_TICKETED, PASSWORD, USER, with_tickets  # noqa: E402  # after the fakes
from tests.access.test_renewals import CODE, GET, SECRET, with_renewal  # noqa: E402  # after the fakes

from gridwright_runtime.access import valkey  # noqa: E402  # after the fakes
from gridwright_runtime.client import BaseAsyncClient, BaseClient  # noqa: E402  # after the fakes
from gridwright_runtime.errors import GridwrightError  # noqa: E402  # after the fakes
from gridwright_runtime.interface import Operation, System  # noqa: E402  # after the fakes

TICKETS = (with_tickets(), GET_TICKETED, {"username": USER, "password": PASSWORD})
TOKENS = (with_renewal(), GET, {"code": CODE, "client_secret": SECRET})


def main() -> None:
    url, folder, kind, calls, login = sys.argv[1:]
    made, asked, credentials = TICKETS if login == "tickets" else TOKENS
    valkey._LEASE_MILLISECONDS = 3000  # what a killed process holds is waited for
    valkey._RENEW_SECONDS = 0.3
    options: dict[str, Any] = {
        "credentials": credentials,
        "base_url": url,
        "login_url": url,
        **({"shared_store": folder} if "://" in folder else {"login_folder": folder}),
        "timeout_seconds": 15.0,
    }
    print("ready", flush=True)
    sys.stdin.readline()
    if kind == "sync":
        found = in_threads(made, asked, options, int(calls))
    else:
        found = asyncio.run(in_tasks(made, asked, options, int(calls)))
    print(json.dumps(found))


def in_threads(
    made: System, asked: Operation[Any], options: dict[str, Any], calls: int
) -> list[str]:
    with BaseClient(made, **options) as client, ThreadPoolExecutor(calls) as pool:

        def call(_: int) -> str:
            try:
                return value_of(client._record(asked, Arguments("1")))
            except GridwrightError as error:
                return repr(error)

        return list(pool.map(call, range(calls)))


async def in_tasks(
    made: System, asked: Operation[Any], options: dict[str, Any], calls: int
) -> list[str]:
    async with BaseAsyncClient(made, **options) as client:

        async def call() -> str:
            try:
                return value_of(await client._record(asked, Arguments("1")))
            except GridwrightError as error:
                return repr(error)

        return list(await asyncio.gather(*(call() for _ in range(calls))))


if __name__ == "__main__":
    main()

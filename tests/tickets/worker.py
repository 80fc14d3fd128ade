"""A process that makes calls with tickets: ``worker URL FOLDER sync|async CALLS``."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gridwright_runtime.driver import BaseAsyncClient, BaseClient
from gridwright_runtime.tickets.office import AsyncTicketOffice, NoTicket, TicketOffice
from tests.tickets.account import FLOW, PASSWORD, USERNAME

from gridwright_runtime.access.files import FileTicketStore
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.message import HttpRequest, RawReply

TIMEOUT = 15.0


def main() -> None:
    url, folder, kind, calls = sys.argv[1:]
    store = FileTicketStore(Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    found = (
        in_threads(url, store, int(calls))
        if kind == "sync"
        else asyncio.run(in_tasks(url, store, int(calls)))
    )
    print(json.dumps(found))


def in_threads(url: str, store: FileTicketStore, calls: int) -> list[str]:
    with BaseClient(system="sample", credentials=[], base_url=url) as client:
        office = TicketOffice(
            FLOW,
            system="sample",
            environment="production",
            username=USERNAME,
            password=PASSWORD,
            exchange=client._exchange,
            clock=SystemClock(),
            ticket_url=url,
            store=store,
        )

        def call(_: int) -> str:
            try:
                begun = office.begin("get_things", timeout_seconds=TIMEOUT)
                return said(begun.send(request(url)))
            except GridwrightError as error:
                return repr(error)

        with ThreadPoolExecutor(calls) as pool:
            return list(pool.map(call, range(calls)))


async def in_tasks(url: str, store: FileTicketStore, calls: int) -> list[str]:
    async with BaseAsyncClient(system="sample", credentials=[], base_url=url) as client:
        office = AsyncTicketOffice(
            FLOW,
            system="sample",
            environment="production",
            username=USERNAME,
            password=PASSWORD,
            exchange=client._exchange,
            clock=SystemClock(),
            ticket_url=url,
            store=store,
        )

        async def call() -> str:
            try:
                begun = office.begin("get_things", timeout_seconds=TIMEOUT)
                return said(await begun.send(request(url)))
            except GridwrightError as error:
                return repr(error)

        return list(await asyncio.gather(*(call() for _ in range(calls))))


def request(url: str) -> HttpRequest:
    return HttpRequest(method="POST", url=f"{url}/service", safe_url=f"{url}/service", body=b"{}")


def said(outcome: object) -> str:
    if isinstance(outcome, RawReply):
        return outcome.body.decode()
    return repr(outcome.error) if isinstance(outcome, NoTicket) else repr(outcome)


if __name__ == "__main__":
    main()

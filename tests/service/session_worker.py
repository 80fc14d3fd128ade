"""Make some calls with a session, in a process of its own: kind, address, folder."""

import asyncio
import sys

from . import sample
from .support import AGENT, CITIZEN, CLIENT_ID, SECRET


def facts(address: str, folder: str) -> dict[str, object]:
    """Return the arguments of a client."""
    return {
        "base_url": address,
        "session": sample.SESSION,
        "session_folder": folder,
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "agent_id": AGENT,
    }


def call_sync(address: str, folder: str) -> None:
    with sample.Client(**facts(address, folder)) as client:  # type: ignore[arg-type]  # mixed kinds
        for _ in range(3):
            client.get_power_usage(citizen_id=CITIZEN)


async def call_async(address: str, folder: str) -> None:
    async with sample.AsyncClient(**facts(address, folder)) as client:  # type: ignore[arg-type]  # mixed kinds
        await asyncio.gather(*(client.get_power_usage(citizen_id=CITIZEN) for _ in range(3)))


if __name__ == "__main__":
    kind, address, folder = sys.argv[1:]
    if kind == "sync":
        call_sync(address, folder)
    else:
        asyncio.run(call_async(address, folder))

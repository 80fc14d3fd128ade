"""Send a file twice, a small one and the given one, and print by how much that raised the memory.

Run as a process of its own: kind, address, path.
"""

import asyncio
import resource
import sys
from pathlib import Path

from gridwright_runtime.service.upload import Upload

from . import sample


def peak_kib() -> int:
    """Return the most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def send_sync(address: str, path: Path) -> list[int]:
    found = []
    with sample.Client(base_url=address) as client:
        for upload in (Upload(b"x" * 1_000_000, filename="small"), Upload(path)):
            client.attach_file(number="1", drawing=upload)
            found.append(peak_kib())
    return found


async def send_async(address: str, path: Path) -> list[int]:
    found = []
    async with sample.AsyncClient(base_url=address) as client:
        for upload in (Upload(b"x" * 1_000_000, filename="small"), Upload(path)):
            await client.attach_file(number="1", drawing=upload)
            found.append(peak_kib())
    return found


if __name__ == "__main__":
    kind, address, path = sys.argv[1:]
    if kind == "sync":
        small, large = send_sync(address, Path(path))
    else:
        small, large = asyncio.run(send_async(address, Path(path)))
    print(large - small)

"""Do in a task what must not be given up halfway, even where the caller is cancelled meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

__all__ = ["to_the_end"]

T = TypeVar("T")


async def to_the_end(work: Callable[[], Awaitable[T]]) -> T:
    """Do something to its end, and return its result.

    Who is cancelled waits for that, as long as it may take: it has to have a timeout of its own.

    Args:
        work: what is to be done; what it raises is raised here.
    """
    import anyio  # comes with httpx2; few logins are renewed

    found: list[T] = []
    failed: list[Exception] = []

    async def run() -> None:
        # The task group holds off asyncio's own cancellation, and the shield that of the group.
        with anyio.CancelScope(shield=True):
            try:
                found.append(await work())
            except Exception as error:
                failed.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(run)
    for error in failed:
        raise error
    return found[0]

"""Make a call, fork, and make calls in parent and children at once: address, kind of connection.

Prints one line for each call: what was asked for, and what came back.
"""

import asyncio
import os
import sys
from typing import Any

import httpx2

from .support import APPLY, KEY, OPEN, Arguments, fakes

sys.modules.update(fakes())

from gridwright_runtime.client import BaseAsyncClient, BaseClient  # noqa: E402  # with the fakes
from gridwright_runtime.errors import GridwrightError  # noqa: E402
from gridwright_runtime.retry import RetryPolicy  # noqa: E402

CHILDREN = 4
ROUNDS = 3


def main() -> None:
    address, kind = sys.argv[1:]
    options: dict[str, Any] = {
        "credentials": {"key": KEY},
        "base_url": address,
        "retry": RetryPolicy(attempts=1),
        "timeout_seconds": 10,
    }
    if kind == "async":
        run_async(options)
        return
    if kind == "transport":
        options["transport"] = httpx2.HTTPTransport()
    client: Any = BaseClient(OPEN, **options)

    def call(number: str) -> str:
        try:
            return str(client._record(APPLY, Arguments(number)).body.value)
        except GridwrightError as error:
            return type(error).__name__

    for turn in range(ROUNDS):
        say(f"parent-{turn}", call(f"parent-{turn}"))
        children = []
        for place in range(CHILDREN):
            child = os.fork()
            if not child:
                number = f"{turn}-{place}"
                say(number, call(number))
                client.close()
                os._exit(0)
            children.append(child)
        say(f"beside-{turn}", call(f"beside-{turn}"))
        for child in children:
            os.waitpid(child, 0)


def run_async(options: dict[str, Any]) -> None:
    client: Any = BaseAsyncClient(OPEN, **options)

    async def call(number: str) -> str:
        return str((await client._record(APPLY, Arguments(number))).body.value)

    say("parent", asyncio.run(call("parent")))
    child = os.fork()
    if not child:
        say("child", asyncio.run(call("child")))
        os._exit(0)
    os.waitpid(child, 0)
    say("again", asyncio.run(call("again")))


def say(asked: str, found: str) -> None:
    os.write(1, f"{asked} {found}\n".encode())


if __name__ == "__main__":
    main()

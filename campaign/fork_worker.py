"""Share a client with children in one of several ways: address, way, rounds.

Prints a line for each call: what was asked for, and what came back.
"""

import multiprocessing
import os
import sys
import threading
from typing import Any

from campaign.sample import LOOK, Arguments, client_at
from gridwright_runtime.errors import GridwrightError

CHILDREN = 4
_CALLS_OF_A_CHILD, _CALLS_OF_A_THREAD, _THREADS = 3, 6, 3
_BESIDE = 2
"""Calls of the parent in a round: one before there are children, and one beside them."""
CLIENT: Any = None
"""As an application has it: one for the module, which children of a fork inherit."""


def main() -> None:
    """Call, make children, and call in all of them at once."""
    address, way, rounds = sys.argv[1:]
    _begin(address)
    for turn in range(int(rounds)):
        call(f"parent-{turn}")
        if way in ("os.fork", "thread before a fork"):
            _forks(turn, in_thread=way != "os.fork")
        else:
            context: Any = multiprocessing.get_context(way)
            initial = (_begin, (address,)) if way != "fork" else (None, ())
            with context.Pool(CHILDREN, initial[0], initial[1]) as pool:
                begun = pool.map_async(call, [f"{turn}-{n}" for n in range(2 * CHILDREN)])
                call(f"beside-{turn}")
                begun.get(60)


def calls_in_round(way: str) -> int:
    """Return how many calls a round has, each of which prints a line."""
    if way not in ("os.fork", "thread before a fork"):
        return _BESIDE + 2 * CHILDREN
    of_threads = _THREADS * _CALLS_OF_A_THREAD if way != "os.fork" else 0
    return _BESIDE + CHILDREN * _CALLS_OF_A_CHILD + of_threads


def _begin(address: str) -> None:
    global CLIENT
    CLIENT = client_at(address)


def call(number: str) -> None:
    """Ask for a number, and print what comes back."""
    try:
        found = str(CLIENT._record(LOOK, Arguments(number=number)).body.value)
    except GridwrightError as error:
        found = type(error).__name__
    os.write(1, f"{number} {found}\n".encode())


def _calls(name: str, count: int) -> None:
    for again in range(count):
        call(f"{name}-{again}")


def _forks(turn: int, *, in_thread: bool) -> None:
    threads = []
    if in_thread:
        threads = [
            threading.Thread(target=_calls, args=(f"t-{turn}-{n}", _CALLS_OF_A_THREAD))
            for n in range(_THREADS)
        ]
        for thread in threads:
            thread.start()
    children = []
    for place in range(CHILDREN):
        child = os.fork()
        if not child:
            _calls(f"{turn}-{place}", _CALLS_OF_A_CHILD)
            os._exit(0)
        children.append(child)
    call(f"beside-{turn}")
    for child in children:
        os.waitpid(child, 0)
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()

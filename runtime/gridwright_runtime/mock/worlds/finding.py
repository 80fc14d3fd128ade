"""Find the world of a system: one written by hand, or one invented from the models."""

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ...clock import Clock
from ...interface import Operation
from ..days import IntervalsByName
from ..facts import Facts, PagesByName
from ..world import World
from .invention import Invented

__all__ = ["find"]


def find(
    system: str,
    *,
    operations: Sequence[Operation[Any]],
    seed: int,
    clock: Clock,
    customers: int = 8,
    servers: Sequence[str] = (),
    facts: Facts | None = None,
    pages: PagesByName | None = None,
    intervals: IntervalsByName | None = None,
) -> World:
    """Return the world of a system.

    Args:
        system: the system's id; a module of this name in this package is its world. It has a
            function ``create_world`` with the arguments below, by keyword.
        operations: what an invented world has to answer.
        seed: the same seed gives the same data.
        clock: what time it is.
        customers: how many customers the world has; how many records, where it is invented.
        servers: the names of the environments.
        facts: what an invented world has to know of fields beside their types.
        pages: how the records of long answers are asked for.
        intervals: what says the intervals of values.

    Raises:
        ValueError: there are no customers, or more than a thousand.
    """
    if not 1 <= customers <= 1000:
        raise ValueError("a world has 1 to 1000 customers")
    name = f"{__package__}.{system}"
    if _SYSTEM.fullmatch(system) and find_spec(name) is not None:
        create = getattr(import_module(name), "create_world", None)
        if create is not None:
            world: World = create(seed=seed, clock=clock, customers=customers, servers=servers)
            return world
    return Invented(
        operations,
        seed=seed,
        records=customers,
        facts=facts,
        pages=pages,
        intervals=intervals,
        clock=clock,
    )


_SYSTEM = re.compile("[a-z][a-z0-9_]*")

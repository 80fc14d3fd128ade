"""The worlds that mocks answer from: one written by hand, or one invented from the models."""

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ...clock import Clock, SystemClock
from ...operation import Operation
from ..list_world import ListWorld as World
from .invented import InventedWorld

__all__ = ["find_world"]


def find_world(
    system: str,
    *,
    operations: Sequence[Operation[Any]] = (),
    seed: int = 1,
    clock: Clock | None = None,
    customers: int = 8,
) -> World:
    """Return the world of a system.

    Args:
        system: the system's id; a module of this name in this package is its world.
        operations: what an invented world has to answer.
        seed: same seed, same data.
        clock: what time it is; the machine's clock unless given.
        customers: how many customers the world has; how many records, where it is invented.

    Raises:
        ValueError: there are no customers, or more than a thousand.
    """
    if not 1 <= customers <= 1000:
        raise ValueError("a world has 1 to 1000 customers")
    clock = clock or SystemClock()
    name = f"{__name__}.{system}"
    if not _SYSTEM.fullmatch(system) or system == "invented" or find_spec(name) is None:
        return InventedWorld(operations, seed=seed, clock=clock, records=customers)
    world: World = import_module(name).create(seed=seed, clock=clock, customers=customers)
    return world


_SYSTEM = re.compile("[a-z][a-z0-9_]*")

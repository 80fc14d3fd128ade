"""The worlds of systems with bodies: one written by hand, or one invented from the models."""

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ...body_operation import BodyOperation
from ...clock import Clock
from ..body_world import BodyWorld
from .invented_bodies import InventedBodies

__all__ = ["find_body_world"]


def find_body_world(
    system: str,
    *,
    operations: Sequence[BodyOperation[Any]],
    seed: int,
    clock: Clock,
    environment: str,
) -> BodyWorld:
    """Return the world of a system in one of its environments.

    Args:
        system: the system's id; a module of this name in this package is its world.
        operations: what an invented world has to answer.
        seed: same seed, same data.
        clock: what time it is.
        environment: which of the service's environments; each has records of its own.
    """
    name = f"{__package__}.{system}"
    if not _SYSTEM.fullmatch(system) or find_spec(name) is None:
        return InventedBodies(operations, seed=seed)
    module = import_module(name)
    if not hasattr(module, "create_body_world"):
        return InventedBodies(operations, seed=seed)
    world: BodyWorld = module.create_body_world(seed=seed, clock=clock, environment=environment)
    return world


_SYSTEM = re.compile("[a-z][a-z0-9_]*")

"""The worlds of systems of services: one written by hand, or one invented from the models."""

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ...clock import Clock
from ...service.operation import ServiceOperation
from ..service_world import ServiceWorld
from .invented_services import InventedServices

__all__ = ["find_service_world"]


def find_service_world(
    system: str,
    *,
    operations: Sequence[ServiceOperation[Any]],
    seed: int,
    clock: Clock,
) -> ServiceWorld:
    """Return the world of a system.

    Args:
        system: the system's id; a module of this name in this package is its world.
        operations: what an invented world has to answer.
        seed: same seed, same data.
        clock: what time it is.
    """
    name = f"{__package__}.{system}"
    if not _SYSTEM.fullmatch(system) or find_spec(name) is None:
        return InventedServices(operations, seed=seed)
    module = import_module(name)
    if not hasattr(module, "create_world"):
        return InventedServices(operations, seed=seed)
    world: ServiceWorld = module.create_world(seed=seed, clock=clock)
    return world


_SYSTEM = re.compile("[a-z][a-z0-9_]*")

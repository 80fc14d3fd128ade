"""Where turns of services are taken; see `gridwright_runtime.limits.turns`."""

from ..limits.turns import NoTurns, Turn, Turns, turns_of

__all__ = ["NoTurns", "Turn", "Turns", "turns_of"]

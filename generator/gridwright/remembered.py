"""Remember answers about one interface, which many targets ask for again. Knows no question."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from gridwright.ir import Interface

__all__ = ["remembered"]

_T = TypeVar("_T")


def remembered(function: Callable[[Interface], _T]) -> Callable[[Interface], _T]:
    """Let a function keep what it returned for the interface that it was asked about last.

    An interface is frozen, and known by being the same object: to compare two of them would take
    longer than most answers.
    """
    last: list[tuple[Interface, _T]] = []

    @wraps(function)
    def answer(interface: Interface) -> _T:
        if last and last[0][0] is interface:
            return last[0][1]
        found = function(interface)
        last[:] = [(interface, found)]
        return found

    return answer

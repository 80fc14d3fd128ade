"""Judge each item of a list by its own fields."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ..interface import ReplySpec
from ..problems import Problem
from .decoded_body import Failure, problem_at
from .verdicts import judge

__all__ = ["FailedItem", "came", "has_failed"]


class FailedItem(Struct, frozen=True):
    """An item of a list that says of itself that it failed."""

    index: int
    """In the list as it came."""
    wire: Mapping[str, object]
    """By the names of its model."""
    failure: Failure

    def __repr__(self) -> str:
        return f"FailedItem({self.index})"


def came(
    reply: ReplySpec[Any],
    wire: Mapping[str, object],
    index: int,
    path: str,
    failed: list[FailedItem],
    unreadable: list[Problem],
) -> bool:
    """Say whether an item of a list came; one that failed is added to ``failed``.

    Args:
        reply: what comes back.
        wire: the item, by the names of its model.
        index: its place in the list as it came.
        path: how messages call it.
        failed: takes the item where it failed.
        unreadable: takes a problem where it does not say whether it did.
    """
    if reply.verdict is None:
        return True
    judged = judge(reply.verdict, "json", (wire,), tree=wire)
    if judged.failure is not None:
        failed.append(FailedItem(index, wire, judged.failure))
        return False
    if judged.is_missing:
        unreadable.append(problem_at(path, "missing-verdict", "does not say whether it succeeded"))
        return False
    return True


def has_failed(reply: ReplySpec[Any], wire: Mapping[str, object]) -> bool:
    """Say whether an item of a list says of itself that it failed."""
    return (
        reply.verdict is not None
        and judge(reply.verdict, "json", (wire,), tree=wire).failure is not None
    )

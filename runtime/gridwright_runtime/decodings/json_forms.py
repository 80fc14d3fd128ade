"""Say how JSON departs from XML in one operation: a root and an item may have names in both."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import structs

from ..interface import Operation

__all__ = ["below_root", "json_form", "json_view"]


@cache
def json_view(operation: Operation[Any]) -> Operation[Any]:
    """Return an operation whose path leads to the items themselves, as JSON has them.

    It is the same one where JSON has no name for items.
    """
    reply = operation.reply
    if not reply.item_in_json or not reply.item:
        return operation
    whole = structs.replace(reply, payload=(*reply.payload, reply.item), item="")
    return structs.replace(operation, reply=whole)


@cache
def json_form(operation: Operation[Any]) -> Operation[Any]:
    """Return an operation whose paths begin above the root, as JSON has it.

    It is the same one where JSON does not name the root.
    """
    reply, verdict = operation.reply, operation.verdict
    if not reply.root_in_json:
        return operation
    if verdict is not None:
        verdict = structs.replace(verdict, under=(reply.root, *verdict.under))
    whole = structs.replace(reply, payload=(reply.root, *reply.payload), root_in_json=False)
    return structs.replace(operation, reply=whole, verdict=verdict)


def below_root(operation: Operation[Any], tree: object) -> object:
    """Return what stands below the root; the message itself where it has none, or another."""
    root = operation.reply.root
    if operation.reply.root_in_json and isinstance(tree, Mapping) and list(tree) == [root]:
        inner: object = tree[root]
        return {} if inner is None or inner == "" else inner
    return tree

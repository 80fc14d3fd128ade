"""Write items of a record that the document does not name beside its fields."""

from collections.abc import Collection, Mapping

from ..record import Record
from ..texts.encoders import Unencodable
from .json_values import json_item

__all__ = ["add_items"]


def add_items(tree: dict[str, object], record: Record, documented: Collection[str]) -> None:
    """Add the items of an open record to its wire tree.

    What cannot be written stands there as `Unencodable`, for the check to report.
    """
    items: object = record.items  # type: ignore[attr-defined]  # every open record has it
    if not isinstance(items, Mapping):
        kind = type(items).__name__
        tree["items"] = Unencodable("wrong-type", f"must be a mapping, not {kind}")
        return
    for name, value in items.items():
        if not isinstance(name, str) or not name or not name.isprintable():
            tree["items"] = Unencodable("wrong-type", "must have printable texts for names")
        elif name in documented:
            message = "is among the items, though the document names it: give the argument instead"
            tree[name] = Unencodable("repeated-field", message)
        else:
            tree[name] = json_item(value)

"""Put a request together, as its check sees it, from where its values travelled."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...interface import Argument, Operation, Part
from ...values.convert import shape_of
from ..texts.wire import WireTree
from .part_values import PartValues, text_of

__all__ = ["WholeRequest"]


class WholeRequest:
    """Puts requests of one operation together."""

    __slots__ = ("_beside", "_checked", "_moved", "_of_kinds", "_under", "arguments")

    def __init__(self, operation: Operation[Any]) -> None:
        request = operation.request
        lists = {field.wire for field in shape_of(request.model).fields if field.many}
        self._under = request.body.under if request.body is not None else ()
        self.arguments = [
            (part, part.source.key, part.source.key in lists)
            for part in request.parts
            if isinstance(part.source, Argument)
        ]
        """Parts that carry an argument, its name on the wire, and whether it is a list."""
        self._checked = [
            part
            for part in request.parts
            if part.checked
            and not isinstance(part.source, Argument)
            and (part.place != "body" or _is_deep(part))
        ]
        in_body = [part for part in request.parts if part.place == "body"]
        self._moved = [
            part
            for part in in_body
            if isinstance(part.source, Argument) or not part.checked or _is_deep(part)
        ]
        self._beside = {
            part.wire if _is_deep(part) else (part.under or (part.wire,))[0]
            for part in in_body
            if part.checked
        }
        self._of_kinds = [part for part in in_body if part.json]

    def put_together(self, placed: PartValues) -> tuple[WireTree, WireTree]:
        """Return the whole request as its check sees it, and the arguments alone."""
        tree = dict(placed.tree)
        for part in self._moved:
            _take_out(tree, part)
        under = self._under
        stands = dict(_below(tree, under)) if under else tree
        given: WireTree = {}
        for part, key, is_list in self.arguments:
            value = placed.all_of(part) if is_list else placed.find(part)
            if value is not None:
                given[key] = value
        stands = {**stands, **given}
        if not under:
            # Pairs and the like that the check sees stand beside the arguments.
            tree = stands
            stands = {wire: value for wire, value in tree.items() if wire not in self._beside}
        else:
            tree |= given
        for part in self._checked:
            value = placed.find(part)
            if value is not None:
                tree[part.wire] = value
        for part in self._of_kinds:
            if isinstance(tree.get(part.wire), bool | int):  # the check knows constants as texts
                tree[part.wire] = text_of(tree[part.wire])
        return tree, stands


def _below(tree: Mapping[str, object], path: Sequence[str]) -> Mapping[str, object]:
    for step in path:
        inner = tree.get(step)
        tree = inner if isinstance(inner, Mapping) else {}
    return tree


def _is_deep(part: Part) -> bool:
    """Say whether a part stands in containers of its own, which no check knows."""
    return bool(part.under) and part.pair is None


def _take_out(tree: WireTree, part: Part) -> None:
    """Remove a part from a body, copying the containers around it; empty ones go, too."""
    holder, around = tree, []
    for step in part.under[:-1] if part.pair is not None else part.under:
        inner = holder.get(step)
        if not isinstance(inner, Mapping):
            return
        holder[step] = inner = dict(inner)
        around.append((holder, step))
        holder = inner
    if part.pair is None:
        holder.pop(part.wire, None)
        for outer, step in reversed(around):
            if not outer[step]:
                del outer[step]
        return
    name, key = part.under[-1], part.pair[0]
    rows = holder.get(name)
    if isinstance(rows, list):
        kept = [row for row in rows if not (isinstance(row, Mapping) and row.get(key) == part.wire)]
        holder[name] = kept
        if not kept:
            del holder[name]

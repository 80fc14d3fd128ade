"""Resolve what a field says of its values beside their type: length, range, count, form."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from gridwright.analysis.example_values import sizes_of
from gridwright.ir import DecimalType, Field, IntegerType, ListType, NumberRange, Sizes, TextType
from gridwright.notation.matching import MatchingError, letters_of, understood
from gridwright.resolve.context import Context
from gridwright.source import Node

__all__ = ["FILLED", "expression_of", "with_facts"]

FILLED = ("basic", "credential", "selects", "value", "with")
"""Keys of a field that the client fills; nobody can give it a value that is refused."""

_SIZES = re.compile(r"(?P<least>[0-9]{1,9})(?P<dash>-(?P<most>[0-9]{1,9})?)?")
_NUMBER = r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?"
_RANGE = re.compile(rf"(?P<from>{_NUMBER})-(?P<to>{_NUMBER})?")
_KINDS = {
    "length": ((TextType,), "is no text", "`range:` for a number, `count:` for a list of records"),
    "matches": ((TextType,), "is no text", "`range:` for a number, `format:` for a date"),
    "range": ((IntegerType, DecimalType), "is no number", "`length:` or `matches:` for a text"),
}


def with_facts(field: Field, node: Node, context: Context) -> Field:
    """Return a field with the facts that are said of its values; report those of no meaning."""
    said = {key: node.get(key) for key in ("length", "range", "count", "matches")}
    if not any(said.values()) or not _has_meaning(field, node, said, context):
        return field
    length = _sizes(said["length"], context)
    [count] = _sizes(said["count"], context) or [None]
    matches = expression_of(said["matches"], context)
    numbers = _range(said["range"], context)
    item = field.item_type
    _agree(item, length, matches, numbers, node, context)
    return replace(field, length=length, range=numbers, count=count, matches=matches)


def _has_meaning(field: Field, node: Node, said: dict[str, Node | None], context: Context) -> bool:
    filled = next((key for key in FILLED if node.get(key) is not None), None)
    item = field.item_type
    is_fine = True
    for key, value in said.items():
        if value is None:
            continue
        kinds, why, instead = _KINDS.get(key, ((), "", ""))
        if filled is not None:
            why, instead = f"is filled by `{filled}:`", "nothing: there is no value to be refused"
        elif key == "count" and isinstance(field.type, ListType):
            continue
        elif key == "count":
            why, instead = "is no list", "`length:` for a text, `range:` for a number"
        elif isinstance(item, kinds):
            continue
        is_fine = False
        context.report(
            value.span,
            "misplaced-key",
            f"{key!r} says what {field.wire!r} may be, which {why}",
            f"write {instead}",
        )
    return is_fine


def _sizes(node: Node | None, context: Context) -> Sizes:
    """Read ``16``, ``6-22``, ``6-`` or a list of these."""
    found: list[tuple[int, int | None]] = []
    for item in (node.items or (node,)) if node is not None else ():
        match = _SIZES.fullmatch(item.text or "")
        if match is None:
            continue  # the grammar has reported it
        least = int(match["least"])
        most = least if match["dash"] is None else int(match["most"]) if match["most"] else None
        if most is not None and (most < least or most == 0):
            context.report(
                item.span,
                "empty-range",
                f"{item.text!r} is a range of nothing",
                f"write {most}-{least}" if most else "write a size above zero",
            )
            continue
        found.append((least, most))
    return tuple(sorted(found, key=lambda one: one[0]))


def _range(node: Node | None, context: Context) -> NumberRange | None:
    """Read ``0-4800``, or a mapping of ``from``, ``to`` and ``step``."""
    if node is None:
        return None
    if node.text is not None:
        match = _RANGE.fullmatch(node.text)
        if match is None:
            return None  # the grammar has reported it
        texts = match.groupdict()
    else:
        texts = {key: node.string(key) for key in ("from", "to", "step")}
    try:
        least, most, step = (
            Decimal(texts[key]) if texts.get(key) else None for key in ("from", "to", "step")
        )
    except InvalidOperation:
        return None  # the grammar has reported it
    if least is not None and most is not None and most < least:
        context.report(
            node.span,
            "empty-range",
            f"no number is from {least} to {most}",
            f"write {most}-{least}",
        )
        return None
    if step is not None and step <= 0:
        context.report(
            node.span, "empty-range", f"no number is a multiple of {step}", "a step above 0"
        )
        return None
    if step is not None:
        off = next((one for one in (least, most) if one is not None and one % step), None)
        if off is not None:
            context.report(
                node.span,
                "facts-disagree",
                f"{off} is no multiple of {step}: steps are counted from 0",
                "write the first and the last number that may be",
            )
    return NumberRange(least=least, most=most, step=step)


def expression_of(node: Node | None, context: Context) -> str:
    """Return a regular expression as all outputs write it; report one that they do not."""
    if node is None:
        return ""
    try:
        return understood(node.text or "")
    except MatchingError as error:
        context.report(node.span, "refused-expression", error.message, error.help)
        return ""


def _agree(
    item: object,
    length: Sizes,
    matches: str,
    numbers: NumberRange | None,
    node: Node,
    context: Context,
) -> None:
    """Report facts of which no value keeps all."""
    size = item.size if isinstance(item, TextType) else None
    is_counted = isinstance(item, TextType) and item.encoding is None
    if size is not None and length and length[0][0] > size:
        context.report(
            _at(node, "length").span,
            "facts-disagree",
            f"a size of {size} has no room for a length of {length[0][0]}",
            "correct one of them by an erratum",
        )
    elif matches and is_counted and not letters_of(matches, sizes_of(length, size)):
        context.report(
            _at(node, "matches").span,
            "facts-disagree",
            "no text of its length matches the expression",
            "correct the length or the expression",
        )
    digits: int | None = None
    if isinstance(item, IntegerType):
        digits = item.digits
    elif isinstance(item, DecimalType) and item.precision is not None:
        digits = item.precision - (item.scale or 0)
    least = numbers.least if numbers is not None else None
    if digits is not None and least is not None and least >= 10**digits:
        context.report(
            _at(node, "range").span,
            "facts-disagree",
            f"{least} has more than {digits} digits",
            "correct one of them by an erratum",
        )


def _at(node: Node, key: str) -> Node:
    return node.get(key) or node

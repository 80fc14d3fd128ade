"""Judge a value by what a document says of it beside its type: length, form, range, count."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TypeAlias

__all__ = ["count_problem", "form_problem", "range_problem", "size_problem"]

RuleAndMessage: TypeAlias = tuple[str, str] | None
"""The rule that is broken, with a message that holds nothing of the value."""


def size_problem(size: int, sizes: Sequence[tuple[int, int | None]], unit: str) -> RuleAndMessage:
    """Return what is wrong with the length of a text."""
    if any(least <= size and (most is None or size <= most) for least, most in sizes):
        return None
    least, most = sizes[0][0], sizes[-1][1]
    if size < least:
        return "too-short", f"has {size} {unit}; at least {least} are needed"
    if most is not None and size > most:
        return "too-long", f"has {size} {unit}; at most {most} are allowed"
    return "other-length", f"has {size} {unit}; allowed are {_describe_sizes(sizes)}"


def form_problem(value: str, matches: str) -> RuleAndMessage:
    """Return what is wrong with the form of a text, which matches an expression as a whole."""
    if re.fullmatch(matches, value):
        return None
    return "other-form", f"does not match {matches}"


def range_problem(number: Decimal, range: tuple[str, str, str]) -> RuleAndMessage:
    """Return what is wrong with the amount of a number."""
    least, most, step = _numbers(range)
    if least is not None and number < least:
        return "too-small", f"is less than {range[0]}"
    if most is not None and number > most:
        return "too-large", f"is more than {range[1]}"
    if step is not None and not _is_multiple(number, step):
        return "off-step", f"is no multiple of {range[2]}"
    return None


def count_problem(count: int, bounds: tuple[int, int | None]) -> RuleAndMessage:
    """Return what is wrong with the number of items of a list."""
    least, most = bounds
    if count < least:
        return "too-few-items", f"has {count} items; at least {least} are needed"
    if most is not None and count > most:
        return "too-many-items", f"has {count} items; at most {most} are allowed"
    return None


@cache
def _numbers(range: tuple[str, str, str]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    least, most, step = (Decimal(text) if text else None for text in range)
    return least, most, step


def _is_multiple(number: Decimal, step: Decimal) -> bool:
    if abs(_exponent(number)) > _MOST_DIGITS:
        return not number  # more digits than any field has, before the point or behind it
    above, below = number.as_integer_ratio()
    step_above, step_below = step.as_integer_ratio()
    return above * step_below % (below * step_above) == 0


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _describe_sizes(sizes: Sequence[tuple[int, int | None]]) -> str:
    texts = [
        f"{least} or more"
        if most is None
        else str(least)
        if least == most
        else f"{least} to {most}"
        for least, most in sizes
    ]
    return " or ".join(texts)


_MOST_DIGITS = 4300

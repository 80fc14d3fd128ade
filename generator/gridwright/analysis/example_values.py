"""Values that keep what is said of a field beside its type: for examples; and whether one does."""

import re
from decimal import Decimal

from gridwright.ir import Field, NumberRange, Sizes, TextType
from gridwright.notation.matching import letters_of

__all__ = ["broken_fact", "count_of", "invented", "sizes_of"]


def invented(field: Field) -> str:
    """Invent a value of a field, or of its list: of a text or a number as a text."""
    type_ = field.item_type
    if isinstance(type_, TextType):
        if field.matches:
            fits = () if type_.encoding else sizes_of(field.length, type_.size)
            return "".join(some[1 % len(some)] for some in letters_of(field.matches, fits))
        return "1".zfill(field.length[0][0]) if field.length else "1"
    return "1" if field.range is None else f"{_number(field.range):f}"


def count_of(field: Field) -> int:
    """Return how many items an example of a list has."""
    return max(1, field.count[0]) if field.count is not None else 1


def broken_fact(field: Field, text: str) -> str:
    """Return what a text should be that is no value of a field; empty where it is one."""
    type_ = field.item_type
    size = len(text)
    if isinstance(type_, TextType) and type_.encoding is not None:
        size = len(text.encode(type_.encoding, "replace"))
    if field.length and not any(a <= size and (b is None or size <= b) for a, b in field.length):
        return "a text of its length"
    if field.matches and not re.fullmatch(field.matches, text):
        return f"a text that matches {field.matches}"
    if field.range is not None and not _is_in(Decimal(text), field.range):
        return "a number of its range"
    return ""


def sizes_of(length: Sizes, size: int | None) -> Sizes:
    """Return how long a text may be, by its length and the size of its type."""
    if size is None:
        return length
    return tuple(
        (least, size if most is None else min(most, size))
        for least, most in length or ((1, None),)
        if least <= size
    )


def _number(numbers: NumberRange) -> Decimal:
    some = [Decimal(1), numbers.least, numbers.most, numbers.step, Decimal(0)]
    fitting = (one for one in some if one is not None and _is_in(one, numbers))
    return next(fitting, Decimal(1))


def _is_in(number: Decimal, numbers: NumberRange) -> bool:
    return (
        (numbers.least is None or numbers.least <= number)
        and (numbers.most is None or number <= numbers.most)
        and (numbers.step is None or not number % numbers.step)
    )

"""Tell entries of a list that stand for nothing, such as a month of 0 units and no date."""

import re
from collections.abc import Mapping

from .types import read_decimal

__all__ = ["is_filler"]


def is_filler(item: object, filler: Mapping[str, str]) -> bool:
    """Say whether a wire record has the values of a filler, by wire name.

    Numbers are compared as numbers; an empty text stands for a missing value, and so does the date
    that programs write for none. A record that holds nothing besides may lack values of the filler.
    """
    if not filler or not isinstance(item, Mapping):
        return False
    if all(_is_same(item.get(wire), text) for wire, text in filler.items()):
        return True
    return bool(item) and all(
        _is_nothing(value) or (wire in filler and _is_same(value, filler[wire]))
        for wire, value in item.items()
    )


def _is_nothing(value: object) -> bool:
    """Say whether a value is missing, or a date that stands for a missing one."""
    if isinstance(value, str):
        value = value.strip(" \t\r\n")
        # .NET has the first day of the year 1, and databases have the day 0.
        return not value or re.fullmatch(_NO_DATE, value) is not None
    return value is None


def _is_same(value: object, text: str) -> bool:
    if text == "" or _is_nothing(value):
        return text == "" and _is_nothing(value)
    if isinstance(value, str):
        value = value.strip(" \t\r\n")
    if value == text:
        return True
    try:
        return read_decimal(value) == read_decimal(text)
    except ValueError:
        return False


_NO_DATE = r"(?:0001-?01-?01|0000-?00-?00)(?:[T ]00:00:00(?:\.0+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"

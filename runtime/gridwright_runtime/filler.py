"""Entries of a list that stand for nothing, such as a month of 0 units and no date. Never reads."""

from collections.abc import Mapping

from .values import read_decimal

__all__ = ["is_filler"]


def is_filler(item: object, filler: Mapping[str, str]) -> bool:
    """Say whether a wire record has exactly the values of a filler, by wire name.

    Numbers are compared as numbers; an empty text stands for a missing value.
    """
    if not filler or not isinstance(item, Mapping):
        return False
    return all(_is_same(item.get(wire), text) for wire, text in filler.items())


def _is_same(value: object, text: str) -> bool:
    if isinstance(value, str):
        value = value.strip(" \t\r\n")
    if value is None or value == "" or text == "":
        return text == "" and value in (None, "")
    if value == text:
        return True
    try:
        return read_decimal(value) == read_decimal(text)
    except ValueError:
        return False

"""Say bounds of OpenAPI in the words of a spec: length, range, count and form of values."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gridwright.importing.read_file import Json
from gridwright.notation.matching import MatchingError, letters_of, understood

__all__ = ["count_of", "facts_of_value"]

_LONGEST = 200
_MOST = 999_999_999


def facts_of_value(kind: str, bounds: Mapping[str, Any]) -> tuple[Json, frozenset[str]]:
    """Return what a spec says of a value beside its type, and the words that this takes up.

    Args:
        kind: the type that the spec gives it, or its items where it is a list.
        bounds: by the words of OpenAPI.
    """
    if kind == "text":
        return _of_text(bounds)
    return _of_number(kind, bounds) if kind in ("integer", "decimal") else ({}, frozenset())


def count_of(bounds: Mapping[str, Any]) -> tuple[Json, frozenset[str]]:
    """Return how many items a list has, as a spec says it, and the words that this takes up."""
    return _sizes("count", "minItems", "maxItems", bounds)


def _of_text(bounds: Mapping[str, Any]) -> tuple[Json, frozenset[str]]:
    found, said = _sizes("length", "minLength", "maxLength", bounds)
    pattern = bounds.get("pattern")
    if not isinstance(pattern, str) or not _is_whole(pattern):
        return found, said
    least, most = bounds.get("minLength"), bounds.get("maxLength")
    fits = [(least, most)] if said and isinstance(least, int) else []
    try:
        if not letters_of(understood(pattern), fits):
            return found, said
    except MatchingError:
        return found, said
    return found | {"matches": pattern}, said | {"pattern"}


def _is_whole(pattern: str) -> bool:
    """Whether an expression is about the whole text, as those of a spec are."""
    is_held = re.fullmatch(r"\^[^|]*(?<!\\)\$|\^\([^()]*\)\$", pattern)
    return is_held is not None and len(pattern) <= _LONGEST and pattern.isprintable()


def _sizes(
    word: str, low: str, high: str, bounds: Mapping[str, Any]
) -> tuple[Json, frozenset[str]]:
    least, most = bounds.get(low, 0), bounds.get(high)
    is_size = _is_size(least) and (most is None or (_is_size(most) and most >= max(least, 1)))
    said = frozenset({low, high} & bounds.keys())
    if not is_size or not said:
        return {}, frozenset()
    if least == 0 and most is None:
        return {}, said  # it says nothing
    if word == "length" and least == 0:
        return {}, frozenset()  # the size says it
    text = str(least) if least == most else f"{least}-{'' if most is None else most}"
    return {word: text}, said


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def _of_number(kind: str, bounds: Mapping[str, Any]) -> tuple[Json, frozenset[str]]:
    found: Json = {}
    said: set[str] = set()
    for ours, word, other, next_ in (
        ("from", "minimum", "exclusiveMinimum", 1),
        ("to", "maximum", "exclusiveMaximum", -1),
    ):
        bound, strict = _number(bounds.get(word)), bounds.get(other)
        if strict is False:
            said.add(other)
        elif strict is not None and strict is not True:
            bound, word = _number(strict), other
        is_strict = strict is not None and strict is not False
        if bound is None or (is_strict and kind != "integer"):
            continue
        found[ours] = bound + next_ if is_strict else bound
        said |= {word, other} & bounds.keys()
    if "from" in found and "to" in found and found["from"] > found["to"]:
        return {}, frozenset()
    step = _number(bounds.get("multipleOf"))
    if step is not None and step > 0 and not any(bound % step for bound in found.values()):
        found["step"] = step
        said.add("multipleOf")
    if not found:
        return {}, frozenset(said)
    return {"range": {key: format(value, "f") for key, value in found.items()}}, frozenset(said)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None

"""Make sure that what was compared is the same. Never measures."""

from collections.abc import Sequence

__all__ = ["require_equal", "require_equal_rows"]


def require_equal(one: object, other: object, what: str) -> int:
    """Return 1, the number of values compared.

    Raises:
        AssertionError: they differ, so that the measurement is void.
    """
    if one != other:
        raise AssertionError(f"{what}: the compared results differ: {one!r:.200}, {other!r:.200}")
    return 1


def require_equal_rows(
    one: Sequence[Sequence[object]], other: Sequence[Sequence[object]], what: str
) -> int:
    """Compare two tables of values and return how many values there are.

    Raises:
        AssertionError: they differ, or are empty, so that the measurement is void.
    """
    require_equal(len(one), len(other), f"{what}, number of records")
    for number, (row, twin) in enumerate(zip(one, other, strict=True)):
        require_equal(tuple(row), tuple(twin), f"{what}, record {number}")
    count = sum(map(len, one))
    if count == 0:
        raise AssertionError(f"{what}: nothing was compared")
    return count

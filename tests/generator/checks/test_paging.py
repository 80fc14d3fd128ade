"""A way of paging names what asks for a page, its list, and what ends it."""

import pytest

from ..support import codes_with

SEARCH = ("operations", "search_readings")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("begin", "body.criteria.meterId", "wrong-field"),
        ("begin", "body.range", "wrong-field"),
        ("begin", "header.key", "wrong-field"),
        ("end", "body.range.last", "unknown-field"),
        ("total", "resultCode", "wrong-field"),
        ("total", "body.readings", "wrong-field"),
        ("records", "body.count", "wrong-field"),
        ("records", "resultCode", "wrong-field"),
        ("key", "uid", "unknown-field"),
    ],
)
def test_a_page_is_two_numbers_asked_and_a_list_and_a_number_got(
    key: str, value: str, code: str
) -> None:
    assert code in codes_with((*SEARCH, "paging", key), value)

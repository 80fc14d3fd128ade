"""Bounds on what a reply may hold for its size, and on how many of its problems are listed."""

from collections.abc import Callable

import pytest

from gridwright_runtime.codecs.body import MalformedBody
from gridwright_runtime.decodings.bounds import (
    MOST_PROBLEMS,
    capped,
    may_be_sparse,
    refuse_many_elements,
    refuse_many_objects,
    refuse_sparse_records,
)
from gridwright_runtime.problems import Problem

SMALL = 1 << 16
"""The longest body that may hold anything."""


def is_refused(bound: Callable[..., None], *given: object) -> bool:
    try:
        bound(*given)
    except MalformedBody:
        return True
    return False


def long_body(unit: bytes) -> bytes:
    return unit * (1 << 12) * 24


@pytest.mark.parametrize(
    ("bound", "sign"),
    [
        (refuse_many_objects, b"{"),
        (refuse_many_objects, b"["),
        (refuse_many_elements, b"<"),
    ],
)
def test_a_short_body_may_be_signs_alone_and_a_longer_one_may_not(
    bound: Callable[[bytes], None], sign: bytes
) -> None:
    assert not is_refused(bound, sign * SMALL)
    assert is_refused(bound, sign * (SMALL + 1))


@pytest.mark.parametrize(
    ("bound", "unit"),
    [
        (refuse_many_objects, b"[" + b" " * 11),
        (refuse_many_objects, b"{" + b" " * 23),
        (refuse_many_elements, b"<" + b" " * 4),
        (refuse_many_elements, b'="' + b" " * 3),
        (refuse_many_elements, b"='" + b" " * 3),
        (refuse_many_elements, b"<='" + b" " * 7),
    ],
)
def test_how_dense_a_long_body_may_be_is_counted_by_its_signs(
    bound: Callable[[bytes], None], unit: bytes
) -> None:
    assert not is_refused(bound, long_body(unit))
    assert is_refused(bound, long_body(unit[:-1]))


def test_a_body_that_is_dense_in_few_places_is_read() -> None:
    assert not is_refused(refuse_many_objects, b"[" * SMALL + b" " * (SMALL * 16))


def test_a_body_that_begins_with_a_long_text_is_refused_for_what_follows() -> None:
    assert is_refused(refuse_many_objects, b" " * SMALL + b"[" * (SMALL * 16))


def test_records_have_on_average_a_field_in_five_bytes_of_four() -> None:
    size = 80_000
    assert not is_refused(refuse_sparse_records, 1_000, 100, size)
    assert is_refused(refuse_sparse_records, 1_001, 100, size)
    assert is_refused(refuse_sparse_records, 1_000, 101, size)
    assert not is_refused(refuse_sparse_records, 1_000, 100, SMALL)
    assert is_refused(refuse_sparse_records, 1_000, 100, SMALL + 1)


def test_a_body_may_be_sparse_by_the_objects_that_begin_in_it() -> None:
    assert not may_be_sparse(b"{" * 1_000 + b" " * 79_000, fields=100)
    assert may_be_sparse(b"{" * 1_001 + b" " * 78_999, fields=100)
    assert not may_be_sparse(b"{" * SMALL, fields=100)
    assert may_be_sparse(b"{" * (SMALL + 1), fields=100)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (0, []),
        (1, ["1 more are not listed"]),
        (3_999, ["3999 more are not listed"]),
        # Whoever looks for them stops after five thousand of one record.
        (4_000, ["4000 or more others are not listed"]),
        (9_000, ["4000 or more others are not listed"]),
    ],
)
def test_a_thousand_problems_are_listed_and_the_rest_counted(more: int, said: list[str]) -> None:
    problem = Problem(path="kwh", wire="kwh", rule="wrong-type", message="is no number")
    found = capped(problem for _ in range(1_000 + more))
    assert MOST_PROBLEMS == 1_000
    assert found[:1_000] == (problem,) * 1_000
    assert [(one.path, one.rule, one.message) for one in found[1_000:]] == [
        ("", "not-listed", text) for text in said
    ]

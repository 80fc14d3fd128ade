"""What a reply costs: the worst that the campaign's search has found, shape by shape."""

from importlib import import_module
from typing import Any

import pytest
from campaign.costs import (
    MOST_BYTES_OF_SHORT,
    MOST_BYTES_PER_BYTE,
    MOST_SECONDS_OF_SHORT,
    MOST_SECONDS_PER_MEGABYTE,
    SHORT,
    measured,
)
from campaign.shapes import shapes

from gridwright_runtime.interface import Operation
from gridwright_runtime.message import RawReply

LONG = 2_000_000


def reply_like(system: str, name: str, shape: str, size: int) -> tuple[Operation[Any], RawReply]:
    operations = import_module(f"gridwright_apis.{system}.mock").OPERATIONS
    operation = next(one for one in operations if one.name == name)
    return operation, next(raw for found, raw in shapes(operation, size) if found == shape)


@pytest.mark.parametrize(
    ("system", "name", "shape"),
    [
        # Two exact numbers of 112 bytes for each of five letters and a comma: one that an open
        # record keeps, and one while the deviations are looked for.
        ("kansai_takusou", "get_notices", "json a pair of fractions in object"),
        ("kansai_takusou", "get_notices", "json fractions in object"),
        ("kansai_takusou", "get_notices", "json short fractions in object"),
        ("kansai_takusou", "get_notices", "json many names, one twice"),
        # Records of a hundred fields, one of which is there.
        ("kepco_opm", "get_day_load_profile", "json a field twice in list"),
        ("kepco_opm", "get_day_load_profile", "json a long value in list"),
        # As many identities of items as numbers that are none.
        ("kepco_opm", "get_join_status", "json numbers in root"),
        # One problem for each name.
        ("epias_ecms", "find_indexes", "json many names in list"),
        # A tree that another one held on to.
        ("epias_ecms", "find_indexes", "xml spaced attributes in root"),
        ("epias_ecms", "find_indexes", "xml <id>1</id> in root"),
    ],
)
def test_a_long_reply_costs_no_more_than_a_small_multiple_of_its_size(
    system: str, name: str, shape: str
) -> None:
    operation, raw = reply_like(system, name, shape, LONG)
    seconds, memory, _said = measured(operation, raw)
    assert memory / len(raw.body) <= MOST_BYTES_PER_BYTE
    assert seconds / (len(raw.body) / 1e6) <= 2 * MOST_SECONDS_PER_MEGABYTE


def test_the_worst_that_was_found_is_no_guess() -> None:
    operation, raw = reply_like(
        "kansai_takusou", "get_notices", "json a pair of fractions in object", LONG
    )
    _seconds, memory, said = measured(operation, raw)
    assert said == "Result"
    assert memory / len(raw.body) > MOST_BYTES_PER_BYTE * 0.6


@pytest.mark.parametrize(
    ("system", "name", "shape"),
    [
        ("kepco_opm", "get_day_load_profile", "json {} in list"),
        ("epias_ecms", "find_indexes", "json {} in list"),
        ("kansai_takusou", "get_notices", "json deep in object"),
    ],
)
def test_a_short_reply_costs_little_whatever_it_holds(system: str, name: str, shape: str) -> None:
    operation, raw = reply_like(system, name, shape, SHORT)
    seconds, memory, _said = measured(operation, raw)
    assert memory <= MOST_BYTES_OF_SHORT
    assert seconds <= 2 * MOST_SECONDS_OF_SHORT

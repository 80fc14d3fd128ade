"""Rules over several fields of a request: one of them is there, one is not after another."""

import pytest

from gridwright_runtime.look import Look

FIRST = ("from", "first_day", "From", "first day")
LAST = ("to", "last_day", "To", "last day")


def found(look: Look) -> list[tuple[str, str, str]]:
    return [(one.path, one.rule, one.message) for one in look.problems(open=True)]


def test_at_least_one_of_several_fields_has_to_be_there() -> None:
    look = Look({"from": "", "to": None})
    look.one_of([FIRST, LAST], line="7")
    assert found(look) == [("first_day", "required", "is required where last_day is not given")]


@pytest.mark.parametrize("tree", [{"from": "20240101"}, {"to": "20240101"}])
def test_one_of_several_fields_is_enough(tree: dict[str, object]) -> None:
    look = Look(tree)
    look.one_of([FIRST, LAST])
    assert found(look) == []


def test_a_first_day_after_the_last_is_a_problem_of_the_first() -> None:
    look = Look({"from": "20240102", "to": "20240101"})
    look.not_after([FIRST, LAST], pattern="yyyymmdd")
    assert found(look) == [("first_day", "wrong-order", "is after last_day")]


def test_a_day_is_not_after_itself() -> None:
    look = Look({"from": "20240101", "to": "20240101"})
    look.not_after([FIRST, LAST], pattern="yyyymmdd")
    assert found(look) == []


@pytest.mark.parametrize("tree", [{"from": "20240102"}, {"from": "2024", "to": "20240101"}, {}])
def test_what_is_missing_or_misspelt_is_not_compared(tree: dict[str, object]) -> None:
    look = Look(tree)
    look.not_after([FIRST, LAST], pattern="yyyymmdd")
    assert found(look) == []


def test_instants_are_compared_across_offsets() -> None:
    look = Look({"from": "2024-01-01T03:00:00.000+0300", "to": "2024-01-01T00:30:00.000+0000"})
    look.not_after([FIRST, LAST], pattern="date-time")
    assert found(look) == []


def test_a_period_is_measured_in_every_item_of_a_list() -> None:
    items = [{"from": "20240101", "to": "20240201"}, {"from": "20240101", "to": "20240202"}]
    look = Look({"periods": items})
    look.longest_period(
        [
            ("periods.from", "periods.first_day", "From", "first day"),
            ("periods.to", "periods.last_day", "To", "last day"),
        ],
        pattern="yyyymmdd",
        at_most_seconds=31 * 86400,
    )
    assert found(look) == [
        (
            "periods[1].first_day",
            "too-long",
            "is further from periods.last_day than 31 days",
        )
    ]

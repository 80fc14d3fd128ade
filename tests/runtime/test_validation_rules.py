"""Rules over several fields of a request: one of them is there, one is not after another."""

import pytest

from gridwright_runtime.validation import RecordValidator

FIRST = ("from", "first_day", "From", "first day")
LAST = ("to", "last_day", "To", "last day")


def found(validator: RecordValidator) -> list[tuple[str, str, str]]:
    return [(one.path, one.rule, one.message) for one in validator.problems(open=True)]


def test_at_least_one_of_several_fields_has_to_be_there() -> None:
    validator = RecordValidator({"from": "", "to": None})
    validator.one_of([FIRST, LAST], line="7")
    assert found(validator) == [
        ("first_day", "required", "is required where last_day is not given")
    ]


@pytest.mark.parametrize("tree", [{"from": "20240101"}, {"to": "20240101"}])
def test_one_of_several_fields_is_enough(tree: dict[str, object]) -> None:
    validator = RecordValidator(tree)
    validator.one_of([FIRST, LAST])
    assert found(validator) == []


def test_a_first_day_after_the_last_is_a_problem_of_the_first() -> None:
    validator = RecordValidator({"from": "20240102", "to": "20240101"})
    validator.not_after([FIRST, LAST], pattern="yyyymmdd")
    assert found(validator) == [("first_day", "wrong-order", "is after last_day")]


def test_a_day_is_not_after_itself() -> None:
    validator = RecordValidator({"from": "20240101", "to": "20240101"})
    validator.not_after([FIRST, LAST], pattern="yyyymmdd")
    assert found(validator) == []


@pytest.mark.parametrize("tree", [{"from": "20240102"}, {"from": "2024", "to": "20240101"}, {}])
def test_what_is_missing_or_misspelt_is_not_compared(tree: dict[str, object]) -> None:
    validator = RecordValidator(tree)
    validator.not_after([FIRST, LAST], pattern="yyyymmdd")
    assert found(validator) == []


def test_instants_are_compared_across_offsets() -> None:
    validator = RecordValidator(
        {"from": "2024-01-01T03:00:00.000+0300", "to": "2024-01-01T00:30:00.000+0000"}
    )
    validator.not_after([FIRST, LAST], pattern="date-time")
    assert found(validator) == []


def test_a_period_is_measured_in_every_item_of_a_list() -> None:
    items = [{"from": "20240101", "to": "20240201"}, {"from": "20240101", "to": "20240202"}]
    validator = RecordValidator({"periods": items})
    validator.longest_period(
        [
            ("periods.from", "periods.first_day", "From", "first day"),
            ("periods.to", "periods.last_day", "To", "last day"),
        ],
        pattern="yyyymmdd",
        at_most_seconds=31 * 86400,
    )
    assert found(validator) == [
        (
            "periods[1].first_day",
            "too-long",
            "is further from periods.last_day than 31 days",
        )
    ]

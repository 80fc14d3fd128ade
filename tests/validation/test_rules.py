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


@pytest.mark.parametrize("tree", [{"from": []}, {"from": "  "}, {}])
def test_blanks_and_empty_lists_are_nothing_that_is_given(tree: dict[str, object]) -> None:
    validator = RecordValidator(tree)
    validator.exactly_one([FIRST, LAST])
    assert found(validator) == [
        ("first_day", "required", "is required where last_day is not given")
    ]


@pytest.mark.parametrize("kind", ["exactly_one", "at_most_one"])
def test_of_fields_that_exclude_each_other_all_but_the_first_are_told(kind: str) -> None:
    third = ("on", "only_day", "On", "only day")
    validator = RecordValidator({"from": "1", "to": "2", "on": "3"})
    getattr(validator, kind)([FIRST, LAST, third])
    told = "is not given together with first_day"
    assert found(validator) == [
        ("last_day", "not-together", told),
        ("only_day", "not-together", told),
    ]


@pytest.mark.parametrize(
    ("tree", "missing"),
    [({"from": False}, "last_day"), ({"to": 0}, "first_day"), ({}, ""), ({"from": 1, "to": 2}, "")],
)
def test_fields_that_go_together_are_all_there_or_none(
    tree: dict[str, object], missing: str
) -> None:
    validator = RecordValidator(tree)
    validator.together([FIRST, LAST])
    assert [path for path, *_ in found(validator)] == ([missing] if missing else [])


def test_only_the_first_field_needs_the_others() -> None:
    validator = RecordValidator({"rows": [{"a": "1"}, {"b": "1"}, {"a": "1", "b": "1"}, {}]})
    validator.needs([("rows.a", "rows.a", "A", "a"), ("rows.b", "rows.b", "B", "b")])
    assert found(validator) == [("rows[0].b", "required", "is required where rows[0].a is given")]


def test_fields_of_different_records_are_judged_where_they_meet() -> None:
    validator = RecordValidator({"all": {"meter": {"id": "1"}, "days": [{"on": ""}, {"on": "1"}]}})
    fields = [
        ("all.meter.id", "whole.meter.number", "", ""),
        ("all.days.on", "whole.days.day", "", ""),
        ("all.site", "whole.site", "", ""),
    ]
    validator.together(fields)
    assert found(validator) == [
        (
            "whole.site",
            "required",
            "is required where whole.meter.number or whole.days.day is given",
        )
    ]


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

"""A call overrules the rule that a field is required: by name, in the log, and no other rule."""

import logging

import pytest

from gridwright_runtime.overrule import drop_overruled
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record


class Reading(Record, frozen=True, kw_only=True):
    meter_number: str | None = None
    remark: str | None = None


class Save(Record, frozen=True, kw_only=True):
    readings: list[Reading] | None = None
    begin: str | None = None


def problem(path: str, rule: str = "required") -> Problem:
    return Problem(path=path, wire="x", rule=rule, message="is required")


NUMBER = problem("body.readings[0].meter_number")
REMARK = problem("body.readings[0].remark")


def left(problems: list[Problem], *overrule: str) -> list[Problem]:
    return drop_overruled(problems, overrule, model=Save, call="demo.save")


def test_nothing_is_left_out_unless_the_call_names_it() -> None:
    assert left([NUMBER, REMARK]) == [NUMBER, REMARK]


def test_the_rule_that_is_named_is_left_out_at_any_depth() -> None:
    second = problem("body.readings[1].meter_number")
    assert left([NUMBER, REMARK, second], "meter_number") == [REMARK]


def test_no_other_rule_of_the_field_is_overruled() -> None:
    too_long = problem("body.readings[0].meter_number", "too-long")
    assert left([too_long], "meter_number") == [too_long]


def test_what_is_overruled_is_logged_without_a_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="gridwright"):
        left([NUMBER], "meter_number")
    assert [(r.name, r.levelname, r.getMessage()) for r in caplog.records] == [
        (
            "gridwright",
            "WARNING",
            "demo.save: body.readings[0].meter_number is missing, and the call overrules the rule",
        )
    ]


def test_a_rule_that_was_not_broken_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="gridwright"):
        assert left([], "meter_number", "begin") == []
    assert caplog.records == []


def test_a_name_that_is_no_field_is_a_problem() -> None:
    (found,) = left([], "metre_number")
    assert (found.path, found.rule) == ("overrule", "unknown-field")
    assert "'metre_number'" in found.message


def test_a_text_in_place_of_names_is_a_problem_and_overrules_nothing() -> None:
    found = drop_overruled([NUMBER], "meter_number", model=Save, call="demo.save")
    assert [(one.path, one.rule) for one in found] == [
        (NUMBER.path, "required"),
        ("overrule", "wrong-type"),
    ]

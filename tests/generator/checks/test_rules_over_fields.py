"""A rule over several fields says what its kind needs, and nothing else."""

import pytest

from ..support import Tree, codes_with, without

SAVE = ("operations", "save_readings")
RULE = {"kind": "required_if", "field": "body.readings.note", "en": "x", "at": "31"}


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ({"when": {"body.readings.reason": ["OTHER"]}}, []),
        ({}, ["missing-key"]),
        ({"values": ["x"]}, ["misplaced-key", "missing-key"]),
        ({"kind": "forbidden", "values": ["x"]}, []),
        ({"kind": "forbidden", "when": {"body.readings.reason": ["OTHER"]}},
         ["misplaced-key", "missing-key"]),
        ({"kind": "not_after"}, ["wrong-field"]),
        ({"when": {"body.readings.reason": ["OTHER"]}, "field": "body.readings.nota"},
         ["unknown-field"]),
        ({"when": {"body.readings.reasen": ["x"]}}, ["unknown-field"]),
    ],
)  # fmt: skip
def test_a_rule_says_what_its_kind_needs_and_nothing_else(rule: Tree, codes: list[str]) -> None:
    assert codes_with((*SAVE, "rules"), [{**RULE, **rule}]) == codes


def test_a_rule_is_about_one_field() -> None:
    fields = ["body.readings.note", "body.readings.reason"]
    rule = {**without(RULE, ("field",)), "fields": fields, "when": {fields[1]: ["OTHER"]}}
    assert codes_with((*SAVE, "rules"), [rule]) == ["wrong-field"]


@pytest.mark.parametrize("kind", ["", "yes"])
def test_a_rule_of_no_kind_is_told_and_no_more_is_asked_of_it(kind: str) -> None:
    rule = {**RULE, "kind": kind, "when": {"body.readings.reason": ["OTHER"]}}
    assert len(codes_with((*SAVE, "rules"), [rule])) == 1

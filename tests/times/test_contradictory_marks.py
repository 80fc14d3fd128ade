"""One label marks one end of one interval, whichever value it labels."""

import pytest

from gridwright.load import amend_text
from gridwright.pipeline import understand

SPEC = """
gridwright: 1
system: contradictions
title: {text: Values, en: Values, at: 1}
document: {file: values.txt, title: Values, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Asia/Seoul, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
records:
  Value:
    en: a value
    at: 2
    fields:
      date: {name: own_day, type: date, format: yyyymmdd, at: 2}
      time: {name: label, type: time, format: "HH:mm", at: 2}
      other: {name: other_label, type: time, format: "HH:mm", at: 2}
      length: {name: length, type: duration, at: 2}
      p: {name: power_mw, type: decimal, unit: MW, at: 2, instant: {FIRST}}
      q: {name: reactive_mvar, type: decimal, unit: Mvar, at: 2, instant: {SECOND}}
operations:
  get_day:
    en: a day
    kind: read
    at: 3
    method: GET
    address: {text: /day, at: 3}
    formats: [json]
    reply:
      record: Day
      fields:
        day: {name: day, type: date, format: yyyymmdd, at: 3}
        values: {name: records, type: list, of: Value, at: 3}
"""
OWN, AROUND = "day: date, time: time, step: PT1H", "day: day, time: time, step: PT1H"
BY_FIELD = "day: date, time: time, step: length"


def codes(first: str, second: str) -> list[str]:
    text = SPEC.replace("FIRST", first).replace("SECOND", second)
    _, problems = understand(*amend_text(text.encode(), "interface.yaml", ()))
    return [one.code for one in problems if one.severity == "error"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (OWN, OWN),
        (OWN, f"{OWN}, label: yes"),
        (OWN, "day: date, time: time, step: PT60M"),
        (AROUND, AROUND),
        (BY_FIELD, BY_FIELD),
    ],
)
def test_one_label_of_both_ends_is_refused(first: str, second: str) -> None:
    start, end = "label_marks: start", "label_marks: end"
    assert codes(f"{first}, {start}", f"{second}, {end}") == ["contradictory-marks"]
    assert codes(f"{first}, {end}", f"{second}, {start}") == ["contradictory-marks"]


@pytest.mark.parametrize(
    "second",
    [
        f"{OWN}, label_marks: start",
        f"{OWN}, label_marks: undecided",
        "day: date, time: other, step: PT1H, label_marks: end",
        "day: day, time: time, step: PT1H, label_marks: end",
        "day: date, time: time, step: PT2H, label_marks: end",
    ],
)
def test_labels_that_contradict_nothing_are_accepted(second: str) -> None:
    assert codes(f"{OWN}, label_marks: start", second) == []
    assert codes(second, f"{OWN}, label_marks: start") == []


def test_the_error_names_both_values_and_what_to_write() -> None:
    text = SPEC.replace("FIRST", f"{OWN}, label_marks: start")
    text = text.replace("SECOND", f"{OWN}, label_marks: end")
    (problem,) = understand(*amend_text(text.encode(), "interface.yaml", ()))[1]
    assert "'power_mw' and 'reactive_mvar' of 'Value'" in problem.message
    assert "`label_marks: undecided`" in problem.help

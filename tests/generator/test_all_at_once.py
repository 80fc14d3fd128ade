"""One run reports every mistake, of whatever stage, sorted and without repeats."""

from .support import problems_of

# Ten mistakes, in the order of the file: grammar, citation, server, check, names, types, binding.
SPEC = """\
gridwright: 1
system: demo
title: {text: Demo, en: Demo}
document: {file: demo.txt, title: Demo, language: en, at: 1, publishr: nobody}
conventions:
  required_marks: {O: required}
  time_zone: {name: Asia/Soul, at: 1}
servers:
  old: {address: "http://api.example.com", at: 2}
  production: {address: "https://api.example.com", default: yes, confirmed: no, at: 2}
operations:
  list_readings:
    wire_name: listReadings
    en: readings of a meter
    kind: raed
    at: 3
    method: GET
    address: {text: "https://api.example.org/readings", at: 3}
    formats: [json]
    request:
      meterNo: {name: meter_number, type: text, required: "0", size: 10, at: 4}
      date: {name: date, type: date, format: yyyymmdd, size: 6, at: 4}
    reply:
      record: Reading
      list: {element: readings, at: 5}
      fields:
        energy: {name: energy_kwh, type: decimal, size: "14,4", unit: kw/h, at: 6}
        class: {name: class, type: text, at: 6}
"""
AMENDMENTS = """\
- id: gone
  kind: erratum
  finding: the printed value is not there
  ruling: this is reported, too
  patch: {title.en: {printed: Dema, use: Demonstration}}
"""


def test_ten_mistakes_of_different_stages_are_reported_in_one_run_in_order() -> None:
    assert problems_of(SPEC) == [
        "3:8 missing-citation",
        "4:62 unknown-key",
        "7:21 unknown-zone",
        "9:18 unencrypted-server",
        "10:3 doubtful-default",
        "15:11 unknown-word",
        "18:21 unknown-server",
        "21:59 unknown-required-mark",
        "22:62 size-contradicts-format",
        "27:71 unknown-unit",
        "28:23 reserved-name",
    ]


def test_mistakes_of_amendments_stand_beside_those_of_the_spec() -> None:
    assert problems_of(SPEC, AMENDMENTS)[:2] == [
        "1:3 amendment-evidence",
        "5:31 amendment-printed",
    ]
    assert len(problems_of(SPEC, AMENDMENTS)) == 13


def test_what_follows_from_a_broken_grammar_at_the_same_place_is_not_said_again() -> None:
    spec = SPEC.replace("en: Demo}", "text: Demo}").replace("text: Demo, text: Demo", "text: Demo")
    assert [p for p in problems_of(spec) if p.startswith("3:")] == ["3:8 missing-key"]

"""Validators judge what a spec says of each value: small messages that break one thing each."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ..support import Tree, put, tree_of
from .packages import Made, make, spec

CODES = """\
kind: {en: kind, at: 20, values: {"01": {name: one, en: one}, "02": {name: two, en: two}}}
phases: {en: phases, at: 20, values: {"1": {name: one, en: one}, "3": {name: three, en: three}}}
"""

KIND = {"en": "kind", "at": "20", "values": {"01": {"name": "one", "en": "one"}}}

FIELDS = """\
short: {type: text, size: 3}
fewBytes: {type: text, size: 4, size_unit: bytes, encoding: euc-kr}
kind: {type: code, codes: kind, size: 2}
phases: {type: code, codes: phases, json: number}
whole: {type: integer, size: 2}
number: {type: decimal, size: "4,1"}
printed: {type: decimal, format: "1.234,5"}
day: {type: date, format: yyyymmdd}
hour: {type: time, format: hhmi}
at: {type: datetime, format: date-time}
local: {type: datetime, format: yyyymmddhhmi, zone: Europe/Vienna}
cycle: {type: day_of_month, format: dd}
length: {type: duration}
minutes: {type: duration, unit: min}
flag: {type: boolean}
anything: {type: any}
names: {type: list, of: text, count: 1-2, length: 2, matches: "L[1-3]"}
numbers: {type: list, of: integer, range: 0-9}
wideNames: {type: list, of: text, size_unit: bytes, encoding: euc-kr, size: 9, length: 4}
exact: {type: text, length: [2, 4-5]}
inBytes: {type: text, size: 9, size_unit: bytes, encoding: euc-kr, length: 4}
formed: {type: text, matches: "[A-Z]+"}
bounded: {type: integer, range: {from: -90, to: 90, step: 5}}
least: {type: decimal, range: 0.5-}
dash: {type: decimal, missing: ["-"]}
gone: {type: decimal, range: 0-, missing: ["-999"]}
"""

# What may stand under a wire name.
GOOD: list[tuple[str, Any]] = [
    ("short", "한전한"),
    ("fewBytes", "한전"),
    ("kind", "02"),
    ("phases", 3),
    ("phases", "3"),
    ("whole", 12),
    ("number", "123.4"),
    ("printed", "1.234,5"),
    ("day", "20240229"),
    ("hour", "2400"),
    ("at", "2024-10-01T00:00:00Z"),
    ("local", "202410270130"),
    ("cycle", "31"),
    ("length", "PT15M"),
    ("minutes", "15"),
    ("flag", True),
    ("anything", {"a": [1]}),
    ("names", ["L1", "L2"]),
    ("numbers", [0, 9]),
    ("wideNames", ["한전"]),
    ("exact", "12"),
    ("exact", "12345"),
    ("inBytes", "한전"),
    ("formed", "AB"),
    ("bounded", -90),
    ("bounded", 85),
    ("least", "0.5"),
    ("dash", "-"),
    ("gone", "-999"),
    ("gone", -999),
    ("gone", "-999.0"),
]

# What may not, and the rule that it breaks.
BAD: list[tuple[str, Any, str]] = [
    ("short", "1234", "too-long"),
    ("fewBytes", "한전a", "too-long"),
    ("kind", "03", "not-a-code"),
    ("phases", 2, "not-a-code"),
    ("whole", 123, "too-many-digits"),
    ("whole", "1.5", "not-number"),
    ("number", "12345", "too-many-digits"),
    ("number", "1.25", "too-many-decimals"),
    ("printed", "1,234.5", "not-number"),
    ("day", "20240230", "not-a-date"),
    ("day", "2024-02-29", "not-a-date"),
    ("hour", "2401", "not-a-date"),
    ("at", "2024-10-01T00:00:00", "not-a-date"),
    ("local", "202403310230", "skipped-time"),
    ("cycle", "32", "not-a-date"),
    ("length", "15", "not-a-duration"),
    ("minutes", "PT15M", "not-number"),
    ("flag", "maybe", "wrong-type"),
    ("names", [], "too-few-items"),
    ("names", ["L1", "L2", "L3"], "too-many-items"),
    ("names", ["L4"], "other-form"),
    ("numbers", [10], "too-large"),
    ("wideNames", ["한a"], "too-short"),
    ("exact", "123", "other-length"),
    ("inBytes", "한전a", "too-long"),
    ("formed", "Ab", "other-form"),
    ("bounded", -95, "too-small"),
    ("bounded", 95, "too-large"),
    ("bounded", 3, "off-step"),
    ("least", "0.4", "too-small"),
    ("dash", "--", "not-number"),
    ("gone", -99, "too-small"),
]


def named(fields: Any) -> Tree:
    """Return fields of which only the type and what it may be is given, complete."""
    return {
        wire: {
            "name": "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in wire),
            "en": "thing",
            "at": "30",
            **about,
        }
        for wire, about in fields.items()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    known: Any = tree_of(FIELDS)
    fields = named({wire: {"presence": "optional", **about} for wire, about in known.items()})
    reply = {"record": "Thing", "list": {"element": "rows", "at": "5"}, "fields": fields}
    tree = put(spec(reply=reply), ("codes",), tree_of(CODES))
    return make(tree, tmp_path_factory.mktemp("validators"), "judged")


@pytest.mark.parametrize(("wire", "value"), GOOD)
def test_what_a_field_may_hold_is_no_problem(made: Made, wire: str, value: Any) -> None:
    assert made.validators.check_thing({wire: value}) == []


# The code of `phases` is a number in JSON, and a text in XML.
@pytest.mark.parametrize(("wire", "value"), [one for one in GOOD if one != ("phases", "3")])
def test_what_a_field_may_hold_the_schema_of_the_reply_takes(
    made: Made, wire: str, value: Any
) -> None:
    schema = json.loads(made.files["schemas/judged/list_readings.reply.schema.json"])
    assert Draft202012Validator(schema).is_valid({"rows": [{wire: value}]})


@pytest.mark.parametrize(("wire", "value", "rule"), BAD)
def test_what_a_field_may_not_hold_is_told_with_its_line(
    made: Made, wire: str, value: Any, rule: str
) -> None:
    (problem,) = made.validators.check_thing({wire: value})
    assert (problem.wire, problem.rule) == (wire, rule)
    assert problem.source == "demo.txt:30"


PRESENCE = """\
needed: {type: text, required: O}
usual: {type: text}
maybe: {type: text, presence: optional}
lines: {type: list, of: Line, required: O}
few: {type: list, of: Line}
renamed: {type: text, also: {other: {observed: seen}}}
hidden: {type: code, codes: kind, personal: yes}
secret: {type: code, codes: kind, secret: yes}
shown: {type: code, codes: kind}
"""
WHOLE = {
    "needed": "x",
    "usual": "x",
    "lines": [{"code": "x"}],
    "few": [],
    "renamed": "x",
    "hidden": "01",
    "secret": "01",
    "shown": "01",
}


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Made:
    record = {"en": "thing", "at": "30", "fields": named(tree_of(PRESENCE))}
    tree = put(spec(reply={"of": "Thing"}), ("records", "Thing"), record)
    tree = put(tree, ("codes", "kind"), KIND)
    return make(tree, tmp_path_factory.mktemp("presence"), "present")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"needed": None}, [("needed", "required")]),
        ({"needed": ""}, [("needed", "required")]),
        ({"usual": None}, [("usual", "missing-field")]),
        ({"usual": ""}, []),
        ({"maybe": "x"}, []),
        ({"lines": []}, [("lines", "required")]),
        ({"few": None}, [("few", "missing-field")]),
        ({"lines": [{}]}, [("code", "missing-field")]),
        ({"renamed": None, "other": "x"}, [("renamed", "renamed-field")]),
        ({"unknown": "x"}, [("unknown", "unknown-field")]),
    ],
)
def test_what_must_be_there_is_missed(
    present: Made, change: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    record = {wire: value for wire, value in (WHOLE | change).items() if value is not None}
    problems = present.validators.check_thing(record)
    assert [(problem.wire, problem.rule) for problem in problems] == found


@pytest.mark.parametrize(
    ("wire", "is_shown"), [("hidden", False), ("secret", False), ("shown", True)]
)
def test_no_message_shows_what_is_personal_or_secret(
    present: Made, wire: str, is_shown: bool
) -> None:
    (problem,) = present.validators.check_thing(WHOLE | {wire: "LONGWORD"})
    assert ("LONGWORD" in problem.message) is is_shown


REQUEST = """\
first: {type: date, format: yyyymmdd, required: X}
last: {type: date, format: yyyymmdd, required: X}
begin: {type: datetime, format: yyyymmddhhmi, zone: Europe/Vienna, required: X}
end: {type: datetime, format: yyyymmddhhmi, zone: Europe/Vienna, required: X}
reason: {type: text, required: X}
remark: {type: text, required: X}
since: {type: date, format: yyyymmdd, required: X}
until: {type: date, format: yyyymmdd, required: X}
ids: {type: list, of: text, required: X}
count: {type: integer, size: 2, required: O}
customer: {type: code, codes: kind, personal: "yes", required: X}
"""
RULES = """\
- {kind: required_if, field: remark, when: {reason: [OTHER]}, en: x, at: 40}
- {kind: forbidden, field: reason, values: [NONE, NOBODY], en: x, at: 41}
- {kind: not_after, fields: [first, last], en: x, at: 42}
- {kind: longest_period, fields: [first, last], at_most: P31D, en: x, at: 43}
- {kind: longest_period, fields: [begin, end], at_most: P1MT12H, en: x, at: 44}
- {kind: together, fields: [first, last], en: x, at: 45}
- {kind: needs, fields: [remark, reason], en: x, at: 46}
- {kind: at_most_one, fields: [first, begin], en: x, at: 47}
"""
LIMITS = """\
month: {kind: period, from: since, to: until, to_is: included, at_most: P1M,
  operations: [list_readings], en: x, at: 48}
few: {kind: batch, field: ids, at_most: 2, operations: [list_readings], en: x, at: 49}
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Made:
    request, limits = named(tree_of(REQUEST)), tree_of(LIMITS)
    tree = spec(request=request, rules=tree_of(RULES), limits=limits)
    tree = put(tree, ("conventions", "required_marks", "X"), "optional")
    tree = put(tree, ("codes", "kind"), KIND)
    return make(tree, tmp_path_factory.mktemp("requests"), "asked")


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({}, []),
        ({"count": ""}, [("count", 30)]),
        ({"count": "123"}, [("count", 30)]),
        ({"reason": "OTHER"}, [("remark", 40)]),
        ({"reason": "OTHER", "remark": "x"}, []),
        ({"reason": "NONE"}, [("reason", 41)]),
        ({"reason": "NOBODY"}, [("reason", 41)]),
        ({"remark": "x"}, [("reason", 46)]),
        ({"first": "20240102", "last": "20240102"}, []),
        ({"first": "20240102", "last": "20240101"}, [("first", 42)]),
        ({"first": "20240101", "last": "20240201"}, []),
        ({"first": "20240101", "last": "20240202"}, [("first", 43)]),
        ({"first": "20240101"}, [("last", 45)]),
        ({"last": "20240101"}, [("first", 45)]),
        ({"begin": "202403010000", "end": "202404011200"}, []),
        ({"begin": "202403010000", "end": "202404011201"}, [("begin", 44)]),
        ({"since": "20240201", "until": "20240229"}, []),
        ({"since": "20240201", "until": "20240301"}, [("since", 48)]),
        ({"ids": ["1", "2"]}, []),
        ({"ids": ["1", "2", "3"]}, [("ids", 49)]),
        ({"first": "20240101", "last": "20240101", "begin": "202403010000"}, [("begin", 47)]),
    ],
)
def test_rules_judge_a_request_as_a_whole(
    asked: Made, request_: dict[str, Any], found: list[tuple[str, int]]
) -> None:
    problems = asked.validators.check_list_readings_request({"count": "1"} | request_)
    assert [(one.wire, one.source) for one in problems] == [
        (wire, f"demo.txt:{line}") for wire, line in found
    ]


def test_a_personal_argument_is_in_no_message(asked: Made) -> None:
    request = {"count": "1", "customer": "LONGWORD"}
    (problem,) = asked.validators.check_list_readings_request(request)
    assert (problem.wire, problem.rule) == ("customer", "not-a-code")
    assert "LONGWORD" not in problem.message


SERIES = """\
day: {type: date, format: yyyymmdd}
v1~v25: {name: energy_kwh, type: decimal, unit: kWh, presence: optional,
  series: {wire: "v{n}", first: "1", last: "25", step: PT1H, day: day}}
p0~p24: {name: pressure_bar, type: decimal, unit: bar, personal: "yes", presence: optional,
  series: {wire: "p{n}", first: "0", last: "24", step: PT1H, day: day}}
q0100~q2400: {name: power_kw, type: decimal, unit: kW, presence: optional,
  series: {wire: "q{hhmm}", first: "0100", last: "2400", step: PT1H, label_marks: end, day: day}}
s0000~s2300: {name: state_kwh, type: decimal, unit: kWh, presence: optional,
  series: {wire: "s{hhmm}", first: "0000", last: "2300", step: PT1H, label_marks: start,
  day: day, measures: register}}
time: {type: time, format: hhmi, presence: optional}
single: {name: single_kwh, type: decimal, unit: kWh, presence: optional,
  instant: {day: day, time: time, step: PT1H, label_marks: end}}
"""


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Made:
    known: Any = tree_of(SERIES)
    fields = named({wire: {"name": wire, **about} for wire, about in known.items()})
    reply = {"record": "Thing", "list": {"element": "rows", "at": "5"}, "fields": fields}
    tree = put(spec(reply=reply), ("conventions", "time_zone", "name"), "Europe/Vienna")
    return make(tree, tmp_path_factory.mktemp("dated"), "dated")


@pytest.mark.parametrize(
    ("day", "values", "found"),
    [
        ("20241001", {"v24": 1, "p23": 1, "q0300": 1, "s0200": 1}, {}),
        ("20241001", {"v25": 1, "p24": 1}, {"v25": "no-such-position", "p24": "no-such-position"}),
        ("20241027", {"v25": 1, "p24": 1}, {}),
        ("20240331", {"v23": 1, "p22": 1}, {}),
        ("20240331", {"v24": 1, "p23": 1}, {"v24": "no-such-position", "p23": "no-such-position"}),
        ("20240331", {"q0200": 1, "q0400": 1, "s0100": 1, "s0300": 1}, {}),
        ("20240331", {"q0300": 1, "s0200": 1}, {"q0300": "skipped-time", "s0200": "skipped-time"}),
        ("20240331", {"time": "0200", "single": 1}, {}),
        ("20240331", {"time": "0300", "single": 1}, {"single": "skipped-time"}),
        ("20240331", {"q0100": "x", "v1": "x"}, {"q0100": "not-number", "v1": "not-number"}),
    ],
)
def test_a_value_of_an_hour_that_the_day_does_not_have_is_told(
    dated: Made, day: str, values: dict[str, Any], found: dict[str, str]
) -> None:
    problems = dated.validators.check_thing({"day": day} | values)
    assert {one.wire: one.rule for one in problems} == found
    assert {one.source for one in problems} <= {"demo.txt:30"}


ZONED = """\
tz: {type: text, presence: optional}
day: {type: date, format: yyyymmdd}
placed: {type: datetime, format: yyyymmddhhmi, presence: optional}
v1~v25: {name: energy_kwh, type: decimal, unit: kWh, presence: optional,
  series: {wire: "v{n}", first: "1", last: "25", step: PT1H, day: day}}
q0100~q2400: {name: power_kw, type: decimal, unit: kW, presence: optional,
  series: {wire: "q{hhmm}", first: "0100", last: "2400", step: PT1H, label_marks: end, day: day}}
"""


@pytest.fixture(scope="module")
def zoned(tmp_path_factory: pytest.TempPathFactory) -> Made:
    reply = {"record": "Thing", "list": {"element": "rows", "at": "5"}, "zone": {"field": "tz"}}
    tree = spec(reply={**reply, "fields": named(tree_of(ZONED))})
    names = {"KST": "Asia/Seoul", "LOCAL": "Europe/Vienna"}
    tree = put(tree, ("conventions", "time_zone", "names"), names)
    return make(tree, tmp_path_factory.mktemp("zoned"), "zoned")


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("KST", {"v25": "no-such-position"}),
        ("UTC", {"placed": "unknown-zone"}),
        (
            "LOCAL",
            {
                "placed": "skipped-time",
                "q0300": "skipped-time",
                "v24": "no-such-position",
                "v25": "no-such-position",
            },
        ),
    ],
)
def test_a_value_is_of_the_zone_that_its_record_names(
    zoned: Made, zone: str, found: dict[str, str]
) -> None:
    record = {"tz": zone, "day": "20240331", "placed": "202403310230"}
    problems = zoned.validators.check_thing({**record, "q0300": 1, "v24": 1, "v25": 1})
    assert {one.wire: one.rule for one in problems} == found


@pytest.mark.parametrize(
    ("request_", "is_valid"),
    [
        ({}, True),
        ({"reason": "OTHER"}, False),
        ({"reason": "OTHER", "remark": "x"}, True),
        ({"reason": "NONE"}, False),
        ({"reason": "NOBODY"}, False),
        ({"reason": "ELSE"}, True),
        ({"remark": "x"}, False),
        ({"first": "20240101"}, False),
        ({"last": "20240101"}, False),
        ({"first": "20240101", "last": "20240102"}, True),
        ({"first": "20240101", "last": "20240102", "begin": "202401010000"}, False),
        ({"begin": "202401010000"}, True),
    ],
)
def test_schemas_of_requests_say_the_rules_that_a_schema_can_say(
    asked: Made, request_: dict[str, Any], is_valid: bool
) -> None:
    schema = json.loads(asked.files["schemas/asked/list_readings.request.schema.json"])
    assert Draft202012Validator(schema).is_valid({"count": "1"} | request_) is is_valid

import pytest

from ..support import BASE, understood

REQUEST = "      meterNo: {name: meter_number, type: text, required: O, size: 10, at: 4}\n"
CODES = "codes:\n  group: {at: 1, en: group, values: {hour: {name: hour}, day: {name: day}}}\n"
FIELDS = """\
      from: {name: first, type: datetime, pattern: iso8601, at: 4}
      to: {name: last, type: date, format: yyyymmdd, at: 4}
      group: {name: group, type: code, codes: group, at: 4}
"""


def found(fields: str, rules: str = "") -> list[str]:
    spec = BASE.replace("servers:\n", f"{CODES}servers:\n").replace(REQUEST, REQUEST + fields)
    spec = spec.replace("    reply:\n", f"{rules}    reply:\n")
    problems = [problem for problem in understood(spec)[1] if problem.code != "unused"]
    return [f"{problem.code}: {problem.message}; {problem.help}" for problem in problems]


@pytest.mark.parametrize(
    "keys",
    [
        "type: code, codes: group, default: dayly",
        "type: integer, range: 1-100, default: '0'",
        "type: integer, range: 1-100, default: '101'",
        "type: integer, default: first",
        "type: integer, default: '1.5'",
        "type: decimal, default: '1,5'",
        "type: date, format: yyyymmdd, default: '2024-01-01'",
        "type: datetime, pattern: iso8601, default: now",
        "type: boolean, default: 'yes'",
        "type: text, size: 3, default: kept",
        "type: text, length: [2, 4], default: day",
        'type: text, matches: "[A-Z]+", default: day',
    ],
)
def test_a_default_is_a_value_that_its_field_can_have(keys: str) -> None:
    [problem] = found(f"      part: {{name: part, {keys}, at: 4}}\n")
    assert problem.startswith("impossible-value: the default ")


@pytest.mark.parametrize(
    "keys",
    [
        "type: code, codes: group, default: day",
        "type: integer, range: 1-100, default: '100'",
        "type: decimal, default: '-1.50'",
        "type: date, format: yyyymmdd, default: '20240101'",
        "type: text, default: anything",
        "type: boolean, default: 'true'",
        "type: text, size: 4, default: kept",
        'type: text, length: [3, 5], matches: "[a-z]+", default: day',
    ],
)
def test_a_default_that_its_field_can_have_is_fine(keys: str) -> None:
    assert found(f"      part: {{name: part, {keys}, at: 4}}\n") == []


@pytest.mark.parametrize(
    ("rule", "is_possible"),
    [
        ("kind: required_if, field: from, when: {group: [hourly]}", False),
        ("kind: required_if, field: from, when: {group: [hour, day]}", True),
        ('kind: required_if, field: from, when: {to: ["*"]}', False),
        ('kind: required_if, field: from, when: {to: ["20240101", ""]}', True),
        ("kind: forbidden, field: group, values: [dayly]", False),
        ("kind: forbidden, field: group, values: [day]", True),
    ],
)
def test_a_rule_can_hold(rule: str, is_possible: bool) -> None:
    problems = found(FIELDS, f"    rules:\n      - {{{rule}, en: x, at: 4}}\n")
    wanted = [] if is_possible else ["impossible-value: a rule never holds"]
    assert [
        problem.partition(":")[0] + ":" + problem.split(":")[1] for problem in problems
    ] == wanted


@pytest.mark.parametrize(
    ("keys", "second", "help"),
    [
        ("type: boolean", "yes", "did you mean 'true'?"),
        ("type: boolean", "Y", "known: false, true"),
        ("type: boolean", '"true"', None),
        ("type: integer", "second", "name values that the field can have"),
        ("type: integer", '"1"', None),
        ("type: code, codes: group", "dya", "did you mean 'day'?"),
        ("type: code, codes: group", "DAY", None),
        ("type: text", "yes", None),
    ],
)
@pytest.mark.parametrize("at", ["interval", "interval around", "field"])
def test_what_means_the_second_of_two_hours_can_be_said(
    keys: str, second: str, help: str | None, at: str
) -> None:
    repeated = f"repeated: {{field: flag, second: [{second}]}}"
    day = "        day: {name: day, type: date, format: yyyymmdd, at: 6}\n"
    hour = '        hour: {name: hour, type: time, format: "HH:mm", at: 6}\n'
    label = ", label: yes" if at == "interval around" else ""
    instant = f"instant: {{day: day, time: hour, step: PT1H, label_marks: end{label}, {repeated}}}"
    value = f"        load: {{name: load_kw, type: decimal, unit: kW, at: 6, {instant}}}\n"
    if at == "field":
        value = (
            "        load: {name: read_at, type: datetime, format: yyyymmddhhmi, "
            f"zone: Europe/Paris, {repeated}, at: 6}}\n"
        )
    flag = f"        flag: {{name: flag, {keys}, at: 6}}\n"
    spec = BASE.replace("servers:\n", f"{CODES}servers:\n") + day + hour + flag + value
    problems = [problem for problem in understood(spec)[1] if problem.code != "unused"]
    assert [problem.help for problem in problems] == ([] if help is None else [help])
    assert all(problem.message.startswith("no hour is ever the second") for problem in problems)


@pytest.mark.parametrize(
    ("name", "unit", "is_wrong"),
    [
        ("energy_kwh", "MW", True),
        ("energy_kwh", "MWh", True),
        ("energy_wh", "kWh", True),
        ("energy_kwh", "kWh", False),
        ("price_eur_per_mwh", "EUR/MWh", False),
        ("price_eur_per_mwh", "EUR/kWh", True),
        ("energy", "MW", False),
        ("total_amount", "KRW", False),
    ],
)
def test_a_name_does_not_end_in_another_unit(name: str, unit: str, is_wrong: bool) -> None:
    field = f"      part: {{name: {name}, type: decimal, unit: {unit}, at: 4}}\n"
    codes = [problem.partition(":")[0] for problem in found(field)]
    assert codes == (["unit-contradicts-name"] if is_wrong else [])


@pytest.mark.parametrize("keys", ["type: text", "type: date, format: yyyymmdd", "type: boolean"])
def test_what_is_no_quantity_has_no_unit(keys: str) -> None:
    [problem] = found(f"      part: {{name: part, {keys}, unit: kWh, at: 4}}\n")
    assert problem.startswith("misplaced-key: 'unit' has a meaning at a number")

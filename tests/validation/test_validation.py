from collections.abc import Callable
from decimal import Decimal

import pytest

from gridwright_runtime.problems import RULES, Problem
from gridwright_runtime.texts.encoders import Unencodable
from gridwright_runtime.validation import RecordValidator

MISSING = object()
PERSONAL = "0123456789x"


def problems(check: Callable[[RecordValidator], None], value: object = MISSING) -> list[str]:
    """Return the rules that one field breaks."""
    validator = RecordValidator({} if value is MISSING else {"f": value})
    check(validator)
    found = validator.problems()
    assert {problem.rule for problem in found} <= set(RULES)
    return [problem.rule for problem in found]


def text(**about: object) -> Callable[[RecordValidator], None]:
    return lambda validator: validator.text("f", "field", "", "", **about)  # type: ignore[arg-type]


def decimal(precision: int | None = 14, scale: int | None = 4) -> Callable[[RecordValidator], None]:
    return lambda validator: validator.decimal(
        "f", "field", "", "", precision=precision, scale=scale
    )


def integer(max_digits: int | None = 5) -> Callable[[RecordValidator], None]:
    return lambda validator: validator.integer("f", "field", "", "", max_digits=max_digits)


def dated(pattern: str) -> Callable[[RecordValidator], None]:
    return lambda validator: validator.date("f", "field", "", "", pattern=pattern)


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_value_is_a_problem_only_where_it_is_required(value: object) -> None:
    assert problems(text(), value) == []
    assert problems(text(required=True), value) == ["required"]


def test_texts_in_a_list_are_on_one_line_and_whole() -> None:
    def texts(validator: RecordValidator) -> None:
        validator.values("f", "field", "", "", kind="text")

    assert problems(texts, ["a", "b c"]) == []
    assert problems(texts, ["a\n", "b", "\ud800"]) == ["control-character", "control-character"]


def test_an_absent_field_is_missing_unless_optional() -> None:
    assert problems(text()) == ["missing-field"]
    assert problems(text(optional=True)) == []
    assert problems(text(required=True)) == ["required"]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss", "0001-01-01T00:00:00"),
        ("yyyy-MM-dd'T'HH:mm:ss", "1601-01-01T00:00:00"),
        ("yyyymmdd", "25671001"),
        ("yyyymm", "435710"),
        ("yyyymmddhhmi", "999912312400"[:8] + "0000"),
        ("yyyymmddhh", "0113100100"),
    ],
)
def test_a_date_of_a_year_that_cannot_be_meant_is_reported(pattern: str, text: str) -> None:
    validator = RecordValidator({"at": text})
    validator.date("at", "at", "", "", pattern=pattern)
    [problem] = validator.problems()
    assert (problem.rule, problem.message) == (
        "implausible-date",
        "is not of a year from 1900 to 2199",
    )


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "2567", "9999"])
def test_so_is_an_instant_alone_and_in_a_list(year: str) -> None:
    value = f"{year}-01-01T00:00:00+03:00"
    validator = RecordValidator({"at": value, "all": [value, "2024-01-01"]})
    validator.instant("at", "at", "", "")
    validator.values("all", "all", "", "", kind="instant")
    assert [problem.rule for problem in validator.problems()] == ["implausible-date"] * 2


@pytest.mark.parametrize("text", ["19000101", "21991231", "20241001"])
def test_a_date_of_any_other_year_is_not(text: str) -> None:
    validator = RecordValidator({"at": text})
    validator.date("at", "at", "", "")
    assert validator.problems() == []


def test_a_time_of_day_and_a_day_of_month_have_no_year() -> None:
    validator = RecordValidator({"time": "2359", "day": "31"})
    validator.time("time", "time", "", "")
    validator.day_of_month("day", "day", "", "")
    assert validator.problems() == []


def test_characters_are_counted_not_bytes() -> None:
    assert problems(text(max_characters=2), "고객") == []
    assert problems(text(max_characters=2), "고객명") == ["too-long"]
    assert problems(text(min_characters=3), "고객") == ["too-short"]


def test_bytes_are_counted_in_the_named_encoding() -> None:
    assert problems(text(max_bytes=4, encoding="cp949"), "고객") == []
    assert problems(text(max_bytes=5), "고객") == ["too-long"]


@pytest.mark.parametrize("value", [5, Decimal("1"), True, {"a": "b"}, ["a"]])
def test_what_is_no_text_is_reported(value: object) -> None:
    assert problems(text(), value) == ["not-text"]


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "\x7f", "a\ud800"])
def test_a_control_character_is_reported(value: str) -> None:
    assert problems(text(), value) == ["control-character"]


@pytest.mark.parametrize(
    "value", ["0", "0.0000", "9999999999.9999", "-31.5", 85, Decimal("31.50000"), "1e3", "007.5"]
)
def test_a_decimal_within_its_size_is_no_problem(value: object) -> None:
    assert problems(decimal(), value) == []


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("10000000000", "too-many-digits"),
        ("1e10", "too-many-digits"),
        (10**10, "too-many-digits"),
        ("0.00001", "too-many-decimals"),
        (Decimal("1E-5"), "too-many-decimals"),
    ],
)
def test_a_decimal_over_its_size_is_reported(value: object, rule: str) -> None:
    assert problems(decimal(), value) == [rule]


@pytest.mark.parametrize(
    "value",
    ["", "NaN", "Infinity", "-inf", "1_000", "１", " 1", "1\n", "1,5", ".", "e5", True, {}, [1]],
)
def test_what_is_not_written_as_a_number_is_reported(value: object) -> None:
    expected = [] if value == "" else ["not-number"]
    assert problems(decimal(), value) == expected


def test_a_decimal_without_a_size_takes_any_number() -> None:
    assert problems(decimal(None, None), "12345678901234567890.123456789") == []


@pytest.mark.parametrize("value", ["12345", "-5", 0, 99999, "00012345"])
def test_a_whole_number_within_its_size_is_no_problem(value: object) -> None:
    assert problems(integer(), value) == []


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("123456", "too-many-digits"),
        pytest.param(10**5000, "too-many-digits", id="5000 digits"),
        ("1.0", "not-number"),
        ("１", "not-number"),
        ("1\n", "not-number"),
        (True, "not-number"),
        (Decimal("1"), "not-number"),
    ],
)
def test_other_whole_numbers_are_reported(value: object, rule: str) -> None:
    assert problems(integer(), value) == [rule]


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("yyyymmdd", "20240229"),
        ("yyyymm", "202402"),
        ("yyyymmddhhmi", "202410012345"),
        ("yyyymmddhhmi", "202410012400"),
        ("yyyymmddhh", "2024100100"),
    ],
)
def test_a_date_in_its_pattern_is_no_problem(pattern: str, value: str) -> None:
    assert problems(dated(pattern), value) == []


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("yyyymmdd", "20230229"),
        ("yyyymmdd", "2024-10-01"),
        ("yyyymmdd", "20241001\n"),
        ("yyyymmdd", "２０２４１００１"),
        ("yyyymmdd", "00000000"),
        ("yyyymm", "202413"),
        ("yyyymmddhhmi", "202410012401"),
        ("yyyymmddhhmi", "202410012360"),
        ("yyyymmddhh", "2024100125"),
    ],
)
def test_a_date_that_is_none_is_reported(pattern: str, value: str) -> None:
    assert problems(dated(pattern), value)[-1:] == ["not-a-date"]


def test_times_run_to_2400() -> None:
    def check(validator: RecordValidator) -> None:
        validator.time("f", "field", "", "")

    assert problems(check, "0000") == problems(check, "2400") == []
    assert problems(check, "2401") == problems(check, "12:0") == ["not-a-date"]


@pytest.mark.parametrize(("value", "rules"), [("12", []), ("1", []), ("01", [])])
def test_a_day_of_month_has_one_digit_or_two(value: str, rules: list[str]) -> None:
    assert problems(lambda validator: validator.day_of_month("f", "field", "", ""), value) == rules


@pytest.mark.parametrize("value", ["0", "32", "012", "20241012"])
def test_other_days_of_month_are_reported(value: str) -> None:
    assert problems(lambda validator: validator.day_of_month("f", "field", "", ""), value) == [
        "not-a-date"
    ]


def test_an_unknown_code_is_named_unless_it_is_personal() -> None:
    validator = RecordValidator({"f": "Q", "g": "SECRET-NAME"})
    validator.code("f", "field", "", "", codes=("Y", "N"))
    validator.code("g", "other", "", "", codes=("Y", "N"), personal=True)
    assert [problem.message for problem in validator.problems()] == [
        "'Q' is not one of 'Y', 'N'",
        "is not one of 'Y', 'N'",
    ]


def test_a_field_under_another_name_is_looked_at_and_reported() -> None:
    validator = RecordValidator({"meter": "12345"}, "records[3]")
    validator.text("meterNo", "meter_number", "", "", max_characters=4, also=("meter",))
    assert [(problem.path, problem.rule) for problem in validator.problems()] == [
        ("records[3].meter_number", "renamed-field"),
        ("records[3].meter_number", "too-long"),
    ]


def test_a_field_that_no_look_names_is_unknown() -> None:
    validator = RecordValidator({"f": "a", "lv_hv_val": "1"}, "records[0]")
    validator.text("f", "field", "", "")
    [problem] = validator.problems()
    assert (problem.path, problem.wire, problem.rule) == (
        "records[0].lv_hv_val",
        "lv_hv_val",
        "unknown-field",
    )


def test_a_problem_carries_labels_and_line() -> None:
    validator = RecordValidator({"custNo": PERSONAL}, document="sample.txt")
    validator.text(
        "custNo",
        "customer_number",
        "고객번호",
        "customer number",
        max_characters=10,
        personal=True,
        line="77",
    )
    [problem] = validator.problems()
    assert problem == Problem(
        path="customer_number",
        wire="custNo",
        rule="too-long",
        message="has 11 characters; at most 10 are allowed",
        label="고객번호",
        label_en="customer number",
        source="sample.txt:77",
    )
    assert str(problem) == (
        "customer_number (고객번호, customer number): too-long: "
        "has 11 characters; at most 10 are allowed [sample.txt:77]"
    )


def test_nested_records_are_looked_at_with_their_path() -> None:
    def check(record: object, path: str) -> list[Problem]:
        validator = RecordValidator(record, path)  # type: ignore[arg-type]
        validator.text("a", "a", "", "", max_characters=1)
        return validator.problems()

    validator = RecordValidator(
        {"one": {"a": "xx"}, "many": [{"a": "x"}, {"a": "yy"}], "bad": ["z"], "odd": 1}
    )
    validator.record("one", "one", "", "", check=check)
    validator.records("many", "many", "", "", check=check)
    validator.records("bad", "bad", "", "", check=check)
    validator.record("odd", "odd", "", "", check=check)
    assert [(problem.path, problem.rule) for problem in validator.problems()] == [
        ("one.a", "too-long"),
        ("many[1].a", "too-long"),
        ("bad", "wrong-type"),
        ("odd", "wrong-type"),
    ]


def test_a_value_that_could_not_be_written_is_reported_with_the_labels_of_its_field() -> None:
    validator = RecordValidator({"f": Unencodable("naive-time", "must have a time zone")})
    validator.date("f", "field", "일자", "date", required=True, line="9")
    [problem] = validator.problems()
    assert (problem.rule, problem.label, problem.source) == ("naive-time", "일자", "9")

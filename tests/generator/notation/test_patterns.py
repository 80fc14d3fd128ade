"""What the generator makes of a pattern is what the runtime reads and writes."""

import re
from datetime import date, datetime, time, timedelta

import pytest

from gridwright.notation.patterns import PatternError, example_of, understand
from gridwright_runtime.times.letters import compiled

from ..support import problems_of

PATTERNS = [
    *("dd.MM.yyyy", "DD/MM/YYYY", "dd/mm/yyyy", "d.M.yy", "dd MMM yyyy", "yyyy-MM-dd"),
    *("yyyy-MM", "MM/yyyy", "yyyy-'W'ww", "yyyyMMddHHmmss", "YYYYMMDDHHMISS", "yyyyMMddHHmmssSSS"),
    *("yyyy-MM-dd HH:mm", "DD.MM.YYYY HH24:MI", "MM/dd/yyyy hh:mm a", "yyyy-MM-ddTHH:mm:ssZ"),
    *("yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd’T’HH:mmXX", "HH:mm", "HHmmss", "H:mm", "HH"),
    *("rfc3339", "iso8601", "http-date", "epoch_s", "epoch_ms"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_generator_and_runtime_understand_a_pattern_alike(pattern: str) -> None:
    known = understand(pattern)
    text = example_of(pattern, date(2024, 10, 1))
    assert re.fullmatch(known.expression, text)
    assert known.length in (None, len(text))
    read = compiled(pattern).read(text)
    kinds = {"date": date, "month": date, "datetime": datetime, "time": timedelta}
    assert type(read) is kinds[known.kind]
    assert known.is_instant is (isinstance(read, datetime) and read.tzinfo is not None)
    if isinstance(read, timedelta):
        written = compiled(pattern).write((datetime.combine(date.min, time()) + read).time(), "UTC")
        assert written == text


@pytest.mark.parametrize("pattern", ["mm/mm/yyyy", "yyyyMd", "dd.dd.yyyy", "dHH", "MM/yyyy/MM"])
def test_a_pattern_that_can_be_read_in_two_ways_is_ambiguous(pattern: str) -> None:
    with pytest.raises(PatternError, match="two ways") as caught:
        understand(pattern)
    assert caught.value.is_ambiguous
    assert "pattern:" in caught.value.help


def test_years_of_three_digits_need_their_era() -> None:
    with pytest.raises(PatternError, match="do not say their era") as caught:
        understand("yyymmdd")
    assert caught.value.is_ambiguous


@pytest.mark.parametrize("pattern", ["", "dd-qq", "mm:ss", "yyyy", "yyyy-dd", "HH:ss"])
def test_help_for_a_pattern_that_is_none_shows_the_letters_and_no_other_pattern(
    pattern: str,
) -> None:
    with pytest.raises(PatternError) as caught:
        understand(pattern)
    assert not caught.value.is_ambiguous
    assert caught.value.help.startswith("letters: ")
    with pytest.raises(KeyError):
        compiled("dd-qq")


def test_mm_is_the_month_where_no_hour_precedes_and_the_minute_after_one() -> None:
    assert [piece.part for piece in understand("dd/mm/yyyy HH:mm").pieces if piece.part] == [
        *("day", "month", "year", "hour", "minute"),
    ]


FIELD = "        energy: {name: energy_kwh"


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ('type: date, format: "dd.MM.yyyy", size: 10', []),
        ('type: date, format: "dd.MM.yyyy", size: 8', ["size-contradicts-format"]),
        ('type: datetime, format: "dd.MM.yyyy"', ["format-does-not-fit"]),
        ('type: date, format: "mm/mm/yyyy"', ["ambiguous-format"]),
        ('type: date, format: "mm/mm/yyyy", pattern: "dd/MM/yyyy"', []),
        ('type: text, pattern: "dd/MM/yyyy"', ["format-without-time"]),
    ],
)
def test_a_field_says_its_pattern(keys: str, codes: list[str]) -> None:
    from ..support import BASE

    place = BASE.index("        energy:") if "        energy:" in BASE else -1
    spec = f"{BASE[:place]}        d: {{name: some_day, {keys}, at: 6}}\n{BASE[place:]}"
    assert [problem.split()[1] for problem in problems_of(spec)] == codes


@pytest.mark.parametrize(
    ("pattern", "wire"), [("dd-MM-yyyy", "31-12-2024"), ("yyyy'$'MM'.'dd", "2024$12.31")]
)
def test_expressions_escape_what_every_dialect_has_an_escape_for(pattern: str, wire: str) -> None:
    expression = understand(pattern).expression
    # ECMA 262 with its flag u, as in ajv, takes no `\-` outside of a class; XSD takes no `\$`.
    assert not re.search(r"\\[-$]", expression)
    assert re.fullmatch(expression, wire)

import pytest

from ..support import BASE, understood

RECORDS = """\
records:
  Quality: {at: 1, en: quality, fields: {word: {at: 1, name: word, type: text}}}
"""
FIELDS = """\
        qualities: {name: qualities, type: list, of: Quality, presence: optional, at: 6}
        start: {name: starts_at, type: datetime, pattern: rfc3339, at: 6}
        power: {name: power_kw, type: decimal, unit: kW, at: 6, instant: INSTANT}
"""
INSTANT = "{start: start, step: PT1H, quality: [qualities, word]}"


def test_a_path_through_a_list_is_told_from_one_that_leads_nowhere() -> None:
    def helps(instant: str) -> list[str]:
        spec = BASE.replace("operations:\n", f"{RECORDS}operations:\n")
        spec += FIELDS.replace("INSTANT", instant)
        return [problem.help for problem in understood(spec)[1] if problem.code == "unknown-field"]

    [through] = helps(INSTANT)
    [nowhere] = helps(INSTANT.replace("[qualities, word]", "grade"))
    assert through.startswith("'qualities' is a list, and nothing says which of its items")
    assert nowhere.startswith("name a field by its wire name")


def test_a_step_without_its_unit_is_told_how_a_length_is_written() -> None:
    spec = BASE + FIELDS.replace("INSTANT", "{start: start, step: 15}").split("\n", 1)[1]
    [problem] = understood(spec)[1]
    assert (problem.code, problem.help) == (
        "unknown-field",
        "write a length with its unit, such as PT15M for minutes",
    )


PARTS = """\
records:
  Point: {at: 1, en: value, fields: {n: {at: 1, name: number, type: integer}, v: VALUE}}
  Part: {at: 1, en: values, fields: {OWNpoints: {at: 1, name: points, type: list, of: Point}}}
"""
BEGIN = """\
        start: {name: starts_at, type: datetime, pattern: rfc3339, at: 6}
        parts: {name: parts, type: list, of: Part, at: 6}
"""


def test_positions_of_parts_that_a_field_tells_apart_are_not_counted_together() -> None:
    def found(position: str, own: str = "", begin: str = BEGIN) -> list[tuple[str, str]]:
        instant = f"{{start: start, position: {position}, step: PT1H}}"
        value = f"{{at: 1, name: load_mw, type: decimal, unit: MW, instant: {instant}}}"
        parts = PARTS.replace("VALUE", value).replace("OWN", own)
        spec = BASE.replace("operations:\n", f"{parts}operations:\n") + begin
        return [(problem.code, problem.message) for problem in understood(spec)[1]]

    area = "area: {at: 1, name: area, type: text}, "
    for position in ("order", "n"):
        [(code, message)] = found(position, area)
        assert code == "positions-of-two-lists"
        assert "field 'area' tells these apart" in message
        assert found(position) == []  # they go on from list to list, and nothing tells these apart
        start = "start: {at: 1, name: starts_at, type: datetime, pattern: rfc3339}, "
        assert found(position, area + start, BEGIN.split("\n", 1)[1]) == []
        assert found(position, area, BEGIN.replace("type: list", "type: record")) == []


@pytest.mark.parametrize(
    ("label", "instant"),
    [
        ("type: time, pattern: H", "day: day, time: label, label_marks: end"),
        ("type: datetime, pattern: yyyymmddhh", "start: label"),
        ("type: time, pattern: H", "start: {day: day, time: label}"),
    ],
)
def test_what_says_the_hour_alone_places_no_quarter_of_an_hour(label: str, instant: str) -> None:
    def codes(step: str) -> list[str]:
        value = f"{{at: 1, name: load_mw, type: decimal, unit: MW, instant: {{{instant}{step}}}}}"
        points = (
            "records:\n  Point:\n    at: 1\n    en: value\n    fields:\n"
            f"      label: {{at: 1, name: label, {label}}}\n"
            f"      v: {value}\n"
        )
        spec = BASE.replace("operations:\n", f"{points}operations:\n")
        spec += "        day: {name: day, type: date, format: yyyymmdd, at: 6}\n"
        spec += "        points: {name: points, type: list, of: Point, at: 6}\n"
        return [problem.code for problem in understood(spec)[1]]

    assert codes(", step: PT15M") == ["label-too-coarse"]
    assert codes(", step: PT1H") == []


QUARTERS = """\
        day: {name: day, type: date, format: yyyymmdd, at: 6}
        hour: {name: hour, type: time, pattern: H, at: 6}
        quarter: {name: quarter, type: integer, at: 6}
        power: {name: power_kw, type: decimal, unit: kW, at: 6, instant: INSTANT}
"""


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("step: PT15M", []),
        ("step: PT5M, counts_from: 0", []),
        ("step: PT25M", ["not-a-step"]),
        ("step: PT2H", ["not-a-step"]),
        ("step: PT15M, label: yes", ["word-without-use"]),
        ("step: PT15M, omitted: missing", ["word-without-use"]),
    ],
)
def test_the_parts_of_an_hour_are_of_one_length_and_have_no_label(
    said: str, codes: list[str]
) -> None:
    instant = f"{{day: day, time: hour, position: quarter, label_marks: end, {said}}}"
    spec = BASE + QUARTERS.replace("INSTANT", instant)
    assert [problem.code for problem in understood(spec)[1]] == codes

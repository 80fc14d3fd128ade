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

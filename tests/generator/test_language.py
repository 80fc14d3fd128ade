"""The grammar: every departure is reported at the value, with what to write instead."""

import pytest

from gridwright.language import check_grammar, grammar
from gridwright.source import read_yaml

from .support import BASE, problems_of


def found(old: str, new: str) -> list[str]:
    """Return what is wrong with the base spec once ``old`` is replaced."""
    assert BASE.count(old) == 1
    node, problems = read_yaml(BASE.replace(old, new).encode(), "spec.yaml")
    assert node is not None and not problems
    return [
        f"{p.span.line}:{p.span.column} {p.code} {p.message}; {p.help}"
        for p in check_grammar(node, "interface")
    ]


def test_the_base_spec_fits() -> None:
    assert problems_of(BASE) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "kind: read",
            "knd: read",
            [
                "14:5 unknown-key 'operations.list_readings' has an unknown key 'knd'; "
                "did you mean 'kind'?",
                "12:5 missing-key 'operations.list_readings' lacks the key 'kind'; add `kind:`",
            ],
        ),
        (
            "kind: read",
            "kind: raed",
            ["14:11 unknown-word 'operations.list_readings.kind' is 'raed'; did you mean 'read'?"],
        ),
        (
            "[json]",
            "json",
            [
                "18:14 wrong-shape 'operations.list_readings.formats' is a text, which cannot "
                "stand here; write a list"
            ],
        ),
        (
            "[json]",
            "[]",
            [
                "18:14 empty-value 'operations.list_readings.formats' is empty; "
                "fill it, or leave the key out"
            ],
        ),
        (
            "list_readings:",
            "List:",
            [
                "11:3 malformed-key 'List' cannot be a name of ours; "
                "use lower-case words joined by underscores, such as day_load_profile"
            ],
        ),
        (
            "at: 6}",
            "at: six}",
            [
                "25:80 malformed-value 'operations.list_readings.reply.fields.energy.at' is 'six', "
                "which has not the right form; it must match "
                "^[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?$"
            ],
        ),
        (
            'size: "14,4",',
            "repeated: in_order,",
            [
                "25:61 unknown-word 'operations.list_readings.reply.fields.energy.repeated' is "
                "'in_order'; write `undecided`: the order of records says which of two hours is "
                "meant only in an `instant` with `day` and `time`, and not of a date with a time, "
                "nor of a series"
            ],
        ),
        (
            "title: {text: Demo, en: Demo, at: 1}",
            "title: Demo",
            ["3:8 wrong-shape 'title' is a text, which cannot stand here; write a mapping"],
        ),
    ],
)
def test_a_departure_is_reported_at_its_place_with_what_to_write(
    old: str, new: str, expected: list[str]
) -> None:
    assert found(old, new) == expected


@pytest.mark.parametrize("name", ["demo\\n", "\\ndemo", "demo\\n\\n"])
def test_a_line_break_does_not_slip_through_the_end_of_a_pattern(name: str) -> None:
    assert [p.split()[1] for p in found("system: demo", f'system: "{name}"')] == ["malformed-value"]


@pytest.mark.parametrize("lines", ["77", "61-72", "[77, 90]", "[1, 3-4]", "9999999"])
def test_lines_are_one_number_a_range_or_a_list_of_them(lines: str) -> None:
    assert found("at: 6}", f"at: {lines}}}") == []


@pytest.mark.parametrize(
    "lines", ["0", "-1", "01", "1-", "1--2", "1,2", "٣", "[]", "{a: 1}", "99999999", "1 "]
)
def test_anything_else_is_no_line(lines: str) -> None:
    quoted = f'"{lines}"' if lines[0] not in "[{" else lines
    assert len(found("at: 6}", f"at: {quoted}}}")) == 1


@pytest.mark.parametrize("name", ["interface", "amendments", "lines"])
def test_the_grammars_are_json_schemas_that_forbid_what_they_do_not_name(name: str) -> None:
    open_objects = [
        path
        for path, schema in _objects(grammar(name), name)
        if "additionalProperties" not in schema and "$ref" not in schema
    ]
    assert open_objects == []


def _objects(schema: object, path: str) -> list[tuple[str, dict[str, object]]]:
    objects = []
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            objects.append((path, schema))
        for key, below in schema.items():
            objects += _objects(below, f"{path}.{key}")
    elif isinstance(schema, list):
        for index, below in enumerate(schema):
            objects += _objects(below, f"{path}[{index}]")
    return objects

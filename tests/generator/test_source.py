"""Reading YAML: all scalars stay text, every value knows its place."""

import pytest

from gridwright.source import Node, read_yaml


def read(text: str) -> Node:
    node, problems = read_yaml(text.encode(), "spec.yaml")
    assert node is not None and problems == []
    return node


def problems_in(data: str | bytes) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    return [f"{p.span.line}:{p.span.column} {p.code}" for p in read_yaml(data, "spec.yaml")[1]]


@pytest.mark.parametrize(
    "scalar", ["01", "0015", "NO", "yes", "null", "~", "12:30", "1e3", "0x10", "2024-10-01", "1_0"]
)
def test_a_scalar_stays_the_text_that_it_is(scalar: str) -> None:
    assert read(f"a: {scalar}").plain() == {"a": scalar}


def test_every_value_and_key_knows_its_place() -> None:
    node = read("a:\n  - x\n  - {b: 한글, c: y}\n")
    item = node.get("a").items[1]  # type: ignore[union-attr,index]
    assert (item.span.line, item.span.column) == (3, 5)
    entry = item.entry("c")
    assert entry is not None
    assert (entry.key_span.column, entry.value.span.column) == (13, 16)


def test_a_byte_order_mark_does_not_shift_the_first_line() -> None:
    assert problems_in(b"\xef\xbb\xbf&a x") == ["1:1 yaml-anchor"]


def test_windows_line_ends_are_read() -> None:
    assert read("a: 1\r\nb: 2\r\n").plain() == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x 1", "1:4 yaml-anchor"),
        ("a: 1\nb: *x", "2:4 yaml-anchor"),
        ("a: {<<: {b: 1}}", "1:5 yaml-anchor"),
        ("a: !!int 1", "1:4 yaml-tag"),
        ("a: !x [1]", "1:4 yaml-tag"),
        ("a: 1\na: 2", "2:1 duplicate-key"),
        ("? [a]\n: 1", "1:3 key-not-text"),
        ("a: 1\n---\nb: 2", "2:1 yaml-documents"),
        ("", "1:1 empty-file"),
        ("# only a comment", "1:1 empty-file"),
        ("a: [1", "1:6 yaml-syntax"),
        ("a: 'x", "1:6 yaml-syntax"),
        ("a:\n\tb: 1", "2:1 yaml-syntax"),
        ("a: b: c", "1:5 yaml-syntax"),
        ("한글: 한\x01", "1:6 yaml-syntax"),
        ("a: x # \u2066", "1:8 hidden-character"),
        ('a: "\\u202e"', "1:4 hidden-character"),
        ('"a\\0": 1', "1:1 hidden-character"),
        ('a: "\\ud83d"', "1:4 hidden-character"),
        ("a\u200b: 1", "1:1 hidden-character"),
        ("{a: 1, a\u3164: 2}", "1:8 hidden-character"),
        ("name: meter\u200bno", "1:7 hidden-character"),
        ("wire_name: \u691c\u91dd\u2060\u65e5", "1:12 hidden-character"),
        ("element: list\ufe0f", "1:10 hidden-character"),
        ('name: "a\\u00ad"', "1:7 hidden-character"),
    ],
)
def test_what_yaml_allows_and_a_spec_does_not_is_reported_where_it_stands(
    text: str, place: str
) -> None:
    assert problems_in(text) == [place]


def test_bytes_that_are_no_text_are_reported_at_the_first_of_them() -> None:
    assert problems_in("a: 한글\nb: ".encode() + b"\xff") == ["2:4 not-utf8"]


@pytest.mark.parametrize("depth", [51, 500, 100_000])
@pytest.mark.parametrize("text", ["[", "{a: ", "- "])
def test_deep_nesting_is_reported_and_never_ends_the_run(text: str, depth: int) -> None:
    assert problems_in(text * depth) == [f"1:{len(text) * 50 + 1} yaml-syntax"]


def test_fifty_levels_are_read() -> None:
    node, depth = read("[" * 50 + "]" * 50), 0
    while node.items is not None:
        depth += 1
        node = node.items[0] if node.items else Node(node.span, text="")
    assert depth == 50


def test_astral_characters_and_line_breaks_are_text() -> None:
    assert read('a: "😀\\n\\t\\r"').plain() == {"a": "😀\n\t\r"}


def test_marks_of_an_amendment_reach_everything_below() -> None:
    node = read("{a: [x, {b: y}]}").marked("one").marked("two")
    assert {below.amended for below in node.walk()} == {("one", "two")}


def test_marks_do_not_make_a_value_another() -> None:
    assert read("{a: x}") == read("{a: x}").marked("one")


def test_words_of_a_document_may_hold_what_joins_and_parts_letters() -> None:
    assert (
        problems_in("label: \u0645\u06cc\u200c\u062e\nen: a\u200bb\nname: \u691c\u91dd\u65e5") == []
    )

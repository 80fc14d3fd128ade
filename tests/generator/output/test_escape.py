"""Escaping: what goes in as text comes out as text, whatever it is."""

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from gridwright.output.escape import markdown, markdown_code, python_docstring, python_text

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# What a spec can hold: `source` refuses anything else.
characters = st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t\r")
nasty = st.text(
    st.sampled_from("'\"\\`*_{}[]<>#|~$&!()-+=.:/ \n\t" + "a1%한\u2028\u3000") | characters,
    max_size=60,
)
often = settings(deadline=None, derandomize=True, database=None, max_examples=300)


def words(text: str) -> str:
    return " ".join(text.split())


def shown(page: str) -> str:
    """Return what a browser shows of a page, as words."""
    return words(
        "".join(map(str, html.fromstring(f"<div>{MARKDOWN.render(page)}</div>").itertext()))
    )


def markup(page: str) -> set[str]:
    """Return the elements that a page consists of."""
    root = html.fromstring(f"<div>{MARKDOWN.render(page)}</div>")
    return {str(element.tag) for element in root.iterdescendants()}


@often
@given(st.text())
def test_a_python_text_evaluates_to_itself_on_one_line(text: str) -> None:
    literal = python_text(text)
    assert ast.literal_eval(literal) == text
    assert literal.isprintable()


@often
@given(text=nasty, indent=st.sampled_from([0, 4, 8]))
def test_a_docstring_evaluates_and_holds_all_words_in_order(text: str, indent: int) -> None:
    literal = python_docstring(text, indent=indent)
    assert words(ast.literal_eval(literal)) == words(text)
    assert literal.startswith('"""') and literal.endswith('"""')


@often
@given(text=nasty)
def test_a_docstring_can_stand_in_a_class(text: str) -> None:
    source = f"class A:\n    {python_docstring(text)}\n    b = 1\n"
    doc = ast.get_docstring(ast.parse(source).body[0], clean=False)  # type: ignore[arg-type]
    assert words(doc or "") == words(text)


@pytest.mark.parametrize(
    "text", ['"', '""', '"""', '""""', "\\", "\\\\", '\\"', '"\\', 'a"""b"""', "\\N{DIGIT ONE}", ""]
)
def test_quotes_and_backslashes_at_the_end_do_not_end_the_literal(text: str) -> None:
    assert ast.literal_eval(python_docstring(text)) == text


def test_a_long_paragraph_is_wrapped_and_keeps_its_margin() -> None:
    lines = python_docstring("word " * 60, indent=8).split("\n")
    assert max(map(len, lines)) <= 96
    assert all(line.startswith("        ") for line in lines[1:])


def test_a_paragraph_with_line_breaks_keeps_them() -> None:
    assert python_docstring("Sum.\n\nArgs:\n    a: b.") == (
        '"""Sum.\n\n    Args:\n        a: b.\n    """'
    )


@often
@given(text=nasty)
def test_a_paragraph_shows_the_text_and_no_markup(text: str) -> None:
    page = f"before\n\n{markdown(text)}\n\nafter"
    assert shown(page) == words(f"before {text} after")
    assert markup(page) == {"p"}


@often
@given(text=nasty)
def test_a_cell_of_a_table_shows_the_text_and_ends_where_it_should(text: str) -> None:
    page = f"| a | b |\n|---|---|\n| {markdown(text)} | end |\n"
    cells = html.fromstring(MARKDOWN.render(page)).xpath("//td")
    assert isinstance(cells, list) and len(cells) == 2
    assert markup(page) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert shown(page) == words(f"a b {text} end")


@often
@given(text=nasty)
def test_inline_code_shows_the_text_in_a_paragraph_and_in_a_cell(text: str) -> None:
    page = f"x {markdown_code(text)} y\n\n| a |\n|---|\n| {markdown_code(text)} |\n"
    assert shown(page) == words(f"x {text} y a {text}")
    assert markup(page) <= {"p", "code", "table", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a | b", "a &#124; b"),
        ("1.0", "1.0"),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("- a", "\\- a"),
        ("-1", "-1"),
        ("---", "\\---"),
        ("+ a", "\\+ a"),
        ("고객번호", "고객번호"),
        ("[a](javascript:b)", "\\[a\\](javascript:b)"),
        ("&nbsp;", "&amp;nbsp;"),
    ],
)
def test_markdown_escapes_what_it_must_and_leaves_the_rest(text: str, escaped: str) -> None:
    assert markdown(text) == escaped


def test_no_escaping_function_evaluates_a_template() -> None:
    for escape in (python_text, python_docstring, markdown, markdown_code):
        assert re.sub(r"\\", "", escape("{{ 7*7 }}")).strip("'`\"") == "{{ 7*7 }}"

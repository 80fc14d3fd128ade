import ast

import black
import pytest
from black.mode import TargetVersion
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright.output.escape import python_docstring, python_text
from gridwright.output.formatting import LINE_LENGTH
from gridwright.output.layout import lay_out

ALPHABET = st.one_of(
    st.sampled_from("'\"\\(),[]{}#:\n "), st.characters(exclude_categories=("Cc", "Cs"))
)
MODE = black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)
LONG = ", ".join(f"argument_{number}=1" for number in range(4))
LONGER = ", ".join(f"argument_{number}=1" for number in range(9))


def black_of(text: str) -> str:
    return black.format_str(text, mode=MODE)


@pytest.mark.parametrize(
    "text",
    [
        "x = 'text'\n",
        "x = 'back\\\\slash'\n",
        f"look.method_with_a_long_name('wire', 'name', {LONG})\n",
        f"look.method_with_a_long_name('wire', 'name', {LONGER})\n",
        f"def function_with_a_long_name(parameter, {LONG}) -> dict[str, list[int]]:\n    pass\n",
        f"x = some_function(first=(inner({LONG}), inner({LONG}), inner({LONGER})), second=2)\n",
        f"x = {{'one': function_with_a_long_name({LONG}), 'two': function_with_a_name({LONG})}}\n",
        f"x = function_with_a_long_name(codes=('01', '02',), more={LONG[:1]}1, {LONGER})\n",
        f"validator.text('{'한글' * 20}', '이름', first_argument=1, second_argument=2)\n",
        f"pages = pages_of_a_call(operation, lambda sent, first, last: body({LONG}), {LONG})\n",
        f"{'N' * 60}: Operation[models.{'R' * 40}] = Operation(name='x', {LONGER})\n",
        f"{'N' * 40}: Operation[models.{'R' * 35}] = Operation(name='x', {LONGER})\n",
        f"class A:\n    {'n' * 40}: {'R' * 45} | None = field(name='{'n' * 40}', default=None)\n",
        f"class A:\n    {'N' * 40}: Final = '{'N' * 50}'\n",
        f"x = f({'n' * 28}=None if {'n' * 28} is None else list({'n' * 28}), {LONG})\n",
        "class A:\n    '''Doc.'''\n\n\n    x = 1\n\n\n\n\nclass B:\n    x = 2",
    ],
)
def test_black_changes_nothing_that_was_laid_out(text: str) -> None:
    text = text.replace("'''", '"""')
    assert lay_out(text, LINE_LENGTH) == black_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = 'it has \" in it, and, commas (and brackets), which is a long text indeed', 'another'",
        f'"""Docstring (with, brackets), {LONGER}.\n\n\n\n    Kept, {LONGER}.\n"""\n',
        f"# comment (with, brackets) and a ' quote, {LONGER}\n",
        f"x = call_over_lines(\n    first, {LONGER})\n",
        f"x = 1 + something[0] + something_else({LONGER}) + more({LONGER})\n",
    ],
)
def test_what_it_does_not_know_means_the_same_after_black(text: str) -> None:
    assert black_of(lay_out(text, LINE_LENGTH)) == black_of(text)


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(st.text(ALPHABET, max_size=60), min_size=1, max_size=5),
    doc=st.text(ALPHABET, max_size=300),
)
def test_no_text_of_a_spec_changes(texts: list[str], doc: str) -> None:
    literals = ", ".join(map(python_text, texts))
    source = (
        f"def f(x):\n    {python_docstring(f'Say {doc}.')}\n"
        f"    return some_function_of_x({literals}, names=({literals},), by={{1: ({literals},)}})\n"
    )
    assert ast.dump(ast.parse(lay_out(source, LINE_LENGTH))) == ast.dump(ast.parse(source))

"""Python expressions: how they are spelt, and what they need imported."""

import ast

import pytest

from gridwright.targets.expressions import (
    OWN,
    Either,
    Expression,
    Function,
    Given,
    Name,
    Spread,
    Subscript,
    call,
    dict_display,
    imports_of,
    spelled,
)

PART = Name("Part", "runtime.interface")
MODEL = Name("models.Reading", OWN)
DATE = Name("datetime.date", "datetime", whole=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('a "b"\n', "'a \"b\"\\n'"),
        (None, "None"),
        (2.0, "2.0"),
        (("a",), "('a',)"),
        (("a", "b"), "('a', 'b')"),
        ((), "()"),
        (call(PART, "x", of="y", under=()), "Part('x', of='y', under=())"),
        (dict_display([("json", ("a",))]), "{'json': ('a',)}"),
        (Subscript(Name("Sequence"), (DATE,)), "Sequence[datetime.date]"),
        (Either((MODEL, Name("None"))), "models.Reading | None"),
        ((Spread(Name("SHARED")), call(PART)), "(*SHARED, Part())"),
        (Given("rows", call(Name("list"), Name("rows"))), "None if rows is None else list(rows)"),
        (Function(("first", "last"), Name("first")), "lambda first, last: first"),
    ],
)
def test_an_expression_is_spelt_as_python(expression: Expression, text: str) -> None:
    assert spelled(expression) == text
    ast.parse(text)


def test_names_are_imported_wherever_they_stand_and_texts_never_are() -> None:
    expressions: list[Expression] = [
        call(PART, "datetime.date models Upload(", under=(Subscript(Name("tuple"), (MODEL,)),)),
        Function(("x",), Given("x", call(Name("Other", "runtime.interface"), DATE))),
        dict_display([(Spread(Name("SHARED")), Either((Name("str"), MODEL)))]),
    ]
    found = imports_of(expressions, "apis.demo")
    assert found.modules == ("datetime",)
    assert found.names == (("apis.demo", ("models",)), ("runtime.interface", ("Other", "Part")))

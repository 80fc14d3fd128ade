"""Unknown words are explained by what may stand there; near ones only where they mean the same."""

import pytest

from gridwright.language import grammar
from gridwright.language.explain import explain_key, explain_word, slip

TYPES = grammar("interface")["$defs"]["field"]["properties"]["type"]["enum"]
FIELD = list(grammar("interface")["$defs"]["field"]["properties"])
ROOT = grammar("interface")


def of_type(word: str) -> str:
    return explain_word(word, TYPES, "type", "what the value is", ROOT)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("string", "text"), ("int", "integer"), ("float", "decimal"), ("bool", "boolean"),
     ("date-time", "datetime"), ("Integer", "integer"), ("decmial", "decimal"), ("array", "list")],
)  # fmt: skip
def test_the_same_by_another_name_and_a_slip_are_answered_with_the_word(
    word: str, meant: str
) -> None:
    assert of_type(word) == f"did you mean {meant!r}?"


def test_what_may_be_two_is_left_to_the_reader() -> None:
    assert of_type("number") == "write `integer` for whole numbers, or `decimal` for others"


def test_order_says_which_hour_is_meant_beside_a_day_and_a_time_alone() -> None:
    told = explain_word("in_order", ["first", "second"], "repeated", "which is meant", ROOT)
    assert told.startswith("write `undecided`: ")
    assert "`day` and `time`" in told


def test_any_other_word_is_answered_with_all_forms() -> None:
    assert of_type("money") == f"what the value is: {', '.join(TYPES)}"


def test_a_word_of_the_language_is_never_taken_for_a_slip() -> None:
    assert slip("units", ["unit"], ["units"]) == ""
    assert slip("unti", ["unit"], ["units"]) == "unit"
    assert slip("forn", ["from"], ["form"]) == ""


def test_a_short_word_is_no_slip() -> None:
    assert slip("ni", ["in"]) == ""
    assert slip("IN", ["in"]) == "in"


def test_a_key_of_elsewhere_is_told_where_it_belongs_and_all_keys_are_named() -> None:
    told = explain_key("scope", FIELD, ROOT)
    assert told.startswith("`scope` stands at `limits.*`; keys that stand here: name, ")
    assert all(key in told for key in FIELD)


def test_a_key_that_others_call_so_is_answered_with_ours() -> None:
    assert explain_key("maxLength", FIELD, ROOT) == "did you mean 'size'?"
    assert explain_key("lable", FIELD, ROOT) == "did you mean 'label'?"

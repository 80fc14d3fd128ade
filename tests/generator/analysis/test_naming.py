"""Names of generated code: one for each name of a spec, and never by luck."""

import keyword
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright.analysis.naming import class_name, constant_name, snake_name
from gridwright.spec_names import is_reserved

often = settings(deadline=None, derandomize=True, database=None)
classes = st.from_regex(re.compile("[A-Z][A-Za-z0-9]*", re.ASCII), fullmatch=True)
names = st.from_regex(re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII), fullmatch=True)


@pytest.mark.parametrize(
    ("name", "snake"),
    [("DayLoadProfile", "day_load_profile"), ("A", "a"), ("DRData", "d_r_data"), ("A1b", "a1b")],
)
def test_a_class_name_has_a_snake_case_form(name: str, snake: str) -> None:
    assert snake_name(name) == snake


def test_a_snake_case_name_has_the_form_of_a_class_and_of_a_constant() -> None:
    assert class_name("energy_kwh") == "EnergyKwh"
    assert constant_name("energy_kwh") == "ENERGY_KWH"


@often
@given(one=classes, other=classes)
def test_two_classes_never_share_a_snake_case_form(one: str, other: str) -> None:
    assert (snake_name(one) == snake_name(other)) == (one == other)


@often
@given(name=names)
def test_derived_names_are_identifiers_whatever_the_case_rules_of_the_locale(name: str) -> None:
    for derived in (class_name(name), constant_name(name)):
        assert derived.isidentifier() and derived.isascii()


def test_the_same_words_are_reserved_under_every_version_of_python() -> None:
    assert {word for word in ("match", "case", "type", "_") if is_reserved(word)} == {
        "match",
        "case",
        "type",
        "_",
    }
    assert all(map(is_reserved, keyword.kwlist))
    assert not is_reserved("print")

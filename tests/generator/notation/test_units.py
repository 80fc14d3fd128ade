"""Units are composed; one that is wrong is never mended into another."""

import pytest

from gridwright.notation.units import can_be_declared, factors, find_problem

from ..support import BASE, problems_of


@pytest.mark.parametrize(
    "unit",
    [
        *("kWh", "MWh", "kvarh", "kW", "KRW", "JPY", "THB", "TRY", "%", "s"),  # those of the specs
        *("W", "MW", "mW", "kvar", "Mvarh", "kVA", "EUR/MWh", "m3", "m3/h", "g/kWh", "°C", "t"),
        *("kWh/m2.d", "A.h", "mbar", "Hz", "ohm", "min", "h", "GBP", "ALL"),
    ],
)
def test_a_composed_unit_is_right_as_it_stands(unit: str) -> None:
    assert find_problem(unit) is None


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        *(("kwh", "kWh"), ("KWH", "kWh"), ("€/MWh", "EUR/MWh"), ("m³", "m3"), ("VAR", "var")),
        *(("eur/kwh", "EUR/kWh"), ("kWh ", "kWh"), ("µs", "us"), ("KG", "kg"), ("£", "GBP")),
    ],
)
def test_help_names_the_same_unit_in_other_letters(unit: str, meant: str) -> None:
    problem = find_problem(unit)
    assert problem is not None
    assert problem.help == f"did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("unit", "two"),
    [
        ("mw", "MW, megawatts or mW, milliwatts"),
        ("mwh", "MWh, megawatt-hours or mWh, milliwatt-hours"),
        ("eur/mwh", "MWh, megawatt-hours or mWh, milliwatt-hours"),
    ],
)
def test_a_unit_that_could_be_two_is_left_to_the_reader(unit: str, two: str) -> None:
    problem = find_problem(unit)
    assert problem is not None
    assert two in problem.message
    assert problem.help == "write the one that is printed"


def test_a_factor_that_is_not_known_is_to_be_declared() -> None:
    problem = find_problem("EUR/foo")
    assert problem is not None
    assert problem.message == "and there is no factor 'foo'"
    assert problem.help == "declare it: `units: {foo: {en: …, at: …}}`"
    assert find_problem("EUR/foo", {"foo"}) is None


@pytest.mark.parametrize("unit", ["", "/", "kWh/", "a/b/c", "kWh//h", "k Wh", "$", "¥/kWh", "1x"])
def test_what_is_not_composed_of_factors_names_no_unit_in_its_help(unit: str) -> None:
    problem = find_problem(unit)
    assert problem is not None
    assert "did you mean" not in problem.help


def test_a_known_unit_cannot_be_declared_in_any_letters() -> None:
    assert [
        can_be_declared(name) for name in ("MMBtu", "point", "p", "kWh", "KWH", "mw", "x1")
    ] == [*(True, True, True, False, False, False, False)]


def test_the_declared_units_in_a_unit_are_found() -> None:
    assert factors("EUR/MMBtu", {"MMBtu", "point"}) == {"MMBtu"}


@pytest.mark.parametrize("unit", ["MMBtu", "EUR/MMBtu", "MMBtu/h"])
def test_a_declared_unit_is_a_factor_like_any_other(unit: str) -> None:
    spec = BASE.replace(
        "operations:",
        "units:\n  MMBtu: {is: 1055.056 MJ, en: a unit of heat, at: 9}\noperations:",
        1,
    )
    named = spec.replace("energy_kwh", "energy")
    assert problems_of(named.replace("unit: kWh", f"unit: {unit}")) == []
    assert [p.split()[1] for p in problems_of(spec)] == ["unused"]


@pytest.mark.parametrize("amount", ["1055 foo", "MJ", "0 MJ", "1,5 MJ", "1 MMBtu"])
def test_a_declared_unit_is_an_amount_of_a_known_one(amount: str) -> None:
    spec = BASE.replace(
        "operations:", f'units:\n  MMBtu: {{is: "{amount}", en: heat, at: 9}}\noperations:', 1
    ).replace("unit: kWh", "unit: MMBtu")
    assert [p.split()[1] for p in problems_of(spec)] == ["unknown-unit"]

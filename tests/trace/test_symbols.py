"""Names of the generated package that hang on a fact, compared with the packages themselves."""

import re
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from gridwright.load import find_systems
from gridwright.trace.facts import Spec, read_spec
from gridwright.trace.symbols import symbols_of, tree_by_wire_names

from .support import INTERFACE, ROOT, spec_in, write_system

COMMITTED = [
    system
    for system in find_systems(ROOT / "specs")
    if (ROOT / "generated" / "gridwright_apis" / system).is_dir()
]


def symbols(spec: Spec) -> dict[str, tuple[str, ...]]:
    tree = tree_by_wire_names(spec)
    return {f"{fact.file} {fact.name}": symbols_of(fact, spec, tree) for fact in spec.facts}


def test_each_fact_has_the_names_that_are_made_from_it(tmp_path: Path) -> None:
    found = symbols(spec_in(write_system(tmp_path)))
    operation = "interface.yaml operations.list_readings"
    assert found[operation] == ("Client.list_readings()",)
    assert found[f"{operation}.request.day"] == ("Client.list_readings(day=)",)
    assert found[f"{operation}.reply.fields.enrgy"] == ("Reading.energy_kwh",)
    assert found["interface.yaml codes.reading_status.values.A"] == ("codes.ReadingStatus.ACTUAL",)
    assert found["interface.yaml title"] == ()


def test_an_amendment_has_the_names_of_what_it_patches_and_is_about(tmp_path: Path) -> None:
    about = "- {id: a, kind: erratum, at: 4, about: [servers], finding: x, ruling: y}\n"
    found = symbols(spec_in(write_system(tmp_path, amendments=about)))
    assert found["amendments.yaml a"] == ("Client",)
    found = symbols(spec_in(write_system(tmp_path)))
    assert found["amendments.yaml energy-misspelled"] == ("Reading.energy_kwh",)


def test_what_only_an_example_shows_has_no_names(tmp_path: Path) -> None:
    interface = INTERFACE.replace("    kind: read\n", "    kind: read\n    known_by: example\n")
    found = symbols(spec_in(write_system(tmp_path, interface=interface)))
    assert {s for names in found.values() for s in names if s.startswith("Client.")} == set()


def exists(symbol: str, package: Any, models: Any, codes: Any) -> bool:
    """Whether a name is in a package, as it is written."""
    if match := re.fullmatch(r"Client(?:\.(\w+))?(?:\((\w+)=\)|\(\))?", symbol):
        target = getattr(package.Client, match[1]) if match[1] else package.Client
        return match[2] is None or match[2] in signature(target).parameters
    owner, _, rest = symbol.partition(".")
    place: Any = codes if owner == "codes" else getattr(models, owner)
    if rest.endswith("*"):
        return any(name.startswith(rest[:-1]) for name in vars(place))
    for name in rest.split(".") if rest else ():
        place = getattr(place, name)
    return True


@pytest.mark.parametrize("system", COMMITTED)
def test_every_name_is_in_the_generated_package(system: str) -> None:
    spec, _ = read_spec(ROOT / "specs", system)
    assert spec is not None
    package, models, codes = (
        import_module(f"gridwright_apis.{system}{part}") for part in ("", ".models", ".codes")
    )
    tree = tree_by_wire_names(spec)
    found = {symbol for fact in spec.facts for symbol in symbols_of(fact, spec, tree)}
    assert found
    assert not [name for name in sorted(found) if not exists(name, package, models, codes)]

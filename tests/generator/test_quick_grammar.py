"""The fast answer whether a spec fits the grammar is that of jsonschema."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright.language import fits, grammar
from gridwright.language.departures import validator
from gridwright.language.quick import compiled
from gridwright.source import read_yaml

from .support import BASE, Tree, bodies, full, full_amendments, places, put, yaml_of

SPECS: dict[str, tuple[str, Tree]] = {
    "full": ("interface", full()),
    "bodies": ("interface", bodies()),
    "amendments": ("amendments", full_amendments()),
}
WRONG: tuple[Tree, ...] = (
    "",
    "x",
    "A b",
    "line\n",
    "0",
    [],
    ["x"],
    [[]],
    {},
    {"x": "y"},
    {"at": "1"},
)


def both(name: str, tree: Tree) -> tuple[bool, bool]:
    node, problems = read_yaml(yaml_of(tree), "spec.yaml")
    assert node is not None and not problems
    return fits(name)(node), not list(validator(name).iter_errors(node.plain()))


@pytest.mark.parametrize("spec", SPECS)
def test_whole_specs_fit_at_once(spec: str) -> None:
    name, tree = SPECS[spec]
    assert both(name, tree) == (True, True)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_spec_that_is_wrong_at_one_place_is_judged_alike(data: st.DataObject) -> None:
    name, tree = SPECS[data.draw(st.sampled_from(sorted(SPECS)))]
    place = data.draw(st.sampled_from(sorted(places(tree), key=str)))
    changed = put(tree, place, data.draw(st.sampled_from(WRONG)))
    quick, slow = both(name, changed)
    assert quick == slow


@pytest.mark.parametrize("name", ["interface", "amendments"])
def test_the_grammars_say_nothing_that_is_not_compiled(name: str) -> None:
    # Otherwise every spec would take the slow way.
    node, _ = read_yaml(yaml_of(SPECS["full" if name == "interface" else "amendments"][1]), "x")
    assert node is not None and compiled(grammar(name))(node)


def test_what_is_not_known_is_left_to_jsonschema() -> None:
    node, _ = read_yaml(b"x", "spec.yaml")
    assert node is not None and not compiled({"type": "string", "maxLength": 9})(node)


def test_a_spec_without_mistakes_is_read_without_loading_jsonschema(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "interface.yaml").write_text(BASE, "utf-8")
    script = (
        "import sys; from pathlib import Path; from gridwright.load import load_system; "
        f"system, problems = load_system(Path({str(tmp_path)!r}), 'demo'); "
        "print(system is not None, problems, 'jsonschema' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "[]", "False"]

"""Each rule has a pair of specs that shows it, and one close by that does not.

A case is one file, named after its rule:

- ``old`` and ``new`` change the base spec at paths, ``both`` changes it on both sides;
- ``passes`` is the new side of the passing pair, or ``swapped``: the same pair the other way round;
- ``old_amendments``, ``new_amendments`` and ``passing_amendments`` are laid over it;
- ``old_unsaid``, ``new_unsaid`` and ``passing_unsaid`` are what an import left out;
- ``also`` names what cannot but come with it.
"""

from pathlib import Path
from typing import Any

import pytest

from gridwright.diff.catalogue import CATALOGUE
from gridwright.diff.verdicts import Change

from .support import HERE, changes_between, rules_of, tree_of

CASES = sorted((HERE / "rules").glob("*.yaml"), key=lambda path: path.stem)
# Shown by tests of their own: one needs two folders of specs, the other a gap in a table.
ELSEWHERE = {"system-added", "system-removed", "not-judged"}


def case_of(path: Path) -> dict[str, Any]:
    case = tree_of(path.read_bytes())
    assert isinstance(case, dict)
    return case


def failing(case: dict[str, Any]) -> tuple[Change, ...]:
    both = case.get("both", {})
    return changes_between(
        both | case.get("old", {}),
        both | case.get("new", {}),
        old_amendments=case.get("old_amendments"),
        new_amendments=case.get("new_amendments"),
        old_unsaid=case.get("old_unsaid"),
        new_unsaid=case.get("new_unsaid"),
    )


def passing(case: dict[str, Any]) -> tuple[Change, ...]:
    both, old, new = (case.get(key, {}) for key in ("both", "old", "new"))
    if case.get("passes") == "swapped":
        return changes_between(
            both | new,
            both | old,
            old_unsaid=case.get("new_unsaid"),
            new_unsaid=case.get("old_unsaid"),
        )
    return changes_between(
        both | old,
        both | old | case.get("passes", {}),
        old_amendments=case.get("old_amendments"),
        new_amendments=case.get("passing_amendments"),
        old_unsaid=case.get("old_unsaid"),
        new_unsaid=case.get("passing_unsaid"),
    )


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {path.stem for path in CASES} == set(CATALOGUE) - ELSEWHERE


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_rule_applies_to_its_pair_and_brings_nothing_else(path: Path) -> None:
    case = case_of(path)
    assert rules_of(failing(case)) == sorted([path.stem, *case.get("also", [])])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_rule_does_not_apply_to_what_stands_close_by(path: Path) -> None:
    case = case_of(path)
    if case.get("passes") != "swapped" and "passing_amendments" not in case:
        assert passing(case), "the passing pair shows no change at all"
    assert path.stem not in rules_of(passing(case))


def test_the_base_differs_from_itself_in_nothing() -> None:
    assert changes_between() == ()

"""No attribute of the interface goes unseen: each is judged by rules, or says why not."""

import inspect
from dataclasses import fields, is_dataclass
from types import MappingProxyType

import pytest

from gridwright import ir
from gridwright.diff import attributes
from gridwright.diff.attributes import JUDGED, NOT_JUDGED
from gridwright.diff.catalogue import CATALOGUE

from .support import changes_between

CLASSES = [
    kind
    for _, kind in inspect.getmembers(ir, inspect.isclass)
    if is_dataclass(kind) and kind.__module__.startswith(f"{ir.__name__}.")
]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_attribute_is_judged_or_says_why_not(kind: type) -> None:
    assert is_dataclass(kind)
    names = {attribute.name for attribute in fields(kind)}
    judged, not_judged = JUDGED.get(kind, {}), NOT_JUDGED.get(kind, {})
    assert not judged.keys() & not_judged.keys()
    assert judged.keys() | not_judged.keys() == names, (
        "decide in gridwright/diff/attributes.py: add a rule, or say why none is needed"
    )


def test_attributes_are_judged_by_rules_that_exist_and_every_rule_judges_something() -> None:
    named = {rule for rows in JUDGED.values() for rules in rows.values() for rule in rules}
    assert named <= CATALOGUE.keys()
    # What crosses from one type to another, or between one thing and none, has no attribute.
    elsewhere = {rule for rule in CATALOGUE if rule not in named}
    assert elsewhere == {
        *(f"left-out-{what}" for what in ("appeared", "changed", "vanished")),  # by no interface
        "not-judged",
        "recorded-fact-changed",  # of what is in no interface
        "reply-code-became-text",
        "reply-text-became-code",
        "request-code-became-text",
        "request-text-became-code",
    }


def test_reasons_are_given_in_words() -> None:
    for rows in NOT_JUDGED.values():
        assert all(len(reason.split()) >= 3 for reason in rows.values())


def test_an_attribute_that_no_table_knows_is_found_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {name: rules for name, rules in JUDGED[ir.Server].items() if name != "en"}
    table = MappingProxyType({**JUDGED, ir.Server: known})
    monkeypatch.setattr(attributes, "JUDGED", table)
    found = changes_between({}, {"servers.old.en": "former"})
    (change,) = [c for c in found if c.rule == "not-judged"]
    assert (change.what, change.place) == ("server old", "servers.old.en")
    assert change.old is not None and change.old.text == "old"

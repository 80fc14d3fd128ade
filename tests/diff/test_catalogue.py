"""The catalogue of rules: enough of them, no two the same, and the page shows all."""

import re
from collections import Counter

from tests.rendered import assert_rendered

from gridwright.diff.catalogue import CATALOGUE, CHAPTERS, catalogue_page
from gridwright.diff.verdicts import Level

from .support import ROOT

PAGE = ROOT / "docs" / "diff-rules.md"


def test_there_are_at_least_120_rules_and_no_id_is_used_twice() -> None:
    ids = [rule.id for _, rules in CHAPTERS for rule in rules]
    assert len(ids) == len(set(ids)) >= 120


def test_no_two_rules_say_the_same_happened() -> None:
    titles = Counter(rule.title for rule in CATALOGUE.values())
    assert [title for title, number in titles.items() if number > 1] == []


def test_titles_are_sentences_and_advice_is_none() -> None:
    for rule in CATALOGUE.values():
        assert rule.title[0].isupper() and rule.title.endswith(".")
        assert not rule.callers.endswith(".") and rule.callers[:1] == rule.callers[:1].lower()
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        assert set(re.findall(r"\{(\w+)\}", rule.callers)) <= {"what", "old", "new"}


def test_whoever_has_to_act_is_told_what_to_do() -> None:
    silent = {
        rule.id for rule in CATALOGUE.values() if rule.python is Level.BREAKING and not rule.callers
    }
    assert silent == set()


def test_the_page_is_rendered_from_the_catalogue(update_golden: bool) -> None:
    assert_rendered(PAGE, catalogue_page(), update_golden)

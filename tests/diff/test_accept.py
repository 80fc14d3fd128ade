"""Acceptances: matched by fingerprint, reported when void, refused when malformed."""

import pytest

from gridwright.diff.accept import applied, read_acceptances

from .support import changes_between

CHANGES = changes_between({}, {"limits.rate.requests": "1", "limits.pause.wait": "PT3S"})


def entry(**keys: str) -> str:
    return "- {" + ", ".join(f'{key}: "{value}"' for key, value in keys.items()) + "}\n"


def test_an_acceptance_holds_for_its_change_alone() -> None:
    change = CHANGES[0]
    text = entry(change=change.fingerprint, rule=change.rule, place=change.place, reason="agreed")
    accepted, problems = read_acceptances(text.encode(), "accepted.yaml")
    held, void = applied(CHANGES, accepted)
    assert problems == []
    assert (list(held), void) == ([change.fingerprint], ())
    assert held[change.fingerprint].reason == "agreed"


@pytest.mark.parametrize("wrong", ["change", "rule", "place"])
def test_an_acceptance_of_something_else_is_void(wrong: str) -> None:
    change = CHANGES[0]
    keys = {"change": change.fingerprint, "rule": change.rule, "place": change.place}
    text = entry(**(keys | {wrong: "000000000000"}), reason="agreed")
    accepted, _ = read_acceptances(text.encode(), "accepted.yaml")
    held, void = applied(CHANGES, accepted)
    assert held == {} and [a.span.line for a in void] == [1]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("change: x", ["wrong-shape"]),
        ("- x", ["wrong-shape"]),
        (entry(change="x", rule="y", place="z"), ["missing-key"]),
        (entry(change="x", rule="y", place="z", reason=" "), ["empty-value"]),
        (entry(change="x", rule="y", place="z", reason="r", until="2030"), ["unknown-key"]),
        (entry(change="x", rule="y", place="z", reason="r") * 2, ["duplicate-key"]),
        ("", ["empty-file"]),
    ],
)
def test_a_malformed_file_accepts_nothing_and_says_where(text: str, codes: list[str]) -> None:
    accepted, problems = read_acceptances(text.encode(), "accepted.yaml")
    assert (accepted, [p.code for p in problems]) == ((), codes)
    assert all(p.span.file == "accepted.yaml" for p in problems)

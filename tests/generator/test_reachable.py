"""Which records an interface reaches from one of them, and what that costs."""

from itertools import pairwise

from gridwright.ir import Interface

from .support import Tree, base, put, shown, understood, yaml_of


def holding(**below: str) -> Interface:
    """Resolve a spec in which each record holds others: by its name, their names."""
    records: Tree = {
        name: {
            "en": "thing", "at": "8",
            "fields": {
                f"f{number}": {"name": f"f{number}", "type": kind, "of": inner, "at": "8"}
                for number, (kind, inner) in enumerate(map(str.split, words.split(", ")))
            }
            if words
            else {"leaf": {"name": "leaf", "type": "text", "at": "8"}},
        }
        for name, words in ((name, _typed(words)) for name, words in below.items())
    }  # fmt: skip
    first = next(iter(below))
    reply = {"record": "Answer", "list": {"element": "rows", "at": "5"}, "fields": {
        "first": {"name": "first", "type": "record", "of": first, "at": "8"},
    }}  # fmt: skip
    tree = put(put(base(), ("records",), records), ("operations", "list_readings", "reply"), reply)
    interface, problems = understood(yaml_of(tree))
    assert interface is not None, shown(problems)
    return interface


def _typed(words: str) -> str:
    """Return kind and name of each field; a name in brackets is that of a list."""
    return ", ".join(
        f"list {name.strip('[]')}" if name.startswith("[") else f"record {name}"
        for name in words.split()
    )


def reached(interface: Interface, name: str) -> list[str]:
    start = interface.record_named(name)
    assert start is not None
    return [record.name for record in interface.reachable(start)]


def test_records_below_each_other_twice_are_found_once_and_soon() -> None:
    names = [f"Level{number}" for number in range(60)]
    below = {one: f"{inner} [{inner}]" for one, inner in pairwise(names)}
    assert reached(holding(**below, **{names[-1]: ""}), names[0]) == names


def test_records_come_in_the_order_in_which_they_are_mentioned() -> None:
    interface = holding(First="Third Second", Second="[Fourth]", Fourth="", Third="[Fourth]")
    assert reached(interface, "First") == ["First", "Third", "Second", "Fourth"]


def test_records_that_hold_themselves_are_found_once() -> None:
    assert reached(holding(First="[Second]", Second="[First]"), "First") == ["First", "Second"]

"""Operations of one address are told apart by constants, codes and required parts."""

from typing import Any

from ..support import Tree, base, codes_of, put

LIST = {
    "kind": {"en": "kind", "at": "3", "values": {"A": {"name": "a"}, "B": {"name": "b"}}},
    "more": {"en": "more", "at": "3", "values": {"B": {"name": "b"}, "C": {"name": "c"}}},
    "rest": {"en": "rest", "at": "3", "values": {"D": {"name": "d"}}},
}


def asked(**first: Any) -> Any:
    def beside(**second: Any) -> list[str]:
        tree: Tree = base()
        one = tree["operations"]["list_readings"]
        meters = {"x": {"name": "x", "at": "4", **first}}
        others = {"x" if second else "y": {"name": "x", "at": "4", "type": "text", **second}}
        tree = put(tree, ("operations", "list_readings", "request"), meters)
        tree = put(tree, ("operations", "other"), {**one, "request": others})
        used = {name for said in (first, second) if (name := said.get("codes"))}
        if used:
            tree["codes"] = {name: LIST[name] for name in used}
        return [code for code in codes_of(tree) if code != "record-mismatch"]

    return beside


def test_two_constants_tell_apart() -> None:
    assert asked(value="A")(value="B") == []
    assert asked(value="A")(value="A") == ["operations-alike"]


def test_a_constant_that_is_no_code_of_the_other_tells_apart() -> None:
    assert asked(value="D")(type="code", codes="kind", required="O") == []


def test_codes_tell_apart_unless_they_share_one() -> None:
    kind = {"type": "code", "required": "O"}
    assert asked(**kind, codes="kind")(**kind, codes="rest") == []
    assert asked(**kind, codes="kind")(**kind, codes="more") == ["operations-alike"]


def test_a_required_part_that_the_other_lacks_tells_apart() -> None:
    assert asked(type="text", required="O")() == []
    assert asked(type="text")() == ["operations-alike"]


def test_another_method_is_another_address() -> None:
    tree = base()
    one = tree["operations"]["list_readings"]
    assert codes_of(put(tree, ("operations", "other"), {**one, "method": "POST"})) == []

"""Amendments: a patch names what it expects, and fails where that is not there."""

import pytest

from gridwright.amend import apply_amendments, split_path
from gridwright.diagnostics import Diagnostic
from gridwright.source import Node, Plain, read_yaml

SPEC = "{a: {b: '1', c: {d: '2', e: [x, y]}}, 'k.k': {'with space': '3'}, f: '4'}"


def read(text: str) -> Node:
    node, problems = read_yaml(text.encode(), "amendments.yaml")
    assert node is not None and not problems
    return node


def amended(*patches: str) -> tuple[Plain, list[str]]:
    """Apply one private amendment for each patch; return the spec and what was reported."""
    spec, problems = _apply(*patches)
    return spec.plain(), [f"{p.span.line}:{p.span.column} {p.code}" for p in problems]


def _apply(*patches: str) -> tuple[Node, list[Diagnostic]]:
    items = "\n".join(
        f"- {{id: a{n}, kind: private, finding: x, ruling: y, patch:\n  {patch}}}"
        for n, patch in enumerate(patches)
    )
    return apply_amendments(read(SPEC), read(items).items or ())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a", "b", "c")),
        ('a."b.c".d', ("a", "b.c", "d")),
        ('"k k"', ("k k",)),
        ("q0015~q2400.size", ("q0015~q2400", "size")),
        ('a.""', ("a", "")),
        ("", None),
        ("a.", None),
        (".a", None),
        ("a..b", None),
        ('a"b"', None),
        ('a."b', None),
        ('"a"b', None),
    ],
)
def test_paths_join_keys_with_dots_and_quote_what_holds_one(
    text: str, path: tuple[str, ...] | None
) -> None:
    assert split_path(text) == path


def test_a_value_is_replaced_where_the_printed_one_stands() -> None:
    spec, problems = amended('{a.b: {printed: "1", use: "9"}}')
    assert (spec["a"]["b"], problems) == ("9", [])  # type: ignore[index,call-overload]


def test_a_printed_value_that_is_gone_fails_at_the_amendment_and_names_what_stands_there() -> None:
    spec, problems = _apply('{a.b: {printed: "8", use: "9"}}')
    assert spec == read(SPEC)
    assert [str(p) for p in problems] == [
        "amendments.yaml:2:19: error[amendment-printed]: the spec does not say '8' at a.b\n"
        "  help: it says '1' at amendments.yaml:1:9"
    ]


@pytest.mark.parametrize(
    "printed", ["{d: '2', e: [y, x]}", "{d: '2'}", "{e: [x, y], d: 2, f: 3}", "[]", "''"]
)
def test_a_printed_mapping_must_match_whole(printed: str) -> None:
    assert amended(f"{{a.c: {{printed: {printed}, use: z}}}}")[1] == ["2:19 amendment-printed"]


def test_a_printed_mapping_matches_in_any_order_of_its_keys() -> None:
    spec, problems = amended("{a.c: {printed: {e: [x, y], d: '2'}, use: z}}")
    assert (spec["a"]["c"], problems) == ("z", [])  # type: ignore[index,call-overload]


@pytest.mark.parametrize("path", ["b", "a.x", "a.c.x.y", "f.x", "a.c.e.0", '"k.k".x'])
def test_a_path_that_leads_nowhere_fails(path: str) -> None:
    assert amended(f"{{'{path}': {{printed: x, use: y}}}}")[1] == ["2:4 amendment-path"]


def test_a_missing_place_is_answered_with_the_nearest_key() -> None:
    problems = _apply("{a.c.dd: {printed: x, use: y}}")[1]
    assert problems[0].help == "did you mean 'd'?"


def test_a_key_is_removed_where_the_printed_value_stands() -> None:
    assert amended('{f: {printed: "4", remove: yes}}') == (
        {"a": {"b": "1", "c": {"d": "2", "e": ["x", "y"]}}, "k.k": {"with space": "3"}},
        [],
    )


def test_a_key_is_added_at_the_end_where_it_is_absent() -> None:
    spec, problems = amended("{a.z: {absent: yes, use: {n: '5'}}}")
    assert (list(spec["a"]), problems) == (["b", "c", "z"], [])  # type: ignore[index,call-overload]


def test_a_key_that_is_there_cannot_be_added() -> None:
    assert amended("{a.b: {absent: yes, use: '5'}}")[1] == ["2:4 amendment-not-absent"]


def test_a_renamed_key_keeps_its_position() -> None:
    assert list(amended("{a.b: {rename: z}}")[0]["a"]) == ["z", "c"]  # type: ignore[index,call-overload]


def test_a_key_cannot_be_renamed_to_one_that_is_there() -> None:
    assert amended("{a.b: {rename: c}}")[1] == ["2:18 amendment-not-absent"]


def test_a_key_with_dots_and_blanks_is_reached_in_quotes() -> None:
    spec, problems = amended("{'\"k.k\".\"with space\"': {printed: '3', use: '9'}}")
    assert (spec["k.k"], problems) == ({"with space": "9"}, [])  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    "patches",
    [
        ("{a: {rename: z}}", "{a.b: {printed: '1', use: '9'}}", "{a.c.d: {rename: q}}"),
        ("{a.c.d: {rename: q}}", "{a.b: {printed: '1', use: '9'}}", "{a: {rename: z}}"),
    ],
)
def test_paths_are_written_in_the_names_of_the_transcription_whatever_is_renamed(
    patches: tuple[str, ...],
) -> None:
    spec, problems = amended(*patches)
    assert (spec["z"], problems) == (  # type: ignore[index,call-overload]
        {"b": "9", "c": {"q": "2", "e": ["x", "y"]}},
        [],
    )


def test_one_place_is_patched_once() -> None:
    patch = "{a.b: {printed: '1', use: '9'}}"
    assert amended(patch, patch)[1] == ["4:4 amendment-conflict"]


@pytest.mark.parametrize(
    "patches",
    [
        ("{a.c: {printed: {d: '2', e: [x, y]}, use: {d: '7'}}}", "{a.c.d: {printed: '2', use: z}}"),
        ("{a.c.d: {printed: '2', use: z}}", "{a.c: {printed: {d: '2', e: [x, y]}, remove: yes}}"),
        ("{a.n: {absent: yes, use: {m: '1'}}}", "{a.n.m: {printed: '1', use: '2'}}"),
    ],
)
def test_a_place_inside_a_patched_one_is_not_patched_again(patches: tuple[str, str]) -> None:
    assert [p.split()[1] for p in amended(*patches)[1]] == ["amendment-conflict"]


def test_a_private_amendment_may_add_to_what_another_has_added() -> None:
    spec, problems = amended(
        "{a.n.two: {absent: yes, use: '2'}}", "{a.n: {absent: yes, use: {one: '1'}}}"
    )
    assert (spec["a"]["n"], problems) == ({"one": "1", "two": "2"}, [])  # type: ignore[index,call-overload]


def test_what_an_amendment_puts_in_bears_its_name() -> None:
    spec, _ = _apply("{a.c: {printed: {d: '2', e: [x, y]}, use: {d: '7'}}}", "{f: {rename: g}}")
    marked = {node.text: node.amended for node in spec.walk() if node.amended}
    assert marked == {"7": ("a0",), None: ("a0",), "4": ("a1",)}


@pytest.mark.parametrize(
    "patch", ["{a.b: x}", "{a.b: {use: x}}", "{a.b: {}}", "{a.b: {rename: [x]}}"]
)
def test_a_patch_of_no_known_form_is_left_to_the_grammar(patch: str) -> None:
    assert amended(patch) == (read(SPEC).plain(), [])


def test_a_private_amendment_may_patch_what_an_erratum_has_put_there() -> None:
    about = "finding: x, ruling: y"
    private = f"{{id: p, kind: private, {about}, patch: {{a.b: {{printed: '2', use: '3'}}}}}}"
    erratum = (
        f"{{id: e, kind: erratum, at: 1, {about}, patch: {{a.b: {{printed: '1', use: '2'}}}}}}"
    )
    items = read(f"[{private}, {erratum}]").items or ()
    spec, problems = apply_amendments(read(SPEC), items)
    assert (spec.plain()["a"]["b"], problems) == ("3", [])  # type: ignore[index,call-overload]

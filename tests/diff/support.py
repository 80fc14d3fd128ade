"""One helper for each boundary of the comparison: pairs of specs in, changes out."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from gridwright.amend import split_path
from gridwright.diff.compare import compare
from gridwright.diff.index import Index
from gridwright.diff.sides import Files, understood
from gridwright.diff.verdicts import Change
from gridwright.source import Plain, read_yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

Tree: TypeAlias = Any
"""A spec as plain values: texts, lists and mappings."""

GONE = "(gone)"
RENAMED = "(as "


@cache
def _base() -> str:
    return (HERE / "base.yaml").read_text(encoding="utf-8")


def base() -> Tree:
    """Return the spec that has something of everything."""
    return tree_of(_base())


def tree_of(text: str | bytes) -> Plain:
    """Read YAML without its positions."""
    node, problems = read_yaml(text.encode() if isinstance(text, str) else text, "spec.yaml")
    assert node is not None and not problems, problems
    return node.plain()


def yaml_of(tree: Tree) -> bytes:
    """Write a tree as YAML, one key a line, so that places differ."""
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()


def patched(tree: Tree, patch: Mapping[str, Tree]) -> Tree:
    """Change a tree at paths.

    ``(gone)`` removes what stands there, ``(as NAME)`` calls its key otherwise, anything else is
    put there.
    """
    for path, value in patch.items():
        split = split_path(path)
        assert split is not None, f"{path} is no path"
        tree = _changed(tree, split, value)
    return tree


def _changed(tree: Tree, path: tuple[str, ...], value: Tree) -> Tree:
    key, rest = path[0], path[1:]
    if isinstance(tree, list):
        index = int(key)
        if not rest and value == GONE:
            return [*tree[:index], *tree[index + 1 :]]
        inner = _changed(tree[index], rest, value) if rest else value
        return [*tree[:index], inner, *tree[index + 1 :]]
    if rest:
        return {**tree, key: _changed(tree.get(key, {}), rest, value)}
    if value == GONE:
        assert key in tree, f"{key} is not there"
        return {k: v for k, v in tree.items() if k != key}
    if isinstance(value, str) and value.startswith(RENAMED):
        name = value.removeprefix(RENAMED).removesuffix(")")
        return {name if k == key else k: v for k, v in tree.items()}
    return {**tree, key: value}


def seen_of(tree: Tree, amendments: Tree = None, unsaid: Tree = None) -> Index:
    """Resolve a tree; its files are called interface.yaml, amendments.yaml and unsaid.yaml."""
    return _seen(*(yaml_of(one) if one else b"" for one in (tree, amendments, unsaid)))


@lru_cache(maxsize=8)
def _seen(interface: bytes, amendments: bytes, unsaid: bytes) -> Index:
    further = ((amendments, "amendments.yaml"),) if amendments else ()
    left = (unsaid, "unsaid.yaml") if unsaid else None
    found, problems = understood(Files((interface, "interface.yaml"), further, left))
    assert found is not None, "\n".join(map(str, problems))
    return found


def changes_between(
    old: Mapping[str, Tree] | None = None,
    new: Mapping[str, Tree] | None = None,
    *,
    old_amendments: Tree = None,
    new_amendments: Tree = None,
    old_unsaid: Tree = None,
    new_unsaid: Tree = None,
) -> tuple[Change, ...]:
    """Compare the base with the base, each changed at paths."""
    return compare(
        seen_of(patched(base(), old or {}), old_amendments, old_unsaid),
        seen_of(patched(base(), new or {}), new_amendments, new_unsaid),
    )


def rules_of(changes: tuple[Change, ...]) -> list[str]:
    """Return the ids of the rules that apply, sorted, each once."""
    return sorted({change.rule for change in changes})


def acceptance(fingerprint: str, rule: str, place: str, reason: str) -> str:
    """Return one entry of a file of acceptances."""
    return f'- {{change: "{fingerprint}", rule: {rule}, place: {place}, reason: {reason}}}\n'

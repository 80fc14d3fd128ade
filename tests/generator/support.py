"""One helper for each boundary of the generator: texts in, diagnostics and files out."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface
from gridwright.load import amend_text
from gridwright.output.render import render
from gridwright.pipeline import understand
from gridwright.source import Plain, read_yaml
from gridwright.targets import views

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PACKAGE = "gridwright_apis"

Place: TypeAlias = tuple[str | int, ...]
Tree: TypeAlias = Any
"""A spec as plain values: texts, lists and mappings."""

BASE = """\
gridwright: 1
system: demo
title: {text: Demo, en: Demo, at: 1}
document: {file: demo.txt, title: Demo, language: en, at: 1}
conventions:
  required_marks: {O: required}
  time_zone: {name: Asia/Seoul, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 2}
operations:
  list_readings:
    wire_name: listReadings
    en: readings of a meter
    kind: read
    at: 3
    method: GET
    address: {text: "https://api.example.com/readings", at: 3}
    formats: [json]
    request:
      meterNo: {name: meter_number, type: text, required: O, size: 10, at: 4}
    reply:
      record: Reading
      list: {element: readings, at: 5}
      fields:
        energy: {name: energy_kwh, type: decimal, size: "14,4", unit: kWh, at: 6}
"""
"""The smallest spec that generates something."""


def understood(
    spec: str | bytes, *amendments: str | bytes
) -> tuple[Interface | None, tuple[Diagnostic, ...]]:
    """Read, amend, resolve and check texts; files are called spec.yaml and amendments.yaml."""
    files = [(_bytes(text), "amendments.yaml") for text in amendments]
    return understand(*amend_text(_bytes(spec), "spec.yaml", files))


def problems_of(spec: str | bytes, *amendments: str | bytes) -> list[str]:
    """Return what is wrong, as ``line:column code``."""
    found = understood(spec, *amendments)[1]
    return [f"{p.span.line}:{p.span.column} {p.code}" for p in found]


def codes_of(tree: Tree, *amendments: Tree) -> list[str]:
    """Return the codes of what is wrong with a tree, sorted, each once."""
    return sorted({p.code for p in understood(yaml_of(tree), *map(yaml_of, amendments))[1]})


def codes_with(place: Place, value: Tree) -> list[str]:
    """Return the codes of what is wrong with ``bodies`` once a place of it has another value."""
    return codes_of(put(bodies(), place, value))


def generated(spec: str | bytes, *amendments: str | bytes) -> dict[str, str]:
    """Generate a spec that has no problem; return path and text of each file."""
    interface, problems = understood(spec, *amendments)
    assert interface is not None and not problems, "\n".join(map(str, problems))
    return files_of(interface)


def files_of(interface: Interface, package: str = PACKAGE) -> dict[str, str]:
    """Render everything of an interface without problems."""
    own = f"{package}.{interface.system}"
    made = [render(view, own) for view in views(interface, own)]
    paths = [artifact.path for artifact in made]
    assert len(set(paths)) == len(paths), "two files have one path"
    return {artifact.path: artifact.text for artifact in made}


def base() -> Tree:
    """Return the smallest spec as a tree of its own."""
    return tree_of(BASE)


@cache
def _full() -> tuple[str, str]:
    return tuple(  # type: ignore[return-value]
        (HERE / name).read_text(encoding="utf-8") for name in ("full.yaml", "full.amendments.yaml")
    )


def full() -> Tree:
    """Return the spec that uses all of the language that is generated."""
    return tree_of(_full()[0])


def bodies() -> Tree:
    """Return the spec whose requests are bodies, and whose login has two tickets."""
    return tree_of((HERE / "bodies.yaml").read_text(encoding="utf-8"))


def services() -> Tree:
    """Return the spec of services: a session, open records, forms, files, limits."""
    return tree_of((HERE / "services.yaml").read_text(encoding="utf-8"))


def soap() -> Tree:
    """Return the spec of services whose messages are SOAP."""
    return tree_of((HERE / "soap.yaml").read_text(encoding="utf-8"))


def full_amendments() -> Tree:
    """Return the amendments that belong to ``full``."""
    return tree_of(_full()[1])


def tree_of(text: str) -> Plain:
    """Read YAML without its positions."""
    node, problems = read_yaml(text.encode(), "spec.yaml")
    assert node is not None and not problems
    return node.plain()


def yaml_of(tree: Tree) -> bytes:
    """Write a tree as YAML; what YAML forbids in a file is escaped, so that it reaches the spec."""
    text = json.dumps(tree, ensure_ascii=False)
    return re.sub(
        r"[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]",
        lambda match: f"\\u{ord(match[0]):04x}",
        text,
    ).encode()


def at(tree: Tree, place: Place) -> Tree:
    """Return what stands at ``place``."""
    for step in place:
        tree = tree[step]
    return tree


def put(tree: Tree, place: Place, value: Tree) -> Tree:
    """Return ``tree`` with ``value`` at ``place``; the value is added where nothing stands."""
    if not place:
        return value
    key, rest = place[0], place[1:]
    if isinstance(tree, list):
        return [put(v, rest, value) if i == key else v for i, v in enumerate(tree)]
    below = tree.get(key, {} if rest else None)
    return {**tree, key: put(below, rest, value)}


def without(tree: Tree, place: Place) -> Tree:
    """Return ``tree`` without what stands at ``place``."""
    parent, key = at(tree, place[:-1]), place[-1]
    if isinstance(parent, list):
        return put(tree, place[:-1], [v for i, v in enumerate(parent) if i != key])
    return put(tree, place[:-1], {k: v for k, v in parent.items() if k != key})


def rename(tree: Tree, place: Place, name: str) -> Tree:
    """Return ``tree`` with the key at ``place`` called ``name``, where it stood."""
    parent = at(tree, place[:-1])
    renamed = {name if key == place[-1] else key: value for key, value in parent.items()}
    return put(tree, place[:-1], renamed)


def places(tree: Tree, above: Place = ()) -> Iterator[Place]:
    """Yield the place of every value of a tree, its root first."""
    yield above
    below: Iterable[tuple[str | int, Tree]] = ()
    if isinstance(tree, dict):
        below = tree.items()
    elif isinstance(tree, list):
        below = enumerate(tree)
    for key, value in below:
        yield from places(value, (*above, key))


def field(**keys: Tree) -> Tree:
    """Return a field of the base spec with these keys."""
    return {"name": "other", "type": "text", "at": "7", **keys}


def with_reply_field(wire: str, /, **keys: Tree) -> Tree:
    """Return the base spec with a further field in its record."""
    return put(base(), ("operations", "list_readings", "reply", "fields", wire), field(**keys))


def with_parameter(wire: str, /, **keys: Tree) -> Tree:
    """Return the base spec with a further parameter of its operation."""
    return put(base(), ("operations", "list_readings", "request", wire), field(**keys))


def shown(problems: Sequence[Diagnostic]) -> str:
    """Return diagnostics as the command line prints them."""
    return "".join(f"{problem}\n" for problem in problems)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text

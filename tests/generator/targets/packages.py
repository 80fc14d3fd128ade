"""Packages made of small specs, whatever rule says that they are not generated yet."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from ..output_files import check_files
from ..support import Tree, base, files_of, put, shown, tree_of, understood, without, yaml_of

__all__ = ["Made", "make", "spec"]

OPERATION = ("operations", "list_readings")

RECORDS = """\
Order:
  en: order
  at: 8
  fields:
    id: {name: number, type: text, size: 8, required: O, at: 8}
    amount: {name: amount_kwh, type: decimal, unit: kWh, at: 8}
    lines: {name: lines, type: list, of: Line, at: 8}
Line:
  en: line of an order
  at: 9
  fields:
    code: {name: code, type: text, at: 9}
Wrapped:
  en: order with what goes around it
  at: 10
  fields:
    header: {name: header, type: list, of: Pair, at: 10}
    order: {name: order, type: record, of: Order, required: O, at: 10}
Pair:
  en: pair
  at: 11
  fields:
    key: {name: key, type: text, at: 11}
    value: {name: value, type: text, at: 11}
Answer:
  en: answer
  at: 12
  fields:
    code: {name: code, type: text, at: 12}
    text: {name: message, type: text, at: 12}
    kind: {name: kind, type: text, at: 12}
    data: {name: data, type: record, of: Order, at: 12}
LongAnswer:
  extends: Answer
  en: longer answer
  at: 13
  fields:
    more: {name: more, type: text, at: 13}
"""


class Made(NamedTuple):
    """A package that was generated."""

    files: dict[str, str]
    operations: ModuleType
    models: ModuleType
    validators: ModuleType


def spec(**parts: Tree) -> Tree:
    """Return a spec of one operation, ``list_readings``.

    Args:
        parts: keys of the operation, or of the spec where it has such a key; an empty text takes
            one away.
    """
    tree = put(base(), ("records",), tree_of(RECORDS))
    for key, value in parts.items():
        place = (key,) if key in _OF_SPEC else (*OPERATION, key)
        tree = without(tree, place) if value == "" else put(tree, place, value)
    return tree


def make(tree: Tree, folder: Path, name: str) -> Made:
    """Generate a package called ``name`` below ``folder``, and load what needs no client."""
    interface, problems = understood(yaml_of(put(tree, ("system",), name)))
    others = [problem for problem in problems if problem.code not in _LEFT_OVER]
    assert interface is not None and not others, shown(others)
    # A name of its own, since modules of other tests are loaded beside it.
    package = f"parts_{folder.name.replace('-', '_')}"
    files = files_of(interface, package)
    check_files(files)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        operations = importlib.import_module(f"{package}.{name}.operations")
        models = importlib.import_module(f"{package}.{name}.models")
        validators = importlib.import_module(f"{package}.{name}.validators")
    finally:
        sys.path.remove(str(folder))
    own = f"{package}/{name}/"
    modules = {p.removeprefix(own): text for p, text in files.items() if p.startswith(own)}
    return Made(files | modules, operations, models, validators)


_OF_SPEC = frozenset({
    "auth", "credentials", "envelopes", "limits", "samples", "servers", "soap", "statuses",
})  # fmt: skip
# Of a spec that is put together of parts, some are used by no operation.
_LEFT_OVER = frozenset({"unused"})

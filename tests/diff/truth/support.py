"""Packages of two versions of a spec, side by side, and a caller of all that the first one has."""

import ast
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from gridwright.checks import check
from gridwright.diff.compare import compare
from gridwright.diff.index import Index, index_of
from gridwright.diff.verdicts import Change
from gridwright.load import amend_text
from gridwright.output.render import render
from gridwright.resolve import resolve
from gridwright.targets import views

from ..support import ROOT, Tree, patched, tree_of, yaml_of

SPECS = ROOT / "tests" / "generator"
BASES = {"full": "full.yaml", "bodies": "bodies.yaml"}


def base_of(system: str) -> Tree:
    """Return a spec that generates: ``full`` is asked by parameters, ``bodies`` by bodies."""
    return tree_of((SPECS / BASES[system]).read_text(encoding="utf-8"))


def generable(tree: Tree) -> Index:
    """Resolve a spec of which a package can be generated."""
    amended, problems = amend_text(yaml_of(tree), "interface.yaml", [])
    assert amended is not None and not problems, "\n".join(map(str, problems))
    interface, problems = resolve(amended.root, amended.amendments)
    problems += check(interface)
    assert not problems, "\n".join(map(str, problems))
    return index_of(interface, amended.root)


@cache
def _base(system: str) -> Index:
    return generable(base_of(system))


def sides(system: str, patch: Mapping[str, Tree]) -> tuple[Index, Index]:
    """Return the base of a system, and the base with a patch."""
    return _base(system), generable(patched(base_of(system), patch))


def changes(system: str, patch: Mapping[str, Tree]) -> tuple[Change, ...]:
    """Compare the base of a system with the base with a patch."""
    return compare(*sides(system, patch))


def write_package(side: Index, folder: Path, package: str, without: Collection[str] = ()) -> Path:
    """Generate Python modules of one side below ``folder``; return the system's folder."""
    own = f"{package}.{side.interface.system}"
    for view in views(side.interface, own):
        if not view.path.endswith(".py") or Path(view.path).name in without:
            continue
        artifact = render(view, own)
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")
    system = folder / package / side.interface.system
    (system / "py.typed").touch()
    (folder / package / "__init__.py").touch()
    return system


def caller_of(package: Path, imported: str) -> str:
    """Write a module that calls, reads, builds and names all that a package offers.

    Args:
        package: folder of the package whose promises the caller relies on.
        imported: import path of the package that it imports.
    """
    lines = [
        "import datetime",
        "import ssl",
        "from collections.abc import Sequence",
        "from decimal import Decimal",
        "from pathlib import Path",
        "from typing import Any, Literal, assert_type",
        "",
        "import httpx2",
        f"from {imported} import codes, models",
        f"from {imported}.client import Client",
        "from gridwright_runtime.clock import Clock",
        "from gridwright_runtime.interface import Format",
        "from gridwright_runtime.paging import Walk",
        "from gridwright_runtime.reconcile import Found",
        "from gridwright_runtime.reply import Reply, ReplyBeside",
        "from gridwright_runtime.result import Result, ResultBeside",
        "from gridwright_runtime.retry import RetryPolicy",
        "from gridwright_runtime.series import LabelMarks",
        "from gridwright_runtime.values.types import DayOfMonth, Yyyymm, Yyyymmdd",
        "",
    ]
    if (package / "times.py").is_file():
        lines.insert(-1, f"from {imported}.times import *")
    if (package / "series.py").is_file():
        lines.insert(-1, f"from {imported}.series import *")
    lines += _calls(_classes(package / "client.py")["Client"])
    for name, node in _classes(package / "models.py").items():
        lines += _reads(name, node)
    for name, node in _classes(package / "codes.py").items():
        lines += [f"codes.{name}.{target.id}" for target in _constants(node)]
    return "\n".join(lines) + "\n"


def _classes(path: Path) -> dict[str, ast.ClassDef]:
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _calls(client: ast.ClassDef) -> Iterator[str]:
    for node in client.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        method = "Client" if node.name == "__init__" else f"client.{node.name}"
        result = "None" if node.name == "__init__" else ast.unparse(node.returns or ast.Constant(0))
        # Once with every argument, once with those that have no default.
        for kind in ("all", "needed"):
            arguments = [
                argument
                for argument, default in zip(
                    node.args.kwonlyargs, node.args.kw_defaults, strict=True
                )
                if kind == "all" or default is None
            ]
            taken = ", ".join(f"{a.arg}: {_annotation(a)}" for a in arguments)
            given = ", ".join(f"{a.arg}={a.arg}" for a in arguments)
            first = "client: Client" if not taken else f"client: Client, {taken}"
            before = "" if node.name == "__init__" else f"found: {result} = "
            yield f"def {kind}_{node.name}({first}) -> None:\n    {before}{method}({given})\n"


def _reads(name: str, record: ast.ClassDef) -> Iterator[str]:
    fields = [
        (node.target.id, ast.unparse(node.annotation), node.value)
        for node in record.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and not node.target.id.startswith("__")
    ]
    body = [f"    {field}: {_named(kind)} = record.{field}" for field, kind, _ in fields]
    for node in record.body:
        if isinstance(node, ast.FunctionDef):
            arguments = node.args.kwonlyargs
            given = ", ".join(f'{a.arg}="start"' for a in arguments)
            body.append(f"    record.{node.name}({given})")
    yield (
        f"def read_{name}(record: models.{name}) -> None:\n"
        + "\n".join(body or ["    pass"])
        + "\n"
    )
    for kind in ("all", "needed"):
        wanted = [
            (field, annotation)
            for field, annotation, value in fields
            if kind == "all" or "default" not in ast.unparse(value or ast.Constant(0))
        ]
        taken = ", ".join(f"{field}: {_named(annotation)}" for field, annotation in wanted)
        given = ", ".join(f"{field}={field}" for field, _ in wanted)
        yield f"def {kind}_{name}({taken}) -> models.{name}:\n    return models.{name}({given})\n"


def _constants(codes: ast.ClassDef) -> Iterator[ast.Name]:
    for node in codes.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target


def _annotation(argument: ast.arg) -> str:
    assert argument.annotation is not None
    return ast.unparse(argument.annotation)


def _named(annotation: str) -> str:
    """Name the records that a record mentions as the caller sees them."""
    tree = ast.parse(annotation, mode="eval")
    known = {"str", "int", "bool", "bytes", "list", "Decimal", "LocalInstant", "None"}
    known |= {"Yyyymm", "Yyyymmdd", "DayOfMonth"}

    class Names(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return node if node.id in known else ast.Name(f"models.{node.id}")

    return ast.unparse(Names().visit(tree))

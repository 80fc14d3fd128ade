import ast
import re
from collections.abc import Iterator
from pathlib import Path

import gridwright_runtime
from gridwright_runtime.problems import RULES

SOURCE = Path(gridwright_runtime.__file__).parent
WORD = re.compile("[a-z]+(-[a-z]+)*")


def trees() -> list[ast.Module]:
    """Return the modules that name rules; mocks and the shell have words of their own."""
    paths = sorted(SOURCE.rglob("*.py"))
    folders = ("mock", "shell", "testing")
    return [
        ast.parse(path.read_text("utf-8"))
        for path in paths
        if path.relative_to(SOURCE).parts[0] not in folders and path.name != "problems.py"
    ]


def texts_in(node: ast.expr | None) -> Iterator[str]:
    """Yield the texts that an expression can be."""
    if isinstance(node, ast.IfExp):
        yield from texts_in(node.body)
        yield from texts_in(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def functions_with_rules(modules: list[ast.Module]) -> dict[str, set[int]]:
    """Return where functions and classes take a rule, by their names."""
    found: dict[str, set[int]] = {}
    for module in modules:
        for node in ast.walk(module):
            for name, function, skipped in callables(node):
                parameters = [one.arg for one in function.args.args][skipped:]
                if "rule" in parameters:
                    found.setdefault(name, set()).add(parameters.index("rule"))
    return found


def callables(node: ast.AST) -> Iterator[tuple[str, ast.FunctionDef, int]]:
    if isinstance(node, ast.FunctionDef):
        is_method = bool(node.args.args) and node.args.args[0].arg == "self"
        yield node.name, node, int(is_method)
    elif isinstance(node, ast.ClassDef):
        for member in node.body:
            if isinstance(member, ast.FunctionDef) and member.name == "__init__":
                yield node.name, member, 1


def named_rules() -> set[str]:
    modules = trees()
    places = functions_with_rules(modules)
    found: set[str] = set()
    for module in modules:
        own = functions_with_rules([module])
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                for place in own.get(name) or places.get(name, set()):
                    found.update(*(texts_in(one) for one in node.args[place : place + 1]))
                for keyword in node.keywords:
                    if keyword.arg == "rule":
                        found.update(texts_in(keyword.value))
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(one, ast.Name) and one.id == "rule" for one in targets):
                    found.update(texts_in(node.value))
    return {text for text in found if WORD.fullmatch(text)}


def all_texts() -> set[str]:
    nodes = (node for module in trees() for node in ast.walk(module))
    return {text for node in nodes if isinstance(node, ast.Constant) for text in texts_in(node)}


def test_each_rule_that_the_source_names_is_listed() -> None:
    named = named_rules()
    assert len(named) > 20
    assert named <= set(RULES)


def test_each_rule_that_is_listed_is_named_by_the_source() -> None:
    assert set(RULES) <= all_texts()
    assert len(RULES) == len(set(RULES))

"""Lay Python out: imports in order, then black; no configuration file has a say."""

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gridwright.output.layout import lay_out

if TYPE_CHECKING:
    import isort

__all__ = ["format_python"]

LINE_LENGTH = 100


def format_python(text: str) -> str:
    """Sort the imports of a module and lay it out, independent of any configuration file."""
    import black
    from black.mode import TargetVersion

    mode = black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)
    return black.format_str(lay_out(_with_ordered_imports(text), LINE_LENGTH), mode=mode)


def _with_ordered_imports(text: str) -> str:
    """Sort the imports at the top, and them alone: texts of a spec may look like imports, too."""
    import isort

    imports = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    if not imports:
        return text
    lines = text.split("\n")
    first, last = imports[0].lineno - 1, imports[-1].end_lineno
    ordered = isort.code("\n".join(lines[first:last]), config=_import_order())
    return "\n".join([*lines[:first], ordered.rstrip("\n"), *lines[last:]])


@cache
def _import_order() -> "isort.Config":
    import isort

    return isort.Config(
        settings_file="",
        profile="black",
        line_length=LINE_LENGTH,
        py_version="311",
        known_first_party=["gridwright_runtime", "gridwright_apis"],
        # What lies in the working directory says nothing about what a module is.
        src_paths=(Path("/dev/null"),),
    )

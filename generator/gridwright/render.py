"""Turn views into artifacts: texts, formatted. Never decides anything."""

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gridwright.artifact import Artifact
from gridwright.resources import template_folder
from gridwright.view import Text, View

if TYPE_CHECKING:
    import isort

__all__ = ["format_python", "render"]

LINE_LENGTH = 100


def render(view: View | Text, package: str) -> Artifact:
    """Make one file; ``package`` is the import path of the system's package."""
    if isinstance(view, Text):
        text = view.text
    else:
        text = _environment().get_template(view.template).render(**view.context, package=package)
    return Artifact(view.path, format_python(text) if view.python else text)


def format_python(text: str) -> str:
    """Sort the imports of a module and lay it out, independent of any configuration file."""
    import black
    import isort
    from black.mode import TargetVersion

    ordered = isort.code(text, config=_import_order())
    mode = black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)
    return black.format_str(ordered, mode=mode)


@cache
def _import_order() -> "isort.Config":
    import isort

    return isort.Config(
        settings_file="",
        profile="black",
        line_length=LINE_LENGTH,
        py_version="311",
        known_first_party=["gridwright_runtime", "gridwright_apis"],
    )


@cache
def _environment() -> Environment:
    # The output is Python, Markdown and text, each with an escaping function of its own; HTML
    # escaping would be wrong in all of them.
    return Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )

"""Turn views into artifacts: texts, formatted."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gridwright.output.artifact import Artifact
from gridwright.output.formatting import format_python
from gridwright.output.view import TextView, View
from gridwright.resources import template_folder

__all__ = ["render"]


def render(view: View | TextView, package: str) -> Artifact:
    """Make one file; ``package`` is the import path of the system's package."""
    if isinstance(view, TextView):
        text = view.text
    else:
        text = _environment().get_template(view.template).render(**view.context, package=package)
    return Artifact(view.path, format_python(text) if view.python else text)


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

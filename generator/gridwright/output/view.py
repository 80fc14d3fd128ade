"""A view that a target returns: a template with all that it needs, or a text that needs none."""

from dataclasses import dataclass
from typing import Any

__all__ = ["TextView", "View"]


@dataclass(frozen=True, slots=True)
class View:
    """One file to render: everything decided, nothing left to look up.

    Attributes:
        path: where the file goes, relative to the output folder, with slashes.
        template: the template's path below templates/.
        context: the template's names.
        python: the text is Python, and gets formatted.
    """

    path: str
    template: str
    context: dict[str, Any]
    python: bool = True


@dataclass(frozen=True, slots=True)
class TextView:
    """One file that another tool has laid out; ``path`` and ``python`` as in a View."""

    path: str
    text: str
    python: bool = False

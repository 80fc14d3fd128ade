"""A template with what it needs: everything decided, nothing left to look up."""

from dataclasses import dataclass
from typing import Any

__all__ = ["View"]


@dataclass(frozen=True, slots=True)
class View:
    """One file to render.

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

"""Find the templates: in the installed package, or in the checkout."""

from pathlib import Path

__all__ = ["template_folder"]


def template_folder() -> Path:
    """Return the folder of the templates."""
    here = Path(__file__).resolve().parent
    packaged = here / "templates"
    return packaged if packaged.is_dir() else here.parents[1] / "templates"

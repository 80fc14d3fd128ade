"""Start a spec: files with an example to overwrite, which pass `gridwright check`."""

import re
from pathlib import Path

from gridwright.resources import template_folder
from gridwright.vocabulary import is_reserved

__all__ = ["NewSpecError", "check_system_name", "start_spec"]


class NewSpecError(Exception):
    """A spec cannot be started; the message says why and what to do."""


def start_spec(specs: Path, system: str) -> tuple[Path, ...]:
    """Write ``specs/<system>/`` and return its files; never writes over a file.

    Raises:
        NewSpecError: the name cannot be a package's name, or the folder exists.
    """
    check_system_name(system)
    folder = specs / system
    if folder.exists():
        raise NewSpecError(f"{folder} exists already: edit it, or choose another name")
    folder.mkdir(parents=True)
    written = []
    for name in ("interface.yaml", "amendments.yaml"):
        text = (template_folder() / "spec" / name).read_text(encoding="utf-8")
        path = folder / name
        path.write_text(text.replace("example_system", system), encoding="utf-8")
        written.append(path)
    return tuple(written)


def check_system_name(system: str) -> None:
    """Refuse a name that cannot be a package's.

    Raises:
        NewSpecError: it is none.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", system) or is_reserved(system):
        raise NewSpecError(
            f"{system!r} cannot be a package's name: use lower-case words joined "
            "by underscores, such as kepco_opm, and no word of Python"
        )

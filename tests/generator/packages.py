"""Generate the package of a small spec, for a test to import."""

from pathlib import Path

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright.render import render
from gridwright.targets import views

__all__ = ["write_package"]


def write_package(spec: bytes, folder: Path, package: str) -> None:
    """Write all that is generated from a spec without mistakes.

    Args:
        spec: the text of an interface.yaml.
        folder: what to put on the import path.
        package: import path of the package.
    """
    amended, found = amend_text(spec, "interface.yaml", ())
    interface, problems = understand(amended, found)
    assert interface is not None and amended is not None and not problems, problems
    for view in views(interface, package, amended.plain()):
        artifact = render(view, package)
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")

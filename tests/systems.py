"""The systems whose packages are committed, by the folders of their specs."""

from pathlib import Path

__all__ = ["SYSTEMS"]

SYSTEMS = tuple(
    sorted(spec.parent.name for spec in Path(__file__).parents[1].glob("specs/*/interface.yaml"))
)

"""An artifact of the generator: a path and a text."""

from dataclasses import dataclass

__all__ = ["Artifact"]


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """One file of the output; ``path`` is relative to the output folder, with slashes."""

    path: str
    text: str

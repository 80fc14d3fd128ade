"""What one part of the campaign tried, and what broke. Never tries anything."""

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["MOST_BREAKS", "Row"]

MOST_BREAKS = 20
"""So many breaks of a row are described; all are counted."""


@dataclass(slots=True)
class Row:
    """One kind of trial."""

    part: str
    name: str
    promise: str
    """What must hold."""
    tried: int = 0
    broken: int = 0
    breaks: list[str] = field(default_factory=list)
    """The first of them, each with what repeats it."""
    seen: Counter[str] = field(default_factory=Counter)
    """What trials ended in."""
    seconds: float = 0.0
    not_tried: str = ""
    """Why nothing could be tried on this machine."""

    def broke(self, what: str) -> None:
        """Count a break."""
        self.broken += 1
        if len(self.breaks) < MOST_BREAKS:
            self.breaks.append(what)

    def add(self, other: "Row") -> None:
        """Take in what another process tried of the same."""
        self.tried += other.tried
        self.broken += other.broken
        self.breaks = [*self.breaks, *other.breaks][:MOST_BREAKS]
        self.seen += other.seen
        self.seconds = max(self.seconds, other.seconds)

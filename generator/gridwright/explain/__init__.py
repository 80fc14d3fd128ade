"""Say of each operation of a spec what it is: as parts, and in what order they are judged."""

from gridwright.explain.parts import explained
from gridwright.explain.text import text_of

__all__ = ["explained", "text_of"]

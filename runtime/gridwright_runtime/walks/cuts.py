"""How far one call may reach, as data of generated packages: a period, a list."""

from typing import Literal

from msgspec import Struct

from ..times.lengths import Length

__all__ = ["Cuts", "PeriodCut"]


class PeriodCut(Struct, frozen=True, kw_only=True):
    """The longest period of one call."""

    at_most: Length
    to_is: Literal["included", "excluded", "undecided"]
    """Whether the last moment belongs to the period; undecided: nobody knows."""
    step: Length
    """From one moment that the arguments can name to the next."""
    zone: str = ""
    """In whose calendar moments of the clock are counted; empty: days have none."""


class Cuts(Struct, frozen=True, kw_only=True):
    """What a question may not hold in one call."""

    period: PeriodCut | None = None
    items: int | None = None
    """The most items of its list."""

"""The facts of a reading beside its interval: its unit, its label and its quality.

Never places anything in time.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from .errors import UnknownUnitError

__all__ = ["FieldPath", "ReadingFacts", "read_facts", "unit_problem"]


class FieldPath(Struct, frozen=True):
    """Where a fact about a reading stands, seen from the record that is asked for readings."""

    depth: int
    """How many steps further in the record stands that has it: 0 is the record that is asked."""
    path: tuple[str, ...]
    """Python names from there."""
    pattern: str = ""
    """How a text is written that holds a time; empty: the value is one."""
    time: "FieldPath | None" = None
    """Where the time of day stands, as a text, of a moment whose date this is; None: nowhere."""

    @property
    def reach(self) -> int:
        """How many steps further in the record stands that says the last of it."""
        return self.depth if self.time is None else max(self.depth, self.time.depth)


class ReadingFacts(Struct, frozen=True, kw_only=True):
    """What readings have beside start, end and value, in this order: unit, label and quality."""

    unit: FieldPath | None = None
    """What names the unit; None: the spec does, or nobody."""
    units: Mapping[str, str] = {}
    """The unit that each of its values means."""
    power_of_ten: FieldPath | None = None
    """The power of ten that values are multiplied by; None: they are as they are sent."""
    label: bool = False
    """Readings have the document's own label of their interval."""
    quality: FieldPath | None = None
    """What says how good a value is; None: nothing does."""


def read_facts(
    facts: ReadingFacts, value: Decimal | None, label: str, find: Callable[[FieldPath], Any]
) -> tuple[Any, ...]:
    """Return what a reading has beside its interval: its value, and then what `facts` says.

    Args:
        facts: what that is.
        value: as it was sent; None: it is missing, and needs no unit.
        label: the document's own.
        find: returns what stands at a source; None: nothing does.

    Raises:
        UnknownUnitError: see `unit_problem`.
    """
    found: list[Any] = [value]
    if facts.unit is not None:
        unit = None
        if value is not None:
            problem = unit_problem(facts, find)
            if problem:
                raise UnknownUnitError(f"the reading has no known unit: {problem}")
            unit = facts.units[str(find(facts.unit))]
            if facts.power_of_ten is not None:
                value = _scaled(value, find(facts.power_of_ten))
        found = [value, unit]
    if facts.label:
        found.append(label)
    if facts.quality is not None:
        found.append(find(facts.quality))
    return tuple(found)


def unit_problem(facts: ReadingFacts, find: Callable[[FieldPath], Any]) -> str:
    """Say why nobody knows in what a value is measured; empty: it is known."""
    if facts.unit is None:
        return ""
    said = find(facts.unit)
    if said is None or said == "":
        return f"{'.'.join(facts.unit.path)} is missing"
    if str(said) not in facts.units:
        return f"{'.'.join(facts.unit.path)} names none that the document has"
    if facts.power_of_ten is None:
        return ""
    power = find(facts.power_of_ten)
    if power is None:
        return f"{'.'.join(facts.power_of_ten.path)} is missing"
    if abs(power) > _LARGEST_POWER:
        return f"{'.'.join(facts.power_of_ten.path)} is out of range"
    return ""


def _scaled(value: Decimal, power: int) -> Decimal:
    """Multiply by a power of ten, with every digit: `Decimal.scaleb` would round."""
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, exponent + power)) if isinstance(exponent, int) else value


# Prefixes of units go from 10^-30 to 10^30.
_LARGEST_POWER = 30

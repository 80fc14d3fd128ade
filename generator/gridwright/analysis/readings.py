"""Find the record whose method returns the readings of a value.

The interval of a value may be said by fields of its own record and of the records around it. The
method belongs to the innermost record that contains all of these fields and the value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gridwright.analysis.memoize import memoize
from gridwright.analysis.naming import constant_name, snake_name
from gridwright.ir import (
    Field,
    Interface,
    Placement,
    Record,
    RecordType,
    TemporalType,
    TypeRef,
)
from gridwright.notation.known_patterns import INSTANTS, PATTERNS
from gridwright.notation.patterns import PatternError, understand

__all__ = [
    "IntervalSource",
    "PlacedReadings",
    "ReadingItems",
    "Unseen",
    "find_placed_readings",
    "has_offset",
    "is_local",
    "is_until_local",
    "items_of_placed",
    "items_of_series",
    "method_names",
    "placement_constant",
    "unseen",
]


@dataclass(frozen=True, slots=True)
class IntervalSource:
    """Where a fact about an interval stands.

    Attributes:
        word: what it says: day, time, month, start, start_time, end, end_time, position, until,
            until_time, until_zone, step, omitted, repeated, unit, power_of_ten, quality or zone.
        depth: how many steps below `outer` the record stands that has it.
        fields: the fields that lead to it from there; the last one holds it.
    """

    word: str
    depth: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ReadingItems:
    """What a reading has beside its interval and its value.

    Attributes:
        unit: the unit that its reply says.
        label: the document's own label.
        quality: type of what says how good the value is; None: nothing does.
    """

    unit: bool = False
    label: bool = False
    quality: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class PlacedReadings:
    """Readings of a value, whose intervals are said by fields around it.

    Attributes:
        outer: the outermost of the records that say the interval; it has the method.
        holder: the record that has the value; the same where it says all of the interval itself.
        field: the value.
        placement: what says its interval.
        steps: the fields that lead from `outer` to the holder.
        sources: where everything stands that a field says.
        records: all of the interface.
    """

    outer: Record
    holder: Record
    field: Field
    placement: Placement
    steps: tuple[Field, ...]
    sources: tuple[IntervalSource, ...]
    records: tuple[Record, ...]

    def source(self, word: str) -> IntervalSource | None:
        """Return where something stands; None: no field says it."""
        return next((source for source in self.sources if source.word == word), None)

    def moment(self, word: str) -> IntervalSource | None:
        """Return where a moment is said: of its date and its time, the one further in."""
        found = [s for s in self.sources if s.word in (word, f"{word}_time")]
        return max(reversed(found), key=lambda source: source.depth, default=None)

    @property
    def is_own(self) -> bool:
        """Whether the record of the value says all of its interval itself."""
        return not self.steps

    @property
    def repeated(self) -> tuple[str, IntervalSource | None, tuple[str, ...]]:
        """Which is meant of two intervals: a word, or a field and its values for the second."""
        said = self.placement.repeated
        if said.word == "field":
            return "", self.source("repeated"), said.second
        for word in ("start", "end"):
            source = self.source(word)
            type_ = source.fields[-1].type if source else None
            of_field = type_.repeated if isinstance(type_, TemporalType) else None
            if source is None or of_field is None or said.word != "undecided":
                continue
            if of_field.word != "field":
                return of_field.word, None, ()
            beside = self._source_beside(source, of_field.field)
            return "", beside, of_field.second
        return said.word, None, ()

    def _source_beside(self, source: IntervalSource, wire: str) -> IntervalSource | None:
        """Return where a field stands beside another one."""
        record = self.holder_of(source)
        field = record.field(wire)
        if field is None:
            return None
        return IntervalSource("repeated", source.depth, (*source.fields[:-1], field))

    def holder_of(self, source: IntervalSource) -> Record:
        """Return the record that has the field in which something stands."""
        holders = {record.name: record for record in self.records}
        steps = [*self.steps[: source.depth], *source.fields[:-1]]
        record = self.outer
        for step in steps:
            type_ = step.item_type
            record = holders[type_.record] if isinstance(type_, RecordType) else record
        return record

    @property
    def zone(self) -> str:
        """The zone of the clock on the wall, in which the intervals are given."""
        for word in ("time", "start", "end", "day"):
            source = self.source(word)
            type_ = source.fields[-1].type if source else None
            if isinstance(type_, TemporalType):
                return type_.zone
        return self.placement.zone


@dataclass(frozen=True, slots=True)
class Unseen:
    """A fact about an interval that no record around a value has.

    Attributes:
        words: what it says.
        outermost: the record furthest out that was looked into.
    """

    holder: Record
    field: Field
    placement: Placement
    words: tuple[str, ...]
    outermost: Record


_Chain = tuple[tuple[Record, Field | None], ...]
"""Records from the innermost one outwards, each with its field that leads to the one before."""


@memoize
def find_placed_readings(interface: Interface) -> tuple[PlacedReadings, ...]:
    """Return all values whose intervals are said by more than two labels beside them, in order."""
    found = [placed for placed in _all_readings(interface) if isinstance(placed, PlacedReadings)]
    order = {record.name: number for number, record in enumerate(interface.records)}
    unique = {(t.outer.name, t.holder.name, t.field.name, t.steps): t for t in found}
    return tuple(sorted(unique.values(), key=lambda placed: order[placed.outer.name]))


def has_offset(field: Field) -> bool:
    """Say whether each time of a field is one instant: it carries its offset, or its zone does."""
    type_ = field.type
    if not isinstance(type_, TemporalType) or type_.kind != "datetime":
        return False
    if type_.zone_field:
        return True
    if type_.pattern in PATTERNS:
        return type_.pattern in INSTANTS
    try:
        return understand(type_.pattern).is_instant
    except PatternError:
        return True  # reported where it stands


def items_of_series(record: Record, field: Field) -> ReadingItems:
    """Return what readings of a series have beside their intervals and values."""
    if field.series is None:
        return ReadingItems()
    path = dict(field.series.places).get("quality", ())
    types = {other.wire: other.type for other in record.fields}
    return ReadingItems(
        unit=field.unit_of_data is not None,
        label=field.series.label,
        quality=types.get(path[0]) if path else None,
    )


def items_of_placed(placed: PlacedReadings) -> ReadingItems:
    """Return what readings that fields around them place have beside their intervals and values."""
    quality = placed.source("quality")
    return ReadingItems(
        unit=placed.field.unit_of_data is not None,
        label=placed.placement.label,
        quality=None if quality is None else quality.fields[-1].type,
    )


def is_local(placed: PlacedReadings) -> bool:
    """Say whether times of the clock on the wall say the intervals, which may come twice."""
    ends = [source for word in ("start", "end") if (source := placed.source(word)) is not None]
    return placed.source("time") is not None or any(not has_offset(s.fields[-1]) for s in ends)


def is_until_local(placed: PlacedReadings) -> bool:
    """Say whether a printed end is what the clock on the wall shows at it, in the reading's zone.

    Else it is one instant: it carries its offset, or is of a zone of its own.
    """
    source = placed.source("until")
    if placed.source("until_time") is not None:
        return True
    type_ = source.fields[-1].type if source is not None else None
    if not isinstance(type_, TemporalType) or type_.kind != "datetime":
        return False
    if type_.zone_field:
        return (type_.zone_field,) == placed.placement.place("zone")
    return source is not None and not has_offset(source.fields[-1]) and type_.zone == placed.zone


def unseen(interface: Interface) -> tuple[Unseen, ...]:
    """Return what says an interval and cannot be found."""
    found = [missing for missing in _all_readings(interface) if isinstance(missing, Unseen)]
    return tuple({(u.holder.name, u.field.name): u for u in found}.values())


def placement_constant(placed: PlacedReadings) -> str:
    """Return the name of the constant that describes readings."""
    return constant_name(f"{snake_name(placed.outer.name)}_{placed.field.name}")


def method_names(interface: Interface, record: Record) -> dict[str, str]:
    """Return the methods of a record that return readings, by the Python name of the value.

    The first is called `readings`, or `reading` where there is one; further ones by their value.
    """
    placed = [t for t in find_placed_readings(interface) if t.outer.name == record.name]
    own = {t.field.name for t in placed if t.is_own}
    names: dict[str, str] = {}
    for field in record.fields:
        is_single = field.instant is not None and (
            not isinstance(field.instant, Placement) or field.name in own
        )
        if field.series is not None:
            names[field.name] = f"{field.name}_readings" if names else "readings"
        elif is_single:
            names[field.name] = f"{field.name}_reading" if names else "reading"
    for one in placed:
        if not one.is_own:
            names[one.field.name] = f"{one.field.name}_readings" if names else "readings"
    return names


def _all_readings(interface: Interface) -> Iterator[PlacedReadings | Unseen]:
    around = _holders(interface)
    for record in interface.records:
        for field in record.fields:
            if isinstance(field.instant, Placement):
                chain: _Chain = ((record, None),)
                yield from _from_inside_out(interface, field, field.instant, chain, around)


def _from_inside_out(
    interface: Interface,
    field: Field,
    placement: Placement,
    chain: _Chain,
    around: dict[str, list[tuple[Record, Field]]],
) -> Iterator[PlacedReadings | Unseen]:
    """Look into the records of a chain, then into those around it."""
    holder, outer = chain[0][0], chain[-1][0]
    found = [(word, _find_path(interface, chain, path)) for word, path in placement.places]
    missing = tuple(word for word, seen in found if seen is None)
    # Values that stand in order do so in a list of the outer record.
    if not missing and not (placement.in_order and len(chain) == 1):
        steps = tuple(step for _, step in reversed(chain) if step is not None)
        sources = tuple(
            IntervalSource(word, len(steps) - seen[0], seen[1])
            for word, seen in found
            if seen is not None
        )
        yield PlacedReadings(outer, holder, field, placement, steps, sources, interface.records)
        return
    known = {record.name for record, _ in chain}
    further = [one for one in around.get(outer.name, ()) if one[0].name not in known]
    if not further:
        yield Unseen(holder, field, placement, missing or ("position",), outer)
    for record, step in further:
        yield from _from_inside_out(interface, field, placement, (*chain, (record, step)), around)


def _find_path(
    interface: Interface, chain: _Chain, path: Sequence[str]
) -> tuple[int, tuple[Field, ...]] | None:
    """Return in which record of a chain a path begins, and the fields on it."""
    for number, (record, _) in enumerate(chain):
        fields = _fields_on(interface, record, path)
        if fields:
            return number, fields
    return None


def _fields_on(interface: Interface, record: Record, path: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields on a path of wire names; empty: it leads nowhere."""
    fields: list[Field] = []
    inner: Record | None = record
    for wire in path:
        known = inner.fields if inner is not None else ()
        field = next((f for f in known if f.wire == wire and f.series is None), None)
        if field is None:
            return ()
        fields.append(field)
        inner = interface.record_of(field) if isinstance(field.type, RecordType) else None
    return tuple(fields)


def _holders(interface: Interface) -> dict[str, list[tuple[Record, Field]]]:
    """Return, by the name of a record, the records that have it, each with the field."""
    around: dict[str, list[tuple[Record, Field]]] = {}
    for record in interface.records:
        for field in record.fields:
            type_ = field.item_type
            if isinstance(type_, RecordType):
                around.setdefault(type_.record, []).append((record, field))
    return around

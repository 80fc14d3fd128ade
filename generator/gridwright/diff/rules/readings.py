"""Series and single readings of a field: labels, steps, which end a label names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, optional
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.ir import Field, Marks, Placement, Repeated, Series, ValueInterval
from gridwright.ir.words import MidnightWord
from gridwright.notation.lengths import iso

__all__ = ["RULES", "compare_methods", "compare_readings"]

RULES = (
    rule("series-made", "R/BB/B",
         "A single field has become a series of fields.",
         "read {what} by the record's `readings()`, or by its labels"),
    rule("series-unmade", "R/BB/B",
         "A series of fields has become a single field.",
         "read {what} as one value"),
    rule("series-labels-changed", "R/BB/B",
         "A series has other labels, or another step.",
         "expect readings of {what} at {new} in place of {old}"),
    rule("series-wire-changed", "R/BB/N",
         "The names of a series on the wire are others.",
         "upgrade when the service does: under the other names the values are not found"),
    rule("series-day-changed", "R/NN/R",
         "The day of a series' readings is taken from another field.",
         "check the days of {what}"),
    rule("series-register-changed", "B/BB/B",
         "A series holds states of a register where it held amounts of intervals, or the reverse.",
         "treat {what} as {new}: the readings are of another class"),
    rule("label-marks-swapped", "B/BB/B",
         "A label names the other end of its interval.",
         "shift what you have stored of {what} by one step"),
    rule("label-marks-decided", "R/NN/B",
         "It is settled which end of its interval a label names.",
         "leave the argument `label_marks` of the readings of {what} out"),
    rule("label-marks-opened", "R/NN/B",
         "It is open which end of its interval a label names.",
         "say `label_marks` where you ask for the readings of {what}"),
    rule("midnight-swapped", "B/BB/B",
         "The label 00:00 at the end of an interval means the other midnight of its day.",
         "shift by a day what you have stored of {what} at 00:00"),
    rule("midnight-decided", "R/NN/R",
         "It is settled which midnight the label 00:00 means at the end of an interval.",
         "read {what} again where 00:00 could not be placed"),
    rule("midnight-opened", "B/NN/B",
         "It is open which midnight the label 00:00 means at the end of an interval.",
         "expect that {what} at 00:00 is not placed, and a deviation"),
    rule("repeated-swapped", "B/BB/B",
         "A label that comes twice, when the clocks go back, names the other of its intervals.",
         "exchange what you have stored of {what} for the two hours"),
    rule("repeated-decided", "R/NN/B",
         "It is settled which interval a label names that comes twice.",
         "leave the argument `repeated` of the readings of {what} out"),
    rule("repeated-opened", "R/NN/B",
         "It is open which interval a label names that comes twice.",
         "say `repeated` where you ask for the readings of {what}, or expect `UndecidedTimeError`"),
    rule("repeated-read-otherwise", "R/NN/R",
         "What says which interval a label names that comes twice is another field or value.",
         "check what you have stored of {what} for the hours that come twice"),
    rule("reading-added", "S/NN/S",
         "A single value is known to be a reading of an interval.",
         "nothing; the record has a method `reading()`"),
    rule("reading-removed", "R/NN/B",
         "A single value is no longer a reading of an interval.",
         "do not call `reading()`; place {what} in time yourself"),
    rule("reading-step-changed", "B/NN/R",
         "The interval of a single reading has another length.",
         "check the ends of the intervals of {what}"),
    rule("reading-label-changed", "R/NN/R",
         "Day or time of a single reading are taken from other fields.",
         "check the times of {what}"),
    rule("reading-placed-otherwise", "B/NN/R",
         "What says the interval of a single value is something else, or stands elsewhere.",
         "check the times of {what}"),
    rule("until-changed", "R/NN/R",
         "The printed end by which an interval is checked is another field, or there is one more, "
         "or none any more.",
         "expect deviations of {what} where the printed end is not where its step leads to"),
    rule("position-base-changed", "B/BB/B",
         "The first position of an interval has another number.",
         "shift what you have stored of {what} by one step"),
    rule("omitted-changed", "B/BB/B",
         "A position that is not there means something else.",
         "read again what you have stored of {what}: values that were repeated are missing, or the "
         "reverse"),
    rule("omitted-allowed", "S/NN/S",
         "It is settled that positions may be left out: they have no value, as before.",
         "nothing; they are no deviations of {what} any more"),
    rule("omitted-unexpected", "R/NN/R",
         "Nothing says any more that positions may be left out.",
         "expect a deviation of {what} where a position is not there"),
    rule("reading-items-changed", "R/NN/B",
         "Readings have other things beside their interval and value: label or quality.",
         "unpack readings of {what} into as many names as they have items, or read them by name"),
    rule("readings-method-changed", "R/NN/B",
         "The method of a record that returns a field's readings has another name.",
         "call `{new}()` in place of `{old}()` for {what}"),
)  # fmt: skip


def compare_readings(
    spot: Spot, old: Field, new: Field, names: Mapping[str, str]
) -> Iterator[RuleFinding]:
    """Compare what a field's values are over time.

    Args:
        spot: the field.
        old: its old form.
        new: its new form.
        names: new names of the record's fields by old ones.
    """
    series = spot.at("series")
    yield from optional(
        series, old.series, new.series, "series-unmade", "series-made",
        lambda a, b: _series(series, a, b, names),
        _labels,
    )  # fmt: skip
    if (old.series is None) == (new.series is None):
        yield from _instants(spot.at("instant"), old.instant, new.instant, names)


def compare_methods(
    spot: Spot, old: Sequence[Field], new: Sequence[Field], pairs: Sequence[tuple[Field, Field]]
) -> Iterator[RuleFinding]:
    """Compare the names of the methods that return readings; the first series has the plain one."""
    before, after = _methods(old), _methods(new)
    for one, other in pairs:
        first, second = before.get(one.name), after.get(other.name)
        # A field that was renamed is told as such.
        if first and second and first != second and one.name == other.name:
            yield spot.found("readings-method-changed", first, second)


def _series(
    spot: Spot, old: Series, new: Series, names: Mapping[str, str]
) -> Iterator[RuleFinding]:
    if (old.labels, old.step) != (new.labels, new.step):
        yield spot.found("series-labels-changed", _labels(old), _labels(new))
    yield from differ(spot.at("wire"), "series-wire-changed", old.wire, new.wire)
    yield from differ(
        spot.at("day"), "series-day-changed", names.get(old.day_field, old.day_field), new.day_field
    )
    yield from differ(
        spot.at("measures"), "series-register-changed", _measures(old), _measures(new)
    )
    yield from _marks(spot.at("label_marks"), old.marks, new.marks)
    yield from _repeated(spot.at("repeated"), old.repeated, new.repeated, names)
    yield from differ(spot, "reading-items-changed", _items(old), _items(new))
    yield from differ(spot, "field-zone-changed", _zone(old), _zone(new))
    yield from unjudged(spot, old, new)


def _instants(
    spot: Spot,
    old: ValueInterval | Placement | None,
    new: ValueInterval | Placement | None,
    names: Mapping[str, str],
) -> Iterator[RuleFinding]:
    if old is not None and new is not None:
        yield from _compare_placed(spot, old, new, names)
    elif old is not None:
        yield spot.gone().found("reading-removed", _describe_readings(old))
    elif new is not None:
        yield spot.added().found("reading-added", "", _describe_readings(new))


def _compare_placed(
    spot: Spot,
    old: ValueInterval | Placement,
    new: ValueInterval | Placement,
    names: Mapping[str, str],
) -> Iterator[RuleFinding]:
    if isinstance(old, ValueInterval) and isinstance(new, ValueInterval):
        yield from _instant(spot, old, new, names)
    elif isinstance(old, Placement) and isinstance(new, Placement):
        yield from _placement(spot, old, new)
    else:
        yield spot.found(
            "reading-placed-otherwise", _describe_readings(old), _describe_readings(new)
        )
        yield from differ(spot, "reading-items-changed", _items(old), _items(new))
        yield from differ(spot.at("until"), "until-changed", _until(old), _until(new))


def _placement(spot: Spot, old: Placement, new: Placement) -> Iterator[RuleFinding]:
    if (_describe_readings(old), old.in_order) != (_describe_readings(new), new.in_order):
        yield spot.found(
            "reading-placed-otherwise", _describe_readings(old), _describe_readings(new)
        )
    yield from differ(spot.at("step"), "reading-step-changed", old.step, new.step)
    yield from differ(spot.at("until"), "until-changed", _until(old), _until(new))
    yield from differ(
        spot.at("counts_from"), "position-base-changed", old.counts_from, new.counts_from
    )
    words = (old.omitted, new.omitted)
    if words == ("unsaid", "missing"):
        yield spot.at("omitted").found("omitted-allowed", "unsaid", "missing")
    elif words == ("missing", "unsaid"):
        yield spot.at("omitted").found("omitted-unexpected", "missing", "unsaid")
    elif _omitted(old) != _omitted(new):
        yield spot.at("omitted").found("omitted-changed", _omitted(old), _omitted(new))
    yield from _marks(spot.at("label_marks"), old.marks, new.marks)
    yield from _midnight(spot.at("midnight"), old.midnight, new.midnight)
    before, after = (
        replace(one.repeated, field=".".join(one.place("repeated"))) for one in (old, new)
    )
    yield from _repeated(spot.at("repeated"), before, after, {})
    if old.place("zone") == new.place("zone"):  # else it is placed otherwise
        yield from differ(spot, "field-zone-changed", _zone(old), _zone(new))
    yield from differ(spot, "reading-items-changed", _items(old), _items(new))
    yield from unjudged(spot, old, new)


def _describe_readings(readings: ValueInterval | Placement) -> str:
    if isinstance(readings, ValueInterval):
        return f"every {iso(readings.step)}"
    said = [
        f"{word} in {'.'.join(path)}"
        for word, path in readings.places
        if word
        not in (
            "until",
            "until_time",
            "until_zone",
            "omitted",
            "repeated",
            "unit",
            "power_of_ten",
            "quality",
        )
    ]
    said += ["position in the order of values"] if readings.in_order else []
    return ", ".join(said)


def _items(readings: Series | ValueInterval | Placement) -> str:
    """Say what readings have beside their interval and value; `unit-changed` tells of units."""
    if isinstance(readings, ValueInterval):
        return ""
    quality = ".".join(dict(readings.places).get("quality", ()))
    said = ["label"] * readings.label + [f"quality in {quality}"] * bool(quality)
    return ", ".join(said)


def _until(readings: ValueInterval | Placement) -> str:
    if isinstance(readings, ValueInterval):
        return ""
    path, time, zone = (
        ".".join(readings.place(word)) for word in ("until", "until_time", "until_zone")
    )
    path = f"{path} and {time}" if time else path
    return f"{path} in the zone that {zone} names" if zone else path


def _zone(readings: Series | Placement) -> str:
    path = ".".join(dict(readings.places).get("zone", ()))
    names = ", ".join(f"{said} is {zone}" for said, zone in readings.zone_names)
    return f"{path} ({names})" if names else path


def _omitted(placement: Placement) -> str:
    if placement.omitted != "field":
        return placement.omitted
    path = ".".join(placement.place("omitted"))
    return f"repeat where {path} is {', '.join(placement.omitted_repeats)}"


def _instant(
    spot: Spot, old: ValueInterval, new: ValueInterval, names: Mapping[str, str]
) -> Iterator[RuleFinding]:
    yield from differ(spot.at("step"), "reading-step-changed", old.step, new.step)
    yield from differ(
        spot,
        "reading-label-changed",
        tuple(names.get(name, name) for name in (old.day_field, old.time_field)),
        (new.day_field, new.time_field),
    )
    yield from _marks(spot.at("label_marks"), old.marks, new.marks)
    yield from _midnight(spot.at("midnight"), old.midnight, new.midnight)
    yield from _repeated(spot.at("repeated"), old.repeated, new.repeated, names)
    yield from unjudged(spot, old, new)


def _midnight(spot: Spot, old: MidnightWord, new: MidnightWord) -> Iterator[RuleFinding]:
    if old == new:
        return
    rule_id = "midnight-swapped"
    if old == "undecided":
        rule_id = "midnight-decided"
    if new == "undecided":
        rule_id = "midnight-opened"
    yield spot.found(rule_id, old, new)


def _marks(spot: Spot, old: Marks, new: Marks) -> Iterator[RuleFinding]:
    if old is new:
        return
    rule_id = "label-marks-swapped"
    if old is Marks.UNDECIDED:
        rule_id = "label-marks-decided"
    if new is Marks.UNDECIDED:
        rule_id = "label-marks-opened"
    yield spot.found(rule_id, old.value, new.value)


def _repeated(
    spot: Spot, old: Repeated, new: Repeated, names: Mapping[str, str]
) -> Iterator[RuleFinding]:
    before = (old.word, names.get(old.field, old.field), old.second)
    if before == (new.word, new.field, new.second):
        return
    decides = [repeated.word not in ("undecided", "in_order") for repeated in (old, new)]
    rule_id = "repeated-swapped"
    if "field" in (old.word, new.word) or not any(decides):
        rule_id = "repeated-read-otherwise"
    if decides == [False, True]:
        rule_id = "repeated-decided"
    if decides == [True, False]:
        rule_id = "repeated-opened"
    yield spot.found(rule_id, _who_decides(old), _who_decides(new))


def _who_decides(repeated: Repeated) -> str:
    if repeated.word != "field":
        return repeated.word
    return f"second where {repeated.field} is {', '.join(repeated.second)}"


def _labels(series: Series) -> str:
    if not series.labels:
        return "no label"
    return f"{series.labels[0]} to {series.labels[-1]}, every {iso(series.step)}"


def _measures(series: Series) -> str:
    return "states of a register" if series.register else "amounts of intervals"


def _methods(fields: Sequence[Field]) -> dict[str, str]:
    """Name the methods as the generated records do, but for those of values further in."""
    methods: dict[str, str] = {}
    for field in fields:
        if field.series is not None:
            methods[field.name] = f"{field.name}_readings" if methods else "readings"
        elif isinstance(field.instant, ValueInterval):
            methods[field.name] = f"{field.name}_reading" if methods else "reading"
    return methods

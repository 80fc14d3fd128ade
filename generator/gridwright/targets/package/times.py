"""Types of instants, each with the zone of the interface."""

from collections.abc import Iterator, Sequence

from gridwright.ir import Interface, TemporalType
from gridwright.notation.patterns import meaning_of
from gridwright.output.escape import python_docstring, python_text
from gridwright.output.view import View
from gridwright.targets.calls.requests import request_record_names
from gridwright.targets.python import LOCAL, folder_of, is_instant, notice_of, time_type

__all__ = ["meanings", "time_types", "time_views", "zone_arguments", "zone_names"]


def time_types(interface: Interface) -> list[str]:
    """Return the names of the types that the records of an interface need."""
    return sorted(_types(interface))


def _types(interface: Interface) -> dict[str, TemporalType]:
    made = request_record_names(interface)
    found: dict[str, TemporalType] = {}
    for record in interface.records:
        for field in record.fields:
            type_ = field.item_type
            if isinstance(type_, TemporalType):
                name = time_type(type_, is_made=record.name in made)
                _check_same(name, found.setdefault(name, type_), type_)
    found.pop("", None)
    return found


def _check_same(name: str, first: TemporalType, second: TemporalType) -> None:
    """Refuse to have one type for two meanings: values would be read as the first has them.

    Raises:
        ValueError: the types mean two things; a mistake of `time_type`.
    """
    if name and _meaning(name, first) != _meaning(name, second):
        raise ValueError(f"{first.pattern!r} and {second.pattern!r} cannot both be {name!r}")


def _meaning(name: str, type_: TemporalType) -> tuple[object, ...]:
    """Return all that a type of `times` depends on."""
    known = name in _READERS or is_instant(type_)
    pattern: object = name if known else meaning_of(type_.pattern)
    told = () if known else tuple(zone_arguments(type_)) if type_.kind == "datetime" else ()
    return type_.kind, pattern, type_.zone if type_.kind == "datetime" else "", told


def time_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of the types of instants, where there are any."""
    types = sorted(_types(interface).items())
    if not types:
        return
    readers = {name: _reader(name, type_) for name, type_ in types}
    held = {name: _HELD.get(type_.kind, "date") for name, type_ in types}
    yield View(
        f"{folder_of(package)}/times.py",
        "python/times.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(f"Time of {interface.title_en}.", indent=0),
            "held": sorted(set(held.values()) - {"Duration"}),
            "has_durations": "Duration" in held.values(),
            "imports": sorted({reader[:2] for reader in readers.values()}),
            "types": [
                (name, held[name], reader[2].format(zone=python_text(type_.zone)))
                for (name, type_), reader in zip(types, readers.values(), strict=True)
            ],
        },
    )


def _reader(name: str, type_: TemporalType) -> tuple[str, str, str]:
    """Return where the type is made, by what, and how."""
    if is_instant(type_):
        return _READERS["LocalInstant"]
    return _READERS.get(name) or _composed(type_)


def _composed(type_: TemporalType) -> tuple[str, str, str]:
    module, pattern = "gridwright_runtime.times.types", python_text(type_.pattern)
    # A brace of a pattern is no place for the zone.
    pattern = pattern.replace("{", "{{").replace("}", "}}")
    if type_.kind == "duration":
        told = "".join(f", {text}" for text in meanings(type_))
        told = told.replace("{", "{{").replace("}", "}}")
        return _DURATIONS, "written_duration", f"written_duration({pattern}{told})"
    if type_.kind == "datetime":
        told = (
            "".join(f", {text}" for text in zone_arguments(type_))
            .replace("{", "{{")
            .replace("}", "}}")
        )
        return module, "written_instant", f"written_instant({pattern}, {{zone}}{told})"
    return module, "written_date", f"written_date({pattern})"


def zone_names(names: Sequence[tuple[str, str]]) -> list[str]:
    """Return the argument that says what a field that names a zone may say, where it needs one."""
    pairs = "".join(f"({python_text(said)}, {python_text(zone)}), " for said, zone in names)
    return [f"zone_names=({pairs})"] if names else []


def meanings(type_: TemporalType) -> list[str]:
    """Return the argument that says which text of a duration means which length, if any does."""
    pairs = "".join(
        f"({python_text(said)}, {python_text(length)}), " for said, length in type_.means
    )
    return [f"means=({pairs})"] if pairs else []


def zone_arguments(type_: TemporalType) -> list[str]:
    """Return the arguments that say how a local time is placed, beside pattern and zone."""
    repeated, told = type_.repeated, []
    if repeated is not None and repeated.word in ("first", "second"):
        told.append(f"repeated={python_text(repeated.word)}")
    if type_.zone_field:
        told.append(f"zone_of={python_text(type_.zone_field)}")
        told += zone_names(type_.zone_names)
    if repeated is not None and repeated.word == "field":
        values = "".join(f"{python_text(value)}, " for value in repeated.second)
        told += [f"repeated_of={python_text(repeated.field)}", f"second=({values})"]
    return told


def _local(pattern: str) -> tuple[str, str, str]:
    module = "gridwright_runtime.times.local_times"
    return module, "local_instant", f"local_instant({python_text(pattern)}, {{zone}})"


_DURATIONS = "gridwright_runtime.times.durations"
# What values are in Python, by kind; else a date.
_HELD = {"datetime": "datetime", "duration": "Duration"}
# By type: where it is made, by what, and how.
_READERS = {
    "LocalDatetime": _local(LOCAL),
    "LocalHour": _local("yyyymmddhh"),
    "LocalInstant": ("gridwright_runtime.times.instants", "zoned_instant", "zoned_instant({zone})"),
    "LocalMinute": _local("yyyymmddhhmi"),
}

"""Types of instants, each with the zone of the interface."""

from collections.abc import Iterator

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Interface, ListType, TemporalType
from gridwright.targets.python import LOCAL, folder_of, header_line, time_type
from gridwright.targets.requests import made_requests
from gridwright.view import View

__all__ = ["time_types", "time_views"]


def time_types(interface: Interface) -> list[str]:
    """Return the names of the types that the records of an interface need."""
    return sorted(_types(interface))


def _types(interface: Interface) -> dict[str, TemporalType]:
    made = made_requests(interface)
    found = {}
    for record in interface.records:
        for field in record.fields:
            type_ = field.type.item if isinstance(field.type, ListType) else field.type
            if isinstance(type_, TemporalType):
                found[time_type(type_, is_made=record.name in made)] = type_
    found.pop("", None)
    return found


def time_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of the types of instants, where there are any."""
    types = sorted(_types(interface).items())
    if not types:
        return
    zone = python_text(interface.zone)
    readers = {name: _READERS.get(name) or _composed(type_) for name, type_ in types}
    held = {name: _HELD.get(type_.kind, "date") for name, type_ in types}
    yield View(
        f"{folder_of(package)}/times.py",
        "python/times.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(f"Time of {interface.title_en}.", indent=0),
            "held": sorted(set(held.values()) - {"Duration"}),
            "has_durations": "Duration" in held.values(),
            "imports": sorted({reader[:2] for reader in readers.values()}),
            "types": [
                (name, held[name], reader[2].format(zone=zone)) for name, reader in readers.items()
            ],
        },
    )


def _composed(type_: TemporalType) -> tuple[str, str, str]:
    module, pattern = "gridwright_runtime.times.types", python_text(type_.pattern)
    # A brace of a pattern is no place for the zone.
    pattern = pattern.replace("{", "{{").replace("}", "}}")
    if type_.kind == "duration":
        return _DURATIONS, "written_duration", f"written_duration({pattern})"
    if type_.kind == "datetime":
        return module, "written_instant", f"written_instant({pattern}, {{zone}})"
    return module, "written_date", f"written_date({pattern})"


def _local(pattern: str) -> tuple[str, str, str]:
    module = "gridwright_runtime.local_times"
    return module, "local_instant", f"local_instant({python_text(pattern)}, {{zone}})"


_DURATIONS = "gridwright_runtime.times.durations"
# What values are in Python, by kind; else a date.
_HELD = {"datetime": "datetime", "duration": "Duration"}
# By type: where it is made, by what, and how.
_READERS = {
    "LocalDatetime": _local(LOCAL),
    "LocalHour": _local("yyyymmddhh"),
    "LocalInstant": ("gridwright_runtime.instants", "zoned_instant", "zoned_instant({zone})"),
    "LocalMinute": _local("yyyymmddhhmi"),
}

"""Types of instants, each with the zone of the interface."""

from collections.abc import Iterator

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Interface, ListType
from gridwright.targets.python import LOCAL, folder_of, header_line, time_type
from gridwright.targets.requests import made_requests
from gridwright.view import View

__all__ = ["time_types", "time_views"]


def time_types(interface: Interface) -> list[str]:
    """Return the names of the types that the records of an interface need."""
    made = made_requests(interface)
    found = set()
    for record in interface.records:
        for field in record.fields:
            type_ = field.type.item if isinstance(field.type, ListType) else field.type
            found.add(time_type(type_, is_made=record.name in made))
    return sorted(found - {""})


def time_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of the types of instants, where there are any."""
    types = time_types(interface)
    if not types:
        return
    zone = python_text(interface.zone)
    yield View(
        f"{folder_of(package)}/times.py",
        "python/times.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(f"Time of {interface.title_en}.", indent=0),
            "imports": sorted({_READERS[name][:2] for name in types}),
            "types": [(name, _READERS[name][2].format(zone=zone)) for name in types],
        },
    )


def _local(pattern: str) -> tuple[str, str, str]:
    module = "gridwright_runtime.local_times"
    return module, "local_instant", f"local_instant({python_text(pattern)}, {{zone}})"


# By type: where it is made, by what, and how.
_READERS = {
    "LocalDatetime": _local(LOCAL),
    "LocalHour": _local("yyyymmddhh"),
    "LocalInstant": ("gridwright_runtime.instants", "zoned_instant", "zoned_instant({zone})"),
    "LocalMinute": _local("yyyymmddhhmi"),
}

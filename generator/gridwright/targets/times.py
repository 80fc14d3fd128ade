"""Types of instants, each with the zone of the interface."""

from collections.abc import Iterator

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Interface, ListType
from gridwright.targets.python import LOCAL, folder_of, header_line, is_instant, is_local
from gridwright.view import View

__all__ = ["time_types", "time_views"]


def time_types(interface: Interface) -> list[str]:
    """Return the names of the types that the records of an interface need."""
    fields = [field for record in interface.records for field in record.fields]
    types = [f.type.item if isinstance(f.type, ListType) else f.type for f in fields]
    found = {
        "LocalDatetime": any(map(is_local, types)),
        "LocalInstant": any(map(is_instant, types)),
    }
    return [name for name, is_used in found.items() if is_used]


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
            "imports": [_READERS[name][:2] for name in reversed(types)],
            "types": [(name, _READERS[name][2].format(zone=zone)) for name in types],
        },
    )


# By type: where it is made, by what, and how.
_READERS = {
    "LocalDatetime": (
        "gridwright_runtime.local_times",
        "local_instant",
        f"local_instant({python_text(LOCAL)}, {{zone}})",
    ),
    "LocalInstant": ("gridwright_runtime.instants", "zoned_instant", "zoned_instant({zone})"),
}

"""The package of one system: what importing it gives."""

from collections.abc import Iterator

from gridwright.ir import Interface
from gridwright.output.escape import python_docstring
from gridwright.output.view import View
from gridwright.targets.package.times import time_types
from gridwright.targets.python import folder_of, notice_of
from gridwright.targets.xml_schema.soap import soap_operations

__all__ = ["package_views"]


def package_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the package's front module, and the mark that it is typed."""
    has_readings = any(f.series or f.instant for r in interface.records for f in r.fields)
    further = {
        "messages": bool(interface.soap and soap_operations(interface)),
        "series": has_readings,
        "times": bool(time_types(interface)),
    }
    yield View(
        f"{folder_of(package)}/__init__.py",
        "python/package.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(
                f"{interface.title_en}: typed clients, records and validators.\n\n"
                "Importing this module builds nothing; each name is loaded when it is first used.",
                indent=0,
            ),
            "modules": sorted(
                [
                    *("codes", "models", "operations", "validators"),
                    *(name for name, is_there in further.items() if is_there),
                ]
            ),
        },
    )
    yield View(f"{folder_of(package)}/py.typed", "python/py.typed.j2", {}, python=False)

"""Output: one module per kind of file. Each turns an interface into views, and reads no disk."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gridwright.ir import Interface
from gridwright.output.view import TextView, View
from gridwright.targets.calls.operations import operation_views
from gridwright.targets.calls.requests import with_optional_fields, with_requests
from gridwright.targets.interface_json import interface_json_views
from gridwright.targets.json_schema.messages import json_schema_views
from gridwright.targets.openapi.document import openapi_views
from gridwright.targets.package.client import client_views
from gridwright.targets.package.codes import code_views
from gridwright.targets.package.messages import soap_views
from gridwright.targets.package.mock import mock_views
from gridwright.targets.package.models import model_views
from gridwright.targets.package.package_init import package_views
from gridwright.targets.package.series import series_views
from gridwright.targets.package.times import time_views
from gridwright.targets.package.validators import validator_views
from gridwright.targets.pages.docs import docs_views
from gridwright.targets.postman import postman_views
from gridwright.targets.xml_schema.xsd import xsd_views

__all__ = ["EXPORTS", "TARGETS", "as_exported", "views"]

Target = Callable[[Interface, str], Iterator[View | TextView]]

# Each is called with the interface and the import path of the system's package, and yields nothing
# where there is nothing. The modules of the package come first, in the order in which they import
# each other.
TARGETS: tuple[Target, ...] = (
    code_views,
    time_views,
    series_views,
    soap_views,
    model_views,
    validator_views,
    operation_views,
    client_views,
    mock_views,
    package_views,
    json_schema_views,
    xsd_views,
)
# As the document has it: nothing is arranged for Python.
EXPORTS: tuple[Target, ...] = (postman_views,)


def views(
    interface: Interface, package: str, spec: Mapping[str, object] | None = None
) -> Iterator[View | TextView]:
    """Yield every file of one system.

    Args:
        interface: the system.
        package: import path of its package.
        spec: its spec and amendments as plain values, which the OpenAPI document carries along.
    """
    known = with_requests(_generated(interface))
    for target in TARGETS:
        yield from target(known, package)
    exported = as_exported(interface)
    yield from openapi_views(exported, spec)
    for target in EXPORTS:
        yield from target(exported, package)
    yield from interface_json_views(interface, package)
    yield from docs_views(interface, package)


def as_exported(interface: Interface) -> Interface:
    """Return an interface as the exports for other tools have it."""
    return with_optional_fields(_generated(interface))


def _generated(interface: Interface) -> Interface:
    """Leave out what only an example shows: nothing but its page is generated."""
    if not any(operation.known_by_example for operation in interface.operations):
        return interface
    operations = tuple(o for o in interface.operations if not o.known_by_example)
    used = set()
    for operation in operations:
        starts = [*operation.reply.records]
        starts += [operation.body.record] if operation.body else []
        used |= {record.name for start in starts for record in interface.reachable(start)}
    used |= {record.extends for record in interface.records if record.name in used}
    records = tuple(record for record in interface.records if record.name in used)
    return replace(interface, operations=operations, records=records)

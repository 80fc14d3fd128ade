"""Output: one module per kind of file. Each turns an interface into views, and reads no disk."""

from collections.abc import Iterator

from gridwright.ir import Interface
from gridwright.targets.client import client_views
from gridwright.targets.codes import code_views
from gridwright.targets.docs import docs_views
from gridwright.targets.json_schema import json_schema_views
from gridwright.targets.models import model_views
from gridwright.targets.operations import operation_views
from gridwright.targets.package import package_views
from gridwright.targets.series import series_views
from gridwright.targets.validators import validator_views
from gridwright.targets.xsd import xsd_views
from gridwright.view import Text, View

__all__ = ["TARGETS", "views"]

# Each is called with the interface and the import path of the system's package. The modules of the
# package come first, in the order in which they import each other.
TARGETS = (
    code_views,
    series_views,
    model_views,
    validator_views,
    operation_views,
    client_views,
    package_views,
    docs_views,
    json_schema_views,
    xsd_views,
)


def views(interface: Interface, package: str) -> Iterator[View | Text]:
    """Yield every file of one system; ``package`` is the import path of its package."""
    for target in TARGETS:
        yield from target(interface, package)

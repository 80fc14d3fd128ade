"""Output: one module per kind of file. Each turns an interface into views or artifacts."""

from collections.abc import Iterator

from gridwright.ir import Interface
from gridwright.render import format_python, render
from gridwright.resources import template_folder
from gridwright.targets.artifact import Artifact
from gridwright.targets.client import client_views
from gridwright.targets.codes import code_views
from gridwright.targets.docs import docs_views
from gridwright.targets.json_schema import json_schema_artifacts
from gridwright.targets.models import models_source
from gridwright.targets.operations import operation_views
from gridwright.targets.package import package_views
from gridwright.targets.series import series_views
from gridwright.targets.validators import validator_views
from gridwright.targets.xsd import xsd_artifacts

__all__ = ["Artifact", "artifacts"]

# Modules of the package of a system, in the order in which they import each other.
PACKAGE_TARGETS = (
    code_views,
    series_views,
    validator_views,
    operation_views,
    client_views,
    package_views,
)


def artifacts(interface: Interface, package: str) -> Iterator[Artifact]:
    """Yield every file of one system.

    Args:
        interface: the system.
        package: import path of the package that holds all systems.
    """
    own = f"{package}.{interface.system}"
    folder = own.replace(".", "/")
    source = models_source(interface, own, template_folder())
    yield Artifact(f"{folder}/models.py", format_python(source))
    for target in PACKAGE_TARGETS:
        for view in target(interface, folder):
            yield render(view, own)
    for view in docs_views(interface, own):
        yield render(view, own)
    yield from json_schema_artifacts(interface)
    yield from xsd_artifacts(interface)

"""A reader that was not made here, bound from the XSD alone, reads the same from the mock."""

import dataclasses
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from graphlib import CycleError, TopologicalSorter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec
import pytest

from gridwright_runtime.interface import Operation
from gridwright_runtime.record import Record
from gridwright_runtime.values.types import DayOfMonth, Yyyymm

from .support import (
    CALLS,
    HIGH_AND_LOW,
    HOUSEHOLD_WITH_GAPS,
    OPERATIONS,
    SCHEMAS,
    WITH_GAPS,
    call,
    make_app,
)


def toposort() -> ModuleType:
    """Return a module in place of the package that xsdata's generator sorts with.

    That package comes with an extra of xsdata which brings much else; graphlib does the same.
    """

    def flatten(graph: Mapping[str, Iterable[str]]) -> list[str]:
        sorter = TopologicalSorter({key: set(after) - {key} for key, after in graph.items()})
        sorter.prepare()
        found: list[str] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            found += ready
            sorter.done(*ready)
        return found

    module = ModuleType("toposort")
    vars(module).update(toposort_flatten=flatten, CircularDependencyError=CycleError)
    return module


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    """Dataclasses that xsdata makes of each reply's XSD, in modules of their own."""
    with pytest.MonkeyPatch.context() as patch:
        # xsdata writes into the working directory, and looks for ruff on the path.
        folder = tmp_path_factory.mktemp("bound")
        patch.chdir(folder)
        patch.setitem(sys.modules, "toposort", toposort())
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        modules = {name: _bind(name, folder) for name in OPERATIONS}
        for name, module in modules.items():
            # Dataclasses look up their annotations there.
            patch.setitem(sys.modules, f"bound_{name}", module)
            spec = module.__spec__
            assert spec and spec.loader
            spec.loader.exec_module(module)
        yield modules


def _bind(name: str, folder: Path) -> ModuleType:
    from xsdata.codegen.transformer import ResourceTransformer
    from xsdata.models.config import GeneratorConfig, StructureStyle

    config = GeneratorConfig()
    config.output.package = f"bound_{name}"
    config.output.structure_style = StructureStyle.SINGLE_PACKAGE
    ResourceTransformer(config=config).process([(SCHEMAS / f"{name}.reply.xsd").as_uri()])
    spec = spec_from_file_location(f"bound_{name}", folder / f"bound_{name}.py")
    assert spec
    return module_from_spec(spec)


def read_by_xsdata(module: ModuleType, operation: Operation[Any], body: bytes) -> Any:
    """Return the root object of a reply."""
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.parsers.config import ParserConfig

    roots: list[Any] = [
        found
        for found in vars(module).values()
        if dataclasses.is_dataclass(found) and _element_name(found) == operation.reply.root
    ]
    config = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
    [root] = roots
    return XmlParser(config=config).from_bytes(body, root)


def _element_name(found: Any) -> str:
    return str(getattr(getattr(found, "Meta", None), "name", found.__name__))


def child(parent: Any, wire: str) -> Any:
    [name] = [
        field.name
        for field in dataclasses.fields(parent)
        if field.metadata.get("name", field.name) == wire
    ]
    value = getattr(parent, name)
    return value.value if isinstance(value, Enum) else value


def as_written(record: Record) -> dict[str, object]:
    """Return a record of ours by wire name; days as text, as XSD has no type for theirs."""
    return {
        field.encode_name: _written(get_args(field.type)[0], getattr(record, field.name))
        for field in msgspec.structs.fields(type(record))
    }


def _written(kind: object, value: Any) -> object:
    if kind is DayOfMonth and value is not None:
        return f"{value:02d}"
    if isinstance(value, date):
        return f"{value:%Y%m}" if kind is Yyyymm else f"{value:%Y%m%d}"
    return value


MORE_CALLS: dict[str, dict[str, Any]] = {
    "get_day_load_profile": {"customer_number": HIGH_AND_LOW},
    "get_day_load_profile_dr": {"customer_number": WITH_GAPS},
    "get_quarter_hour_reading": {"customer_number": HIGH_AND_LOW},
    "get_period_readings": {"customer_number": WITH_GAPS},
    "get_customer_info": {"customer_number": HIGH_AND_LOW},
    "get_household_day_load_profile": {"household_number": HOUSEHOLD_WITH_GAPS},
}


@pytest.mark.parametrize("name", list(CALLS))
def test_a_reader_bound_from_the_xsd_reads_the_same_values(
    name: str, bound: dict[str, ModuleType]
) -> None:
    operation = OPERATIONS[name]
    for arguments in ({}, MORE_CALLS.get(name, {})):
        ours = call("sync", make_app(), name, format="xml", **arguments)
        theirs = read_by_xsdata(bound[name], operation, ours.raw.body)
        items = child(child(theirs, operation.reply.payload[0]), operation.reply.item)
        assert len(items) == len(ours.records) > 0
        for item, record in zip(items, ours.records, strict=True):
            for wire, value in as_written(record).items():
                found = child(item, wire)
                assert (None if found == "" else found) == value, wire
                assert isinstance(found, Decimal) == isinstance(value, Decimal), wire
        assert operation.verdict is not None
        header = child(theirs, operation.verdict.under[0])
        assert {wire: child(header, wire) or None for wire in ours.header or {}} == ours.header

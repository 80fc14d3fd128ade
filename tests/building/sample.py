"""The generated operations of an invented system, `sample.yaml`, and variants of them."""

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace
from tests.generator.packages import write_package

from gridwright_runtime.interface import BodySpec, Encoding, Operation, Provisional

_PACKAGE = "building_apis.sample"

with TemporaryDirectory() as _folder:
    write_package(Path(__file__).with_name("sample.yaml").read_bytes(), Path(_folder), _PACKAGE)
    sys.path.insert(0, _folder)
    models: Any = importlib.import_module(f"{_PACKAGE}.models")
    _operations: Any = importlib.import_module(f"{_PACKAGE}.operations")
    sys.path.remove(_folder)

NAMESPACE = "urn:sample"
GET_DAY: Operation[Any] = _operations.GET_DAY
GET_BILL: Operation[Any] = _operations.GET_BILL
SAVE_READING: Operation[Any] = _operations.SAVE_READING
SAVE_INDEXES: Operation[Any] = _operations.SAVE_INDEXES
APPLY: Operation[Any] = _operations.APPLY
GET_USAGE: Operation[Any] = _operations.GET_USAGE
ATTACH_FILE: Operation[Any] = _operations.ATTACH_FILE
STATUS: Operation[Any] = _operations.GET_STATUS


def apply_operation(encoding: Encoding) -> Operation[Any]:
    """Return the application with its body in another encoding."""
    body = BodySpec(encodings={"json": encoding}, root="apply")
    return replace(APPLY, request=replace(APPLY.request, body=body))


def status_operation(*provisional: Provisional) -> Operation[Any]:
    """Return the question for a status, of whose messages some names are undocumented."""
    assert STATUS.soap is not None
    return replace(STATUS, soap=replace(STATUS.soap, provisional=provisional))

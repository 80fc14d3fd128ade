"""The generated operations of an invented system, `sample.yaml`, and variants of them."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace
from tests.generated_packages import load_package

from gridwright_runtime.interface import BodySpec, Encoding, Operation, Provisional

_SPEC = Path(__file__).with_name("sample.yaml").read_bytes()
models, _operations = load_package(_SPEC, "building_apis.sample", "models", "operations")

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

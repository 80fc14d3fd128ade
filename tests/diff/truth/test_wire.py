"""The verdict on the wire against clients and mocks of both sides: safe calls work."""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
import pytest

from gridwright.diff.verdicts import Level
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.mock.transport import MockTransport

from .cases import CASES
from .support import changes, sides, write_package

Direction = Literal["old_client", "new_client"]
DIRECTIONS: tuple[Direction, ...] = ("old_client", "new_client")
FORMATS = ("json", "xml")
IN_JSON_ALONE = ("list_customers", "save_setting")
OPERATIONS = ("list_readings", *IN_JSON_ALONE, "save_readings", "search_readings")

INSTANT = datetime(2024, 10, 1, 5, tzinfo=UTC)
# Values by argument, and by field of a record that is sent; what a side does not know is left out.
GIVEN: dict[str, object] = {
    "meter_number": "20240001",
    "day": date(2024, 10, 1),
    "month": date(2024, 10, 1),
    "at_hour": INSTANT,
    "at_minute": INSTANT,
    "label": "1415",
    "kind": "01",
    "pages": 3,
    "minimum_kwh": Decimal("1.5"),
    "trace": "MARK",
    "extra": "new",
}
READING: dict[str, object] = {
    "meter_id": 7,
    "read_at": INSTANT,
    "energy_kwh": Decimal("1.5"),
    "reason": "PERIODIC",
    "remark": "invented",
    "is_estimated": True,
    "extra": "new",
}
# Breaks that no exchange shows: the bytes are the same and mean something else, or they are felt
# only where a caller uses what is gone.
NOT_SHOWN = {
    "reply_unit_changed",  # kWh read as MWh
    "amended_zone",  # another instant, or text that stays text
    "success_value_added",  # the mock says 00
    "request_digits_shrunk",  # the call gives one digit
    "request_code_removed",  # the call gives the other code
    "request_type_changed",  # 3 is a number and a text
    "reply_type_changed",  # so is what the mock answers
    "reply_pattern_changed",  # both are text in Python, of another length
    "reply_series_shorter_step",  # every label that the old client knows is still there
}


@dataclass(frozen=True, slots=True)
class Package:
    """The modules of one generated package that an exchange needs."""

    client: Any
    mock: Any
    models: Any

    def connected(self, other: "Package", **options: object) -> Any:
        """Return a client of this package that talks to the mock of another."""
        app = other.mock.application()
        # Both sides are given what they ask for by their own names.
        known = inspect.signature(self.client.Client).parameters
        secrets = {
            mine: inspect.signature(other.mock.application).parameters[theirs].default
            for mine, theirs in zip(_credentials(self), _credentials(other), strict=True)
        }
        place = {"base_url": _at_the_mock(known["base_url"])}
        environment = known.get("environment")
        if environment is not None:
            is_asked = environment.default is environment.empty
            place = {"environment": "production"} if is_asked else {}
        return self.client.Client(transport=MockTransport(app), **secrets, **place, **options)


def _at_the_mock(base_url: inspect.Parameter) -> str:
    """Return another host with the path of the document's address, if it has any."""
    printed = base_url.default if isinstance(base_url.default, str) else ""
    return f"https://mock.example.com{urlsplit(printed).path}"


def _credentials(package: Package) -> list[str]:
    known = inspect.signature(package.mock.application).parameters
    return [name for name in known if name not in ("seed", "clock", "world")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("wire")
    sys.path.insert(0, str(path))
    yield path
    sys.path.remove(str(path))


def loaded(folder: Path, package: str, system: str) -> Package:
    own = f"{package}.{system}"
    return Package(*(import_module(f"{own}.{name}") for name in ("client", "mock", "models")))


@cache
def old_package(folder: Path, system: str) -> Package:
    write_package(sides(system, {})[0], folder, f"wire_old_{system}")
    return loaded(folder, f"wire_old_{system}", system)


@cache
def new_package(folder: Path, name: str) -> Package:
    system, patch = CASES[name]
    write_package(sides(system, patch)[1], folder, f"wire_new_{name}")
    return loaded(folder, f"wire_new_{name}", system)


@cache
def verdict(name: str, direction: Direction) -> Level:
    levels = (getattr(c.verdicts.wire, direction) for c in changes(*CASES[name]))
    return max(levels, default=Level.NONE)


def exchange(package: Package, other: Package, common: Package, **options: object) -> set[str]:
    """Make every call that ``common`` has too, in both formats; return what came without a value.

    Each is made with all that both sides know, and with what one of them needs alone.
    """
    missing: set[str] = set()
    with package.connected(other, **options) as client:
        for name in OPERATIONS:
            method = getattr(client, name, None)
            if method is None or not hasattr(common.client.Client, name):
                continue
            known, needed = _known(common), _needed(common, name)
            for form in FORMATS[: 1 if name in IN_JSON_ALONE else 2]:
                for optional in (known, needed):
                    arguments = arguments_of(package, method, optional)
                    reply = method(**arguments, **format_of(method, form))
                    records = getattr(reply, "records", None) or [reply.body]
                    missing |= {f"{name}.{field}" for field in _without_value(records[0])}
    return missing


def format_of(method: Any, form: str) -> dict[str, str]:
    """Return the format as an argument, where the method has several."""
    return {"format": form} if "format" in inspect.signature(method).parameters else {}


def arguments_of(package: Package, method: Any, optional: set[str]) -> dict[str, object]:
    """Return the arguments that a method needs, and those of ``optional`` that it takes."""
    parameters = inspect.signature(method).parameters.values()
    taken = {p.name for p in parameters if p.default is p.empty or p.name in optional}
    models = package.models
    given: dict[str, object] = {key: value for key, value in GIVEN.items() if key in taken}
    if "meter_readings" in taken:
        fields = {
            f.name
            for f in msgspec.structs.fields(models.NewReading)
            if f.required or f.name in optional
        }
        reading = {key: value for key, value in READING.items() if key in fields}
        given["meter_readings"] = [models.NewReading(**reading)]
    if "range" in taken:
        given["range"] = models.Range(begin=1, end=10)
    if "criteria" in taken:
        given["criteria"] = models.Criteria(meter_id=7)
    return given


def _needed(package: Package, operation: str) -> set[str]:
    """Return the names of what a package needs for one call."""
    parameters = inspect.signature(getattr(package.client.Client, operation)).parameters.values()
    record = getattr(package.models, "NewReading", None)
    fields = msgspec.structs.fields(record) if record is not None else ()
    return {p.name for p in parameters if p.default is p.empty} | {
        f.name for f in fields if f.required
    }


def _known(package: Package) -> set[str]:
    """Return the names of all arguments and fields of a package."""
    methods = (getattr(package.client.Client, name, None) for name in OPERATIONS)
    arguments = {name for m in methods if m is not None for name in inspect.signature(m).parameters}
    return arguments.union(*_fields(package))


def _without_value(record: object) -> Iterator[str]:
    if isinstance(record, msgspec.Struct):
        for field in msgspec.structs.fields(record):
            value = getattr(record, field.name)
            if value is None:
                yield field.name
            if isinstance(value, list) and value:
                yield from (f"{field.name}.{inner}" for inner in _without_value(value[0]))


def clients(folder: Path, name: str, direction: Direction) -> tuple[Package, Package]:
    old, new = old_package(folder, CASES[name][0]), new_package(folder, name)
    return (old, new) if direction == "old_client" else (new, old)


def test_enough_is_said_to_be_safe_and_to_break() -> None:
    levels = [verdict(name, direction) for name in CASES for direction in DIRECTIONS]
    assert sum(level <= Level.SAFE for level in levels) >= 60
    assert sum(level is Level.BREAKING for level in levels) >= 20


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", CASES)
def test_where_the_verdict_says_safe_calls_work_and_no_known_value_is_lost(
    folder: Path, name: str, direction: Direction
) -> None:
    level = verdict(name, direction)
    if level > Level.SAFE:
        return
    client, server = clients(folder, name, direction)
    # What the verdict calls none is not even listed as a deviation.
    options = {"strict": True} if level is Level.NONE else {}
    lost = exchange(client, server, server, **options) - exchange(client, client, server)
    known = {field for model in _fields(server) for field in model}
    assert {path for path in lost if path.rpartition(".")[2] in known} == set()


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", CASES)
def test_what_is_called_breaking_does_break(folder: Path, name: str, direction: Direction) -> None:
    if verdict(name, direction) is not Level.BREAKING or name in NOT_SHOWN:
        return
    client, server = clients(folder, name, direction)
    with pytest.raises((GridwrightError, AssertionError, TypeError)):
        lost = exchange(client, server, client) - exchange(client, client, client)
        assert lost == set()


def _fields(package: Package) -> Iterator[set[str]]:
    for model in vars(package.models).values():
        if isinstance(model, type) and issubclass(model, msgspec.Struct):
            yield {field.name for field in msgspec.structs.fields(model)}

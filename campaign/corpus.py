"""Replies of the mocks of all systems, to be mutated. Never mutates."""

import datetime
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from tests.combinations.calls import arguments_of

from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.message import RawReply
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import soap_fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.testing.arguments import LOOPBACK, client_arguments

__all__ = ["NOW", "SYSTEMS", "Sample", "client_of", "known_arguments", "samples"]

SYSTEMS = ("kepco_opm", "epias_ecms", "thai_moi_power", "kansai_takusou", "kansai_kakusyu")
NOW = datetime.datetime(2024, 10, 2, 3, tzinfo=datetime.UTC)
"""A Wednesday at noon in Seoul and Tokyo: nothing is closed."""
_SEOUL, _ISTANBUL = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Istanbul")
_WITH_ADDRESS = ("kepco_opm", "epias_ecms")
_MOST_BYTES = 20_000
# What the worlds of the mocks know.
_KNOWN: dict[str, object] = {
    "customer_number": "0100000001",
    "household_number": "010000000000000001",
    "date": datetime.date(2024, 10, 1),
    "month": datetime.date(2024, 9, 1),
    "date_time": datetime.datetime(2024, 10, 1, 14, tzinfo=_SEOUL),
    "hour": datetime.datetime(2024, 10, 1, 14, tzinfo=_SEOUL),
    "start_date": datetime.date(2024, 10, 1),
    "end_date": datetime.date(2024, 10, 1),
    "start_time": "2300",
    "end_time": "2400",
    "citizen_id": "9000000000021",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One reply as it came."""

    operation: Operation[Any]
    raw: RawReply
    format: Format

    @property
    def name(self) -> str:
        """What it is a reply of."""
        return f"{self.operation.call} {self.format}"


def samples(systems: tuple[str, ...] = SYSTEMS) -> list[Sample]:
    """Return replies of every operation of the systems, refusals included."""
    return [sample for system in systems for sample in _of_system(system)]


def client_of(package: ModuleType, mock: ModuleType, app: Any, clock: Any, **more: Any) -> Any:
    """Return a client that talks to a mock in this process."""
    options = client_arguments(package.Client, mock.application, {})
    if package.__name__.rpartition(".")[2] not in _WITH_ADDRESS:
        options["base_url"] = LOOPBACK
    if "limit_store" in inspect.signature(package.Client).parameters:
        options["limit_store"] = MemoryLimitStore()
    return package.Client(**{**options, "transport": MockTransport(app), "clock": clock, **more})


def known_arguments(
    method: Callable[..., Any], package: ModuleType, **known: object
) -> dict[str, Any] | None:
    """Return arguments of a method that its mock knows; None where none can be made up."""
    try:
        found = arguments_of(method, package)
    except KeyError:
        return None
    names = inspect.signature(method).parameters
    return found | {name: one for name, one in (_KNOWN | known).items() if name in names}


def _of_system(system: str) -> Iterator[Sample]:
    package = importlib.import_module(f"gridwright_apis.{system}")
    mock = importlib.import_module(f"gridwright_apis.{system}.mock")
    clock = ManualClock(NOW)
    app = mock.application(clock=clock)
    operations = {operation.name: operation for operation in mock.OPERATIONS}
    known: dict[str, object] = {}
    if system == "kansai_takusou":
        with client_of(package, mock, app, clock) as client:
            known["application_number"] = client.apply_regular().body.application_number
    for format in _formats(package):
        options = {} if format is None else {"format": format}
        with client_of(package, mock, app, clock, **options) as client:
            for name, operation in operations.items():
                method = getattr(client, name)
                arguments = known_arguments(method, package, **known)
                if arguments is None:
                    continue
                asked: Format = format or next(iter(operation.reply.formats), "json")
                clock.advance(60)
                yield from _said(operation, lambda m=method, a=arguments: m(**a), asked)
                if operation.soap is not None:
                    app.state.mock.faults.add(name, soap_fault())
                    clock.advance(60)
                    yield from _said(operation, lambda m=method, a=arguments: m(**a), asked)


def _formats(package: ModuleType) -> tuple[Format | None, ...]:
    has_choice = "format" in inspect.signature(package.Client).parameters
    return ("json", "xml") if has_choice else (None,)


def _said(operation: Operation[Any], call: Callable[[], Any], format: Format) -> Iterator[Sample]:
    try:
        raw = call().raw
    except GridwrightError as error:
        raw = getattr(error, "raw", None)
    if raw is not None and raw.body and len(raw.body) <= _MOST_BYTES:
        yield Sample(operation, raw, format)

"""Replies of the mocks of all systems, to be mutated. Never mutates."""

import datetime
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from tests.combinations.calls import arguments_of
from tests.combinations.covering import drawn
from tests.combinations.specs import spec_of
from tests.epias_ecms.support import accrual, index

from gridwright.load import amend_text
from gridwright.output.render import render
from gridwright.pipeline import understand
from gridwright.targets import views
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.message import RawReply
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import soap_fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.testing.arguments import LOOPBACK, client_arguments

__all__ = ["NOW", "SYSTEMS", "Sample", "client_of", "combined", "known_arguments", "samples"]

SYSTEMS = ("kepco_opm", "epias_ecms", "thai_moi_power", "kansai_takusou", "kansai_kakusyu")
NOW = datetime.datetime(2024, 10, 2, 3, tzinfo=datetime.UTC)
"""A Wednesday at noon in Seoul and Tokyo: nothing is closed."""
_SEOUL = ZoneInfo("Asia/Seoul")
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
    "indexes": [index()],
    "accruals": [accrual()],
}
_DRAWN = "drawn_apis"


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
    return [one for system in systems for one in _of_package(f"gridwright_apis.{system}")]


def client_of(package: ModuleType, mock: ModuleType, app: Any, clock: Any, **more: Any) -> Any:
    """Return a client that talks to a mock in this process."""
    options = client_arguments(package.Client, mock.application, {})
    if package.__name__.startswith("gridwright_apis.kansai") or "thai" in package.__name__:
        options["base_url"] = LOOPBACK
    if "limit_store" in inspect.signature(package.Client).parameters:
        options["limit_store"] = MemoryLimitStore()
    return package.Client(**{**options, "transport": MockTransport(app), "clock": clock, **more})


def known_arguments(
    method: Callable[..., Any], package: ModuleType, **known: object
) -> dict[str, Any] | None:
    """Return arguments of a method that its mock knows; None where none can be made up."""
    parameters = inspect.signature(method).parameters
    given = {name: one for name, one in (_KNOWN | known).items() if name in parameters}
    needed = {
        name
        for name, one in parameters.items()
        if one.default is inspect.Parameter.empty and name != "self"
    }
    if needed <= given.keys():
        return given
    try:
        return arguments_of(method, package) | given
    except KeyError:
        return None


def combined(count: int, folder: Path) -> list[Sample]:
    """Return replies of combinations of forms, generated into a folder."""
    found: list[Sample] = []
    sys.path.insert(0, str(folder))
    for number, choice in enumerate(drawn(count, seed=5)):
        system = f"drawn{number}"
        text = json.dumps(spec_of(system, choice), ensure_ascii=False).encode()
        amended, said = amend_text(text, "spec.yaml", ())
        interface, problems = understand(amended, said)
        if interface is None or amended is None or problems:
            continue
        own = f"{_DRAWN}.{system}"
        for view in views(interface, own, amended.plain()):
            if not view.path.endswith(".py"):
                continue
            path = folder / view.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(view, own).text, encoding="utf-8")
        importlib.invalidate_caches()
        found += _of_package(f"{_DRAWN}.{system}")
    return found


def _of_package(name: str) -> Iterator[Sample]:
    package, mock = importlib.import_module(name), importlib.import_module(f"{name}.mock")
    clock = ManualClock(NOW)
    app = mock.application(clock=clock)
    known = _numbers(package, mock, app, clock)
    operations = {operation.name: operation for operation in mock.OPERATIONS}
    for format in _formats(package):
        options = {} if format is None else {"format": format}
        with client_of(package, mock, app, clock, **options) as client:
            for name, operation in operations.items():
                method = getattr(client, name)
                offered: Format = next(iter(operation.reply.formats), "json")
                asked = format or offered
                for beside in ({}, known):
                    arguments = known_arguments(method, package, **beside)
                    if arguments is None:
                        continue
                    clock.advance(60)
                    yield from _said(operation, partial(method, **arguments), asked)
                    if not known:
                        break
                if operation.soap is not None and arguments is not None:
                    app.state.mock.faults.add(name, soap_fault())
                    clock.advance(60)
                    yield from _said(operation, partial(method, **arguments), asked)


def _numbers(package: ModuleType, mock: ModuleType, app: Any, clock: Any) -> dict[str, object]:
    """Save and apply, so that there is something to ask for."""
    system = package.__name__.rpartition(".")[2]
    with client_of(package, mock, app, clock) as client:
        if system == "kansai_takusou":
            return {"application_number": client.apply_regular().body.application_number}
        if system == "epias_ecms":
            saved = client.save_indexes(indexes=[index(), index(metering_point_id=123_457)])
            return {"index_ids": [one.index_id for one in saved.body.indexes]}
    return {}


def _formats(package: ModuleType) -> tuple[Format | None, ...]:
    has_choice = "format" in inspect.signature(package.Client).parameters
    both: tuple[Format, Format] = ("json", "xml")
    return both if has_choice else (None,)


def _said(operation: Operation[Any], call: Callable[[], Any], format: Format) -> Iterator[Sample]:
    try:
        raw = call().raw
    except GridwrightError as error:
        raw = getattr(error, "raw", None)
    if raw is None or not raw.body or len(raw.body) > _MOST_BYTES:
        return
    yield Sample(operation, raw, format)
    if operation.soap is not None:
        yield Sample(operation, _with_attachment(raw), format)


def _with_attachment(raw: RawReply) -> RawReply:
    body = (
        b"--outer\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-ID: <root>\r\n\r\n"
        + raw.body
        + b"\r\n--outer\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-ID: <a>\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\n'
        b"JVBERi0xLjQ=\r\n--outer--\r\n"
    )
    head = ("content-type", 'multipart/related; boundary="outer"; type="text/xml"; start="<root>"')
    return RawReply(status_code=raw.status_code, headers=(head,), body=body)

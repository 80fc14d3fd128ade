"""docs/mocks.md tells every code, fault, answer and attribute of the mocks of services."""

import inspect
import re
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from gridwright_runtime.clock import SystemClock
from gridwright_runtime.mock import services
from gridwright_runtime.mock.limit_measures import Breach
from gridwright_runtime.mock.limits_watch import BrokenLimit, LimitsWatch
from gridwright_runtime.mock.session_door import SessionServer
from gridwright_runtime.mock.worlds import kansai_kakusyu, kansai_takusou, thai_moi_power
from gridwright_runtime.service.session_flow import SessionFlow

PAGE = (Path(__file__).parents[2] / "docs" / "mocks.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return re.split(r"^##+ ", PAGE.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]


def codes_on(heading: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `(mock-\d+)` \| (.*) \|", section(heading), re.MULTILINE)


def codes_of(module: ModuleType) -> list[tuple[str, str]]:
    return re.findall(r"^(mock-\d+)  (.*)$", module.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "module"),
    [
        ("Faults and codes of services", services),
        ("Low-voltage applications: JSON and files", kansai_takusou),
        ("The application site: SOAP", kansai_kakusyu),
    ],
)
def test_every_code_is_told(heading: str, module: ModuleType) -> None:
    assert codes_of(module) != []
    assert codes_on(heading) == codes_of(module)


def test_every_citizen_is_told() -> None:
    told = re.findall(r"^\| `(\d{13})` \| (.*) \|", section("Power usage: a session"), re.MULTILINE)
    there = re.findall(r"^(\d{13}) (.*)$", thai_moi_power.__doc__ or "", re.MULTILINE)
    assert tuple(number for number, _ in told) == thai_moi_power.CITIZENS
    assert len(there) == len(told)


def test_every_fault_of_services_is_told() -> None:
    told = set(re.findall(r"^\| `(\w+)\(", section("Faults and codes of services"), re.MULTILINE))
    there = {name for name in services.__all__ if inspect.isfunction(vars(services)[name])}
    assert told == there - {"build_service_application"}


def test_every_attribute_of_sessions_and_limits_is_told() -> None:
    sessions, limits = section("Power usage: a session"), section("Limits")
    for name in vars(SessionServer(_FLOW, [], clock=_CLOCK, watch=_WATCH)):
        assert name.startswith("_") or f"`{name}`" in sessions, name
    told = re.findall(r"`(\w+)(?:\(\))?` \|", limits)
    shown = {n for n, value in vars(LimitsWatch).items() if isinstance(value, property)}
    assert shown - {"kinds"} <= set(told)
    for found in (*fields(BrokenLimit), *fields(Breach)):
        assert f"`{found.name}`" in limits
    for answer in get_args(services.LimitAnswer):
        assert f'"{answer}"' in limits


_CLOCK = SystemClock()
_WATCH = LimitsWatch((), clock=_CLOCK)
_FLOW = SessionFlow(path="/login", header="Token", read=("body",), lifetime_seconds=60)

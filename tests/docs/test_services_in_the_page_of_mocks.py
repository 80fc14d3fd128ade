"""docs/mocks.md tells every code, fault, answer and attribute of the mocks of services."""

import re
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from gridwright_apis.thai_moi_power import mock as thai_mock
from gridwright_runtime.mock.limit_measures import Breach
from gridwright_runtime.mock.limits_watch import BrokenLimit, LimitsWatch
from gridwright_runtime.mock.state import LimitAnswer
from gridwright_runtime.mock.worlds import kansai_kakusyu, kansai_takusou, thai_moi_power

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


def test_every_attribute_of_sessions_and_limits_is_told() -> None:
    sessions = section("Power usage: a session") + section("Logins")
    limits = section("Limits")
    for name in vars(thai_mock.application().state.mock.sessions):
        assert name.startswith("_") or f"`{name}`" in sessions, name
    told = re.findall(r"`(\w+)(?:\(\))?` \|", limits)
    shown = {n for n, value in vars(LimitsWatch).items() if isinstance(value, property)}
    assert shown - {"kinds"} <= set(told)
    for found in (*fields(BrokenLimit), *fields(Breach)):
        assert f"`{found.name}`" in limits
    for answer in get_args(LimitAnswer):
        assert f'"{answer}"' in limits

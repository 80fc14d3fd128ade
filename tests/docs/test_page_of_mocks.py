"""docs/mocks.md tells every code, fault, answer and attribute of the mocks."""

import inspect
import re
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from gridwright_apis.epias_ecms import mock
from gridwright_runtime.mock import application, faults
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.journal import JournalEntry
from gridwright_runtime.mock.limits.measures import Breach
from gridwright_runtime.mock.limits.watch import BrokenLimit, LimitsWatch
from gridwright_runtime.mock.logins.server import LoginServer
from gridwright_runtime.mock.worlds import (
    epias_ecms,
    kansai_kakusyu,
    kansai_takusou,
    kepco_opm,
    thai_moi_power,
)

PAGE = (Path(__file__).parents[2] / "docs" / "mocks.md").read_text(encoding="utf-8")
HOUSEHOLDS = "Power usage: thai_moi_power"


def section(heading: str) -> str:
    assert f"# {heading}\n" in PAGE, heading
    return re.split(r"^##+ ", PAGE.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]


def codes_on(heading: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `(mock-\d+)` \| (.*) \|", section(heading), re.MULTILINE)


def codes_of(module: ModuleType) -> list[tuple[str, str]]:
    return re.findall(r"^(mock-\d+)  (.*)$", module.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "module"),
    [
        ("Refusals and codes", application),
        ("Customers and readings: kepco_opm", kepco_opm),
        ("Index records and their tickets: epias_ecms", epias_ecms),
        ("Low-voltage applications and their files: kansai_takusou", kansai_takusou),
        ("The application site over SOAP: kansai_kakusyu", kansai_kakusyu),
    ],
)
def test_every_code_is_told(heading: str, module: ModuleType) -> None:
    assert codes_of(module) != []
    assert codes_on(heading) == codes_of(module)


def test_every_citizen_is_told() -> None:
    told = re.findall(r"^\| `(\d{13})` \| (.*) \|", section(HOUSEHOLDS), re.MULTILINE)
    there = re.findall(r"^(\d{13}) (.*)$", thai_moi_power.__doc__ or "", re.MULTILINE)
    assert tuple(number for number, _ in told) == thai_moi_power.CITIZENS
    assert len(there) == len(told)


def test_every_customer_is_told() -> None:
    told = re.findall(r"^\| `(\d{10})` \|", section("Customers and readings: kepco_opm"), re.M)
    assert told == re.findall(r"^(\d{10}) ", kepco_opm.__doc__ or "", re.MULTILINE)


def test_every_fault_is_told() -> None:
    made = {name for name, _ in inspect.getmembers(Fault, inspect.ismethod)}
    assert set(re.findall(r"^\| `Fault\.(\w+)\(", section("Faults"), re.MULTILINE)) == made
    functions = {name for name in faults.__all__ if inspect.isfunction(vars(faults)[name])}
    assert set(re.findall(r"^\| `(\w+)\(", section("Faults"), re.MULTILINE)) == functions


def test_everything_in_the_journal_is_told() -> None:
    table = section("Journal").partition("|---|")[2]
    rows = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == set(JournalEntry.__struct_fields__)


def test_every_attribute_of_logins_is_told() -> None:
    logins = mock.application().state.mock.server
    assert isinstance(logins, LoginServer)
    shown = [name for name in vars(logins) if not name.startswith("_")]
    assert len(shown) > 3
    for name in (*shown, "place", "fail", "forget"):
        assert re.search(rf"`{name}\b", section("Logins")), name


def test_every_attribute_of_limits_is_told() -> None:
    limits = section("Limits")
    told = re.findall(r"`(\w+)(?:\(\))?` \|", limits)
    shown = {n for n, value in vars(LimitsWatch).items() if isinstance(value, property)}
    assert shown - {"kinds"} <= set(told)
    for found in (*fields(BrokenLimit), *fields(Breach)):
        assert f"`{found.name}`" in limits
    for answer in get_args(application.LimitAnswer):
        assert f'"{answer}"' in limits

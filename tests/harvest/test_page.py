"""What docs/harvest.md prints to open a lake works as it is printed."""

import re
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest

from gridwright_apis import kepco_opm
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.harvest.report import export, newest
from gridwright_runtime.mock.transport import MockTransport

from .world import CUSTOMERS, harvested

PAGE = (Path(__file__).parents[2] / "docs" / "harvest.md").read_text("utf-8")


def blocks(heading: str = "") -> list[str]:
    """Return the code below a heading; above all headings, the code that opens a lake."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (text,) = (one for one in section if one.startswith(heading or "# "))
    return re.findall(r"```py\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the blocks one after another, beside a lake."""
    harvested(tmp_path / "lake", customers=CUSTOMERS[:1], until=date(2024, 3, 12))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for text in blocks():
        exec(compile(text, "docs/harvest.md", "exec"), names)
    return names


def test_the_code_of_the_page_opens_a_lake(
    opened: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(blocks()) == 2
    assert opened["readings"].num_rows == 2 * 96


def test_the_code_of_the_page_harvests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = MockTransport(mock.application())
    made = partial(kepco_opm.Client, service_key="demo-service-key", transport=transport)
    monkeypatch.setattr(kepco_opm, "Client", made)
    monkeypatch.chdir(tmp_path)
    (text,) = blocks("From Python")
    names: dict[str, Any] = {}
    exec(compile(text.replace("date.today()", "date(2024, 1, 3)"), "page", "exec"), names)
    assert sum(names["outcome"].counts.values()) == 2 * len(names["numbers"])
    assert newest(Path("lake")).num_rows > 2 * 96


def test_each_of_them_has_every_digit(opened: dict[str, Any], tmp_path: Path) -> None:
    readings = opened["readings"]
    values = [one for one in readings.column("value").to_pylist() if one is not None]
    to = tmp_path / "all.parquet"
    export(tmp_path / "lake", to)
    asked = ("select sum(value) from readings", f"select sum(value) from read_parquet('{to}')")
    read = duckdb.connect()
    read.register("readings", readings)
    found = [total for text in asked for (total,) in read.execute(text).fetchall()]
    for one in (
        polars.DataFrame(readings),
        polars.read_parquet(to),
        readings.to_pandas(types_mapper=pandas.ArrowDtype),
        pandas.read_parquet(to, dtype_backend="pyarrow"),
    ):
        found.append(one["value"].sum())
    assert all(isinstance(one, Decimal) for one in found)
    assert set(found) == {sum(values)}

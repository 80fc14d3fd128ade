"""docs/testing.md: every block is a module of tests that passes, and the tables are complete."""

import re
from pathlib import Path

import pytest

from gridwright_apis import kansai_takusou, kepco_opm
from gridwright_apis.kansai_takusou import mock as _takusou_mock
from gridwright_apis.kepco_opm import mock as _kepco_mock
from gridwright_runtime.mock import serve as _serve

LOADED = (kansai_takusou.Client, kepco_opm.Client, _takusou_mock, _kepco_mock, _serve)
PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: re.findall(r"def (test_\w+)", text)[0])
def test_a_block_of_the_page_passes(pytester: pytest.Pytester, text: str) -> None:
    pytester.makepyfile(text)
    result = pytester.runpytest_inprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=1)


def test_the_page_lists_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_nothing(): pass")
    shown = pytester.runpytest_inprocess("--fixtures", "-q").stdout.str()
    there = set(re.findall(r"^((?:kepco_opm|gridwright)_\w+)", shown, re.MULTILINE))
    listed = set(re.findall(r"`((?:kepco_opm|gridwright)_\w+)`", section("Fixtures")))
    assert listed == there


def test_the_page_lists_the_settings_and_markers(pytester: pytest.Pytester) -> None:
    settings = pytester.runpytest_inprocess("--help").stdout.str()
    there = set(re.findall(r"^  (gridwright_\w+) \(", settings, re.MULTILINE))
    assert set(re.findall(r"^\| `(gridwright_\w+)`", section("Settings"), re.MULTILINE)) == there
    markers = pytester.runpytest_inprocess("--markers").stdout.str()
    for name in re.findall(r"^@pytest\.mark\.(gridwright_\w+)", markers, re.MULTILINE):
        assert name in PAGE


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]

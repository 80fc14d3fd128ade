import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

ROWS = [
    *("json-msgspec", "json-pydantic", "json-gaps", "xml-lxml", "xml-xsdata"),
    *("csv-module", "csv-memory"),
    *("memory-json", "memory-xml", "call-sync", "call-async", "import-package", "import-client"),
    *("import-beside", "cli-version", "cli-help", "mock-repeated", "mock-new"),
    *("generate-unchanged", "generate-one-field", "generate-large", "generate-growth"),
    *("diff-systems", "diff-large", "diff-growth"),
    "trace-documents",
    *("soap-zeep", "soap-zeep-short", "epias-bare-msgspec", "epias-xml-lxml", "epias-walk-memory"),
    *("limit-memory", "limit-processes", "limit-machines"),
    *("bulk-call", "bulk-arrow", "bulk-parquet", "bulk-chunk", "bulk-claim", "bulk-status"),
    "positions-bare-loop",
]
pytestmark = pytest.mark.skipif(
    sys.platform != "linux",
    reason="the bench reads peak memory from /proc/self, which Linux alone has",
)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return table and JSON of one quick run."""
    out = tmp_path_factory.mktemp("bench") / "new" / "latest.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, out.read_text(encoding="utf-8")


def rows_of(data: str) -> dict[str, Mapping[str, Any]]:
    return {row["name"]: row for row in json.loads(data)["rows"]}


@pytest.mark.xdist_group("bench")
def test_every_row_is_in_the_table_and_in_the_json(quick: tuple[str, str]) -> None:
    printed, data = quick
    assert list(rows_of(data)) == ROWS
    shown = [line.split()[0] for line in printed.splitlines()[2 : 2 + len(ROWS)]]
    assert shown == ROWS


@pytest.mark.xdist_group("bench")
def test_every_comparison_compared_something(quick: tuple[str, str]) -> None:
    _, data = quick
    assert all(row["compared"] > 0 for row in rows_of(data).values())
    assert rows_of(data)["json-msgspec"]["compared"] == 40 * 100


@pytest.mark.xdist_group("bench")
def test_every_row_has_its_target_from_the_issue(quick: tuple[str, str]) -> None:
    _, data = quick
    targets = {
        name: (row["target"]["bound"], row["target"]["value"])
        for name, row in rows_of(data).items()
        if row["target"]
    }
    assert targets == {
        "json-msgspec": ("at least", 0.6),
        "json-pydantic": ("at least", 2.0),
        "xml-lxml": ("at most", 4.0),
        "xml-xsdata": ("at least", 8.0),
        "csv-module": ("at most", 2.0),
        "csv-memory": ("at most", 4.0),
        "memory-json": ("at most", 1.5),
        "memory-xml": ("at most", 1.5),
        "call-sync": ("at most", 1.4),
        "call-async": ("at most", 1.4),
        "import-package": ("at most", 1.5),
        "import-client": ("at most", 1.5),
        "import-beside": ("at most", 1.1),
        "cli-version": ("at most", 80.0),
        "cli-help": ("at most", 80.0),
        "mock-repeated": ("at least", 0.5),
        "mock-new": ("at least", 0.5),
        "generate-unchanged": ("at most", 0.3333),
        "generate-one-field": ("at most", 2.0),
        "generate-large": ("at most", 20.0),
        "generate-growth": ("at most", 2.2),
        "diff-systems": ("at most", 1.0),
        "diff-large": ("at most", 5.0),
        "diff-growth": ("at most", 2.4),
        "trace-documents": ("at most", 1.0),
        "soap-zeep": ("at least", 3.0),
        "soap-zeep-short": ("at least", 3.0),
        "epias-xml-lxml": ("at most", 5.0),
        "epias-walk-memory": ("at most", 1.1),
        "limit-memory": ("at most", 50.0),
        "limit-processes": ("at most", 1000.0),
        "limit-machines": ("at most", 2000.0),
        "positions-bare-loop": ("at most", 3.0),
        "bulk-call": ("at most", 2.0),
        "bulk-arrow": ("at least", 1.6),
        "bulk-parquet": ("at most", 1.3),
        "bulk-chunk": ("at most", 2.0),
        "bulk-claim": ("at most", 2.0),
        "bulk-status": ("at most", 2.0),
    }


@pytest.mark.xdist_group("bench")
def test_the_report_names_versions_but_no_machine_user_or_folder(quick: tuple[str, str]) -> None:
    printed, data = quick
    machine = json.loads(data)["machine"]
    assert machine["python"].startswith("3.")
    assert {"msgspec", "lxml", "httpx2", "pydantic", "xsdata"} <= set(machine["versions"])
    for text in (printed, data):
        assert str(ROOT) not in text
        assert not re.search(r"/(home|root|tmp|work|usr)\b", text)
        for private in {socket.gethostname(), os.environ.get("USER", "")} - {"", "root"}:
            assert private not in text

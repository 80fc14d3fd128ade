"""Let dlt load a lake by the code that docs/harvest.md prints: ``python -m judges.lake``.

The lake is read from a served mock. What dlt has loaded must be what the lake holds, to the last
digit, and a second run must change values in their places.
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gridwright_apis.kepco_opm import mock
from gridwright_runtime.mock.serve import running
from judges.outcome import not_run
from judges.tools import ROOT, ToolMissing, python_tool, run_tool

__all__ = ["page_code"]

_PAGE = ROOT / "docs" / "harvest.md"
_KEY = {"KEPCO_OPM_SERVICE_KEY": "demo-service-key"}
# dlt is not to ask anybody, nor to leave anything in a home.
_QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": "dlt"}
# Packages of the project come first, so that the table is the one that its users have.
_SCRIPT = """
import site, sys
from pathlib import Path
site.addsitedir(sys.argv[1])
import duckdb, pyarrow as pa
from gridwright_runtime.harvest.report import newest
lake, code = Path("lake"), Path("page.py").read_text("utf-8")
table = newest(lake)
asked = (
    "select count(*), sum(value), any_value(typeof(value)), "
    "min(interval_start) from energy.kepco.readings"
)

def loaded():
    exec(compile(code, "docs/harvest.md", "exec"), {"readings": table, "lake": lake})
    with duckdb.connect("energy.duckdb") as read:
        return read.execute(asked).fetchone()

values = table.column("value").to_pylist()
first = min(one for one in table.column("interval_start").to_pylist())
for added in (0, 1):
    expected = (len(values), sum(one for one in values if one is not None), "DECIMAL(38,9)", first)
    found = loaded()
    if found[:3] != expected[:3] or found[3].astimezone(first.tzinfo) != first:
        raise SystemExit(f"dlt has loaded {found}, and the lake holds {expected}")
    values = [values[0] + 1, *values[1:]]
    place = table.column_names.index("value")
    changed = pa.array(values, pa.decimal128(38, 9))
    table = table.set_column(place, table.schema.field(place), changed)
print(f"dlt has loaded {len(values)} readings, and changed one in its place")
"""


def page_code() -> str:
    """Return the code of the page that gives a table to dlt."""
    blocks = re.findall(r"```py\n(.*?)```", _PAGE.read_text("utf-8"), re.DOTALL)
    (found,) = (block for block in blocks if "import dlt" in block)
    return str(found)


def main() -> int:
    """Harvest, and load; 0 where what is loaded is what was read."""
    try:
        python = python_tool("python")
    except ToolMissing as missing:
        return not_run(str(missing))
    packages = next((python.parents[1] / "lib").glob("python*/site-packages"))
    with TemporaryDirectory() as folder, running(mock.application()) as address:
        Path(folder, "page.py").write_text(page_code(), encoding="utf-8")
        words = ["harvest", "kepco_opm", "get_day_load_profile", "--base-url", address]
        words += ["--into", "lake", "--from", "2024-10-01", "--to", "2024-10-03"]
        for command in (
            [sys.executable, "-m", "gridwright", *words],
            [sys.executable, "-c", _SCRIPT, str(packages)],
        ):
            status, said = run_tool(command, folder=Path(folder), environment=_KEY | _QUIET)
            print(said.strip())
            if status:
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

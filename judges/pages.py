"""A real browser reads the site of this project, ``python -m judges.pages``.

The site lies below a path of a host, as pages of a project do. Its pages may ask nobody else.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from gridwright.load import find_systems
from gridwright.site.build import SiteOptions, build_site
from gridwright.site.files import write_site
from judges.outcome import exit_status, printed
from judges.tools import FOREIGN, ROOT, node_packages, run_tool
from judges.verdict import Verdict, failed, passed

__all__ = ["browsed"]

_SCRIPT = FOREIGN / "browse_site.cjs"
_KEPCO = "systems/kepco_opm/"
# What is typed, where one of the first results leads, and what stands there.
_SEARCHES = (
    ("고객번호", f"{_KEPCO}get_customer_bill.html#reply.custNo", ("고객번호", "line 679")),
    ("번호", f"{_KEPCO}list_customers.html#reply.custNo", ("고객번호",)),
    ("dataMonth", f"{_KEPCO}get_customer_bill.html#request.dataMonth", ("yyyymm", "line 670")),
    ("etong_cd", f"{_KEPCO}get_customer_info.html#reply.etong_cd", ("meter_kind", "line 602")),
    ("고압전자식-거래용", f"{_KEPCO}codes.html#meter_kind.14", ("for trading",)),
    (
        "供給地点特定番号",
        "systems/kansai_kakusyu/apply_company_equipment.html"
        "#request.PROVISIONAL_supply_point_number",
        ("供給地点特定番号",),
    ),
    (
        "ผู้ใช้ไฟฟ้า",
        "systems/thai_moi_power/get_power_usage.html#reply.Name",
        ("ชื่อผู้ใช้ไฟฟ้า", "personal"),
    ),
    ("unknown-unit", "docs/diagnostics.html#unknown-unit", ("not composed of known",)),
    ("zone-changed", "docs/diff-rules.html#zone-changed", ("breaking",)),
)


def browsed() -> Verdict:
    """Build the site, let the browser read it, and return what it says."""
    packages = node_packages()
    specs = ROOT / "specs"
    site = build_site(SiteOptions(specs=specs, systems=find_systems(specs), project=ROOT))
    if site.problems:
        return failed("; ".join(str(problem) for problem in site.problems)[:900])
    pages = [a.path for a in site.artifacts if a.path.endswith(".html")]
    searches = [{"words": w, "address": a, "holds": list(h)} for w, a, h in _SEARCHES]
    with TemporaryDirectory() as folder:
        below = Path(folder, "root", "some", "where")
        write_site(below, site)
        sheet = Path(folder, "sheet.json")
        sheet.write_text(json.dumps({"searches": searches, "pages": pages}), encoding="utf-8")
        with _served(below.parents[1]) as host:
            command = ["node", str(_SCRIPT), str(packages), f"{host}/some/where/"]
            status, said = run_tool([*command, str(below), str(sheet)], seconds=300.0)
    lines = said.splitlines()
    wrong = [line for line in lines if not line.endswith(": ok")]
    if wrong or status != 0 or len(lines) < len(_SEARCHES) + 5:
        return failed("; ".join(wrong)[:2000] or f"it ended with {status}")
    return passed(f"{len(lines)} looks at {len(pages)} pages")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> int:
    """Print the verdict; 0 where nothing was found, or where the browser may be missing."""
    return exit_status([printed("chromium reads the site", browsed)])


if __name__ == "__main__":
    raise SystemExit(main())

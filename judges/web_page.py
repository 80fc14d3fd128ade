"""A real browser looks at the page of a mock, and tries each operation with Swagger UI."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gridwright_runtime.mock.serve import running
from gridwright_runtime.mock.web_page.pages import with_web_page
from judges.mocks import application_of
from judges.tools import FOREIGN, node_packages, run_tool
from judges.verdict import Judge, Mock, Verdict, failed, passed

__all__ = ["JUDGES"]

_SCRIPT = FOREIGN / "browse_web_page.cjs"


def _chromium(mock: Mock) -> Verdict:
    app = with_web_page(application_of(mock.system, mock.interface), schemas=mock.schemas)
    with TemporaryDirectory() as folder, running(app) as address:
        sheet = Path(folder, "sheet.json")
        sheet.write_text(json.dumps(_sheet(mock)), encoding="utf-8")
        command = ["node", str(_SCRIPT), str(node_packages()), address, str(sheet)]
        status, said = run_tool(command, seconds=300.0)
    lines = said.splitlines()
    wrong = [line for line in lines if not line.endswith(": ok")]
    if wrong or status != 0 or len(lines) < 4:
        return failed("; ".join(wrong)[:900] or f"it ended with {status}")
    return passed(f"{len(lines)} looks")


def _sheet(mock: Mock) -> dict[str, object]:
    interface = mock.interface
    samples = [value for _, value in interface["samples"]]
    operations = [one for one in interface["operations"] if not one.get("known_by_example")]
    openapi = mock.schemas / "openapi.json"
    document = json.loads(openapi.read_text("utf-8")) if openapi.is_file() else {"paths": {}}
    return {
        "title": interface["title_en"],
        "shows": [*samples, *(one["name"] for one in operations)],
        "documents": sorted(path.name for path in mock.schemas.iterdir()),
        "tries": [
            _tried(method, path, one.get("requestBody", {}).get("content", {}))
            for path, methods in document["paths"].items()
            for method, one in methods.items()
            if method in ("get", "post", "put", "patch", "delete")
        ],
    }


def _tried(method: str, path: str, content: dict[str, Any]) -> dict[str, object]:
    forms = [media["example"] for name, media in content.items() if "form" in name]
    form = {name: str(value) for example in forms for name, value in example.items()}
    has_text = "application/json" in content
    return {"method": method, "path": path, "has_text": has_text, "form": form}


JUDGES = (Judge("chromium", "the page of the mock, and trying", _chromium),)

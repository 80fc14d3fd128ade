"""newman runs the Postman collection of a system against its mock."""

import json
from urllib.parse import urlsplit

from judges.tools import HOME, ROOT, node_tool, run_tool
from judges.verdict import Judge, Mock, Verdict, failed, passed

__all__ = ["JUDGES"]


def _newman(mock: Mock) -> Verdict:
    path = ROOT / "generated" / "schemas" / mock.system / "postman_collection.json"
    variables = {v["key"]: v["value"] for v in json.loads(path.read_text("utf-8"))["variable"]}
    base = mock.url + urlsplit(variables["base_url"]).path
    report = HOME / f"newman-{mock.system}.json"
    command = [str(node_tool("newman")), "run", str(path), "--reporters", "json"]
    command += ["--reporter-json-export", str(report), "--color", "off"]
    command += ["--env-var", f"base_url={base}", "--env-var", f"login_url={mock.url}"]
    status, text = run_tool(command)
    if not report.is_file():
        return failed(text[-500:])
    run = json.loads(report.read_text("utf-8"))["run"]
    report.unlink()
    said = [f"{f['source']['name']}: {f['error']['message']}" for f in run["failures"]]
    if status or said:
        return failed("; ".join(said)[:500] or text[-500:])
    return passed(f"{run['stats']['items']['total']} requests")


JUDGES = (Judge("newman", "Postman collections, against the mock", _newman),)

"""SOAP clients and a SOAP server of others, by our WSDL."""

import contextlib
import io
import json
import re
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from judges.calls import judged_calls
from judges.snippets import snippet_of
from judges.tools import FOREIGN, HOME, node_packages, python_tool, run_tool
from judges.verdict import Judge, Mock, Verdict, failed, not_for, passed

__all__ = ["JUDGES"]

_DEMO_IP = "192.0.2.1"


def _zeep(mock: Mock) -> Verdict:
    if mock.interface["soap"] is None:
        return not_for("no SOAP")
    command = [str(python_tool("python")), str(FOREIGN / "call_zeep.py")]
    command += [str(_wsdl(mock)), str(_sheet(mock)), mock.url]
    return judged_calls(mock, run_tool(command)[1])


def _node_client(mock: Mock) -> Verdict:
    if mock.interface["soap"] is None:
        return not_for("no SOAP")
    command = ["node", str(FOREIGN / "soap_client.cjs"), str(node_packages())]
    command += [str(_wsdl(mock)), str(_sheet(mock)), mock.url]
    return judged_calls(mock, run_tool(command)[1])


def _node_server(mock: Mock) -> Verdict:
    """Let our client call a server that is not ours: the snippets of the reference pages."""
    if mock.interface["soap"] is None:
        return not_for("no SOAP")
    command = ["node", str(FOREIGN / "soap_server.cjs"), str(node_packages())]
    command += [str(_wsdl(mock)), str(_sheet(mock))]
    said = []
    with _serving(command) as (address, process):
        for operation in mock.interface["operations"]:
            code = snippet_of(mock.system, operation["name"])
            asked = code.replace('"http://127.0.0.1"', repr(address))
            asked = re.sub(r"\n +transport=transport,|, transport=transport", "", asked)
            shown = io.StringIO()
            with contextlib.redirect_stdout(shown):
                exec(compile(asked, operation["name"], "exec"), {})  # noqa: S102  # our own page
            if "demo" not in shown.getvalue():
                said.append(f"{operation['name']}: the reply was read as {shown.getvalue()[:200]}")
            said += _misread(process, operation)
    return failed("; ".join(said)[:900]) if said else passed("every operation")


@contextmanager
def _serving(command: list[str]) -> "Iterator[tuple[str, subprocess.Popen[str]]]":
    with subprocess.Popen(  # noqa: S603  # our own command
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address.startswith("http"):
                raise RuntimeError(f"the server of Node's soap did not start: {address}")
            yield address, process
        finally:
            process.terminate()


def _misread(process: "subprocess.Popen[str]", operation: dict[str, Any]) -> Iterator[str]:
    """Yield what the server did not read as it was meant."""
    lines = process.stdout
    line = lines.readline() if lines else ""
    if not re.match(r"# [1-9] parts", line):
        yield f"{operation['name']}: not multipart: {line}"
        return
    name, _, heard = (lines.readline() if lines else "").partition(" ")
    header = json.loads(heard or "{}").get("header") or {}
    block: dict[str, str] = next(iter(header.values()), {})
    if name != operation["name"] or block.get("serviceID") != operation["wire_name"]:
        yield f"{operation['name']}: the server read {name} {heard[:200]}"


def _wsdl(mock: Mock) -> Path:
    return mock.schemas / f"{mock.system}.wsdl"


def _sheet(mock: Mock) -> Path:
    """Write down what is to be called with what, for those who know no spec."""
    soap = mock.interface["soap"]
    calls = [_call(mock, operation) for operation in mock.interface["operations"]]
    sheet = {"namespace": soap["namespace"], "block": soap["header"]["wire"], "calls": calls}
    path = HOME / f"calls-{mock.system}.json"
    path.write_text(json.dumps(sheet), encoding="utf-8")
    return path


def _call(mock: Mock, operation: dict[str, Any]) -> dict[str, Any]:
    records = {record["name"]: record for record in mock.interface["records"]}
    samples = dict(mock.interface["samples"])
    body = {
        field["wire"]: sample
        for field in records[operation["body"]["record"]]["fields"]
        if (sample := _sample(samples, operation, field))
    }
    reply = {
        field["wire"]: "demo"
        for field in records[operation["reply"]["record"]]["fields"]
        if field["type"]["kind"] == "text"
    }
    fields = mock.interface["soap"]["fields"]
    return {
        "name": operation["name"],
        "service": operation["wire_name"],
        "path": operation["path"],
        "header": {field["field"]["wire"]: _filled(field, operation) for field in fields},
        "body": body,
        "attaches": operation["body"].get("attachments", False) and operation["kind"] == "write",
        "reply": reply,
    }


def _sample(
    samples: dict[str, str], operation: dict[str, Any], field: dict[str, Any]
) -> str | None:
    if field.get("credential"):
        return _demo(field["credential"])
    return samples.get(f"{operation['name']}.{field['name']}")


def _demo(credential: str) -> str:
    return f"demo-{credential}".replace("_", "-")


def _filled(field: dict[str, Any], operation: dict[str, Any]) -> str:
    match field["source"]:
        case "credential":
            return _demo(field["name"])
        case "uuid":
            return str(uuid.uuid4())
        case "serial":
            return str(time.time_ns())
        case "service":
            return str(operation["wire_name"])
        case "now":
            return "2024-10-01T12:00:00.000+0900"
        case _:
            return str(field.get("default") or _DEMO_IP)


JUDGES = (
    Judge("zeep", "a client by our WSDL, against the mock", _zeep),
    Judge("node-soap client", "multipart requests by our WSDL, against the mock", _node_client),
    Judge("node-soap server", "our client, against a server that is not ours", _node_server),
)

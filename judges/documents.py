"""Validators and linters of OpenAPI documents."""

import json
from pathlib import Path

from judges.tools import node_tool, python_tool, run_tool
from judges.verdict import Judge, Mock, Verdict, failed, not_for, passed

__all__ = ["JUDGES"]

_RULES = Path(__file__).resolve().parent


def _validated(mock: Mock) -> Verdict:
    path = mock.openapi
    if path is None:
        return not_for("SOAP")
    status, text = run_tool([str(python_tool("openapi-spec-validator")), str(path)])
    return passed() if status == 0 else failed(text[-500:])


def _redocly(mock: Mock) -> Verdict:
    path = mock.openapi
    if path is None:
        return not_for("SOAP")
    config = str(_RULES / "redocly.yaml")
    command = [str(node_tool("redocly")), "lint", "--format=json", f"--config={config}", str(path)]
    status, text = run_tool(command)
    if status not in (0, 1) or '"problems"' not in text:
        return failed(text[-500:])
    found = json.loads(text[text.index("{") : text.rindex("}") + 1])["problems"]
    said = [f"{problem['ruleId']}: {problem['message']}" for problem in found]
    return passed() if not said else failed("; ".join(sorted(set(said)))[:500])


def _spectral(mock: Mock) -> Verdict:
    path = mock.openapi
    if path is None:
        return not_for("SOAP")
    rules = str(_RULES / "spectral.yaml")
    command = [str(node_tool("spectral")), "lint", "-q", "-f", "json", "-r", rules, str(path)]
    _, text = run_tool(command)
    start, end = text.find("["), text.rfind("]")
    if start < 0:
        return failed(text[-500:])
    found = json.loads(text[start : end + 1])
    said = [f"{problem['code']}: {problem['message']}" for problem in found]
    return passed() if not said else failed("; ".join(sorted(set(said)))[:500])


JUDGES = (
    Judge("openapi-spec-validator", "OpenAPI 3.1 documents", _validated),
    Judge("redocly", "OpenAPI 3.1 documents", _redocly),
    Judge("spectral", "OpenAPI 3.1 documents", _spectral),
)

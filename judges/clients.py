"""Clients that others' generators make from our OpenAPI documents call every operation."""

import re
import shutil
from pathlib import Path

from judges.calls import judged_calls
from judges.tools import FOREIGN, HOME, find_program, python_tool, run_tool
from judges.verdict import Judge, Mock, Verdict, failed, not_for

__all__ = ["JUDGES"]


def _openapi_python_client(mock: Mock) -> Verdict:
    document = mock.openapi
    if document is None:
        return not_for("SOAP")
    folder = _fresh(mock, "openapi-python-client")
    command = [str(python_tool("openapi-python-client")), "generate", "--path", str(document)]
    command += ["--meta", "none", "--output-path", str(folder / "client")]
    status, text = run_tool(command)
    # It has no codec for XML and says so of each body that may be XML; it then sends JSON.
    rest = text.replace("Unsupported content type application/xml", "")
    if status or re.search("Unsupported|Unable|Cannot|ERROR", rest):
        return failed(f"not generated whole: {text[-500:]}")
    return _called(mock, "call_openapi_python_client.py", folder)


def _openapi_generator(mock: Mock) -> Verdict:
    document = mock.openapi
    if document is None:
        return not_for("SOAP")
    find_program("java", "default-jre-headless")
    folder = _fresh(mock, "openapi-generator")
    command = [str(python_tool("openapi-generator-cli")), "generate", "-g", "python"]
    command += ["-i", str(document), "-o", str(folder), "--package-name", "client"]
    status, text = run_tool(command)
    if status:
        return failed(f"not generated: {text[-500:]}")
    return _called(mock, "call_openapi_generator.py", folder)


def _fresh(mock: Mock, name: str) -> Path:
    folder = HOME / "work" / mock.system / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _called(mock: Mock, script: str, folder: Path) -> Verdict:
    """Let a script call every operation; it prints a line for each."""
    command = [str(python_tool("python")), str(FOREIGN / script)]
    _, text = run_tool([*command, str(folder), str(mock.openapi), mock.url])
    return judged_calls(mock, text)


JUDGES = (
    Judge("openapi-python-client", "a client of its own, against the mock", _openapi_python_client),
    Judge("openapi-generator", "a client of its own, against the mock", _openapi_generator),
)

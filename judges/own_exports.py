"""Prism serves our own exports, and our own clients call it: ``python -m judges.own_exports``.

Prism is a mock that nobody here wrote, made of ``openapi.json`` alone. Each operation of the five
systems and of ``examples/specs`` is called on it, with the arguments that it must have. What Prism
invents fits the schemas, and need not make sense: a reply that says of itself that the service
refuses is read as just that, and counts. Where several operations share an address, the export
has one reply for all, so that Prism may bring that of another. A login is no part of an export,
and is left to our mock.
"""

import importlib
import inspect
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import httpx2

from gridwright.ir import Interface, Operation
from gridwright.pipeline import generate
from gridwright_runtime.errors import ProviderError
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.transport import MockTransport
from judges.arguments import arguments_of
from judges.generated_package import write_package
from judges.outcome import not_run
from judges.prism import Answer, PrismTransport, prism
from judges.tools import ROOT, ToolMissing

__all__ = ["judged"]

_FOLDERS = (ROOT / "specs", ROOT / "examples" / "specs")
_PACKAGE = "judged_apis"


class SplitTransport(httpx2.BaseTransport):
    """Sends what an export describes to Prism, and logins to the mock."""

    def __init__(self, document: Any, prism: PrismTransport, mock: httpx2.BaseTransport) -> None:
        """Begin with the paths of the export."""
        self._root = root_of(document)
        self._paths = [
            re.compile(re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(path)))
            for path in document["paths"]
        ]
        self._prism = prism
        self._mock = mock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to whoever knows its path; Prism knows those below the server's."""
        path = request.url.path.removeprefix(self._root)
        if not any(known.fullmatch(path) for known in self._paths):
            return self._mock.handle_request(request)
        request.url = request.url.copy_with(path=path)
        return self._prism.handle_request(request)


def root_of(document: Any) -> str:
    """Return the path of the server of an export."""
    return httpx2.URL(document["servers"][0]["url"]).path.rstrip("/")


def judged(folder: Path, system: str, work: Path) -> tuple[int, list[str]]:
    """Return how many operations of a system were called, and what is wrong with which.

    Args:
        folder: of the specs.
        system: id of the system.
        work: an empty folder, on the path of imports.
    """
    result = generate(folder, system, package=_PACKAGE)
    exports = [a for a in result.artifacts if a.path.endswith(f"/{system}/openapi.json")]
    if result.interface is None:
        return 0, [f"{system}: {problem}" for problem in result.problems]
    if not exports:
        return 0, []  # SOAP has no OpenAPI document
    write_package(result.artifacts, work, _PACKAGE)
    package = importlib.import_module(f"{_PACKAGE}.{system}")
    export = next(work.glob(f"**/{system}/openapi.json"))
    document = json.loads(export.read_text("utf-8"))
    with prism(export) as address:
        return len(result.interface.operations), [
            f"{system}: {line}" for line in _called(package, result.interface, document, address)
        ]


def _called(
    package: ModuleType, interface: Interface, document: Any, address: str
) -> Iterator[str]:
    """Call each operation; yield what is wrong."""
    mock = importlib.import_module(f"{package.__name__}.mock")
    prism_transport = PrismTransport()
    transport = SplitTransport(document, prism_transport, MockTransport(mock.application()))
    accepted = inspect.signature(package.Client).parameters
    options: dict[str, Any] = {
        name: parameter.default
        for name, parameter in inspect.signature(mock.application).parameters.items()
        if isinstance(parameter.default, str)
    }
    options |= {
        "base_url": address + root_of(document),
        "transport": transport,
        "limit_store": MemoryLimitStore(),
    }
    options = {name: value for name, value in options.items() if name in accepted}
    known = Counter((operation.method, operation.path) for operation in interface.operations)
    with package.Client(**options) as client:
        for operation in interface.operations:
            if not operation.known_by_example:
                trouble = _asked(client, interface, operation, package, prism_transport)
                is_shared = known[operation.method, operation.path] > 1
                if trouble and not (is_shared and prism_transport.last.status == 200):
                    yield f"{operation.name}: {trouble}"


def _asked(
    client: Any,
    interface: Interface,
    operation: Operation,
    package: ModuleType,
    transport: PrismTransport,
) -> str:
    """Call an operation; where the first reply does not fit its own schema, have one invented."""
    trouble = ""
    for transport.is_invented in (False, True):
        transport.last = Answer()
        try:
            getattr(client, operation.name)(**arguments_of(interface, operation, package))
        except ProviderError as error:
            if transport.last.status == 200 and not transport.last.request:
                return ""
            trouble = f"{error} {transport.last}"
        except Exception as error:  # whatever it is, it is the finding
            trouble = f"{type(error).__name__}: {error} {transport.last}"
        else:
            return ""
    return trouble


def main() -> int:
    """Print the verdicts; 0 where nothing is wrong, or where Prism may be missing."""
    called, wrong = 0, []
    with TemporaryDirectory() as work:
        sys.path.insert(0, work)
        for folder in _FOLDERS:
            for spec in sorted(folder.glob("*/interface.yaml")):
                try:
                    number, found = judged(folder, spec.parent.name, Path(work))
                except ToolMissing as missing:
                    return not_run(f"Prism on our own exports: {missing}")
                called += number
                wrong += found
    if not called:
        wrong.append("no operation was called")
    for line in wrong:
        print(f"wrong: {line}")
    print(f"Prism on our own exports: {called - len(wrong)} of {called} operations")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

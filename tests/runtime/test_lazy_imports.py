"""Importing a client is cheap: what only some calls need is imported by them."""

import json
import subprocess
import sys

import pytest
from tests.systems import SYSTEMS

CALL = """
import json, sys
from gridwright_apis import kepco_opm
from gridwright_runtime.retry import RetryPolicy
import httpx2
def handler(request):
    return httpx2.Response(200, json={"custNoInfoList": []})
client = kepco_opm.Client(service_key="INVENTED", transport=httpx2.MockTransport(handler))
assert client.list_customers().records == []
"""


def imported_by(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module")
def client_side() -> set[str]:
    return imported_by(
        "import gridwright_runtime.client, gridwright_runtime.validation, gridwright_runtime.series"
    )


@pytest.mark.parametrize(
    "module", ["lxml", "zoneinfo", "asyncio", "anyio", "httpcore2", "starlette", "uvicorn"]
)
def test_the_client_side_does_not_import_what_it_may_not_need(
    module: str, client_side: set[str]
) -> None:
    assert module not in client_side


def test_the_client_side_knows_neither_generator_nor_generated_code_nor_mocks(
    client_side: set[str],
) -> None:
    assert not {"gridwright", "gridwright_apis", "gridwright_runtime.mock"} & client_side


def test_readers_of_replies_are_imported_by_the_first_reply(client_side: set[str]) -> None:
    assert "gridwright_runtime.decodings.reader" not in client_side
    assert "gridwright_runtime.requests.build" not in client_side


def test_reading_json_needs_no_xml() -> None:
    modules = imported_by(
        "import gridwright_runtime.decodings.reader, gridwright_runtime.codecs.json_codec"
    )
    assert "lxml" not in modules
    assert "httpx2" not in modules


def test_building_a_request_needs_neither_soap_nor_files_nor_zones() -> None:
    modules = imported_by("import gridwright_runtime.requests.build")
    wanted_by_few = {"lxml", "xsdata", "zoneinfo", "httpx2", "gridwright_runtime.encodings.soap"}
    assert not wanted_by_few & modules
    assert "gridwright_runtime.encodings.multipart_form" not in modules


@pytest.fixture(scope="module")
def after_a_call() -> set[str]:
    """What a whole call of a system without SOAP, login steps and limits has imported."""
    return imported_by(CALL)


@pytest.mark.parametrize(
    "module",
    [
        "lxml",
        "xsdata",
        "gridwright_runtime.access.step_access",
        "gridwright_runtime.access.files",
        "gridwright_runtime.decodings.xml.soap",
        "gridwright_runtime.encodings.soap",
        "gridwright_runtime.limits.files",
        "gridwright_runtime.limits.limiter",
        "gridwright_runtime.mock",
    ],
)
def test_a_system_without_soap_steps_and_limits_loads_none_of_them(
    module: str, after_a_call: set[str]
) -> None:
    assert module not in after_a_call


@pytest.mark.parametrize("system", SYSTEMS)
def test_importing_a_client_loads_neither_xml_nor_mocks(system: str) -> None:
    modules = imported_by(f"from gridwright_apis import {system}; {system}.Client")
    assert not {"lxml", "xsdata", "gridwright_runtime.mock", "starlette"} & modules

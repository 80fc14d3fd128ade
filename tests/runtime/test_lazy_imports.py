"""Importing a client is cheap: what only some calls need is imported by them."""

import subprocess
import sys

import pytest


def imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def client_side() -> set[str]:
    return imported_by(
        "import gridwright_runtime.driver, gridwright_runtime.look, gridwright_runtime.series"
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
    assert "gridwright_runtime.reading" not in client_side


def test_reading_json_needs_no_xml() -> None:
    modules = imported_by("import gridwright_runtime.reading, gridwright_runtime.json_codec")
    assert "lxml" not in modules
    assert "httpx2" not in modules


def test_building_a_request_needs_neither_soap_nor_files_nor_zones() -> None:
    modules = imported_by("import gridwright_runtime.build")
    wanted_by_few = {"lxml", "xsdata", "zoneinfo", "httpx2", "gridwright_runtime.encodings.soap"}
    assert not wanted_by_few & modules
    assert "gridwright_runtime.encodings.multipart_form" not in modules

"""A retailer's private amendments, from end to end, in a folder outside of the repository."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import httpx2
import pytest
from lxml import etree

import gridwright
import gridwright_runtime
from gridwright_runtime.errors import InvalidRequestError, UndocumentedNameError
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.transport import MockTransport

ROOT = Path(__file__).parents[2]
PATHS = [str(Path(module.__path__[0]).parent) for module in (gridwright, gridwright_runtime)]
PRIVATE = {
    name: (Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")
    for name in ("kansai_kakusyu", "kansai_takusou")
}


XS = "{http://www.w3.org/2001/XMLSchema}"


class Retailer(NamedTuple):
    """What a retailer has made: its folder, and its packages."""

    folder: Path
    kakusyu: Any
    takusou: Any

    def text(self, path: str) -> str:
        return (self.folder / "out" / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Retailer:
    folder = tmp_path_factory.mktemp("retailer")
    for system, text in PRIVATE.items():
        (folder / f"{system}.yaml").write_text(text, encoding="utf-8")
        run = generate(folder, system, "--amend", f"{system}.yaml", "--out", "out")
        assert run.returncode == 0, run.stdout + run.stderr
    kakusyu, takusou = (loaded(folder / "out", f"retailer_apis.{name}") for name in PRIVATE)
    return Retailer(folder, kakusyu, takusou)


def generate(folder: Path, system: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a retailer does, in a folder of its own."""
    command = [
        sys.executable,
        "-m",
        "gridwright",
        "generate",
        system,
        "--specs",
        str(ROOT / "specs"),
    ]
    return subprocess.run(
        [*command, *options, "--package", "retailer_apis"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(PATHS)},
        capture_output=True,
        text=True,
        check=False,
    )


def loaded(out: Path, name: str) -> ModuleType:
    from importlib import import_module

    sys.path.insert(0, str(out))
    try:
        module = import_module(name)
        for part in ("client", "mock", "models", "operations", "validators"):
            import_module(f"{name}.{part}")
        return module
    finally:
        sys.path.remove(str(out))


def kakusyu_client(retailer: Retailer, transport: httpx2.BaseTransport) -> Any:
    return retailer.kakusyu.Client(
        login_id="demo-login-id",
        password="demo-password",
        ip_address="192.0.2.1",
        transport=transport,
        limit_store=MemoryLimitStore(),
    )


def takusou_client(retailer: Retailer, transport: httpx2.BaseTransport) -> Any:
    return retailer.takusou.Client(transport=transport, limit_store=MemoryLimitStore())


def takusou_mock(retailer: Retailer) -> MockTransport:
    return MockTransport(retailer.takusou.mock.application())


def answering(reply: Mapping[str, object]) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))


def test_a_soap_call_goes_to_the_mock_under_the_true_names(retailer: Retailer) -> None:
    sent: list[bytes] = []
    mock = MockTransport(retailer.kakusyu.mock.application())

    class Listening(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            sent.append(request.read())
            assert request.url.host == "kakusyu.example.jp"
            return mock.handle_request(request)

    with kakusyu_client(retailer, Listening()) as client:
        result = client.get_application_status(application_number="M000000003")
    assert type(result.body).__name__ == "OutageStatus"
    assert result.body.selected_item_code == "03"
    assert result.deviations == ()
    assert b"<uketsukeNo>M000000003</uketsukeNo>" in sent[0].replace(b"ns0:", b"")
    assert b"urn:example:kakusyu" in sent[0] and b"requestHeader" in sent[0]
    assert b"PROVISIONAL_" not in sent[0] and b"PROVISIONAL_" not in result.raw.body


def test_xsd_and_wsdl_carry_the_true_names_sizes_and_host(retailer: Retailer) -> None:
    folder = "schemas/kansai_kakusyu/kansai_kakusyu"
    schema = etree.fromstring(retailer.text(f"{folder}.xsd").encode())
    assert schema.get("targetNamespace") == "urn:example:kakusyu"
    number = schema.find(f".//{XS}element[@name='uketsukeNo']")
    assert number is not None and number.get("minOccurs") is None
    assert [found.get("value") for found in number.iter(f"{XS}maxLength")] == ["10"]
    assert schema.find(f".//{XS}element[@name='restoredAt']") is not None
    assert "https://kakusyu.example.jp/services/" in retailer.text(f"{folder}.wsdl")
    assert "kepcoco.jp" not in retailer.text(f"{folder}.wsdl")


def test_a_soap_request_is_held_to_the_private_sizes(retailer: Retailer) -> None:
    with (
        kakusyu_client(retailer, MockTransport(retailer.kakusyu.mock.application())) as client,
        pytest.raises(InvalidRequestError) as caught,
    ):
        client.get_application_status(application_number="M" * 11)
    assert [problem.rule for problem in caught.value.problems] == ["too-long"]


def test_a_json_call_goes_to_the_mock_under_the_true_names(retailer: Retailer) -> None:
    lamp = retailer.takusou.models.Lamp(power_kw=1)
    with takusou_client(retailer, takusou_mock(retailer)) as client:
        result = client.apply_regular(customer_name="架空太郎", lamps=[lamp])
    reply = json.loads(result.raw.body)
    assert result.body.application_number == reply["mskmNo"] != ""


def test_the_item_groups_of_a_json_reply_are_classes(retailer: Retailer) -> None:
    models = retailer.takusou.models
    replies = {
        "CorrectionReceipt": {"mskmNo": "A1", "kind": "correction", "correctedNo": "A0"},
        "RegularApplicationReply": {"mskmNo": "A1", "kind": "new"},
    }
    for name, reply in replies.items():
        with takusou_client(retailer, answering(reply)) as client:
            body = client.apply_regular(customer_name="架空太郎").body
        assert type(body) is getattr(models, name)
        assert isinstance(body, models.RegularApplicationReply)


def test_a_json_request_is_held_to_the_private_rules(retailer: Retailer) -> None:
    with (
        takusou_client(retailer, takusou_mock(retailer)) as client,
        pytest.raises(InvalidRequestError) as caught,
    ):
        client.apply_regular(customer_name="x" * 21, application_number="A" * 12)
    assert sorted(p.path for p in caught.value.problems) == ["application_number", "customer_name"]
    schema = json.loads(retailer.text("schemas/kansai_takusou/apply_regular.request.schema.json"))
    assert schema["$defs"]["RegularApplication"]["additionalProperties"] is False
    assert "mskmNo" in schema["$defs"]["RegularApplication"]["properties"]


def test_what_stays_without_a_name_still_goes_nowhere_else(retailer: Retailer) -> None:
    with (
        takusou_client(retailer, takusou_mock(retailer)) as client,
        pytest.raises(UndocumentedNameError, match="申込番号"),
    ):
        client.apply_temporary(application_number="A1")


def test_a_private_amendment_corrects_what_an_erratum_guessed(retailer: Retailer) -> None:
    assert retailer.takusou.operations.APPLY_TEMPORARY.path == "/RinjMshkm"


def test_the_host_of_the_contract_is_the_default(retailer: Retailer) -> None:
    with takusou_client(retailer, takusou_mock(retailer)) as client:
        assert "https://takusou.example.jp/api" in repr(client)


@pytest.mark.parametrize("system", PRIVATE)
def test_the_pages_tell_the_private_amendments(retailer: Retailer, system: str) -> None:
    page = retailer.text(f"docs/{system}/amendments.md")
    assert "## Private amendments" in page
    assert "our-host" in page
    assert "example.jp" in retailer.text(f"docs/{system}/README.md")


def test_nothing_private_lands_in_a_committed_folder_unasked(retailer: Retailer) -> None:
    run = generate(retailer.folder, "kansai_takusou", "--amend", "kansai_takusou.yaml")
    assert run.returncode == 2
    assert "--amend needs --out" in run.stderr


def test_a_name_that_the_spec_does_not_have_is_reported(retailer: Retailer) -> None:
    wrong = PRIVATE["kansai_takusou"].replace(
        "records.RegularApplication.fields.申込番号:", "records.Regular.fields.x:"
    )
    (retailer.folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    run = generate(retailer.folder, "kansai_takusou", "--amend", "wrong.yaml", "--out", "never")
    assert run.returncode == 1
    assert "wrong.yaml:" in run.stdout and "amendment-path" in run.stdout
    assert not (retailer.folder / "never").exists()

"""The schemas take what mocks send, and refuse what is written otherwise, as the validators do."""

import importlib
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from tests.generated_packages import write_package

from gridwright_runtime.mock.transport import MockTransport

EXCHANGES = Path(__file__).parent.parent / "exchanges"
PACKAGE = "schemas_apis"
GOOD = {
    "signs_of_numbers": ("/volumes?least=1&f=", "list_volumes"),
    "lengths_of_time": ("/series/PT1H?f=", "list_series"),
    "times_and_zones": ("/stamps?at=2026-01-01T00:00Z&", "list_stamps"),
}
OTHERWISE = {
    "signs_of_numbers": {"german": "1,234.5", "polish": "1.5", "comma": "1.5", "swiss": "1,5"},
    "lengths_of_time": {"step": "15 min", "silence": "PT1H"},
    "times_and_zones": {
        "day": "2567/02/29", "berlin": "24.10.2026 00", "marked": "25.10.2026 02:30C",
        "there": "13:30 PM, 5 Oct 2026", "since": "now",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_schemas_agree_with_mocks(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = (EXCHANGES / f"{name}.yaml").read_bytes().partition(b"\n---\n")[0]
    write_package(spec, tmp_path, f"{PACKAGE}.{name}")
    monkeypatch.syspath_prepend(tmp_path)
    application = importlib.import_module(f"{PACKAGE}.{name}.mock").application()
    address, operation = GOOD[name]
    schema = tmp_path / "schemas" / name / f"{operation}.reply.schema.json"
    judge = Draft202012Validator(json.loads(schema.read_text("utf-8")))

    with httpx2.Client(transport=MockTransport(application), base_url="https://x") as client:
        reply: Any = client.get(f"https://api.example.com{address}j").json()
        assert list(judge.iter_errors(reply)) == []
        for wire, text in OTHERWISE[name].items():
            assert list(judge.iter_errors([{**reply[0], wire: text}])), wire
        xsd = schema.with_name(f"{operation}.reply.xsd")
        if not xsd.exists():
            return
        body = client.get(f"https://api.example.com{address}x").content
    grammar = etree.XMLSchema(etree.fromstring(xsd.read_bytes()))
    root = etree.fromstring(body)
    assert grammar.validate(root), grammar.error_log
    for wire, text in OTHERWISE[name].items():
        changed = etree.fromstring(body)
        next(changed.iter(wire)).text = text
        assert not grammar.validate(changed), wire

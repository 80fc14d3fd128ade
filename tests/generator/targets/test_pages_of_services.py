"""The reference pages of services tell what a caller must know."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from gridwright_apis.kansai_kakusyu import mock as kakusyu
from gridwright_apis.kansai_takusou import mock as takusou
from gridwright_apis.thai_moi_power import mock as thai
from gridwright_runtime.interface import Operation

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "generated" / "docs"
OPERATIONS: Mapping[str, tuple[Operation[Any], ...]] = {
    "kansai_kakusyu": tuple(kakusyu.OPERATIONS),
    "kansai_takusou": tuple(takusou.OPERATIONS),
    "thai_moi_power": tuple(thai.OPERATIONS),
}
every_operation = pytest.mark.parametrize(
    "operation", [o for found in OPERATIONS.values() for o in found], ids=lambda o: o.call
)
every_system = pytest.mark.parametrize("system", list(OPERATIONS))


def text_of(system: str, page: str) -> str:
    return (DOCS / system / f"{page}.md").read_text(encoding="utf-8")


@every_operation
def test_every_operation_has_a_page_with_a_call_of_it(operation: Operation[Any]) -> None:
    assert f"= client.{operation.name}(" in text_of(operation.system, operation.name)
    assert f"[`{operation.name}`]({operation.name}.md)" in text_of(operation.system, "README")


@every_operation
def test_every_field_is_on_the_page_of_its_operation(operation: Operation[Any]) -> None:
    page = text_of(operation.system, operation.name)
    for model in filter(None, (operation.request.model, operation.reply.model)):
        for field in msgspec.structs.fields(model):
            if not (model.__open__ and field.name == "items"):
                assert re.search(rf"^\| `{field.name}` \| `{field.encode_name}`", page, re.M)


@every_operation
def test_a_page_says_which_names_are_provisional(operation: Operation[Any]) -> None:
    page = text_of(operation.system, operation.name)
    is_provisional = bool(operation.request.provisional) or (
        operation.soap is not None and bool(operation.soap.provisional)
    )
    assert ("are provisional" in page) == is_provisional
    for item in operation.request.provisional:
        assert f"`{item.wire}` (provisional)" in page
        assert item.label in page


@every_system
def test_no_page_offers_an_address_that_nobody_confirmed(system: str) -> None:
    page = text_of(system, "README")
    assert "No client has an address by default" in page
    assert "Give `base_url`." in page


@every_system
def test_the_first_page_lists_limits_and_statuses_of_the_spec(system: str) -> None:
    spec = yaml.safe_load((ROOT / "specs" / system / "interface.yaml").read_text("utf-8"))
    page = text_of(system, "README").replace("\\", "")
    for name, limit in spec.get("limits", {}).items():
        assert re.search(rf"^\| {name} \| .*{re.escape(limit['en'])}", page, re.M)
    for code, status in spec.get("statuses", {}).items():
        assert re.search(rf"^\| {code} \| {status['label']} \|", page, re.M)


@every_system
def test_every_amendment_is_on_the_page_of_amendments_once(system: str) -> None:
    text = (ROOT / "specs" / system / "amendments.yaml").read_text(encoding="utf-8")
    ids = [amendment["id"] for amendment in yaml.safe_load(text)]
    assert sorted(re.findall("^### (.*)$", text_of(system, "amendments"), re.M)) == sorted(ids)


def test_the_login_page_tells_where_the_session_is_looked_for() -> None:
    page = text_of("thai_moi_power", "README")
    assert "`header Token`, `body Token`" in page
    assert "Never taken for it: `Authorized`." in page


@pytest.mark.parametrize("system", ["kansai_kakusyu", "kansai_takusou"])
def test_the_first_page_says_how_the_true_names_get_in(system: str) -> None:
    page = text_of(system, "README")
    assert f"gridwright generate {system} --amend FILE --out DIR --package NAME" in page

"""Success and failure are said in every format and every shape, where the document has it."""

from typing import Any

import httpx2
import pytest
from lxml import etree
from msgspec import field

from gridwright_runtime.errors import NoDataError, RejectedError
from gridwright_runtime.interface import ErrorMeaning, Verdict
from gridwright_runtime.mock.faults import security_error, system_error, system_failure
from gridwright_runtime.record import Record

from .support import UNHEARD, FixedWorld, Refusing, State, http, make, one, play

STATE = {"application_number": "A1", "stage": "done"}
VERDICT = Verdict(
    under=("meta",), code="code", message="text", kind="kind", success={"code": ("0",)}
)
NO = ("rule", "E7", "mock: no & never")
XML: Any = {"xml": ()}


class Value(Record, frozen=True, kw_only=True):
    value: str | None = field(name=".")


def get(world: FixedWorld, **more: Any) -> httpx2.Response:
    with http(make(UNHEARD, [one(**more)], world=world)) as client:
        return client.get("/one")


SHAPES: list[tuple[str, object, dict[str, Any]]] = [
    ("record", STATE, {}),
    ("list", [STATE], {}),
    ("value", "done", {"model": Value}),
]


@pytest.mark.parametrize(("shape", "payload", "more"), SHAPES)
def test_success_and_refusal_in_json(shape: str, payload: object, more: dict[str, Any]) -> None:
    how = {"shape": shape, "payload": ("data", "found"), "verdict": VERDICT, **more}
    good = get(FixedWorld(payload), **how).json()
    assert good["meta"]["code"] == "0"
    assert good["data"]["found"]
    bad = get(Refusing(*NO), **how).json()
    assert (bad["meta"]["code"], bad["meta"]["text"]) == ("E7", "mock: no & never")
    assert not bad.get("data", {}).get("found")


@pytest.mark.parametrize(("shape", "payload", "more"), SHAPES)
def test_success_and_refusal_in_xml(shape: str, payload: object, more: dict[str, Any]) -> None:
    how = {"shape": shape, "payload": ("data", "found"), "verdict": VERDICT, **more}
    good = etree.fromstring(get(FixedWorld(payload), formats=XML, **how).content)
    assert (good.tag, good.findtext("meta/code")) == ("root", "0")
    assert good.find("data/found") is not None
    bad = etree.fromstring(get(Refusing(*NO), formats=XML, **how).content)
    assert bad.findtext("meta/text") == "mock: no & never"
    assert not bad.findtext("data/found")


def test_a_list_at_the_root_is_a_list_and_its_refusal_an_object() -> None:
    verdict = Verdict(formats=(), code="code", message="text")
    how: dict[str, Any] = {"shape": "list", "verdict": verdict}
    assert (
        get(FixedWorld([STATE, STATE]), **how).json() == [{"uketsukeNo": "A1", "kotei": "done"}] * 2
    )
    assert get(Refusing(*NO), **how).json() == {"code": "E7", "text": "mock: no & never"}


def test_a_list_at_the_root_of_xml_stands_in_the_root() -> None:
    found = etree.fromstring(
        get(FixedWorld([STATE, STATE]), shape="list", formats=XML, item="state").content
    )
    assert [child.tag for child in found] == ["state", "state"]
    assert (
        etree.fromstring(get(FixedWorld([]), shape="list", formats=XML, item="state").content)
        is not None
    )


def test_items_without_an_element_of_their_own_repeat_that_of_the_list() -> None:
    how: dict[str, Any] = {"shape": "list", "formats": XML, "payload": ("row",)}
    found = etree.fromstring(get(FixedWorld([STATE, STATE]), **how).content)
    assert [child.tag for child in found] == ["row", "row"]
    assert len(etree.fromstring(get(FixedWorld([]), **how).content)) == 0


def test_a_value_may_be_the_whole_body() -> None:
    assert get(FixedWorld("done"), shape="value", model=Value).json() == "done"
    found = etree.fromstring(
        get(FixedWorld("done"), shape="value", model=Value, formats=XML).content
    )
    assert (found.tag, found.text) == ("root", "done")


def test_nothing_is_an_empty_reply() -> None:
    response = get(FixedWorld(), shape="none", model=None, formats={})
    assert (response.status_code, response.content) == (204, b"")


def test_nothing_beside_a_verdict_is_the_verdict() -> None:
    how: dict[str, Any] = {"shape": "none", "model": None, "verdict": VERDICT}
    assert get(FixedWorld(), **how).json()["meta"]["code"] == "0"
    assert get(Refusing(*NO), **how).json()["meta"]["code"] == "E7"


class Flagged(Record, frozen=True, kw_only=True):
    is_good: bool | None = field(name="success", default=None)
    code: int | None = field(name="code", default=None)
    message: str | None = field(name="message", default=None)


def test_fields_of_a_verdict_are_numbers_and_flags_where_the_record_has_such() -> None:
    verdict = Verdict(
        code="code", message="message", success={"success": ("true",), "code": ("0",)}
    )
    good = get(FixedWorld({}), model=Flagged, verdict=verdict).json()
    assert (good["success"], good["code"], good["message"]) == (True, 0, "OK")
    bad = get(Refusing(*NO), model=Flagged, verdict=verdict).json()
    assert (bad["success"], bad["code"]) == (False, "E7")


class Meta(Record, frozen=True, kw_only=True):
    code: str | None = field(name="code", default=None)
    page: str | None = field(name="page", default=None)


class WithMeta(Record, frozen=True, kw_only=True):
    meta: Meta | None = field(name="meta", default=None)


def test_a_verdict_inside_the_record_leaves_what_stands_beside_it() -> None:
    verdict = Verdict(under=("meta",), code="code", success={"code": ("0",)})
    good = get(FixedWorld({"meta": {"page": "7"}}), model=WithMeta, verdict=verdict).json()
    assert good == {"meta": {"page": "7", "code": "0"}}


def test_values_of_success_that_the_world_gives_are_kept() -> None:
    verdict = Verdict(code="code", success={"code": ("0", "1")})
    world = FixedWorld({"code": 1})
    assert get(world, model=Flagged, verdict=verdict).json()["code"] == 1


def test_success_stands_only_in_formats_that_have_it_and_failure_in_all() -> None:
    verdict = Verdict(under=("head",), formats=("xml",), code="code", success={"code": ("0",)})
    how: dict[str, Any] = {"shape": "list", "payload": ("rows",), "verdict": verdict}
    assert get(FixedWorld([]), **how).json() == {"rows": []}
    assert get(Refusing(*NO), **how).json() == {"head": {"code": "E7"}, "rows": []}


# Without a verdict.


def test_without_a_verdict_a_refusal_is_a_status() -> None:
    response = get(Refusing(*NO))
    assert (
        response.status_code,
        "E7: no &amp; never" in response.text or "E7" in response.text,
    ) == (
        400,
        True,
    )
    assert get(Refusing("gone", "E8", "mock: gone", 410)).status_code == 410


def test_that_nothing_was_found_is_the_status_that_the_document_has_for_it() -> None:
    statuses = {400: ErrorMeaning(RejectedError), 404: ErrorMeaning(NoDataError)}
    assert get(Refusing("no-data", "E9", "mock: none"), statuses=statuses).status_code == 404


def test_a_world_may_say_no_in_the_fields_of_its_reply() -> None:
    class InWords(Refusing):
        def refused(self, operation: str, refusal: Any) -> dict[str, object]:
            return {"stage": refusal.text}

    response = get(InWords(*NO))
    assert (response.status_code, response.json()) == (200, {"kotei": "mock: no & never"})


def test_faults_on_demand_take_the_form_of_the_operation() -> None:
    for fault, with_verdict, without in (
        (system_error(), 200, 500),
        (security_error(), 200, 403),
        (system_failure(), 500, 500),
    ):
        for verdict, status in ((VERDICT, with_verdict), (None, without)):
            app = make(UNHEARD, [one(verdict=verdict)], world=FixedWorld(STATE))
            play(app, fault)
            with http(app) as client:
                assert client.get("/one").status_code == status


def test_a_record_takes_the_form_that_its_codes_decide() -> None:
    from gridwright_runtime.interface import ReplySpec, Variant

    from .support import VisitState, anything

    reply = ReplySpec(
        model=State,
        shape="record",
        formats={"json": ()},
        check=anything,
        variants=(Variant(when={"kotei": ("VISIT",)}, model=VisitState),),
    )
    visit = {"stage": "VISIT", "visit_date": "20241001"}
    assert "houmonBi" in get(FixedWorld(visit), reply=reply).json()
    assert "houmonBi" not in get(FixedWorld({**visit, "stage": "no"}), reply=reply).json()

"""Faults are played on demand, once each, on the right operation."""

from xml.etree import ElementTree

import httpx2
import pytest
from starlette.applications import Starlette

from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport

from .support import SetClock, http, mock_of, play, tiny_application
from .tiny_api import FIND


def find(app: Starlette, form: str = "json") -> httpx2.Response:
    with http(app) as client:
        return client.get("/tiny/find", params={**FIND, "type": {"json": "1", "xml": "2"}[form]})


def with_fault(fault: Fault, form: str = "json") -> httpx2.Response:
    app = tiny_application()
    play(app, "find_things", fault)
    return find(app, form)


def test_a_fault_is_played_as_often_as_said_and_then_no_more() -> None:
    app = tiny_application()
    play(app, "find_things", Fault.status(503), times=2)
    assert [find(app).status_code for _ in range(3)] == [503, 503, 200]


def test_faults_are_played_in_the_order_in_which_they_were_added() -> None:
    app = tiny_application()
    play(app, None, Fault.status(502))
    play(app, "find_things", Fault.status(503))
    assert [find(app).status_code for _ in range(3)] == [502, 503, 200]


def test_a_fault_of_one_operation_leaves_others_alone() -> None:
    app = tiny_application()
    play(app, "save_thing", Fault.status(503))
    assert find(app).status_code == 200
    assert [operation for operation, _ in mock_of(app).faults.pending] == ["save_thing"]


def test_faults_can_be_cleared() -> None:
    app = tiny_application()
    play(app, None, Fault.status(503), times=5)
    mock_of(app).faults.clear()
    assert find(app).status_code == 200


def test_a_fault_of_an_operation_that_is_not_there_is_an_error_with_a_hint() -> None:
    with pytest.raises(ValueError, match="did you mean 'find_things'"):
        play(tiny_application(), "find_thing", Fault.html())
    with pytest.raises(ValueError, match=r"'x'$"):
        play(tiny_application(), "x", Fault.html())


def test_a_fault_is_played_at_least_once() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        play(tiny_application(), None, Fault.html(), times=0)


def test_a_fault_leaves_no_trace_in_the_replies_after_it() -> None:
    app = tiny_application()
    before = find(app).content
    play(app, None, Fault.extra_fields())
    assert find(app).content != before
    assert find(app).content == before


def test_html_comes_with_a_status_of_success() -> None:
    response = with_fault(Fault.html("점검 중"))
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html;charset=UTF-8"
    assert "점검 중" in response.text


@pytest.mark.parametrize(
    ("fault", "header"),
    [
        (Fault.too_many(), "1"),
        (Fault.too_many(30), "30"),
        (Fault.too_many("Sat, 05 Oct 2024 03:07:30 GMT"), "Sat, 05 Oct 2024 03:07:30 GMT"),
        (Fault.too_many(None), None),
    ],
)
def test_too_many_requests_say_when_to_come_back(fault: Fault, header: str | None) -> None:
    response = with_fault(fault)
    assert response.status_code == 429
    assert response.headers.get("retry-after") == header


def test_a_slow_reply_takes_the_time_of_the_clock_and_is_whole() -> None:
    clock = SetClock()
    app = tiny_application(clock=clock)
    play(app, None, Fault.slow(2.5))
    assert len(find(app).json()["thingList"]) == 1
    assert clock.waits == [2.5]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_truncated_body_is_half_of_it_and_says_it_is_all(form: str) -> None:
    whole = find(tiny_application(), form).content
    response = with_fault(Fault.truncated(), form)
    assert response.content == whole[: len(whole) // 2]
    assert response.headers["content-length"] == str(len(whole) // 2)


def test_a_cut_off_reply_breaks_the_connection() -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        with_fault(Fault.cut_off())


@pytest.mark.parametrize("form", ["json", "xml"])
def test_extra_fields_are_in_every_record(form: str) -> None:
    assert "mock_extra" in with_fault(Fault.extra_fields(), form).text
    assert "lv_hv_val" in with_fault(Fault.extra_fields({"lv_hv_val": "2"}), form).text


def test_a_renamed_field_keeps_its_value_and_place() -> None:
    (record,) = with_fault(Fault.renamed_field("wgt", "weight")).json()["thingList"]
    assert list(record)[:3] == ["thingNo", "weight", "cnt"]
    assert record["weight"] == 85


def test_an_unknown_code_keeps_the_form_of_the_service() -> None:
    assert with_fault(Fault.refused("E999", "왜")).json() == {
        "thingList": [{"msg": "왜"}, {"code": "E999"}]
    }
    root = ElementTree.fromstring(with_fault(Fault.refused("E999", "왜"), "xml").content)
    assert (root.findtext("head/code"), root.findtext("head/msg")) == ("E999", "왜")


def test_a_duplicated_refusal_has_every_element_twice() -> None:
    assert with_fault(Fault.duplicated_refusal("E9", "x")).json() == {
        "thingList": [{"msg": "x"}, {"code": "E9"}, {"msg": "x"}, {"code": "E9"}]
    }


def test_nul_is_in_names_but_not_in_codes_and_dates() -> None:
    app = tiny_application()
    world = mock_of(app).world
    world.answer = [{"thing_number": "부품이름", "kind": "Y"}]  # type: ignore[attr-defined]
    play(app, None, Fault.nul_in_text())
    assert find(app).json()["thingList"][0]["thingNo"] == "부품이름\0"
    play(app, None, Fault.nul_in_text())
    assert b"\0" not in find(app, "xml").content


def test_the_printed_declaration_stands_before_an_unchanged_reply() -> None:
    whole = find(tiny_application(), "xml").content
    printed = with_fault(Fault.printed_declaration(), "xml").content
    assert printed.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="true">\n<Things>')
    assert printed.split(b"\n")[1:] == whole.split(b"\n")[1:]
    tight = with_fault(Fault.printed_declaration(with_spaces=False), "xml").content
    assert tight.startswith(b'<?xml version="1.0"encoding="UTF-8"standalone="true">')


def test_a_fault_is_played_on_bad_requests_too() -> None:
    app = tiny_application()
    play(app, None, Fault.status(503))
    with httpx2.Client(transport=MockTransport(app), base_url="http://mock.invalid") as client:
        assert client.get("/tiny/find").status_code == 503

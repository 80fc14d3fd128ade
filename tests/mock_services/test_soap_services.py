"""SOAP 1.1 in and out: what is accepted, what gets a fault, what gets a status."""

import pytest
from lxml import etree

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.services import soap_fault, system_failure
from gridwright_runtime.service.multipart import read_related
from gridwright_runtime.service.write_multipart import RelatedPart

from .support import (
    CLOSED,
    SOAP,
    broken,
    call,
    clock_of,
    envelope,
    header,
    http,
    kakusyu,
    mock_of,
    play,
    reply_of,
)
from .systems import NAMESPACE

PHOTO = RelatedPart(
    content=b"\x89PNG\r\n--invented", content_type="image/png", content_id="p1", filename="写真.png"
)


def test_an_application_gets_a_number_and_is_listed_and_found() -> None:
    app = kakusyu()
    response = call(app, "Heisha", {"senNo": "05", "chitenNo": "06" + "0" * 20})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/xml; charset=UTF-8"
    received = reply_of(response)
    assert received["status"] == ["mock-0000"]
    [number] = received["uketsukeNo"]
    assert number in reply_of(call(app, "Ichiran"))["uketsukeNo"]
    found = reply_of(call(app, "Jokyo", {"uketsukeNo": number}))
    assert (found["status"], found["senNo"]) == (["mock-0000"], ["05"])


def test_the_reply_is_one_element_of_the_namespace() -> None:
    root = etree.fromstring(call(kakusyu(), "Ichiran").content)
    (body,) = root
    (reply,) = body
    assert reply.tag == f"{{{NAMESPACE}}}IchiranReply"
    assert {child.tag.rpartition("}")[0] for child in reply.iter()} == {f"{{{NAMESPACE}"}


def test_a_list_takes_conditions() -> None:
    app = kakusyu()
    [number] = reply_of(call(app, "Heisha", {"senNo": "zz"}))["uketsukeNo"]
    assert reply_of(call(app, "Ichiran", {"senNo": "zz"}))["uketsukeNo"] == [number]
    assert "uketsukeNo" not in reply_of(call(app, "Ichiran", {"senNo": "no such"}))


def test_codes_decide_the_variant_of_a_reply() -> None:
    app = kakusyu()
    day = {"houmonBi": "20991231"}
    [plain] = reply_of(call(app, "Heisha", {"senNo": "05", **day}))["uketsukeNo"]
    [visit] = reply_of(call(app, "Heisha", {"senNo": "77", **day}))["uketsukeNo"]
    assert "houmonBi" not in reply_of(call(app, "Jokyo", {"uketsukeNo": plain}))
    assert reply_of(call(app, "Jokyo", {"uketsukeNo": visit}))["houmonBi"] == ["20991231"]


def test_what_the_world_refuses_stands_in_the_reply() -> None:
    app = kakusyu()
    response = call(app, "Jokyo", {"uketsukeNo": "M999999999"})
    assert response.status_code == 200
    assert reply_of(response)["status"] == ["mock-3001"]
    short = reply_of(call(app, "Heisha", {"chitenNo": "0612"}))
    past = reply_of(call(app, "Heisha", {"houmonBi": "2024/10/04"}))
    assert (short["status"], past["status"]) == (["mock-3002"], ["mock-3003"])
    assert [entry.outcome for entry in mock_of(app).journal][-1] == "past"


def test_parts_come_back_with_the_state() -> None:
    app = kakusyu()
    [number] = reply_of(call(app, "Heisha", {}, parts=[PHOTO]))["uketsukeNo"]
    response = call(app, "Jokyo", {"uketsukeNo": number})
    related = read_related(response.headers["content-type"], response.content)
    assert related.root.head.content_type == "text/xml"
    (part,) = related.others
    assert part.content == PHOTO.content
    assert (part.head.content_type, part.head.filename) == ("image/png", "写真.png")


def test_a_part_where_none_is_allowed_is_a_400() -> None:
    response = call(kakusyu(), "Ichiran", parts=[PHOTO])
    assert (response.status_code, "mock-2005" in response.text) == (400, True)


def test_an_item_that_the_interface_does_not_have_is_a_400() -> None:
    response = call(kakusyu(), "Ichiran", {"other": "1"})
    assert (response.status_code, "mock-2005" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"loginID": None}, 403, "mock-1001"),
        ({"password": ""}, 403, "mock-1001"),
        ({"loginID": "somebody-else"}, 403, "mock-1002"),
        ({"password": "a-wrong-one"}, 403, "mock-1002"),
        ({"serviceID": "Jokyo"}, 400, "mock-1005"),
        ({"requestID": None}, 400, "mock-2001"),
        ({"timeStamp": " "}, 400, "mock-2001"),
    ],
)
def test_a_header_that_is_not_good_is_refused(
    changed: dict[str, str | None], status: int, code: str
) -> None:
    app = kakusyu()
    response = call(app, "Ichiran", head=header("Ichiran", **changed))
    assert (response.status_code, code in response.text) == (status, True)
    assert "a-wrong-one" not in response.text
    assert "a-wrong-one" not in repr(list(mock_of(app).journal))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            envelope("Ichiran", {}, soap="http://www.w3.org/2003/05/soap-envelope"),
            "VersionMismatch",
        ),
        (envelope("Ichiran", {}, namespace="urn:another"), "Client"),
        (envelope("Ichiran", {}, element="JokyoRequest"), "Client"),
        (
            f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>'.encode(),
            "Client",
        ),
        (
            f'<s:Envelope xmlns:s="{SOAP}" xmlns:k="{NAMESPACE}"><s:Body><k:IchiranRequest/>'
            f"</s:Body></s:Envelope>".encode(),
            "Client",
        ),
    ],
)
def test_an_envelope_that_is_another_gets_a_fault(body: bytes, code: str) -> None:
    response = call(kakusyu(), "Ichiran", body=body)
    assert response.status_code == 500
    found = reply_of(response)
    assert found["faultcode"] == [f"soap:{code}"]
    assert found["faultstring"][0].startswith("mock: ")


@pytest.mark.parametrize(
    "body", [b"", b"<", b"<html/>", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>']
)
def test_a_body_that_is_no_envelope_is_a_400(body: bytes) -> None:
    app = kakusyu()
    with http(app) as client:
        for kind in ("text/xml; charset=UTF-8", 'multipart/related; boundary="edge"'):
            response = client.post("/Ichiran", content=body, headers={"content-type": kind})
            assert response.status_code == 400
        other = client.post("/Ichiran", content=body, headers={"content-type": "application/json"})
    assert other.status_code == 415


def test_an_envelope_alone_is_taken_too() -> None:
    with http(kakusyu()) as client:
        body = envelope("Ichiran", {}, head=header("Ichiran"))
        response = client.post("/Ichiran", content=body, headers={"content-type": "text/xml"})
    assert response.status_code == 200


def test_faults_on_demand() -> None:
    app = kakusyu()
    play(app, soap_fault("Server", "mock: <down> & out"))
    response = call(app, "Ichiran")
    assert (response.status_code, reply_of(response)["faultstring"]) == (
        500,
        ["mock: <down> & out"],
    )
    play(app, system_failure())
    assert call(app, "Ichiran").status_code == 500


def test_the_rate_is_measured_and_refused_by_a_fault_on_request() -> None:
    app = kakusyu(when_broken="fault")
    assert call(app, "Ichiran").status_code == 200
    clock_of(app).advance(0.5)
    response = call(app, "Jokyo")
    assert reply_of(response)["faultstring"] == ["mock: one_a_second: 0.5 s too early"]
    assert broken(app) == [("one_a_second", "0.5 s too early")]


def test_closed_hours_are_a_503() -> None:
    assert call(kakusyu(now=CLOSED), "Ichiran").status_code == 503


def test_the_journal_masks_what_is_personal() -> None:
    app = kakusyu()
    call(app, "Heisha", {"senNo": "05", "chitenNo": "06" + "0" * 20})
    (entry,) = mock_of(app).journal
    assert entry.parameters == {"senNo": "05", "chitenNo": "***"}
    assert (entry.format, entry.outcome) == ("xml", "answered")


def test_a_mock_needs_the_credentials_of_the_header() -> None:
    with pytest.raises(ConfigurationError, match="needs a value of password"):
        kakusyu(credentials={"login_id": "demo-login"})


def test_a_mock_shows_no_credential() -> None:
    assert "demo-password" not in repr(mock_of(kakusyu()))

"""Applications of an invented Kansai, over SOAP: registered, listed, found, with their parts."""

from typing import Any

import pytest
from starlette.applications import Starlette

from gridwright_apis.kansai_kakusyu import mock as kakusyu_mock
from gridwright_runtime.errors import ClosedHoursError, ConfigurationError, NotSubscribedError
from gridwright_runtime.multipart.attachment import Attachment

from .support import CLOSED, kakusyu, kakusyu_client, mock_of

POINT = "06" + "0" * 20
PHOTO = Attachment(content=b"\x89PNG\r\n--invented", content_type="image/png", filename="写真.png")


def calling(app: Starlette, **options: Any) -> Any:
    """Return a client whose replies have a body, as this world's have."""
    return kakusyu_client(app, **options)


def test_an_application_gets_a_number_and_is_listed_and_found() -> None:
    with calling(kakusyu()) as client:
        received = client.apply_company_equipment(
            selected_item_code="05", supply_point_number=POINT
        ).body
        assert received.request_status == "mock-0000"
        number = received.application_number
        listed = client.list_applications().body.applications or []
        assert number in [one.application_number for one in listed]
        found = client.get_application_status(application_number=number).body
        assert (found.request_status, found.selected_item_code) == ("mock-0000", "05")


def test_a_list_takes_conditions() -> None:
    with calling(kakusyu()) as client:
        number = client.apply_company_equipment(selected_item_code="zz").body.application_number
        found = client.list_applications(selected_item="zz").body.applications or []
        assert [one.application_number for one in found] == [number]
        assert not client.list_applications(selected_item="no such").body.applications


def test_what_the_world_refuses_stands_in_the_reply() -> None:
    app = kakusyu()
    with calling(app) as client:
        unknown = client.get_application_status(application_number="M999999999").body
        short = client.apply_company_equipment(supply_point_number="0612").body
        past = client.apply_company_equipment(desired_visit_date="2024/10/04").body
    assert unknown.request_status == "mock-3001"
    assert (short.request_status, past.request_status) == ("mock-3002", "mock-3003")
    assert [entry.outcome for entry in mock_of(app).journal][-1] == "past"


def test_parts_come_back_with_the_state() -> None:
    with calling(kakusyu()) as client:
        number = client.apply_company_equipment(attachments=[PHOTO]).body.application_number
        (part,) = client.get_application_status(application_number=number).attachments
    assert (part.content, part.content_type, part.filename) == (
        PHOTO.content,
        "image/png",
        "写真.png",
    )


def test_a_login_that_is_not_known_is_a_403() -> None:
    app = kakusyu()
    with (
        calling(app, password="a-wrong-one") as client,
        pytest.raises(NotSubscribedError) as caught,
    ):
        client.list_applications()
    assert caught.value.http_status == 403
    assert "a-wrong-one" not in repr(list(mock_of(app).journal))


def test_closed_hours_are_a_503() -> None:
    with (
        calling(kakusyu(now=CLOSED), wait_for_turn=False) as client,
        pytest.raises(ClosedHoursError),
    ):
        client.list_applications()


def test_the_journal_masks_what_is_personal() -> None:
    app = kakusyu()
    with calling(app) as client:
        client.apply_company_equipment(selected_item_code="05", supply_point_number=POINT)
    (entry,) = mock_of(app).journal
    assert POINT not in repr(entry)
    assert (entry.format, entry.outcome) == ("xml", "answered")


def test_a_mock_needs_the_credentials_of_the_header_and_shows_none() -> None:
    with pytest.raises(ConfigurationError, match="needs a value of password"):
        kakusyu_mock.application(password="")
    assert "demo-password" not in repr(mock_of(kakusyu()))

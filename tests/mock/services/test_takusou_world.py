"""Applications, files, progress and notices of an invented Kansai are remembered."""

import pytest

from .support import NUMBER, clock_of, post, takusou


def test_a_number_in_an_application_corrects_an_earlier_one() -> None:
    app = takusou()
    number = post(app, "/JojMshkm", {"a": 1}).json()[NUMBER]
    again = post(app, "/JojMshkm", {NUMBER: number, "a": 2})
    assert again.json()[NUMBER] == number
    assert post(app, "/JojMshkm", {}).json()[NUMBER] != number


@pytest.mark.parametrize(
    ("path", "number", "code"),
    [
        ("/JojMshkm", "A0000000003", "mock-3003"),
        ("/ShdnKoteiJohShtk", "A0000000001", "mock-3003"),
        ("/KoteiJohShtk", "A0000000003", "mock-3003"),
        ("/ShnkoTdk", "", "mock-3001"),
        ("/MshkmTrkesh", "A7", "mock-3001"),
    ],
)
def test_services_are_for_their_own_kind_of_applications(path: str, number: str, code: str) -> None:
    response = post(takusou(), path, {NUMBER: number})
    assert (response.status_code, code in response.text) == (400, True)


def test_an_application_moves_through_its_stages() -> None:
    app = takusou()
    number = post(app, "/JojMshkm", {}).json()[NUMBER]

    def stage() -> object:
        return post(app, "/KoteiJohShtk", {NUMBER: number}).json()["MOCK_stage"]

    assert stage() == "受付"
    clock_of(app).advance(3600)
    assert stage() == "設計"
    clock_of(app).advance(24 * 3600)
    assert stage() == "工事中"
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 200
    assert stage() == "完了"
    assert "mock-3005" in post(app, "/JojMshkm", {NUMBER: number}).text


def test_a_cancelled_application_is_told_of_and_taken_no_further() -> None:
    app = takusou()
    assert post(app, "/MshkmTrkesh", {NUMBER: "A0000000001"}).status_code == 200
    assert post(app, "/KoteiJohShtk", {NUMBER: "A0000000001"}).json()["MOCK_stage"] == "取消"
    for path in ("/MshkmTrkesh", "/ShnkoTdk", "/JojMshkm"):
        assert "mock-3002" in post(app, path, {NUMBER: "A0000000001"}).text


def test_notices_are_listed_registered_and_marked_as_read() -> None:
    app = takusou()
    assert len(post(app, "/OshrsJohShtk", {}).json()["MOCK_notices"]) == 3
    number = post(app, "/OshrsJohTrk", {"text": "現地確認"}).json()["MOCK_notice_number"]
    *_, last = post(app, "/OshrsJohShtk", {}).json()["MOCK_notices"]
    assert (last["text"], last["MOCK_is_read"]) == ("現地確認", False)
    told = post(app, "/OshrsJohKdkTschi", {"whatever": {"its": ["name", number]}}).json()
    assert (told["MOCK_notice_number"], told["MOCK_is_read"]) == (number, True)
    assert "mock-3004" in post(app, "/OshrsJohKdkTschi", {"number": "N7"}).text


def test_an_application_brings_a_notice() -> None:
    app = takusou()
    number = post(app, "/JojMshkm", {}).json()[NUMBER]
    *_, last = post(app, "/OshrsJohShtk", {}).json()["MOCK_notices"]
    assert last["MOCK_application"] == number

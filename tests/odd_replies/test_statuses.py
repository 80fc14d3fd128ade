"""Statuses of success that are none of the whole."""

from types import ModuleType

import httpx2
import pytest

from gridwright_runtime.errors import DeviationError, GridwrightError

BODY = {"readings": [{"id": "R1"}], "meta": {"more": False}}


@pytest.mark.parametrize("status", [200, 201, 203, 206])
def test_a_part_that_nobody_asked_for_is_told(package: ModuleType, status: int) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, json=BODY))
    with package.Client(transport=transport) as client:
        found = client.list_pages()
        assert [record.reading_id for record in found.records] == ["R1"]
        rules = ["partial-content"] if status == 206 else []
        assert [one.rule for one in found.deviations] == rules
        if status == 206:
            with pytest.raises(DeviationError, match="a part of the whole"):
                client.list_pages(strict=True)


def test_a_part_that_the_document_names_is_none_too_many(package: ModuleType) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(206, json=BODY))
    with package.Client(transport=transport) as client:
        assert client.list_ranges().deviations == ()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("https://login.example.com/sso?ticket=INVENTED-TICKET", "login.example.com"),
        ("https://user:INVENTED-TICKET@login.example.com:8443/", "login.example.com"),
        ("/login?next=INVENTED-TICKET", "another address of the service"),
    ],
)
@pytest.mark.parametrize("page", ["", "<!DOCTYPE html><html><body>Login</body></html>"])
def test_a_redirect_says_where_it_leads_and_no_more(
    package: ModuleType, place: str, said: str, page: str
) -> None:
    headers = {"Location": place}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(302, text=page, headers=headers))
    with (
        package.Client(transport=transport) as client,
        pytest.raises(GridwrightError, match=f"leads to {said} and is not followed") as caught,
    ):
        client.list_pages()
    assert "INVENTED-TICKET" not in f"{caught.value!r} {caught.value}"

"""Clients, mocks and the check of specs take the same places of a login's results."""

import pytest
from msgspec.structs import replace

from gridwright.checks import logins
from gridwright_runtime.access.step_reply import parts_in
from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import Step
from gridwright_runtime.message import RawReply
from gridwright_runtime.mock.logins.places import check_place, write_login

from .support import SESSION

PLACES = ["body", "body token", "body data.token", "header X-Token", "cookie SID"]
WRONG = ["query token", "header", "cookie", "trailer X-Token"]
ADDRESS = "https://service.example/login"


def reply_of(place: str) -> RawReply:
    written = write_login({place: "token-of-the-mock"}, "ok")
    headers = (("content-type", written.media_type), *written.headers.items())
    return RawReply(status_code=200, headers=headers, body=written.body)


def step_of(place: str) -> Step:
    return replace(SESSION, read={"": (place,)})


@pytest.mark.parametrize("place", PLACES)
def test_a_client_reads_the_result_where_the_mock_writes_it(place: str) -> None:
    assert logins._READ.fullmatch(place)
    assert check_place(place) == place
    assert parts_in(reply_of(place), step_of(place), ADDRESS) == {"": "token-of-the-mock"}


@pytest.mark.parametrize("place", WRONG)
def test_what_is_no_place_is_refused_by_specs_and_mocks(place: str) -> None:
    assert logins._READ.fullmatch(place) is None
    with pytest.raises(ConfigurationError, match="no place"):
        check_place(place)


@pytest.mark.parametrize("place", ["query token", "trailer X-Token", "text"])
def test_a_client_never_takes_another_kind_of_place_for_the_body(place: str) -> None:
    with pytest.raises(ValueError, match="no place of a reply"):
        parts_in(reply_of("body"), step_of(place), ADDRESS)

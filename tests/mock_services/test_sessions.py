"""Logins and sessions: where the session comes back, how long it lives, what is refused."""

import msgspec
import pytest

from gridwright_runtime.errors import ConfigurationError

from . import systems
from .support import (
    ACCOUNT,
    broken,
    clock_of,
    http,
    log_in,
    mock_of,
    sessions_of,
    thai,
    usage,
)

CITIZEN = "9000000000012"


def test_a_login_gives_a_session_that_opens_the_service() -> None:
    app = thai()
    response = log_in(app)
    assert (response.status_code, response.json()) == (200, "Authorized")
    assert usage(app, CITIZEN, response.headers["Token"]).status_code == 200
    assert sessions_of(app).logins == 1


@pytest.mark.parametrize(
    "place", ["header Token", "header X-Session", "body", "text", "body data.Token", "nowhere"]
)
def test_the_session_stands_where_the_mock_was_told(place: str) -> None:
    app = thai(session_place=place)
    response = log_in(app)
    kind, _, key = place.partition(" ")
    if kind == "header":
        token = response.headers[key]
    elif place == "body data.Token":
        token = response.json()["data"]["Token"]
    else:
        token = response.text if place == "text" else response.json()
    assert usage(app, CITIZEN, token).status_code == (401 if place == "nowhere" else 200)
    assert (token == "Authorized") == (place == "nowhere")


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no place for a session"):
        thai(session_place="cookie Token")


@pytest.mark.parametrize("name", ["client_id", "client_secret", "agent_id"])
def test_a_login_with_something_wrong_is_refused(name: str) -> None:
    app = thai()
    response = log_in(app, **{name: "another"})
    assert response.status_code == 401
    assert "another" not in response.text
    assert "Token" not in response.headers
    assert (sessions_of(app).logins, sessions_of(app).refused_logins) == (0, 1)


def test_a_login_that_is_no_json_is_refused() -> None:
    with http(thai()) as client:
        path = f"/api/v1/Authenticate/{ACCOUNT['agent_id']}"
        assert client.post(path, content=b"{").status_code == 401
        assert client.post(path, content=b"[1]").status_code == 401


@pytest.mark.parametrize(("token", "code"), [("", "mock-1001"), ("made-up", "mock-1002")])
def test_a_call_without_a_good_session_is_refused(token: str, code: str) -> None:
    app = thai()
    response = usage(app, CITIZEN, token)
    assert (response.status_code, code in response.text) == (401, True)
    assert sessions_of(app).refused_sessions == 1
    assert CITIZEN not in response.text
    assert CITIZEN not in repr(list(mock_of(app).journal))


def test_a_session_lives_for_eight_hours_from_the_login() -> None:
    app = thai()
    token = log_in(app).headers["Token"]
    clock_of(app).advance(8 * 3600)
    assert usage(app, CITIZEN, token).status_code == 200
    clock_of(app).advance(1)
    response = usage(app, CITIZEN, token)
    assert (response.status_code, "mock-1004" in response.text) == (401, True)


def test_a_server_that_forgets_knows_no_session_any_more() -> None:
    app = thai()
    token = log_in(app).headers["Token"]
    sessions_of(app).forget()
    assert usage(app, CITIZEN, token).status_code == 401
    assert usage(app, CITIZEN, log_in(app).headers["Token"]).status_code == 200


def test_logins_fail_on_demand() -> None:
    app = thai()
    sessions_of(app).fail(503, retry_after_seconds=3)
    response = log_in(app)
    assert (response.status_code, response.headers["retry-after"]) == (503, "3")
    assert log_in(app).status_code == 200


def test_a_login_may_take_its_time() -> None:
    app = thai()
    sessions_of(app).login_seconds = 2.0
    log_in(app)
    assert clock_of(app).waits == [2.0]


def test_several_officials_may_log_in() -> None:
    other = {**ACCOUNT, "agent_id": "9000000000021"}
    app = thai(more_accounts=[other])
    assert log_in(app, agent_id="9000000000021").status_code == 200
    assert log_in(app, agent_id="9000000000039").status_code == 401


def test_logins_count_where_a_limit_covers_all_operations() -> None:
    app = thai()
    token = log_in(app).headers["Token"]
    for _ in range(9):
        usage(app, CITIZEN, token)
    assert broken(app) == []
    log_in(app)
    assert broken(app) == [("ten_a_minute", "60 s too early")]


def test_no_session_is_like_another_even_from_the_same_seed() -> None:
    tokens = {log_in(thai(seed=1)).headers["Token"] for _ in range(5)}
    assert len(tokens) == 5


def test_a_mock_without_a_credential_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="needs a value of agent_id"):
        thai(credentials={"client_id": "a", "client_secret": "b"})


def test_a_login_may_be_a_form_and_a_session_live_on_by_its_use() -> None:
    flow = msgspec.structs.replace(systems.SESSION, body="form", counts_from="last_use")
    app = thai(session=flow)
    with http(app) as client:
        response = client.post(
            f"/api/v1/Authenticate/{ACCOUNT['agent_id']}",
            data={"ClientID": ACCOUNT["client_id"], "ClientSecret": ACCOUNT["client_secret"]},
        )
    for _ in range(3):
        clock_of(app).advance(7 * 3600)
        assert usage(app, CITIZEN, response.headers["Token"]).status_code == 200
    clock_of(app).advance(8 * 3600 + 1)
    assert usage(app, CITIZEN, response.headers["Token"]).status_code == 401

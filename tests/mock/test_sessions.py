"""Logins as the spec's steps have them: where results come back, how they are carried, how long."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import Credential, Hole, Operation, Part, Step, System, Text

from .support import (
    BASIC,
    GET_USAGE,
    FixedWorld,
    clock_of,
    constant,
    credential,
    http,
    make,
    mock_of,
    one,
    result,
    session_system,
)

CITIZEN = "9000000000012"
USAGE = {"energy_kwh": None, "citizen_id": CITIZEN}


def sessions(changes: dict[str, Any] | None = None, **options: Any) -> Any:
    options.setdefault("world", FixedWorld(USAGE))
    return make(session_system(**(changes or {})), [GET_USAGE], **options)


def log_in(
    app: Any, agent: str = "demo-agent-id", client: str = "demo-client-id"
) -> httpx2.Response:
    with http(app) as caller:
        return caller.post(f"/api/Authenticate/{agent}", json={"ClientID": client})


def usage(app: Any, token: str) -> httpx2.Response:
    with http(app) as caller:
        return caller.get(f"/api/Usage/{CITIZEN}", headers={"Token": token} if token else {})


def test_a_login_gives_a_session_that_serves_again_and_again() -> None:
    app = sessions()
    response = log_in(app)
    assert (response.status_code, response.json()) == (200, "Authorized")
    for _ in range(2):
        assert usage(app, response.headers["Token"]).json()["error"] == ""


@pytest.mark.parametrize(
    "place", ["header X-Session", "body", "text", "body data.Token", "cookie sid", "nowhere"]
)
def test_the_session_stands_where_the_mock_was_told(place: str) -> None:
    app = sessions(session_place=place)
    response = log_in(app)
    kind, _, key = place.partition(" ")
    found: dict[str, Callable[[], str]] = {
        "header": lambda: response.headers[key],
        "cookie": lambda: response.cookies[key],
        "body": lambda: response.json()["data"]["Token"] if key else response.json(),
        "text": lambda: response.text,
        "nowhere": response.json,
    }
    token = found[kind]()
    assert usage(app, token).status_code == (401 if place == "nowhere" else 200)


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no place for a session"):
        sessions(session_place="drawer Token")


@pytest.mark.parametrize("name", ["agent", "client"])
def test_a_login_with_something_wrong_is_refused(name: str) -> None:
    app = sessions()
    response = log_in(app, **{name: "another"})
    assert response.status_code == 401
    assert "another" not in response.text
    assert "Token" not in response.headers
    server = mock_of(app).sessions
    assert server is not None
    assert (server.logins, server.refused_logins) == (0, 1)


@pytest.mark.parametrize("body", [b"{", b"[1]", b""])
def test_a_login_that_is_no_json_object_is_refused(body: bytes) -> None:
    with http(sessions()) as caller:
        assert caller.post("/api/Authenticate/demo-agent-id", content=body).status_code == 401


@pytest.mark.parametrize(("token", "code"), [("", "mock-1001"), ("made-up", "mock-1002")])
def test_a_call_without_a_good_session_is_refused_by_status_and_verdict(
    token: str, code: str
) -> None:
    app = sessions()
    response = usage(app, token)
    assert response.status_code == 401
    assert response.json()["status"] == code
    assert response.json()["error"].startswith("mock: Token is ")
    server = mock_of(app).sessions
    assert server is not None
    assert server.refused_sessions == 1
    assert CITIZEN not in response.text + repr(list(mock_of(app).journal))


@pytest.mark.parametrize(("counts_from", "lives"), [("issue", False), ("last_use", True)])
def test_a_session_lives_from_its_issue_or_its_last_use(counts_from: str, lives: bool) -> None:
    app = sessions({"counts_from": counts_from})
    token = log_in(app).headers["Token"]
    clock_of(app).advance(7 * 3600)
    assert usage(app, token).status_code == 200
    clock_of(app).advance(7 * 3600)
    response = usage(app, token)
    assert (response.status_code == 200) == lives
    assert lives or "mock-1004" in response.text


def test_logins_count_where_a_limit_covers_everything() -> None:
    app = sessions()
    usage(app, log_in(app).headers["Token"])
    assert mock_of(app).watch.requests == {"(login)": 1, "get_usage": 1}


# Other flows.


def system(*steps: Step) -> System:
    return System(
        name="unheard_of",
        credentials=tuple(
            Credential(name=name, environment=name.upper()) for name in ("user", "password")
        ),
        steps=steps,
    )


def token_step(**changed: Any) -> Step:
    known: dict[str, Any] = {
        "name": "token",
        "method": "POST",
        "address": {"": "https://auth.invalid/token"},
        "parts": {
            "": (
                Part(wire="grant_type", place="body", source=constant("client_credentials")),
                Part(wire="Authorization", place="header", source=BASIC),
            )
        },
        "encoding": "form",
        "read": {"": ("body access_token",)},
        "lifetime_read": "body expires_in",
    }
    return Step(**(known | changed))


def bearer(name: str = "token") -> Operation[Any]:
    source = Text(("Bearer ", Hole("step", name)))
    return one(parts=[Part(wire="Authorization", place="header", source=source)])


def test_client_credentials_with_basic_and_a_bearer_token() -> None:
    app = make(system(token_step()), [bearer()], world=FixedWorld({}))
    with http(app) as caller:
        form = {"grant_type": "client_credentials"}
        wrong = caller.post("https://auth.invalid/token", data=form, auth=("demo-user", "no"))
        assert wrong.status_code == 400
        assert caller.post("https://auth.invalid/token", data=form).status_code == 400
        other = caller.post(
            "https://auth.invalid/token",
            data={"grant_type": "password"},
            auth=("demo-user", "demo-password"),
        )
        assert other.status_code == 400
        found = caller.post(
            "https://auth.invalid/token", data=form, auth=("demo-user", "demo-password")
        ).json()
        assert found["expires_in"] == 3600
        token = found["access_token"]
        assert caller.get("/one", headers={"authorization": f"Bearer {token}"}).status_code == 200
        assert caller.get("/one", headers={"authorization": token}).status_code == 401
        clock_of(app).advance(3601)
        assert caller.get("/one", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_refresh_token_gives_another_session() -> None:
    first = token_step(
        name="refresh",
        read={"refresh": ("body refresh_token",)},
        lifetime_read="",
    )
    second = token_step(
        parts={
            "": (
                Part(wire="grant_type", place="body", source=constant("refresh_token")),
                Part(wire="refresh_token", place="body", source=result("refresh", "refresh")),
            )
        },
    )
    app = make(system(first, second), [bearer()], world=FixedWorld({}))
    with http(app) as caller:
        address = "https://auth.invalid/token"
        auth = ("demo-user", "demo-password")
        refresh = caller.post(address, data={"grant_type": "client_credentials"}, auth=auth).json()
        form = {"grant_type": "refresh_token", **refresh}
        token = caller.post(address, data=form).json()["access_token"]
        assert caller.get("/one", headers={"authorization": f"Bearer {token}"}).status_code == 200
        form["refresh_token"] = "made-up"
        assert caller.post(address, data=form).status_code == 401


def test_a_session_in_a_cookie() -> None:
    step = token_step(read={"": ("cookie sid",)}, lifetime_read="", address={"": "/login"})
    part = Part(wire="sid", place="cookie", source=result("token"))
    app = make(system(step), [one(parts=[part])], world=FixedWorld({}))
    with http(app) as caller:
        form = {"grant_type": "client_credentials"}
        caller.post("/login", data=form, auth=("demo-user", "demo-password"))
        assert caller.get("/one").status_code == 200
        caller.cookies.clear()
        assert caller.get("/one").status_code == 401


@pytest.mark.parametrize("place", ["header", "query", "cookie"])
def test_a_key_without_a_verdict_is_401_in_every_place(place: Any) -> None:
    part = Part(wire="x-key", place=place, source=credential("user"))
    app = make(system(), [one(parts=[part])], world=FixedWorld({}))
    with http(app) as caller:
        for key, status in (("demo-user", 200), ("no", 401), ("", 401)):
            more: dict[str, Any] = {
                "header": {"headers": {"x-key": key}},
                "query": {"params": {"x-key": key}},
                "cookie": {"headers": {"cookie": f"x-key={key}"}},
            }[place]
            assert caller.get("/one", **more).status_code == status


def test_a_key_in_the_body_is_no_argument() -> None:
    from gridwright_runtime.interface import BodySpec, RequestSpec

    from .support import State, anything

    part = Part(wire="apiKey", place="body", source=credential("user"))
    request = RequestSpec(
        model=State, check=anything, parts=(part,), body=BodySpec(encodings={"json": "json"})
    )
    world = FixedWorld({})
    app = make(system(), [one(request=request, method="POST")], world=world)
    with http(app) as caller:
        assert caller.post("/one", json={"apiKey": "demo-user", "kotei": "x"}).status_code == 200
        assert caller.post("/one", json={"kotei": "x"}).status_code == 401
    assert world.arguments == {"application_number": None, "stage": "x"}


def test_options_constants_and_formats_are_looked_at() -> None:
    parts = [
        Part(wire="v", place="header", source=constant("2")),
        Part(wire="lang", place="query", source=Text((Hole("option", "language"),))),
    ]
    from gridwright_runtime.interface import Option

    known = System(name="unheard_of", options=(Option(name="language", values=("en", "tr")),))
    app = make(known, [one(parts=parts)], world=FixedWorld({}))
    with http(app) as caller:
        assert caller.get("/one", headers={"v": "2"}).status_code == 200
        assert caller.get("/one?lang=tr", headers={"v": "2"}).status_code == 200
        assert caller.get("/one?lang=xx", headers={"v": "2"}).status_code == 400
        assert "mock-2003" in caller.get("/one", headers={"v": "3"}).text
        assert "mock-2001" in caller.get("/one").text

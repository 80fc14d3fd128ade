"""Logins of other shapes: several kept steps, several parts, single use below the service."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace
from tests.sending.support import (
    HERE,
    KINDS,
    Caller,
    Kind,
    Transport,
    credential,
    operation,
    result,
    shown,
    system,
    text,
)

from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.client import BaseClient
from gridwright_runtime.errors import AuthenticationError, ConfigurationError, NoSessionError
from gridwright_runtime.interface import Basic, Credential, NewId, Part, Renewal, Step, System

both = pytest.mark.parametrize("kind", KINDS)
USER = "INVENTED-user"
PASSWORD = "INVENTED-password"
CREDENTIALS = (
    Credential(name="user", environment="SAMPLE_USER"),
    Credential(name="password", environment="SAMPLE_PASSWORD"),
)


def header(wire: str, *pieces: Any) -> Part:
    return Part(wire=wire, place="header", source=text(*pieces))


BASIC = Part(
    wire="Authorization",
    place="header",
    source=Basic(user=text(credential("user")), password=text(credential("password"))),
)
FIRST = Step(
    name="first",
    method="POST",
    address={"": "/first"},
    parts={"": (BASIC, Part(wire="X-Call", place="header", source=NewId()))},
    read={"": ("body token",)},
    lifetime_seconds=36000,
)
SECOND = Step(
    name="second",
    method="POST",
    address={"": "/second"},
    parts={
        "": (
            header("Authorization", "Bearer ", result("first")),
            Part(wire="scope", place="body", source=text("read"), under=("wanted", "here")),
        )
    },
    encoding="json",
    read={"access": ("body access",), "place": ("header X-Place", "body place")},
    lifetime_seconds=3600,
)
RENEWAL_BY_BASIC = Renewal(
    method="POST", address={"": "/second"}, parts={"": (BASIC,)}, encoding="none"
)
GET = operation(
    "get",
    header("Authorization", "Token ", result("second", "access")),
    header("X-Place", result("second", "place")),
)
CHANGE = operation(
    "change", header("Authorization", "Token ", result("second", "access")), kind="write"
)


def chained(*steps: Step) -> System:
    return system(
        steps=steps or (FIRST, SECOND),
        servers={"": HERE},
        default_server="",
        credentials=CREDENTIALS,
    )


@dataclass
class Chain:
    """A service that gives numbered results by two steps, and takes those that are alive."""

    seen: list[httpx2.Request] = field(default_factory=list)
    alive: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=lambda: {"place": "here"})
    refusals: int = 0

    @property
    def transport(self) -> Transport:
        return Transport(self)

    def of(self, path: str) -> list[httpx2.Request]:
        return [request for request in self.seen if request.url.path == path]

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        path, shown_result = request.url.path, request.headers["Authorization"].split(" ")[1]
        if path == "/first":
            return self._give("first", "token")
        if shown_result not in self.alive:
            return httpx2.Response(401)
        if path == "/second":
            return self._give("second", "access", **self.parts)
        if self.refusals:
            self.refusals -= 1
            return httpx2.Response(200, json={"code": "access"})
        return httpx2.Response(200, json={"value": "good"})

    def _give(self, step: str, name: str, **more: str) -> httpx2.Response:
        token = f"{step}-{len(self.of(f'/{step}'))}"
        self.alive.add(token)
        return httpx2.Response(200, json={name: token, **more})


def chain_caller(kind: Kind, made: System | None = None, **options: Any) -> Caller:
    known = {
        "credentials": {"user": USER, "password": PASSWORD},
        "login_store": MemoryLoginStore(),
        "new_id": lambda: "invented-id",
    }
    return Caller(kind, Chain(), made or chained(), known | options)


def paths(one: Caller) -> list[str]:
    return [request.url.path for request in one.service.seen]


@both
def test_each_step_sends_the_results_of_those_before_it(kind: Kind) -> None:
    one = chain_caller(kind)
    assert one.call(GET).body.value == "good"
    first, second, call = one.service.seen
    assert first.headers["Authorization"] == "Basic SU5WRU5URUQtdXNlcjpJTlZFTlRFRC1wYXNzd29yZA=="
    assert first.headers["X-Call"] == "invented-id"
    assert first.content == b""
    assert second.headers["Authorization"] == "Bearer first-1"
    assert second.content == b'{"wanted":{"here":{"scope":"read"}}}'
    assert (call.headers["Authorization"], call.headers["X-Place"]) == ("Token second-1", "here")


@both
def test_all_parts_of_a_result_are_kept(kind: Kind) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.call(GET)
    assert paths(one) == ["/first", "/second", "/get", "/get"]
    assert one.service.seen[3].headers["X-Place"] == "here"


@both
def test_a_result_without_one_of_its_parts_is_none(kind: Kind) -> None:
    one = chain_caller(kind)
    one.service.parts = {}
    with pytest.raises(NoSessionError, match="header X-Place, body place"):
        one.call(GET)


@both
def test_what_is_alive_needs_nothing_of_the_steps_before_it(kind: Kind) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.clock.seconds += 1800
    one.service.alive.discard("first-1")
    one.call(GET)
    assert paths(one)[3:] == ["/get"]


@both
def test_the_last_step_is_taken_again_when_its_result_is_old(kind: Kind) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.clock.seconds += 3600
    one.call(GET)
    assert paths(one)[3:] == ["/second", "/get"]


@both
@pytest.mark.parametrize("asked", [GET, CHANGE])
def test_refused_results_are_renewed_from_the_last_step_to_the_first(
    kind: Kind, asked: Any
) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.service.refusals = 2
    one.call(asked)
    path = f"/{asked.name}"
    assert paths(one)[3:] == [path, "/second", path, "/first", "/second", path]


@both
def test_a_call_that_is_refused_with_all_results_new_is_given_up(kind: Kind) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.service.refusals = 99
    with pytest.raises(AuthenticationError) as caught:
        one.call(GET)
    assert len(one.service.of("/get")) == 4
    assert (len(one.service.of("/first")), len(one.service.of("/second"))) == (2, 3)
    for secret in (USER, PASSWORD, "first-", "second-"):
        assert secret not in shown(caught.value)
    # and the next calls log in for nothing no more
    one.calls(GET, GET)
    assert (len(one.service.of("/first")), len(one.service.of("/second"))) == (2, 3)


@both
def test_a_step_that_refuses_an_old_result_has_it_renewed(kind: Kind) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.clock.seconds += 3600
    one.service.alive.clear()
    one.call(GET)
    assert paths(one)[3:] == ["/second", "/first", "/second", "/get"]


@both
def test_users_have_results_of_their_own_at_every_step(kind: Kind) -> None:
    one = chain_caller(kind)
    one.call(GET)
    one.options["credentials"] = {"user": "INVENTED-other", "password": PASSWORD}
    one.call(GET)
    assert len(one.service.of("/second")) == 2
    assert len(one.options["login_store"]._kept) == 4


@both
def test_a_result_for_one_request_is_asked_for_by_each(kind: Kind) -> None:
    from msgspec.structs import replace

    once = replace(FIRST, once=True, lifetime_seconds=None)
    asked = operation("get", header("Authorization", "Bearer ", result("first")))
    one = chain_caller(kind, chained(once))
    one.calls(asked, asked)
    assert paths(one) == ["/first", "/get", "/first", "/get"]
    assert one.options["login_store"]._kept == {}


@both
def test_a_kept_step_may_stand_on_one_that_serves_once(kind: Kind) -> None:
    from msgspec.structs import replace

    one = chain_caller(kind, chained(replace(FIRST, once=True), SECOND))
    one.calls(GET, GET)
    one.clock.seconds += 3600
    one.call(GET)
    assert paths(one) == ["/first", "/second", "/get", "/get", "/first", "/second", "/get"]


@both
def test_a_refused_login_shows_no_form_of_its_secrets(kind: Kind) -> None:
    one = chain_caller(kind)
    one.service.handle = lambda request: httpx2.Response(
        401, text=f"no {request.headers['Authorization']}, {request.headers['Authorization'][6:]}"
    )
    with pytest.raises(AuthenticationError) as caught:
        one.call(GET)
    assert caught.value.text == "no ***, ***"


@both
def test_a_part_in_the_query_joins_the_query_of_the_address(kind: Kind) -> None:
    from msgspec.structs import replace

    extra = Part(wire="grant type", place="query", source=text("a&b"))
    first = replace(FIRST, address={"": "/first?v=1"}, parts={"": (BASIC, extra)})
    one = chain_caller(kind, chained(first, SECOND))
    one.call(GET)
    assert one.service.seen[0].url.query == b"v=1&grant%20type=a%26b"


def test_identifiers_are_made_for_those_alone_who_send_them() -> None:
    from msgspec.structs import replace

    made: list[str] = []

    def new_id() -> str:
        made.append("id")
        return "id"

    one = chain_caller("sync", chained(replace(FIRST, parts={"": (BASIC,)}), SECOND), new_id=new_id)
    one.call(GET)
    assert made == []


@pytest.mark.parametrize("step", [FIRST, replace(SECOND, renewal=RENEWAL_BY_BASIC)])
def test_a_user_with_a_colon_logs_in_nowhere_by_basic_authentication(step: Step) -> None:
    given: Any = {"user": "INVENTED:user", "password": "p:w"}
    with pytest.raises(ConfigurationError, match="user holds a colon") as caught:
        BaseClient(chained(step), credentials=given)
    assert "INVENTED" not in str(caught.value)
    with BaseClient(chained(step), credentials={**given, "user": "user"}):
        pass

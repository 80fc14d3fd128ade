"""Which operation a request is for: methods, fixed segments, constants, required values."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from msgspec import field, structs

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import BodySpec, Operation, Part, RequestSpec, System
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record

from .support import (
    LOCAL,
    UNHEARD,
    FixedWorld,
    anything,
    argument,
    constant,
    http,
    make,
    mock_of,
    one,
)


class Numbered(Record, frozen=True, kw_only=True):
    number: str = field(name="no")


class Maybe(Record, frozen=True, kw_only=True):
    number: str | None = field(name="no", default=None)


def asked(operations: list[Operation[Any]], *requests: tuple[str, str], **more: Any) -> list[Any]:
    """Return the operations that requests reach, or their statuses."""
    world = FixedWorld({})
    found: list[Any] = []
    with http(make(more.pop("system", UNHEARD), operations, world=world, **more)) as client:
        for method, address in requests:
            before = len(world.asked)
            response = client.request(method, address)
            reached = len(world.asked) > before
            found.append(world.asked[-1][0] if reached else response.status_code)
    return found


def numbered(name: str, path: str, **more: Any) -> Operation[Any]:
    request = RequestSpec(model=Numbered, check=anything, parts=(argument("no", "path"),))
    return one(name=name, path=path, request=request, **more)


def test_fixed_segments_come_before_places_whatever_their_order() -> None:
    operations = [numbered("get_meter", "/meters/{no}"), one(name="newest", path="/meters/newest")]
    assert asked(operations, ("GET", "/meters/newest"), ("GET", "/meters/7"), ("GET", "/x")) == [
        "newest",
        "get_meter",
        404,
    ]


def test_several_methods_share_a_path() -> None:
    operations = [
        one(name="list_meters", path="/meters"),
        one(name="add_meter", path="/meters", method="POST"),
        one(name="drop_meters", path="/meters", method="DELETE"),
    ]
    assert asked(
        operations,
        *[(m, "/meters") for m in ("GET", "POST", "DELETE", "HEAD", "PUT")],
    ) == ["list_meters", "add_meter", "drop_meters", "list_meters", 405]


def test_another_method_is_told_which_ones_there_are() -> None:
    app = make(
        UNHEARD, [one(path="/a"), one(name="b", path="/a", method="PUT")], world=FixedWorld({})
    )
    with http(app) as client:
        assert client.delete("/a").headers["allow"] == "GET, HEAD, PUT"
        client.get("/customers/0100000001")
        client.request("BREW", "/a")
    assert [(entry.operation, entry.method, entry.outcome) for entry in mock_of(app).journal] == [
        (None, "DELETE", "wrong-method"),
        (None, "GET", "not-found"),
        (None, "other", "wrong-method"),
    ]
    assert "0100000001" not in repr(list(mock_of(app).journal))


def test_constants_tell_operations_of_one_path_apart() -> None:
    operations = [
        one(name=name, path="/call", parts=[Part(wire="do", place="query", source=constant(name))])
        for name in ("first", "second")
    ]
    assert asked(operations, ("GET", "/call?do=second"), ("GET", "/call?do=first")) == [
        "second",
        "first",
    ]


def test_required_values_tell_operations_of_one_path_apart() -> None:
    by_number = RequestSpec(model=Numbered, check=anything, parts=(argument("no"),))
    operations = [
        one(name="all", path="/meters"),
        one(name="by_number", path="/meters", request=by_number),
    ]
    assert asked(operations, ("GET", "/meters?no=1"), ("GET", "/meters")) == ["by_number", "all"]


def test_codes_tell_operations_of_one_path_apart() -> None:
    def of(name: str) -> Operation[Any]:
        def check(request: Mapping[str, object], path: str) -> list[Problem]:
            is_known = request.get("no") == name
            wrong = Problem(path="number", wire="no", rule="not-a-code", message="is no code")
            return [] if is_known else [wrong]

        request = RequestSpec(model=Numbered, check=check, parts=(argument("no"),))
        return one(name=name, path="/meters", request=request)

    operations = [of("a"), of("b")]
    assert asked(operations, ("GET", "/meters?no=b"), ("GET", "/meters?no=a")) == ["b", "a"]


def test_what_fits_no_operation_is_refused_by_the_one_that_has_most_of_its_constants() -> None:
    def of(name: str, request: RequestSpec) -> Operation[Any]:
        part = Part(wire="do", place="query", source=constant(name))
        request = structs.replace(request, parts=(part, *request.parts))
        return one(name=name, path="/call", request=request)

    numbered_one = RequestSpec(model=Numbered, check=anything, parts=(argument("no"),))
    plain = RequestSpec(model=Maybe, check=anything, parts=(argument("no"),))
    app = make(UNHEARD, [of("first", numbered_one), of("second", plain)], world=FixedWorld({}))
    with http(app) as client:
        client.get("/call?do=first")
        client.get("/call?do=third&no=1")
    assert [(entry.operation, entry.outcome) for entry in mock_of(app).journal] == [
        ("first", "answered"),
        ("second", "malformed"),
    ]


def test_values_in_bodies_tell_operations_apart_too() -> None:
    def sending(name: str) -> Operation[Any]:
        part = Part(wire="action", place="body", source=constant(name))
        request = RequestSpec(
            model=Maybe, check=anything, parts=(part,), body=BodySpec(encodings={"json": "json"})
        )
        return one(name=name, path="/do", method="POST", request=request)

    world = FixedWorld({})
    with http(make(UNHEARD, [sending("start"), sending("stop")], world=world)) as client:
        client.post("/do", json={"action": "stop", "no": "1"})
        client.post("/do", json={"action": "start"})
    assert [name for name, _ in world.asked] == ["stop", "start"]
    assert world.asked[0][1].arguments == {"number": "1"}


def test_operations_that_nothing_tells_apart_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"unheard_of\.a and unheard_of\.b have the same"):
        make(UNHEARD, [one(name="a"), one(name="b")])


def test_values_in_paths_are_decoded_once() -> None:
    world = FixedWorld({})
    operation = numbered("get_meter", "/meters/{no}/now")
    with http(make(UNHEARD, [operation], world=world)) as client:
        client.get("/meters/a%2Fb%2520c/now")
        assert client.get("/meters//now").status_code == 404
    assert world.arguments == {"number": "a/b%20c"}


def test_the_paths_of_servers_are_served_and_name_the_environment() -> None:
    system = System(
        name="unheard_of",
        servers={"live": "https://a.invalid/v1", "trial": "https://a.invalid/trial/v1/"},
        default_server="live",
    )
    world = FixedWorld({})
    with http(make(system, [one()], world=world)) as client:
        for address in ("/v1/one", "/trial/v1/one", "https://a.invalid/v1/one"):
            assert client.get(address).status_code == 200
        assert client.get("/one").status_code == 404
    assert [question.server for _, question in world.asked] == ["live", "trial", "live"]


def test_a_path_of_one_s_own_stands_before_all() -> None:
    assert asked([one()], ("GET", "/v2/one"), ("GET", "/one"), path="/v2") == ["get_one", 404]


def test_an_address_that_ends_in_a_slash_is_another() -> None:
    assert asked([one()], ("GET", "/one/")) == [404]


def test_the_transport_needs_no_event_loop() -> None:
    transport = MockTransport(make(UNHEARD, [one()]))
    assert transport._run.__name__ == "_run_straight"


def test_an_asynchronous_client_is_served_too() -> None:
    async def call() -> int:
        transport = AsyncMockTransport(make(UNHEARD, [one()], world=FixedWorld({})))
        async with httpx2.AsyncClient(transport=transport, base_url=LOCAL) as client:
            return (await client.get("/one")).status_code

    assert asyncio.run(call()) == 200


def test_lists_may_come_as_repeated_names() -> None:
    class Many(Record, frozen=True, kw_only=True):
        numbers: list[str] | None = field(name="no", default=None)

    world = FixedWorld({})
    request = RequestSpec(model=Many, check=anything, parts=(argument("no"),))
    with http(make(UNHEARD, [one(request=request)], world=world)) as client:
        client.get("/one?no=1&no=2")
        assert world.arguments == {"numbers": ["1", "2"]}
        client.get("/one?no=1")
        assert world.arguments == {"numbers": ["1"]}

"""The engine understands, checks, refuses, answers; on a small invented system."""

from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import httpx2
import pytest
from msgspec.structs import replace

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.engine import build_application
from gridwright_runtime.mock.world import Refusal

from . import tiny_api
from .support import KEY, TinyWorld, http, mock_of, tiny_application
from .tiny_api import BOLT, FIND


def get_find(world: TinyWorld | None = None, /, **changes: str) -> httpx2.Response:
    with http(tiny_application(world)) as client:
        return client.get("/tiny/find", params={**FIND, **changes})


def get_without(name: str) -> httpx2.Response:
    with http(tiny_application()) as client:
        given = {key: value for key, value in FIND.items() if key != name}
        return client.get("/tiny/find", params=given)


def code_of(response: httpx2.Response) -> str:
    assert response.status_code == 200
    text, code = response.json()["thingList"]
    assert list(text) == ["msg"]
    assert isinstance(code["code"], str)
    return code["code"]


def test_a_query_is_answered_in_json() -> None:
    response = get_find()
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert response.json() == {
        "thingList": [
            {
                "thingNo": "T-1",
                "wgt": 85,
                "cnt": 3,
                "made_ymd": "20240301",
                "made_ym": "202403",
                "pay_dd": "01",
                "partList": [{"partNm": "head"}, {"partNm": ""}],
                "kind_cd": "Y",
            }
        ]
    }


def test_a_query_is_answered_in_xml_with_the_header_of_success() -> None:
    response = get_find(type="2")
    assert response.headers["content-type"] == "text/xml;charset=UTF-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == "Things"
    assert [(item.tag, item.text) for item in root[0]] == [
        ("msg", None),
        ("at", "20241005:120700000"),
        ("code", "00"),
        ("ok", "Y"),
    ]
    assert root.findtext("thingList/thing/wgt") == "85"
    assert [part.findtext("partNm") for part in root.iter("partList")] == ["head", ""]


def test_a_form_is_read_like_a_query() -> None:
    with http(tiny_application()) as client:
        by_form = client.post("/tiny/find", data=dict(FIND))
    assert by_form.content == get_find().content


def test_a_body_that_is_no_form_is_not_read() -> None:
    with http(tiny_application()) as client:
        assert code_of(client.post("/tiny/find", json=dict(FIND))) == "E401"


def test_a_query_and_a_form_are_read_together() -> None:
    query = {"key": KEY, "type": "1"}
    form = {"owner": "O1", "day": "20241001"}
    with http(tiny_application()) as client:
        response = client.post("/tiny/find", params=query, data=form)
    assert response.content == get_find().content


def test_of_two_values_of_one_name_the_first_counts() -> None:
    world = TinyWorld([BOLT])
    with http(tiny_application(world)) as client:
        client.get("/tiny/find", params=[*FIND.items(), ("day", "20240101")])
    assert world.asked[0][1]["day"] == date(2024, 10, 1)


def test_the_world_gets_python_values() -> None:
    world = TinyWorld([BOLT])
    get_find(world, at="202410012400", month="202402", time="2400")
    assert world.asked == [
        (
            "find_things",
            {
                "owner": "O1",
                "day": date(2024, 10, 1),
                "at": datetime(2024, 10, 2),
                "month": date(2024, 2, 1),
                "time": "2400",
            },
        )
    ]


def test_what_is_not_given_is_none() -> None:
    world = TinyWorld([BOLT])
    get_find(world, at="")
    assert world.asked[0][1]["at"] is None
    assert world.asked[0][1]["month"] is None


def test_korean_text_arrives_whole() -> None:
    world = TinyWorld([BOLT])
    get_find(world, owner="고객")
    assert world.asked[0][1]["owner"] == "고객"


def test_a_write_takes_exact_numbers_from_its_form() -> None:
    world = TinyWorld([{"result": "ok"}])
    with http(tiny_application(world)) as client:
        form = {"amount": "12.50", "pieces": "7", "key": KEY}
        assert client.post("/tiny/save", data=form).json() == {"saved": [{"result": "ok"}]}
    assert world.asked == [("save_thing", {"amount": Decimal("12.50"), "pieces": 7})]


def test_a_write_answers_to_its_own_method_only() -> None:
    with http(tiny_application()) as client:
        response = client.get("/tiny/save")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_values_are_taken_from_the_path_and_from_headers() -> None:
    world = TinyWorld([BOLT])
    with http(tiny_application(world)) as client:
        response = client.get("/tiny/things/T%2D9", headers={"x-key": KEY})
        refused = client.get("/tiny/things/T-9", headers={"x-key": "another"})
    assert world.asked == [("take_thing", {"thing_number": "T-9"})]
    assert b"<thing>" in response.content
    assert b"mock-1002" in refused.content


def test_xml_without_a_header_says_a_refusal_inside_the_list() -> None:
    with http(tiny_application()) as client:
        root = ElementTree.fromstring(client.get("/tiny/things/T-1").content)
    assert [item.tag for item in root] == ["thingList"]
    assert root.findtext("thingList/thing/code") == "mock-1001"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "another"}, "E401"),
        ({"key": ""}, "E401"),
        ({"owner": ""}, "mock-2001"),
        ({"owner": "toolong"}, "mock-2002"),
        ({"day": "2024-10-01"}, "mock-2003"),
        ({"day": "20241301"}, "mock-2003"),
        ({"at": "202410010960"}, "mock-2003"),
        ({"time": "2460"}, "mock-2003"),
        ({"type": "9"}, "mock-2003"),
    ],
)
def test_a_bad_request_is_refused_inside_the_list(changes: dict[str, str], code: str) -> None:
    world = TinyWorld([BOLT])
    assert code_of(get_find(world, **changes)) == code
    assert world.asked == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("key", "E401"), ("owner", "mock-2001"), ("day", "mock-2001"), ("type", "mock-2001")],
)
def test_a_missing_parameter_is_refused(name: str, code: str) -> None:
    assert code_of(get_without(name)) == code


def test_a_refusal_in_xml_stands_in_the_header_over_an_empty_list() -> None:
    root = ElementTree.fromstring(get_find(type="2", owner="toolong").content)
    assert [(item.tag, item.text) for item in root[0]] == [
        ("msg", "mock: owner: has 7 characters; at most 5 are allowed"),
        ("at", "20241005:120700000"),
        ("code", "mock-2002"),
        ("ok", "N"),
    ]
    assert root[1].tag == "thingList"
    assert len(root[1]) == 0


def test_a_refusal_of_the_world_is_passed_on() -> None:
    world = TinyWorld(Refusal("no-data", "E7", "<없음> & 끝"))
    assert get_find(world).json() == {"thingList": [{"msg": "<없음> & 끝"}, {"code": "E7"}]}
    root = ElementTree.fromstring(get_find(world, type="2").content)
    assert root.findtext("head/msg") == "<없음> & 끝"


def test_no_refusal_repeats_a_secret_or_personal_value() -> None:
    for changes in ({"key": "wrong-secret"}, {"owner": "0100000001"}, {"day": "0100000001"}):
        text = get_find(**changes).text
        assert "wrong-secret" not in text
        assert "0100000001" not in text


def test_parameters_that_the_operation_does_not_have_are_ignored() -> None:
    assert get_find(other="1").content == get_find().content


def test_an_unknown_path_is_a_html_page() -> None:
    with http(tiny_application()) as client:
        response = client.get("/tiny/nothing")
        assert client.get("/tiny/find/").status_code == 404
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


def test_a_wrong_method_is_refused_with_the_right_ones() -> None:
    with http(tiny_application()) as client:
        response = client.delete("/tiny/find")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


def test_a_form_without_end_is_refused() -> None:
    app = tiny_application()
    with http(app) as client:
        response = client.post("/tiny/find", content=b"a" * 1_100_000)
    assert response.status_code == 413
    assert mock_of(app).journal[-1].outcome == "too-large"


def test_a_query_of_a_thousand_fields_is_not_read() -> None:
    with http(tiny_application()) as client:
        response = client.get("/tiny/find", params=[*FIND.items(), *[("x", "1")] * 1000])
    assert code_of(response) == "E401"


def test_a_reply_is_encoded_once_until_the_world_changes() -> None:
    world = TinyWorld([BOLT])
    with http(tiny_application(world)) as client:
        for version in (0, 0, 1, 1):
            world.current = version
            client.get("/tiny/find", params=FIND)
    assert len(world.asked) == 2


def test_a_write_is_carried_out_every_time() -> None:
    world = TinyWorld([{"result": "ok"}])
    with http(tiny_application(world)) as client:
        for _ in range(2):
            client.post("/tiny/save", data={"amount": "1", "key": KEY})
    assert len(world.asked) == 2


def test_another_key_never_finds_the_reply_of_the_right_one() -> None:
    with http(tiny_application()) as client:
        client.get("/tiny/things/T-1", headers={"x-key": KEY})
        assert b"mock-1002" in client.get("/tiny/things/T-1", headers={"x-key": "no"}).content
        client.get("/tiny/find", params=FIND)
        assert code_of(client.get("/tiny/find", params={**FIND, "key": "no"})) == "E401"


def test_the_time_in_the_header_moves_although_the_reply_is_kept() -> None:
    class Ticking(TinyWorld):
        def response_time(self) -> str:
            self.ticks = getattr(self, "ticks", 0) + 1
            return f"tick {self.ticks}"

    world = Ticking([BOLT])
    with http(tiny_application(world)) as client:
        bodies = [client.get("/tiny/find", params={**FIND, "type": "2"}).text for _ in range(2)]
    assert "tick 1" in bodies[0]
    assert "tick 2" in bodies[1]
    assert len(world.asked) == 1


def test_two_operations_may_not_share_a_path() -> None:
    twin = replace(tiny_api.FIND_THINGS, name="find_more")
    with pytest.raises(ConfigurationError, match=r"tiny\.find_things and tiny\.find_more"):
        build_application(
            system="tiny",
            operations=[tiny_api.FIND_THINGS, twin],
            world=TinyWorld(),
            credentials={"api_key": KEY},
        )


def test_a_mock_needs_a_value_for_every_credential() -> None:
    with pytest.raises(ConfigurationError, match="api_key"):
        build_application(
            system="tiny", operations=tiny_api.OPERATIONS, world=TinyWorld(), credentials={}
        )


def test_the_mock_takes_the_clock_of_the_machine_unless_given_one() -> None:
    app = build_application(
        system="tiny",
        operations=tiny_api.OPERATIONS,
        world=TinyWorld(),
        credentials={"api_key": KEY},
    )
    assert mock_of(app).clock.now().utcoffset() is not None

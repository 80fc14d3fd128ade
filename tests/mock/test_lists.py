"""Lists behind a key: what is read, what is checked, what is refused, in JSON and XML."""

import json
from datetime import date
from typing import Any

import httpx2
import pytest
from lxml import etree

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.journal import JournalEntry

from .support import (
    BOLT,
    FIND,
    FIND_THINGS,
    KEY,
    NOON,
    TINY,
    FixedWorld,
    Kept,
    Refusing,
    http,
    make,
    mock_of,
    play,
    tiny,
)


def find(world: FixedWorld | None = None, /, **changes: str) -> httpx2.Response:
    with http(tiny(world)) as client:
        return client.get("/tiny/find", params={**FIND, **changes})


def code_of(response: httpx2.Response) -> str:
    assert response.status_code == 200
    text, code = response.json()["thingList"]
    assert list(text) == ["msg"]
    assert list(code) == ["code"]
    return str(code["code"])


def test_a_query_is_answered_in_json() -> None:
    response = find()
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert response.json() == {
        "thingList": [{"thingNo": "T-1", "wgt": 85.5, "made_ymd": "20240301", "kind_cd": "Y"}]
    }


def test_a_query_is_answered_in_xml_with_the_header_of_success() -> None:
    response = find(Kept([BOLT]), type="2")
    assert response.headers["content-type"] == "application/xml;charset=UTF-8"
    root = etree.fromstring(response.content)
    assert [(item.tag, item.text) for item in root[0]] == [
        ("msg", None),
        ("at", "tick 1"),
        ("code", "00"),
        ("ok", "Y"),
    ]
    assert root.findtext("thingList/thing/wgt") == "85.5"


def test_an_empty_list_is_an_empty_list_in_both_formats() -> None:
    assert find(FixedWorld([])).json() == {"thingList": []}
    root = etree.fromstring(find(FixedWorld([]), type="2").content)
    assert [(item.tag, len(item)) for item in root] == [("head", 4), ("thingList", 0)]


class TakesForms(FixedWorld):
    takes_reads_as_forms = True


def test_a_read_is_not_sent_as_a_form() -> None:
    app = tiny()
    with http(app) as client:
        assert client.post("/tiny/find", data=dict(FIND)).status_code == 405


def test_where_the_world_takes_it_a_form_is_read_like_a_query_and_beside_one() -> None:
    with http(tiny(TakesForms([BOLT]))) as client:
        by_form = client.post("/tiny/find", data=dict(FIND))
        both = client.post(
            "/tiny/find",
            params={"key": KEY, "type": "1"},
            data={"owner": "O1", "day": "20241001"},
        )
    assert by_form.content == both.content == find(FixedWorld([BOLT])).content


def test_a_body_that_is_no_form_is_not_read() -> None:
    with http(tiny(TakesForms([BOLT]))) as client:
        assert code_of(client.post("/tiny/find", json=dict(FIND))) == "E401"


def test_of_two_values_of_one_name_the_first_counts() -> None:
    world = FixedWorld([BOLT])
    with http(tiny(world)) as client:
        client.get("/tiny/find", params=[*FIND.items(), ("day", "20240101")])
    assert world.arguments["made_on"] == date(2024, 10, 1)


def test_the_world_gets_python_values_and_the_account() -> None:
    world = FixedWorld([BOLT])
    find(world, owner="고객")
    [(operation, question)] = world.asked
    assert operation == "find_things"
    assert question.arguments == {"owner": "고객", "made_on": date(2024, 10, 1)}
    assert question.account == KEY
    assert KEY not in repr(question)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "another"}, "E401"),
        ({"key": ""}, "E401"),
        ({"owner": ""}, "mock-2001"),
        ({"owner": "toolong"}, "mock-2002"),
        ({"day": "2024-10-01"}, "mock-2003"),
        ({"day": "20241301"}, "mock-2003"),
        ({"type": "9"}, "mock-2004"),
    ],
)
def test_a_bad_request_is_refused_inside_the_list(changes: dict[str, str], code: str) -> None:
    world = FixedWorld([BOLT])
    assert code_of(find(world, **changes)) == code
    assert world.asked == []


@pytest.mark.parametrize("name", ["key", "owner", "day", "type"])
def test_a_missing_parameter_is_refused(name: str) -> None:
    with http(tiny()) as client:
        given = {key: value for key, value in FIND.items() if key != name}
        code = code_of(client.get("/tiny/find", params=given))
    assert code == ("E401" if name == "key" else "mock-2001")


def test_a_refusal_in_xml_stands_in_the_header_over_an_empty_list() -> None:
    root = etree.fromstring(find(Kept(), type="2", owner="toolong").content)
    assert [(item.tag, item.text) for item in root[0]] == [
        ("msg", "mock: owner: has 7 characters; at most 5 are allowed"),
        ("at", "tick 1"),
        ("code", "mock-2002"),
        ("ok", "N"),
    ]
    assert (root[1].tag, len(root[1])) == ("thingList", 0)


def test_a_refusal_of_the_world_is_passed_on() -> None:
    world = Refusing("no-data", "E7", "<없음> & 끝")
    assert find(world).json() == {"thingList": [{"msg": "<없음> & 끝"}, {"code": "E7"}]}
    assert etree.fromstring(find(world, type="2").content).findtext("head/msg") == "<없음> & 끝"


def test_no_refusal_repeats_a_secret_or_personal_value() -> None:
    for changes in ({"key": "wrong-secret"}, {"owner": "0100000001"}, {"day": "0100000001"}):
        text = find(**changes).text
        assert "wrong-secret" not in text
        assert "0100000001" not in text


def test_parameters_that_the_operation_does_not_have_are_ignored() -> None:
    assert find(other="1").content == find().content


def test_a_query_of_a_thousand_fields_is_not_read() -> None:
    with http(tiny()) as client:
        response = client.get("/tiny/find", params=[*FIND.items(), *[("x", "1")] * 1000])
    assert code_of(response) == "E401"


def test_a_form_without_end_is_refused() -> None:
    app = tiny(TakesForms([BOLT]))
    with http(app) as client:
        response = client.post("/tiny/find", content=b"a" * 1_100_000)
    assert response.status_code == 200
    assert code_of(response) == "E401"
    with http(app) as client:
        response = client.post("/tiny/find", params=FIND, content=b"a" * 1_100_000)
    assert response.status_code == 413
    assert mock_of(app).journal[-1].outcome == "too-large"


def test_a_reply_is_written_once_until_the_world_changes() -> None:
    world = Kept([BOLT])
    with http(tiny(world)) as client:
        for version in (0, 0, 1, 1):
            world.current = version
            client.get("/tiny/find", params=FIND)
    assert len(world.asked) == 2


def test_the_time_in_the_header_moves_although_the_reply_is_kept() -> None:
    world = Kept([BOLT])
    with http(tiny(world)) as client:
        bodies = [client.get("/tiny/find", params={**FIND, "type": "2"}).text for _ in range(2)]
    assert ["tick 1" in bodies[0], "tick 2" in bodies[1]] == [True, True]
    assert len(world.asked) == 1


def test_another_key_never_finds_the_reply_of_the_right_one() -> None:
    with http(tiny(Kept([BOLT]))) as client:
        client.get("/tiny/find", params=FIND)
        assert code_of(client.get("/tiny/find", params={**FIND, "key": "no"})) == "E401"


def test_several_accounts_are_told_apart() -> None:
    world = FixedWorld([BOLT])
    app = tiny(world, more_accounts=[{"api_key": "another"}])
    with http(app) as client:
        client.get("/tiny/find", params={**FIND, "key": "another"})
    assert world.asked[-1][1].account == "another"


def test_a_mock_needs_a_value_for_every_credential_where_some_are_given() -> None:
    with pytest.raises(ConfigurationError, match=r"needs a value of api_key for tiny\.find_things"):
        make(TINY, [FIND_THINGS], credentials={})


def test_an_entry_of_the_journal_says_what_was_asked_and_when() -> None:
    app = tiny(FixedWorld([BOLT, BOLT]))
    with http(app) as client:
        client.get("/tiny/find", params=FIND)
    assert list(mock_of(app).journal) == [
        JournalEntry(
            time=NOON,
            operation="find_things",
            method="GET",
            format="json",
            parameters={"owner": "***", "day": "20241001", "key": "***", "type": "1"},
            records=2,
        )
    ]


def test_nothing_secret_or_personal_is_in_the_journal_or_the_mock() -> None:
    app = tiny()
    with http(app) as client:
        for changes in ({}, {"owner": "visible-secret"}, {"day": "visible-secret"}):
            client.get("/tiny/find", params={**FIND, **changes})
    shown = repr(mock_of(app)) + repr(list(mock_of(app).journal)) + repr(app.routes)
    assert "visible-secret" not in shown
    assert KEY not in shown


def test_a_world_that_gives_a_field_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match="gives wieght"):
        find(FixedWorld([{**BOLT, "wieght": 1}]))
    response = find(FixedWorld([{**BOLT, "wieght": 1}], may_tell_more=True))
    assert "wieght" not in response.text


def test_a_world_that_gives_another_shape_is_told() -> None:
    with pytest.raises(ConfigurationError, match="must give a list of records for tiny"):
        find(FixedWorld(BOLT))


def test_what_is_required_and_not_given_is_invented_to_size() -> None:
    [record] = find(FixedWorld([{"made_on": date(2024, 3, 1)}])).json()["thingList"]
    assert record["made_ymd"] == "20240301"
    assert 0 < len(record["thingNo"]) <= 6
    assert "kind_cd" not in record


# Faults.


def with_fault(fault: Fault, form: str = "1") -> httpx2.Response:
    app = tiny()
    play(app, fault, "find_things")
    with http(app) as client:
        return client.get("/tiny/find", params={**FIND, "type": form})


def test_faults_of_http_are_played() -> None:
    assert with_fault(Fault.status(503)).status_code == 503
    page = with_fault(Fault.html("점검 중"))
    assert (page.status_code, page.headers["content-type"], "점검 중" in page.text) == (
        200,
        "text/html;charset=UTF-8",
        True,
    )


@pytest.mark.parametrize(
    ("fault", "header"),
    [
        (Fault.too_many(), "1"),
        (Fault.too_many(30), "30"),
        (Fault.too_many("Sat, 05 Oct 2024 03:07:30 GMT"), "Sat, 05 Oct 2024 03:07:30 GMT"),
        (Fault.too_many(None), None),
    ],
)
def test_too_many_requests_say_when_to_come_back(fault: Fault, header: str | None) -> None:
    response = with_fault(fault)
    assert (response.status_code, response.headers.get("retry-after")) == (429, header)


@pytest.mark.parametrize("form", ["1", "2"])
def test_a_truncated_body_is_half_of_it_and_says_it_is_all(form: str) -> None:
    whole = find(type=form).content
    response = with_fault(Fault.truncated(), form)
    assert response.content == whole[: len(whole) // 2]
    assert response.headers["content-length"] == str(len(whole) // 2)


def test_a_cut_off_reply_breaks_the_connection() -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        with_fault(Fault.cut_off())


@pytest.mark.parametrize("form", ["1", "2"])
def test_records_are_changed_as_they_go_out(form: str) -> None:
    assert "mock_extra" in with_fault(Fault.extra_fields(), form).text
    assert "weight" in with_fault(Fault.renamed_field("wgt", "weight"), form).text


def test_a_duplicated_refusal_has_every_element_twice() -> None:
    assert with_fault(Fault.duplicated_refusal("E9", "x")).json() == {
        "thingList": [{"msg": "x"}, {"code": "E9"}, {"msg": "x"}, {"code": "E9"}]
    }


def test_the_printed_declaration_stands_before_an_unchanged_reply() -> None:
    printed = with_fault(Fault.printed_declaration(), "2").content
    assert printed.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="true"><Things>')
    tight = with_fault(Fault.printed_declaration(with_spaces=False), "2").content
    assert tight.startswith(b'<?xml version="1.0"encoding="UTF-8"standalone="true">')


def test_a_fault_leaves_no_trace_in_the_replies_after_it() -> None:
    app = tiny(Kept([BOLT]))
    with http(app) as client:
        before = client.get("/tiny/find", params=FIND).content
        play(app, Fault.extra_fields())
        assert client.get("/tiny/find", params=FIND).content != before
        assert client.get("/tiny/find", params=FIND).content == before


def test_a_slow_reply_takes_the_time_of_the_clock() -> None:
    app = tiny()
    play(app, Fault.slow(2.5))
    with http(app) as client:
        assert json.loads(client.get("/tiny/find", params=FIND).content)
    clock: Any = mock_of(app).clock
    assert clock.waits == [2.5]

"""Open objects, files that are measured as they arrive, limits as the server sees them."""

import hashlib
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import Operation, RequestSpec, System
from gridwright_runtime.limits.kinds import Limits, SpacingLimit
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault, soap_fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.multipart.write import (
    FileContent,
    FormPart,
    form_content_type,
    form_length,
    form_pieces,
)

from .support import (
    APPLICATIONS,
    APPLYING,
    FILE,
    LOCAL,
    NOON,
    NUMBER,
    SUNDAY_NIGHT,
    FixedWorld,
    State,
    anything,
    argument,
    broken,
    clock_of,
    http,
    make,
    mock_of,
    one,
    play,
)

DRAWING = FormPart(
    name=FILE, content=b"%PDF invented\r\n", filename="配線図 1.pdf", content_type="application/pdf"
)
FIRST = FormPart(name=NUMBER, content=b"A0000000001")


def takusou(**options: Any) -> Any:
    """Return the mock of the system with the world that is written for it."""
    return make(APPLICATIONS, APPLYING, **options)


def post(app: Any, path: str, body: object) -> httpx2.Response:
    with http(app) as client:
        return client.post(path, json=body)


def upload(app: Any, parts: list[FormPart]) -> httpx2.Response:
    with http(app) as client:
        return client.post(
            "/FileTnpu",
            content=b"".join(form_pieces(parts, "edge")),
            headers={"content-type": form_content_type("edge")},
        )


def test_an_application_gets_a_number_that_later_calls_know() -> None:
    app = takusou()
    response = post(app, "/JojMshkm", {"anything": {"goes": [1, "二"]}})
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    progress = post(app, "/KoteiJohShtk", {NUMBER: response.json()[NUMBER]})
    assert progress.json()["MOCK_stage"] == "受付"


def test_open_records_carry_what_the_document_does_not_name() -> None:
    world = FixedWorld({"items": {"MOCK": [1, "二"]}})
    app = takusou(world=world)
    assert post(app, "/JojMshkm", {"other": {"a": 1.50}}).json() == {"MOCK": [1, "二"]}
    items: Any = world.arguments["items"]
    assert str(items["other"]["a"]) == "1.5"


def test_an_item_that_is_not_as_documented_is_a_400_and_hidden() -> None:
    app = takusou()
    response = post(app, "/KoteiJohShtk", {NUMBER: "x" * 41})
    assert (response.status_code, "mock-2002" in response.text) == (400, True)
    (entry,) = mock_of(app).journal
    assert (entry.outcome, entry.code, entry.parameters) == (
        "too-long",
        "mock-2002",
        {NUMBER: "***"},
    )


def test_another_media_type_is_a_415() -> None:
    with http(takusou()) as client:
        assert client.post("/JojMshkm", data={"a": "b"}).status_code == 415


# Files.


def test_a_file_is_measured_and_told_and_not_shown() -> None:
    app = takusou()
    response = upload(app, [FIRST, DRAWING])
    told = response.json()
    assert told[NUMBER] == "A0000000001"
    assert told["MOCK_file_name"] == "配線図 1.pdf"
    assert told["MOCK_size_bytes"] == 15
    assert told["MOCK_sha256"] == hashlib.sha256(b"%PDF invented\r\n").hexdigest()
    (entry,) = mock_of(app).journal
    assert entry.parameters[NUMBER] == "***"
    assert entry.parameters[FILE].startswith("15 bytes, SHA-256 ")
    assert "配線図" not in repr(entry)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([FIRST], "mock-2001"),
        ([FIRST, FormPart(name=FILE, content=b"a text")], "mock-2003"),
        ([FormPart(name=NUMBER, content=b"A7"), DRAWING], "mock-3001"),
    ],
)
def test_a_form_that_is_not_as_it_has_to_be_is_a_400(parts: list[FormPart], code: str) -> None:
    response = upload(takusou(), parts)
    assert (response.status_code, code in response.text) == (400, True)


def test_a_form_that_is_cut_off_is_a_400() -> None:
    body = b"".join(form_pieces([FIRST, DRAWING], "edge"))[:-20]
    with http(takusou()) as client:
        headers = {"content-type": form_content_type("edge")}
        assert client.post("/FileTnpu", content=body, headers=headers).status_code == 400
        assert client.post("/FileTnpu", content=body).status_code == 415


def test_a_file_of_200_mb_takes_no_memory_worth_mentioning() -> None:
    size = 200 * 1024 * 1024
    block = bytes(65_536)

    def pieces() -> Iterator[bytes]:
        for _ in range(size // len(block)):
            yield block

    parts = [
        FIRST,
        FormPart(name=FILE, content=FileContent(size=size, pieces=pieces), filename="f"),
    ]
    length = str(form_length(parts, "edge"))
    headers = {"content-type": form_content_type("edge"), "content-length": length}
    with httpx2.Client(transport=MockTransport(takusou()), base_url=LOCAL) as client:
        tracemalloc.start()
        try:
            response = client.post("/FileTnpu", content=form_pieces(parts, "edge"), headers=headers)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert response.json()["MOCK_size_bytes"] == size
    assert peak < 4 * 1024 * 1024


# Limits.


def test_closed_hours_are_a_503_and_nothing_is_carried_out() -> None:
    world = FixedWorld({})
    app = takusou(now=SUNDAY_NIGHT, world=world)
    response = post(app, "/JojMshkm", {})
    assert (response.status_code, "mock-4001" in response.text, world.asked) == (503, True, [])
    assert broken(app) == [("sunday_night", "5400 s too early")]
    clock_of(app).advance(5400)
    assert post(app, "/JojMshkm", {}).status_code == 200


def test_a_broken_limit_is_answered_as_if_nothing_were_wrong() -> None:
    app = takusou()
    number = post(app, "/JojMshkm", {}).json()[NUMBER]
    clock_of(app).advance(0.25)
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 200
    assert broken(app) == [("same_application", "0.75 s too early")]


@pytest.mark.parametrize(("choice", "status"), [("503", 503), ("429", 429), ("fault", 500)])
def test_a_broken_limit_is_refused_on_request(choice: str, status: int) -> None:
    app = takusou(when_broken=choice)
    number = post(app, "/JojMshkm", {}).json()[NUMBER]
    response = post(app, "/ShnkoTdk", {NUMBER: number})
    assert response.status_code == status
    assert "mock-4002: same_application: 1 s too early" in response.text
    assert (response.headers.get("retry-after") == "1") == (choice == "429")
    clock_of(app).advance(1)
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 200


def test_each_limit_may_have_an_answer_of_its_own() -> None:
    answers = {"sunday_night": "journal", "same_application": "503"}
    app = takusou(now=SUNDAY_NIGHT, when_broken=answers)
    number = post(app, "/JojMshkm", {}).json()[NUMBER]
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 503
    with pytest.raises(ConfigurationError, match="no limit is named sunday_nigth; known: sunday"):
        takusou(when_broken={"sunday_nigth": "503"})


def test_calls_at_once_are_counted_over_the_group() -> None:
    class Busy(ManualClock):
        """While somebody sleeps, others call."""

        depth = 0

        def sleep(self, seconds: float) -> None:
            self.depth += 1
            play(app, Fault.slow(1))
            if self.depth < 4:
                post(app, "/KoteiJohShtk" if self.depth % 2 else "/JojMshkm", {})

    app = takusou(clock=Busy(NOON), world=FixedWorld({}))
    play(app, Fault.slow(1))
    post(app, "/JojMshkm", {})
    assert broken(app) == [("two_at_once", "1 call too many"), ("two_at_once", "2 calls too many")]
    assert mock_of(app).watch.figures()["two_at_once"]["most_at_once"] == 4


def test_a_call_that_fails_is_over_all_the_same() -> None:
    class Broken(FixedWorld):
        def answer(self, operation: str, question: object) -> Any:
            raise ZeroDivisionError

    app = takusou(world=Broken())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            post(app, "/JojMshkm", {})
    assert mock_of(app).watch.figures()["two_at_once"]["most_at_once"] == 1


def test_what_two_limits_are_about_is_not_mixed_up() -> None:
    def about(name: str, wire: str, argument_name: str) -> Operation[Any]:
        return one(
            name=name,
            path=f"/{name}",
            request=RequestSpec(model=State, check=anything, parts=(argument(wire),)),
            same={name: argument_name},
        )

    limits = Limits(
        tuple(
            SpacingLimit(name=f"{name}_pause", wait_seconds=1.0, same=name)
            for name in ("number", "stage")
        )
    )
    operations = [
        about("number", "uketsukeNo", "application_number"),
        about("stage", "kotei", "stage"),
    ]
    app = make(System(name="unheard_of", limits=limits), operations, world=FixedWorld({}))
    with http(app) as client:
        client.get("/number?uketsukeNo=7")
        client.get("/stage?kotei=7")
        client.get("/stage?kotei=7")
    assert [name for name, _ in broken(app)] == ["stage_pause"]


def test_limits_and_the_journal_page_are_there_for_every_system() -> None:
    app = takusou()
    number = post(app, "/JojMshkm", {}).json()[NUMBER]
    post(app, "/ShnkoTdk", {NUMBER: number})
    with http(app) as client:
        shown = json.loads(client.get("/.gridwright/journal").content)
        assert shown["requests"] == {"apply_regular": 1, "report_completion": 1}
        assert shown["limits"]["same_application"]["broken"] == 1
        client.delete("/.gridwright/journal")
        assert client.get("/.gridwright/journal").json()["broken_limits"] == []
    assert not broken(app)


def test_faults_without_soap_are_statuses() -> None:
    app = takusou()
    play(app, soap_fault())
    assert post(app, "/JojMshkm", {}).status_code == 500
    play(app, Fault.refused("X-1", "mock: no"))
    response = post(app, "/JojMshkm", {})
    assert (response.status_code, "X-1: no" in response.text) == (400, True)

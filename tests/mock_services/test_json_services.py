"""Open JSON objects in and out: what is accepted, what is refused, what the journal says."""

import json

import pytest

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.services import (
    build_service_application,
    soap_fault,
    system_failure,
)
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.mock.worlds.invented_services import InventedServices

from . import systems
from .support import CLOSED, NOON, broken, clock_of, http, mock_of, play, post, takusou
from .systems import NUMBER


def apply(app: object, **items: object) -> str:
    """Apply, and return the number."""
    reply = post(app, "/JojMshkm", items).json()  # type: ignore[arg-type]  # a helper's shorthand
    number = reply[NUMBER]
    assert isinstance(number, str)
    return number


def test_an_application_gets_a_number_that_later_calls_know() -> None:
    app = takusou()
    response = post(app, "/JojMshkm", {"anything": {"goes": [1, "二"]}})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=UTF-8"
    progress = post(app, "/KoteiJohShtk", {NUMBER: response.json()[NUMBER]})
    assert progress.json()["MOCK_stage"] == "受付"


def test_an_unknown_number_is_a_400_with_a_code_that_no_service_has() -> None:
    response = post(takusou(), "/KoteiJohShtk", {NUMBER: "A9999999999"})
    assert response.status_code == 400
    assert "mock-3001" in response.text


def test_an_item_that_is_not_as_documented_is_a_400() -> None:
    app = takusou()
    response = post(app, "/KoteiJohShtk", {NUMBER: "x" * 41})
    assert (response.status_code, "mock-2002" in response.text) == (400, True)
    assert "xxxx" not in response.text
    (entry,) = mock_of(app).journal
    assert (entry.status, entry.outcome, entry.code) == (400, "too-long", "mock-2002")
    assert entry.parameters == {NUMBER: "***"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_a_400(body: bytes) -> None:
    assert post(takusou(), "/KoteiJohShtk", body).status_code == 400


def test_another_media_type_is_a_415() -> None:
    with http(takusou()) as client:
        response = client.post("/JojMshkm", data={"a": "b"})
    assert response.status_code == 415


def test_another_path_or_method_is_a_404_or_405_and_stands_in_the_journal() -> None:
    app = takusou()
    with http(app) as client:
        assert client.post("/Jo jMshkm").status_code == 404
        assert client.get("/JojMshkm").status_code == 405
        assert client.get("/JojMshkm").headers["allow"] == "POST"
    assert [entry.outcome for entry in mock_of(app).journal] == [
        "not-found",
        "wrong-method",
        "wrong-method",
    ]


def test_the_same_seed_gives_the_same_replies() -> None:
    def told(seed: int) -> object:
        return post(takusou(seed=seed), "/KeiykSntiJohShtk", {NUMBER: "A0000000001"}).json()

    assert told(1) == told(1)
    assert any(told(1) != told(seed) for seed in range(2, 6))


def test_closed_hours_are_a_503_and_nothing_is_carried_out() -> None:
    app = takusou(now=CLOSED)
    world = mock_of(app).world
    response = post(app, "/JojMshkm", {})
    assert response.status_code == 503
    assert "mock-4001" in response.text
    assert world.count == 3  # type: ignore[attr-defined]  # the world of this system
    assert broken(app) == [("sunday_night", "5400 s too early")]
    clock_of(app).advance(5400)
    assert post(app, "/JojMshkm", {}).status_code == 200


def test_a_broken_limit_is_answered_as_if_nothing_were_wrong() -> None:
    app = takusou()
    number = apply(app)
    clock_of(app).advance(0.25)
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 200
    assert broken(app) == [("same_application", "0.75 s too early")]


@pytest.mark.parametrize(("choice", "status"), [("503", 503), ("429", 429), ("fault", 500)])
def test_a_broken_limit_is_refused_on_request(choice: str, status: int) -> None:
    app = takusou(when_broken=choice)
    number = apply(app)
    response = post(app, "/ShnkoTdk", {NUMBER: number})
    assert response.status_code == status
    assert "mock-4002: same_application: 1 s too early" in response.text
    assert (response.headers.get("retry-after") == "1") == (choice == "429")
    clock_of(app).advance(1)
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 200


def test_each_limit_may_have_an_answer_of_its_own() -> None:
    app = takusou(now=CLOSED, when_broken={"sunday_night": "journal", "same_application": "503"})
    number = apply(app)
    assert post(app, "/ShnkoTdk", {NUMBER: number}).status_code == 503
    with pytest.raises(ConfigurationError, match="no limit is named sunday_nigth; known: sunday"):
        takusou(when_broken={"sunday_nigth": "503"})


def test_calls_at_once_are_counted_over_the_group() -> None:
    class Busy(ManualClock):
        """While somebody sleeps, others call."""

        def __init__(self) -> None:
            super().__init__(NOON)
            self.depth = 0

        def sleep(self, seconds: float) -> None:
            self.depth += 1
            play(app, Fault.slow(1))
            if self.depth < 4:
                post(app, "/KoteiJohShtk" if self.depth % 2 else "/JojMshkm", {})

    clock = Busy()
    app = takusou(clock=clock)
    play(app, Fault.slow(1))
    post(app, "/JojMshkm", {})
    assert broken(app) == [("two_at_once", "1 call too many"), ("two_at_once", "2 calls too many")]
    assert mock_of(app).watch.figures()["two_at_once"]["most_at_once"] == 4


def test_a_call_that_fails_is_over_all_the_same() -> None:
    app = takusou()

    class Broken(InventedServices):
        def answer(self, operation: str, question: object) -> object:  # type: ignore[override]  # a world gone wrong
            raise ZeroDivisionError

    app = takusou(world=Broken(systems.TAKUSOU, seed=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            post(app, "/JojMshkm", {})
    assert mock_of(app).watch.figures()["two_at_once"]["most_at_once"] == 1


def test_faults_are_played() -> None:
    app = takusou()
    play(app, Fault.html())
    assert post(app, "/JojMshkm", {}).text.startswith("<!DOCTYPE html>")
    play(app, Fault.status(502))
    assert post(app, "/JojMshkm", {}).status_code == 502
    play(app, Fault.too_many(7))
    assert post(app, "/JojMshkm", {}).headers["retry-after"] == "7"
    play(app, Fault.truncated())
    with pytest.raises(json.JSONDecodeError):
        post(app, "/JojMshkm", {}).json()
    play(app, Fault.extra_fields({"more": "1"}))
    assert post(app, "/JojMshkm", {}).json()["more"] == "1"
    play(app, Fault.refused("X-1", "mock: no"))
    assert "X-1: no" in post(app, "/JojMshkm", {}).text
    play(app, system_failure())
    assert post(app, "/JojMshkm", {}).status_code == 500
    play(app, soap_fault())
    assert post(app, "/JojMshkm", {}).status_code == 500
    assert not mock_of(app).faults.pending


def test_items_and_personal_values_stay_out_of_the_journal() -> None:
    app = takusou()
    post(app, "/JojMshkm", {NUMBER: "", "customer": "見本太郎"})
    (entry,) = mock_of(app).journal
    assert "見本太郎" not in repr(entry)
    assert (entry.operation, entry.method, entry.format) == ("apply_regular", "POST", "json")


def test_a_system_without_a_world_gets_one_from_its_models() -> None:
    operations = [
        type(operation)(
            **{
                **{name: getattr(operation, name) for name in operation.__struct_fields__},
                "system": "unheard_of",
            }
        )
        for operation in systems.TAKUSOU
    ]
    app = build_service_application(
        system="unheard_of", operations=operations, clock=ManualClock(NOON)
    )
    reply = post(app, "/JojMshkm", {NUMBER: "A1"}).json()
    assert reply[NUMBER] == "A1"


def test_two_operations_at_one_path_are_refused() -> None:
    twice = (systems.TAKUSOU[0], systems.takusou("other", "JojMshkm"))
    with pytest.raises(ConfigurationError, match="have the same path"):
        build_service_application(system="kansai_takusou", operations=twice)


def test_the_transport_needs_no_event_loop() -> None:
    transport = MockTransport(takusou())
    assert transport._run.__name__ == "_run_straight"

"""Faults wait in order and are played once; the journal keeps the last requests only."""

import pytest

from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.journal import Journal, JournalEntry

from .support import FIND, NOON, http, make, mock_of, one, play, tiny


def statuses(app: object, count: int = 3) -> list[int]:
    with http(app) as client:  # type: ignore[arg-type]  # an application
        return [client.get("/tiny/find", params=FIND).status_code for _ in range(count)]


def test_a_fault_is_played_as_often_as_said_and_then_no_more() -> None:
    app = tiny()
    play(app, Fault.status(503), "find_things", times=2)
    assert statuses(app) == [503, 503, 200]


def test_faults_are_played_in_the_order_in_which_they_were_added() -> None:
    app = tiny()
    play(app, Fault.status(502))
    play(app, Fault.status(503), "find_things")
    assert statuses(app) == [502, 503, 200]


def test_a_fault_of_one_operation_leaves_others_alone() -> None:
    from .support import UNHEARD, FixedWorld

    app = make(UNHEARD, [one(), one(name="other", path="/other")], world=FixedWorld({}))
    play(app, Fault.status(503), "other")
    with http(app) as client:
        assert client.get("/one").status_code == 200
    assert [operation for operation, _ in mock_of(app).faults.pending] == ["other"]
    mock_of(app).faults.clear()
    assert not mock_of(app).faults.pending


def test_a_fault_of_an_operation_that_is_not_there_is_an_error_with_a_hint() -> None:
    with pytest.raises(ValueError, match="did you mean 'find_things'"):
        play(tiny(), Fault.html(), "find_thing")
    with pytest.raises(ValueError, match="at least 1"):
        play(tiny(), Fault.html(), times=0)


def test_a_fault_is_played_on_bad_requests_too_and_noted() -> None:
    app = tiny()
    play(app, Fault.status(503))
    with http(app) as client:
        assert client.get("/tiny/find").status_code == 503
    (entry,) = mock_of(app).journal
    assert (entry.fault, entry.status) == ("status 503", 503)


def test_nul_is_in_names_but_not_in_codes_and_not_in_xml() -> None:
    from .support import FixedWorld

    app = tiny(FixedWorld([{"thing_number": "부품이름", "kind": "Y"}]))
    for form, expected in (("1", "부품이름\\u0000"), ("2", "부품이름<")):
        play(app, Fault.nul_in_text())
        with http(app) as client:
            text = client.get("/tiny/find", params={**FIND, "type": form}).text
        assert expected in text
        assert "Y\\u0000" not in text


def test_the_journal_keeps_the_last_requests_only() -> None:
    app = tiny(journal_size=2)
    with http(app) as client:
        for form in ("1", "2", "1"):
            client.get("/tiny/find", params={**FIND, "type": form})
    assert [entry.format for entry in mock_of(app).journal] == ["xml", "json"]


def test_the_journal_is_a_sequence_that_can_be_cleared() -> None:
    journal = Journal(5)
    for name in ("a", "b", "c"):
        journal.write(JournalEntry(time=NOON, operation=name, method="GET"))
    assert journal[-1].operation == "c"
    assert [entry.operation for entry in journal[:2]] == ["a", "b"]
    assert [entry.operation for entry in journal.of("b")] == ["b"]
    journal.clear()
    assert len(journal) == 0


def test_requests_to_nowhere_are_noted_without_their_path() -> None:
    app = tiny()
    with http(app) as client:
        client.get("/customers/0100000001", params={"0100000001": "0100000001"})
        client.request("BREW", "/tiny/find")
    missing, wrong = mock_of(app).journal
    assert (missing.operation, missing.status, missing.outcome) == (None, 404, "not-found")
    assert (wrong.method, wrong.status, wrong.outcome) == ("other", 405, "wrong-method")
    assert "0100000001" not in repr(list(mock_of(app).journal))

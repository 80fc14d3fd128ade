"""The journal says what was asked and hides what is nobody's business."""

from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.journal import Journal, JournalEntry
from gridwright_runtime.mock.world import Refusal

from .support import KEY, NOON, SetClock, TinyWorld, http, mock_of, play, tiny_application
from .tiny_api import BOLT, FIND


def entry_for(world: TinyWorld | None = None, /, **changes: str) -> JournalEntry:
    app = tiny_application(world)
    with http(app) as client:
        client.get("/tiny/find", params={**FIND, **changes})
    (entry,) = mock_of(app).journal
    return entry


def test_an_entry_says_what_was_asked_and_when() -> None:
    assert entry_for(TinyWorld([BOLT, BOLT])) == JournalEntry(
        time=NOON,
        operation="find_things",
        method="GET",
        format="json",
        parameters={"owner": "***", "day": "20241001", "key": "***", "type": "1"},
        records=2,
    )


def test_an_entry_says_why_a_request_was_refused() -> None:
    entry = entry_for(TinyWorld(Refusal("no-data", "E7", "x")), type="2")
    assert (entry.outcome, entry.code, entry.records, entry.format) == ("no-data", "E7", 0, "xml")
    assert entry_for(key="no").outcome == "wrong-key"
    assert entry_for(key="").outcome == "missing-key"
    assert entry_for(owner="").outcome == "missing-parameter"
    assert entry_for(owner="toolong").outcome == "too-long-parameter"
    assert entry_for(day="x").outcome == "malformed-parameter"


def test_secret_and_personal_values_are_nowhere_in_it() -> None:
    secret = "visible-secret"
    for entry in (entry_for(owner=secret), entry_for(key=secret), entry_for(day=secret)):
        assert secret not in repr(entry)


def test_names_that_the_operation_does_not_have_are_left_out() -> None:
    assert "0100000001" not in repr(entry_for(**{"0100000001": "0100000001"}))


def test_requests_to_nowhere_are_noted_without_their_path() -> None:
    app = tiny_application()
    with http(app) as client:
        client.get("/customers/0100000001")
        client.request("BREW", "/tiny/find")
    missing, wrong = mock_of(app).journal
    assert (missing.operation, missing.status, missing.outcome) == (None, 404, "not-found")
    assert (wrong.method, wrong.status, wrong.outcome) == ("other", 405, "wrong-method")
    assert "0100000001" not in repr(list(mock_of(app).journal))


def test_a_fault_is_noted() -> None:
    app = tiny_application()
    play(app, None, Fault.status(503))
    with http(app) as client:
        client.get("/tiny/find", params=FIND)
    (entry,) = mock_of(app).journal
    assert (entry.fault, entry.status) == ("status 503", 503)


def test_replies_that_were_kept_are_noted_like_others() -> None:
    clock = SetClock()
    app = tiny_application(clock=clock)
    with http(app) as client:
        for _ in range(3):
            client.get("/tiny/find", params=FIND)
    assert len(mock_of(app).journal.of("find_things")) == 3
    assert mock_of(app).journal.of("save_thing") == []


def test_the_journal_keeps_the_last_requests_only() -> None:
    app = tiny_application(journal_size=2)
    with http(app) as client:
        for type_ in ("1", "2", "1"):
            client.get("/tiny/find", params={**FIND, "type": type_})
    assert [entry.format for entry in mock_of(app).journal] == ["xml", "json"]


def test_the_journal_is_a_sequence_that_can_be_cleared() -> None:
    journal = Journal(5)
    for name in ("a", "b", "c"):
        journal.write(JournalEntry(time=NOON, operation=name, method="GET"))
    assert journal[-1].operation == "c"
    assert [entry.operation for entry in journal[:2]] == ["a", "b"]
    assert repr(journal) == "Journal(3 entries)"
    journal.clear()
    assert len(journal) == 0


def test_the_mock_never_shows_its_key() -> None:
    app = tiny_application()
    with http(app) as client:
        client.get("/tiny/find", params=FIND)
    assert KEY not in repr(mock_of(app)) + repr(app.routes) + str(app.state._state)

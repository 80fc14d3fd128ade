"""The journal of broken limits can be read on this machine, and is summed up at the end."""

import asyncio
import io
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.types import Message, Scope

from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.serve import running
from gridwright_runtime.mock.serving.journal_page import JOURNAL_PATH, summary

from .support import (
    CLOSED,
    NOON,
    NUMBER,
    clock_of,
    http,
    kakusyu,
    mock_of,
    post,
    takusou,
    takusou_two_at_once,
    thai,
    usage,
)


def broken_twice() -> Starlette:
    app = takusou()
    number = post(app, "/JojMshkm", {}).json()[NUMBER]
    clock_of(app).advance(0.98)
    post(app, "/ShnkoTdk", {NUMBER: number})
    post(app, "/MshkmTrkesh", {NUMBER: number})
    return app


def test_the_journal_says_what_was_broken_by_how_much_and_what_was_measured() -> None:
    with http(broken_twice()) as client:
        found = client.get(JOURNAL_PATH).json()
    assert found["system"] == "kansai_takusou"
    assert found["requests"] == {
        "apply_regular": 1,
        "report_completion": 1,
        "cancel_application": 1,
    }
    assert found["limits"]["same_application"] == {
        "kind": "spacing",
        "broken": 2,
        "requests": 2,
        "least_seconds": 0.0,
    }
    first, second = found["broken_limits"]
    assert first == {
        "time": "2024-10-05T03:00:00.980000+00:00",
        "operation": "report_completion",
        "limit": "same_application",
        "kind": "spacing",
        "seconds_too_early": 0.02,
        "seconds_too_long": 0.0,
        "calls_too_many": 0,
    }
    assert second["seconds_too_early"] == 1.0


def test_small_amounts_can_be_left_out() -> None:
    with http(broken_twice()) as client:
        found = client.get(JOURNAL_PATH, params={"more_than_seconds": "0.05"}).json()
        wrong = client.get(JOURNAL_PATH, params={"more_than_seconds": "soon"})
    assert [one["seconds_too_early"] for one in found["broken_limits"]] == [1.0]
    assert wrong.status_code == 400


def test_the_journal_can_be_emptied() -> None:
    with http(broken_twice()) as client:
        assert len(client.delete(JOURNAL_PATH).json()["broken_limits"]) == 2
        assert client.get(JOURNAL_PATH).json()["broken_limits"] == []


@pytest.mark.parametrize(
    ("client", "status"), [(("192.0.2.7", 1), 404), (None, 404), (("::1", 1), 200)]
)
def test_others_on_the_network_do_not_see_it(client: tuple[str, int] | None, status: int) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": JOURNAL_PATH,
        "query_string": b"",
        "headers": [],
        "client": client,
    }
    asyncio.run(broken_twice()(scope, receive, send))
    assert sent[0]["status"] == status


def test_a_summary_says_what_was_broken_how_often_and_how_badly() -> None:
    assert summary(mock_of(broken_twice())) == (
        "3 requests\nsame_application was broken 2 times, at worst by 1 s too early"
    )
    app = takusou()
    post(app, "/JojMshkm", {})
    assert summary(mock_of(app)) == "1 request\nno limit was broken"


class Together(ManualClock):
    """Whoever sleeps, wakes when four do."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.barrier = asyncio.Barrier(4)

    async def async_sleep(self, seconds: float) -> None:
        await self.barrier.wait()


def test_calls_at_once_over_real_connections_are_counted() -> None:
    app = takusou_two_at_once(clock=Together())
    mock_of(app).faults.add("apply_regular", Fault.slow(1), times=4)

    def apply(address: str) -> None:
        with httpx2.Client(base_url=address, trust_env=False, timeout=30) as client:
            client.post("/JojMshkm", json={})

    with running(app) as address:
        threads = [threading.Thread(target=apply, args=(address,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        with httpx2.Client(base_url=address, trust_env=False) as client:
            found = client.get(JOURNAL_PATH).json()
    assert found["limits"]["two_at_once"]["most_at_once"] == 4
    assert sorted(
        one["calls_too_many"] for one in found["broken_limits"] if one["limit"] == "two_at_once"
    ) == [1, 2]


@contextmanager
def all_logs() -> Iterator[io.StringIO]:
    """Collect what any logger of this process says, however talkative it is set."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def test_no_log_of_the_server_shows_a_path_or_a_query() -> None:
    app = thai()
    token = "invented-token"
    with all_logs() as logs:
        with running(app) as address:
            # The client says what it sends; here only the server counts.
            for name in ("httpx2", "httpcore2"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
            with httpx2.Client(base_url=address, trust_env=False) as client:
                client.get("/api/v1/PowerCapital/9000000000012", headers={"Token": token})
                client.get("/nowhere/9000000000012?number=9000000000012")
        logging.getLogger("any").debug("the collector works")
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    assert "the collector works" in logs.getvalue()
    assert "9000000000012" not in logs.getvalue()
    assert token not in logs.getvalue()


SERVER = """
from gridwright_runtime.mock.serve import serve
from tests.mock.services.support import takusou
serve(takusou())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to stop a server by")
def test_serving_says_where_the_journal_is_and_sums_up(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        address = run.stdout.readline().split()[2]
        assert run.stdout.readline() == f"broken limits: {address}{JOURNAL_PATH}\n"
        assert run.stdout.readline() == f"base_url of a client: {address}\n"
        with httpx2.Client(base_url=address, trust_env=False) as client:
            reply = client.post("/JojMshkm", json={}).json()
            client.post("/ShnkoTdk", json=reply)
        run.send_signal(number)
        rest, _ = run.communicate(timeout=30)
    assert rest.startswith("2 requests\nsame_application was broken 1 time, at worst by 1 s")


def test_a_personal_number_is_in_no_journal() -> None:
    app = thai()
    usage(app, "9000000000012")
    with http(app) as client:
        page = client.get(JOURNAL_PATH).text
    assert "9000000000012" not in page + repr(list(mock_of(app).journal))


def test_closed_hours_stand_in_the_journal_too() -> None:
    app = kakusyu(now=CLOSED)
    with http(app) as client:
        client.post(
            "/H231MshikomikenmeiichiranYokyuServiceProvider",
            content=b"",
            headers={"content-type": "text/xml"},
        )
        (one,) = client.get(JOURNAL_PATH).json()["broken_limits"]
    assert (one["kind"], one["seconds_too_early"]) == ("closed_hours", 5400.0)

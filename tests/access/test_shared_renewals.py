"""Refresh tokens that each use replaces, shared by processes: none is used twice by mistake.

The processes are real, keep their login in files or at a real server, and one of them is killed.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.sending.support import KINDS, NUMBER, Arguments, Kind, value_of
from tests.shared_server.servers import OwnServer, own_server

from gridwright_runtime.access import valkey
from gridwright_runtime.access.kept_result import KeptResult
from gridwright_runtime.access.valkey import ValkeyLoginStore
from gridwright_runtime.client import BaseClient
from gridwright_runtime.errors import StoreError
from gridwright_runtime.mock.serve import running
from gridwright_runtime.shared_server.encryption import new_key
from gridwright_runtime.shared_server.server import Unreachable

from .test_renewals import CODE, GET, renewing
from .test_sharing import workers

pytestmark = pytest.mark.xdist_group("processes")
both = pytest.mark.parametrize("kind", KINDS)


class TokenPlace:
    """Gives tokens; each use of a refresh token replaces it, and ends the access token."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        """The codes and refresh tokens that were sent to it."""
        self.newest = ""
        self.alive = ""
        self.takes_former = False
        """Whether it takes the refresh token before the newest one, too."""
        self.holds_next = False
        self.has_come = threading.Event()
        self._former = ""
        self.app = Starlette(
            routes=[Route("/token", self._give, methods=["POST"]), Route("/get", self._serve)]
        )

    async def _give(self, request: Request) -> Response:
        sent = {name: one[0] for name, one in parse_qs((await request.body()).decode()).items()}
        token = sent.get("refresh_token", "")
        self.sent.append(token or sent["code"])
        good = (self.newest, self._former) if self.takes_former else (self.newest,)
        if token and token not in good:
            return JSONResponse({"error": "invalid_grant"}, 400)
        number = len(self.sent)
        self.newest, self._former = f"refresh-{number}", token
        self.alive = f"access-{number}"
        if self.holds_next:
            self.holds_next = False
            self.has_come.set()
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return Response()
        return JSONResponse(
            {"access_token": self.alive, "refresh_token": self.newest, "expires_in": 3600}
        )

    async def _serve(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {self.alive}":
            return JSONResponse({"status": "no"}, 401)
        return JSONResponse({"value": "served"})


@pytest.fixture(params=["files", "server"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A folder, or the address of a server, in which processes share their login."""
    monkeypatch.delenv("GRIDWRIGHT_STORE", raising=False)
    if request.param == "files":
        yield str(tmp_path / "logins")
        return
    monkeypatch.setenv("GRIDWRIGHT_STORE_KEY", new_key())
    with own_server(tmp_path) as found:
        yield found.url


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnServer]:
    monkeypatch.setenv("GRIDWRIGHT_STORE_KEY", new_key())
    with own_server(tmp_path) as found:
        yield found


def called(url: str, store: str) -> list[list[str]]:
    """Return what the calls of three processes come to that begin together, three calls each."""
    with ExitStack() as stack:
        started = [
            worker
            for kind in KINDS
            for worker in stack.enter_context(
                workers(2 if kind == "sync" else 1, url, store, kind, calls=3, login="tokens")
            )
        ]
        for worker in started:
            worker.start()
        return [worker.results() for worker in started]


def test_processes_that_come_together_use_each_token_once(store: str) -> None:
    place = TokenPlace()
    with running(place.app) as url:
        for sent in ([CODE], [CODE, "refresh-1"]):
            assert called(url, store) == [["served"] * 3] * 3
            assert place.sent == sent
            place.alive = ""  # the service has forgotten it


@pytest.mark.parametrize("takes_former", [True, False], ids=["within a grace", "used up"])
def test_the_token_of_a_process_that_was_killed_in_its_renewal_is_tried_once(
    store: str, *, takes_former: bool
) -> None:
    place = TokenPlace()
    place.takes_former = takes_former
    with running(place.app) as url:
        with workers(1, url, store, "async", login="tokens") as [first]:
            first.start()
            assert first.results() == ["served"]
        place.alive, place.holds_next = "", True
        with workers(1, url, store, "sync", login="tokens") as [holder]:
            holder.start()
            assert place.has_come.wait(20)
            os.kill(holder.process.pid, signal.SIGKILL)
            holder.process.wait()
        assert called(url, store) == [["served"] * 3] * 3
    again = [] if takes_former else [CODE]
    assert place.sent == [CODE, "refresh-1", "refresh-1", *again]


class StoppedOnce(ValkeyLoginStore):
    """Is stopped for long when it has loaded the token that it is about to use."""

    meanwhile: Any = None

    def load(self, account: str) -> KeptResult | None:
        found = super().load(account)
        if self.meanwhile is not None and found is not None and not found.value:
            meanwhile, self.meanwhile = self.meanwhile, None
            # Its lease ends.
            self._server.ask("DEL", f"{{gridwright}}:login:{account}:held")
            meanwhile()
        return found


@both
def test_a_machine_that_was_stopped_for_long_does_not_send_a_token_that_another_has_used(
    server: OwnServer, kind: Kind
) -> None:
    one = renewing(kind)
    store = StoppedOnce(server.url, clock=one.clock)
    one.options["login_store"] = store
    one.call(GET)
    one.service.alive.clear()
    found: list[str] = []

    def another_renews() -> None:
        other = ValkeyLoginStore(server.url.removesuffix("/0"), clock=one.clock)
        with BaseClient(one.system, **(one.facts() | {"login_store": other})) as client:
            found.append(value_of(client._record(GET, Arguments(NUMBER))))

    store.meanwhile = another_renews
    assert one.call(GET).body.value == "good"
    assert found == ["good"]
    assert one.service.sent == [CODE, "refresh-1"]
    assert one.service.calls == ["access-1", "access-1", "access-2", "access-2"]


def test_what_a_renewal_gave_is_saved_when_the_server_answers_again(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_SAVE_PAUSE_SECONDS", 0.01)
    one = renewing("sync")
    store = ValkeyLoginStore(server.url, clock=one.clock)
    one.options["login_store"] = store
    one.call(GET)
    one.service.alive.clear()
    real, losses, saves = store._server.run, [1] * 6, 0

    def run(script: Any, *arguments: Any) -> object:
        nonlocal saves
        saves += script is valkey._SAVE
        if script is valkey._SAVE and saves > 1 and losses:
            losses.pop()
            raise Unreachable("it does not answer")
        return real(script, *arguments)

    monkeypatch.setattr(store._server, "run", run)
    assert one.call(GET).body.value == "good"
    assert losses == []
    one.service.alive.clear()
    assert one.call(GET).body.value == "good"
    assert one.service.sent == [CODE, "refresh-1", "refresh-2"]


def test_a_store_that_cannot_save_is_found_before_a_token_is_used(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = renewing("sync")
    one.options["login_store"] = ValkeyLoginStore(server.url, clock=one.clock)
    one.call(GET)
    one.service.alive.clear()
    server.kill()
    monkeypatch.setattr(valkey, "_RECENT_SECONDS", 0.0)
    monkeypatch.setattr(valkey, "_SILENT_SECONDS", 0.0)
    with pytest.raises(StoreError):
        one.call(GET)
    assert one.service.sent == [CODE]


def test_a_server_that_is_silent_for_a_moment_ends_no_hold(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_RENEW_SECONDS", 0.01)
    store = ValkeyLoginStore(server.url)
    real, losses, is_renewed = store._server.run, [1] * 4, threading.Event()

    def run(script: Any, *arguments: Any) -> object:
        if script is valkey._RENEW:
            if losses:
                losses.pop()
                raise Unreachable("it does not answer")
            is_renewed.set()
        return real(script, *arguments)

    monkeypatch.setattr(store._server, "run", run)
    release = store.try_hold("account")
    assert release is not None
    assert is_renewed.wait(20)
    release()


def test_a_token_that_is_kept_in_files_outlives_a_loss_of_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").is_dir())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    one = renewing("sync", login_store=None, login_folder=tmp_path / "logins")
    one.call(GET)
    assert synced == [False, True]  # the file, then the folder that has it

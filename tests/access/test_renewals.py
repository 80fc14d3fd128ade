"""Results that are renewed by a part of themselves: a refresh token that each renewal replaces."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace
from tests.sending.support import (
    HERE,
    KINDS,
    NUMBER,
    Answer,
    Arguments,
    Caller,
    Kind,
    Transport,
    answered,
    credential,
    operation,
    result,
    shown,
    system,
    text,
    value_of,
)

from gridwright_runtime.access.files import FileLoginStore
from gridwright_runtime.access.kept_result import KeptResult, is_sound
from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.client import BaseAsyncClient, BaseClient
from gridwright_runtime.errors import AuthenticationError, HttpStatusError, LimitError
from gridwright_runtime.interface import Credential, Part, Renewal, Step, System
from gridwright_runtime.retry import RetryPolicy

from .support import fields

both = pytest.mark.parametrize("kind", KINDS)
LOGIN = "https://login.invalid"
CODE = "INVENTED-code"
SECRET = "INVENTED-secret"


def body(wire: str, *pieces: Any) -> Part:
    return Part(wire=wire, place="body", source=text(*pieces))


TOKEN = Step(
    name="token",
    method="POST",
    address={"": f"{LOGIN}/token"},
    parts={
        "": (
            body("grant_type", "authorization_code"),
            body("code", credential("code")),
            body("client_secret", credential("client_secret")),
        )
    },
    encoding="form",
    read={"access": ("body access_token",), "refresh": ("body refresh_token",)},
    lifetime_read="body expires_in",
    refused=(401,),
    optional=("refresh",),
    renewal=Renewal(
        method="POST",
        address={"": f"{LOGIN}/token"},
        parts={
            "": (
                body("grant_type", "refresh_token"),
                body("refresh_token", result("token", "refresh")),
                body("client_secret", credential("client_secret")),
            )
        },
        encoding="form",
    ),
)
BEARER = text("Bearer ", result("token", "access"))
GET = operation("get", Part(wire="Authorization", place="header", source=BEARER))
CREDENTIALS = (
    Credential(name="code", environment="SAMPLE_CODE"),
    Credential(name="client_secret", environment="SAMPLE_SECRET"),
)


def with_renewal(step: Step = TOKEN, *before: Step) -> System:
    return system(
        steps=(*before, step), servers={"": HERE}, default_server="", credentials=CREDENTIALS
    )


@dataclass
class Service:
    """Gives numbered tokens; a refresh token is good once, and for the one that is newest."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    """What the requests of the login carried."""
    calls: list[str] = field(default_factory=list)
    """The tokens of the calls."""
    alive: set[str] = field(default_factory=set)
    newest: str = ""
    takes_code: bool = True
    gives_refresh: bool = True
    answers: list[Answer] = field(default_factory=list)
    """What the next requests of the login are answered."""
    lock: Lock = field(default_factory=Lock)
    wait: Callable[[], Any] | None = None

    @property
    def transport(self) -> Any:
        return Slow(self) if self.wait is not None else Transport(self)

    @property
    def sent(self) -> list[str]:
        return [one.get("refresh_token") or one.get("code", "first") for one in self.seen]

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        with self.lock:
            return self._handle(request)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host != "login.invalid":
            token = request.headers["Authorization"].removeprefix("Bearer ")
            self.calls.append(token)
            if token not in self.alive:
                return httpx2.Response(401, json={"status": "no"})
            return httpx2.Response(200, json={"value": "good"})
        if request.url.path == "/first":
            self.seen.append({})
            return httpx2.Response(200, json={"first": "first-1"})
        sent = fields(request)
        self.seen.append(sent)
        if self.answers:
            return answered(self.answers.pop(0), request)
        if sent["grant_type"] == "authorization_code":
            good = self.takes_code
        else:
            good = sent["refresh_token"] == self.newest
        if not good:
            shown = " ".join(map(str, sent.values()))
            return httpx2.Response(400, json={"error": "invalid_grant", "told": shown})
        number = len(self.seen)
        given: dict[str, Any] = {"access_token": f"access-{number}", "expires_in": 3600}
        self.alive = {f"access-{number}"}
        if self.gives_refresh:
            self.newest = f"refresh-{number}"
            given["refresh_token"] = self.newest
        return httpx2.Response(200, json=given)


class Slow(Transport):
    """Answers later, so that a caller can be cancelled meanwhile."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        found = await super().handle_async_request(request)
        await self._service.wait()
        return found


def renewing(kind: Kind, made: System | None = None, **options: Any) -> Caller:
    known = {
        "credentials": {"code": CODE, "client_secret": SECRET},
        "login_store": MemoryLoginStore(),
        "retry": RetryPolicy(attempts=1),
    }
    return Caller(kind, Service(), made or with_renewal(), known | options)


@both
def test_each_renewal_sends_what_the_one_before_it_gave(kind: Kind) -> None:
    one = renewing(kind)
    for _ in range(4):
        assert one.call(GET).body.value == "good"
        one.clock.seconds += 3600
    assert one.service.sent == [CODE, "refresh-1", "refresh-2", "refresh-3"]
    assert one.service.calls == ["access-1", "access-2", "access-3", "access-4"]


@both
def test_a_refused_result_is_renewed_and_the_call_repeated(kind: Kind) -> None:
    one = renewing(kind)
    one.call(GET)
    one.service.alive.clear()
    assert one.call(GET).body.value == "good"
    assert one.service.sent == [CODE, "refresh-1"]


@both
def test_a_write_that_is_refused_leaves_the_renewal_to_the_next_call(kind: Kind) -> None:
    change = operation("change", *GET.request.parts, kind="write")
    one = renewing(kind)
    one.call(GET)
    one.service.alive.clear()
    one.calls(change)
    one.call(GET)
    assert one.service.sent == [CODE, "refresh-1"]


@both
def test_a_renewal_that_gives_no_successor_leaves_the_token_good(kind: Kind) -> None:
    one = renewing(kind)
    one.call(GET)
    one.service.gives_refresh = False
    for _ in range(2):
        one.clock.seconds += 3600
        assert one.call(GET).body.value == "good"
    assert one.service.sent == [CODE, "refresh-1", "refresh-1"]


@both
def test_a_login_without_a_refresh_token_is_taken_anew(kind: Kind) -> None:
    one = renewing(kind)
    one.service.gives_refresh = False
    one.call(GET)
    one.clock.seconds += 3600
    one.call(GET)
    assert one.service.sent == [CODE, CODE]


@both
@pytest.mark.parametrize("answer", [400, 401, 403, {"error": "invalid_grant"}])
def test_the_whole_login_follows_a_renewal_that_is_refused(kind: Kind, answer: Answer) -> None:
    one = renewing(kind)
    one.call(GET)
    one.clock.seconds += 3600
    one.service.answers = [answer]
    assert one.call(GET).body.value == "good"
    assert one.service.sent == [CODE, "refresh-1", CODE]
    one.clock.seconds += 3600
    one.call(GET)
    assert one.service.sent[3:] == ["refresh-3"]


@both
def test_an_error_says_that_neither_is_accepted_and_shows_neither(
    kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one = renewing(kind)
    one.call(GET)
    one.clock.seconds += 3600
    one.service.newest, one.service.takes_code = "another", False
    with pytest.raises(AuthenticationError, match="nor is the renewal of what") as caught:
        one.call(GET)
    told = shown(caught.value) + caplog.text + repr(one.options["login_store"]._kept)
    for secret in (CODE, SECRET, "refresh-1", "access-1"):
        assert secret not in told


@both
@pytest.mark.parametrize("answer", [400, 503, 429, httpx2.ReadTimeout("late")])
def test_no_failure_loses_the_token(kind: Kind, answer: Answer) -> None:
    one = renewing(kind)
    one.call(GET)
    one.clock.seconds += 3600
    one.service.takes_code, one.service.answers = False, [answer]
    kinds = (AuthenticationError, HttpStatusError, LimitError, Exception)
    with pytest.raises(kinds):
        one.call(GET)
    one.clock.seconds += 600
    assert one.call(GET).body.value == "good"
    assert one.service.sent[-1] == "refresh-1"


@both
def test_what_is_kept_in_files_is_renewed_by_the_next_process(kind: Kind, tmp_path: Path) -> None:
    one = renewing(kind, login_store=None, login_folder=tmp_path / "logins")
    one.call(GET)
    store = FileLoginStore(tmp_path / "logins")
    [path] = (tmp_path / "logins").glob("*.json")
    kept = store.load(path.stem)
    assert kept is not None
    assert kept.renewal == {"refresh": "refresh-1"}
    other = renewing(kind, login_store=None, login_folder=tmp_path / "logins")
    other.service = one.service
    other.clock.seconds += 7200
    other.call(GET)
    assert one.service.sent == [CODE, "refresh-1"]


class Lost(MemoryLoginStore):
    """Says when it is told that another machine has taken the account."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[bool] = []
        self.asked: Callable[[], None] = lambda: None

    def is_held(self, account: str) -> bool:
        self.asked()
        return self.answers.pop(0)


@both
def test_no_token_is_sent_while_another_machine_has_the_account(kind: Kind) -> None:
    store = Lost()
    one = renewing(kind, login_store=store)
    requests: list[int] = []
    store.asked = lambda: requests.append(len(one.service.seen))
    store.answers = [True, False, True]
    one.call(GET)
    one.clock.seconds += 3600
    assert one.call(GET).body.value == "good"
    assert one.service.sent == [CODE, "refresh-1"]
    assert (requests, store.answers) == ([0, 1, 1], [])


def test_calls_that_come_together_renew_once(tmp_path: Path) -> None:
    one = renewing("sync", login_store=None, login_folder=tmp_path / "logins")
    one.call(GET)
    one.clock.seconds += 3600
    clients = [BaseClient(one.system, **one.facts()) for _ in range(4)]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(12) as pool:
        opened = [stack.enter_context(client) for client in clients]
        calls = [
            pool.submit(opened[number % 4]._record, GET, Arguments(NUMBER)) for number in range(24)
        ]
        found = [value_of(call.result()) for call in calls]
    assert found == ["good"] * 24
    assert one.service.sent == [CODE, "refresh-1"]


def test_tasks_that_come_together_renew_once() -> None:
    one = renewing("async")
    one.service.wait = lambda: asyncio.sleep(0)

    async def run() -> list[str]:
        async with BaseAsyncClient(one.system, **one.facts()) as client:
            await client._record(GET, Arguments(NUMBER))
            one.clock.seconds += 3600
            calls = (client._record(GET, Arguments(NUMBER)) for _ in range(12))
            return [value_of(found) for found in await asyncio.gather(*calls)]

    assert asyncio.run(run()) == ["good"] * 12
    assert one.service.sent == [CODE, "refresh-1"]


def test_who_is_cancelled_meanwhile_does_not_lose_what_the_renewal_gives() -> None:
    one = renewing("async")
    reached: list[asyncio.Event] = []

    async def wait() -> None:
        if len(one.service.seen) == 2 and not reached[0].is_set():
            reached[0].set()
            await reached[1].wait()

    one.service.wait = wait

    async def run() -> str:
        reached.extend([asyncio.Event(), asyncio.Event()])
        async with BaseAsyncClient(one.system, **one.facts()) as client:
            await client._record(GET, Arguments(NUMBER))
            one.clock.seconds += 3600
            call = asyncio.create_task(client._record(GET, Arguments(NUMBER)))
            await reached[0].wait()
            call.cancel()
            await asyncio.sleep(0)
            reached[1].set()
            with pytest.raises(asyncio.CancelledError):
                await call
            return value_of(await client._record(GET, Arguments(NUMBER)))

    assert asyncio.run(run()) == "good"
    assert one.service.sent == [CODE, "refresh-1"]
    assert one.service.calls == ["access-1", "access-2"]


@both
def test_what_customers_have_allowed_is_kept_apart_for_each(kind: Kind) -> None:
    one = renewing(kind)
    first, second = ({"code": code, "client_secret": SECRET} for code in (CODE, "INVENTED-other"))
    one.options["credentials"] = first
    one.call(GET)
    one.options["credentials"] = second
    one.call(GET)
    one.clock.seconds += 3600
    one.call(GET)
    one.options["credentials"] = first
    one.service.newest = "refresh-1"
    one.call(GET)
    assert one.service.sent == [CODE, "INVENTED-other", "refresh-2", "refresh-1"]


@both
def test_a_renewal_needs_nothing_of_the_steps_before_it(kind: Kind) -> None:
    first = Step(
        name="first", method="POST", address={"": f"{LOGIN}/first"}, parts={"": ()},
        read={"": ("body first",)}, lifetime_seconds=60.0,
    )  # fmt: skip
    login = (*TOKEN.parts[""], body("ticket", result("first")))
    one = renewing(kind, with_renewal(replace(TOKEN, parts={"": login}), first))
    one.call(GET)
    one.clock.seconds += 3600
    one.call(GET)
    assert one.service.sent == ["first", CODE, "refresh-2"]
    one.clock.seconds += 3600
    one.service.answers = [400]
    one.call(GET)
    assert one.service.sent[3:] == ["refresh-3", "first", CODE]


def test_a_kept_token_that_no_login_can_have_given_counts_as_nothing() -> None:
    store = MemoryLoginStore()
    one = renewing("sync", login_store=store)
    one.call(GET)
    [kept] = store._kept.values()
    assert isinstance(kept, KeptResult)
    assert is_sound(kept)
    assert not is_sound(replace(kept, renewal={"refresh": "refresh\n1"}))


@both
def test_an_error_shows_what_a_login_says_under_the_names_of_what_it_sent(kind: Kind) -> None:
    one = renewing(kind)
    one.service.answers = [
        httpx2.Response(400, json={"errors": {"code": [f"{CODE} is not known"], "other": "x"}})
    ]
    with pytest.raises(AuthenticationError, match=r"code: \*\*\* is not known") as caught:
        one.call(GET)
    assert CODE not in shown(caught.value)

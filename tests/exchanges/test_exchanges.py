"""Exchanges written by hand: client and mock come of one spec, and could share a mistake.

The client must send each request byte for byte, and make of each reply what the file says. The
mock must understand the same requests, sent by no client of ours, and answer in the shape that
the file says.
"""

import asyncio
import datetime
import importlib
import inspect
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import msgspec
import pytest
from tests.combinations.axes import AXES
from tests.generated_packages import write_package

from gridwright_runtime import errors
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.world import Refusal
from gridwright_runtime.multipart.attachment import Attachment
from gridwright_runtime.multipart.upload import Upload
from gridwright_runtime.reconcile import Found
from gridwright_runtime.record import Record

from .files import EXCHANGES, Exchange, MadeFile, MadeRecord
from .messages import SERIAL, UUID, Message, parsed
from .shapes import differences, tree_of

PACKAGE = "exchange_apis"
NOW = "2024-10-02T03:00:00+00:00"
NAMES = pytest.mark.parametrize("name", EXCHANGES)
A_UUID = "6f1f7f0e-4d7b-4c6e-9a53-2b1f0c3d9e10"
BESIDE = {
    "accept", "accept-charset", "accept-encoding", "connection", "content-length", "user-agent",
}  # fmt: skip
"""Headers that no document of an exchange speaks of, unless the exchange does."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the packages, each generated when it is first asked for."""
    found = tmp_path_factory.mktemp("exchanges")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(found)
        yield found


def _generate(folder: Path, exchange: Exchange) -> None:
    write_package(exchange.spec, folder, f"{PACKAGE}.{exchange.name}")


class Stage:
    """An exchange with its package."""

    def __init__(self, name: str, folder: Path) -> None:
        if not (folder / PACKAGE / name).exists():
            _generate(folder, EXCHANGES[name])
        importlib.invalidate_caches()
        self.exchange: Exchange = EXCHANGES[name]
        self.package: ModuleType = importlib.import_module(f"{PACKAGE}.{name}")
        self.start = datetime.datetime.fromisoformat(self.told.get("clock", NOW))
        self.clock = ManualClock(self.start)
        self.opened = io.BytesIO()
        """Where a call writes the file that it gets."""

    @property
    def told(self) -> Mapping[str, Any]:
        return self.exchange.told

    def options(self) -> dict[str, Any]:
        given = dict(self.told.get("client", {}))
        accepted = inspect.signature(self.package.Client).parameters
        store = {"limit_store": MemoryLimitStore()} if "limit_store" in accepted else {}
        return {**given, **store, "clock": self.clock}

    def options_of(self, call: Mapping[str, Any]) -> dict[str, Any]:
        self.opened = io.BytesIO()
        found = {key: self._made(value) for key, value in call.get("arguments", {}).items()}
        if "strict" in call:
            found["strict"] = call["strict"]
        return found

    def _made(self, value: Any) -> Any:
        if isinstance(value, MadeRecord):
            fields = {key: self._made(one) for key, one in value.fields.items() if key != "of"}
            return getattr(self.package.models, value.fields["of"])(**fields)
        if isinstance(value, MadeFile):
            fields = dict(value.fields)
            kind = fields.pop("as", "upload")
            if kind == "open":
                return self.opened
            content = fields.pop("content").encode()
            if kind == "attachment":
                return Attachment(content=content, **fields)
            return Upload(content, **fields)
        return [self._made(one) for one in value] if isinstance(value, list) else value


class Wire:
    """Carries what a client sends, asserts that it is what was written, and answers likewise."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.expected = [one for call in stage.told["calls"] for one in call.get("wire", [])]

    def handle(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        entry = self.expected.pop(0)
        wanted = parsed(entry["request"])
        target = request.url.raw_path.decode()
        got = Message(
            f"{request.method} {target}",
            tuple((key.decode(), value.decode()) for key, value in request.headers.raw),
            body,
        ).settled()
        assert got.first == wanted.first
        for key, value in wanted.headers:
            assert (key, got.header(key)) == (key, value)
        names = {key.lower() for key, _value in wanted.headers}
        assert {key.lower() for key, _value in got.headers} - BESIDE <= names
        print(got.body.decode())  # what a client tells of it hides values
        assert got.body.decode() == wanted.body.decode()
        if "content-length" in request.headers:
            assert int(request.headers["content-length"]) == len(body)
        if "after" in entry:
            waited = (self._stage.clock.now() - self._stage.start).total_seconds()
            assert waited == pytest.approx(entry["after"], abs=0.1)
        reply = parsed(entry["reply"])
        return httpx2.Response(
            int(reply.first.split()[0]), headers=list(reply.headers), content=reply.body
        )


class ThreadWire(Wire, httpx2.BaseTransport):
    """For clients of threads."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.handle(request, request.read())


class TaskWire(Wire, httpx2.AsyncBaseTransport):
    """For clients of tasks."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.handle(request, await request.aread())


@NAMES
def test_a_client_of_threads_sends_and_reads_what_was_written(name: str, folder: Path) -> None:
    stage = Stage(name, folder)
    wire = ThreadWire(stage)
    with stage.package.Client(**stage.options(), transport=wire, strict=True) as client:
        for call in stage.told["calls"]:
            _wait(stage, call)
            try:
                found = getattr(client, call["call"])(**stage.options_of(call))
                found = list(found) if "pages" in call else found
            except errors.GridwrightError as error:
                found = error
            _check(call, found)
            assert stage.opened.getvalue().decode() == call.get("written", "")
    assert wire.expected == []


@NAMES
def test_a_client_of_tasks_sends_and_reads_what_was_written(name: str, folder: Path) -> None:
    stage = Stage(name, folder)
    wire = TaskWire(stage)

    async def run() -> None:
        async with stage.package.AsyncClient(
            **stage.options(), transport=wire, strict=True
        ) as client:
            for call in stage.told["calls"]:
                _wait(stage, call)
                try:
                    found = getattr(client, call["call"])(**stage.options_of(call))
                    found = await found if inspect.isawaitable(found) else [x async for x in found]
                except errors.GridwrightError as error:
                    found = error
                _check(call, found)
                assert stage.opened.getvalue().decode() == call.get("written", "")

    asyncio.run(run())
    assert wire.expected == []


def _wait(stage: Stage, call: Mapping[str, Any]) -> None:
    if "at" in call:
        stage.clock.set(stage.start + datetime.timedelta(seconds=call["at"]))


def _check(call: Mapping[str, Any], found: Any) -> None:
    if "error" in call:
        wanted = dict(call["error"])
        assert type(found).__name__ == wanted.pop("class"), repr(found)
        for key, value in wanted.items():
            if key == "says":
                assert value in str(found)
            else:
                assert getattr(found, key) == value
        return
    if isinstance(found, errors.GridwrightError):
        raise found
    if "pages" in call:
        assert _same(call["pages"], [_plain(one) for one in found])
        return
    if "found" in call:
        assert _same(call["found"], [_plain(one) for one in found])
        return
    if call.get("strict", True):
        assert found.deviations == ()
    if "deviations" in call:
        assert [f"{one.rule} {one.wire}".strip() for one in found.deviations] == call["deviations"]
    if "records" in call:
        assert _same(call["records"], [_plain(record) for record in found.records])
    else:
        assert _same(call["result"], _plain(found.body))
    for key, value in call.get("also", {}).items():
        assert _same(value, _plain(_followed(found, key)))


def _followed(found: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found[step]
            continue
        found = found[int(step)] if step.isdigit() else getattr(found, step)
        found = found() if callable(found) else found
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Found):
        return {"sent": _plain(value.sent), "stored": _plain(value.stored)}
    if isinstance(value, Record):
        fields = {one.name: getattr(value, one.name) for one in msgspec.structs.fields(value)}
        return {key: _plain(one) for key, one in fields.items() if one is not None}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _same(wanted: Any, found: Any) -> bool:
    """Compare values and their types; the assertion shows both."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        assert found.keys() == wanted.keys()
        return all(_same(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        assert len(found) == len(wanted)
        return all(map(_same, wanted, found))
    if isinstance(wanted, datetime.datetime) and isinstance(found, datetime.datetime):
        # To Python, a time in an hour that comes twice equals no time of another zone.
        wanted, found = wanted.astimezone(datetime.UTC), found.astimezone(datetime.UTC)
    assert (type(found), found) == (type(wanted), wanted)
    return True


# --- the mock ---------------------------------------------------------------------------------


@NAMES
def test_the_mock_understands_what_was_written(name: str, folder: Path) -> None:
    stage = Stage(name, folder)
    make = importlib.import_module(f"{PACKAGE}.{name}.mock").application
    accepted = inspect.signature(make).parameters
    given = {key: value for key, value in stage.told.get("client", {}).items() if key in accepted}
    app = make(clock=stage.clock, **given, **stage.told.get("mock", {}))
    mock = app.state.mock
    texts = {UUID: A_UUID, SERIAL: "17", **stage.told.get("texts", {})}

    async def run() -> None:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport) as sender:
            for call in stage.told["calls"]:
                _wait(stage, call)
                for entry in call.get("wire", []):
                    if "mock" not in entry:
                        continue  # no mock makes such a reply
                    if "after" in entry:
                        stage.clock.set(stage.start + datetime.timedelta(seconds=entry["after"]))
                    expected, seen = entry["mock"], len(mock.journal)
                    if "refuses" in expected:
                        refusal = Refusal(**expected["refuses"])
                        fault = Fault(name="refused", instead=refusal)
                        mock.faults.add(expected.get("operation", call["call"]), fault)
                    reply = await _sent(sender, parsed(entry["request"]).with_texts(texts))
                    _check_reply(expected, reply)
                    if "refuses" not in expected and len(mock.journal) > seen:
                        outcome = expected.get("outcome", "answered")
                        assert mock.journal[-1].outcome == outcome, mock.journal[-1]
                    for text, place in entry.get("learns", {}).items():
                        texts[text] = _learned(reply, place)

    asyncio.run(run())
    assert [one.limit for one in mock.watch.broken] == stage.told.get("broken", [])


@pytest.mark.parametrize("name", [n for n, one in EXCHANGES.items() if "hurried" in one.told])
def test_the_mock_sees_that_who_does_not_wait_breaks_the_limit(name: str, folder: Path) -> None:
    stage = Stage(name, folder)
    make = importlib.import_module(f"{PACKAGE}.{name}.mock").application
    app = make(clock=stage.clock)
    wire = [one for call in stage.told["calls"] for one in call["wire"]]

    async def run() -> list[int]:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as sender:
            return [(await _sent(sender, parsed(one["request"]))).status_code for one in wire]

    assert asyncio.run(run()) == stage.told["hurried"]["statuses"]
    limits = [one.limit for one in app.state.mock.watch.broken]
    assert limits == stage.told["hurried"]["broken"]


@pytest.mark.parametrize("name", [n for n, one in EXCHANGES.items() if "at_once" in one.told])
def test_no_more_requests_are_under_way_than_the_limit_allows(name: str, folder: Path) -> None:
    stage = Stage(name, folder)
    under_way: list[int] = [0]
    most: list[int] = []

    class Slow(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            under_way[0] += 1
            most.append(under_way[0])
            for _ in range(20):
                await asyncio.sleep(0)
            under_way[0] -= 1
            return httpx2.Response(200, json={"state": "on"})

    class Yielding(ManualClock):
        async def async_sleep(self, seconds: float) -> None:
            self.sleep(seconds)
            await asyncio.sleep(0)

    async def run() -> None:
        options = stage.options() | {"clock": Yielding(stage.start)}
        async with stage.package.AsyncClient(**options, transport=Slow()) as client:
            await asyncio.gather(*(client.get_state(meter_number=str(n)) for n in range(5)))

    asyncio.run(run())
    assert len(most) == 5
    assert max(most) == stage.told["at_once"]


async def _sent(sender: httpx2.AsyncClient, message: Message) -> httpx2.Response:
    method, _, target = message.first.partition(" ")
    host = message.header("host") or "api.example.com"
    url = httpx2.URL(f"https://{host}").copy_with(raw_path=target.encode())
    headers = [(key, value) for key, value in message.headers if key != "Host"]
    return await sender.request(method, url, headers=headers, content=message.body)


def _check_reply(expected: Mapping[str, Any], reply: httpx2.Response) -> None:
    assert reply.status_code == expected.get("status", 200), reply.text
    if reply.status_code == 204:  # RFC 9110: it has no content, and says nothing of any
        assert reply.headers.keys().isdisjoint({"content-type", "content-length"})
    if "holds" not in expected:
        return
    holds = expected["holds"]
    names_space = any(str(name).startswith("{") for name in holds)
    within = holds.values() if isinstance(holds, dict) else ()
    tree = tree_of(
        reply.content, reply.headers.get("content-type", ""), names_space=names_space,
        names_all="'{" in "".join(map(str, within)),
    )  # fmt: skip
    assert differences(expected["holds"], tree) == [], reply.text


def _learned(reply: httpx2.Response, place: str) -> str:
    kind, _, name = place.partition(" ")
    if kind == "header":
        return str(reply.headers[name])
    if kind == "cookie":
        return str(reply.cookies[name])
    if kind == "text":
        return reply.text
    value = reply.json()
    for step in name.split(".") if name else []:
        value = value[step]
    return str(value)


# --- the pages --------------------------------------------------------------------------------


@NAMES
def test_the_snippets_of_the_pages_run_as_printed(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Stage(name, folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pages = sorted((folder / "docs" / name).glob("*.md"))
    found = [
        code
        for page in pages
        for code in re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    ]
    assert found
    for code in found:
        exec(compile(code, "snippet", "exec", dont_inherit=True), {"__name__": "__main__"})


# --- all of them ------------------------------------------------------------------------------


def test_every_form_of_every_axis_is_shown_by_an_exchange() -> None:
    shown = {form for exchange in EXCHANGES.values() for form in exchange.forms}
    forms = {(axis, form) for axis, forms in AXES.items() for form in forms}
    assert forms - shown == set()
    assert shown - forms == set()

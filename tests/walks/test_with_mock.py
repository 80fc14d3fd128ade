"""Generated clients walk over generated mocks in each form of page, while records come and go."""

import asyncio
import importlib
import json
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import GridwrightError, InvalidRequestError
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

PACKAGE = "walked"
FIELDS: dict[str, dict[str, str]] = {
    "first_row": {"type": "integer"},
    "last_row": {"type": "integer"},
    "page": {"type": "integer"},
    "offset": {"type": "integer"},
    "cursor": {"type": "text"},
    "size": {"type": "integer"},
}
FORMS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "rows": (
        ["first_row", "last_row"],
        {"begin": "first_row", "end": "last_row", "total": "meta.total"},
    ),
    "page": (["page", "size"], {"page": "page", "size": "size", "total": "meta.total"}),
    "page_zero": (
        ["page", "size"],
        {"page": "page", "first": "0", "size": "size", "total": "header X-Total"},
    ),
    "offset": (["offset", "size"], {"offset": "offset", "size": "size", "total": "meta.total"}),
    "first_row": (
        ["offset", "size"],
        {"offset": "offset", "first": "1", "size": "size", "total": "meta.total"},
    ),
    "token": (
        ["cursor", "size"],
        {"token": {"send": "cursor", "read": "header X-Next"}, "size": "size"},
    ),
    "link": ([], {"link": "meta.next", "page_size": "4"}),
}  # fmt: skip


def spec(form: str, formats: list[str]) -> dict[str, Any]:
    asked, paging = FORMS[form]
    return {
        "gridwright": "1",
        "system": form,
        "title": {"text": "Walked", "en": "Walked", "at": "1"},
        "document": {"file": "walked.txt", "title": "Walked", "language": "en", "at": "1"},
        "conventions": {
            "required_marks": {"M": "required", "O": "optional"},
            "time_zone": {"name": "Asia/Seoul", "at": "1"},
        },
        "servers": {
            "production": {"address": "https://api.example.com/v1", "default": "yes", "at": "2"}
        },
        "credentials": {
            "api_key": {"en": "key", "secret": "yes", "environment": "WALKED_KEY", "at": "2"}
        },
        "auth": {"present": {"key": {"in": "query", "value": "credential.api_key", "at": "2"}}},
        "operations": {"list_states": {
            "wire_name": "states", "en": "states", "kind": "read", "at": "3", "method": "GET",
            "address": {"text": "/meters/{meter}/states", "at": "3"}, "formats": formats,
            "request": {
                "meter": {
                    "name": "meter", "in": "path", "type": "text", "required": "M", "at": "4",
                },
            } | {
                wire: {"name": wire, "required": "O", "at": "4"} | FIELDS[wire] for wire in asked
            },
            "reply": {
                "record": "State",
                **({"root": {"element": "answer", "at": "5"}} if "xml" in formats else {}),
                "list": {"element": "states", "at": "5"},
                **({"item": {"element": "state", "at": "5"}} if "xml" in formats else {}),
                "beside": {
                    "total": {"name": "total", "under": "meta", "type": "integer", "at": "5"},
                    "next": {"name": "next", "under": "meta", "type": "text", "at": "5",
                             "presence": "optional"},
                },
                "fields": {
                    "number": {"name": "number", "type": "integer", "at": "6"},
                    "word": {"name": "word", "type": "text", "size": "9", "at": "6"},
                },
            },
            "paging": {**paging, "at": "7"}, "key": "number", "walk": "iter_states",
        }},
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("walked")
    for form in FORMS:
        # One of them in XML, where a page is read by other code.
        text = json.dumps(spec(form, ["xml"] if form == "offset" else ["json"])).encode()
        write_package(text, folder, f"{PACKAGE}.{form}")
    return folder


class Service:
    """The mock of one form, and clients of it."""

    def __init__(self, form: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(str(folder))
        for name in [one for one in sys.modules if one.partition(".")[0] == PACKAGE]:
            monkeypatch.delitem(sys.modules, name)
        importlib.invalidate_caches()
        self.form = form
        self.package = importlib.import_module(f"{PACKAGE}.{form}")
        self.app = importlib.import_module(f"{PACKAGE}.{form}.mock").application()
        self.world = self.app.state.mock.world
        self.rows: list[int] = self.world.rows("list_states")
        self.sizes: dict[str, Any] = {} if form == "link" else {"page_size": 5}

    def client(self) -> Any:
        key = "demo-api-key"
        return self.package.Client(api_key=key, transport=MockTransport(self.app), strict=True)

    def read(self, **how: Any) -> list[int]:
        with self.client() as client:
            walk = client.iter_states(meter="M1", **self.sizes, **how)
            return [state.number for state in walk]

    def changed(self, change: Any) -> None:
        change(self.rows)
        self.world.touch()


@pytest.fixture(params=FORMS)
def service(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Service:
    return Service(request.param, folder, monkeypatch)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 23])
def test_all_records_come_once(service: Service, count: int) -> None:
    service.changed(lambda rows: rows.__delitem__(slice(count, None)))
    assert service.read() == list(range(1, count + 1))


def test_tasks_get_what_threads_get(service: Service) -> None:
    async def main() -> list[int]:
        transport = AsyncMockTransport(service.app)
        async with service.package.AsyncClient(
            api_key="demo-api-key", transport=transport, strict=True
        ) as client:
            walk = client.iter_states(meter="M1", **service.sizes)
            return [state.number async for state in walk]

    assert asyncio.run(main()) == service.rows


def test_a_walk_goes_on_in_another_process(service: Service) -> None:
    with service.client() as client:
        walk = client.iter_states(meter="M1", **service.sizes)
        first = [next(walk).number for _ in range(7)]
        position = pickle.loads(pickle.dumps(walk.position))  # our own
    assert first + service.read(begin=position) == service.rows
    assert "demo-api-key" not in str(position)


def test_records_that_stay_come_once_while_others_come_and_go(service: Service) -> None:
    stay = set(range(10, 25))
    changes = [
        lambda rows: rows.__delitem__(slice(0, 2)),
        lambda rows: rows.insert(0, 900),
        lambda rows: rows.append(901),
        lambda rows: rows.remove(900),
    ]
    found = []
    with service.client() as client:
        for state in client.iter_states(meter="M1", **service.sizes):
            found.append(state.number)
            if len(found) % 3 == 0 and changes:
                service.changed(changes.pop(0))
    assert len(found) == len(set(found))
    assert stay <= set(found)


def test_pages_are_of_the_size_asked(service: Service) -> None:
    service.read()
    counts = [entry.records for entry in service.app.state.mock.journal]
    assert max(counts) == (4 if service.form == "link" else 5)


def test_a_page_that_there_is_not_is_refused(service: Service) -> None:
    if service.form not in ("token", "page_zero"):
        pytest.skip("every page is there, and may be empty")
    wrong: dict[str, Any] = {"cursor": "elsewhere"} if service.form == "token" else {"page": -1}
    with service.client() as client, pytest.raises(GridwrightError, match="status 400"):
        client.list_states(meter="M1", **wrong)


def test_what_is_no_position_is_refused(service: Service) -> None:
    begin: Any = "elsewhere" if service.form in ("token", "link") else 0
    with pytest.raises(InvalidRequestError, match="begin"):
        service.read(begin=begin)


def test_a_call_says_that_it_reads_one_page_and_what_reads_all(service: Service) -> None:
    told = " ".join(service.package.Client.list_states.__doc__.split())
    assert ", those of one page; ``iter_states`` reads all pages." in told

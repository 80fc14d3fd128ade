"""The page of a mock: what it shows, to whom, and that it takes nothing away from the service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from msgspec import structs
from starlette.applications import Starlette

from gridwright_runtime.mock.serve import running
from gridwright_runtime.mock.web_page.pages import with_web_page
from gridwright_runtime.mock.world import Answer, Question, Refusal, Table

from .support import (
    BOLT,
    BOLTS,
    FIND,
    FIND_THINGS,
    ORDERS,
    TINY,
    FixedWorld,
    make,
    mock_of,
    tiny,
)

ABOUT, NOW, PRESENT = (f"/.gridwright/{name}" for name in ("about", "now", "present"))


class ListedWorld(FixedWorld):
    def tables(self) -> tuple[Table, ...]:
        return (Table(title="Things", heads=("Number",), rows=(("T-1",),)),)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    interface = {
        "title": "볼트", "title_en": "Bolts", "limits": [], "samples": [["thing_number", "T-1"]],
    }  # fmt: skip
    openapi = {"openapi": "3.1.0", "servers": [{"url": "https://bolts.invalid/api"}], "paths": {}}
    (tmp_path / "interface.json").write_text(json.dumps(interface), "utf-8")
    (tmp_path / "openapi.json").write_text(json.dumps(openapi), "utf-8")
    (tmp_path / "bolts.wsdl").write_text("<definitions/>", "utf-8")
    (tmp_path / "notes.txt").write_text("no document", "utf-8")
    return tmp_path


@contextmanager
def asked(app: Starlette) -> Iterator[httpx2.Client]:
    with running(app) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        yield client


def test_the_page_stands_at_the_root_and_asks_this_mock_alone() -> None:
    with asked(with_web_page(tiny())) as client:
        page = client.get("/")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; connect-src 'self'")
        assert "frame-ancestors 'none'" in policy
        for name in ("page.js", "page.css", "try.js", "try.html"):
            assert client.get(f"/.gridwright/page/{name}").status_code == 200
        assert client.get("/.gridwright/page/pages.py").status_code == 404
        assert client.get("/.gridwright/page/..%2Fserve.py").status_code == 404


def test_a_mock_without_a_page_is_as_it_was() -> None:
    with asked(tiny()) as client:
        assert client.get("/").status_code == 404


def test_the_page_says_what_the_mock_is(schemas: Path) -> None:
    app = with_web_page(tiny(), schemas=schemas, others=lambda: {"other": "http://127.0.0.1:1"})
    with asked(app) as client:
        about = client.get(ABOUT).json()
    assert (about["title"], about["label"]) == ("Bolts", "볼트")
    assert about["samples"] == [["thing_number", "T-1"]]
    assert about["others"] == {"other": "http://127.0.0.1:1"}
    assert [one["name"] for one in about["operations"]] == [
        operation.name for operation in mock_of(app).operations
    ]
    assert about["credentials"] == sorted(map(list, mock_of(app).accounts[0].credentials.items()))


def test_the_page_tells_what_was_asked_and_the_journal_nothing_of_the_page() -> None:
    app = with_web_page(make(BOLTS, ORDERS, world=ListedWorld({})))
    with asked(app) as client:
        assert client.get(NOW).json()["journal"] == []
        client.get("/nothing")
        now = client.get(NOW).json()
        client.get("/")
    (entry,) = now["journal"]
    assert (entry["status"], entry["outcome"]) == (404, "not-found")
    assert now["tables"] == [{"title": "Things", "heads": ["Number"], "rows": [["T-1"]]}]
    assert len(mock_of(app).journal) == 1


def test_what_is_personal_or_secret_is_masked_on_the_page() -> None:
    app = with_web_page(tiny())
    with asked(app) as client:
        client.get("/tiny/find", params=FIND)
        (entry,) = client.get(NOW).json()["journal"]
    assert entry["parameters"] and "***" in entry["parameters"].values()


def test_documents_can_be_read_and_the_openapi_document_leads_to_the_mock(schemas: Path) -> None:
    with asked(with_web_page(tiny(), schemas=schemas)) as client:
        assert client.get(ABOUT).json()["documents"] == [
            "bolts.wsdl", "interface.json", "openapi.json",
        ]  # fmt: skip
        wsdl = client.get("/.gridwright/documents/bolts.wsdl")
        assert (wsdl.text, wsdl.headers["content-type"]) == (
            "<definitions/>", "text/xml; charset=utf-8",
        )  # fmt: skip
        document = client.get("/.gridwright/documents/openapi.json").json()
        for name in ("notes.txt", "..%2Fopenapi.json", "nothing.json"):
            assert client.get(f"/.gridwright/documents/{name}").status_code == 404
    assert all(server["url"].startswith("/") for server in document["servers"])


def test_without_documents_nothing_can_be_tried() -> None:
    with asked(with_web_page(tiny())) as client:
        about = client.get(ABOUT).json()
    assert (about["documents"], about["can_try"]) == ([], False)


def test_what_the_mock_takes_is_presented(schemas: Path) -> None:
    app = with_web_page(tiny(), schemas=schemas)
    with asked(app) as client:
        presented = client.get(PRESENT).json()
        sent = {one["name"]: one["value"] for one in presented if one["place"] == "query"}
        answered = client.get("/tiny/find", params={**FIND, **sent})
    assert sent and answered.status_code == 200


def test_a_login_is_presented_anew_each_time_and_serves_a_call() -> None:
    app = with_web_page(make(BOLTS, ORDERS, world=FixedWorld({"bolts": [{"number": 7}]})))
    head = [{"k": "id", "v": "1"}, {"k": "app", "v": "tests"}]
    with asked(app) as client:
        for _ in range(2):
            (sent,) = client.get(PRESENT).json()
            assert sent["place"] == "header"
            body = {"head": head, "order": {"bolts": [{"boltNo": 3, "len": 1.50}]}}
            headers = {sent["name"]: sent["value"], "Accept": "application/json"}
            answered = client.post("/api/order_bolts", json=body, headers=headers)
            assert answered.status_code == 200
    server = mock_of(app).server
    assert server is not None
    assert (server.logins, server.tickets, server.consumed) == (0, 0, 2)


def test_what_the_service_has_at_the_root_stays_there() -> None:
    at_root = structs.replace(FIND_THINGS, path="/")
    app = with_web_page(make(TINY, [at_root], world=FixedWorld([BOLT])))
    with asked(app) as client:
        assert client.get("/", params=FIND).json()["thingList"][0]["thingNo"] == "T-1"
        assert "<h1" in client.get("/.gridwright/").text
    assert app.state.web_page == "/.gridwright/"


@pytest.mark.parametrize("path", ["/", ABOUT, NOW, PRESENT, "/.gridwright/documents/openapi.json"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_other_hosts_and_origins_are_refused(path: str, headers: dict[str, str]) -> None:
    with asked(with_web_page(tiny())) as client:
        assert client.get(path, headers=headers).status_code == 403


def test_a_link_of_another_site_may_lead_to_the_page() -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with asked(with_web_page(tiny())) as client:
        assert client.get("/", headers=headers).status_code == 200


def test_the_page_can_only_be_read() -> None:
    with asked(with_web_page(tiny())) as client:
        for path in (ABOUT, NOW, PRESENT):
            assert client.post(path).status_code == 405


class Silent(FixedWorld):
    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        raise AssertionError(operation)


def test_a_world_without_tables_has_none_on_the_page() -> None:
    with asked(with_web_page(make(BOLTS, ORDERS, world=Silent({})))) as client:
        assert client.get(NOW).json()["tables"] == []

"""Replies that are files, from a server over a socket: they come whole, or not at all."""

import asyncio
import importlib
import io
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import (
    DownloadError,
    GridwrightError,
    HtmlReplyError,
    OutcomeUnknownError,
    ProviderError,
    TransportError,
)
from gridwright_runtime.retry import RetryPolicy

PACKAGE = "download_apis"
SPEC = Path(__file__).with_name("export.yaml")
WHOLE = bytes(range(256)) * 4096
BYTES = {"content-type": "application/octet-stream"}


class Sent(NamedTuple):
    """One reply of the server."""

    status: int = 200
    body: bytes = WHOLE
    headers: Mapping[str, str] = BYTES
    size: int | None = None
    """What it says its length is; None: the truth."""


class Server:
    """Sends replies in their order, the last one for ever."""

    def __init__(self) -> None:
        self.replies: list[Sent] = [Sent()]
        self.calls = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                sent = server.replies[min(server.calls, len(server.replies) - 1)]
                server.calls += 1
                self.send_response(sent.status)
                for name, value in sent.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(sent.size or len(sent.body)))
                self.end_headers()
                self.wfile.write(sent.body)
                self.close_connection = sent.size is not None

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, daemon=True)
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("downloads")
    write_package(SPEC.read_bytes(), folder, f"{PACKAGE}.example_export")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(f"{PACKAGE}.example_export")


Load = Callable[..., Any]
AGAIN = RetryPolicy(attempts=2, base_seconds=0.01)


@pytest.fixture(params=["threads", "tasks"])
def load(request: pytest.FixtureRequest, package: ModuleType, server: Server) -> Load:
    """Call a method of either client, with keywords."""

    def by_threads(name: str, **arguments: Any) -> Any:
        with package.Client(base_url=server.address, retry=AGAIN) as client:
            return getattr(client, name)(**arguments)

    def by_tasks(name: str, **arguments: Any) -> Any:
        async def call() -> Any:
            async with package.AsyncClient(base_url=server.address, retry=AGAIN) as client:
                return await getattr(client, name)(**arguments)

        return asyncio.run(call())

    return by_threads if request.param == "threads" else by_tasks


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_where_it_was_to_go_with_what_is_known_of_it(
    load: Load, server: Server, tmp_path: Path
) -> None:
    named = {"content-disposition": 'attachment; filename="../a/October.csv"'}
    server.replies = [Sent(headers={"content-type": "Text/CSV; charset=utf-8", **named})]
    place = tmp_path / "october.csv"
    found = load("load_export", export_id="7", to=place, strict=True).body
    assert place.read_bytes() == WHOLE
    assert (found.path, found.size_bytes) == (str(place), len(WHOLE))
    assert (found.media_type, found.filename) == ("text/csv", "October.csv")
    assert files_in(tmp_path) == ["october.csv"]


def test_a_file_replaces_a_former_one_and_may_be_empty(
    load: Load, server: Server, tmp_path: Path
) -> None:
    place = tmp_path / "export"
    place.write_bytes(b"former")
    server.replies = [Sent(body=b"")]
    assert load("load_export", export_id="7", to=str(place)).body.size_bytes == 0
    assert place.read_bytes() == b""


def test_a_file_that_breaks_off_is_loaded_again_and_leaves_no_part(
    load: Load, server: Server, tmp_path: Path
) -> None:
    server.replies = [Sent(body=WHOLE[:5000], size=len(WHOLE)), Sent()]
    load("load_export", export_id="7", to=tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == WHOLE
    assert server.calls == 2 and files_in(tmp_path) == ["export"]


def test_a_file_that_never_comes_whole_leaves_the_former_one(
    load: Load, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "export").write_bytes(b"former")
    server.replies = [Sent(body=WHOLE[:5000], size=len(WHOLE))]
    with pytest.raises(TransportError):
        load("load_export", export_id="7", to=tmp_path / "export")
    assert (tmp_path / "export").read_bytes() == b"former"
    assert files_in(tmp_path) == ["export"]


def test_an_open_file_gets_no_bytes_twice(load: Load, server: Server) -> None:
    server.replies = [Sent(body=WHOLE[:5000], size=len(WHOLE)), Sent()]
    written = io.BytesIO()
    with pytest.raises(TransportError):
        load("load_export", export_id="7", to=written)
    assert server.calls == 1 and WHOLE.startswith(written.getvalue())


def test_an_open_file_is_written_and_stays_open(load: Load) -> None:
    written = io.BytesIO()
    assert load("load_export", export_id="7", to=written).body.path is None
    assert written.getvalue() == WHOLE


def test_a_page_in_place_of_a_file_is_an_error(load: Load, server: Server, tmp_path: Path) -> None:
    page = b"<html><title>maintenance</title></html>"
    server.replies = [Sent(body=page, headers={"content-type": "text/html"})]
    with pytest.raises(HtmlReplyError):
        load("load_export", export_id="7", to=tmp_path / "export")
    assert files_in(tmp_path) == []


def test_a_documented_status_is_its_error_and_writes_nothing(
    load: Load, server: Server, tmp_path: Path
) -> None:
    server.replies = [
        Sent(status=404, body=b"no such export", headers={"content-type": "text/plain"})
    ]
    with pytest.raises(ProviderError, match="there is no such export"):
        load("load_export", export_id="7", to=tmp_path / "export")
    assert files_in(tmp_path) == []


def test_a_place_that_cannot_be_written_is_said_without_a_further_call(
    load: Load, server: Server, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match="load_export: the file cannot be written: No such"):
        load("load_export", export_id="7", to=tmp_path / "missing" / "export")
    assert server.calls == 1


def test_a_write_whose_file_breaks_off_is_not_sent_again(
    load: Load, server: Server, tmp_path: Path
) -> None:
    server.replies = [Sent(body=WHOLE[:5000], size=len(WHOLE)), Sent()]
    with pytest.raises(OutcomeUnknownError):
        load("close_month", month="202410", to=tmp_path / "statement")
    assert server.calls == 1 and files_in(tmp_path) == []


def test_errors_of_files_are_errors_of_gridwright() -> None:
    assert issubclass(DownloadError, GridwrightError)

"""Files are measured while they arrive, whatever their size, and never kept."""

import hashlib
import tracemalloc
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.body import MalformedBody
from gridwright_runtime.mock.form_codec import read_form
from gridwright_runtime.mock.service_world import ReceivedFile
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.service.write_multipart import (
    FileContent,
    FormPart,
    form_content_type,
    form_length,
    form_pieces,
)

from .support import clock_of, http, mock_of, post, takusou, upload
from .systems import FILE, NUMBER

DRAWING = FormPart(
    name=FILE, content=b"%PDF invented\r\n", filename="配線図 1.pdf", content_type="application/pdf"
)
FIRST = FormPart(name=NUMBER, content=b"A0000000001")


def read(pieces: list[bytes], content_type: str = form_content_type("edge")) -> dict[str, object]:
    async def given_pieces() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    call = read_form(content_type, given_pieces())
    try:
        call.send(None)
    except StopIteration as end:
        found: dict[str, object] = end.value
        return found
    raise AssertionError("it waited for something")


def test_a_file_with_a_japanese_name_is_attached_and_told() -> None:
    app = takusou()
    response = upload(app, [FIRST, DRAWING])
    assert response.json() == {
        "MOCK_file_name": "配線図 1.pdf",
        "MOCK_content_type": "application/pdf",
        "MOCK_size_bytes": 15,
        "MOCK_sha256": hashlib.sha256(b"%PDF invented\r\n").hexdigest(),
    }
    (told,) = post(app, "/KoteiJohShtk", {NUMBER: "A0000000001"}).json()["MOCK_files"]
    assert told == response.json()


def test_the_journal_tells_size_and_digest_but_no_name_and_no_number() -> None:
    app = takusou()
    upload(app, [FIRST, DRAWING])
    (entry,) = mock_of(app).journal
    assert entry.parameters[NUMBER] == "***"
    assert entry.parameters[FILE].startswith("15 bytes, SHA-256 ")
    assert "配線図" not in repr(entry)


def test_a_form_without_a_file_is_a_400() -> None:
    response = upload(takusou(), [FIRST])
    assert (response.status_code, "mock-2001" in response.text) == (400, True)


def test_a_file_for_no_application_is_a_400() -> None:
    response = upload(takusou(), [FormPart(name=NUMBER, content=b"A7"), DRAWING])
    assert (response.status_code, "mock-3001" in response.text) == (400, True)


def test_a_form_that_is_cut_off_is_a_400() -> None:
    app = takusou()
    body = b"".join(form_pieces([FIRST, DRAWING], "edge"))[:-20]
    with http(app) as client:
        headers = {"content-type": form_content_type("edge")}
        assert client.post("/FileTnpu", content=body, headers=headers).status_code == 400
        assert client.post("/FileTnpu", content=body).status_code == 415


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1))
def test_a_form_is_the_same_however_it_is_cut(content: bytes, sizes: list[int]) -> None:
    parts = [FIRST, FormPart(name=FILE, content=content, filename="f.bin")]
    body = b"".join(form_pieces(parts, "edge-of-the-test"))
    pieces = []
    for size in sizes * (len(body) // len(sizes) + 1):
        pieces.append(body[:size])
        body = body[size:]
    found = read(pieces, form_content_type("edge-of-the-test"))
    assert found == {
        NUMBER: "A0000000001",
        FILE: ReceivedFile("f.bin", "", len(content), hashlib.sha256(content).hexdigest()),
    }


def test_a_name_that_comes_more_than_once_is_a_list() -> None:
    again = [FormPart(name="a", content=text) for text in (b"1", b"2", b"3")]
    assert read(list(form_pieces(again, "edge"))) == {"a": ["1", "2", "3"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--\r\n",
        b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--edge--\r\n',
        b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        + b"x" * 2_000_000
        + b"\r\n--edge--\r\n",
    ],
)
def test_what_is_no_form_is_read_to_its_end_and_refused(body: bytes) -> None:
    pieces = [body, b"rest"]
    with pytest.raises(MalformedBody):
        read(pieces)
    with pytest.raises(MalformedBody):
        read(pieces, "multipart/form-data")


def test_a_file_of_200_mb_takes_no_memory_worth_mentioning() -> None:
    app = takusou()
    size = 200 * 1024 * 1024
    block = bytes(65_536)

    def pieces() -> Iterator[bytes]:
        for _ in range(size // len(block)):
            yield block

    parts = [
        FIRST,
        FormPart(name=FILE, content=FileContent(size=size, pieces=pieces), filename="f"),
    ]
    length = str(form_length(parts, "edge"))
    headers = {"content-type": form_content_type("edge"), "content-length": length}
    tracemalloc.start()
    try:
        with httpx2.Client(transport=MockTransport(app), base_url="http://mock.invalid") as client:
            response = client.post("/FileTnpu", content=form_pieces(parts, "edge"), headers=headers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert response.json()["MOCK_size_bytes"] == size
    assert peak < 4 * 1024 * 1024
    assert clock_of(app).waits == []

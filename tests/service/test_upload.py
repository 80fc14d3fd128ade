import asyncio
import io
import os
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import (
    InvalidRequestError,
    OutcomeUnknownError,
    SessionExpiredError,
    UploadError,
)
from gridwright_runtime.service.multipart import read_form
from gridwright_runtime.service.upload import Upload
from gridwright_runtime.access.store import MemoryTicketStore

from .sample import ATTACH, SESSION, AttachRequest
from .support import KINDS, Kind, built, caller, shown


def body_of(request: Any) -> bytes:
    return b"".join(request.body.pieces())


def parts_of(request: Any) -> dict[str, Any]:
    content_type = dict(request.headers)["Content-Type"]
    return dict(read_form(content_type, body_of(request)))


def test_a_form_holds_texts_and_files(tmp_path: Path) -> None:
    path = tmp_path / "単線結線図.pdf"
    path.write_bytes(b"%PDF-1.4\r\n--frontier-ish")
    upload = Upload(path, content_type="application/pdf")
    request = built(ATTACH, AttachRequest(number="0612", drawing=upload))
    parts = parts_of(request)
    assert parts["number"].content == b"0612"
    assert parts["file"].content == path.read_bytes()
    assert parts["file"].head.filename == "単線結線図.pdf"
    assert parts["file"].head.content_type == "application/pdf"
    assert int(dict(request.headers)["Content-Length"]) == len(body_of(request))


def test_the_bytes_of_a_form_are_these() -> None:
    upload = Upload("図".encode(), filename="図.txt", content_type="text/plain")
    request = built(ATTACH, AttachRequest(number="1", drawing=upload))
    assert body_of(request).decode() == (
        "--frontier\r\n"
        'Content-Disposition: form-data; name="number"\r\n\r\n'
        "1\r\n"
        "--frontier\r\n"
        'Content-Disposition: form-data; name="file"; filename="図.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
        "図\r\n"
        "--frontier--\r\n"
    )


def test_a_list_repeats_its_field() -> None:
    pages = [Upload(b"1", filename="1"), Upload(b"2", filename="2")]
    payload = AttachRequest(number="1", drawing=pages[0], pages=pages)
    assert body_of(built(ATTACH, payload)).count(b'name="pages"') == 2


def test_an_open_file_is_sent_from_where_it_stands_and_left_open() -> None:
    file = io.BytesIO(b"skipped|sent")
    file.seek(8)
    request = built(ATTACH, AttachRequest(number="1", drawing=Upload(file, filename="a")))
    assert parts_of(request)["file"].content == b"sent"
    assert not file.closed


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_file_that_is_sent_again_is_sent_whole(kind: Kind) -> None:
    file = io.BytesIO(b"before, INVENTED content")
    file.seek(8)
    upload = Upload(file, filename="a")
    one = caller(kind, httpx2.Response(502))
    with pytest.raises(OutcomeUnknownError):
        one.call("attach_file", number="1", drawing=upload)
    one.call("attach_file", number="1", drawing=upload)
    first, second = one.service.bodies
    assert first == second
    assert b"\r\n\r\nINVENTED content\r\n" in second


def test_pieces_are_small() -> None:
    upload = Upload(b"x" * 1_000_000, filename="a")
    assert max(len(piece) for piece in upload.pieces(upload.measure())) <= 65_536


# What cannot be sent


def gone(tmp_path: Path) -> Upload:
    return Upload(tmp_path / "INVENTED-person.pdf")


def closed(tmp_path: Path) -> Upload:
    file = io.BytesIO(b"x")
    upload = Upload(file, filename="a")
    file.close()
    return upload


@pytest.mark.parametrize("make", [gone, closed])
def test_a_file_that_cannot_be_read_is_a_problem_of_the_request(make: Any, tmp_path: Path) -> None:
    payload = AttachRequest(number="1", drawing=make(tmp_path))
    with pytest.raises(InvalidRequestError) as caught:
        built(ATTACH, payload)
    [problem] = caught.value.problems
    assert (problem.path, problem.rule, problem.label) == ("drawing", "unreadable", "図面")
    assert "INVENTED" not in str(caught.value)


def test_bytes_are_no_file() -> None:
    payload = AttachRequest(number="1", drawing=b"x")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(InvalidRequestError, match="must be an Upload, not bytes"):
        built(ATTACH, payload)


@pytest.mark.parametrize("filename", ["", "a\r\nX: 1", "a\0"])
def test_a_file_needs_a_name_on_one_line(filename: str) -> None:
    with pytest.raises(ValueError, match="filename"):
        Upload(b"x", filename=filename)


def test_no_name_of_a_file_is_in_a_repr(tmp_path: Path) -> None:
    upload = Upload(tmp_path / "INVENTED-person.pdf")
    assert "INVENTED" not in repr(upload)
    assert "INVENTED" not in repr(AttachRequest(number="1", drawing=upload))


# Sending


@pytest.mark.parametrize("kind", KINDS)
def test_progress_is_told_up_to_the_whole(kind: Kind) -> None:
    told: list[tuple[int, int]] = []
    one = caller(kind)
    one.call(
        "attach_file",
        number="1",
        drawing=Upload(b"x" * 200_000, filename="a"),
        progress=lambda sent, total: told.append((sent, total)),
    )
    [body] = one.service.bodies
    assert told[-1] == (len(body), len(body))
    assert [sent for sent, _total in told] == sorted(sent for sent, _total in told)
    assert len(told) > 4
    assert one.service.seen[0].headers["Content-Length"] == str(len(body))
    assert "Transfer-Encoding" not in one.service.seen[0].headers


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_shrinks_while_it_is_sent_is_an_error(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "INVENTED-person.bin"
    path.write_bytes(b"x" * 500_000)

    def shrink(sent: int, total: int) -> None:
        path.write_bytes(b"")

    with pytest.raises(UploadError, match="became shorter") as caught:
        caller(kind).call("attach_file", number="1", drawing=Upload(path), progress=shrink)
    assert "INVENTED" not in shown(caught.value)


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _write_over(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(-1, io.SEEK_END)
        file.write(b"y")
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize(
    ("change", "said"), [(_append, "grew"), (_write_over, "was written to"), (Path.unlink, "")]
)
@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_no_form_ends_that_holds_a_file_which_changed_on_the_way(
    kind: Kind, is_open: bool, change: Any, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "INVENTED-person.bin"
    path.write_bytes(b"x" * 500_000)
    told: list[tuple[int, int]] = []

    def progress(sent: int, total: int) -> None:
        if sent > 200_000 and not any(before > 200_000 for before, _ in told):
            change(path)
        told.append((sent, total))

    one = caller(kind)
    with path.open("rb") as file:
        upload = Upload(file if is_open else path)
        facts = {"number": "1", "drawing": upload, "progress": progress}
        if not said:  # a file without a name is still the file that it was
            one.call("attach_file", **facts)
            assert told[-1][0] == told[-1][1]
            return
        with pytest.raises(UploadError, match=said) as caught:
            one.call("attach_file", **facts)
    assert told[-1][0] < told[-1][1]
    assert "INVENTED" not in shown(caught.value)


def test_a_file_that_is_replaced_before_it_is_sent_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    request = built(ATTACH, AttachRequest(number="1", drawing=Upload(path)))
    other = tmp_path / "b.bin"
    other.write_bytes(b"new")
    other.replace(path)
    with pytest.raises(UploadError, match="was written to"):
        body_of(request)


@pytest.mark.parametrize(
    "source", [io.StringIO("x"), io.TextIOWrapper(io.BytesIO(b"x")), bytearray(b"x"), None]
)
def test_what_holds_no_bytes_is_a_problem_of_the_request(source: Any) -> None:
    upload = Upload(source, filename="a")
    with pytest.raises(InvalidRequestError, match="binary mode") as caught:
        built(ATTACH, AttachRequest(number="1", drawing=upload))
    assert [problem.rule for problem in caught.value.problems] == ["wrong-type"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_progress_raises_ends_the_upload(kind: Kind) -> None:
    def stop(sent: int, total: int) -> None:
        raise KeyError("stop")

    with pytest.raises(KeyError):
        caller(kind).call(
            "attach_file", number="1", drawing=Upload(b"x", filename="a"), progress=stop
        )


def test_a_file_is_read_beside_the_event_loop(tmp_path: Path) -> None:
    import threading

    threads = set()

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            threads.add(threading.get_ident())
            return super().read(size)

    async def main() -> None:
        one = caller("async")
        from . import sample

        async with sample.AsyncClient(**one.facts()) as client:
            await client.attach_file(number="1", drawing=Upload(Watched(b"x" * 9), filename="a"))

    asyncio.run(main())
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("kind", KINDS)
def test_an_upload_is_never_sent_twice(kind: Kind) -> None:
    one = caller(kind, httpx2.Response(502), session=SESSION)
    one.service.alive = set()
    upload = Upload(b"x", filename="a")
    with pytest.raises(OutcomeUnknownError):
        one.call("attach_file", number="1", drawing=upload)
    assert len(one.service.seen) == 1
    one.options["session_store"] = MemoryTicketStore()
    one.call("attach_file", number="1", drawing=upload)
    one.service.alive = set()
    with pytest.raises(SessionExpiredError):
        one.call("attach_file", number="1", drawing=upload)
    assert len(one.service.seen) == 3
    one.call("attach_file", number="1", drawing=upload)  # with a new session
    assert len(one.service.logins) == 3

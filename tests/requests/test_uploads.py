"""Forms with files."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from gridwright_runtime.encodings.file import FileBody
from gridwright_runtime.encodings.varying_body import WhenSent
from gridwright_runtime.errors import InvalidRequestError, UploadError
from gridwright_runtime.multipart.read_whole import read_form
from gridwright_runtime.multipart.upload import Upload

from .sample import ATTACH_FILE, models
from .support import NOW, body_of, built, drafted, problems, shown


def attach(**values: Any) -> Any:
    return models.AttachRequest(**({"number": "1"} | values))


def parts_of(request: Any) -> dict[str, Any]:
    return dict(read_form(dict(request.headers)["Content-Type"], body_of(request)))


def test_a_form_holds_texts_and_files(tmp_path: Path) -> None:
    path = tmp_path / "単線結線図.pdf"
    path.write_bytes(b"%PDF-1.4\r\n--frontier-ish")
    upload = Upload(path, content_type="application/pdf")
    request = built(ATTACH_FILE, attach(number="0612", drawing=upload))
    parts = parts_of(request)
    assert parts["number"].content == b"0612"
    assert parts["file"].content == path.read_bytes()
    assert parts["file"].head.filename == "単線結線図.pdf"
    assert parts["file"].head.content_type == "application/pdf"
    assert int(dict(request.headers)["Content-Length"]) == len(body_of(request))


def test_headers_of_a_form_say_what_is_sent_and_wanted() -> None:
    request = built(ATTACH_FILE, attach(drawing=Upload(b"x", filename="a")))
    assert [name for name, _value in request.headers] == [
        "Content-Type",
        "Content-Length",
        "Accept",
        "Accept-Charset",
    ]


def test_the_bytes_of_a_form_are_these() -> None:
    upload = Upload("図".encode(), filename="図.txt", content_type="text/plain")
    request = built(ATTACH_FILE, attach(drawing=upload))
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


def test_an_open_file_is_sent_from_where_it_stands_and_left_open() -> None:
    file = io.BytesIO(b"skipped|sent")
    file.seek(8)
    request = built(ATTACH_FILE, attach(drawing=Upload(file, filename="a")))
    assert parts_of(request)["file"].content == b"sent"
    assert not file.closed


def test_an_open_file_that_is_sent_again_is_sent_whole() -> None:
    file = io.BytesIO(b"before, INVENTED content")
    file.seek(8)
    arguments = attach(drawing=Upload(file, filename="a"))
    first, second = (body_of(built(ATTACH_FILE, arguments)) for _ in range(2))
    assert first == second
    assert b"\r\n\r\nINVENTED content\r\n" in second


@pytest.mark.parametrize("content", [b"INVENTED", b"INVENTED, read by somebody before"])
def test_an_open_file_that_stands_at_its_end_is_not_sent_as_an_empty_one(content: bytes) -> None:
    file = io.BytesIO()
    file.write(content)
    assert problems(ATTACH_FILE, attach(drawing=Upload(file, filename="a"))) == [
        "drawing unreadable"
    ]
    file.seek(0)
    request = built(ATTACH_FILE, attach(drawing=Upload(file, filename="a")))
    assert parts_of(request)["file"].content == content


def test_an_open_file_that_is_sent_twice_at_once_is_sent_whole_both_times() -> None:
    content = bytes(range(256)) * 1024
    file = io.BytesIO(b"skipped|" + content)
    file.seek(8)
    upload = Upload(file, filename="a")
    measured = upload.measure()
    one, other = upload.pieces(measured), upload.pieces(measured)
    first = [next(one)]
    second = [next(other), next(other)]
    first += one
    second += other
    assert (b"".join(first), b"".join(second)) == (content, content)


@pytest.mark.parametrize("source", [b"", io.BytesIO()])
def test_an_empty_file_is_sent_as_what_it_is(source: Any) -> None:
    request = built(ATTACH_FILE, attach(drawing=Upload(source, filename="a")))
    assert parts_of(request)["file"].content == b""


def test_a_request_with_a_file_cannot_be_repeated_once_its_sending_began() -> None:
    draft = drafted(ATTACH_FILE, attach(drawing=Upload(b"x", filename="a")))
    request: Any = draft.request(results={}, now=NOW)
    assert draft.can_be_repeated
    next(request.body.pieces())
    assert not draft.can_be_repeated


def test_a_form_without_a_file_is_whole_and_can_be_repeated() -> None:
    draft = drafted(ATTACH_FILE, attach())
    request = draft.request(results={}, now=NOW)
    assert isinstance(request.body, bytes)
    assert parts_of(request)["number"].content == b"1"
    assert draft.can_be_repeated


def test_each_request_has_a_boundary_of_its_own() -> None:
    names = iter(["b1", "b2"])
    arguments = attach(drawing=Upload(b"x", filename="a"))
    draft = drafted(ATTACH_FILE, arguments, new_boundary=lambda: next(names))
    types = [dict(draft.request(results={}, now=NOW).headers)["Content-Type"] for _ in range(2)]
    assert types == [f"multipart/form-data; boundary={name}" for name in ("b1", "b2")]


def test_a_boundary_that_stands_in_a_text_is_not_used() -> None:
    names = iter(["b1", "b2"])
    request = built(ATTACH_FILE, attach(number="b1"), new_boundary=lambda: next(names))
    assert dict(request.headers)["Content-Type"].endswith("boundary=b2")


def test_progress_counts_up_to_the_whole() -> None:
    calls: list[tuple[int, int]] = []
    request: Any = built(
        ATTACH_FILE,
        attach(drawing=Upload(b"x" * 200_000, filename="a")),
        progress=lambda sent, total: calls.append((sent, total)),
    )
    pieces = list(request.body.pieces())
    for piece in pieces:
        request.body.sent(len(piece))
    size = sum(map(len, pieces))
    assert calls[-1] == (size, size)
    assert max(map(len, pieces)) <= 65_536


def gone(tmp_path: Path) -> Upload:
    return Upload(tmp_path / "INVENTED-person.pdf")


def closed(tmp_path: Path) -> Upload:
    file = io.BytesIO(b"x")
    upload = Upload(file, filename="a")
    file.close()
    return upload


@pytest.mark.parametrize("make", [gone, closed])
def test_a_file_that_cannot_be_read_is_a_problem_of_the_request(make: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        built(ATTACH_FILE, attach(drawing=make(tmp_path)))
    [problem] = caught.value.problems
    assert (problem.path, problem.rule, problem.label) == ("drawing", "unreadable", "図面")
    assert "INVENTED" not in shown(caught.value)


def test_a_file_that_vanishes_after_the_check_does_not_show_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "INVENTED-person.pdf"
    path.write_bytes(b"x")
    real = Upload.measure

    def measure(upload: Upload) -> Any:
        found = real(upload)
        path.unlink()
        return found

    monkeypatch.setattr(Upload, "measure", measure)
    with pytest.raises(UploadError, match="attach_file: nothing was sent") as caught:
        built(ATTACH_FILE, attach(drawing=Upload(path)))
    assert "INVENTED" not in shown(caught.value)


@pytest.mark.parametrize("value", [b"x", "x", 1])
def test_only_an_upload_is_a_file(value: Any) -> None:
    assert problems(ATTACH_FILE, attach(drawing=value)) == ["drawing wrong-type"]


@pytest.mark.parametrize(
    "source", [io.StringIO("x"), io.TextIOWrapper(io.BytesIO(b"x")), bytearray(b"x"), None]
)
def test_what_holds_no_bytes_is_a_problem_of_the_request(source: Any) -> None:
    upload = Upload(source, filename="a")
    assert problems(ATTACH_FILE, attach(drawing=upload)) == ["drawing wrong-type"]


def test_a_file_that_is_replaced_before_it_is_sent_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    request = built(ATTACH_FILE, attach(drawing=Upload(path)))
    other = tmp_path / "b.bin"
    other.write_bytes(b"new")
    other.replace(path)
    with pytest.raises(UploadError, match="was written to"):
        body_of(request)


@pytest.mark.parametrize("content", [b"new", b"other", b""])
def test_a_file_that_was_changed_between_two_attempts_is_not_sent_as_what_was_checked(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    draft = drafted(ATTACH_FILE, attach(drawing=Upload(path)))
    draft.request(results={}, now=NOW)  # nothing left: a login was refused, say
    assert draft.can_be_repeated
    path.write_bytes(content)
    again = draft.request(results={}, now=NOW)
    assert dict(again.headers)["Content-Length"] == str(_length_of(b"old"))
    with pytest.raises(UploadError, match=r"was written to|grew|became shorter"):
        body_of(again)


def _length_of(content: bytes) -> int:
    return len(body_of(built(ATTACH_FILE, attach(drawing=Upload(content, filename="a.bin")))))


@pytest.mark.parametrize("how", ["ab", "r+b"])
@pytest.mark.parametrize("size", [10, 65_536, 200_000])
def test_the_last_piece_of_a_file_that_was_changed_does_not_leave(
    tmp_path: Path, how: str, size: int
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * size)
    upload = Upload(path)
    measured = upload.measure()
    os.utime(path, ns=(0, 0))
    with path.open(how) as file:
        file.write(b"y")
    sent: list[bytes] = []
    with pytest.raises(UploadError, match=r"was written to|grew"):
        sent.extend(upload.pieces(measured))
    # A body that is one file ends with it: the service would have taken it for a whole one.
    assert sum(map(len, sent)) < size


def test_an_empty_file_that_is_the_whole_body_is_looked_at_before_its_headers_leave(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"")
    at = WhenSent(soap_header={}, security="", new_boundary=str, progress=None, begin=list)
    body = FileBody(Upload(path, content_type="text/plain"))
    assert body.write(at) == ([("Content-Type", "text/plain"), ("Content-Length", "0")], b"")
    path.write_bytes(b"x")
    with pytest.raises(UploadError, match="grew"):
        body.write(at)


@pytest.mark.parametrize("content_type", ["text/plain; name=ä", " text/plain"])
def test_a_media_type_that_no_header_can_say_is_a_problem_in_a_form(content_type: str) -> None:
    upload = Upload(b"x", filename="a", content_type=content_type)
    with pytest.raises(InvalidRequestError, match="content_type that no header can say"):
        built(ATTACH_FILE, attach(drawing=upload))


def test_a_file_that_shrinks_while_it_is_sent_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 200_000)
    request: Any = built(ATTACH_FILE, attach(drawing=Upload(path)))
    pieces = request.body.pieces()
    sent = [next(pieces) for _ in range(5)]
    path.write_bytes(b"")
    with pytest.raises(UploadError, match="became shorter"):
        sent.extend(pieces)
    assert not sent[-1].endswith(b"--frontier--\r\n")

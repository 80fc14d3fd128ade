"""Forms are read as they arrive; a file becomes a size and a digest."""

import hashlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.codecs.body import MalformedBody
from gridwright_runtime.mock.requests.form_codec import read_form
from gridwright_runtime.mock.world import ReceivedFile
from gridwright_runtime.multipart.write import FormPart, form_content_type, form_pieces

from .support import FILE, NUMBER

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

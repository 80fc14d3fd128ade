"""What is written is read back, and hostile bodies raise nothing but the documented error."""

from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import assume, example, given
from hypothesis import strategies as st

from gridwright_runtime.multipart.part import MalformedMultipart
from gridwright_runtime.multipart.read_stream import Event, MultipartStream, PartBegin, PartContent
from gridwright_runtime.multipart.read_whole import read_form, read_parts, read_related
from gridwright_runtime.multipart.write import (
    FileContent,
    FormPart,
    RelatedPart,
    form_content_type,
    form_length,
    form_pieces,
    related_body,
    related_content_type,
)

BOUNDARY = "b"
# Bytes of which boundaries and line ends are made come often.
CONTENTS = st.lists(
    st.sampled_from([b"\r", b"\n", b"-", b"--", b"--b", b"b", b" ", b"\r\n--c", b"\x00", b"\xff"])
    | st.binary(max_size=20),
    max_size=12,
).map(b"".join)
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\%"), max_size=20
) | st.text(st.sampled_from('"\r\n; =表é'), max_size=8)
FILE_NAMES = NAMES | st.text(st.sampled_from('\\"; =.a表'), max_size=8).filter(
    lambda name: '\\"' not in name and "=?" not in name
)


def split(data: bytes, cuts: Sequence[int]) -> Iterator[bytes]:
    at = 0
    for cut in cuts:
        yield data[at : at + cut]
        at += cut
    yield data[at:]


def joined(events: Sequence[Event]) -> list[tuple[object, bytes]]:
    parts: list[tuple[object, bytes]] = []
    for event in events:
        if isinstance(event, PartBegin):
            parts.append((event.head, b""))
        elif isinstance(event, PartContent):
            parts[-1] = (parts[-1][0], parts[-1][1] + event.content)
    return parts


@given(st.lists(CONTENTS, min_size=1, max_size=4))
def test_related_parts_are_read_back_whatever_their_bytes(contents: list[bytes]) -> None:
    assume(not any(b"--b" in content for content in contents))
    parts = [
        RelatedPart(content=content, content_type="text/xml; charset=UTF-8", content_id=f"p{at}")
        for at, content in enumerate(contents)
    ]
    related = read_related(related_content_type(BOUNDARY, "p0"), related_body(parts, BOUNDARY))
    found = [related.root, *related.others]
    assert [part.content for part in found] == contents
    assert [part.head.content_id for part in found] == [part.content_id for part in parts]


@given(st.lists(st.tuples(NAMES, CONTENTS, st.none() | FILE_NAMES, st.booleans()), max_size=4))
def test_forms_are_read_back_whatever_their_names(
    fields: list[tuple[str, bytes, str | None, bool]],
) -> None:
    assume(not any(b"--b" in content for _, content, _, _ in fields))
    parts = [
        FormPart(name=name, filename=filename, content=source(content) if streams else content)
        for name, content, filename, streams in fields
    ]
    body = b"".join(form_pieces(parts, BOUNDARY))
    assert len(body) == form_length(parts, BOUNDARY)
    found = read_form(form_content_type(BOUNDARY), body)
    assert [(name, part.content, part.head.filename) for name, part in found] == [
        (name, content, filename) for name, content, filename, _ in fields
    ]


def source(content: bytes) -> FileContent:
    return FileContent(size=len(content), pieces=lambda: (content[:3], content[3:]))


@given(
    st.lists(CONTENTS, min_size=1, max_size=4),
    st.lists(st.integers(0, 9), max_size=60),
    st.sampled_from([b"\r\n", b"\n"]),
)
def test_pieces_in_which_a_body_arrives_make_no_difference(
    contents: list[bytes], cuts: list[int], end: bytes
) -> None:
    body = b"".join(b"--b" + end + b"A: c" + end * 2 + content + end for content in contents)
    body += b"--b--" + end
    whole, pieces = MultipartStream(BOUNDARY), MultipartStream(BOUNDARY)
    try:
        expected = joined([*whole.feed(body), *whole.close()])
    except MalformedMultipart:  # a content held a boundary of its own
        assume(False)
    events = [event for piece in split(body, cuts) for event in pieces.feed(piece)]
    assert joined([*events, *pieces.close()]) == expected


MESSAGES = [
    b"--b\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-ID: <root>\r\n\r\n44GC\r\n--b\r\nContent-Disposition: form-data; name=f;\r\n"
    b" filename*0*=UTF-8''%E3; filename*1=\"x\"\r\n\r\nmore\r\n--b--\r\n",
    b'--b\nContent-Disposition: a; name="f"; filename="=?UTF-8?B?55Sz?= =?x?q?a?="\n\nx\n--b--',
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    body = bytearray(draw(st.sampled_from(MESSAGES)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        length = draw(st.integers(0, 8))
        body[at : at + length] = draw(
            st.binary(max_size=4)
            | st.sampled_from([b"--b", b"--b--", b"\r\n", b"\n\n", b'"', b"=?", b"*", b"'", b"%"])
        )
    return bytes(body)


def look_at_all(body: bytes, content_type: str) -> None:
    try:
        parts = read_parts(content_type, body)
        read_related(content_type, body)
    except MalformedMultipart:
        return
    for part in parts:
        head = part.head
        texts = (head.content_type, head.charset, head.content_id, head.name, head.filename)
        assert all(text is None or isinstance(text, str) for text in texts)


@given(mutated())
# A charset that is no ASCII, in the first of two words.
@example(b'--b\nContent-Disposition: a; filename="=?\x80UTF-8?B?55Sz?= =?x?q?a?="\n\nx\n--b--')
def test_mutated_bodies_raise_nothing_but_the_documented_error(body: bytes) -> None:
    look_at_all(body, "multipart/related; start=root; boundary=b")


@given(st.binary(max_size=200), st.text(max_size=60))
def test_any_bytes_with_any_type_raise_nothing_but_the_documented_error(
    body: bytes, rest: str
) -> None:
    look_at_all(body, f"multipart/related; boundary{rest}")
    look_at_all(body, f"multipart/related; boundary=b; {rest}")


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3))
def test_what_the_mail_library_of_python_writes_is_read(contents: list[bytes]) -> None:
    message = EmailMessage()
    for content in contents:
        message.add_related(content, "application", "octet-stream", cid="<x>", filename="表.bin")
    raw = message.as_bytes(policy=SMTP)
    header, _blank, body = raw.partition(b"\r\n\r\n")
    content_type = header.decode().partition("Content-Type: ")[2].partition("\r\nMIME")[0]
    parts = read_parts(content_type, body)
    assert [part.content for part in parts] == contents
    assert {part.head.filename for part in parts} == {"表.bin"}

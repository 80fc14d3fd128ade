"""What mail and SOAP libraries produce is read as it was meant."""

import pytest

from gridwright_runtime.multipart.mime_header import words
from gridwright_runtime.multipart.part import MalformedMultipart
from gridwright_runtime.multipart.read_stream import MultipartLimits
from gridwright_runtime.multipart.read_whole import boundary_of, read_form, read_parts, read_related

TYPE = 'multipart/related; type="text/xml"; start="<root>"; boundary="b"'


def lines(*texts: str, end: str = "\r\n") -> bytes:
    return end.join(texts).encode()


PLAIN = lines(
    "--b",
    "Content-Type: text/xml; charset=UTF-8",
    "Content-ID: <root>",
    "",
    "<a/>",
    "--b",
    "Content-ID: <two>",
    "",
    "more",
    "--b--",
    "",
)


@pytest.mark.parametrize(
    "content_type",
    [
        TYPE,
        "multipart/related; boundary=b; start=root",
        'Multipart/Related;\r\n\tBOUNDARY="b";\r\n type=text/xml; START="<root>"',
        'multipart/related;boundary = "b" ; x',
        "multipart/related; boundary*0=b; charset=utf-8",
    ],
    ids=["usual", "unquoted", "folded", "spaced", "continued"],
)
def test_boundary_and_start_are_found(content_type: str) -> None:
    related = read_related(content_type, PLAIN)
    assert related.root.content == b"<a/>"
    assert related.root.head.content_type == "text/xml"
    assert [part.content for part in related.others] == [b"more"]


def test_quoted_boundary_may_hold_what_else_ends_it() -> None:
    body = PLAIN.replace(b"--b", b"--=_Part 1; x:=")
    assert len(read_parts('multipart/mixed; boundary="=_Part 1; x:="', body)) == 2


def test_start_may_name_a_later_part() -> None:
    related = read_related(TYPE.replace("<root>", "<two>"), PLAIN)
    assert related.root.content == b"more"
    assert [part.content for part in related.others] == [b"<a/>"]


@pytest.mark.parametrize("start", ["", 'start=""; ', 'start="<other>"; '])
def test_without_a_start_that_fits_the_first_part_is_the_root(start: str) -> None:
    assert read_related(f"multipart/related; {start}boundary=b", PLAIN).root.content == b"<a/>"


def test_lines_may_end_with_lf() -> None:
    parts = read_parts(TYPE, PLAIN.replace(b"\r\n", b"\n"))
    assert [part.content for part in parts] == [b"<a/>", b"more"]


def test_carriage_return_before_lf_boundary_belongs_to_the_content() -> None:
    assert read_parts(TYPE, b"--b\n\nab\r\n--b--\n")[0].content == b"ab\r"


def test_preamble_and_epilogue_are_passed_over() -> None:
    body = b"This is --b\r\n--bc\r\n\r\n" + PLAIN + b"\r\n--b\r\nnothing: here"
    assert len(read_parts(TYPE, body)) == 2


def test_padding_after_a_boundary_is_passed_over() -> None:
    body = PLAIN.replace(b"--b\r\n", b"--b \t\r\n").replace(b"--b--", b"--b--  ")
    assert [part.content for part in read_parts(TYPE, body)] == [b"<a/>", b"more"]


def test_last_boundary_needs_no_line_end() -> None:
    assert len(read_parts(TYPE, PLAIN.removesuffix(b"\r\n"))) == 2


def test_a_longer_boundary_inside_is_content() -> None:
    body = b"--b\r\n\r\n--bb\r\nx\r\n--b-\r\n --b\r\n--b--\r\n"
    assert read_parts(TYPE, body)[0].content == b"--bb\r\nx\r\n--b-\r\n --b"


def test_names_of_headers_have_any_case_and_values_are_folded() -> None:
    body = lines(
        "--b", "CONTENT-type :", " text/xml;", '\tcharset="Shift_JIS"', "content-ID: <x>", "", "a",
        "--b--",
    )  # fmt: skip
    head = read_parts(TYPE, body)[0].head
    assert (head.content_type, head.charset, head.content_id) == ("text/xml", "Shift_JIS", "x")


@pytest.mark.parametrize(
    ("encoding", "written", "content"),
    [
        ("BASE64", b"44GC\r\n44GE\r\n", "あい".encode()),
        ("quoted-printable", b"=E3=81=82=\r\n=E3=81=84", "あい".encode()),
        ("8bit", "あ".encode(), "あ".encode()),
        ("binary", b"\x00\xff\r\n\r", b"\x00\xff\r\n\r"),
        (" 7bit ; x", b"a", b"a"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, written: bytes, content: bytes) -> None:
    head = f"--b\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    assert read_parts(TYPE, head + written + b"\r\n--b--")[0].content == content


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"--b\r\n\r\n\r\n--b--", 1),
        (b"--b\r\n\r\n--b--", 1),
        (b"--b\r\n--b--", 1),
        (b"--b\r\nA: b\r\n--b--", 1),
        (b"--b\r\nA: b\r\n\r\n--b--", 1),
        (b"--b--", 0),
    ],
)
def test_parts_may_be_empty(body: bytes, count: int) -> None:
    parts = read_parts(TYPE, body)
    assert [part.content for part in parts] == [b""] * count


@pytest.mark.parametrize(
    "disposition",
    [
        'form-data; name="f"; filename="申込書.pdf"',
        "form-data; name=f; filename*=UTF-8''%E7%94%B3%E8%BE%BC%E6%9B%B8.pdf",
        "form-data; name=f; filename=x; filename*=utf-8'ja'%e7%94%b3%e8%be%bc%e6%9b%b8.pdf",
        "form-data; name=f; filename*0*=UTF-8''%E7%94%B3%E8%BE%BC; filename*1=書.pdf",
        'form-data; name=f; filename="=?UTF-8?B?55Sz6L685pu4LnBkZg==?="',
    ],
    ids=["raw", "extended", "extended-wins", "continued", "encoded-word"],
)
def test_japanese_file_names_are_read(disposition: str) -> None:
    body = lines("--b", f"Content-Disposition: {disposition}", "", "x", "--b--")
    [(name, part)] = read_form("multipart/form-data; boundary=b", body)
    assert (name, part.head.filename) == ("f", "申込書.pdf")


def test_file_names_in_cp932_are_read() -> None:
    head = 'Content-Disposition: form-data; name="f"; filename="表.csv"'.encode("cp932")
    [part] = read_parts(TYPE, b"--b\r\n" + head + b"\r\n\r\nx\r\n--b--")
    assert part.head.filename == "表.csv"


@pytest.mark.parametrize("name", ["=?ÿ?Q?a?=", "=?no-such?Q?a?=", "=?utf-8?X?a?="])
def test_name_in_a_charset_that_nobody_knows_stays_as_it_is(name: str) -> None:
    assert words(name) == name


def test_quotes_in_file_names_are_read_in_either_form() -> None:
    body = lines(
        "--b", 'Content-Disposition: form-data; name="a\\"b"; filename="c%22\\d"', "", "", "--b--"
    )
    [(name, part)] = read_form("multipart/form-data; boundary=b", body)
    assert (name, part.head.filename) == ('a"b', 'c"\\d')


@pytest.mark.parametrize(
    ("content_type", "body", "message"),
    [
        (TYPE, PLAIN[:-6], "its last boundary is missing"),
        (TYPE, PLAIN[:30], "its last boundary is missing"),
        (TYPE, b"<a/>", "does not hold the boundary"),
        (TYPE, b"", "does not hold the boundary"),
        (TYPE, b"--b--", "holds no part"),
        ("multipart/related", PLAIN, "names no usable boundary"),
        ('multipart/related; boundary="あ"', PLAIN, "names no usable boundary"),
        (TYPE, b"--b\r\nhello\r\n\r\n--b--", "is no header field"),
        (TYPE, b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n?\r\n--b--", "base64"),
        (TYPE, b"--b\r\nContent-Transfer-Encoding: uuencode\r\n\r\n\r\n--b--", "not known"),
    ],
)
def test_what_cannot_be_read_says_why(content_type: str, body: bytes, message: str) -> None:
    with pytest.raises(MalformedMultipart, match=message):
        read_related(content_type, body)


def test_part_of_a_form_without_a_name_is_refused() -> None:
    with pytest.raises(MalformedMultipart, match="has no name"):
        read_form("multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--")


def test_number_of_parts_is_limited() -> None:
    body = b"--b\r\n" * 4 + b"--b--"
    assert len(read_parts(TYPE, body, MultipartLimits(parts=4))) == 4
    with pytest.raises(MalformedMultipart, match="too many parts"):
        read_parts(TYPE, body, MultipartLimits(parts=3))


@pytest.mark.parametrize("ending", [b"\r\n\r\nx\r\n--b--", b"\r\n--b--", b""])
def test_size_of_a_header_is_limited(ending: bytes) -> None:
    body = b"--b\r\nA: " + b"x" * 200 + ending
    with pytest.raises(MalformedMultipart, match="too long"):
        read_parts(TYPE, body, MultipartLimits(header_bytes=100))


def test_boundary_is_read_from_a_content_type() -> None:
    assert boundary_of("multipart/form-data; boundary=----WebKit1") == "----WebKit1"

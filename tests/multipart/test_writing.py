"""The bytes of multipart bodies."""

import pytest

from gridwright_runtime.multipart.write import (
    FileContent,
    FormPart,
    RelatedPart,
    SourceChanged,
    form_length,
    form_pieces,
    related_body,
    related_content_type,
)


def test_related_body_is_written_to_the_byte() -> None:
    parts = [
        RelatedPart(content=b"<a/>", content_type="text/xml; charset=UTF-8", content_id="root"),
        RelatedPart(
            content=b"\x00", content_type="image/png", content_id="one", filename='図"1.png'
        ),
    ]
    assert related_body(parts, "b") == (
        b"--b\r\nContent-Type: text/xml; charset=UTF-8\r\n"
        b"Content-Transfer-Encoding: binary\r\nContent-ID: <root>\r\n\r\n<a/>\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n"
        b'Content-ID: <one>\r\nContent-Disposition: attachment; filename="'
        + "図%221.png".encode()
        + b'"\r\n\r\n\x00\r\n--b--\r\n'
    )
    assert related_content_type("b", "root") == (
        'multipart/related; type="text/xml"; start="<root>"; boundary="b"'
    )


def test_part_that_holds_the_boundary_is_refused() -> None:
    with pytest.raises(ValueError, match="holds the boundary"):
        related_body([RelatedPart(content=b"--b", content_type="a/b", content_id="x")], "b")


def test_header_field_cannot_be_smuggled_in() -> None:
    part = RelatedPart(content=b"", content_type="a/b\r\nX: y", content_id="x")
    with pytest.raises(ValueError, match="line end"):
        related_body([part], "b")


def test_form_is_written_to_the_byte() -> None:
    parts = [
        FormPart(name="番号", content=b"1"),
        FormPart(name="f", content=b"x", filename='申"込.pdf', content_type="application/pdf"),
    ]
    body = b"".join(form_pieces(parts, "b"))
    assert body.decode() == (
        '--b\r\nContent-Disposition: form-data; name="番号"\r\n\r\n1\r\n'
        '--b\r\nContent-Disposition: form-data; name="f"; filename="申%22込.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\nx\r\n--b--\r\n"
    )
    assert form_length(parts, "b") == len(body)


@pytest.mark.parametrize(("size", "what"), [(3, "grew"), (5, "became shorter")])
def test_source_that_changed_is_noticed(size: int, what: str) -> None:
    part = FormPart(name="f", content=FileContent(size=size, pieces=lambda: (b"ab", b"cd")))
    sent: list[bytes] = []
    with pytest.raises(SourceChanged, match=what):
        sent.extend(form_pieces([part], "b"))


def test_file_is_read_when_its_turn_comes_and_no_more_than_a_piece_ahead() -> None:
    taken: list[int] = []

    def pieces() -> list[bytes]:
        taken.append(1)
        return [b"x"]

    sending = form_pieces([FormPart(name="f", content=FileContent(size=1, pieces=pieces))], "b")
    next(sending)
    assert not taken
    assert next(sending) == b"x"

"""Bodies that are not quite what they seem: encodings, pieces, entities, and sheer size."""

import gc
from typing import Any

import pytest
from msgspec import defstruct

from gridwright_runtime.decodings.json.likeness import _tests_of
from gridwright_runtime.decodings.reader import Refused
from gridwright_runtime.errors import UnexpectedReplyError
from gridwright_runtime.interface import Format

from .support import (
    FORMATS,
    HISTORY,
    LIST,
    PAGE,
    Page,
    Row,
    answer,
    error_of,
    listed,
    operation,
    page,
    read,
    reading,
    rules,
    to_json,
    to_xml,
)

formats = pytest.mark.parametrize("format", FORMATS)


# Encodings.


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "cp949"])
@formats
def test_other_encodings_are_read(charset: str, format: Format) -> None:
    text = listed([reading(note="홍길동")], format).decode().rpartition("?>")[2]
    body = text.encode(charset)
    reply = read(LIST, body, format, content_type=f"text/plain; charset={charset}")
    assert reply.records[0].note == "홍길동"


@pytest.mark.parametrize(
    ("charset", "text"),
    [("EUC-KR", "천호"), ("Shift_JIS", "ﾃｽ"), ("TIS-620", "รถ"), ("ISO-2022-JP", "東京")],
)
@formats
def test_letters_that_look_like_utf_8_are_read_in_the_encoding_that_is_named(
    charset: str, text: str, format: Format
) -> None:
    body = listed([reading(note=text)], format).decode().rpartition("?>")[2].encode(charset)
    assert body.decode()  # it would be UTF-8, too
    reply = read(LIST, body, format, content_type=f"text/plain; charset={charset}")
    assert reply.records[0].note == text


@formats
def test_a_charset_that_the_bytes_disprove_is_not_heeded(format: Format) -> None:
    body = listed([reading(note="홍길동", extra="")], format)
    body = body.replace(b"encoding='UTF-8'", b"")
    for sent in (body, body.replace(b'"cnt": 1', b'"cnt": "1"')):
        reply = read(LIST, sent, format, content_type="text/html;charset=ISO-8859-1")
        assert reply.records[0].note == "홍길동"


@pytest.mark.parametrize("named", ["windows-1254", "ISO-8859-9", "EUC-KR", "shift_jis"])
@pytest.mark.parametrize("header", ["", "application/xml; charset=UTF-8"])
def test_xml_that_is_utf_8_is_read_so_whatever_its_declaration_names(
    named: str, header: str
) -> None:
    for text in ("Geçerli: İğdır €", "홍길동"):
        body = listed([reading(note=text)], "xml").replace(b"UTF-8", named.encode(), 1)
        reply = read(LIST, body, "xml", content_type=header)
        assert reply.records[0].note == text
        assert rules(reply) == [" xml-declaration"]


@pytest.mark.parametrize(
    ("named", "text"), [("EUC-KR", "짜"), ("TIS-620", "รถ"), ("windows-1254", "İğdır")]
)
def test_xml_in_the_encoding_of_its_declaration_is_read_without_a_word(
    named: str, text: str
) -> None:
    body = listed([reading(note=text)], "xml").replace(b"UTF-8", named.encode(), 1)
    reply = read(LIST, body.decode().encode(named), "xml", content_type="text/xml; charset=utf-8")
    assert reply.records[0].note == text
    assert reply.deviations == ()


def test_xml_that_reads_differently_by_declaration_and_header_is_refused() -> None:
    body = listed([reading(note="İğdır")], "xml").replace(b"UTF-8", b"windows-1254", 1)
    sent = body.decode().encode("windows-1254")
    error = error_of(LIST, sent, "xml", content_type="text/xml; charset=ISO-8859-1")
    assert "another encoding than its header" in str(error)
    assert type(error_of(LIST, sent.replace(b"windows-1254", b"UTF-8"), "xml")) is (
        UnexpectedReplyError
    )


@pytest.mark.parametrize(
    "value", ['"홍길동"'.encode("cp949"), b"9" * 5000, b"1e999999999999999999999"]
)
def test_what_only_the_fast_way_reads_past_is_a_deviation(value: bytes) -> None:
    # It takes what it does not know, and its title has to be there.
    lenient: Any = defstruct(
        "Lenient", [("title", str | None)], bases=(Page,), frozen=True, kw_only=True,
        forbid_unknown_fields=False,
    )  # fmt: skip
    called = operation(shape="record", model=lenient, payload=("data",))
    body = b'{"data": {"title": "x", "extra": @}}'.replace(b"@", value)
    result = read(called, body)
    assert result.body.title == "x"
    assert {problem.rule for problem in result.deviations} <= {"unreadable", "unknown-field"}


# Values in pieces.


@pytest.mark.parametrize("piece", ["<?cut?>", "<!-- cut -->", "<![CDATA[]]>", "<?a b=2?><!-- -->"])
def test_a_value_in_pieces_loses_nothing(piece: str) -> None:
    body = listed([reading(kwh="12@34", note="ab@cd")], "xml").replace(b"@", piece.encode())
    reply = read(LIST, body, "xml")
    assert (reply.records[0].energy_kwh, reply.records[0].note) == (1234, "abcd")
    assert reply.deviations == ()
    body = page({"rows": [{"kwh": "1@2"}], "title": "a@b", "numbers": ["3@4"]}, "xml")
    result = read(PAGE, body.replace(b"@", piece.encode()), "xml")
    assert (result.body.rows[0].energy_kwh, result.body.title) == (12, "ab")
    assert result.body.numbers == [34]


def test_comments_instructions_and_namespaces_around_records_do_not_matter() -> None:
    body = listed([reading(), reading()], "xml")
    odd = (
        body.replace(b"<item>", b"<?go in?>\n <!-- <item> --><item>")
        .replace(b"<Answer>", b'<p:Answer xmlns:p="urn:p" xmlns="urn:q">')
        .replace(b"</Answer>", b"</p:Answer>")
        .replace(b"mtr>", b"p:mtr>")
    )
    reply = read(LIST, odd, "xml")
    assert reply == read(LIST, body, "xml")
    assert reply.deviations == ()


@pytest.mark.parametrize("character", [b"\x00", b"\x1f", b"&#0;", b"&#x1F;"])
def test_a_character_that_xml_forbids_is_replaced_and_listed(character: bytes) -> None:
    reply = read(LIST, listed([reading(note="a@b")], "xml").replace(b"@", character), "xml")
    assert reply.records[0].note == "a\ufffdb"
    assert rules(reply) == [" control-character"]
    result = read(PAGE, page({"title": "a@b"}, "xml").replace(b"@", character), "xml")
    assert result.body.title == "a\ufffdb"
    assert rules(result) == [" control-character"]


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="UTF-8" standalone="true"?>',
        '<?xml version="1.0"encoding="UTF-8"standalone="true">',
        '<?xml version="1.0" encoding="UTF-8"',
        '\n <?xml version="1.0" encoding="UTF-8"?>',
    ],
)
def test_a_malformed_declaration_is_read_and_listed(declaration: str) -> None:
    body = declaration.encode() + listed([reading()], "xml").rpartition(b"?>")[2].lstrip()
    reply = read(LIST, body, "xml")
    assert len(reply.records) == 1
    assert rules(reply) == [" xml-declaration"]


@pytest.mark.parametrize("between", [b"", b"\n", b"\xef\xbb\xbf"])
def test_a_message_that_begins_twice_is_never_read_without_a_word(between: bytes) -> None:
    body = b'<?xml version="1.1"?>' + between + listed([reading()], "xml")
    outcome = answer(LIST, body, "xml")
    assert isinstance(outcome, Refused) or rules(outcome) == [" xml-declaration"]


BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("prolog", ["<!DOCTYPE Answer>", BOMB, EXTERNAL, "<!-- <a> -->" + BOMB])
@pytest.mark.parametrize("called", [LIST, PAGE, HISTORY], ids=lambda one: one.name)
def test_a_document_type_is_refused(prolog: str, called: Any) -> None:
    text = prolog + "<Answer><code>&c;</code><list/></Answer>"
    for body in (text.encode(), text.encode("utf-16")):
        assert "document type" in str(error_of(called, body, "xml"))
    assert type(error_of(called, b"<Answer><code>&xxe;</code></Answer>")) is UnexpectedReplyError


@pytest.mark.parametrize(
    "number", ["31.50", "0.0000", "9999999999.9999", "-1000", "1234567890123456789.123456789"]
)
@formats
def test_numbers_are_exact(number: str, format: Format) -> None:
    body = listed([reading(kwh="@")], format).replace(b'"@"', number.encode())
    [record] = read(LIST, body.replace(b"@", number.encode()), format).records
    assert str(record.energy_kwh) == number
    body = page({"rows": [{"kwh": "@"}]}, format).replace(b'"@"', number.encode())
    result = read(PAGE, body.replace(b"@", number.encode()), format)
    assert str(result.body.rows[0].energy_kwh) == number


# Size.

SIZE = 2_000_000


def filled(unit: bytes, between: bytes, before: bytes, behind: bytes) -> bytes:
    return before + between.join([unit] * (SIZE // len(unit))) + behind


VERDICT = b'{"code": "0", "msg": "", "type": "OK", '
HEAD = b"<Answer><head><code>0</code><ok>Y</ok></head><list>"


@pytest.mark.parametrize(
    ("called", "body"),
    [
        (LIST, filled(b"[]", b",", b"[", b"]")),
        (LIST, filled(b"{}", b",", b'{"list": [', b"]}")),
        (PAGE, filled(b"{}", b",", VERDICT + b'"body": {"rows": [', b"]}}")),
        (HISTORY, filled(b"[]", b",", b'{"bills": [', b"]}")),
        (LIST, filled(b"<a/>", b"", HEAD, b"</list></Answer>")),
        (PAGE, filled(b"<a/>", b"", b"<Answer>", b"</Answer>")),
    ],
    ids=range(6),
)
def test_a_body_of_brackets_or_empty_elements_is_refused_before_it_is_read(
    called: Any, body: bytes
) -> None:
    error = error_of(called, body)
    assert "too many" in str(error)


@pytest.mark.parametrize(
    ("called", "body"),
    [
        (LIST, filled(b'{"a":1}', b",", b'{"list": [', b"]}")),
        (LIST, filled(b'{"abcd":1}', b",", b'{"list": [', b"]}")),
        (PAGE, filled(b'{"id":1}', b",", VERDICT + b'"body": {"rows": [', b"]}}")),
        (LIST, filled(b"<v>1</v>", b"", HEAD, b"</list></Answer>")),
        (LIST, filled(b'<a b="" c="" d=""/>', b"", HEAD, b"</list></Answer>")),
    ],
    ids=range(5),
)
def test_a_body_of_tiny_records_is_refused_before_it_is_read(called: Any, body: bytes) -> None:
    assert "too many" in str(error_of(called, body))


def test_names_given_twice_in_a_multitude_of_objects_are_refused_early() -> None:
    body = b'{"list": [' + b",".join([b'{"a": 1, "a": 2}'] * 1001) + b"]}"
    assert "more than once in too many objects" in str(error_of(LIST, body))


def test_values_that_cannot_be_read_are_listed_up_to_a_bound() -> None:
    rows = [{"id": "x"}] * 5000
    for called, body in (
        (PAGE, page({"rows": rows})),
        (LIST, listed([reading(kwh="x")] * 5000, "json")),
        (LIST, listed([reading(kwh="x")] * 5000, "xml")),
        (PAGE, page({"rows": rows}, "xml")),
    ):
        error = error_of(called, body)
        assert isinstance(error, UnexpectedReplyError)
        assert len(error.problems) <= 1001


@formats
def test_deviations_are_capped_and_the_last_says_how_many_more_there_are(format: Format) -> None:
    reply = read(LIST, listed([reading(more="1")] * 1500, format), format)
    assert len(reply.records) == 1500
    assert len(reply.deviations) == 1001
    assert (reply.deviations[-1].rule, reply.deviations[-1].message) == (
        "not-listed",
        "500 more are not listed",
    )
    assert read(PAGE, page({"rows": [{"id": 1, "unknown": 1}] * 9000}, format), format).deviations[
        -1
    ].rule == ("not-listed")


def test_deviations_are_looked_for_only_when_asked_for() -> None:
    looked: list[str] = []

    def check(record: Any, path: str) -> list[Any]:
        looked.append(path)
        return []

    called = operation(model=Row, payload=("list",))
    called = operation(model=Row, payload=("list",), check_message=check, name="get_rows")
    reply = read(called, to_json({"list": [{"id": 1}]}))
    assert not looked
    assert reply.deviations == ()
    assert reply.deviations == ()
    assert looked == [""]
    assert to_xml({}) == b"<?xml version='1.0' encoding='UTF-8'?>\n<Answer/>"


def test_a_declaration_of_utf16_before_utf8_is_a_deviation() -> None:
    body = listed([reading()], "xml")
    text = body[body.index(b"<Answer") :]
    declared = b'<?xml version="1.0" encoding="utf-16"?>' + text
    assert [one.rule for one in read(LIST, declared, "xml").deviations] == ["xml-declaration"]
    assert read(LIST, declared.decode().encode("utf-16"), "xml").deviations == ()


@pytest.mark.parametrize("begun", [b'<?xn="1.0"?>', b'<?xml-x version="1.0"?>'])
def test_an_instruction_in_place_of_the_declaration_is_a_deviation(begun: bytes) -> None:
    body = listed([reading()], "xml")
    text = begun + body[body.index(b"<Answer") :]
    assert [one.rule for one in read(LIST, text, "xml").deviations] == ["xml-declaration"]


def test_a_body_of_many_names_is_not_remembered() -> None:
    body = to_json({f"name{number}": 1 for number in range(2000)})
    before = len(_tests_of(LIST))
    error_of(LIST, body)
    assert len(_tests_of(LIST)) == before


@pytest.mark.parametrize("blanks", [b"\n\t", b"\t\r\n", b" \n"])
def test_a_field_given_twice_is_found_whatever_blanks_stand_behind_its_name(blanks: bytes) -> None:
    body = listed([reading()], "json").replace(b'"mtr"', b'"mtr"%b: "OTHER", "mtr"' % blanks, 1)
    error = error_of(LIST, body)
    assert isinstance(error, UnexpectedReplyError)
    assert [problem.rule for problem in error.problems] == ["repeated-field"]


def test_a_tree_in_xml_is_gone_as_soon_as_it_is_read() -> None:
    body = page({"rows": [{"id": 1}]}, "xml")
    read(PAGE, body, "xml")
    gc.collect()
    gc.disable()
    gc.freeze()  # what other tests hold, and may let go of meanwhile, is not looked at
    collected = []
    try:
        for _ in range(5):
            read(PAGE, body, "xml")
            assert _documents() == []
            collected.append(gc.collect())
    finally:
        gc.unfreeze()
        gc.enable()
    # Threads that other tests left behind may let go of something meanwhile, but not each time.
    assert min(collected) < 100


def _documents() -> list[object]:
    return [one for one in gc.get_objects() if type(one).__name__ == "_Document"]


@pytest.mark.parametrize("stray", ["\v", "\f", "\r\n\v\n", "\0"])
def test_a_control_character_before_the_root_is_told(stray: str) -> None:
    body = listed([reading()], "xml")
    assert b"?>" in body
    reply = read(LIST, body.replace(b"?>", b"?>" + stray.encode(), 1), "xml")
    assert len(reply.records) == 1
    assert "control-character" in [problem.rule for problem in reply.deviations]

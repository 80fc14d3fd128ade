"""XML replies that can be read, as the document says or not quite."""

from datetime import date
from decimal import Decimal

import pytest

from gridwright_runtime.errors import DeviationError, UnexpectedReplyError

from .sample_api import GET_BILL, Bill
from .support import METER, day_record, json_body, only, read, rules, xml_body


def test_both_forms_of_a_reply_are_equal() -> None:
    records = [day_record(pwr_qty0015="", custNo="")]
    from_xml = read(xml_body(records), "xml")
    assert from_xml == read(json_body(records))
    assert from_xml.deviations == ()
    assert only(xml_body(records), "xml").reading_date == date(2024, 10, 1)


def test_the_header_is_at_hand() -> None:
    assert read(xml_body([]), "xml").header == {
        "errMsg": None,
        "responseTime": "20241001:161425243",
        "returnCode": "00",
        "successYn": "Y",
    }


@pytest.mark.parametrize("written", ["31.5", "85", "0.0000", "9999999999.9999", "-1000"])
def test_numbers_are_exact(written: str) -> None:
    assert str(only(xml_body([day_record(pwr_qty0015=written)]), "xml").energy_kwh_0015) == written


@pytest.mark.parametrize("empty", ["<custNo/>", "<custNo></custNo>", "<custNo><!-- x --></custNo>"])
def test_an_empty_element_is_a_missing_value(empty: str) -> None:
    body = xml_body([day_record(custNo="@")]).replace(b"<custNo>@</custNo>", empty.encode())
    assert only(body, "xml").customer_number is None


@pytest.mark.parametrize(
    "listed", ["<dayInfoList/>", "<dayInfoList></dayInfoList>", "<dayInfoList>\n</dayInfoList>"]
)
def test_an_empty_list_is_an_empty_list(listed: str) -> None:
    body = xml_body([]).replace(b"<dayInfoList></dayInfoList>", listed.encode())
    reply = read(body, "xml")
    assert reply.records == []
    assert reply.deviations == ()


def test_order_layout_comments_and_character_data_do_not_matter() -> None:
    body = (
        b"<?xml version='1.0'?>\n<!-- a comment with <dayInfo> in it -->\n<?go now?>\n"
        b"<DayProfileResponse>\n <dayInfoList >\n  <!-- - --><?go in?>\n  "
        + b"".join(_reversed_record().splitlines(True))
        + b"\n </dayInfoList >\n <?go on?>\n"
        + _header()
        + b"</DayProfileResponse>\n<!-- end -->\n"
    )
    reply = read(body, "xml")
    assert reply == read(json_body([day_record(custNo="a<b&c")]))
    assert reply.deviations == ()


def _reversed_record() -> bytes:
    record = day_record(custNo="<![CDATA[a<b&]]>c")
    fields = [f"<{name}>{value}</{name} >\n" for name, value in reversed(record.items())]
    return ("<dayInfo>\n" + "<?pi?>".join(fields) + "</dayInfo>").encode()


def _header() -> bytes:
    return xml_body([], list_name=None).partition(b"<DayProfileResponse>")[2].partition(b"</Day")[0]


def test_namespaces_do_not_matter() -> None:
    body = xml_body([day_record()])
    plain_root = b"<DayProfileResponse>"
    default = body.replace(plain_root, b'<DayProfileResponse xmlns="urn:invented">')
    prefixed = default.replace(b"xmlns=", b'xmlns:p="urn:p" xmlns=').replace(
        b"custNo>", b"p:custNo>"
    )
    assert read(default, "xml") == read(prefixed, "xml") == read(body, "xml")
    assert read(prefixed, "xml").deviations == ()


def test_a_list_and_its_records_may_have_the_same_name() -> None:
    body = (
        b"<BillResponse><cmMsgHeader><errMsg/><responseTime>1</responseTime>"
        b"<returnCode>00</returnCode><sucessYn>Y</sucessYn></cmMsgHeader><billInfoList>"
        b"<billInfoList><custNm>A</custNm><bill_ym>202410</bill_ym><mr_dd>1</mr_dd>"
        b"<dc_bill>-5</dc_bill></billInfoList>"
        b"<billInfoList><custNm>B</custNm><bill_ym/><mr_dd/><dc_bill/></billInfoList>"
        b"</billInfoList></BillResponse>"
    )
    reply = read(body, "xml", GET_BILL)
    assert reply.records == [
        Bill(customer_name="A", month=date(2024, 10, 1), reading_day=1, discount_krw=Decimal(-5)),
        Bill(customer_name="B", month=None, reading_day=None, discount_krw=None),
    ]
    assert rules(reply) == [
        "cmmMsgHeader renamed-field",
        "cmmMsgHeader.successYn renamed-field",
    ]
    assert reply.header is not None
    assert reply.header["successYn"] == "Y"


def test_many_records_are_read_in_their_order() -> None:
    records = [day_record(custNo=str(number)) for number in range(500)]
    reply = read(xml_body(records), "xml")
    assert [record.customer_number for record in reply.records] == [str(n) for n in range(500)]
    assert reply == read(json_body(records))


# The declaration, and what stands before it.


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="UTF-8" standalone="true"?>',
        '<?xml version="1.0" encoding="UTF-8" standalone="true">',
        '<?xml version="1.0"encoding="UTF-8"standalone="true">',
        '<?xml version="1.0" encoding="UTF-8">',
        '<?xml version="1.0" encoding="UTF-8"',
        "<?xml encoding='UTF-8'?>",
        '\n <?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0" encoding="UTF-16"?>',
    ],
)
def test_a_malformed_declaration_is_read_and_listed(declaration: str) -> None:
    body = xml_body([day_record()], declaration=declaration)
    reply = read(body, "xml")
    assert reply == read(json_body([day_record()]))
    expected = [] if "UTF-16" in declaration else [" xml-declaration"]
    assert rules(reply) == expected


@pytest.mark.parametrize(
    "declaration",
    [
        "",
        "\n",
        "\ufeff",
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0"?>',
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n",
        '<?xml version="1.1" encoding="us-ascii"?>',
    ],
)
def test_a_good_declaration_or_none_is_no_deviation(declaration: str) -> None:
    reply = read(xml_body([day_record()], declaration=declaration), "xml")
    assert reply == read(json_body([day_record()]))
    assert reply.deviations == ()


@pytest.mark.parametrize("charset", ["EUC-KR", "euc-kr", "CP949", "ks_c_5601-1987", "uhc"])
def test_a_declared_korean_encoding_is_decoded(charset: str) -> None:
    text = xml_body(
        [day_record(custNo="똠방각하")], declaration=f'<?xml version="1.0" encoding="{charset}"?>'
    ).decode()
    assert only(text.encode("cp949"), "xml").customer_number == "똠방각하"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_decoded(charset: str) -> None:
    text = xml_body([day_record(custNo="가")], declaration="").decode()
    marked = '<?xml version="1.0" encoding="UTF-16"?>' + text
    assert only(text.encode(charset), "xml").customer_number == "가"
    assert only(marked.encode(charset), "xml").customer_number == "가"


def test_without_a_declaration_the_content_type_counts() -> None:
    body = xml_body([day_record(custNo="가")], declaration="").decode().encode("cp949")
    assert only(body, "xml", content_type="text/xml; charset=euc-kr").customer_number == "가"


def test_a_charset_that_the_bytes_disprove_is_not_heeded() -> None:
    body = xml_body([day_record(custNo="가")], declaration="")
    assert only(body, "xml", content_type="text/xml; charset=ISO-8859-1").customer_number == "가"


# Departures from the document.


def test_what_departs_is_listed_and_returned_all_the_same() -> None:
    record = day_record(custNo="0123456789x", meterNo=..., meter=METER, ictg="a", pwr_qty2400=...)
    reply = read(xml_body([day_record(), record]), "xml")
    assert reply.records[1].meter_number == METER
    assert reply.records[1].energy_kwh_2400 is None
    assert rules(reply) == [
        "records[1].customer_number too-long",
        "records[1].meter_number renamed-field",
        "records[1].energy_kwh_2400 missing-field",
        "records[1].ictg unknown-field",
    ]


def test_a_renamed_root_or_record_is_read_and_listed() -> None:
    body = xml_body([day_record(), day_record()], root="Other", item_name="item")
    reply = read(body, "xml")
    assert len(reply.records) == 2
    assert rules(reply) == [
        "records[0] renamed-field",
        "records[1] renamed-field",
        "DayProfileResponse renamed-field",
    ]


def test_a_second_list_is_not_lost() -> None:
    listed = b"<dayInfoList>" + xml_body([day_record(custNo="2")]).partition(b"<dayInfoList>")[2]
    body = xml_body([day_record(custNo="1")]).replace(b"</DayProfileResponse>", listed)
    assert [record.customer_number for record in read(body, "xml").records] == ["1", "2"]


def test_a_header_that_departs_is_listed() -> None:
    header = {"errMsg": "", "resultTime": "1", "returnCode": "00", "sucessYn": "Y"}
    assert rules(read(xml_body([], header=header), "xml")) == [
        "cmmMsgHeader.resultTime unknown-field",
        "cmmMsgHeader.successYn renamed-field",
        "cmmMsgHeader.responseTime missing-field",
    ]
    assert rules(read(xml_body([], header=None), "xml")) == ["cmmMsgHeader missing-field"]


def test_something_beside_header_and_list_is_listed() -> None:
    body = xml_body([]).replace(b"</DayP", b"<page><no>1</no></page></DayP")
    assert rules(read(body, "xml")) == ["page unknown-field"]


def test_blanks_around_a_value_are_read_and_listed() -> None:
    reply = read(xml_body([day_record(pwr_qty0015=" 6.53 ", mr_ymd=" 20241001 ")]), "xml")
    assert reply.records[0].energy_kwh_0015 == Decimal("6.53")
    assert reply.records[0].reading_date == date(2024, 10, 1)
    assert rules(reply) == [
        "records[0].reading_date not-a-date",
        "records[0].energy_kwh_0015 not-number",
    ]


@pytest.mark.parametrize("character", [b"\x00", b"\x1f", b"&#0;", b"&#x1F;"])
def test_a_character_that_xml_forbids_is_replaced_and_listed(character: bytes) -> None:
    body = xml_body([day_record(custNo="a@b"), day_record()]).replace(b"@", character)
    reply = read(body, "xml")
    assert reply.records[0].customer_number == "a\ufffdb"
    assert len(reply.records) == 2
    assert rules(reply) == [" control-character"]


def test_json_where_xml_was_asked_is_read_and_listed() -> None:
    reply = read(json_body([day_record()]), "xml")
    assert len(reply.records) == 1
    assert rules(reply) == [" other-format"]
    with pytest.raises(DeviationError):
        read(json_body([day_record()]), "xml", strict=True)


# What cannot be read, or must not be.


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"pwr_qty0015": "N/A"}, "records[1].energy_kwh_0015"),
        ({"pwr_qty0015": "NaN"}, "records[1].energy_kwh_0015"),
        ({"pwr_qty0015": "<![CDATA[ -Infinity ]]>"}, "records[1].energy_kwh_0015"),
        ({"pwr_qty0015": "&#73;NF"}, "records[1].energy_kwh_0015"),
        ({"pwr_qty0015": "<a>1</a>"}, "records[1].energy_kwh_0015"),
        ({"mr_ymd": "20241301"}, "records[1].reading_date"),
        ({"hshcnt": "1.5"}, "records[1].household_count"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(change: dict[str, object], path: str) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(xml_body([day_record(), day_record(**change)]), "xml")
    assert [problem.path for problem in caught.value.problems] == [path]
    assert caught.value.problems[0].source.startswith("sample.txt:")
    assert caught.value.__context__ is None


BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE DayProfileResponse>",
        BOMB,
        EXTERNAL,
        "<!-- <a> -->" + EXTERNAL,
        "<?x <a>?>\n" + EXTERNAL,
        '<?xml version="1.0" encoding="UTF-8" standalone="true">' + EXTERNAL,
    ],
)
@pytest.mark.parametrize("value", ["1", "&c;", "&x;"])
def test_a_document_type_is_refused(prolog: str, value: str) -> None:
    body = xml_body([day_record(custNo=value)], declaration=prolog)
    for variant in (body, body.decode().encode("utf-16")):
        with pytest.raises(UnexpectedReplyError, match="document type"):
            read(variant, "xml")


def test_an_entity_that_nobody_declared_is_refused() -> None:
    with pytest.raises(UnexpectedReplyError):
        read(xml_body([day_record(custNo="&nbsp;")]), "xml")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        xml_body([day_record()])[:-1],
        xml_body([day_record()])[:300],
        xml_body([day_record()] * 100)[:-2000],
        xml_body([day_record()]) + b"<more/>",
        xml_body([day_record()]).replace(b"</custNo>", b"</custNo multi>"),
        xml_body([], list_name=None),
        xml_body([day_record()], list_name="other"),
        xml_body([day_record(custNo="가")]).decode().encode("cp949"),
        xml_body([], declaration='<?xml version="1.0" encoding="unicode_escape"?>'),
        xml_body([], declaration='<?xml version="1.0" encoding="no-such"?>'),
        b"\xff\xfe<\x00a",
        b"\xff\xfe<",
        b"<",
        b"<?xml",
        b"<?xml version='1.0'?>",
        b"<a>" * 1000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_no_list_of_records_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(body, "xml")
    assert caught.value.raw is not None
    assert caught.value.raw.body == body
    assert caught.value.__context__ is None


@pytest.mark.parametrize("chunk", [1, 7, 100, 4096])
@pytest.mark.parametrize("between", ["", "\n  "])
def test_it_does_not_matter_where_the_body_is_cut_while_parsing(
    chunk: int, between: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [day_record(custNo=f"{number}가") for number in range(6)]
    body = xml_body(records).decode().replace("<", f"{between}<").lstrip().encode()
    body = body.replace(f"가{between}</".encode(), "가</".encode())
    expected = read(body, "xml")
    monkeypatch.setattr("gridwright_runtime.xml_codec._CHUNK", chunk)
    assert read(body, "xml") == expected
    assert [record.customer_number for record in expected.records] == [f"{n}가" for n in range(6)]


def test_blanks_alone_are_a_missing_number_and_a_missing_date() -> None:
    reply = read(xml_body([day_record(pwr_qty0015="\n ", mr_ymd=" ", hshcnt="\t")]), "xml")
    [record] = reply.records
    assert record.energy_kwh_0015 is None
    assert record.reading_date is None
    assert record.household_count is None
    assert [problem.rule for problem in reply.deviations][-1] == "not-number"


@pytest.mark.parametrize(
    "element", [{"errorMessage": "denied", "errorCode": "E1"}, {"ErrMsg": "x"}, {}]
)
def test_an_element_without_any_field_of_a_record_is_refused(element: dict[str, str]) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(xml_body([day_record(), element]), "xml")
    [problem] = caught.value.problems
    assert (problem.path, problem.rule) == ("records[1]", "wrong-type")
    assert problem.message == "has no field of a record"


def test_a_field_that_a_record_has_twice_is_refused() -> None:
    body = xml_body([day_record(pwr_qty0015="5</pwr_qty0015><pwr_qty0015>9")])
    with pytest.raises(UnexpectedReplyError) as caught:
        read(body, "xml")
    [problem] = caught.value.problems
    assert (problem.path, problem.rule) == ("records[0].energy_kwh_0015", "repeated-field")


@pytest.mark.parametrize("written", ["1_5", "１５", "1５", "١٥", "_15"])
def test_a_number_has_ascii_digits_only(written: str) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(xml_body([day_record(pwr_qty0015=written)]), "xml")
    assert [problem.rule for problem in caught.value.problems] == ["not-number"]


def test_a_second_header_that_says_success_too_is_listed() -> None:
    header = _header()
    reply = read(xml_body([]).replace(header, header + header), "xml")
    assert rules(reply) == ["cmmMsgHeader repeated-field"]


def test_a_place_that_the_parser_does_not_know_is_not_named() -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(b"<!-- -->", "xml")
    assert "line 0" not in str(caught.value)

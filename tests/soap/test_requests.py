"""Requests are written to the byte, and as xsdata would write them."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree
from tests.soap.sample import NAMESPACE
from tests.soap.support import HEADER, messages, operation
from tests.soap.trees import LIST_REQUESTS
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import DictDecoder, XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer

from gridwright_runtime.service.attachment import Attachment
from gridwright_runtime.service.multipart import read_related
from gridwright_runtime.service.soap import ENVELOPE, write_envelope, write_soap

CONTEXT = XmlContext()


def boundaries(*names: str) -> Callable[[], str]:
    drawn: Iterator[str] = iter(names)
    return lambda: next(drawn)


def written(tree: Mapping[str, object], *attachments: Attachment) -> tuple[dict[str, str], bytes]:
    headers, body = write_soap(operation(), tree, HEADER, attachments, boundaries("b0"))
    return dict(headers), body


def soap() -> Any:
    return operation().soap


def test_request_is_written_to_the_byte() -> None:
    tree = {
        "stage": "01",
        "day": "20241001",
        "PROVISIONAL_text": "工事 <&>",
        "limit": Decimal("1E+3"),
        "isOpen": True,
        "numbers": ["1", "2"],
        "step": {"stepName": "x"},
        "atMost": None,
    }
    headers, body = written(tree)
    assert headers == {
        "Content-Type": 'multipart/related; type="text/xml"; '
        'start="<envelope.b0@gridwright>"; boundary="b0"',
        "SOAPAction": '""',
        "Accept": "text/xml, multipart/related",
    }
    assert body.decode() == (
        "--b0\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-Transfer-Encoding: binary\r\n"
        "Content-ID: <envelope.b0@gridwright>\r\n\r\n"
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
        '<soapenv:Header><header xmlns="urn:example:works"><requestID>7f1c</requestID>'
        "<timeStamp>2024-10-01T09:00:00+09:00</timeStamp><loginID>demo</loginID>"
        "<password>a&amp;b</password></header></soapenv:Header><soapenv:Body>"
        '<list_worksRequest xmlns="urn:example:works"><day>20241001</day><stage>01</stage>'
        "<PROVISIONAL_text>工事 &lt;&amp;&gt;</PROVISIONAL_text><limit>1000</limit>"
        "<isOpen>true</isOpen><numbers>1</numbers><numbers>2</numbers>"
        "<step><stepName>x</stepName></step></list_worksRequest></soapenv:Body>"
        "</soapenv:Envelope>\r\n--b0--\r\n"
    )


def test_attachments_follow_the_envelope(tmp_path: Path) -> None:
    file = tmp_path / "図.png"
    file.write_bytes(b"\x89PNG\r\n")
    headers, body = written(
        {"stage": "01"},
        Attachment(content=b"one", content_type="text/plain", content_id="mine"),
        Attachment(content=file, filename="図.png"),
    )
    related = read_related(headers["Content-Type"], body)
    assert related.root.content.endswith(b"</soapenv:Envelope>")
    assert [(p.content, p.head.content_id, p.head.filename) for p in related.others] == [
        (b"one", "mine", None),
        (b"\x89PNG\r\n", "attachment2.b0@gridwright", "図.png"),
    ]


def test_boundary_that_stands_in_an_attachment_is_not_used() -> None:
    headers, body = write_soap(
        operation(),
        {"stage": "01"},
        HEADER,
        [Attachment(content=b"--b0")],
        boundaries("b0", "b1"),
    )
    assert 'boundary="b1"' in dict(headers)["Content-Type"]
    assert body.endswith(b"--b1--\r\n")


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"stage": "\x00"}, "XML cannot carry"),
        ({"stage": "\ufffe"}, "XML cannot carry"),
        ({"stage": "\ud800"}, "XML cannot carry"),
        ({"other": "1"}, "other has no element in the schema"),
        ({"step": {"other": "1"}}, "other has no element in the schema"),
        ({"stage": {"inner": "1"}}, "the schema has none within it"),
    ],
)
def test_what_cannot_be_written_is_refused(tree: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_envelope(soap(), tree, HEADER)


def test_carriage_return_survives() -> None:
    root = etree.fromstring(write_envelope(soap(), {"stage": "a\r\nb]]>"}, HEADER))
    assert root.findtext(f".//{{{NAMESPACE}}}stage") == "a\r\nb]]>"


@settings(deadline=None)  # the first run loads xsdata
@given(LIST_REQUESTS)
def test_request_is_what_xsdata_writes(tree: dict[str, object]) -> None:
    root = etree.fromstring(write_envelope(soap(), tree, HEADER))
    body, block = root.find(f"{{{ENVELOPE}}}Body"), root.find(f"{{{ENVELOPE}}}Header")
    assert body is not None
    assert block is not None
    for ours, message, content in (
        (body[0], messages().ListWorksRequestMessage, tree),
        (block[0], messages().HeaderMessage, HEADER),
    ):
        theirs = XmlSerializer(context=CONTEXT).render(bound(message, content))
        assert canonical(etree.tostring(ours)) == canonical(theirs.encode())
        parsed = XmlParser(context=CONTEXT).from_bytes(etree.tostring(ours), message)
        assert parsed == bound(message, content)


def bound(message: type[Any], tree: Mapping[str, object]) -> object:
    return DictDecoder(context=CONTEXT).decode(dict(tree), message)


def canonical(xml: bytes) -> str:
    return str(etree.canonicalize(xml.decode(), rewrite_prefixes=True))

"""What others make of our schema, description and messages: lxml, xmlschema, xsdata and zeep."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xmlschema
import zeep
from hypothesis import given, settings
from lxml import etree
from tests.soap.sample import NAMESPACE
from tests.soap.support import (
    HEADER,
    envelope,
    files,
    messages,
    read_soap,
    reply,
    write_envelope,
)
from tests.soap.trees import LIST_REPLIES, LIST_REQUESTS
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import DictDecoder, XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer
from zeep.helpers import serialize_object
from zeep.transports import Transport

from gridwright_runtime.encodings.soap import ENVELOPE

CONTEXT = XmlContext()


@cache
def judges() -> tuple[etree.XMLSchema, xmlschema.XMLSchema]:
    text = files()["schemas/works/works.xsd"]
    return etree.XMLSchema(etree.fromstring(text.encode())), xmlschema.XMLSchema(text)


def is_valid(element: etree._Element) -> bool:
    by_lxml, by_xmlschema = judges()
    verdicts = {by_lxml.validate(element), by_xmlschema.is_valid(element)}
    [verdict] = verdicts  # they agree
    return verdict


def parts_of(body: bytes) -> tuple[etree._Element, etree._Element]:
    root = etree.fromstring(body)
    block, message = root.find(f"{{{ENVELOPE}}}Header/*"), root.find(f"{{{ENVELOPE}}}Body/*")
    assert block is not None
    assert message is not None
    return block, message


@settings(deadline=None)  # the first run builds the judges
@given(LIST_REQUESTS)
def test_requests_are_valid_by_both_judges(tree: dict[str, object]) -> None:
    block, message = parts_of(write_envelope(tree))
    assert is_valid(block)
    assert is_valid(message)


@pytest.mark.parametrize(
    ("tree", "valid"),
    [
        ({"stage": "01", "day": "20240229"}, True),
        ({"stage": "01", "day": "20230229"}, False),
        ({"stage": "03"}, False),
        ({}, False),
        ({"stage": "01", "atMost": 10000}, False),
        ({"stage": "01", "limit": Decimal("0.001")}, False),
        ({"stage": "01", "limit": ""}, True),
        ({"stage": "01", "step": {"stepName": "x" * 20}}, True),
        ({"stage": "01", "step": {"stepName": "x" * 21}}, False),
    ],
)
def test_schema_tells_right_from_wrong(tree: dict[str, object], valid: bool) -> None:
    assert is_valid(parts_of(write_envelope(tree))[1]) is valid


@settings(deadline=None)  # the first run loads xsdata
@given(LIST_REQUESTS)
def test_request_is_what_xsdata_writes(tree: dict[str, object]) -> None:
    root = etree.fromstring(write_envelope(tree))
    body, block = root.find(f"{{{ENVELOPE}}}Body"), root.find(f"{{{ENVELOPE}}}Header")
    assert body is not None
    assert block is not None
    for ours, message, content in (
        (body[0], messages().ListWorksRequestMessage, tree),
        (block[0], messages().HeaderMessage, HEADER),
    ):
        theirs = XmlSerializer(context=CONTEXT).render(bound(message, content))
        assert canonical(ours) == canonical(etree.fromstring(theirs.encode()))
        parsed = XmlParser(context=CONTEXT).from_bytes(etree.tostring(ours), message)
        assert parsed == bound(message, content)


def bound(message: type[Any], tree: Mapping[str, object]) -> object:
    return DictDecoder(context=CONTEXT).decode(dict(tree), message)


@settings(deadline=None)  # the first run builds the judges
@given(LIST_REPLIES)
def test_replies_of_xsdata_are_valid_and_read_back(tree: dict[str, object]) -> None:
    sent = DictDecoder(context=CONTEXT).decode(tree, messages().ListWorksReplyMessage)
    text = XmlSerializer(context=CONTEXT).render(sent).partition("?>")[2]
    assert is_valid(etree.fromstring(text))
    found = read_soap(reply(envelope(text)))
    assert found.tree == as_read(tree)
    assert not found.problems


def as_read(reply: Mapping[str, Any]) -> dict[str, object]:
    """Return a reply as it is read: texts, and lists even where they have no entries."""
    entries = []
    for entry in reply.get("entries", []):
        steps = [texts(step) for step in entry.get("steps", [])]
        entries.append({**texts(entry), "steps": steps if any(steps) else []})
    return {**texts(reply), "entries": entries}


def texts(tree: Mapping[str, object]) -> dict[str, str]:
    values = {name: value for name, value in tree.items() if not isinstance(value, list)}
    return {
        name: format(value, "f") if isinstance(value, Decimal) else str(value)
        for name, value in values.items()
    }


class Recorded:
    """A reply as zeep's transport gives it."""

    status_code = 200
    encoding = "utf-8"

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.headers = {"Content-Type": "text/xml; charset=UTF-8"}


class Loopback(Transport):
    """Answers in this process, and keeps what it was sent."""

    def __init__(self, content: bytes) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # zeep has no types
        self.reply = Recorded(content)
        self.sent = b""

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Recorded:
        self.sent = message
        return self.reply


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("works")
    for path, text in files().items():
        (folder / path.rpartition("/")[2]).write_text(text, encoding="utf-8")
    return folder / "works.wsdl"


def zeep_call(description: Path, transport: Loopback, **items: Any) -> Any:
    client = zeep.Client(  # type: ignore[no-untyped-call] # zeep has no types
        str(description), transport=transport
    )
    service = client.bind("ListWorksProvider", "ListWorksProviderPort")
    return service.list_works(**items, _soapheaders={"header": HEADER})


REQUEST = {
    "day": "20241001",
    "stage": "01",
    "PROVISIONAL_text": "工事 <&>",
    "limit": Decimal("1.50"),
    "isOpen": True,
    "numbers": ["1", "2"],
    "step": {"stepName": "x"},
}
REPLY = envelope(
    f'<list_worksReply xmlns="{NAMESPACE}"><status>0</status><total>2</total>'
    "<entries><number>1</number><stage>01</stage><steps><cost>1.50</cost></steps></entries>"
    "<entries><number>2</number></entries></list_worksReply>"
)


def test_zeep_sends_what_we_send(description: Path) -> None:
    transport = Loopback(REPLY)
    zeep_call(description, transport, **REQUEST)
    ours, theirs = parts_of(write_envelope(REQUEST)), parts_of(transport.sent)
    assert [canonical(element) for element in ours] == [canonical(element) for element in theirs]


def test_zeep_reads_what_we_read(description: Path) -> None:
    found = zeep_call(description, Loopback(REPLY), **REQUEST)
    theirs = serialize_object(found, dict)  # type: ignore[no-untyped-call] # zeep has no types
    assert without_nothing(theirs) == without_nothing(read_soap(reply(REPLY)).tree)


def without_nothing(value: object) -> object:
    """Return what was read, as texts and without what is not there."""
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if item not in (None, [])}
        return {name: without_nothing(item) for name, item in kept.items()}
    if isinstance(value, list):
        return [without_nothing(item) for item in value]
    return str(value)


def canonical(element: etree._Element) -> str:
    # As a document of its own, so that no declaration of the envelope is in it.
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    own = etree.fromstring(text)
    etree.cleanup_namespaces(own)
    return str(etree.canonicalize(etree.tostring(own, encoding="unicode"), rewrite_prefixes=True))

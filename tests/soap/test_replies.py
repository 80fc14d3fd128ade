"""Replies are read whatever surrounds them, and faults are told apart."""

import re
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.soap.sample import NAMESPACE
from tests.soap.support import envelope, read_soap, reply

from gridwright_runtime.codecs.body import MalformedBody


def message(content: str) -> bytes:
    return envelope(f'<list_worksReply xmlns="{NAMESPACE}">{content}</list_worksReply>')


def test_lists_are_lists_even_of_one_entry() -> None:
    found = read_soap(reply(message("<status>0</status><entries><number>1</number></entries>")))
    assert found.tree == {"status": "0", "entries": [{"number": "1", "steps": []}]}
    assert not found.problems
    assert found.fault is None


@pytest.mark.parametrize("content", ["", "<entries/>", "<entries></entries>"])
def test_nothing_and_an_empty_element_are_a_list_without_entries(content: str) -> None:
    assert read_soap(reply(message(content))).tree == {"entries": []}


def test_empty_elements_are_missing_values() -> None:
    found = read_soap(reply(message("<status/><total></total>")))
    assert found.tree == {"status": None, "total": None, "entries": []}


def test_reply_that_has_nothing_of_the_schema_gets_no_lists() -> None:
    assert read_soap(reply(envelope("<other><thing>1</thing></other>"))).tree == {"thing": "1"}


def test_lists_within_entries_are_lists() -> None:
    content = "<entries><steps><cost>1.50</cost></steps></entries>"
    assert read_soap(reply(message(content))).tree == {"entries": [{"steps": [{"cost": "1.50"}]}]}


def test_names_count_without_their_prefixes() -> None:
    content = f'<n:list_worksReply xmlns:n="{NAMESPACE}"><n:status>0</n:status></n:list_worksReply>'
    found = read_soap(reply(envelope(content)))
    assert found.tree == {"status": "0", "entries": []}
    assert not found.problems


def test_what_the_schema_does_not_have_is_kept() -> None:
    found = read_soap(reply(message("<new><a>1</a></new><status>0</status><!-- no --><?no no?>")))
    assert found.tree == {"new": {"a": "1"}, "status": "0", "entries": []}


def test_an_item_that_is_there_twice_counts_for_nothing_and_is_reported() -> None:
    found = read_soap(reply(message("<status>0</status><status>1</status>")))
    assert found.tree == {"status": None, "entries": []}
    assert [(one.path, one.rule) for one in found.problems] == [("status", "repeated-field")]


@pytest.mark.parametrize(
    "content",
    [
        f'<other xmlns="{NAMESPACE}"><status>0</status></other>',
        '<list_worksReply xmlns="urn:other"><status>0</status></list_worksReply>',
        "<list_worksReply><status>0</status></list_worksReply>",
        f'<list_worksReply xmlns="{NAMESPACE}"><status>0</status></list_worksReply><more/>',
    ],
)
def test_reply_in_another_element_is_read_and_reported(content: str) -> None:
    found = read_soap(reply(envelope(content)))
    assert found.tree == {"status": "0", "entries": []}
    assert [problem.rule for problem in found.problems] == ["other-element"]


@pytest.mark.parametrize(
    ("code", "expected", "is_of_server"),
    [
        ("s:Server", "Server", True),
        ("soap:Server.Busy", "Server.Busy", True),
        ("Client", "Client", False),
        ("s:MustUnderstand", "MustUnderstand", False),
        ("", None, False),
    ],
)
def test_faults_are_told_apart(code: str, expected: str | None, is_of_server: bool) -> None:
    content = (
        f"<s:Fault><faultcode>{code}</faultcode><faultstring xml:lang='ja'> 障害 </faultstring>"
        "<detail><secret>x</secret></detail></s:Fault>"
    )
    fault = read_soap(reply(envelope(content), status=500)).fault
    assert fault is not None
    assert (fault.code, fault.text, fault.is_of_server) == (expected, "障害", is_of_server)
    assert "障害" not in repr(fault)


def test_control_characters_are_put_right_and_reported() -> None:
    found = read_soap(reply(message("<status>a\x01b</status>")))
    assert found.tree == {"status": "a\ufffdb", "entries": []}
    assert [problem.rule for problem in found.problems] == ["control-character"]


def test_reply_in_another_encoding_is_read() -> None:
    body = message("<status>成功</status>").decode().replace("UTF-8", "Shift_JIS")
    assert read_soap(reply(body.encode("cp932"), "text/xml")).tree == {
        "status": "成功",
        "entries": [],
    }


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_reply_of_a_mail_library_is_read(encoding: str) -> None:
    mail = EmailMessage(policy=SMTP)
    mail.set_content(
        message("<status>成功</status>").decode(), subtype="xml", cte=encoding, charset="utf-8"
    )
    mail["Content-ID"] = "<root>"
    mail.add_related(b"\x00\r\n\xff", "image", "png", cid="<one>", filename="図面.png")
    raw = mail.as_bytes()
    header, _, body = raw.partition(b"\r\n\r\n")
    content_type = re.search(rb"Content-Type: ([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", header)
    assert content_type is not None
    found = read_soap(reply(body, content_type[1].decode()))
    assert found.tree == {"status": "成功", "entries": []}
    [attachment] = found.attachments
    assert attachment.content == b"\x00\r\n\xff"
    assert (attachment.content_type, attachment.filename, attachment.content_id) == (
        "image/png",
        "図面.png",
        "one",
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<a/>", "no SOAP envelope"),
        (
            b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>',
            "holds no message",
        ),
        (envelope(""), "holds no message"),
        (envelope("").replace(b"s:Body", b"s:Other"), "holds no message"),
        (envelope("<a/>")[:-9], "malformed or cut off"),
        (envelope("<a>&x;</a>", '<!DOCTYPE a [<!ENTITY x "y">]>'), "document type"),
        (envelope("<a>&x;</a>"), "malformed"),
    ],
)
def test_what_is_no_envelope_says_so(body: bytes, words: str) -> None:
    with pytest.raises(MalformedBody, match=words):
        read_soap(reply(body))


def test_cut_off_multipart_says_so() -> None:
    with pytest.raises(MalformedBody, match="its last boundary is missing"):
        read_soap(reply(b"--b\r\n\r\n" + message(""), "multipart/related; boundary=b"))


WHOLE = message("<status>0</status><entries><number>1</number><steps/></entries>")


@given(st.data())
def test_mutated_replies_raise_nothing_but_the_documented_error(data: st.DataObject) -> None:
    body = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"<", b"&#1;", b"<!--", b"<a/>", b"]]>"])
        )
    try:
        found = read_soap(reply(bytes(body)))
    except MalformedBody:
        return
    assert isinstance(found.tree, dict)

"""Requests in a SOAP envelope."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from gridwright_runtime.encodings.soap import ENVELOPE, SoapBody
from gridwright_runtime.errors import (
    ConfigurationError,
    InvalidRequestError,
    UndocumentedNameError,
    UploadError,
)
from gridwright_runtime.interface import Provisional
from gridwright_runtime.multipart.attachment import Attachment
from gridwright_runtime.multipart.read_whole import read_related
from gridwright_runtime.texts.encoders import EncodingError

from .sample import APPLY, NAMESPACE, STATUS, models, status_operation
from .support import (
    CREDENTIALS,
    ELSEWHERE,
    NOW,
    PASSWORD,
    body_of,
    built,
    drafted,
    problems,
    shown,
)

SOAP: Any = STATUS.soap


def status(**values: Any) -> Any:
    return models.StatusRequest(**({"number": "1", "customer": "INVENTED person"} | values))


def test_the_bytes_of_a_request_are_these() -> None:
    request = built(STATUS, status())
    assert request.headers == (
        (
            "Content-Type",
            'multipart/related; type="text/xml"; start="<envelope.frontier@gridwright>"; '
            'boundary="frontier"',
        ),
        ("SOAPAction", '""'),
        ("Accept", "text/xml, multipart/related"),
    )
    assert body_of(request).decode() == (
        "--frontier\r\n"
        "Content-Type: text/xml; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "Content-ID: <envelope.frontier@gridwright>\r\n\r\n"
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}"><soapenv:Header>'
        '<header xmlns="urn:sample"><requestID>7f1c</requestID>'
        "<serviceID>H232Provider</serviceID><ipAddress>192.0.2.1</ipAddress>"
        "<timeStamp>2024-10-02T12:04:05.000+0900</timeStamp><loginID>INVENTED-login</loginID>"
        "<password>INVENTED-pass&lt;&amp;&gt;</password></header></soapenv:Header><soapenv:Body>"
        '<statusRequest xmlns="urn:sample"><number>1</number>'
        "<customer>INVENTED person</customer></statusRequest>"
        "</soapenv:Body></soapenv:Envelope>\r\n"
        "--frontier--\r\n"
    )


def test_a_request_that_waited_tells_the_time_at_which_it_leaves() -> None:
    draft = drafted(STATUS, status())
    late = body_of(draft.request(results={}, now=NOW.replace(hour=9)))
    assert b"<timeStamp>2024-10-02T18:04:05.000+0900</timeStamp>" in late
    assert b"<requestID>7f1c</requestID>" in late


def test_credentials_and_personal_values_are_sensitive() -> None:
    found = built(STATUS, status()).sensitive
    assert {"INVENTED person", PASSWORD, "INVENTED-login"} <= set(found)


def test_no_credential_is_among_the_variables_of_a_traceback() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        built(STATUS, status(number="too long a number"))
    said = shown(caught.value)
    for secret in (*CREDENTIALS.values(), "INVENTED person"):
        assert secret not in said


def test_what_every_request_carries_must_be_given() -> None:
    with pytest.raises(ConfigurationError, match="carries ip_address; pass ip_address=…"):
        built(STATUS, status(), options={})


def test_a_credential_that_xml_cannot_carry_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="password travels in the SOAP header"):
        built(STATUS, status(), credentials=CREDENTIALS | {"password": "a\x00"})


def test_attachments_follow_the_envelope(tmp_path: Path) -> None:
    file = tmp_path / "図.png"
    file.write_bytes(b"\x89PNG\r\n")
    parts = [
        Attachment(content=b"one", content_type="text/plain", content_id="mine"),
        Attachment(content=file, filename="図.png"),
    ]
    request = built(STATUS, status(), attachments=parts)
    related = read_related(dict(request.headers)["Content-Type"], body_of(request))
    assert related.root.content.endswith(b"</soapenv:Envelope>")
    assert [(p.content, p.head.content_id, p.head.filename) for p in related.others] == [
        (b"one", "mine", None),
        (b"\x89PNG\r\n", "attachment2.frontier@gridwright", "図.png"),
    ]


def test_attachments_may_come_from_a_generator_and_leave_more_than_once() -> None:
    parts = (Attachment(content=content) for content in (b"first", b"second"))
    draft = drafted(STATUS, status(), attachments=parts)
    for _ in range(2):
        body = body_of(draft.request(results={}, now=NOW))
        assert b"first" in body
        assert b"second" in body


def test_a_boundary_that_stands_in_an_attachment_is_not_used() -> None:
    names = iter(["b0", "b1"])
    parts = [Attachment(content=b"--b0")]
    request = built(STATUS, status(), attachments=parts, new_boundary=lambda: next(names))
    assert 'boundary="b1"' in dict(request.headers)["Content-Type"]
    assert body_of(request).endswith(b"--b1--\r\n")


def test_one_attachment_without_a_list_is_a_problem() -> None:
    with pytest.raises(InvalidRequestError, match="list of Attachment"):
        built(STATUS, status(), attachments=3)


def test_attachments_are_refused_where_there_are_none() -> None:
    found = problems(APPLY, models.ApplyRequest(), attachments=[Attachment(content=b"x")])
    assert found == ["attachments forbidden"]


def test_all_that_is_wrong_with_attachments_is_reported_beside_the_arguments(
    tmp_path: Path,
) -> None:
    bad: Any = [
        Attachment(content=tmp_path / "INVENTED-gone"),
        Attachment(content=b"x", filename="a\r\nb"),
        Attachment(content="x"),  # type: ignore[arg-type]  # on purpose
        Attachment(content=b"x", content_type="図面"),
        Attachment(content=b"x", content_id="a> <b"),
        Attachment(content=b"x", content_id="same"),
        Attachment(content=b"x", content_id="same"),
    ]
    with pytest.raises(InvalidRequestError) as caught:
        built(STATUS, status(number="too long a number"), attachments=bad)
    assert [(p.path, p.rule) for p in caught.value.problems] == [
        ("number", "too-long"),
        ("attachments[0]", "unreadable"),
        ("attachments[1]", "control-character"),
        ("attachments[2]", "wrong-type"),
        ("attachments[3]", "not-text"),
        ("attachments[4]", "not-text"),
        ("attachments[6]", "repeated-field"),
    ]
    assert "INVENTED-gone" not in shown(caught.value)


def test_an_attachment_that_vanishes_does_not_show_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "INVENTED-person.pdf"
    path.write_bytes(b"x")

    def gone(attachment: Attachment) -> bytes:
        path.unlink()
        return path.read_bytes()

    monkeypatch.setattr(Attachment, "read", gone)
    with pytest.raises(UploadError, match="nothing was sent") as caught:
        built(STATUS, status(), attachments=[Attachment(content=path)])
    assert "INVENTED-person" not in shown(caught.value)


def test_an_attachment_that_is_gone_by_the_time_of_leaving_was_read_before(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF")
    draft = drafted(STATUS, status(), attachments=[Attachment(content=path)])
    path.unlink()
    assert b"%PDF" in body_of(draft.request(results={}, now=NOW))


def test_a_provisional_namespace_goes_to_this_machine_alone() -> None:
    operation = status_operation(Provisional("namespace", NAMESPACE, "", "soap.txt:9"))
    built(operation, status())
    with pytest.raises(UndocumentedNameError, match="namespace"):
        built(operation, status(), ELSEWHERE)


@pytest.mark.parametrize("text", ["\x00", "\ufffe", "\ud800"])
def test_what_xml_cannot_carry_is_a_problem_of_the_request(text: str) -> None:
    assert problems(STATUS, status(customer=text)) == ["customer control-character"]
    with pytest.raises(EncodingError, match="XML cannot carry"):
        SoapBody(SOAP, {"customer": text}, ())


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"other": "1"}, "other has no element in the schema"),
        ({"number": {"inner": "1"}}, "the schema has none within it"),
    ],
)
def test_what_the_schema_does_not_have_cannot_be_written(tree: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SoapBody(SOAP, tree, ())


def test_a_carriage_return_survives() -> None:
    envelope = SoapBody(SOAP, {"number": "a\r\nb]]>"}, ()).envelope({})
    assert etree.fromstring(envelope).findtext(f".//{{{NAMESPACE}}}number") == "a\r\nb]]>"


def test_the_name_of_an_attachment_is_sent_in_whole_letters() -> None:
    parts = [Attachment(content=b"x", filename="か\u3099.png")]
    request = built(STATUS, status(), attachments=parts)
    related = read_related(dict(request.headers)["Content-Type"], body_of(request))
    assert [part.head.filename for part in related.others] == ["が.png"]
    assert "が.png".encode() in body_of(request)

"""Generate the sample system in memory, and speak its messages."""

from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from msgspec import structs
from tests.generated_packages import load_package
from tests.soap.sample import SPEC, interface

from gridwright.output.formatting import format_python
from gridwright.targets.package.messages import soap_views
from gridwright_runtime.codecs.body import MalformedBody
from gridwright_runtime.decodings.decoded_body import Failure
from gridwright_runtime.decodings.xml.soap import read_envelope, unpacked
from gridwright_runtime.encodings.soap import ENVELOPE, SoapBody
from gridwright_runtime.interface import Operation
from gridwright_runtime.message import RawReply
from gridwright_runtime.multipart.attachment import Attachment
from gridwright_runtime.problems import Problem

__all__ = [
    "HEADER",
    "Read",
    "envelope",
    "files",
    "messages",
    "operation",
    "read_soap",
    "reply",
    "write_envelope",
]

HEADER = {
    "requestID": "7f1c",
    "timeStamp": "2024-10-01T09:00:00+09:00",
    "loginID": "demo",
    "password": "a&b",
}


@cache
def files() -> Mapping[str, str]:
    """Return schema, service description and classes, by path."""
    return {
        view.path: format_python(view.text) if view.python else view.text
        for view in soap_views(interface(), "soap_sample.works")
    }


@cache
def generated() -> tuple[ModuleType, ModuleType]:
    """Return the messages and the operations of the generated package."""
    messages, operations = load_package(
        SPEC.read_bytes(), "soap_sample.works", "messages", "operations"
    )
    return messages, operations


def messages() -> ModuleType:
    """Return the module of message classes."""
    return generated()[0]


def operation(name: str = "LIST_WORKS") -> Operation[Any]:
    """Return an operation of the sample."""
    found: Operation[Any] = getattr(generated()[1], name)
    return found


def write_envelope(tree: Mapping[str, object]) -> bytes:
    """Write the envelope of a request of the sample, with the header of these tests."""
    soap = operation().soap
    assert soap is not None
    return SoapBody(soap, tree, ()).envelope(HEADER)


class Read(NamedTuple):
    """What a reply of the sample holds."""

    tree: Any
    problems: list[Problem]
    fault: Failure | None
    attachments: tuple[Attachment, ...]


def read_soap(raw: RawReply, name: str = "LIST_WORKS") -> Read:
    """Read a reply of the sample, alone or with further parts."""
    body, content_type = raw.body, raw.content_type
    attachments: tuple[Attachment, ...] = ()
    if content_type.lower().startswith("multipart/"):
        body, content_type, attachments = structs.astuple(unpacked(body, content_type))
    found = read_envelope(operation(name), body, content_type)
    if found is None:
        raise MalformedBody("the body is no SOAP envelope")
    return Read(found.tree, [*found.problems, *found.repeats], found.fault, attachments)


def envelope(content: str, before: str = "") -> bytes:
    """Wrap the content of a body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<s:Envelope xmlns:s="{ENVELOPE}">'
        f"<s:Body>{content}</s:Body></s:Envelope>"
    ).encode()


def reply(
    body: bytes, content_type: str = "text/xml; charset=UTF-8", status: int = 200
) -> RawReply:
    """Return a reply as the driver has it."""
    return RawReply(status_code=status, headers=(("content-type", content_type),), body=body)

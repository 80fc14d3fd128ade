"""Generate the sample system in memory, and speak its messages."""

import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from tests.soap.sample import NAMESPACE, interface

from gridwright.formatting import format_python
from gridwright.targets.messages import soap_views
from gridwright_runtime.look import Check
from gridwright_runtime.message import RawReply
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.service.operation import (
    HeaderField,
    ServiceOperation,
    ServiceReply,
    ServiceRequest,
    Soap,
)
from gridwright_runtime.service.soap import ENVELOPE

__all__ = ["HEADER", "envelope", "files", "messages", "operation", "reply"]

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
def messages() -> ModuleType:
    """Return the module of message classes."""
    module = ModuleType("soap_sample_messages")
    sys.modules[module.__name__] = module  # where xsdata looks up what annotations mean
    exec(files()["soap_sample/works/messages.py"], module.__dict__)
    return module


class Nothing(Record, frozen=True):
    """A record of which these tests use nothing."""


@cache
def operation(name: str = "ListWorks") -> ServiceOperation[Any]:
    """Return an operation whose messages are those of the sample."""
    found = messages()
    check: Check = _no_problem
    return ServiceOperation(
        system="works",
        name="list_works",
        wire_name="ListWorksProvider",
        kind="read",
        method="POST",
        path="/list_works",
        request=ServiceRequest(model=Nothing, media="soap11", check=check, attachments=True),
        reply=ServiceReply(model=Nothing, check=check, attachments=True),
        soap=Soap(
            namespace=NAMESPACE,
            request=getattr(found, f"{name}RequestMessage"),
            reply=getattr(found, f"{name}ReplyMessage"),
            header=found.HeaderMessage,
            header_fields=(HeaderField(wire="requestID", source="uuid"),),
        ),
    )


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


def _no_problem(value: object, path: str) -> list[Problem]:
    return []

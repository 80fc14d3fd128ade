"""zeep reads the description of Kansai Electric's application site, and calls the mock by it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
import zeep
from lxml import etree
from zeep.exceptions import Fault
from zeep.transports import Transport

from gridwright_apis.kansai_kakusyu import mock
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.multipart.write import (
    RelatedPart,
    related_body,
    related_content_type,
)

FOLDER = Path(__file__).parents[2] / "generated/schemas/kansai_kakusyu"
OPERATIONS = [operation.name for operation in mock.OPERATIONS]
HEADER = {
    "requestID": "1759287600000000001",
    "ipAddress": "192.0.2.1",
    "timeStamp": "2025-10-01T12:00:00.000+0900",
    "loginID": "demo-login-id",
    "password": "demo-password",
}


class Reply:
    """A reply as zeep's transport gives it."""

    encoding = "utf-8"

    def __init__(self, response: httpx2.Response) -> None:
        self.status_code = response.status_code
        self.headers = {"Content-Type": response.headers["content-type"]}
        self.content = response.content


class ToMock(Transport):
    """Passes zeep's envelopes to the mock, as the multipart/related that the document asks for."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # zeep has no types
        self.http = httpx2.Client(transport=MockTransport(mock.application()))
        self.sent: list[bytes] = []

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Reply:
        self.sent.append(message)
        root = RelatedPart(content=message, content_type=headers["Content-Type"], content_id="root")
        own = {**headers, "Content-Type": related_content_type("b", "root")}
        return Reply(self.http.post(address, content=related_body([root], "b"), headers=own))


def service_of(name: str, transport: ToMock, port: str = "Port") -> Any:
    client = zeep.Client(  # type: ignore[no-untyped-call] # zeep has no types
        str(FOLDER / "kansai_kakusyu.wsdl"), transport=transport
    )
    wire = next(operation.wire_name for operation in mock.OPERATIONS if operation.name == name)
    return client.bind(wire, f"{wire}{port}")


@pytest.mark.parametrize("name", OPERATIONS)
def test_zeep_calls_every_service_by_our_description(name: str) -> None:
    transport = ToMock()
    operation = next(operation for operation in mock.OPERATIONS if operation.name == name)
    call = getattr(service_of(name, transport), name)
    # Applications have the login ID among their items as well.
    items = [part.wire for part in operation.request.parts if part.place == "body"]
    found = call(
        **dict.fromkeys(items, HEADER["loginID"]),
        _soapheaders={"header": {**HEADER, "serviceID": operation.wire_name}},
    )
    assert found.PROVISIONAL_request_status.startswith("mock-")
    [sent] = transport.sent
    schema = etree.XMLSchema(file=str(FOLDER / "kansai_kakusyu.xsd"))
    for element in etree.fromstring(sent).findall("{*}*/{*}*"):
        schema.assertValid(element)


def test_zeep_is_refused_with_a_wrong_password() -> None:
    wire = mock.OPERATIONS[0].wire_name
    call = service_of("list_applications", ToMock()).list_applications
    with pytest.raises((Fault, zeep.exceptions.TransportError)):
        call(_soapheaders={"header": {**HEADER, "serviceID": wire, "password": "wrong"}})

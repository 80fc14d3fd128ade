"""zeep writes the token of WS-Security for our mock, and our client's token is as zeep's is."""

import base64
import datetime
import hashlib
import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
import zeep
from lxml import etree
from tests.exchanges.files import EXCHANGES
from tests.generated_packages import write_package
from zeep.exceptions import Fault
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken

from gridwright_runtime.errors import AuthenticationError
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.transport import MockTransport

PACKAGE = "token_apis"
FORMS = ("soap_token", "soap_digest")
WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
SECURITY = {"s": f"{WSS}-wssecurity-secext-1.0.xsd"}
USER, PASSWORD = "demo-user", "demo-password"
NOW = datetime.datetime(2024, 10, 2, 3, tzinfo=datetime.UTC)


class Reply:
    """A reply as zeep's transport gives it."""

    encoding = "utf-8"

    def __init__(self, response: httpx2.Response) -> None:
        self.status_code = response.status_code
        self.headers = {"Content-Type": response.headers["content-type"]}
        self.content = response.content


class ToMock(Transport):
    """Passes zeep's envelopes to a mock."""

    def __init__(self, http: httpx2.Client) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # zeep has no types
        self.http = http

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Reply:
        return Reply(self.http.post(address, content=message, headers=dict(headers)))


@pytest.fixture(params=FORMS)
def system(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ModuleType, Path]:
    """A generated system whose messages carry a token: its name, its package, its folder."""
    name = f"{request.param}"
    write_package(EXCHANGES[name].spec, tmp_path, f"{PACKAGE}_{name}.{name}")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return name, importlib.import_module(f"{PACKAGE}_{name}.{name}"), tmp_path


def called_by_zeep(system: tuple[str, ModuleType, Path], password: str) -> Any:
    name, package, folder = system
    mock = importlib.import_module(f"{package.__name__}.mock")
    token = UsernameToken(  # type: ignore[no-untyped-call] # zeep has no types
        USER, password, use_digest=name == "soap_digest"
    )
    transport = ToMock(httpx2.Client(transport=MockTransport(mock.application())))
    client = zeep.Client(  # type: ignore[no-untyped-call] # zeep has no types
        str(folder / f"schemas/{name}/{name}.wsdl"), transport=transport, wsse=token
    )
    headers = {"_soapheaders": {"header": {"caller": "zeep"}}} if name == "soap_digest" else {}
    return client.bind("getText", "getTextPort").get_text(number=12, **headers)


def test_the_mock_knows_the_token_that_zeep_writes(
    system: tuple[str, ModuleType, Path],
) -> None:
    assert called_by_zeep(system, PASSWORD)


def test_the_mock_refuses_a_wrong_password_as_the_standard_says(
    system: tuple[str, ModuleType, Path],
) -> None:
    with pytest.raises(Fault) as caught:
        called_by_zeep(system, "wrong")
    assert caught.value.code.endswith(":FailedAuthentication")


class Spy(MockTransport):
    """Keeps what was sent, and can send it again."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.sent: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        return super().handle_request(request)


def test_a_client_shows_what_zeep_would_show(system: tuple[str, ModuleType, Path]) -> None:
    name, package, _ = system
    mock = importlib.import_module(f"{package.__name__}.mock")
    clock = ManualClock(NOW)
    spy = Spy(mock.application(clock=clock))
    with package.Client(user=USER, password=PASSWORD, transport=spy, clock=clock) as client:
        client.get_text(number=12)
        client.get_text(number=12)
    tokens = [_token_in(request) for request in spy.sent]
    assert [one["Username"] for one in tokens] == [USER, USER]
    kind = "Text" if name == "soap_token" else "Digest"
    assert {one["Type"] for one in tokens} == {f"{WSS}-username-token-profile-1.0#Password{kind}"}
    if name == "soap_token":
        assert [one["Password"] for one in tokens] == [PASSWORD, PASSWORD]
        return
    assert tokens[0]["Nonce"] != tokens[1]["Nonce"]
    for one in tokens:
        content = base64.b64decode(one["Nonce"]) + f"{one['Created']}{PASSWORD}".encode()
        hashed = hashlib.sha1(content, usedforsecurity=False)
        assert one["Password"] == base64.b64encode(hashed.digest()).decode()


def test_a_client_with_a_wrong_password_is_refused(system: tuple[str, ModuleType, Path]) -> None:
    _, package, _ = system
    mock = importlib.import_module(f"{package.__name__}.mock")
    clock = ManualClock(NOW)
    transport = MockTransport(mock.application(clock=clock))
    with (
        package.Client(user=USER, password="wr<ng", transport=transport, clock=clock) as client,
        pytest.raises(AuthenticationError) as caught,
    ):
        client.get_text(number=12)
    assert "wr<ng" not in repr(caught.value)


@pytest.mark.parametrize("later", [0, 400])
def test_a_token_serves_once_and_for_some_minutes(
    system: tuple[str, ModuleType, Path], later: int
) -> None:
    name, package, _ = system
    if name == "soap_token":
        pytest.skip("a text alone has neither nonce nor time")
    mock = importlib.import_module(f"{package.__name__}.mock")
    clock = ManualClock(NOW)
    app = mock.application(clock=clock)
    spy = Spy(app)
    with package.Client(user=USER, password=PASSWORD, transport=spy, clock=clock) as client:
        client.get_text(number=12)
    [sent] = spy.sent
    clock.advance(later)
    with httpx2.Client(transport=MockTransport(app)) as http:
        again = http.post(str(sent.url), content=sent.read(), headers=dict(sent.headers))
    assert again.status_code == 500
    assert b"wsse:InvalidSecurityToken" in again.content


def _token_in(request: httpx2.Request) -> dict[str, str]:
    body = request.read()
    end = b"</soapenv:Envelope>"
    envelope = body[body.index(b"<soapenv:Envelope") : body.index(end) + len(end)]
    token = etree.fromstring(envelope).find(".//s:UsernameToken", SECURITY)
    assert token is not None
    found = {etree.QName(child).localname: child.text or "" for child in token}
    password = token.find("s:Password", SECURITY)
    return found | {"Type": "" if password is None else password.get("Type", "")}

"""What a credential may hold and what is shown of it are the same wherever it travels."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import ConfigurationError, NoSessionError, ProviderError

from .support import KINDS, Change, Kind, Wire, call, outcome, refusal_of, replying
from .systems import SYSTEMS, System

every_kind = pytest.mark.parametrize("kind", KINDS)
every_secret = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.secret], ids=lambda system: system.id
)
every_login = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.kept_in], ids=lambda system: system.id
)
NOT_A_CREDENTIAL = (
    *(" ", " hunter2", "hunter2 ", "hunter2\n", "x\rhunter2", "\0hunter2"),
    *("\u2028hunter2", "hunter2\x7f"),
)
NOT_A_RESULT = ("", "a b", "a\nb", "열쇠", "é", "x" * 20_000)


@every_kind
@every_secret
def test_a_credential_with_outer_blanks_or_line_ends_is_refused_before_anything_is_sent(
    system: System, kind: Kind
) -> None:
    for value in NOT_A_CREDENTIAL:
        wire = Wire(system)
        with pytest.raises(ConfigurationError, match=system.secret) as caught:
            call(kind, wire, system, system.read, {system.secret: value})
        assert wire.sent == []
        assert "hunter2" not in str(caught.value)


@every_kind
@every_secret
def test_a_credential_in_another_script_travels_where_there_is_room_for_it(
    system: System, kind: Kind
) -> None:
    # A header has room for ASCII alone.
    is_in_header = system.name == "example_meter_hub"
    for value in ("열쇠", "clé", "клю ч"):
        given: dict[str, Any] = {system.secret: value}
        wire = Wire(system, **given)
        found = outcome(kind, wire, system, system.read, **{system.secret: value})
        assert isinstance(found, ConfigurationError) == is_in_header
        assert isinstance(found, Exception) == is_in_header
        assert len(wire.sent) == (0 if is_in_header else 1)


@every_kind
@every_login
def test_what_cannot_stand_in_a_header_is_no_result_of_a_login(system: System, kind: Kind) -> None:
    for value in NOT_A_RESULT:
        wire = Wire(system)
        wire.change_login = giving(system, value)
        found = outcome(kind, wire, system, system.read)
        assert type(found) is NoSessionError, value
        assert wire.sent == []
        assert not value or value not in str(found)


def giving(system: System, value: str) -> Change:
    """Put another result in the place of the one that a login gives."""
    body = value.encode() if system.name == "epias_ecms" else b""
    body = body or json.dumps({"session": value, "Token": value}).encode()

    def change(response: httpx2.Response) -> httpx2.Response:
        content = b"" if system.name == "epias_ecms" and not value else body
        return httpx2.Response(response.status_code, content=content)

    return change


def saying(system: System, text: str) -> Change:
    """Return how a system refuses a call in words."""
    if system.codes is not None:
        refusal = refusal_of(system, system.read, "mock-9999", text)
        return replying(200, refusal.content, refusal.headers["content-type"])
    if system.name == "kansai_kakusyu":
        body = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
            f"<faultcode>s:Client</faultcode><faultstring>{text}</faultstring>"
            "</s:Fault></s:Body></s:Envelope>"
        )
        return replying(500, body.encode(), "text/xml")
    return replying(404, text.encode())


SHORT = ("p", "k7", "abc", "pass", "secret9")
LONG = ("abcdefgh", "correct-horse-battery")


@every_kind
@every_secret
def test_a_short_secret_is_hidden_where_it_stands_as_a_word(system: System, kind: Kind) -> None:
    for secret in SHORT:
        shown = refused_with(system, secret, "say {0}, not x{0}x: {0}.", kind)
        assert f"say ***, not x{secret}x: ***." in shown, secret


@every_kind
@every_secret
def test_a_long_secret_is_hidden_wherever_it_stands(system: System, kind: Kind) -> None:
    for secret in LONG:
        shown = refused_with(system, secret, "say {0}, not x{0}x: {0}.", kind)
        assert "say ***, not x***x: ***." in shown, secret


def refused_with(system: System, secret: str, words: str, kind: Kind) -> str:
    """Return the message of a refusal that repeats a secret."""
    text = words.format(secret)
    given: dict[str, Any] = {system.secret: secret}
    wire = Wire(system, saying(system, text), **given)
    found = outcome(kind, wire, system, system.read, **given)
    assert isinstance(found, ProviderError)
    # The words themselves are kept as they came.
    assert found.text == text
    return str(found)


@every_kind
@every_secret
def test_a_client_shows_nothing_of_its_credentials(system: System, kind: Kind) -> None:
    make: Callable[..., Any] = getattr(
        system.module(), "Client" if kind == "sync" else "AsyncClient"
    )
    client = make(**system.client)
    assert repr(client) == (
        f"<{type(client).__name__} of {system.name} at {client._settings.base_url}>"
    )

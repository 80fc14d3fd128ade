"""A served mock says all that a client needs to reach it."""

from types import ModuleType

import pytest
import uvicorn
from starlette.applications import Starlette

from gridwright_runtime.mock.serve import serve


def printed(
    app: Starlette, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: None)
    serve(app)
    return capsys.readouterr().out


def test_it_says_login_url_and_the_invented_credentials(
    mock: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(mock.application(), monkeypatch, capsys).splitlines()
    address = lines[0].split()[2]
    assert lines[2:] == [
        f"base_url of a client: {address}/api/v2",
        f"login_url of a client: {address}",
        "client_id of a client: demo-client-id (invented)",
        "client_secret of a client: demo-client-secret (invented)",
    ]


def test_it_shows_no_credential_that_it_was_given(
    mock: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = mock.application(client_id="12345678", client_secret="a-secret-of-somebody")
    out = printed(app, monkeypatch, capsys)
    assert "12345678" not in out and "a-secret-of-somebody" not in out

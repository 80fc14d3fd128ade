"""How long a token lives that says itself when it ends."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from gridwright_runtime.access.step_reply import claim_in, lifetime_in
from gridwright_runtime.interface import Step
from gridwright_runtime.message import RawReply

# The example of RFC 7519, section 3.1: its claim exp is 1300819380.
OF_THE_RFC = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
ENDS = datetime.fromtimestamp(1300819380, UTC)
STEP = Step(
    name="token", method="POST", address={"": "/token"}, parts={"": ()},
    read={"": ("body token",)}, lifetime_read="jwt exp", lifetime_ends=True,
)  # fmt: skip


def life(token: str, now: datetime) -> float | None:
    body = json.dumps({"token": token}).encode()
    raw = RawReply(status_code=200, headers=(("content-type", "application/json"),), body=body)
    return lifetime_in(raw, STEP, "https://api.example.com/token", parts={"": token}, now=now)


def test_a_token_lives_until_it_says() -> None:
    assert life(OF_THE_RFC, ENDS - timedelta(seconds=900)) == 900


def test_a_token_that_has_ended_when_it_comes_is_not_kept_for_good() -> None:
    found = life(OF_THE_RFC, ENDS + timedelta(seconds=5))
    assert found is not None
    assert 0 < found < 1


@pytest.mark.parametrize("claims", [{}, {"exp": "soon"}, {"exp": None}, {"exp": True}, []])
def test_a_token_that_does_not_say_it_is_used_until_it_is_refused(claims: object) -> None:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert life(f"e30.{payload}.c2ln", ENDS) is None


@pytest.mark.parametrize("token", ["", "opaque", "a.b", "a.!.c", "a.é.c", "a.b.c.d"])
def test_what_is_no_jwt_has_no_claims(token: str) -> None:
    assert claim_in(token, "exp") is None

"""What is kept of a reply that gives no result shows nothing that must not be shown."""

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from gridwright_runtime.access.refusals import Asked, refusal, safe_outcome
from gridwright_runtime.message import Hidden, RawReply

SECRET = "INVENTED-secret/with+열쇠"
HIDE = Hidden((SECRET, "short", "x"))
CUT = 20_000  # so many bytes of a body are looked at


def shown(body: bytes, status: int = 500, hide: Hidden = HIDE) -> str:
    reply = RawReply(
        status_code=status,
        headers=(("Content-Type", "text/plain; charset=utf-8"), ("Set-Cookie", "id=INVENTED")),
        body=body,
        elapsed_seconds=0.1,
        received_at=datetime(2026, 9, 14, tzinfo=UTC),
    )
    kept = safe_outcome(reply, hide)
    assert isinstance(kept, RawReply)
    assert [name for name, _ in kept.headers] == ["Content-Type"]
    return kept.body.decode()


@pytest.mark.parametrize("secret", [SECRET, quote(SECRET), quote(SECRET, safe="")])
@pytest.mark.parametrize("inside", [1, 8, 15])
def test_a_secret_that_is_cut_in_two_is_not_shown(secret: str, inside: int) -> None:
    # Characters of three bytes, so that the cut is among the characters that are shown.
    before = "가" * ((CUT - inside) // 3)
    begin = before + "-" * (CUT - inside - len(before.encode()))
    said = shown((begin + secret + " and so on").encode())
    assert said.startswith("가" * 6000)
    assert "I" not in said


def test_many_long_secrets_bring_no_divided_one_into_sight() -> None:
    said = shown((f"{SECRET} " * 2000).encode())
    assert said.startswith("*** *** ")
    assert set(said) == {"*", " "}


def test_a_text_that_is_short_is_kept_to_its_end() -> None:
    assert shown("접근 거부: short, shorter".encode()) == "접근 거부: ***, shorter"


def test_what_looks_like_a_ticket_is_not_shown() -> None:
    assert shown(b"TGT-12-INVENTED of eyJINVENTED.a-b, done") == "*** of ***, done"


def test_a_reply_of_success_is_not_shown_at_all() -> None:
    assert shown(b"INVENTED", 200) == shown(b"INVENTED", 299) == ""
    assert shown(b"INVENTED", 300) == "INVENTED"


def test_a_long_text_is_cut() -> None:
    assert shown(b"a" * 30_000) == shown(b"a" * 30_000, hide=Hidden()) == "a" * 10_000


def said_of_login(body: bytes, hide: Hidden = HIDE) -> str:
    reply = RawReply(
        status_code=400,
        headers=(("Content-Type", "application/json"),),
        body=body,
        elapsed_seconds=0.1,
        received_at=datetime(2026, 9, 14, tzinfo=UTC),
    )
    kept = safe_outcome(reply, hide)
    assert isinstance(kept, RawReply)
    return str(refusal(Asked("demo", "read", "the login"), kept, "it is not accepted", hide))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": "invalid_grant", "error_description": "it ran out\\r\\nId: 7"}',
         "invalid_grant; it ran out"),
        (b'{"fault": {"faultstring": "no such app", "detail": {"errorcode": "x"}}}', "no such app"),
        (b'{"state": "closed"}', '{"state": "closed"}'),
        (b"closed", "closed"),
    ],
)  # fmt: skip
def test_the_words_of_a_refused_login_stand_in_the_error(body: bytes, words: str) -> None:
    assert f"the provider says: {words}" in said_of_login(body)


def test_a_secret_that_json_writes_with_escapes_is_not_shown() -> None:
    escaped = json.dumps({"message": f"wrong: {SECRET}"}).encode()
    assert SECRET.encode() not in escaped
    said = said_of_login(escaped)
    assert "the provider says: wrong: ***" in said

"""What a refusal says of missing rights: the scopes that are needed, and those asked for."""

from typing import Any

import pytest

from gridwright_runtime.decodings.reader import Circumstances
from gridwright_runtime.decodings.rights import scopes_asked
from gridwright_runtime.errors import AuthenticationError, SessionExpiredError
from gridwright_runtime.interface import ErrorMeaning, Hole, Part, Step, Text

from .support import STATUS, Status, error_of, operation, refused

NEEDED = 'Bearer realm="x", error="insufficient_scope", scope="readings.write  meters"'
ASKED = Circumstances(scopes=("readings.read",))


def step(*pieces: str | Hole) -> Step:
    part = Part(wire="scope", place="body", source=Text(pieces))
    return Step(name="token", method="POST", address={}, parts={"": (part,)}, read={})


def said(status: int, challenge: str | None, about: Circumstances = ASKED) -> str:
    headers: dict[str, Any] = {} if challenge is None else {"WWW_Authenticate": challenge}
    error = error_of(STATUS, b"{}", status=status, circumstances=about, **headers)
    assert isinstance(error, AuthenticationError)
    return str(error)


@pytest.mark.parametrize("status", [401, 403])
def test_a_challenge_tells_which_scope_is_needed_and_the_spec_which_was_asked_for(
    status: int,
) -> None:
    words = (
        "the service says that this needs the scope 'readings.write meters', and the login asked "
        "for the scope 'readings.read'"
    )
    assert words in said(status, NEEDED)


def test_a_scope_that_does_not_suffice_is_told_where_none_is_named() -> None:
    assert "the scope does not suffice" in said(403, "Bearer error=insufficient_scope")
    assert "the login asked for the scope 'readings.read'" in said(403, None)


@pytest.mark.parametrize("challenge", [None, 'Bearer error="invalid_token", scope="a"'])
def test_credentials_that_are_not_accepted_say_nothing_of_scopes(challenge: str | None) -> None:
    assert "scope" not in said(401, challenge)


def test_nothing_is_told_where_nothing_is_known() -> None:
    assert "scope" not in said(403, None, Circumstances())


def test_a_login_that_is_refused_after_all_says_so_with_its_scope() -> None:
    about = Circumstances(refused=(403,), scopes=("readings.read",))
    outcome = refused(STATUS, b"{}", status=403, circumstances=about, WWW_Authenticate=NEEDED)
    assert type(outcome.error) is SessionExpiredError
    assert outcome.is_access  # a kept login may have been got by an earlier spec
    assert "'readings.write meters'" in str(outcome.error)


def test_a_documented_meaning_has_the_scopes_too() -> None:
    statuses = {403: ErrorMeaning(AuthenticationError, "this is for others")}
    documented = operation(shape="record", model=Status, payload=(), statuses=statuses)
    error = error_of(documented, b"{}", status=403, circumstances=ASKED)
    assert "this is for others; the login asked for the scope 'readings.read'" in str(error)


def test_what_no_text_may_show_is_masked_in_a_scope() -> None:
    about = Circumstances(hide=("INVENTED-token",))
    text = said(403, 'Bearer scope="of:INVENTED-token of:0100000001"', about)
    assert "INVENTED" not in text
    assert "0100000001" not in text


@pytest.mark.parametrize("scope", ['a"b', "a\\b", "열쇠", "a" * 501])
def test_what_is_no_scope_is_not_shown(scope: str) -> None:
    assert "needs the scope" not in said(403, f'Bearer error="insufficient_scope", scope={scope!r}')


def test_a_scope_is_what_the_spec_writes_and_no_credential() -> None:
    assert scopes_asked([step("a b"), step("a b"), step("c")]) == ("a b", "c")
    assert scopes_asked([step(Hole("credential", "scope")), step("x", Hole("option", "o"))]) == ()

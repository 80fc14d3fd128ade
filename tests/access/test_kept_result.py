"""How old a kept result of a login may be, and what a login can have given."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec
import pytest

from gridwright_runtime.access.kept_result import (
    KeptResult,
    is_alive,
    is_same,
    is_sound,
    is_touch_due,
)

NOW = datetime(2024, 10, 1, tzinfo=UTC)


class Life(NamedTuple):
    """How long something lives."""

    lifetime_seconds: float = 2700.0
    counts_from: Literal["issue", "last_use"] = "last_use"


def kept(**about: Any) -> KeptResult:
    facts = {"value": "INVENTED-session", "issuer": "https://login.example", **about}
    return KeptResult(**{"issued_at": NOW, "last_used_at": NOW, **facts})


@pytest.mark.parametrize(
    ("lifetime", "age", "alive"),
    [
        (2700.0, 2639.9, True),
        (2700.0, 2640.0, False),
        (10.0, 8.9, True),
        (10.0, 9.0, False),
        (2700.0, -60.0, True),
        (2700.0, -60.1, False),
    ],
)
def test_a_result_is_used_until_a_minute_or_a_tenth_before_its_end(
    lifetime: float, age: float, alive: bool
) -> None:
    assert is_alive(kept(), Life(lifetime), NOW + timedelta(seconds=age)) is alive


def test_a_result_that_was_refused_is_not_used() -> None:
    assert not is_alive(kept(value=""), Life(), NOW)


@pytest.mark.parametrize(
    ("counts_from", "age", "due"),
    [("last_use", 59.9, False), ("last_use", 60.0, True), ("issue", 60.0, False)],
)
def test_a_use_is_noted_once_a_minute_where_it_prolongs(
    counts_from: Any, age: float, due: bool
) -> None:
    life = Life(counts_from=counts_from)
    assert is_touch_due(kept(), life, NOW + timedelta(seconds=age)) is due


@pytest.mark.parametrize(
    ("about", "sound"),
    [
        ({}, True),
        ({"login": 0}, True),
        ({"login": -1}, False),
        ({"login": (1 << 53) - 1}, True),
        ({"login": 1 << 53}, False),
        ({"address": "https://login.example/next"}, True),
        ({"address": "https://login.example.other/next"}, False),
        ({"address": "http://login.example/next"}, False),
        ({"value": "two words"}, False),
        ({"value": "lïne"}, False),
        ({"issuer": "https://login.example\n"}, False),
    ],
)
def test_what_no_login_can_have_given_is_not_sound(about: dict[str, Any], sound: bool) -> None:
    assert is_sound(kept(**about)) is sound


def test_no_repr_shows_a_result() -> None:
    assert repr(kept(login=3)) == "<result of login 3>"


def test_results_of_one_login_are_the_same_however_often_they_were_used() -> None:
    later = NOW + timedelta(seconds=9)
    assert is_same(kept(login=3), kept(login=3, last_used_at=later))
    assert not is_same(kept(login=3), kept(login=4))
    assert not is_same(kept(login=3), kept(login=3, value="INVENTED-other"))


def test_a_file_calls_a_result_a_ticket_and_its_times_have_offsets() -> None:
    text = msgspec.json.encode(kept())
    assert b'"ticket":"INVENTED-session"' in text
    assert msgspec.json.decode(text, type=KeptResult) == kept()
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text.replace(b"00Z", b"00"), type=KeptResult)

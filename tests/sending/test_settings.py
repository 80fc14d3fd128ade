"""What a client is told when it is made: credentials, addresses, options, limits, laziness."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from gridwright_runtime.client import BaseAsyncClient, BaseClient
from gridwright_runtime.errors import (
    ClosedHoursError,
    ConfigurationError,
    LimitError,
    OutcomeUnknownError,
)
from gridwright_runtime.interface import Hole, Option, Part, Provisional
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limits,
    RateLimit,
    SpacingLimit,
    closed_weekly,
)
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.retry import RetryPolicy

from .support import (
    ELSEWHERE,
    HERE,
    KEY,
    KEYED,
    KINDS,
    Arguments,
    Caller,
    FakeClock,
    Kind,
    caller,
    operation,
    response,
    system,
    text,
)

both = pytest.mark.parametrize("kind", KINDS)
clients = pytest.mark.parametrize("client", [BaseClient, BaseAsyncClient])
SAMPLE = system()


def test_a_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_KEY", "from-environment")
    one = caller("sync", made=SAMPLE, credentials={"key": None})
    one.call(KEYED)
    assert one.service.seen[0].headers["X-Key"] == "from-environment"


@pytest.mark.parametrize("key", [None, ""])
def test_a_missing_key_is_reported_with_what_to_do(
    key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SAMPLE_KEY", raising=False)
    with pytest.raises(ConfigurationError) as caught:
        BaseClient(SAMPLE, credentials={"key": key})
    assert str(caught.value) == "sample: no key; pass key=… or set SAMPLE_KEY"


@pytest.mark.parametrize("key", ["SECRET\n", " SECRET", "SEC\x00RET"])
def test_a_key_with_stray_characters_is_refused_unseen(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        BaseClient(SAMPLE, credentials={"key": key})
    assert "SEC" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "sample.example",
        "ftp://sample.example",
        "https://",
        "https://user:pass@sample.example",
        "https://sample.example/?serviceKey=x",
        "https://sample.example:port",
        "http://sample.example",
        "http://127.evil.example",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0",
        "",
        "https://sample\ud800.example",
        "https://sample.example/\ud800",
        "https://sample\u200b.example",
    ],
)
def test_an_address_that_is_no_plain_https_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError):
        BaseClient(SAMPLE, credentials={"key": KEY}, base_url=address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:1"])
def test_a_mock_on_this_machine_needs_no_tls(address: str) -> None:
    with BaseClient(SAMPLE, credentials={"key": KEY}, base_url=address) as client:
        assert address in repr(client)


def close(client: Any) -> None:
    """Close a client of either kind."""
    if isinstance(client, BaseClient):
        client.close()
    else:
        asyncio.run(client.aclose())


def test_a_system_without_an_address_asks_for_one() -> None:
    made = system(servers={}, default_server="", no_address="the document names no host (line 16)")
    with pytest.raises(ConfigurationError) as caught:
        BaseClient(made, credentials={"key": KEY})
    said = "sample: no base_url; pass base_url=…: the document names no host (line 16)"
    assert str(caught.value) == said


@clients
@pytest.mark.parametrize(
    "wrong",
    [
        *({"timeout_seconds": wrong} for wrong in (0, -1, float("inf"), float("nan"), None, "30")),
        *({"longest_call_seconds": wrong} for wrong in (0, -1, float("nan"), "30")),
        *({"longest_wait_seconds": wrong} for wrong in (-1, float("nan"), "5")),
        {"format": "yaml"},
        {"format": []},
        {"max_connections": 0},
        {"max_body_bytes": 0},
        {"retry": RetryPolicy(attempts=0)},
        {"base_url": b"https://sample.example"},
        {"login_url": "https://sample.example"},
        {"company": "half a character \ud800"},
        {"company": 5},
        {"limit_store": "folder"},
    ],
    ids="-".join,
)
def test_a_wrong_setting_is_reported_when_the_client_is_made(
    client: Any, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        client(SAMPLE, credentials={"key": KEY}, **wrong)


@clients
@pytest.mark.parametrize("folder", ["half a character \ud800", "nul \0", "", 5, b"bytes"])
def test_a_folder_that_none_can_be_is_refused(client: Any, folder: Any) -> None:
    with pytest.raises(ConfigurationError, match="folder of logins"):
        client(SAMPLE, credentials={"key": KEY}, login_folder=folder)


@pytest.mark.parametrize("folder", ["half a character \ud800", "nul \0", "", b"bytes"])
def test_a_folder_of_limits_that_none_can_be_is_refused(folder: Any) -> None:
    with pytest.raises(ConfigurationError, match="the folder for limits"):
        FileLimitStore(folder)


@clients
@pytest.mark.parametrize("key", [5, b"key"])
def test_a_credential_that_is_no_text_is_reported(client: Any, key: Any) -> None:
    with pytest.raises(ConfigurationError, match="key must be text"):
        client(SAMPLE, credentials={"key": key})


def test_a_clock_without_a_time_zone_is_refused() -> None:
    class NaiveClock(FakeClock):
        def now(self) -> datetime:
            return datetime(2024, 10, 1)

    with pytest.raises(ConfigurationError, match="clock must tell aware time"):
        BaseClient(SAMPLE, credentials={"key": KEY}, clock=NaiveClock())


@clients
def test_what_is_on_this_machine_is_asked_without_a_proxy(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "no proxy at all://")
    monkeypatch.setenv("HTTPS_PROXY", "no proxy at all://")
    made = client(SAMPLE, credentials={"key": KEY}, base_url="http://127.0.0.1:1")
    assert "http://127.0.0.1:1" in repr(made)
    with pytest.raises(ConfigurationError, match="proxy"):
        client(SAMPLE, credentials={"key": KEY})
    close(made)


@clients
def test_a_malformed_proxy_is_reported_unseen(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://user:SECRET@proxy.example")
    with pytest.raises(ConfigurationError, match="proxy or certificate") as caught:
        client(SAMPLE, credentials={"key": KEY})
    assert "SECRET" not in str(caught.value)
    assert caught.value.__context__ is None


def test_no_repr_shows_a_secret() -> None:
    client = BaseClient(SAMPLE, credentials={"key": KEY})
    assert repr(client) == f"<BaseClient of sample at {ELSEWHERE}>"
    assert KEY not in repr(vars(client._settings))
    client.close()


# Options

OPTIONED = system(
    credentials=(),
    options=(
        Option(name="application", default="gridwright"),
        Option(name="ip"),
        Option(name="language", default="tr", values=("tr", "en")),
    ),
)
SAID = operation(
    "said",
    *(
        Part(wire=name, place="header", source=text(Hole("option", name)))
        for name in ("application", "ip", "language")
    ),
)


@both
def test_options_are_what_was_told_or_the_default_or_left_out(kind: Kind) -> None:
    one = caller(kind, made=OPTIONED, options={"language": "en", "ip": None})
    one.call(SAID)
    headers = one.service.seen[0].headers
    assert (headers["application"], headers["language"]) == ("gridwright", "en")
    assert "ip" not in headers


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"application": "a\nb"}, "application is no text on one line"),
        ({"ip": 5}, "ip is no text on one line"),
        ({"language": "de"}, "language must be one of tr, en"),
    ],
)
def test_an_option_that_cannot_be_sent_is_refused(options: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        BaseClient(OPTIONED, credentials={}, options=options)


# Limits

SAME = Arguments("1", application="A1")
APPLY = operation("apply", kind="write", same={"number": "application"})
STATUS = operation("get_status")
SUNDAY = datetime(2024, 10, 6, tzinfo=ZoneInfo("Asia/Tokyo"))
A_SECOND = Limits((RateLimit(name="a_second", requests=1, per_seconds=1),))
LIMITS = Limits(
    (
        SpacingLimit(name="pause", wait_seconds=1, same="number", operations=("apply",)),
        closed_weekly("sunday_night", "sunday 01:00-03:00", "Asia/Tokyo"),
    )
)


def limited(kind: Kind, limits: Limits = LIMITS, *answers: object, **options: Any) -> Caller:
    made = system(credentials=(), limits=limits, servers={"": HERE}, default_server="")
    known = {"limit_store": MemoryLimitStore()} | options
    return caller(kind, *answers, made=made, **known)


@both
def test_the_same_thing_is_touched_again_after_its_pause(kind: Kind) -> None:
    one = limited(kind)
    one.calls((APPLY, SAME), (APPLY, SAME))
    assert 1.0 <= one.clock.seconds < 1.1


@both
def test_other_things_wait_for_nothing(kind: Kind) -> None:
    one = limited(kind)
    one.calls((APPLY, SAME), (APPLY, Arguments("1", application="A2")), (STATUS, SAME))
    assert one.clock.slept == []


@both
def test_a_thing_that_a_reply_names_is_spaced_from_then_on(kind: Kind) -> None:
    one = limited(kind, LIMITS, {"application": "A9"})
    one.calls((APPLY, Arguments("1")), (APPLY, Arguments("1", application="A9")))
    assert 1.0 <= one.clock.seconds < 1.1


@both
@pytest.mark.parametrize(("address", "slept"), [(HERE, False), (ELSEWHERE, True)])
def test_where_no_argument_can_name_a_thing_all_calls_are_about_the_same(
    kind: Kind, address: str, slept: bool
) -> None:
    from msgspec.structs import replace

    unnamed = Provisional(path="application", wire="A", label="a", source="line 1")
    apply = operation("apply", kind="write", same={"number": "application"})
    apply = replace(apply, request=replace(apply.request, provisional=(unnamed,)))
    one = limited(kind, base_url=address)
    one.calls((apply, Arguments("1")), (apply, Arguments("2")))
    assert (one.clock.seconds >= 1.0) is slept


@both
def test_a_client_may_raise_instead_of_waiting(kind: Kind) -> None:
    one = limited(kind, wait_for_turn=False)
    _first, second = one.calls((APPLY, SAME), (APPLY, SAME))
    assert isinstance(second, LimitError)
    assert not second.sent
    assert second.retry_at is not None
    assert "A1" not in str(second)
    assert len(one.service.seen) == 1


@both
def test_a_client_waits_no_longer_than_it_may(kind: Kind) -> None:
    one = limited(kind, longest_wait_seconds=0.5)
    _first, second = one.calls((APPLY, SAME), (APPLY, SAME))
    assert isinstance(second, LimitError)
    assert len(one.service.seen) == 1


@both
@pytest.mark.parametrize("spelling", ["HTTPS://Api.Sample.Example:443/base", f"{ELSEWHERE}/"])
def test_one_address_in_two_spellings_is_one_service(kind: Kind, spelling: str) -> None:
    first = limited(kind, A_SECOND, base_url=ELSEWHERE)
    other = Caller(
        kind, first.service, first.system, first.options | {"base_url": spelling}, first.clock
    )
    first.call(STATUS)
    other.call(STATUS)
    assert 1.0 <= first.clock.seconds < 1.1


@both
def test_clients_of_another_company_have_their_own_turns(kind: Kind) -> None:
    one = limited(kind, A_SECOND, company="one")
    other = Caller(kind, one.service, one.system, one.options | {"company": "two"}, one.clock)
    one.call(STATUS)
    other.call(STATUS)
    assert one.clock.slept == []


@both
def test_clients_in_this_process_share_turns_without_being_given_a_store(kind: Kind) -> None:
    one = limited(kind, A_SECOND, limit_store=None)
    one.call(STATUS)
    one.call(STATUS)
    assert 1.0 <= one.clock.seconds < 1.1


@both
def test_a_retry_takes_a_new_turn(kind: Kind) -> None:
    one = limited(kind, A_SECOND, 502)
    one.call(STATUS)
    assert len(one.service.seen) == 2
    assert 1.0 <= one.clock.seconds < 1.1


@both
def test_a_call_that_fails_gives_its_place_back(kind: Kind) -> None:
    limits = Limits((ConcurrencyLimit(name="one_at_once", at_most=1),))
    one = limited(kind, limits, httpx2.ReadTimeout("late"), httpx2.ConnectError("no"))
    failed, refused, found = one.calls(*[(APPLY, Arguments("1"))] * 3)
    assert isinstance(failed, OutcomeUnknownError)
    assert isinstance(refused, Exception)
    assert found.body.value == "good"
    # The service may have been at work on the first for a moment, and never saw the second.
    assert one.clock.seconds == pytest.approx(1.0, abs=0.1)


def at(one: Caller, hour: int, minute: int, second: int = 0) -> Caller:
    one.clock = FakeClock(SUNDAY.replace(hour=hour, minute=minute, second=second).astimezone(UTC))
    return one


@both
def test_a_client_waits_until_the_service_opens(kind: Kind) -> None:
    one = at(limited(kind), 1, 30)
    one.call(STATUS)
    assert one.clock.now() >= SUNDAY.replace(hour=3)
    assert len(one.service.seen) == 1


@both
def test_a_call_that_could_run_into_closed_hours_is_not_sent(kind: Kind) -> None:
    one = at(limited(kind), 0, 59, 45)
    with pytest.raises(ClosedHoursError) as caught:
        one.call(STATUS)
    assert caught.value.opens_at == SUNDAY.replace(hour=3)
    assert one.service.seen == []


@both
@pytest.mark.parametrize(("hour", "minute", "second"), [(0, 59, 30), (3, 0, 20)])
def test_a_service_that_says_near_its_hours_that_it_is_closed_opens_after_them(
    kind: Kind, hour: int, minute: int, second: int
) -> None:
    one = limited(kind, LIMITS, response(503), timeout_seconds=10, retry=RetryPolicy(attempts=1))
    with pytest.raises(ClosedHoursError) as caught:
        at(one, hour, minute, second).call(STATUS)
    assert caught.value.opens_at == SUNDAY.replace(hour=3)


@both
def test_the_end_of_a_call_ends_its_wait_for_a_turn(kind: Kind) -> None:
    one = limited(kind, A_SECOND, longest_call_seconds=0.5)
    _first, second = one.calls(STATUS, STATUS)
    assert isinstance(second, LimitError)
    assert one.clock.seconds < 0.6


# What is imported


def imported_by(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def modules_of_a_client() -> set[str]:
    return imported_by(
        "from gridwright_runtime.client import BaseClient; "
        "from gridwright_runtime.interface import System; "
        "BaseClient(System(name='s', servers={'': 'http://127.0.0.1:1'}), credentials={}).close()"
    )


@pytest.mark.parametrize(
    "module",
    [
        *("lxml", "zoneinfo", "asyncio", "starlette", "uvicorn", "xsdata"),
        "gridwright_runtime.access",
        "gridwright_runtime.access.store",
        "gridwright_runtime.limits.limiter",
        "gridwright_runtime.encodings.soap",
        "gridwright_runtime.paging",
        "gridwright_runtime.decodings.reader",
        "gridwright_runtime.requests.build",
    ],
)
def test_a_client_does_not_import_what_it_may_not_need(
    module: str, modules_of_a_client: set[str]
) -> None:
    assert module not in modules_of_a_client


@pytest.mark.parametrize("module", ["anyio", "httpcore2", "asyncio", "lxml"])
def test_importing_a_client_loads_nothing_that_only_calls_need(module: str) -> None:
    assert module not in imported_by("import gridwright_runtime.client")

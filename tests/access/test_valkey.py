"""Logins at a server that machines share: one at a time, encrypted, whatever ends or is late."""

import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.sending.support import KINDS, Arguments, value_of
from tests.shared_server.servers import OwnServer, own_server

from gridwright_runtime.access import valkey
from gridwright_runtime.access.kept_result import KeptResult
from gridwright_runtime.access.valkey import ValkeyLoginStore
from gridwright_runtime.client import BaseClient
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import ConfigurationError, StoreError
from gridwright_runtime.mock.serve import running
from gridwright_runtime.shared_server.encryption import Sealer, new_key, sealer_of
from gridwright_runtime.shared_server.server import Unreachable

from .support import GET_TICKETED, PASSWORD, USER, with_tickets
from .test_sharing import Place, workers

KEY, OTHER_KEY = new_key(), new_key()
ACCOUNT = "0123456789abcdef"
TICKET = "TGT-INVENTED-1-of-a-login"

pytestmark = pytest.mark.xdist_group("processes")


class SkewedClock(SystemClock):
    def __init__(self, seconds: float) -> None:
        self._skew = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self._skew


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnServer]:
    with own_server(tmp_path) as found:
        monkeypatch.setenv("GRIDWRIGHT_STORE_KEY", KEY)
        monkeypatch.delenv("GRIDWRIGHT_STORE", raising=False)
        yield found


def kept_result_of(ticket: str = TICKET, login: int = 1, now: datetime | None = None) -> KeptResult:
    now = now or datetime.now(UTC)
    return KeptResult(
        value=ticket, issuer="https://sample.invalid", issued_at=now, last_used_at=now, login=login
    )


def saved(store: ValkeyLoginStore, kept_result: KeptResult) -> None:
    release = store.try_hold(ACCOUNT)
    assert release is not None
    store.save(ACCOUNT, kept_result)
    release()


def test_machines_that_call_together_log_in_once(server: OwnServer) -> None:
    place = Place()
    place.server.login_seconds = 0.1
    with running(place.app) as url, ExitStack() as stack:
        started = [
            stack.enter_context(workers(1, url, server.url, kind, calls=4))[0]
            for kind in KINDS
            for _ in range(2)
        ]
        for worker in started:
            worker.start()
        assert [worker.results() for worker in started] == [["served"] * 4] * 4
    assert (place.server.logins, place.server.consumed) == (1, 16)


def test_a_client_shares_logins_where_the_environment_names_a_server(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRIDWRIGHT_STORE", server.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = Place()
    with running(place.app) as url:
        for _ in range(2):
            facts: dict[str, Any] = {"base_url": url, "login_url": url, "timeout_seconds": 10.0}
            login = {"username": USER, "password": PASSWORD}
            with BaseClient(with_tickets(), credentials=login, **facts) as client:
                assert value_of(client._record(GET_TICKETED, Arguments("1"))) == "served"
    assert place.server.logins == 1
    assert not (tmp_path / "cache").exists()


def test_what_is_kept_comes_back_to_who_has_the_key_alone(server: OwnServer) -> None:
    saved(ValkeyLoginStore(server.url), kept_result_of())
    found = ValkeyLoginStore(server.url).load(ACCOUNT)
    assert found is not None and found.value == TICKET
    kept = server.server.ask("HGET", f"{{gridwright}}:login:{ACCOUNT}", "grant")
    assert b"TGT" not in kept and b"sample" not in kept
    with pytest.raises(StoreError, match="another key"):
        ValkeyLoginStore(server.url, key=OTHER_KEY).load(ACCOUNT)


def test_a_key_is_replaced_while_all_machines_call(server: OwnServer) -> None:
    saved(ValkeyLoginStore(server.url, key=KEY), kept_result_of())
    both = ValkeyLoginStore(server.url, key=f"{OTHER_KEY},{KEY}")
    assert both.load(ACCOUNT) is not None
    saved(both, kept_result_of(login=2))
    found = ValkeyLoginStore(server.url, key=OTHER_KEY).load(ACCOUNT)
    assert found is not None and found.login == 2


def test_a_login_that_is_moved_to_another_account_is_not_opened(server: OwnServer) -> None:
    saved(ValkeyLoginStore(server.url), kept_result_of())
    kept = server.server.ask("HGET", f"{{gridwright}}:login:{ACCOUNT}", "grant")
    server.server.ask("HSET", "{gridwright}:login:another", "grant", kept)
    with pytest.raises(StoreError, match="another key"):
        ValkeyLoginStore(server.url).load("another")


def test_one_machine_at_a_time_holds_an_account(server: OwnServer) -> None:
    one, other = ValkeyLoginStore(server.url), ValkeyLoginStore(server.url)
    release = one.try_hold(ACCOUNT)
    assert release is not None
    assert other.try_hold(ACCOUNT) is None
    assert other.try_hold("another account") is not None
    release()
    assert other.try_hold(ACCOUNT) is not None


def test_who_was_silent_too_long_undoes_no_later_login(server: OwnServer) -> None:
    late, other = ValkeyLoginStore(server.url), ValkeyLoginStore(server.url)
    release = late.try_hold(ACCOUNT)
    assert release is not None
    server.server.ask("DEL", f"{{gridwright}}:login:{ACCOUNT}:held")  # as its lease ends
    others = other.try_hold(ACCOUNT)
    assert others is not None
    with pytest.raises(StoreError, match="another machine has logged in"):
        late.save(ACCOUNT, kept_result_of("TGT-INVENTED-late"))
    release()
    assert ValkeyLoginStore(server.url).try_hold(ACCOUNT) is None
    other.save(ACCOUNT, kept_result_of())
    others()
    with pytest.raises(StoreError, match="another machine has logged in"):
        late.save(ACCOUNT, kept_result_of("TGT-INVENTED-late"))
    found = other.load(ACCOUNT)
    assert found is not None and found.value == TICKET


def test_a_login_that_takes_long_is_not_taken_for_dead(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_LEASE_MILLISECONDS", 400)
    monkeypatch.setattr(valkey, "_RENEW_SECONDS", 0.05)
    release = ValkeyLoginStore(server.url).try_hold(ACCOUNT)
    assert release is not None
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        assert ValkeyLoginStore(server.url).try_hold(ACCOUNT) is None
        time.sleep(0.05)
    release()
    assert ValkeyLoginStore(server.url).try_hold(ACCOUNT) is not None


def test_what_a_dead_machine_held_comes_back(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_LEASE_MILLISECONDS", 100)
    monkeypatch.setattr(valkey, "_RENEW_SECONDS", 3600.0)  # it renews nothing any more
    assert ValkeyLoginStore(server.url).try_hold(ACCOUNT) is not None
    until = time.monotonic() + 20
    while ValkeyLoginStore(server.url).try_hold(ACCOUNT) is None:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_ages_are_right_on_machines_whose_clocks_differ_by_minutes(server: OwnServer) -> None:
    early, late = SkewedClock(-420), SkewedClock(185)
    saved(ValkeyLoginStore(server.url, clock=early), kept_result_of(now=early.now()))
    found = ValkeyLoginStore(server.url, clock=late).load(ACCOUNT)
    assert found is not None
    assert abs((late.now() - found.issued_at).total_seconds()) < 5.0


def test_what_was_read_a_moment_ago_is_not_asked_for_again_but_by_who_logs_in(
    server: OwnServer,
) -> None:
    one, other = ValkeyLoginStore(server.url), ValkeyLoginStore(server.url)
    assert one.load(ACCOUNT) is None
    saved(other, kept_result_of())
    release = one.try_hold(ACCOUNT)
    assert release is not None
    assert one.load(ACCOUNT) is not None
    release()


def test_a_login_is_saved_once_though_the_answer_is_lost(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ValkeyLoginStore(server.url)
    real, losses = store._server.run, [1]

    def run(script: Any, *arguments: Any) -> object:
        found = real(script, *arguments)
        if script in (valkey._SAVE, valkey._HOLD) and losses:
            losses.pop()
            raise Unreachable("the connection was lost")
        return found

    monkeypatch.setattr(store._server, "run", run)
    release = store.try_hold(ACCOUNT)
    assert release is not None
    losses.append(1)
    store.save(ACCOUNT, kept_result_of())
    release()
    assert store.load(ACCOUNT) is not None


def test_a_server_that_is_gone_is_an_error_and_no_login_of_ones_own(server: OwnServer) -> None:
    store = ValkeyLoginStore(server.url)
    server.kill()
    with pytest.raises(StoreError, match=r"logins are kept at .* does not answer"):
        store.load(ACCOUNT)
    with pytest.raises(StoreError, match="does not answer"):
        store.try_hold(ACCOUNT)


def test_a_login_that_is_known_is_used_on_while_the_server_is_silent(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ValkeyLoginStore(server.url)
    saved(store, kept_result_of())
    assert store.load(ACCOUNT) is not None
    server.kill()
    monkeypatch.setattr(valkey, "_RECENT_SECONDS", 0.0)
    found = store.load(ACCOUNT)
    assert found is not None and found.value == TICKET
    with pytest.raises(StoreError):
        store.try_hold(ACCOUNT)
    monkeypatch.setattr(valkey, "_SILENT_SECONDS", 0.0)
    with pytest.raises(StoreError):
        store.load(ACCOUNT)


@pytest.mark.parametrize(
    "key",
    ["", "  ", "INVENTED-key", new_key()[:-4], new_key() + ",x"],
    ids=["empty", "blanks", "no key", "cut off", "with another"],
)
def test_what_is_no_key_is_refused_and_not_repeated(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRIDWRIGHT_STORE_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="gridwright store key") as caught:
        ValkeyLoginStore("valkey://127.0.0.1:1/0", key=key)
    assert not key.strip() or key not in str(caught.value)


def test_a_key_is_in_no_repr_and_in_no_variable_of_what_holds_it() -> None:
    sealer = sealer_of(KEY)
    store = ValkeyLoginStore("valkey://127.0.0.1:1/0", key=KEY)
    held = [getattr(sealer, one) for one in Sealer.__slots__]
    shown = f"{sealer!r} {store!r} {vars(store)!r} {held!r}"
    assert KEY not in shown and KEY.rstrip("=") not in shown
    try:
        store.load(ACCOUNT)
    except StoreError as error:
        summary = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(summary.format())
    assert KEY not in text

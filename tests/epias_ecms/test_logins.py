"""One login for all calls, kept and renewed; processes that share one are in tests/access."""

from pathlib import Path

import pytest

from gridwright_apis.epias_ecms import Client
from gridwright_runtime.errors import AuthenticationError, ConnectError

from .support import (
    KINDS,
    NOW,
    PASSWORD,
    USERNAME,
    Desk,
    Kind,
    clock_of,
    index,
    make_app,
    mock_of,
    server_of,
)

both = pytest.mark.parametrize("kind", KINDS)
BASE = "/ecms-index-metering-data/rest"


@both
def test_many_calls_need_one_login_and_a_ticket_each(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        for _ in range(5):
            desk.call("find_indexes", index_ids=[700_000])
    server = server_of(app)
    assert (server.logins, server.tickets, server.consumed) == (1, 5, 5)


@both
def test_a_login_lasts_while_it_is_used_and_is_renewed_after_a_pause(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        for _ in range(4):
            desk.call("find_indexes", index_ids=[700_000])
            clock_of(app).advance(40 * 60)
        assert server_of(app).logins == 1
        clock_of(app).advance(10 * 60)
        desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2


@both
def test_a_login_that_the_server_has_forgotten_is_renewed_once(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        desk.call("find_indexes", index_ids=[700_000])
        server_of(app).forget()
        desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2


@both
def test_a_wrong_password_is_tried_once_a_call(kind: Kind) -> None:
    app = make_app()
    desk = Desk(kind, app, password="INVENTED-wrong")
    with desk, pytest.raises(AuthenticationError) as caught:
        desk.call("find_indexes", index_ids=[700_000])
    assert (server_of(app).refused_logins, server_of(app).tickets) == (1, 0)
    assert caught.value.transaction_id
    assert "INVENTED-wrong" not in str(caught.value)


def test_clients_share_a_login_through_the_folder(tmp_path: Path) -> None:
    app = make_app()
    for kind in (*KINDS, *KINDS):
        with Desk(kind, app, ticket_folder=tmp_path) as desk:
            desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 1


def test_production_and_test_never_share_a_login(tmp_path: Path) -> None:
    app = make_app()
    for environment in ("production", "test", "production", "test"):
        with Desk("sync", app, ticket_folder=tmp_path, environment=environment) as desk:
            desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2


def test_what_is_saved_in_test_is_not_in_production() -> None:
    app = make_app()
    with Desk("sync", app, environment="test") as test, Desk("sync", app) as production:
        (saved,) = test.call("save_indexes", indexes=[index()]).body.indexes
        assert test.call("find_indexes", index_ids=[saved.index_id]).body.indexes
        assert not production.call("find_indexes", index_ids=[saved.index_id]).body.indexes


def test_a_production_ticket_is_no_good_for_the_test_host() -> None:
    app = make_app()
    desk = Desk("sync", app, base_url="https://testtysapi.epias.com.tr" + BASE)
    with desk, pytest.raises(AuthenticationError, match="mock-1005"):
        desk.call("find_indexes", index_ids=[700_000])


def test_a_ticket_server_that_is_down_is_a_connection_error(tmp_path: Path) -> None:
    client = Client(
        username=USERNAME,
        password=PASSWORD,
        base_url="http://127.0.0.1:9" + BASE,
        ticket_url="http://127.0.0.1:9",
        ticket_folder=tmp_path,
        clock=clock_of(make_app()),
    )
    with client, pytest.raises(ConnectError):
        client.find_indexes(index_ids=[700_000])


def test_the_mock_has_started_at_its_own_time() -> None:
    app = make_app()
    with Desk("sync", app) as desk:
        desk.call("find_indexes", index_ids=[700_000])
    assert mock_of(app).journal[-1].time == NOW

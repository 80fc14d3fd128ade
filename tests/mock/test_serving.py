"""The mock listens on loopback, and nowhere else unless told."""

import socket
import threading

import httpx2
import pytest
import uvicorn

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.serve import running, serve

from .support import FIND, mock_of, play, tiny


def test_a_running_mock_answers_over_a_socket_and_stops() -> None:
    app = tiny()
    with running(app) as address:
        assert address.startswith("http://127.0.0.1:")
        with httpx2.Client(base_url=address, trust_env=False) as client:
            response = client.get("/tiny/find", params=FIND)
        assert response.status_code == 200
        assert response.json()["thingList"][0]["thingNo"] == "T-1"
        assert "server" not in response.headers
    assert not any(thread.name == "gridwright-mock" for thread in threading.enumerate())
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address, trust_env=False)
    assert len(mock_of(app).journal) == 1


def test_a_cut_off_reply_breaks_a_real_connection() -> None:
    app = tiny()
    play(app, Fault.cut_off())
    with (
        running(app) as address,
        httpx2.Client(base_url=address, trust_env=False) as client,
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        client.get("/tiny/find", params=FIND)


def test_a_mock_stops_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), running(tiny()):
        raise ZeroDivisionError
    assert not any(thread.name == "gridwright-mock" for thread in threading.enumerate())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org", ""])
def test_a_host_that_others_can_reach_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError):
        serve(tiny(), host=host)
    with pytest.raises(ConfigurationError), running(tiny(), host=host):
        pass


def test_serving_says_where_and_keeps_requests_out_of_logs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[uvicorn.Server] = []

    def run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        started.append(server)
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", run)
    serve(tiny())
    shown = capsys.readouterr().out
    assert shown.startswith("serving on http://127.0.0.1:")
    assert "/.gridwright/journal" in shown
    assert started[0].config.access_log is False


def test_other_hosts_are_possible_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: None)
    app = tiny()
    serve(app, host="0.0.0.0", allow_other_hosts=True)
    assert mock_of(app).takes_any_host
    assert "http://0.0.0.0:" in capsys.readouterr().out


def test_a_server_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: None)
    with pytest.raises(RuntimeError, match="did not start"), running(tiny()):
        pass


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=r".*"), running(tiny(), port=port):
            pass


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_ipv6_address_is_written_in_brackets() -> None:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with running(tiny(), host="::1") as address:
        assert address.startswith("http://[::1]:")
        assert httpx2.get(f"{address}/nowhere", trust_env=False).status_code == 404

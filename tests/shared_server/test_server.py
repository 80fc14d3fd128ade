"""What is said of a server that answers with an error: does it pass, or is it to be mended."""

from collections.abc import Callable

import pytest

from gridwright_runtime.errors import StoreError
from gridwright_runtime.shared_server.server import SharedServer, Unreachable, server_at

known = pytest.importorskip(
    "valkey.exceptions", reason="shared stores need the extra valkey, which is not installed"
)


def failing(error: Exception) -> Callable[[], None]:
    def asked() -> None:
        raise error

    return asked


@pytest.fixture
def server() -> SharedServer:
    return server_at("valkey://:INVENTED-password@127.0.0.1:1/0")


@pytest.mark.parametrize(
    "name", ["ConnectionError", "TimeoutError", "BusyLoadingError", "ReadOnlyError"]
)
def test_a_server_that_is_starting_or_silent_is_asked_again(
    server: SharedServer, name: str
) -> None:
    with pytest.raises(Unreachable):
        server._answer(failing(getattr(known, name)("said")))


@pytest.mark.parametrize(
    "name", ["AuthenticationError", "NoPermissionError", "OutOfMemoryError", "ResponseError"]
)
def test_a_server_that_refuses_is_an_error_at_once(server: SharedServer, name: str) -> None:
    with pytest.raises(StoreError, match=r"127.0.0.1:1/0 refuses \(said\)") as caught:
        server._answer(failing(getattr(known, name)("said")))
    assert "INVENTED" not in str(caught.value)

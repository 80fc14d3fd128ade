"""Run scripts at a server of Valkey or Redis."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import ConfigurationError, StoreError
from .address import Address, address_of

if TYPE_CHECKING:
    from valkey import Valkey

__all__ = ["SECONDS", "Script", "SharedServer", "Unreachable", "server_at"]

SECONDS = 2.0
"""How long an answer is waited for."""


class Unreachable(Exception):
    """The server did not answer; what was asked may have been done. The text names the reason."""


class Script:
    """A program in Lua, which the server runs as a whole or not at all."""

    __slots__ = ("keys", "text")

    def __init__(self, text: str, *, keys: int) -> None:
        self.text = text
        self.keys = keys


class SharedServer:
    """A server, connected to when it is first asked; for all threads of a process.

    Args:
        address: where it is.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._made: dict[int, tuple[Valkey, dict[Script, Any]]] = {}

    def run(self, script: Script, *arguments: bytes | str | int) -> Any:
        """Run a script; the first arguments are its keys.

        Raises:
            Unreachable: there is no answer.
            StoreError: the server refuses.
        """
        client, scripts = self._client()
        ready = scripts.get(script)
        if ready is None:
            ready = scripts.setdefault(script, client.register_script(script.text))
        keys, rest = arguments[: script.keys], arguments[script.keys :]
        return self._answer(lambda: ready(keys=keys, args=rest))

    def ask(self, *command: bytes | str | int) -> Any:
        """Run one command; see `run`."""
        client, _ = self._client()
        return self._answer(
            lambda: client.execute_command(*command)  # type: ignore[no-untyped-call]
        )

    def unreached(self, what: str, why: str) -> StoreError:
        """Say that something cannot be kept, since the server does not answer."""
        return StoreError(
            f"{what} are kept at {self.address.shown}, which does not answer ({why}): nothing was "
            "sent. Start it, or correct its address; `gridwright store status` says what it finds"
        )

    def __repr__(self) -> str:
        return f"<server {self.address.shown}>"

    def _client(self) -> tuple[Valkey, dict[Script, Any]]:
        # By process: a forked child must not talk by its parent's connections.
        found = self._made.get(os.getpid())
        if found is None:
            found = self._made.setdefault(os.getpid(), (_connected(self.address), {}))
        return found

    def _answer(self, asked: Callable[[], Any]) -> Any:
        from valkey import exceptions as known

        # Kinds of these, such as a wrong password, do not pass by themselves.
        passing = (
            *(known.ConnectionError, known.TimeoutError, known.BusyLoadingError),
            *(known.ReadOnlyError, known.MasterDownError, known.TryAgainError),
        )
        try:
            return asked()
        except known.ValkeyError as error:
            if type(error) in passing:
                raise Unreachable(_reason(error)) from None
            raise self._refused(error) from None

    def _refused(self, error: Exception) -> StoreError:
        # The server's own words name commands and rights, never a password; keys are hashes.
        said = " ".join(str(error).split())[:120]
        return StoreError(
            f"{self.address.shown} refuses ({said}): nothing was sent. See docs/running.md for "
            "what it must allow"
        )


def server_at(url: str) -> SharedServer:
    """Return the server at an address: the same for all of a process.

    Raises:
        ConfigurationError: it is no address.
    """
    found = _SERVERS.get(url)
    if found is None:
        found = _SERVERS.setdefault(url, SharedServer(address_of(url)))
    return found


def _connected(address: Address) -> Valkey:
    try:
        from valkey import Valkey
        from valkey.backoff import NoBackoff
        from valkey.retry import Retry
    except ImportError:
        raise ConfigurationError(
            "a shared store needs the extra: pip install 'gridwright[valkey]'"
        ) from None
    try:
        return Valkey.from_url(
            address.url,
            socket_timeout=SECONDS,
            socket_connect_timeout=SECONDS,
            # Who asks knows whether asking twice does any harm.
            retry=Retry(NoBackoff(), 0),
            client_name="gridwright",
        )
    except (ValueError, TypeError):  # its text may repeat the address
        raise ConfigurationError(
            f"the address {address.shown} has an option that is not known; docs/running.md says "
            "how it is written"
        ) from None


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    said = getattr(cause, "strerror", None)
    if said:
        return str(said)
    if type(error).__name__ in _STARTING:
        return "it is starting, or is no primary now"
    return "no answer in time" if "imeout" in type(error).__name__ else "the connection was lost"


_STARTING = ("BusyLoadingError", "MasterDownError", "ReadOnlyError", "TryAgainError")
_SERVERS: dict[str, SharedServer] = {}

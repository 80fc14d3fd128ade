"""Choose the store in which a client keeps its logins."""

from pathlib import Path

from ..clock import Clock
from ..shared_server.address import address_in_environment
from .store import LoginStore, MemoryLoginStore

__all__ = ["StoreChoice"]


class StoreChoice:
    """Where logins are kept; it is chosen when it is first needed.

    Args:
        folder: for all processes of this user.
        store: in place of all others.
        shared: the address of a server, for all machines.
        clock: what time it is.
        is_invented: the service is one of this process.
    """

    def __init__(
        self,
        folder: str | Path | None,
        store: LoginStore | None,
        *,
        shared: str | None,
        clock: Clock,
        is_invented: bool,
    ) -> None:
        self._folder = folder
        self._shared = shared
        self._clock = clock
        self._chosen = {} if store is None else {"": store}
        self._is_invented = is_invented

    def store(self) -> LoginStore:
        """Return where logins are kept: always the same."""
        found = self._chosen.get("")
        # setdefault is atomic, so that all threads have the same.
        return found if found is not None else self._chosen.setdefault("", self._make_store())

    def _make_store(self) -> LoginStore:
        shared = self._shared
        if shared is None and self._folder is None and not self._is_invented:
            shared = address_in_environment() or None
        if shared is not None:
            from .valkey import ValkeyLoginStore  # most logins are kept on this machine

            return ValkeyLoginStore(shared, clock=self._clock)
        if self._folder is None and self._is_invented:
            # The logins of an invented server must not stay behind in the user's folder.
            return MemoryLoginStore()
        from .files import FileLoginStore  # needs a Unix

        return FileLoginStore(None if self._folder is None else Path(self._folder))

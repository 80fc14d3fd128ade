"""Where a client keeps its logins. Never logs in."""

from pathlib import Path

from .store import MemoryTicketStore, TicketStore

__all__ = ["Stores"]


class Stores:
    """Where logins are kept; the folder is chosen when it is first needed."""

    def __init__(
        self, folder: str | Path | None, store: TicketStore | None, *, is_invented: bool
    ) -> None:
        self._folder = folder
        self._chosen = {} if store is None else {"": store}
        self._is_invented = is_invented

    def chosen(self) -> TicketStore:
        """Return where logins are kept: always the same."""
        found = self._chosen.get("")
        # setdefault is atomic, so that all threads have the same.
        return found if found is not None else self._chosen.setdefault("", self._made())

    def _made(self) -> TicketStore:
        if self._folder is None and self._is_invented:
            # The logins of an invented server must not stay behind in the user's folder.
            return MemoryTicketStore()
        from .files import FileTicketStore  # needs a Unix

        return FileTicketStore(None if self._folder is None else Path(self._folder))

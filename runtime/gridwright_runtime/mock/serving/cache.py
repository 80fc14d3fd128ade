"""Keep encoded replies for as long as the world does not change. Bounded in bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["VersionedCache"]

ValueT = TypeVar("ValueT")


class VersionedCache(Generic[ValueT]):
    """The replies used last; all of them are forgotten when the version changes."""

    __slots__ = ("_entries", "_limit", "_lock", "_size", "_version")

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._entries: OrderedDict[Hashable, tuple[ValueT, int]] = OrderedDict()
        self._size = 0
        self._version: Hashable = None
        self._lock = Lock()

    def get(self, key: Hashable, version: Hashable) -> ValueT | None:
        """Return what was put under this key at this version."""
        with self._lock:
            if version != self._version:
                self._entries.clear()
                self._size = 0
                self._version = version
                return None
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, version: Hashable, value: ValueT, size: int) -> None:
        """Keep a value of so many bytes, and let go of what was not used for longest."""
        with self._lock:
            if version != self._version or size > self._limit or key in self._entries:
                return
            self._entries[key] = (value, size)
            self._size += size
            while self._size > self._limit:
                _, (_, freed) = self._entries.popitem(last=False)
                self._size -= freed

    def __len__(self) -> int:
        return len(self._entries)

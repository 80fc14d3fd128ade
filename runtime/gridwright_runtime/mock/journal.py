"""Record what a mock was asked and how it answered, without any secret or personal value."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import overload

from msgspec import Struct, field

__all__ = ["Journal", "JournalEntry"]


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One request."""

    time: datetime
    """When it was answered, by the mock's clock; aware, UTC."""
    operation: str | None
    """The Python name; None: no operation has this path, or not with this method."""
    method: str
    format: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Wire names and values; ``***`` for what is secret, personal or not as documented."""
    status: int = 200
    outcome: str = "answered"
    """``answered``, or the kind of refusal: ``wrong-key``, ``no-data``, ``not-found`` …"""
    code: str | None = None
    """The code of a refusal."""
    records: int = 0
    """How many records the reply had."""
    fault: str | None = None
    """The fault that was played."""


class Journal(Sequence[JournalEntry]):
    """The last requests, oldest first."""

    __slots__ = ("_entries",)

    def __init__(self, size: int = 1000) -> None:
        self._entries: deque[JournalEntry] = deque(maxlen=size)

    def write(self, entry: JournalEntry) -> None:
        """Add an entry; the oldest goes when the journal is full."""
        self._entries.append(entry)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def of(self, operation: str) -> list[JournalEntry]:
        """Return the entries of one operation."""
        return [entry for entry in tuple(self._entries) if entry.operation == operation]

    @overload
    def __getitem__(self, index: int) -> JournalEntry: ...
    @overload
    def __getitem__(self, index: slice) -> list[JournalEntry]: ...
    def __getitem__(self, index: int | slice) -> JournalEntry | list[JournalEntry]:
        return list(self._entries)[index] if isinstance(index, slice) else self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(tuple(self._entries))

    def __repr__(self) -> str:
        return f"Journal({len(self)} entries)"

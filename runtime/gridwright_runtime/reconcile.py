"""Find out which of the records sent are stored. Never sends, never changes anything."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Generic, TypeVar
from unicodedata import normalize

from msgspec import Struct

from .record import Record
from .times.durations import Duration
from .values.instant_keys import by_instant
from .values.lists import is_listed

__all__ = ["Found", "Reconciliation"]

SentT = TypeVar("SentT", bound=Record)
StoredT = TypeVar("StoredT", bound=Record)


class Found(Struct, Generic[SentT, StoredT], frozen=True):
    """One record that was sent, and the stored records that say the same."""

    sent: SentT
    stored: list[StoredT]

    @property
    def is_stored(self) -> bool:
        """Whether the provider has it; two stored records mean that it was sent twice."""
        return bool(self.stored)


class Reconciliation(Generic[SentT]):
    """Which of the records sent have been seen among the stored.

    A stored record is taken for a sent one where they agree in every field that both have, by
    Python name, and that is filled in both: texts but for outer blanks and the form of their
    letters, numbers and instants by value, records within them by the same rule. Fields that the
    provider adds, such as its own number, do not count.

    Args:
        sent: what was sent.
        by: the fields that the search is for; what was sent is alike in them is searched once.
        standing: what fields of a stored record must say, if anything, for it to count: a
            cancelled record must not be taken for the one that was sent after it.
    """

    def __init__(
        self,
        sent: Sequence[SentT],
        by: tuple[str, ...],
        standing: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._by = by
        self._standing = standing
        self._found: list[Found[SentT, Any]] = [Found(record, []) for record in sent]
        self._groups: dict[tuple[object, ...], list[Found[SentT, Any]]] = {}
        for found in self._found:
            self._groups.setdefault(self._group(found.sent), []).append(found)
        self._with_gaps = [group for group in self._groups if None in group]

    def examples(self) -> Iterator[SentT]:
        """Yield one record to search for out of each group that is alike."""
        for group in self._groups.values():
            yield group[0].sent

    def see(self, stored: Record, example: SentT) -> None:
        """Look at a record that the search for an example found.

        What it does not say of what was searched for, it has of the example.
        """
        if not self._is_match(stored):
            return
        group = tuple(
            asked if said is None else said
            for said, asked in zip(self._group(stored), self._group(example), strict=True)
        )
        for known in (group, *self._groups_like(group)):
            for found in self._groups.get(known, ()):
                if _agree(found.sent, stored) and stored not in found.stored:
                    found.stored.append(stored)

    def found(self) -> list[Found[SentT, Any]]:
        """Return what was found, in the order in which the records were sent."""
        return self._found

    def _group(self, record: Record) -> tuple[object, ...]:
        return tuple(_plain(getattr(record, name, None)) for name in self._by)

    def _groups_like(self, group: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
        """Yield the groups that leave out something of a group: the provider may have filled it."""
        for known in self._with_gaps:
            pairs = zip(known, group, strict=True)
            if known != group and all(one is None or one == other for one, other in pairs):
                yield known

    def _is_match(self, stored: Record) -> bool:
        said = ((_plain(getattr(stored, name)), values) for name, values in self._standing.items())
        return all(value is None or value in values for value, values in said)


def _agree(sent: Record, stored: Record) -> bool:
    names = set(stored.__struct_fields__)
    return all(
        _is_alike(getattr(sent, name), getattr(stored, name))
        for name in sent.__struct_fields__
        if name in names
    )


def _is_alike(sent: object, stored: object) -> bool:
    ours, theirs = _plain(sent), _plain(stored)
    if ours is None or theirs is None:
        return True
    if isinstance(ours, Record) and isinstance(theirs, Record):
        return _agree(ours, theirs)
    if isinstance(theirs, list | tuple):
        if isinstance(ours, Iterator):
            return True  # it has been sent, and says nothing any more
        if not isinstance(ours, Iterable) or not is_listed(ours):
            return False
        items = list(ours)  # such as a set
        return len(items) == len(theirs) and all(map(_is_alike, items, theirs))
    return ours == theirs


def _plain(value: object) -> object:
    if isinstance(value, str):
        return normalize("NFC", value).strip() or None
    match value:
        case datetime():
            # To Python, a time in an hour that comes twice equals no time of another zone.
            return by_instant(value)
        case timedelta():
            return Duration(elapsed=value)
        case time():
            return f"{value:%H%M}"  # as it is stored, which may be 2400, too
        case _:
            return value

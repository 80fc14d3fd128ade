"""The personal values of what is sent, so that no text repeats them. Never masks a text."""

from collections.abc import Iterator, Mapping

from ..record import Record

__all__ = ["personal_texts"]


def personal_texts(value: object) -> Iterator[str]:
    """Yield the personal values of a record and those within it, as they may be quoted."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from personal_texts(item)
    elif isinstance(value, Record):
        for name in value.__struct_fields__:
            found = getattr(value, name)
            if found is None:
                continue
            # Nobody knows which of the undocumented items are personal.
            if name in value.__personal__ or (value.__open__ and name == "items"):
                yield from _texts(found)
            else:
                yield from personal_texts(found)


def _texts(value: object) -> Iterator[str]:
    """Yield every text and number in a value."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Record):
        yield from _texts([getattr(value, name) for name in value.__struct_fields__])
    elif isinstance(value, str | int) and len(str(value)) >= _SHORTEST_PERSONAL:
        yield str(value)


# Shorter ones tell nobody apart, and masking them would make messages unreadable.
_SHORTEST_PERSONAL = 4

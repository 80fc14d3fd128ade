"""Turn the spec's hints for harvests into a plan: the key's columns, each subject's first day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ..record import Record
from ..texts.zones import load_zone
from ..times.lengths import subtracted
from .plan import length_of

__all__ = ["first_day", "first_days", "key_columns"]


def key_columns(model: type[Record], subject: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that tell the rows of a table apart.

    Args:
        model: of the records of a reply.
        subject: the argument that tells subjects apart, which is a column, too; empty: none.
        names: fields of the records.

    Raises:
        ValueError: a table of these records has no such column.
    """
    from ..tables import kind_of
    from ..tables.flatten import layout_of
    from ..tables.reading_sources import sources_of

    columns: dict[str, str] = {}
    is_readings = kind_of(model) == "readings"
    if is_readings:
        for source in sources_of(model, "readings"):
            for context in source.contexts:
                columns.setdefault(context.field, context.name)
    else:
        for column in layout_of([model]).columns:
            columns.setdefault(column.path[-1], column.name)
    if unknown := [name for name in names if name not in columns]:
        raise ValueError(f"a table of {model.__name__} has no column for {', '.join(unknown)}")
    found = [*([subject] if subject else []), *(columns[name] for name in names)]
    if is_readings:
        found += ["interval_start", "quantity"]
    return tuple(dict.fromkeys(found))


def first_day(history: str, today: date) -> date:
    """Return the first day of which there is something, by a length such as ``P3Y``."""
    return subtracted(today, length_of(history))


def first_days(records: Iterable[Any], named: str, field: str, zone: str) -> Mapping[str, date]:
    """Return the first day of each subject, as far as its record says one.

    Args:
        records: that name subjects.
        named: the field that does.
        field: the field with the first day; empty: there is none.
        zone: the zone of the service.
    """
    found: dict[str, date] = {}
    for record in records:
        name, day = getattr(record, named, None), getattr(record, field, None) if field else None
        if isinstance(day, datetime):
            day = day.astimezone(load_zone(zone)).date()
        if name is None or not isinstance(day, date):
            continue
        # A subject that is listed more than once begins with the first of its days.
        found[str(name)] = min(day, found.get(str(name), day))
    return found

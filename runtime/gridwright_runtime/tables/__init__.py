"""Replies as Arrow tables; needs pyarrow, of the extra ``tables``."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ..record import Record
from ..reply import Reply
from ..result import Result
from ..series import LabelMarks, Repeated

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Of", "kind_of", "table", "wide"]

Of = Literal["readings", "registers", "records"]


def table(
    found: Any,
    *,
    of: Of | None = None,
    model: type[Record] | None = None,
    label_marks: LabelMarks | None = None,
    repeated: Repeated | None = None,
) -> "pa.Table":
    """Return an Arrow table of what calls brought.

    Args:
        found: a reply, a result, a record, an iterator of records such as a walk, or any number of
            these.
        of: intervals, states of registers, or the records themselves; by default intervals where
            the records tell such readings, else the records.
        model: of the records, where there may be none of them.
        label_marks: which end of its interval a label names, where the document leaves it open.
        repeated: which of two intervals is meant, where the clocks go back.

    Raises:
        ValueError: there is nothing to make a table of, or something must be decided.
        GridwrightError: a walk failed, or a record does not say its day.
    """
    from .readings_table import readings_table
    from .records_table import records_table

    records = list(_dated(found, None))
    models = list(dict.fromkeys([*([model] if model else []), *(type(one) for one, _ in records)]))
    if not models:
        raise ValueError("there are no records; give their model, and the table has its columns")
    wanted = kind_of(models[0]) if of is None else of
    if wanted == "records":
        return records_table(records, models)
    return readings_table(records, models[0], wanted, label_marks=label_marks, repeated=repeated)


def kind_of(model: type[Record]) -> Of:
    """Return what a table of a model's records is of, unless it is said."""
    from .reading_sources import sources_of

    return "readings" if sources_of(model, "readings") else "records"


def wide(readings: "pa.Table") -> "pa.Table":
    """Return a table of readings with a row a day and a column for each interval."""
    from .wide_view import wide as made

    return made(readings)


def _dated(found: Any, came: datetime | None) -> Iterator[tuple[Record, datetime | None]]:
    if isinstance(found, Record):
        yield found, came
    elif isinstance(found, Reply):
        for record in found.records:
            yield record, found.raw.received_at
    elif isinstance(found, Result):
        if isinstance(found.body, Record):
            yield found.body, found.raw.received_at
    elif isinstance(found, Iterable):
        for one in found:
            yield from _dated(one, came)
    else:
        raise ValueError(f"a {type(found).__name__} is no reply, result or record")

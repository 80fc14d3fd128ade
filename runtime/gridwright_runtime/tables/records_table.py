"""Records as an Arrow table: bills, meters, and whatever tells no readings."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from ..record import Record
from .arrow import array_of, instants, micros
from .column_metadata import field_metadata, table_metadata
from .flatten import layout_of, rows_of
from .readings_table import Dated

__all__ = ["records_table"]


def records_table(records: Iterable[Dated], models: Sequence[type[Record]]) -> pa.Table:
    """Return a row for each record, or for each item where a record holds one list of records.

    Records inside of records are spread out, with dots in the names of their columns; further lists
    of records are JSON.

    Args:
        records: with when they had come.
        models: of the records, of which the first is the declared one.

    Raises:
        ValueError: a value is larger than its column can hold.
    """
    layout = layout_of(models)
    rows: list[tuple[Any, ...]] = []
    fetched: list[int | None] = []
    for record, came in records:
        found = list(rows_of([record], layout))
        rows += found
        fetched += [None if came is None else micros(came)] * len(found)
    columns: list[Sequence[Any]] = (
        list(zip(*rows, strict=True)) if rows else [()] * len(layout.columns)
    )
    fields, arrays = [], []
    for column, values in zip(layout.columns, columns, strict=True):
        array = array_of(values, column.kind)
        about = field_metadata(column.model, column.path[-1])
        name = "record_fetched_at" if column.name == "fetched_at" else column.name
        fields.append(pa.field(name, array.type, metadata=about or None))
        arrays.append(array)
    arrays.append(instants(fetched, "UTC"))
    fields.append(pa.field("fetched_at", arrays[-1].type))
    schema = pa.schema(fields, metadata=table_metadata(models[0], "records"))
    return pa.table(arrays, schema=schema)

"""The columns that a table of readings has of its own, beside those of the records."""

from collections.abc import Mapping
from typing import Literal

__all__ = ["OWN_COLUMNS"]

OWN_COLUMNS: Mapping[str, Literal["reading", "day"]] = {
    "interval_start": "reading",
    "interval_end": "reading",
    "read_at": "day",
    "quantity": "day",
    "value": "reading",
    "unit": "day",
    "quality": "reading",
    "service_date": "day",
    "source_label": "reading",
    "fetched_at": "day",
}
"""Each with what it differs by: a wide view, a row a day, leaves out what differs by reading. A
field of a record that has one of these names is a column `record_…`."""

"""Gridwright's side of the index rows: a reply from bytes to a result, as the client reads it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from gridwright_apis.epias_ecms.models import IndexQueryResult, IndexSearchResponseBody
from gridwright_apis.epias_ecms.operations import SEARCH_INDEXES
from gridwright_runtime.decodings.reader import Circumstances, read_reply
from gridwright_runtime.interface import Format
from gridwright_runtime.message import RawReply
from gridwright_runtime.result import Result

__all__ = ["raw_reply", "read", "records_of", "wire_values"]

_ABOUT = Circumstances(identity="00000000-0000-4000-8000-000000000000")


def raw_reply(body: bytes, format: Format) -> RawReply:
    """Wrap a body as the driver does."""
    headers = (("content-type", f"application/{format}"),)
    return RawReply(status_code=200, headers=headers, body=body)


def read(raw: RawReply, format: Format) -> Result[IndexSearchResponseBody]:
    """Read a reply: decode it, and look for refusals."""
    result = read_reply(SEARCH_INDEXES, raw, format=format, circumstances=_ABOUT)
    assert isinstance(result, Result), result
    return result


def records_of(result: Result[IndexSearchResponseBody]) -> list[IndexQueryResult]:
    """Return the records that a reply holds."""
    return (result.body and result.body.indexes) or []


def wire_values(records: Sequence[IndexQueryResult]) -> list[dict[str, Any]]:
    """Return the values of each record by wire name, None left out."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(IndexQueryResult)}
    return [
        {wire: value for name, wire in names.items() if (value := getattr(item, name)) is not None}
        for item in records
    ]

"""Replies of one generated operation, a day of quarter hours, written by hand."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gridwright_apis.kepco_opm.models import DayLoadProfile
from gridwright_apis.kepco_opm.operations import GET_DAY_LOAD_PROFILE
from gridwright_runtime.decodings.reader import Refused, read_reply
from gridwright_runtime.interface import Format
from gridwright_runtime.message import RawReply
from gridwright_runtime.reply import Reply

__all__ = ["CUSTOMER", "NOW", "day_record", "json_body", "only", "read", "xml_body"]

CUSTOMER = "0123456789"
NOW = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)
QUARTER_HOURS = [f"{minute // 60:02d}{minute % 60:02d}" for minute in range(15, 1441, 15)]
HOURS = [f"{hour:02d}00" for hour in range(1, 25)]
LIST = GET_DAY_LOAD_PROFILE.reply.payload[0]


def day_record(**changes: object) -> dict[str, object]:
    """Return a day as the document says; a change to ``...`` takes the field away."""
    record: dict[str, object] = {
        "custNo": CUSTOMER,
        "meterNo": "00012345678901234567",
        "mr_ymd": "20241001",
        "multi_meter_yn": "N",
        **{f"pwr_qty{label}": 31.5 for label in QUARTER_HOURS},
        **{f"vld_pwr{label}": 7 for label in HOURS},
        **changes,
    }
    return {name: value for name, value in record.items() if value is not ...}


def json_body(records: object, **beside: object) -> bytes:
    return json.dumps({LIST: records, **beside}, ensure_ascii=False).encode()


def xml_body(records: Sequence[Mapping[str, object]]) -> bytes:
    reply = GET_DAY_LOAD_PROFILE.reply
    items = "".join(f"<{reply.item}>{_elements(record)}</{reply.item}>" for record in records)
    header = "<cmmMsgHeader><returnCode>00</returnCode><successYn>Y</successYn></cmmMsgHeader>"
    return f"<{reply.root}>{header}<{LIST}>{items}</{LIST}></{reply.root}>".encode()


def _elements(values: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


def read(body: bytes, format: Format = "json") -> Reply[DayLoadProfile]:
    raw = RawReply(status_code=200, headers=(), body=body, received_at=NOW)
    found: Any = read_reply(GET_DAY_LOAD_PROFILE, raw, format=format)
    assert not isinstance(found, Refused), found.error
    assert isinstance(found, Reply)
    return found


def only(body: bytes) -> DayLoadProfile:
    [record] = read(body).records
    return record

"""KEPCO Open P-Meter: facts that a second reading of the document set right."""

import json
import re

import pytest
from campaign.corpus import samples
from msgspec import structs

from gridwright_apis.kepco_opm.models import CustomerInfo
from gridwright_runtime.decodings.reader import read_reply
from gridwright_runtime.interface import Format
from gridwright_runtime.reply import Reply

from .support import amendment

SYSTEM = "kepco_opm"


def test_the_examples_in_json_are_said_to_have_the_decimals_of_the_table() -> None:
    finding = amendment(SYSTEM, "example-xml-and-json-values-differ")["finding"]
    assert "those in JSON have the four decimals of the table" in finding


@pytest.mark.parametrize("format", ["json", "xml"])
def test_the_printed_code_null_is_a_missing_value_as_a_word_too(format: Format) -> None:
    [sample, *_] = [
        one
        for one in samples((SYSTEM,))
        if one.operation.name == "get_customer_info" and one.format == format
    ]
    body = sample.raw.body
    assert b"pchild_clcd" in body
    if format == "json":
        tree = json.loads(body)
        tree["custInfoDataInfoList"][0]["pchild_clcd"] = "null"
        body = json.dumps(tree).encode()
    else:
        body = re.sub(
            rb"<pchild_clcd(?:/>|>[^<]*</pchild_clcd>)", b"<pchild_clcd>null</pchild_clcd>", body
        )
    assert b"null" in body
    reply = read_reply(sample.operation, structs.replace(sample.raw, body=body), format=format)
    assert isinstance(reply, Reply)
    [record] = reply.records
    assert isinstance(record, CustomerInfo)
    assert record.sub_meter_kind is None
    assert not reply.deviations

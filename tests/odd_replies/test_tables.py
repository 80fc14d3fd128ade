"""Tables with more than they name, and refusals in the place of a table."""

import io
import zipfile
from types import ModuleType
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import NoDataError, UnexpectedReplyError

REFUSAL = b"<report><error><code>1000</code><text>nothing</text></error></report>"


def zipped(body: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("member", body)
    return packed.getvalue()


def table(package: ModuleType, body: bytes, media: str = "text/csv") -> Any:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=body, headers={"Content-Type": media})

    with package.Client(transport=httpx2.MockTransport(answer)) as client:
        return client.list_table()


@pytest.mark.parametrize("body", [REFUSAL, zipped(REFUSAL)])
@pytest.mark.parametrize("media", ["application/xml", "text/csv", "application/octet-stream"])
def test_a_refusal_in_xml_in_the_place_of_rows_is_judged(
    package: ModuleType, body: bytes, media: str
) -> None:
    with pytest.raises(NoDataError, match=r"1000.*nothing"):
        table(package, body, media)


def test_xml_in_the_place_of_rows_that_is_no_refusal_is_no_table(package: ModuleType) -> None:
    with pytest.raises(UnexpectedReplyError):
        table(package, b"<report><other>1</other></report>")


def test_a_value_in_a_column_without_a_name_is_told(package: ModuleType) -> None:
    found = table(package, zipped(b"id,kWh,\nR1,1.5,\nR2,2.5,9\n"))
    assert [record.reading_id for record in found.records] == ["R1", "R2"]
    assert [(one.path, one.rule) for one in found.deviations] == [("records[1]", "other-cells")]
    assert table(package, zipped(b"id,kWh,\nR1,1.5,\n")).deviations == ()

"""A table among lines of other kinds is read alone, and no line goes that nothing names."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE, codes_of, tree_of

from gridwright_runtime.errors import UnexpectedReplyError
from gridwright_runtime.mock.transport import MockTransport

SPEC = BASE.replace("[json]", "[csv]").replace("element: readings", 'element: "."')
FORM = '{heading: "I,A,", rows: "D,A,", ignore: ["C,", "I,", "D,"], end: "C,END", at: 5}'
REPORT = b"""C,report
I,B,1,energy,other
D,B,1,7,8
I,A,5,energy
D,A,5,1
D,"A",5,"2.5"
I,A,5,energy
D,A,5,3
C,END,9
"""


def spec(form: str, packed: str = "") -> str:
    more = f"      packed: {packed}\n" if packed else ""
    return SPEC.replace("    reply:\n", f"    reply:\n{more}      csv: {form}\n")


def read(package: str, text: str, body: bytes, **options: Any) -> Any:
    [client] = load_package(text.encode(), package, "client")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body))
    with client.Client(transport=transport) as opened:
        return opened.list_readings(meter_number="1", **options)


def energies(reply: Any) -> list[str]:
    return [str(record.energy_kwh) for record in reply.records]


def test_one_table_of_a_report_is_read_without_deviations() -> None:
    reply = read("among_lines.one", spec(FORM), REPORT, strict=True)
    assert energies(reply) == ["1", "2.5", "3"]


def test_rows_that_are_read_one_by_one_are_the_same() -> None:
    # An empty cell more than there are columns is read only by the slower of two ways.
    body = REPORT.replace(b"D,A,5,3", b"D,A,5,3,")
    reply = read("among_lines.one", spec(FORM), body, strict=False)
    assert energies(reply) == ["1", "2.5", "3"]


def test_each_member_of_an_archive_has_such_lines() -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as members:
        members.writestr("a.csv", REPORT)
        members.writestr("b.csv", REPORT)
    text = spec(FORM, "zip_of_many")
    reply = read("among_lines.many", text, archive.getvalue(), strict=True)
    assert energies(reply) == ["1", "2.5", "3"] * 2


@pytest.mark.parametrize("packed", ["", "zip", "zip_of_many", "gzip"])
@pytest.mark.parametrize(
    "form",
    [
        FORM,
        '{heading: no, rows: "SSB,", ignore: ["HDR,"], end: "FTR,", at: 5}',
        '{rows: "D,", missing: [n/a], at: 5}',
        '{separator: ";", ignore: ["==="], at: 5}',
    ],
    ids=["report", "unnamed", "marked", "ignored"],
)
def test_a_mock_writes_what_clients_read(
    form: str, packed: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id.replace("-", "_") or "plain"
    client, mock = load_package(
        spec(form, packed).encode(), f"among_lines.mocked_{name}", "client", "mock"
    )
    with client.Client(transport=MockTransport(mock.application())) as opened:
        reply = opened.list_readings(meter_number="1", strict=True)
    assert reply.records
    if not packed and "ignore" in form:
        first = form.split('ignore: ["')[1].split('"')[0]
        lines = reply.raw.body.decode().splitlines()
        assert lines[0] == f"{first}mock line"
        last = form.split('end: "')[1].split('"')[0] if "end" in form else f"{first}mock line"
        assert lines[-1] == last


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"C,report", b"X,report", "row 1"),
        (b"D,A,5,3", b"E,A,5,3", "row 8"),
        (b"D,A,5,3", b"I,A,6,other,energy", "other columns"),
        (b"C,report", b"D,A,5,0", "rows before"),
        (b"D,A,5,3", b'D,A,5,"3', "cut off"),
        (b"C,END,9\n", b"", "cut off"),
        (b"C,END,9\n", b"C,END,9\nD,A,5,4\n", "cut off"),
    ],
)
def test_a_line_that_nothing_names_is_an_error(old: bytes, new: bytes, says: str) -> None:
    with pytest.raises(UnexpectedReplyError, match=says):
        read("among_lines.one", spec(FORM), REPORT.replace(old, new, 1))


def test_a_line_that_is_not_ignored_is_an_error() -> None:
    form = '{ignore: ["==="], at: 5}'
    body = b"=== of today\nenergy\n1\n=== 1 row\n"
    assert energies(read("among_lines.last", spec(form), body, strict=True)) == ["1"]
    with pytest.raises(UnexpectedReplyError, match="cannot be read"):
        read("among_lines.last", spec(form), body.replace(b"=== 1", b"--- 1"))


@pytest.mark.parametrize(
    "form",
    [
        '{heading: "I,A,", at: 5}',
        '{heading: "I,A,", rows: "D,", at: 5}',
        '{rows: "D,\\"A\\"", at: 5}',
        '{ignore: [""], at: 5}',
        '{ignore: ["계기"], encoding: iso-8859-1, at: 5}',
        "{ignore: [ene], at: 5}",
        "{end: energy, at: 5}",
    ],
)
def test_what_no_line_begins_with_is_malformed(form: str) -> None:
    assert codes_of(tree_of(spec(form))) == ["malformed-value"]

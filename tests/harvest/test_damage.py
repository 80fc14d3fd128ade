"""Bytes that change on the disk after a part file was written: found, whichever they are."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.part_files import (
    LostPartsError,
    find_changed,
    find_damaged,
    find_parts,
    kind_of_part,
    metadata_of_part,
    write_parts,
)
from gridwright_runtime.harvest.report import changes, compact, export, gaps, newest

from .world import CUSTOMERS, harvested

ONE = CUSTOMERS[:1]


@pytest.fixture
def table() -> pa.Table:
    schema = pa.schema({"customer_number": pa.string(), "value": pa.decimal128(38, 9)})
    values = [None, *(pa.scalar(number, pa.decimal128(38, 9)) for number in range(20))]
    rows = {"customer_number": ["0100000001"] * 21, "value": values}
    return pa.table(rows, schema=schema.with_metadata({"gridwright": "{}"}))


def flip(path: Path, place: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1 << place % 8
    path.write_bytes(whole)


def test_whichever_byte_of_a_part_changes_it_is_found(tmp_path: Path, table: pa.Table) -> None:
    ((name, rows),) = write_parts(tmp_path, "2024-03", {"readings": table}).items()
    path = tmp_path / name
    size = path.stat().st_size
    for place in range(size):
        flip(path, place)
        assert find_changed(tmp_path, [name]) == find_damaged(tmp_path, {name: rows}) == [name]
        flip(path, place)
    assert find_changed(tmp_path, [name]) == find_damaged(tmp_path, {name: rows}) == []
    path.write_bytes(path.read_bytes() + b"\0")
    assert find_damaged(tmp_path, {name: rows}) == [name]


def test_the_name_of_a_part_tells_nothing_of_its_rows(tmp_path: Path, table: pa.Table) -> None:
    """Who guesses a customer's number cannot see in the name that he is right."""
    names = [*write_parts(tmp_path, "2024-03", {"readings": table})]
    names += write_parts(tmp_path, "2024-03", {"readings": table})
    assert names[0] != names[1]
    read = [pq.read_table(tmp_path / name) for name in names]
    assert read[0].equals(table) and read[1].equals(table)
    assert metadata_of_part(tmp_path, names[0]) == {b"gridwright": b"{}"}


def test_no_report_reads_a_lake_in_which_a_byte_changed(tmp_path: Path) -> None:
    harvested(tmp_path, customers=ONE)
    before = newest(tmp_path)
    assert b"gridwright.salt" not in (before.schema.metadata or {})
    name = sorted(find_parts(tmp_path))[0]
    size = (tmp_path / name).stat().st_size
    for place in range(0, size, size // 10):
        flip(tmp_path / name, place)
        for read in (newest, changes, gaps, compact):
            with pytest.raises(LostPartsError, match="1 part file is lost or damaged, such as"):
                read(tmp_path)
        with pytest.raises(LostPartsError):
            export(tmp_path, tmp_path / "all.csv")
        flip(tmp_path / name, place)
    assert newest(tmp_path).equals(before)


def test_a_lake_whose_parts_have_no_digest_goes_on(lake: Path) -> None:
    """Earlier releases named parts by a random number."""
    harvested(lake, customers=ONE)
    before = newest(lake)
    with Ledger(lake) as ledger:
        for number, name in enumerate(sorted(find_parts(lake))):
            former = f"parts/2024-03/{kind_of_part(name)}-{number:024x}.parquet"
            (lake / name).rename(lake / former)
            ledger._database.execute("update parts set name = ? where name = ?", (former, name))
        assert find_damaged(lake, ledger.parts()) == []
    assert newest(lake).equals(before)
    former = next(one for one in find_parts(lake) if kind_of_part(one) == "readings")
    path = lake / former
    whole = path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(whole[:200] + bytes(half - 200) + whole[half:])
    for read in (newest, changes, gaps, compact):
        with pytest.raises(LostPartsError, match=f"such as {former}"):
            read(lake)
    path.write_bytes(whole)
    compact(lake)
    for name in find_parts(lake):
        flip(lake / name, 0)
        assert find_changed(lake, [name]) == [name]
        flip(lake / name, 0)
    assert newest(lake).equals(before)
    assert harvested(lake, customers=ONE, until=date(2024, 3, 21)).exit_status == 0


def test_what_was_refused_is_not_among_the_days_that_a_file_holds(lake: Path) -> None:
    harvested(lake)
    compact(lake)
    with Ledger(lake) as ledger:
        refused = {row[:3] for row in ledger.incomplete() if row[3] == "refused"}
        read = {row[1:4] for row in ledger.complete()}
        for name in ledger.parts():
            assert set(ledger.windows_of(name, "2024-03")) == read
    assert refused and not refused & read

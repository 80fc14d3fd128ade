"""Bulk work: a call from a shell, replies to Arrow and Parquet, chunks of a harvest.

The bare side of a call is a script of httpx2 that asks the same served mock and prints the same
numbers; processor time of the whole process counts.
"""

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench import bodies, ours
from bench.children import Spent, run_python
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size
from bench.timing import ratio, take_turns
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.run import harvest
from gridwright_runtime.mock.serve import running

__all__ = ["rows"]

_KEY = {"KEPCO_OPM_SERVICE_KEY": "demo-service-key"}
_BARE = """
import os, sys, httpx2
with httpx2.Client() as client:
    reply = client.get(
        sys.argv[1] + "/OpenAPI/getCustNoList.do",
        params={"serviceKey": os.environ["KEPCO_OPM_SERVICE_KEY"], "returnType": "02"},
        headers={"Accept": "application/json"},
    )
    reply.raise_for_status()
    for record in reply.json()["custNoInfoList"]:
        print(record["custNo"])
"""


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [_call(size), *_tables(size), _chunk(size), *_ledger(size)]


def _call(size: Size) -> Row:
    """Measure a call of a small operation, from start to output."""
    bare: list[Spent] = []
    called: list[Spent] = []
    compared = 0
    with running(mock.application()) as address:
        for number in range(size.child_rounds + 1):
            one = run_python("-c", _BARE, address, environment=_KEY)
            other = run_python(
                "-m", "gridwright", "call", "kepco_opm", "list_customers", "--base-url", address,
                "--output", "csv", environment=_KEY,
            )  # fmt: skip
            if number == 0:
                continue  # it may have to compile
            bare.append(one)
            called.append(other)
            numbers = "".join(f"{line.split(',')[1]}\n" for line in other.output.splitlines()[1:])
            compared += require_equal(numbers, one.output, "customers")
    return Row(
        name="bulk-call",
        what="gridwright call, start to output, against a bare script with httpx2",
        unit="x time",
        estimate=ratio(
            tuple(one.cpu_seconds for one in called), tuple(one.cpu_seconds for one in bare)
        ),
        target=Target("at most", 2.0),
        compared=compared,
        details={
            "call_ms": min(one.cpu_seconds for one in called) * 1000,
            "bare_ms": min(one.cpu_seconds for one in bare) * 1000,
        },
    )


def _tables(size: Size) -> list[Row]:
    body = bodies.json_body(bodies.days(size.customers // 2))
    raw = ours.raw_reply(body, "json")
    ready = ours.read(raw, "json").table()
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "days.parquet"

    def write(table: pa.Table) -> int:
        pq.write_table(table, path, compression="zstd")
        return int(table.num_rows)

    compared = require_equal(
        ours.read(raw, "json").table().column("value").to_pylist(),
        _by_objects(ours.read(raw, "json").records).column("value").to_pylist(),
        "values of a table and of readings",
    )
    turns = take_turns(
        {
            "arrow": lambda: ours.read(raw, "json").table(),
            "objects": lambda: _by_objects(ours.read(raw, "json").records),
            "parquet": lambda: write(ours.read(raw, "json").table()),
            "alone": lambda: (ours.read(raw, "json"), write(ready)),
        },
        size.rounds,
    )
    folder.cleanup()
    details = turns.milliseconds() | {"rows": ready.num_rows}
    return [
        Row(
            name="bulk-arrow",
            what="JSON reply of KEPCO days to an Arrow table, against objects and then a table",
            unit="x speed",
            estimate=turns.ratio("objects", "arrow"),
            target=Target("at least", 1.6),
            compared=compared,
            details=details,
        ),
        Row(
            name="bulk-parquet",
            what="JSON reply of KEPCO days to Parquet, against decoding and writing alone",
            unit="x time",
            estimate=turns.ratio("parquet", "alone"),
            target=Target("at most", 1.3),
            compared=compared,
            details=details,
        ),
    ]


def _by_objects(records: list[Any]) -> pa.Table:
    """Make the same columns of reading objects."""
    told = [(record, reading) for record in records for reading in record.readings()]
    return pa.table(
        {
            "interval_start": pa.array([one.interval_start for _, one in told]),
            "interval_end": pa.array([one.interval_end for _, one in told]),
            "customer_number": [record.customer_number for record, _ in told],
            "meter_number": [record.meter_number for record, _ in told],
            "value": pa.array([one.energy_kwh for _, one in told], pa.decimal128(38, 9)),
            "unit": [one.unit for _, one in told],
        }
    )


def _chunk(size: Size) -> Row:
    """Measure what a harvest does for a chunk, beside the call and its Parquet files."""
    raw = ours.raw_reply(bodies.json_body(bodies.days(1)), "json")
    reply = ours.read(raw, "json")
    whose = reply.records[0].customer_number or ""
    count = size.calls
    first = date(2020, 1, 1)
    plan = Plan(
        system="kepco_opm", operation="get_day_load_profile", subject="customer_number",
        window=Window(first="date"), since=first, zone="Asia/Seoul",
        key=("customer_number", "meter_number", "interval_start", "quantity"),
    )  # fmt: skip
    taken: list[float] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            started = time.process_time()
            for number in range(count):
                for of in ("readings", "registers"):
                    table = reply.table(of=of)
                    pq.write_table(table, Path(folder) / f"{of}{number}", compression="zstd")
            alone = time.process_time() - started
            started = time.process_time()
            kinds = {"customer_number": str, "date": date}
            outcome = harvest(
                Path(folder) / "lake", plan, lambda **_: reply, kinds,
                [whose], until=first + timedelta(days=count), now=lambda: datetime.now(UTC),
            )  # fmt: skip
            taken.append((time.process_time() - started - alone) / count * 1000)
            if outcome.counts != {"done": count}:
                raise RuntimeError("the harvest did not read all")
    return Row(
        name="bulk-chunk",
        what="harvest, a chunk beside its call and two Parquet files: ledger and checks, processor",
        unit="ms",
        estimate=Estimate(best=min(taken), median=median(taken)),
        target=Target("at most", 2.0),
        compared=count,
        details={"chunks": count},
    )


def _ledger(size: Size) -> list[Row]:
    """Measure claims and counts in a large ledger, against those in a small one."""
    few, many = size.rows // 10, size.rows * 10
    small, large = _claims(few), _claims(many)
    return [
        Row(
            name=f"bulk-{what}",
            what=f"ledger of {many:,} chunks: {said}, {large[what]:.0f} µs, "
            f"against one of {few:,}, {small[what]:.0f} µs",
            unit="x time",
            estimate=Estimate(best=large[what] / small[what], median=large[what] / small[what]),
            target=Target("at most", 2.0),
            compared=size.rows,
            details={"large_us": large[what], "small_us": small[what]},
        )
        for what, said in (("claim", "a claim"), ("status", "all that status says"))
    ]


def _claims(chunks: int) -> Mapping[str, float]:
    """Return microseconds of a claim and of a status, the best of many."""
    since, until = date(2020, 1, 1), date(2020, 1, 2)
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
        ledger.add((f"{number:032}", "***", since, until) for number in range(chunks))
        ledger.work()
        claims, counts = [], []
        for _ in range(100):
            started = time.perf_counter()
            ledger.claim()
            claims.append(time.perf_counter() - started)
            started = time.perf_counter()
            ledger.counts(), ledger.stored(), ledger.told(), ledger.fact("run")
            counts.append(time.perf_counter() - started)
        return {"claim": min(claims) * 1e6, "status": min(counts) * 1e6}

"""A year of quarter hours by position: from the document to readings, and from records to readings.

The document is one of the European transparency platform, as ``examples/specs/entsoe_tp`` has it.
entsoe-py reads it in the rivals' environment; see `rivals`.
"""

import importlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.children import run_python
from bench.equal import require_equal, require_equal_rows
from bench.rivals import RivalMissing, rival_interpreter
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import in_order, ratio, take_turns
from gridwright.pipeline import generate
from gridwright_runtime.decodings.reader import read_reply
from gridwright_runtime.message import RawReply

__all__ = ["document", "generated", "rows"]

_SPECS = Path(__file__).resolve().parents[1] / "examples" / "specs"
_PACKAGE = "bench_positions"
_START = datetime(2025, 1, 1, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:0"
_CURVES = {"every position": "A01", "positions that repeat are left out": "A03"}


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generated(folder)
        return [*_rivals(folder, size), *_bare(folder, size)]


def generated(folder: Path) -> None:
    """Generate the client of the platform."""
    result = generate(_SPECS, "entsoe_tp", (), _PACKAGE)
    assert not result.problems, result.problems
    for artifact in result.artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")


def document(days: int, curve: str) -> bytes:
    """Write the load of some days; of curve A03, one position in three repeats the one before."""
    end = _START + timedelta(days=days)
    points = "".join(
        f"<Point><position>{number + 1}</position><quantity>{20000 + number % 977}</quantity>"
        "</Point>"
        for number in range(days * 96)
        if curve == "A01" or number % 3 != 1
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><GL_MarketDocument xmlns="{_NAMESPACE}">'
        "<mRID>1</mRID><TimeSeries><mRID>1</mRID>"
        f"<businessType>A04</businessType><curveType>{curve}</curveType>"
        f"<Period><timeInterval><start>{_START:%Y-%m-%dT%H:%MZ}</start>"
        f"<end>{end:%Y-%m-%dT%H:%MZ}</end></timeInterval><resolution>PT15M</resolution>"
        f"{points}</Period></TimeSeries></GL_MarketDocument>"
    ).encode()


def _rivals(folder: Path, size: Size) -> list[Row]:
    if not size.rival_rounds:
        return []
    return [_rival(folder, what, curve, size) for what, curve in _CURVES.items()]


def _rival(folder: Path, what: str, curve: str, size: Size) -> Row:
    about: dict[str, Any] = {
        "name": f"positions-entsoe-py-{curve.lower()}",
        "what": f"a year of quarter hours in XML to readings, {what}, against entsoe-py's parser,"
        " which takes decimals for floats",
        "unit": "x speed",
        "target": Target("at least", 1.0),
    }
    try:
        interpreter = rival_interpreter()
    except RivalMissing as missing:
        return Row(**about, estimate=None, compared=0, reason=str(missing))
    body = folder / f"{curve}.xml"
    body.write_bytes(document(365, curve))
    contestants = {"gridwright": Path(sys.executable), "entsoe-py": interpreter}
    found = []
    for kind, python in contestants.items():
        out = folder / f"{kind}.json"
        _turn(kind, python, folder, body, 0, str(out))
        found.append(json.loads(out.read_text("utf-8")))
    compared = require_equal_rows(found[0], found[1], f"readings of curve {curve}")
    seconds: dict[str, list[float]] = {kind: [] for kind in contestants}
    for number in range(size.rival_rounds):
        for kind in in_order(tuple(contestants), number):
            seconds[kind] += _turn(kind, contestants[kind], folder, body, 1)
    return Row(
        **about,
        estimate=ratio(tuple(seconds["entsoe-py"]), tuple(seconds["gridwright"])),
        compared=compared,
        details={f"{kind}_ms": min(taken) * 1000 for kind, taken in seconds.items()},
    )


def _turn(
    kind: str, interpreter: Path, folder: Path, body: Path, rounds: int, *out: str
) -> list[float]:
    arguments = ("-m", "bench.positions_child", kind, str(folder), str(body), str(rounds), *out)
    seconds: list[float] = json.loads(run_python(*arguments, interpreter=interpreter).output)
    return seconds


def _bare(folder: Path, size: Size) -> list[Row]:
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(f"{_PACKAGE}.entsoe_tp")
        operations = importlib.import_module(f"{_PACKAGE}.entsoe_tp.operations")
        days = 365 if size.rival_rounds else 2
        headers = (("content-type", "application/xml"),)
        raw = RawReply(status_code=200, headers=headers, body=document(days, "A01"))
        reply: Any = read_reply(operations.LIST_LOAD, raw, format="xml")
        records = reply.records
        assert package.Client
        return [_against_loop(records, days, size)]
    finally:
        sys.path.remove(str(folder))


def _against_loop(records: Sequence[Any], days: int, size: Size) -> Row:
    def ours() -> list[Any]:
        return [reading for record in records for reading in record.readings()]

    def loop() -> list[tuple[datetime, datetime, Decimal]]:
        found = []
        for record in records:
            for period in record.periods:
                start = period.starts_at
                for point in period.points:
                    begin = start + (point.position - 1) * _QUARTER
                    found.append((begin, begin + _QUARTER, point.load_mw))
        return found

    compared = require_equal(len(ours()), days * 96, "number of readings")
    compared += require_equal_rows([tuple(one) for one in ours()], loop(), "readings of records")
    turns = take_turns({"loop": loop, "gridwright": ours}, size.rounds)
    return Row(
        name="positions-bare-loop",
        what="a year of quarter hours, records to readings, against a bare loop of datetime"
        " arithmetic that looks for nothing",
        unit="x time",
        estimate=turns.ratio("gridwright", "loop"),
        target=Target("at most", 3.0),
        compared=compared,
        details=turns.milliseconds(),
    )

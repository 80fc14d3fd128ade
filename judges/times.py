"""Others judge days and positions, ``python -m judges.times``.

pandas and Temporal say when days of zones begin, which moments cut them into steps, and when the
clocks show each label; entsoe-py says what documents hold whose positions are left out in part.
"""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import available_timezones

from bench.positions import document, generated
from campaign.times import days_of_change

from gridwright_runtime.decodings.reader import read_reply
from gridwright_runtime.message import RawReply
from gridwright_runtime.times.durations import Duration
from gridwright_runtime.times.steps import day_span, steps_between
from gridwright_runtime.times.wall_clock import moments_at
from judges.outcome import exit_status, printed
from judges.tools import FOREIGN, HOME, node_packages, python_tool, run_tool
from judges.verdict import Verdict, failed, passed

__all__ = ["cases", "entsoe_py", "pandas", "temporal"]

_ZONES, _DAYS = 60, 12
# Before that, tools differ in which tables of zones they have.
_FIRST, _LAST = 1980, 2025


def cases() -> list[dict[str, Any]]:
    """Choose days of zones, the same each time: those on which clocks change, and some others."""
    chance = Random(14)  # noqa: S311  # chooses trials
    names = [name for name in sorted(available_timezones()) if "/" in name and name[:3] != "Etc"]
    found = []
    for zone in ("Australia/Lord_Howe", "Europe/Dublin", *chance.sample(names, _ZONES)):
        days = [day for day in days_of_change(zone) if _FIRST <= day.year <= _LAST]
        days = chance.sample(days, min(_DAYS, len(days)))
        days.append(date(_FIRST, 1, 1) + timedelta(days=chance.randrange(45 * 365)))
        minutes = (15, 30, 60, 180)
        found += [
            {"zone": zone, "day": day.isoformat(), "minutes": chance.choice(minutes)}
            for day in days
        ]
    return found


def pandas() -> Verdict:
    """Compare with pandas."""
    asked = cases()
    done = subprocess.run(  # noqa: S603  # our own script
        [str(python_tool("python")), str(FOREIGN / "days_pandas.py")],
        input=json.dumps(asked), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return failed(done.stderr.strip()[-500:])
    # Where clocks go forward by half an hour at midnight, pandas shifts it by a whole one.
    return _compared(asked, json.loads(done.stdout), has_midnights=False)


def temporal() -> Verdict:
    """Compare with Temporal, as a polyfill of JavaScript has it."""
    asked = cases()
    packages = node_packages()
    path = HOME / "days.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    command = ["node", str(FOREIGN / "days_temporal.cjs"), str(packages), str(path)]
    status, text = run_tool(command)
    return failed(text[-500:]) if status else _compared(asked, json.loads(text))


def _compared(
    asked: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]], *, has_midnights: bool = True
) -> Verdict:
    """Compare what others say of days.

    Args:
        asked: the days.
        found: what they say.
        has_midnights: they know when a day begins whose midnight the clocks jump over.
    """
    said: list[str] = []
    count = 0
    for case, theirs in zip(asked, found, strict=True):
        ours = _ours(case)
        count += len(ours["edges"]) + len(ours["times"])
        # Midnights begin and end a day for us, even where the clocks jump over them.
        for place in (0, -1):
            if not theirs["times"][place]:
                ours["times"][place] = []
                ours["edges"] = ours["edges"] if has_midnights else theirs["edges"]
        said += [
            f"{case}: {word}: ours {ours[word]}, theirs {theirs[word]}"
            for word in ("edges", "times")
            if ours[word] != theirs[word]
        ]
    if said:
        return failed(f"{len(said)} of {len(asked)} days differ: {'; '.join(said[:2])[:1500]}")
    return passed(f"{count} moments of {len(asked)} days")


def _ours(case: dict[str, Any]) -> dict[str, Any]:
    zone, step = case["zone"], timedelta(minutes=case["minutes"])
    day = date.fromisoformat(case["day"])
    edges = steps_between(*day_span(day, zone), Duration(elapsed=step), zone)
    labels = range(timedelta(days=1) // step + 1)
    return {
        "edges": [_text(moment) for moment in edges],
        "times": [[_text(one) for one in moments_at(day, n * step, zone)] for n in labels],
    }


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def entsoe_py() -> Verdict:
    """Compare the readings of documents with what entsoe-py's parser finds."""
    python = python_tool("python")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generated(folder)
        paths, ours = [], []
        for name, body in _documents():
            path = folder / f"{name}.xml"
            path.write_bytes(body)
            paths.append(path)
            ours.append(_readings(folder, body))
        status, text = run_tool(
            [str(python), str(FOREIGN / "positions_entsoe.py"), *map(str, paths)]
        )
        if status:
            return failed(text[-500:])
        theirs = json.loads(text)
    said = [
        f"{path.name}: ours {sorted(one.items())[:4]}, theirs {sorted(other.items())[:4]}"
        for path, one, other in zip(paths, ours, theirs, strict=True)
        if one != other
    ]
    count = sum(map(len, ours))
    return failed("; ".join(said)[:1500]) if said else passed(f"{count} values")


def _documents() -> Iterator[tuple[str, bytes]]:
    """Yield documents of both curves; of A03, positions are left out.

    Of A01 none is: entsoe-py says nothing of a position that lacks there, and we say that it has
    no value.
    """
    for days in (1, 31):
        for curve in ("A01", "A03"):
            yield f"{curve}-{days}", document(days, curve)


def _readings(folder: Path, body: bytes) -> dict[str, float]:
    sys.path.insert(0, str(folder))
    try:
        operation = importlib.import_module("bench_positions.entsoe_tp.operations").LIST_LOAD
    finally:
        sys.path.remove(str(folder))
    raw = RawReply(status_code=200, headers=(("content-type", "application/xml"),), body=body)
    reply: Any = read_reply(operation, raw, format="xml")
    return {
        _text(one.interval_start): float(one.load_mw)
        for record in reply.records
        for one in record.readings()
    }


def main() -> int:
    """Print the verdicts; 0 where nothing was found, or where judges may be missing."""
    judges = (("pandas", pandas), ("Temporal", temporal), ("entsoe-py", entsoe_py))
    return exit_status([printed(f"{name} on days and positions", judge) for name, judge in judges])


if __name__ == "__main__":
    raise SystemExit(main())

"""What pandas takes the days of zones for; reads cases from stdin, and writes JSON."""

import json
import sys
from typing import Any

import pandas as pd


def judged(case: dict[str, Any]) -> dict[str, Any]:
    """Return the edges of a day's steps and, for each label, when the clocks show it."""
    zone, step = case["zone"], pd.Timedelta(minutes=case["minutes"])
    midnight = pd.Timestamp(case["day"])
    start, end = (
        day.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        for day in (midnight, midnight + pd.Timedelta(days=1))
    )
    edges = list(pd.date_range(start, end, freq=step))
    count = int(pd.Timedelta(days=1) / step) + 1
    walls = pd.DatetimeIndex([midnight + number * step for number in range(count)])
    both = [
        walls.tz_localize(zone, ambiguous=[is_first] * count, nonexistent="NaT")
        for is_first in (True, False)
    ]
    times = [
        sorted({_text(one) for one in found if not pd.isna(one)})
        for found in zip(*both, strict=True)
    ]
    last = [end] if edges[-1] != end else []
    return {"edges": [_text(one) for one in (*edges, *last)], "times": times}


def _text(moment: Any) -> str:
    return str(moment.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ"))


if __name__ == "__main__":
    sys.stdout.write(json.dumps([judged(case) for case in json.load(sys.stdin)]))

"""Arguments and output of the campaign. Never tries anything itself."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.facts import machine_facts

from campaign.parts import PARTS, Form
from campaign.report import as_data, breaks, table
from campaign.rows import Row

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; return 1 where anything broke."""
    parser = argparse.ArgumentParser(prog="python -m campaign", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="about two minutes in place of half an hour"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="only this part")
    parser.add_argument("--replies", type=int, help="how many mutated replies")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    form = Form(
        seed=options.seed,
        is_short=options.short,
        processes=options.processes,
        replies=options.replies or (20_000 if options.short else 1_000_000),
    )
    rows: list[Row] = []
    for name, part in PARTS.items():
        if options.only and name not in options.only:
            continue
        sys.stderr.write(f"{name}\n")
        started = time.monotonic()
        rows += part(form)
        sys.stderr.write(f"  {time.monotonic() - started:.0f} s\n")
    sys.stdout.write(table(rows) + "\n")
    broken = breaks(rows)
    if broken:
        sys.stdout.write(f"\n{broken}\n")
    RESULTS.parent.mkdir(exist_ok=True)
    said = as_data(rows, machine_facts(), options.seed, "short" if options.short else "long")
    RESULTS.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if broken else 0

"""Command line of the bench: arguments, progress, table, exit status."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from bench.facts import machine_facts
from bench.report import as_data, table
from bench.rows import Row
from bench.sizes import FULL, QUICK, Size

__all__ = ["GROUPS", "main", "measure"]

GROUPS: Mapping[str, str] = {
    "json": "bench.json_reply",
    "xml": "bench.xml_reply",
    "csv": "bench.csv_reply",
    "memory": "bench.memory",
    "call": "bench.one_call",
    "import": "bench.imports",
    "cli": "bench.command_line",
    "mock": "bench.mock_rate",
    "generate": "bench.generating",
    "diff": "bench.diffing",
    "trace": "bench.tracing",
    "soap": "bench.soap",
    "epias-json": "bench.rivals",
    "epias-bare": "bench.epias_bare",
    "epias-xml": "bench.epias_xml",
    "epias-walk": "bench.epias_walk",
    "limit": "bench.limit_turns",
    "bulk": "bench.bulk",
    "positions": "bench.positions",
}
"""Modules by the first words of their rows' names; each has ``rows(size)``."""

_LATEST = Path(__file__).resolve().parent / "results" / "latest.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table and write the JSON.

    Returns:
        0; 1 where a target is missed and ``--strict`` was given.
    """
    options = _parser().parse_args(arguments)
    size = QUICK if options.quick else FULL
    facts = machine_facts()
    rows = measure(options.only, size, _tell if sys.stderr.isatty() else lambda _: None)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    data = as_data(rows, facts, size.name)
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    if options.quick:
        print("quick: too small to judge by; run without --quick")
    return int(options.strict and any(row.verdict == "missed" for row in rows))


def measure(only: Sequence[str], size: Size, tell: Callable[[str], None]) -> list[Row]:
    """Measure the rows that are wanted; all of them when none is named.

    Raises:
        SystemExit: no row or group has such a name.
    """
    groups = [
        group
        for group in GROUPS
        if not only or any(_is_in(group, name) or _is_in(name, group) for name in only)
    ]
    if unknown := [n for n in only if not any(_is_in(g, n) or _is_in(n, g) for g in groups)]:
        _refuse(", ".join(sorted(unknown)))
    found: list[Row] = []
    for group in groups:
        tell(f"measuring {group} …")
        rows: Callable[[Size], list[Row]] = import_module(GROUPS[group]).rows
        found += rows(size)
    tell("")
    if unknown := [n for n in only if not any(_is_in(row.name, n) for row in found)]:
        _refuse(", ".join(sorted(unknown)))
    return [row for row in found if not only or any(_is_in(row.name, name) for name in only)]


def _is_in(name: str, group: str) -> bool:
    """Whether a row or a group belongs to a group, or is it."""
    return name == group or name.startswith(f"{group}-")


def _refuse(names: str) -> None:
    print(f"bench: no such row: {names}; groups: {', '.join(GROUPS)}", file=sys.stderr)
    raise SystemExit(2)


def _tell(text: str) -> None:
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help=f"one row, or one group of {', '.join(GROUPS)}; may be given again",
    )
    parser.add_argument("--quick", action="store_true", help="see that it works; judge nothing")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    parser.add_argument(
        "--out", type=Path, default=_LATEST, metavar="FILE", help="where the JSON goes"
    )
    return parser

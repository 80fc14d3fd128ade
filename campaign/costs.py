"""Search for the reply that costs most for its size: time and memory a byte, in a process each."""

import json
import os
import resource
import signal
import time
from collections.abc import Sequence
from typing import Any

from campaign.rows import Row
from campaign.shapes import shapes
from gridwright_runtime.decodings.reader import Circumstances, list_deviations, read_reply
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.message import RawReply

__all__ = [
    "MOST_BYTES_OF_SHORT",
    "MOST_BYTES_PER_BYTE",
    "MOST_SECONDS_OF_SHORT",
    "MOST_SECONDS_PER_MEGABYTE",
    "campaign",
    "measured",
]

MOST_SECONDS_PER_MEGABYTE = 1.0
"""Of the processor, on a machine like that of the bench; reading the deviations included."""
MOST_BYTES_PER_BYTE = 52
"""The worst that was found takes 36 to 48, as the pages of memory fall: pairs of numbers of five
letters, each of which takes 112 bytes to be exact, twice: in an open record, and while its
deviations are looked for."""
MOST_BYTES_OF_SHORT = 24 << 20
MOST_SECONDS_OF_SHORT = 1.0
"""Of a reply that is too short for what is refused by its density."""
SHORT = 65_000
_LONG = 1 << 20
_TOO_LONG = 120


def campaign(
    operations: Sequence[Operation[Any]], size: int, *, is_short: bool = False
) -> list[Row]:
    """Read long and short replies of every odd shape; in the short form, of every fifth."""
    rows = []
    for kind in ("json", "xml", "multipart"):
        promise = (
            f"no reply takes more than {MOST_SECONDS_PER_MEGABYTE} s for each MB, or more than "
            f"{MOST_BYTES_PER_BYTE} times its size of memory; one of {SHORT // 1000} kB takes no "
            f"more than {MOST_SECONDS_OF_SHORT} s and {MOST_BYTES_OF_SHORT >> 20} MB"
        )
        rows.append(Row("costs", f"odd {kind}", promise))
    worst_time: dict[str, tuple[float, str]] = {}
    worst_memory: dict[str, tuple[float, str]] = {}
    found = (
        (operation, number, name, raw)
        for wanted in (size, SHORT)
        for operation in operations
        for number, (name, raw) in enumerate(shapes(operation, wanted))
    )
    for operation, number, name, raw in found:
        if is_short and number % 5:
            continue
        kind = name.partition(" ")[0]
        row = next(row for row in rows if row.name == f"odd {kind}")
        seconds, memory, said = measured(operation, raw)
        row.tried += 1
        row.seconds += seconds
        length = len(raw.body)
        slow, large = seconds / (length / 1e6), memory / length
        facts = f"{operation.call}: {name}: {slow:.2f} s/MB, {large:.1f} B/B, {said}"
        is_long = length > _LONG
        if is_long:
            worst_time[kind] = max(worst_time.get(kind, (0.0, "")), (slow, facts))
            worst_memory[kind] = max(worst_memory.get(kind, (0.0, "")), (large, facts))
        if is_long:
            is_broken = slow > MOST_SECONDS_PER_MEGABYTE or large > MOST_BYTES_PER_BYTE
        else:
            is_broken = seconds > MOST_SECONDS_OF_SHORT or memory > MOST_BYTES_OF_SHORT
        if is_broken:
            row.broke(facts)
    for row in rows:
        kind = row.name.partition(" ")[2]
        if kind in worst_time:
            row.seen[f"slowest: {worst_time[kind][1]}"] = 2
            row.seen[f"largest: {worst_memory[kind][1]}"] = 1
    return rows


def measured(operation: Operation[Any], raw: RawReply) -> tuple[float, int, str]:
    """Return seconds and bytes that a reply takes in a process of its own, and what it became."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(read)
            os.write(write, json.dumps(_measured_here(operation, raw)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    if not text:
        return float(_TOO_LONG), 0, "did not end"
    seconds, memory, said = json.loads(text)
    return seconds, memory, said


def _measured_here(operation: Operation[Any], raw: RawReply) -> tuple[float, int, str]:
    signal.alarm(_TOO_LONG)
    format: Format = next(iter(operation.reply.formats), "json")
    small = RawReply(status_code=200, headers=raw.headers, body=raw.body[:200])
    read_reply(operation, small, format=format)  # loads and plans
    before = _high_water()
    started = time.process_time()
    found = read_reply(operation, raw, format=format)
    seconds = time.process_time() - started
    said = type(found).__name__
    if hasattr(found, "error"):
        said = f"{type(found.error).__name__}: {str(found.error)[:60]}"
        str(found.error)
    else:
        list_deviations(operation, raw, format=format, circumstances=Circumstances())
    return time.process_time() - started or seconds, _high_water() - before, said


def _high_water() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

"""One measured process of `memory`: ``python -m bench.memory_child KIND FILE``; Linux only.

The kernel's high-water mark is set back to what is resident after imports and a small reply, so
that only the large one counts. Transparent huge pages are switched off: with them, resident memory
depends on where the heap happens to lie.
"""

import ctypes
import gc
import hashlib
import json
import sys
from decimal import Decimal
from pathlib import Path

import msgspec

from bench import bodies, ours
from gridwright_apis.kepco_opm.models import DayLoadProfile

__all__ = ["resident", "settle_and_reset"]

_PR_SET_THP_DISABLE = 41


def main(kind: str, file: Path) -> None:
    """Measure, and print what was found as JSON."""
    small = bodies.days(2)
    ours.read(ours.raw_reply(bodies.json_body(small), "json"), "json")
    ours.read(ours.raw_reply(bodies.xml_body(small), "xml"), "xml")
    libc = ctypes.CDLL(None)
    before = settle_and_reset(libc)
    if kind == "objects":
        records = _from_small_replies(file)
        _settle(libc)
        used = resident("VmRSS") - before
    else:
        reply = ours.read(ours.raw_reply(file.read_bytes(), kind), kind)  # type: ignore[arg-type]
        used = resident("VmHWM") - before
        records = reply.records
    found = {
        "bytes": used,
        "records": len(records),
        "digest": hashlib.sha256(msgspec.json.encode(records)).hexdigest(),
        "own_bytes": _own_bytes(records),
    }
    sys.stdout.write(json.dumps(found))


def _from_small_replies(file: Path) -> list[DayLoadProfile]:
    records: list[DayLoadProfile] = []
    with file.open("rb") as lines:
        for line in lines:
            records += ours.read(ours.raw_reply(line.strip(), "json"), "json").records
    return records


def settle_and_reset(libc: ctypes.CDLL) -> int:
    """Set the high-water mark back to what is resident now, and return that."""
    libc.prctl(_PR_SET_THP_DISABLE, 1, 0, 0, 0)
    _settle(libc)
    Path("/proc/self/clear_refs").write_text("5")
    return resident("VmRSS")


def _settle(libc: ctypes.CDLL) -> None:
    """Give back what is free."""
    gc.collect()
    trim = getattr(libc, "malloc_trim", None)  # glibc only
    if trim is not None:
        trim(0)


def resident(name: str) -> int:
    """Return what the kernel says of this process under a name, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"the kernel does not tell {name}")


def _own_bytes(records: list[DayLoadProfile]) -> int:
    total, seen = sys.getsizeof(records), set()
    for record in records:
        total += sys.getsizeof(record)
        for name in record.__struct_fields__:
            value = getattr(record, name)
            if isinstance(value, str | Decimal) and id(value) not in seen:
                seen.add(id(value))
                total += sys.getsizeof(value)
    return total


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

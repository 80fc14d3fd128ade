"""One measured process of `rivals`: ``python -m bench.rival_child KIND FOLDER BODY ROUNDS [OUT]``.

Runs in the rivals' environment as well as in our own, so it imports nothing of ours before it knows
that it may. It prints the seconds of processor time that each round took, the first one, which does
not count, left out. With OUT it also writes there what it read, in a form that can be compared.
"""

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.index_bodies import INSTANTS, NUMBERS

__all__ = ["PACKAGES", "comparable", "measure"]

PACKAGES: Mapping[str, str] = {
    "openapi-python-client": "rival_attrs",
    "openapi-generator": "rival_pydantic",
}
"""Names of the generated packages, by what generates them."""


def main(kind: str, folder: Path, body: bytes, rounds: int, out: Path | None) -> None:
    """Measure, and print what was found as JSON."""
    sys.path.insert(0, str(folder))
    read, values_of = _contestants[kind](body)
    measure(read, lambda found: [comparable(record) for record in values_of(found)], rounds, out)


def measure(
    read: Callable[[], Any], told: Callable[[Any], Any], rounds: int, out: Path | None
) -> None:
    """Print the seconds of processor time of each round.

    Args:
        read: what is measured.
        told: what it read, in a form that can be compared.
        rounds: how many count; one more goes before.
        out: where the first one's is written, as JSON.
    """
    found = read()
    if out is not None:
        out.write_text(json.dumps(told(found)), encoding="utf-8")
    del found
    gc.collect()
    gc.freeze()
    seconds = []
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        found = read()
        seconds.append(time.process_time() - started)
        del found
    sys.stdout.write(json.dumps(seconds))


def comparable(record: Mapping[str, Any]) -> dict[str, str]:
    """Write each value in one form, whatever type a client has for it."""
    return {wire: _text(wire, value) for wire, value in sorted(record.items()) if value is not None}


def _text(wire: str, value: Any) -> str:
    if wire in INSTANTS:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return instant.astimezone(UTC).isoformat()
    if wire in NUMBERS:
        return format(Decimal(str(value)).normalize(), "f")
    return str(value)


_Contestant = tuple[Callable[[], Any], Callable[[Any], list[dict[str, Any]]]]


def _gridwright(body: bytes) -> _Contestant:
    ours = importlib.import_module("bench.index_ours")
    raw = ours.raw_reply(body, "json")
    return lambda: ours.read(raw, "json"), lambda found: ours.wire_values(ours.records_of(found))


def _openapi_python_client(body: bytes, parse_float: type = float) -> _Contestant:
    models: Any = importlib.import_module(f"{PACKAGES['openapi-python-client']}.models")
    return (
        lambda: models.IndexSearchResponse.from_dict(json.loads(body, parse_float=parse_float)),
        lambda found: [record.to_dict() for record in found.body.indexes],
    )


def _openapi_generator(body: bytes) -> _Contestant:
    models: Any = importlib.import_module(f"{PACKAGES['openapi-generator']}.models")
    return (
        lambda: models.IndexSearchResponse.from_json(body.decode()),
        lambda found: [record.to_dict() for record in found.body.indexes],
    )


_contestants: Mapping[str, Callable[[bytes], _Contestant]] = {
    "gridwright": _gridwright,
    "openapi-python-client": _openapi_python_client,
    "openapi-python-client-exact": lambda body: _openapi_python_client(body, Decimal),
    "openapi-generator": _openapi_generator,
}

if __name__ == "__main__":
    kind, folder, body, rounds, *out = sys.argv[1:]
    main(kind, Path(folder), Path(body).read_bytes(), int(rounds), Path(out[0]) if out else None)

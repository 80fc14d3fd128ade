"""One measured process of `positions`: ``… KIND FOLDER BODY ROUNDS [OUT]``.

Runs in the rivals' environment as well as in our own; see `rival_child`.
"""

import importlib
import sys
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

from bench.rival_child import measure

__all__: list[str] = []


def _gridwright(folder: Path, body: bytes) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    from gridwright_runtime.decodings.reader import read_reply
    from gridwright_runtime.message import RawReply

    sys.path.insert(0, str(folder))
    operation = importlib.import_module("bench_positions.entsoe_tp.operations").LIST_LOAD
    headers = (("content-type", "application/xml"),)

    def read() -> list[Any]:
        raw = RawReply(status_code=200, headers=headers, body=body)
        reply: Any = read_reply(operation, raw, format="xml")
        return [reading for record in reply.records for reading in record.readings()]

    def told(found: Any) -> list[tuple[str, float]]:
        return [(_text(one.interval_start), float(one.load_mw)) for one in found]

    return read, told


def _entsoe_py(folder: Path, body: bytes) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    parse = importlib.import_module("entsoe.parsers").parse_loads
    text = body.decode()

    def told(found: Any) -> list[tuple[str, float]]:
        return [(_text(at.to_pydatetime()), float(row.iloc[0])) for at, row in found.iterrows()]

    return lambda: parse(text, "A16"), told


def _text(moment: Any) -> str:
    return str(moment.astimezone(UTC).isoformat())


def main(kind: str, folder: Path, body: bytes, rounds: int, out: Path | None) -> None:
    """Measure, and print the seconds of each round, the first one left out."""
    make = {"gridwright": _gridwright, "entsoe-py": _entsoe_py}[kind]
    read, told = make(folder, body)
    measure(read, told, rounds, out)


if __name__ == "__main__":
    _kind, _folder, _body, _rounds, *_out = sys.argv[1:]
    main(
        _kind,
        Path(_folder),
        Path(_body).read_bytes(),
        int(_rounds),
        Path(_out[0]) if _out else None,
    )

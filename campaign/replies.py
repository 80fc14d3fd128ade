"""Mutated replies: read each, and see that nothing is raised, hangs, or becomes another value."""

import multiprocessing
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from campaign.corpus import Sample
from campaign.independent import NotReadable, other_values, read_json, read_xml
from campaign.mutations import mutated
from campaign.rows import Row
from gridwright_runtime.codecs.body import sniff
from gridwright_runtime.decodings.reader import Circumstances, Refused, list_deviations, read_reply
from gridwright_runtime.message import RawReply

__all__ = ["Hangs", "campaign", "one", "within"]

_KINDS = ("json", "xml", "multipart")
_PROMISE = (
    "nothing is raised, nothing hangs, no value is another than json or lxml reads, and strict "
    "refuses just what has deviations"
)


class Hangs(Exception):
    """It took too long."""


def campaign(samples: Sequence[Sample], count: int, seed: int, processes: int) -> list[Row]:
    """Mutate replies and read them.

    Args:
        samples: what to mutate.
        count: how many.
        seed: each reply follows from it and its number.
        processes: how many work at it.
    """
    ranges = [range(start, count, processes) for start in range(processes)]
    if processes == 1:
        return _rows(samples, ranges[0], seed)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        done = pool.starmap(_rows, [(samples, numbers, seed) for numbers in ranges])
    rows = done[0]
    for others in done[1:]:
        for row, other in zip(rows, others, strict=True):
            row.add(other)
    return rows


def _rows(samples: Sequence[Sample], numbers: range, seed: int) -> list[Row]:
    rows = {kind: Row("replies", f"mutated {kind}", _PROMISE) for kind in _KINDS}
    for number in numbers:
        chance = Random(f"{seed}/{number}")  # noqa: S311  # chooses trials
        sample = chance.choice(samples)
        kind = _kind(sample.raw)
        row = rows[kind]
        started = time.monotonic()
        broken = one(sample, kind, chance, row)
        row.seconds += time.monotonic() - started
        row.tried += 1
        if broken:
            row.broke(f"seed {seed}, number {number}: {sample.name}: {broken}")
    return list(rows.values())


def one(sample: Sample, kind: str, chance: Random, row: Row) -> str:
    """Mutate a reply and read it; return what broke, with what was read."""
    body = mutated(sample.raw.body, kind, chance)
    raw = RawReply(
        status_code=sample.raw.status_code, headers=_headers(sample.raw, chance), body=body
    )
    broken = _read(sample, raw, row, is_thorough=chance.random() < _THOROUGH)
    return f"{broken}: {body[:600]!r}" if broken else ""


def _read(sample: Sample, raw: RawReply, row: Row, *, is_thorough: bool) -> str:
    started = time.process_time()
    bound = _LEAST_SECONDS + len(raw.body) * _SECONDS_PER_BYTE
    try:
        with within(10 * bound):
            found = read_reply(sample.operation, raw, format=sample.format)
            took = time.process_time() - started
            if took > bound:
                return f"took {took:.2f} s for {len(raw.body)} bytes"
            if isinstance(found, Refused):
                row.seen[type(found.error).__name__] += 1
                return _refused(sample, raw, found) if is_thorough else ""
            row.seen["read"] += 1
            return _accepted(sample, raw, found, is_thorough=is_thorough)
    except Hangs:
        return f"hangs with {len(raw.body)} bytes"
    except Exception as error:
        return f"raises {error!r:.300}"


def _refused(sample: Sample, raw: RawReply, found: Refused) -> str:
    text = str(found.error)
    repr(found.error)
    strict = read_reply(sample.operation, raw, format=sample.format, strict=True)
    if not isinstance(strict, Refused):
        return f"strict accepts what is refused: {text[:200]}"
    return "a message is too long" if len(text) > _MOST_SAID else ""


def _accepted(sample: Sample, raw: RawReply, found: Any, *, is_thorough: bool) -> str:
    records = getattr(found, "records", None)
    payload = found.body if records is None else records
    readable = True
    if raw.status_code < 300 and (tree := _tree(raw)) is not None:
        if isinstance(tree, NotReadable):
            readable = False
        elif other := other_values(sample.operation, payload, tree):
            return f"another value: {other[0]}"
    if readable and not is_thorough:
        return ""
    about = Circumstances()
    deviations = list_deviations(sample.operation, raw, format=sample.format, circumstances=about)
    if not readable and not deviations:
        return "is read without a deviation, though json or lxml cannot read it"
    repr(found)
    strict = read_reply(sample.operation, raw, format=sample.format, strict=True)
    if isinstance(strict, Refused) != bool(deviations):
        return f"strict says {strict!r:.80}, with {len(deviations)} deviations"
    return ""


def _tree(raw: RawReply) -> Any:
    """Return what another tool reads; `NotReadable` where it cannot, None where none is fit."""
    kind = sniff(raw)
    try:
        if kind == "json":
            return read_json(raw.body, raw.content_type)
        if kind == "xml" and "charset" not in raw.content_type.lower():
            return read_xml(raw.body)
    except NotReadable as error:
        return error
    return None


def _kind(raw: RawReply) -> str:
    if raw.content_type.lower().startswith("multipart/"):
        return "multipart"
    return "json" if sniff(raw) in ("json", "other") else "xml"


def _headers(raw: RawReply, chance: Random) -> tuple[tuple[str, str], ...]:
    if chance.random() > _OTHER_TYPE:
        return raw.headers
    kept = tuple(pair for pair in raw.headers if pair[0].lower() != "content-type")
    return (*kept, ("content-type", chance.choice(_TYPES)))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `Hangs` in what takes longer; in the main thread alone."""

    def is_woken(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, is_woken)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_THOROUGH = 0.25
_OTHER_TYPE = 0.03
_TYPES = (
    "", "text/html", "text/plain", "application/json; charset=euc-kr", "application/xml",
    "text/xml; charset=utf-16", "application/json; charset=nonsense", "multipart/related",
    'multipart/related; boundary="x"', "application/octet-stream", 'a/b; charset="', "\x00",
)  # fmt: skip
_LEAST_SECONDS = 0.5
"""Of the processor, for the first use of a plan and for machines that are busy."""
_SECONDS_PER_BYTE = 20e-6
_MOST_SAID = 20_000

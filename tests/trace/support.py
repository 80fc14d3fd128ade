"""An invented document with a spec of it, and one helper for each boundary of a trace."""

import os
from collections.abc import Sequence
from pathlib import Path

from gridwright.trace.facts import Spec, read_spec
from gridwright.trace.hashes import hash_lines
from gridwright.trace.lines import Lines, read_lines

ROOT = Path(__file__).parents[2]
SYSTEM = "demo"

DOCUMENT = """\
Demo Grid interface 1.0
Page 1

1. Readings
Address  https://api.example.com/readings
Name  listReadings
Field  Meaning  Size
meterNo  number of the meter  10  O
day  day of the readings  8  O  yyyymmdd
Page 2

2. Reply
readings  list of readings
meterNo  number of the meter  10
status  status of the reading  1  A: actual E: estimated
enrgy  energy of the day  14,4
Example  energy 1.5
Page 3
"""
"""The first edition; its last field is misprinted."""

INTERFACE = """\
gridwright: 1
system: demo
title: {text: Demo Grid, en: Demo Grid, at: 1}
document: {file: demo.txt, title: Demo Grid interface 1.0, language: en, at: 1}
conventions:
  required_marks: {O: required}
  time_zone: {name: Asia/Seoul, assumed: "the meters are there, line 4 says nothing"}
servers:
  production: {address: "https://api.example.com", default: yes, at: 5}
codes:
  reading_status:
    en: status of a reading
    at: 15
    values:
      A: {name: actual, label: actual, en: measured, at: 15}
      E: {name: estimated, label: estimated, en: estimated, at: 15}
operations:
  list_readings:
    wire_name: listReadings
    en: readings of a meter
    kind: read
    at: 4-6   # heading and names
    method: GET
    address: {text: "https://api.example.com/readings", at: 5}
    formats: [json]
    request:
      meterNo: {name: meter_number, type: text, required: O, size: 10, at: 8}
      day: {name: day, type: date, required: O, size: 8, format: yyyymmdd, at: 9}
    reply:
      record: Reading
      list: {element: readings, at: [12, 13]}
      fields:
        meterNo: {name: meter_number, type: text, size: 10, at: 14}
        status: {name: status, type: code, codes: reading_status, size: 1, at: 15}
        enrgy: {name: energy_kwh, type: decimal, size: "14,4", unit: kWh, at: 16}
"""

AMENDMENTS = """\
- id: energy-misspelled
  kind: erratum
  at: [16, 17]
  finding: the table lacks a letter that the example has
  ruling: the name of the example is used
  patch: {operations.list_readings.reply.fields.enrgy: {rename: energy}}

- id: day-unexplained
  kind: erratum
  at: 9
  finding: the zone of the day is not said
  ruling: that of the meter
"""

LINES = """\
# What nobody cites.
dismissed:
- {at: [2, 10, 18], reason: page number}
- {like: 7, reason: heads of columns}
"""


def lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def with_hashes(text: str, document: str = DOCUMENT, withheld: Sequence[int] = ()) -> str:
    hashes = hash_lines(SYSTEM, lines_of(document), withheld)
    return text + "hashes: |\n" + "".join(f"  {token}\n" for token in hashes)


def write_system(
    folder: Path,
    *,
    interface: str = INTERFACE,
    amendments: str = AMENDMENTS,
    lines: str | None = None,
    document: str | None = DOCUMENT,
) -> Path:
    """Write specs and documents below ``folder``; returns the folder of the specs."""
    own = folder / "specs" / SYSTEM
    own.mkdir(parents=True, exist_ok=True)
    (own / "interface.yaml").write_text(interface, "utf-8")
    (own / "amendments.yaml").write_text(amendments, "utf-8")
    (own / "lines.yaml").write_text(with_hashes(LINES) if lines is None else lines, "utf-8")
    (folder / "documents").mkdir(exist_ok=True)
    if document is not None:
        (folder / "documents" / "demo.txt").write_text(document, "utf-8")
    return folder / "specs"


def spec_in(specs: Path) -> Spec:
    spec, problems = read_spec(specs, SYSTEM)
    assert spec is not None and not problems
    return spec


def lines_in(specs: Path) -> Lines:
    lines, problems = read_lines(specs, SYSTEM)
    assert lines is not None and not problems, problems
    return lines


def documents() -> Path:
    """Return the folder of the real documents, which may not be there."""
    given = os.environ.get("GRIDWRIGHT_DOCUMENTS")
    return Path(given) if given else ROOT.parent / "shared" / "documents"


NOT_AT_HAND = (
    "the documents are not at hand: their publishers keep the copyright, so they are not in the "
    "repository"
)

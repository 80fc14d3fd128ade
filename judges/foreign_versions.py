"""oasdiff judges our diff of real versions of public files: ``python -m judges.foreign_versions``.

`versions.json` beside this file names pairs of versions of files in public repositories, by
repository, path and commit, and knows each file by its hash. None is in this repository: they lie,
under any name, in the folder that ``GRIDWRIGHT_FOREIGN_VERSIONS`` names, and each pair that is
there is compared in both directions.

Each finding that oasdiff calls breaking is looked up in our report by its place: the operation,
and the property by its way through the records. There it must be breaking, too, or among what the
import left out, which is a warning, or in `MILDER`, with a reason. What is breaking here alone must
be among `OURS`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from gridwright.diff.run import DiffOptions, difference
from gridwright.diff.verdicts import Change, Level
from gridwright.importing.documents import Documents
from gridwright.importing.read_file import read_foreign
from gridwright.importing.run import import_file
from gridwright.ir import Interface
from gridwright.pipeline import interface_of
from judges.foreign_places import Finding, Place, finding_of, place_of
from judges.oasdiff import BREAKING, findings, program
from judges.outcome import foreign_folder, not_run
from judges.tools import ToolMissing

__all__ = ["FOLDER", "KNOWN", "MILDER", "OURS", "Row", "judged", "pairs_of", "table"]

FOLDER = "GRIDWRIGHT_FOREIGN_VERSIONS"
KNOWN = Path(__file__).with_name("versions.json")
_COLUMNS = (
    "pair", "breaking for oasdiff", "here, too", "left out: a warning", "milder, with a reason",
    "wrong", "breaking here alone",
)  # fmt: skip
_LEFT_OUT = "left-out-"
_REMARKS = frozenset({
    "the rest of a description", "the description beside a summary", "example", "default",
    "deprecated", "externalDocs",
})  # fmt: skip
"""What is left out of this says nothing of what may travel."""
_THERE = "the property is in every reply as before, in a schema of `allOf` or behind a reference"
_TOLERANT = "a reply that departs is read, and the departure is listed: no call fails by it"
MILDER = {
    ("response-required-property-removed", "unchanged"): _THERE,
    ("response-property-type-changed", "unchanged"): _THERE,
    ("response-required-property-removed", "reply-field-became-optional"):
        "the property is there, in a schema of `allOf`, and may be missing: it is None then",
    ("response-property-became-optional", "reply-field-became-optional"): _TOLERANT,
    ("response-property-min-length-decreased", "reply-value-widened"): _TOLERANT,
    ("response-property-max-length-unset", "reply-value-widened"): _TOLERANT,
    ("response-success-status-removed", ""):
        "each status from 200 to 299 is a success, whichever the file names",
}  # fmt: skip
"""Reasons by the finding and our rule; "" where nothing is at the place on either side, and
"unchanged" where the same field is there on both sides and no rule finds more than other words."""
_GONE = "calling code names it, and type-checks no longer"
_CALLED = "calling code that names the class, the list or the method has another name to write"
_OTHER = "calling code reads or gives another type"
_UNCAUGHT = "code that catches the error of the status catches nothing: another error comes"
OURS = {
    "automatic-value-added": "a service that wants it refuses an old client",
    "automatic-value-removed": "a service that still wants it refuses a new client",
    "body-made-or-unmade": "what was sent in the query is sent in a body, and is looked for there",
    "code-list-removed": _GONE,
    "code-list-renamed": _CALLED,
    "credential-added": "a client cannot be made without the credential",
    "credential-removed": _GONE,
    "default-server-withdrawn": "a client cannot be made without `base_url`",
    "operation-moved": "the file names another address for it: an old client asks the old one",
    "operation-removed": "oasdiff has it for agreed, as the file had said that it is deprecated",
    "operation-renamed": _CALLED,
    "record-removed": _GONE,
    "record-renamed": _CALLED,
    "reply-code-removed": _GONE,
    "reply-field-removed": _GONE,
    "reply-list-made-or-unmade": "calling code takes a value, a record or nothing",
    "reply-multiplicity-changed": _OTHER,
    "reply-optional-field-removed": _GONE,
    "reply-type-changed": _OTHER,
    "request-field-added-required": "a call without it neither type-checks nor is it sent",
    "request-field-became-required": "a call without it neither type-checks nor is it sent",
    "request-field-removed": _GONE,
    "request-value-narrowed": "what was sent is refused now",
    "required-request-field-removed": "a service that still wants it refuses a new client",
    "server-address-changed": "the file names another address: an old client asks the old one",
    "server-doubted": "a client cannot be made without `base_url`",
    "server-removed": "an old client asks an address that the file no longer names",
    "server-renamed": _GONE,
    "status-removed": _UNCAUGHT,
    "value-travels-elsewhere": "the service looks for it in another place",
}
"""Why a change is breaking here that oasdiff has for a milder one, by rule."""
_OF_OPERATION = frozenset({"operation-removed", "address-changed", "method-changed"})
_OF_REPLY = frozenset({"reply-record-swapped", "reply-list-made-or-unmade", "format-removed"})
_OF_BODY = frozenset({"body-record-swapped", "body-made-or-unmade", "request-media-changed"})
_OF_FIELD = (
    "field-removed", "type-changed", "multiplicity-changed", "became-code", "became-text",
)  # fmt: skip
"""What answers for all that is below it, as its rule or the end of its rule."""


@dataclass(slots=True)
class Side:
    """One version of a file, imported."""

    file: Path
    specs: Path
    interface: Interface
    documents: Documents


@dataclass(slots=True)
class Row:
    """How one pair came out in one direction.

    Attributes:
        breaking: findings that oasdiff calls breaking.
        same: of these, breaking here, too.
        left_out: of these, a warning, as an import has no word for it.
        milder: of these, milder here, with a reason.
        wrong: what has no reason, in words.
        alone: rules that are breaking here where oasdiff finds nothing breaking.
        needed: entries of `MILDER` that gave a reason.
    """

    name: str
    breaking: int = 0
    same: int = 0
    left_out: int = 0
    milder: int = 0
    wrong: list[str] = field(default_factory=list)
    alone: Counter[str] = field(default_factory=Counter)
    needed: set[tuple[str, str]] = field(default_factory=set)


def judged(folder: Path, work: Path) -> tuple[list[Row], list[str]]:
    """Compare each known pair that is in the folder, in both directions.

    Returns:
        The rows, and the names of the pairs that are not there.
    """
    tool = program()
    pairs, missing = pairs_of(folder)
    sides: dict[Path, Side] = {}
    rows = []
    for name, *files in pairs:
        for path in files:
            if path not in sides:
                sides[path] = _side(path, work / str(len(sides)))
        rows.append(_row(name, tool, *(sides[path] for path in files)))
    return rows, missing


def pairs_of(folder: Path) -> tuple[list[tuple[str, Path, Path]], list[str]]:
    """Return the known pairs that are in a folder, each in both directions, and names of others."""
    there = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in folder.iterdir() if p.is_file()}
    found, missing = [], []
    for pair in json.loads(KNOWN.read_text("utf-8")):
        old, new = (there.get(pair[side]["sha256"]) for side in ("old", "new"))
        if old is None or new is None:
            missing.append(pair["name"])
            continue
        found += [(f"{pair['name']} →", old, new), (f"{pair['name']} ←", new, old)]
    return found, missing


def _side(file: Path, specs: Path) -> Side:
    import_file(file, specs=specs, system="api")
    interface, problems = interface_of(specs, "api")
    if interface is None:
        raise ValueError(f"{file.name}: {problems[0].message}")
    return Side(file, specs, interface, Documents(read_foreign(file), file.parent))


def _row(name: str, tool: str, old: Side, new: Side) -> Row:
    row = Row(name)
    wanted = DiffOptions(old=str(old.specs), new=str(new.specs), specs=old.specs)
    report = difference(wanted).report
    changes = report.changes if report is not None else ()
    answered: set[str] = set()
    for said in findings(tool, old.file, new.file):
        finding = finding_of(said)
        if finding.level != BREAKING:
            continue
        row.breaking += 1
        places = [place_of(finding, side.interface, side.documents) for side in (old, new)]
        found = [change for change in changes if _answers(change, finding, places)]
        answered |= {change.fingerprint for change in found}
        _count(row, finding, places, found)
    for change in changes:
        if change.level is Level.BREAKING and change.fingerprint not in answered:
            row.alone[change.rule] += 1
    row.wrong += [f"{rule}: breaking here alone" for rule in row.alone if rule not in OURS]
    return row


def _count(row: Row, finding: Finding, places: list[Place], found: list[Change]) -> None:
    said = [change for change in found if not change.rule.startswith(_LEFT_OUT)]
    if any(change.level is Level.BREAKING for change in said):
        row.same += 1
        return
    rules = {change.rule for change in said if change.level > Level.SAFE}
    if not rules:
        rules = {"unchanged" if all(place.exact for place in places) else ""}
    key = next((key for key in MILDER if key[0] == finding.rule and key[1] in rules), None)
    if len(said) < len(found):
        row.left_out += 1
    elif key is not None:
        row.milder += 1
        row.needed.add(key)
    else:
        row.wrong.append(f"{finding.pointer}: {finding.rule}: {finding.text}: {sorted(rules)}")


def _answers(change: Change, finding: Finding, places: list[Place]) -> bool:
    """Whether a change of ours is about the thing of a finding, or about what holds it."""
    if change.rule.startswith(_LEFT_OUT):
        if change.what in _REMARKS:
            return False
        left = change.place.removeprefix("left_out.").strip('"')
        return any(_is_below(left, one, "/") for place in places for one in place.pointers)
    place = places[0] if change.old is not None else places[1]
    if any(_is_below(change.place, one, ".") for one in place.exact):
        return True
    if change.rule in _OF_OPERATION:
        return any(_is_below(change.place, one, ".") for one in place.above)
    if change.rule in (_OF_REPLY if finding.status else _OF_BODY):
        return any(_is_below(change.place, one, ".") for one in place.above[1:])
    if change.rule.endswith(_OF_FIELD):
        return any(_is_below(one, change.place.removesuffix(".type"), ".") for one in place.above)
    return False


def _is_below(one: str, other: str, mark: str) -> bool:
    return one == other or one.startswith(other + mark)


def table(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of the table, one row for each pair and direction."""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'---|' * len(_COLUMNS)}"
    for row in rows:
        yield f"| {row.name} | {' | '.join(map(str, _numbers(row)))} |"
    sums = (sum(column) for column in zip(*map(_numbers, rows), strict=True))
    yield f"| all | {' | '.join(map(str, sums))} |"


def _numbers(row: Row) -> tuple[int, ...]:
    known = (row.breaking, row.same, row.left_out, row.milder)
    return (*known, row.breaking - sum(known[1:]), row.alone.total())


def main() -> int:
    """Print the table; 0 where nothing is wrong, no folder is named, or oasdiff may be missing."""
    folder = foreign_folder(FOLDER)
    if folder is None:
        return 0
    try:
        with TemporaryDirectory() as work:
            rows, missing = judged(folder, Path(work))
    except ToolMissing as trouble:
        return not_run(str(trouble))
    for line in table(rows):
        print(line)
    print(f"not in the folder: {', '.join(missing) or 'none'}\n")
    wrong = [f"{row.name}: {line}" for row in rows for line in row.wrong]
    if not rows:
        wrong.append(f"no known pair is in {folder}")
    if not missing:
        alone = {rule for row in rows for rule in row.alone}
        needed = {key for row in rows for key in row.needed} | alone
        wrong += [
            f"a reason that is needed no more: {k}" for k in (*MILDER, *OURS) if k not in needed
        ]
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

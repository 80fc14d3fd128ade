"""oasdiff judges our diff of imported files: ``python -m judges.foreign_changes``.

The pairs, ``*_base`` and ``*_revision``, lie in the folder that ``GRIDWRIGHT_FOREIGN_PAIRS``
names, and are compared in both directions. What oasdiff calls breaking must be no milder here,
but for what an import has no word for, which is a warning, and for what ``MILDER`` names. Where no
operation of a file can be drafted, both commands say so, and there is nothing to compare. What is
breaking here alone must be among ``OURS``.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gridwright.diff.run import DiffOptions, difference
from gridwright.diff.verdicts import Change, Level
from gridwright.importing.read_file import ForeignFileError
from gridwright.importing.run import import_file
from judges.oasdiff import BREAKING, findings, program
from judges.outcome import foreign_folder, not_run
from judges.tools import ToolMissing

__all__ = ["FOLDER", "MILDER", "OURS", "judged"]

FOLDER = "GRIDWRIGHT_FOREIGN_PAIRS"
_SAME_SET = "the schema that is added has what the others have: the same values are valid"
MILDER = {
    ("request-parameter-default-value-changed", "request_parameter_default_value_changed"):
        "a client sends no default: what the service takes for it is the document's to say",
    ("request-body-all-of-added", "request_property_all_of"): _SAME_SET,
    ("request-property-all-of-added", "request_property_all_of"): _SAME_SET,
}  # fmt: skip
"""Reasons by the finding, and by what the name of the pair begins with."""
_GONE = "calling code names it, and type-checks no longer"
OURS = {
    "credential-added": "a client cannot be made without the credential",
    "credential-removed": _GONE,
    "automatic-value-added": "a service that wants it refuses an old client",
    "automatic-value-removed": "a service that still wants it refuses a new client",
    "request-multiplicity-changed": "calling code gives one value, or several",
    "request-size-shrunk": "what is longer was sent, and is refused now",
    "request-code-removed": "what was sent is refused now",
    "request-value-narrowed": "what was sent is refused now",
    "required-request-field-removed": "a service that still wants it refuses a new client",
    "request-field-removed": _GONE,
    "reply-field-removed": _GONE,
    "reply-optional-field-removed": _GONE,
    "record-removed": _GONE,
    "reply-list-made-or-unmade": "calling code takes one record, or several",
    "reply-record-swapped": _GONE,
    "format-removed": "the reply is read in another format",
    "body-record-swapped": "calling code gives the record of the body, which is another one",
    "request-media-changed": "of several bodies an import drafts one, which is another one now",
}
"""Why a change is breaking here that oasdiff has for a milder one, by rule."""


def judged(folder: Path, work: Path) -> tuple[Counter[str], list[str]]:
    """Return how the findings of oasdiff came out, and what is wrong."""
    tool = program()
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    needed: set[object] = set()
    for old, new in _pairs(folder):
        found = findings(tool, old, new)
        breaking = [one["id"] for one in found if one["level"] == BREAKING]
        changes = _ours(old, new, work)
        name = f"{old.stem} → {new.stem}"
        if changes is None:
            counts["refused: no operation of the file can be drafted"] += len(breaking)
            continue
        level = max((change.level for change in changes), default=Level.NONE)
        is_left_out = any(change.rule.startswith("left-out-") for change in changes)
        for one in breaking:
            key = next((k for k in MILDER if k[0] == one and old.stem.startswith(k[1])), None)
            if level is Level.BREAKING:
                counts["breaking here, too"] += 1
            elif is_left_out:
                counts["a warning: an import has no word for it"] += 1
            elif key is not None:
                needed.add(key)
                counts["milder, with a reason"] += 1
            else:
                counts["milder"] += 1
                wrong.append(f"{name}: {one}: {level} here")
        if not breaking:
            needed |= set(_alone(changes))
            wrong += [f"{name}: {r}: breaking here alone" for r in _alone(changes) if r not in OURS]
    wrong += [f"a reason that is needed no more: {key}" for key in (MILDER | OURS).keys() - needed]
    return counts, wrong


def _alone(changes: tuple[Change, ...]) -> list[str]:
    return sorted({change.rule for change in changes if change.level is Level.BREAKING})


def _pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each pair in both directions; a base may have variants."""
    for new in sorted(folder.glob("*_revision*")):
        start = f"{new.stem.partition('_revision')[0]}_base"
        for old in sorted(folder.glob(f"{start}*")):
            yield old, new
            yield new, old


def _ours(old: Path, new: Path, work: Path) -> tuple[Change, ...] | None:
    """Return our changes between two files; None where one of them has no operation left."""
    sides = [_imported(path, work) for path in (old, new)]
    if None in sides:
        return None
    first, second = map(str, sides)
    outcome = difference(DiffOptions(old=first, new=second, specs=Path(first)))
    return None if outcome.report is None else outcome.report.changes


@cache
def _imported(path: Path, work: Path) -> Path | None:
    specs = work / path.name.replace(".", "_")
    try:
        found = import_file(path, specs=specs, system="api")
    except ForeignFileError:
        return None
    return specs if found.operations else None


def main() -> int:
    """Print the table; 0 where nothing is wrong, no folder is named, or oasdiff may be missing."""
    folder = foreign_folder(FOLDER)
    if folder is None:
        return 0
    try:
        with TemporaryDirectory() as work:
            counts, wrong = judged(folder, Path(work))
    except ToolMissing as missing:
        return not_run(str(missing))
    print("| breaking findings of oasdiff | number |\n|---|---|")
    for word, number in counts.most_common():
        print(f"| {word} | {number} |")
    print(f"| all | {counts.total()} |\n")
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

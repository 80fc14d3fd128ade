"""Import a version of a file onto an edited one: ``python -m judges.foreign_merges``.

The pairs are those of `foreign_versions`, in both directions. Each operation and each record of the
first import is given another name, as a person would. After the second import each of them whose
place is in the file still must have that name, and the spec must be right.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from gridwright.importing.run import import_file
from gridwright.ir import Interface
from gridwright.pipeline import interface_of
from judges.foreign_versions import FOLDER, pairs_of
from judges.outcome import foreign_folder

__all__ = ["wrong_in"]


def wrong_in(old: Path, new: Path, work: Path) -> tuple[int, int, list[str]]:
    """Return how many names were given and edits kept against the file, and what is wrong."""
    edited = import_file(old, specs=work / "edited", system="api").path
    before = _interface(work / "edited")
    text = edited.read_text("utf-8")
    named: set[str] = set()
    ends = _ends(before)
    for name, end in ends.items():
        longer = re.sub(rf"(?m)^(  {name})(?=:)|(\bof: {name})\b", rf"\g<0>{end}", text)
        if re.search(rf"(?m)^  {name}:", text):  # a record of a body that is one value is not
            text = longer
            named.add(name)
    edited.write_text(text, encoding="utf-8")
    import_file(new, specs=work / "fresh", system="api")
    again = import_file(new, specs=work / "edited", system="api")
    wrong = [f"{problem.code}: {problem.message}" for problem in again.problems]
    places = _places(before).keys() & _places(_interface(work / "fresh")).keys()
    after = set() if wrong else {*_places(_interface(work / "edited")).values()}
    wrong += [
        f"{name} has lost the name that a person gave it"
        for place, name in _places(before).items()
        if not wrong and place in places and name in named and name + ends[name] not in after
    ]
    return len(named), len(again.conflicts), wrong


def _ends(interface: Interface) -> dict[str, str]:
    """Return what a person puts behind each name."""
    ends = {operation.name: "_by_hand" for operation in interface.operations}
    return ends | {record.name: "ByHand" for record in interface.records}


def _interface(specs: Path) -> Interface:
    interface, problems = interface_of(specs, "api")
    if interface is None:
        raise ValueError(f"{specs}: {problems[0].message}")
    return interface


def _places(interface: Interface) -> dict[str, str]:
    """Return names by their places in the file; operations and records have none in common."""
    operations = {one.cite.reason: one.name for one in interface.operations}
    return operations | {one.cite.reason: one.name for one in interface.records}


def main() -> int:
    """Print the table; 0 where nothing is wrong, or where no folder is named."""
    folder = foreign_folder(FOLDER)
    if folder is None:
        return 0
    print("| pair | names given | edits kept against the file | wrong |\n|---|---|---|---|")
    pairs, _ = pairs_of(folder)
    lines = [] if pairs else [f"wrong: no known pair is in {folder}"]
    for name, old, new in pairs:
        with TemporaryDirectory() as work:
            given, kept, wrong = wrong_in(old, new, Path(work))
        print(f"| {name} | {given} | {kept} | {len(wrong)} |")
        lines += [f"wrong: {name}: {line}" for line in wrong]
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Import a foreign file: read it, draft a spec, write it, or merge it into what is there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gridwright.diagnostics import Diagnostic
from gridwright.importing.draft import SpecDraft, draft_spec
from gridwright.importing.edit_text import edited_text
from gridwright.importing.merge import Conflict, Merged, merged
from gridwright.importing.openapi import read_description
from gridwright.importing.own_exports import edited_places, restore_spec
from gridwright.importing.read_file import ForeignFileError, Json, read_foreign
from gridwright.importing.spec_text import spec_text
from gridwright.importing.swagger2 import as_openapi3
from gridwright.importing.unsaid import Left, unsaid_text
from gridwright.new import NewSpecError, check_system_name
from gridwright.pipeline import interface_of
from gridwright.source import read_yaml

__all__ = ["Imported", "import_file"]

_KEPT = "imported.yaml"
_KEPT_HEAD = """\
# The draft as `gridwright import` made it: the next import compares with it. Do not edit.

"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote, what it could not say, and what is still wrong with the draft.

    Attributes:
        is_merged: the system was there, and has now what the newer file says.
        conflicts: where the edits of a person were kept against the newer file.
    """

    path: Path
    operations: int
    left_out: tuple[Left, ...]
    decisions: Mapping[str, tuple[str, ...]]
    problems: tuple[Diagnostic, ...]
    is_merged: bool = False
    conflicts: tuple[Conflict, ...] = ()


def import_file(file: Path, *, specs: Path, system: str) -> Imported:
    """Write ``specs/<system>`` from a Swagger 2 or OpenAPI 3 file.

    A system that was imported before gets what the newer file changes; what a person edited since
    stays.

    Raises:
        ForeignFileError: the file cannot be read, or what was imported before cannot.
        NewSpecError: the name cannot be a package's name, or the folder exists and is of no
            import.
    """
    check_system_name(system)
    folder = specs / system
    kept = folder / _KEPT
    if folder.exists() and not kept.is_file():
        raise NewSpecError(
            f"{folder} exists already, and has no {_KEPT} of an import: choose another name, "
            "and compare the two"
        )
    document = read_foreign(file)
    draft, amendments = _drafted(document, system, file)
    path = folder / "interface.yaml"
    before, found = "", Merged(draft.spec, (), {})
    if kept.is_file():
        before, found = _merged(folder, draft.spec)
        draft = _with_names(draft, found.operations)
    folder.mkdir(parents=True, exist_ok=True)
    text = spec_text(draft.spec)
    path.write_text(before or f"{_head(file.name)}{text}", encoding="utf-8")
    kept.write_text(f"{_KEPT_HEAD}{text}", encoding="utf-8")
    if not before:
        (folder / "amendments.yaml").write_text(
            spec_text({"x": amendments})[3:] if amendments else "[]\n", encoding="utf-8"
        )
    unsaid = unsaid_text(draft.left_out, draft.decisions, file.name)
    (folder / "unsaid.yaml").write_text(unsaid, encoding="utf-8")
    _, problems = interface_of(specs, system)
    drafted = len(draft.spec["operations"])
    return Imported(
        path, drafted, draft.left_out, draft.decisions, problems, bool(before), found.conflicts
    )


def _merged(folder: Path, newer: Json) -> tuple[str, Merged]:
    """Return the text of a spec with what a newer draft changes, and how they came together."""
    text = (folder / "interface.yaml").read_text("utf-8")
    ours, base = _plain(folder / "interface.yaml"), _plain(folder / _KEPT)
    found = merged(base, ours, _texts(newer))
    return edited_text(text, ours, found.spec), found


def _with_names(draft: SpecDraft, operations: Mapping[str, str]) -> SpecDraft:
    """Return a draft whose lists name operations as the spec does."""
    left = tuple(
        replace(one, operation=operations.get(one.operation, one.operation))
        for one in draft.left_out
    )
    decisions = {operations.get(name, name): said for name, said in draft.decisions.items()}
    return replace(draft, left_out=left, decisions=decisions)


def _plain(path: Path) -> Json:
    root, problems = read_yaml(path.read_bytes(), str(path))
    values = None if root is None or problems else root.plain()
    if not isinstance(values, dict):
        raise ForeignFileError(f"{path}: it cannot be read: `gridwright check` says why")
    return values


def _texts(value: Any) -> Any:
    """Return values as a spec has them: every scalar is a text."""
    if isinstance(value, dict):
        return {str(key): _texts(below) for key, below in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list) else str(value)


def _drafted(document: Json, system: str, file: Path) -> tuple[SpecDraft, list[Any]]:
    """Return a draft and its amendments: restored from an export of ours, or made anew."""
    own = restore_spec(document)
    edited = edited_places(document, own) if own else []
    if own and not edited:
        interface, amendments = own
        return SpecDraft({**interface, "system": system}, (), {}), amendments
    description, unsaid = read_description(as_openapi3(document), file.name, file.parent)
    for place in edited:
        pointer, _, change = place.partition(": ")
        unsaid.leave(pointer, f"{change} since the export, so its spec was not restored")
    return draft_spec(description, unsaid, system=system), []


def _head(file: str) -> str:
    return f"# Draft, imported from {file}: names and sources are to be reviewed.\n\n"
